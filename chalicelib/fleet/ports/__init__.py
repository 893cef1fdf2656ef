"""What the services need of the world, in the room's own words; a module for each machine."""
