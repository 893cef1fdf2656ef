"""The desk's rules, pure: no I/O, no clock, no environment, the standard library alone.

campaign.py    what a campaign is, its states            windows.py     when a number may be called
contact.py     what a contact is, its states             calendars.py   public holidays, as rules
validation.py  what is wrong with a campaign             holds.py       why a contact waits, and until when
ivr.py         the graph a call walks through            retries.py     what follows a disposition
priority.py    who is called first, and why              pacing.py      wave sizes, waits, rates, abandonment
figures.py     counters, and what a report says of them  lines.py       where contacts wait, by counters alone
"""
