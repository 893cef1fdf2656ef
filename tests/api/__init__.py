"""The API against its own description: `make check-api`."""
