"""The room's ports on AWS and Slack."""
