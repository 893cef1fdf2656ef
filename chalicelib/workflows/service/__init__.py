"""The room's use cases: executions as they are, and what is told from their histories."""
