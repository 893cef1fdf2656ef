"""AWS and libraries behind the desk's ports."""
