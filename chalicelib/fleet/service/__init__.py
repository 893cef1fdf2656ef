"""What the room does, a folder for each machine."""
