"""The desk's rules, pure: no I/O, no clock, no environment, the standard library alone.

text.py     a ticket's text, safe to index and to show     markup.py   plain text out of HTML
quotes.py   a mail's own words                             secrets.py  keys, cards and addresses cut
"""
