"""Which adapter plays which part, by configuration; a module for each machine."""
