"""What the desk does: one package a machine."""
