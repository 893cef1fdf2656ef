"""What the desk does, a module for each of its tasks."""
