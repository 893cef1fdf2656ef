"""The room's rules: the standard library only."""
