"""What the desk does, a module for each step.

requests.py    what is asked, checked              beginning.py   clears the last results
generating.py  writes a query that may run         retrieving.py  runs it and keeps the rows
analyzing.py   an opportunity against its history  funding.py     which programmes fit
following.py   what to sell next                   words.py       the model's words, their figures checked
finishing.py   stores and shapes the result        asking.py      the API's and Slack's side
"""
