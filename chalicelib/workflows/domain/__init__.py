"""What can be told from a run's history, and nothing that asks anybody."""
