"""The room's way to AWS and Slack."""
