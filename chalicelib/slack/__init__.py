"""Slack: what people type and press there, and what is said to them.

Doors    ``POST /slack/commands``, ``POST /slack/interactions`` (verified, kept, handed on within three seconds);
         function ``slack-bot`` (does the work; says what state machines ask to say)
Table    ``slack``: orders by what was sent, people by their Slack id
Secret   ``signalbox/<stage>/slack``: bot_token, signing_secret

Rooms own their words: a room's ``slack.py`` builds its messages and answers its commands and buttons. This room
finds that module by the room's name and owns the way there and back:

    receiving   signature, replays and retries, the order written down, slack-bot invoked
    working     the order claimed, the person's role, the room's handler, the answer to response_url
    posting     a state machine's message
"""
