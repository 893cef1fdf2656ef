"""Which adapter plays which part, by configuration: one module a machine."""
