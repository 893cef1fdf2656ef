"""The desk's rules: pure, no I/O, no clock, the standard library alone."""
