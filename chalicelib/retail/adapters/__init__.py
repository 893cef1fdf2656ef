"""How AWS plays the desk's ports."""
