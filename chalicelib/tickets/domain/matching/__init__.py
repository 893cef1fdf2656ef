"""How the right expert is found, pure.

signals.py      what speaks for an expert        eligibility.py  who may be asked now, by which rule not
ranking.py      from signals to probabilities    load.py         work spreads: penalty and weekly share
calibration.py  confidence as a probability      reasoning.py    why, with the past tickets cited
"""
