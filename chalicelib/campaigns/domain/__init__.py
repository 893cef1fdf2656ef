"""The desk's rules, pure: no I/O, no clock, no environment, the standard library alone.

campaign.py    what a campaign is, its states            windows.py     when a number may be called
contact.py     what a contact is, its states             holds.py       why a contact waits, and until when
validation.py  what is wrong with a campaign             retries.py     what follows a disposition
ivr.py         the graph a call walks through            pacing.py      wave sizes, waits, rates, abandonment
priority.py    who is called first, and why              figures.py     counters, and what a report says of them
"""
