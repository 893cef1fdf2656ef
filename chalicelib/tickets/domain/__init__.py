"""The desk's rules, pure: no I/O, no clock, no environment, the standard library alone.

ticket.py   a ticket as it arrives                         sme.py      an expert: hours, leave, load
text.py     a ticket's text, safe to index and to show     markup.py   plain text out of HTML
quotes.py   a mail's own words                             secrets.py  keys, cards and addresses cut
matching/   how the right expert is found
"""
