"""What is wrong with a template, with its place."""

from __future__ import annotations


class BuildError(Exception):
    """The template cannot be built; the message starts with the file, and the line where one is known."""
