"""The architecture, tested like behaviour."""
