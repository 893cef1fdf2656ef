"""What happens to an emergency: reporting, notifying, recording, completing, escalating, acknowledging.

`chronicle` keeps the timeline, `viewing` shows it, `ending` takes care of executions that died.
"""
