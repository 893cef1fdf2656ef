"""What validation finds: a problem, its place in the definition, and the list they are gathered in."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["ERROR", "WARNING"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a definition; AWS calls it a diagnostic."""

    severity: Severity
    """ERROR: AWS refuses the definition. WARNING: it runs, but probably not as meant."""
    code: str
    """AWS's code, e.g. "MISSING_TRANSITION_TARGET", or one of our own for the production rules."""
    message: str
    location: str
    """Where, as AWS writes it: "/States/Check/Choices[0]/Next". Empty for the definition as a whole."""
    spot: str = ""
    """The exact place, where AWS names only the object around it: a field that does not belong there."""

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" + (f" at {self.location}" if self.location else "")

    @property
    def place(self) -> str:
        """The most exact place there is."""
        return self.spot or self.location


def child(place: str, *keys: str | int) -> str:
    """The place below `place`: child("/States", "A/B", "Choices", 0) -> "/States/A~1B/Choices[0]"."""
    return place + "".join(
        f"[{key}]" if isinstance(key, int) else "/" + key.replace("~", "~0").replace("/", "~1") for key in keys
    )


class Findings:
    """Collects problems of one definition, and knows how strictly to read it."""

    def __init__(self, *, placeholders: bool = False, express: bool = False) -> None:
        self.problems: list[Problem] = []
        self.placeholders = placeholders
        """Unresolved ${Placeholder}s are tolerated wherever a value may stand."""
        self.express = express
        """The definition is for an Express workflow, which has fewer integration patterns."""

    def error(self, code: str, message: str, place: str, spot: str = "") -> None:
        """Note a reason to refuse the definition; see `Problem` for `spot`."""
        self.problems.append(Problem("ERROR", code, message, place, spot))

    def schema(self, message: str, place: str, spot: str = "") -> None:
        """Note a wrong, missing or unknown field: AWS's SCHEMA_VALIDATION_FAILED."""
        self.error("SCHEMA_VALIDATION_FAILED", message, place, spot)

    def warning(self, code: str, message: str, place: str) -> None:
        """Note something that runs, but probably not as meant."""
        self.problems.append(Problem("WARNING", code, message, place))

    @contextlib.contextmanager
    def too_deep(self) -> Iterator[None]:
        """Turn running out of stack into a problem: nobody writes a definition like that on purpose."""
        try:
            yield
        except RecursionError:
            self.error("TOO_DEEPLY_NESTED", "The definition is too deeply nested", "")

    def is_open(self, value: Any) -> bool:
        """True for a text whose value is not known yet: it holds a ${Placeholder} and those are tolerated."""
        return self.placeholders and isinstance(value, str) and "${" in value
