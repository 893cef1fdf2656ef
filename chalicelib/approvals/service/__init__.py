"""What the room does, a module for each of its tasks."""
