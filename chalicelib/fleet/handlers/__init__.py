"""The room's doors with a Lambda of their own."""
