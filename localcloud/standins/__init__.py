"""What is not AWS, as HTTP servers that speak the real API, so that adapters and SDKs are used unchanged.

carrier.py, dispositions.py   the telephony carrier: calls that end as a seeded model says
slack.py, slack_api.py        Slack: channels, messages and modals; the Web API and response URLs
slack_people.py               people there, who type commands, press buttons and submit modals
"""
