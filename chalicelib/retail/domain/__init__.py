"""The desk's rules, pure: rows, facts, and what follows from them."""
