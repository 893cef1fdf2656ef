"""What the desk needs of the world, in its own words."""
