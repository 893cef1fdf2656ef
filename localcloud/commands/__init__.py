"""The commands of `python -m localcloud`, one a file: each has `add` (its arguments) and `run`."""
