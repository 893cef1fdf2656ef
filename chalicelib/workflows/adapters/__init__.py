"""The ports in the technology of today, one file per technology and role."""
