"""The rules of emergencies.

report.py       what a device or a person sent, made fit to run on and never refused
texts.py        what strangers sent, in a form that nothing refuses
escalation.py   who is told when nobody answers, as data
timeline.py     what happened, hash-chained
words.py        what people read
"""
