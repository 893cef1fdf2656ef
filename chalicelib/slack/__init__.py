"""Slack: what people type and press there, and what is said to them.

Doors    task ``slack-bot`` (posts a room's message)
Secret   ``signalbox/<stage>/slack``: bot_token, signing_secret

Rooms own their words: a room's ``slack.py`` builds its messages and answers its commands and buttons. This room
finds that module by the room's name and owns the way there and back.
"""
