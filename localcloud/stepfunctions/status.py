"""How far a run, a branch or an item has come; AWS's words."""

RUNNING = "RUNNING"
SUCCEEDED = "SUCCEEDED"
FAILED = "FAILED"
ABORTED = "ABORTED"
TIMED_OUT = "TIMED_OUT"

STANDARD = "STANDARD"
EXPRESS = "EXPRESS"
"""The two types of state machines."""
