"""The room's rules, pure: no I/O, no clock, no environment, the standard library alone.

approval.py    what an approval is, its states         moments.py     when it reminds, escalates, expires
moves.py       every change of it, as a function       policy.py      who is asked: kinds, amounts, levels
verdicts.py    may this person decide this, now        delegations.py who stands in for whom, who is away
"""
