"""The world as it is: AWS, HTTP, Slack."""
