"""One structured logger a process (Powertools), made when first used."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger


@functools.cache
def logger() -> Logger:
    """Return the process's JSON logger; ``core.task`` adds the execution's and request's ids to each line."""
    from aws_lambda_powertools import Logger

    from chalicelib.core.config import optional_setting

    return Logger(
        service=optional_setting("APP_NAME", "signalbox"),
        level=optional_setting("LOG_LEVEL", "INFO"),
        utc=True,
    )
