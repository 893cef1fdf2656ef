"""Reading a path's text from left to right."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(.)")


class InvalidPathError(ValueError):
    """The text is no JSONPath, or not one that Step Functions takes in this place."""


class Scanner:
    """A position in a text, and the few moves parsing needs."""

    def __init__(self, text: str, position: int = 0) -> None:
        self.text = text
        self.position = position

    @property
    def done(self) -> bool:
        """True at the end of the text."""
        return self.position >= len(self.text)

    @property
    def peek(self) -> str:
        """The next character, "\\0" at the end."""
        return self.text[self.position] if self.position < len(self.text) else "\0"

    @property
    def rest(self) -> str:
        """What is still unread."""
        return self.text[self.position :]

    def take(self, token: str) -> bool:
        """Step over `token` if it comes next."""
        if self.text.startswith(token, self.position):
            self.position += len(token)
            return True
        return False

    def take_after_blanks(self, token: str) -> bool:
        """Step over blanks and `token` if it comes next."""
        self.skip_blanks()
        return self.take(token)

    def expect(self, token: str) -> None:
        """Step over `token`, or raise InvalidPathError."""
        if not self.take(token):
            raise InvalidPathError(f"expected {token!r} at {self.position} in {self.text!r}")

    def skip_blanks(self) -> None:
        """Step over blanks."""
        while self.peek in " \t\n":
            self.position += 1

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Step over what `pattern` matches here."""
        found = pattern.match(self.text, self.position)
        if found is not None:
            self.position = found.end()
        return found

    def quoted(self) -> str:
        """A string in single or double quotes; a backslash takes the next character as it is."""
        quote = self.peek
        if quote not in "'\"":
            raise InvalidPathError(f"expected a quoted name at {self.position} in {self.text!r}")
        end = self.position + 1
        while end < len(self.text) and self.text[end] != quote:
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text):
            raise InvalidPathError(f"a quote is not closed in {self.text!r}")
        raw = self.text[self.position + 1 : end]
        self.position = end + 1
        return _ESCAPE.sub(r"\1", raw)
