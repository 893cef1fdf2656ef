"""What the desk needs of the world, in its own words. Adapters implement these, fakes subclass them.

calls.py   the carrier and the dial queue        files.py  audio, uploads, reports, models
stores.py  campaigns, contacts, persons          world.py  numbers, schedules, executions
"""
