"""The room's REST routes, and the console's files."""
