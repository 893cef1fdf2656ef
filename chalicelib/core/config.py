"""Settings, read from the environment when they are needed and never at import."""

from __future__ import annotations

import os

from chalicelib.core.errors import ConfigurationError


def setting(name: str) -> str:
    """Return the environment's value of ``name``.

    Raises:
        ConfigurationError: it is missing or empty; the message names it.
    """
    value = os.environ.get(name, "")
    if not value:
        raise ConfigurationError(f"environment variable {name} is not set")
    return value


def optional_setting(name: str, default: str = "") -> str:
    """Return the environment's value of ``name``, or ``default`` when it is missing or empty."""
    return os.environ.get(name) or default


def whole_number(name: str, default: int, *, at_least: int = 0) -> int:
    """Return the environment's value of ``name`` as an int, or ``default`` when it is missing.

    Raises:
        ConfigurationError: it is no whole number, or below ``at_least``.
    """
    text = optional_setting(name)
    if not text:
        return default
    try:
        number = int(text)
    except ValueError:
        raise ConfigurationError(f"environment variable {name} is {text!r}, not a whole number") from None
    if number < at_least:
        raise ConfigurationError(f"environment variable {name} is {number}, below {at_least}")
    return number
