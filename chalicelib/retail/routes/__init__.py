"""The room's REST routes."""
