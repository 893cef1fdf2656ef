"""One structured logger a process (Powertools), made when first used."""

from __future__ import annotations

import logging
import sys
import threading
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger


class _Stdout(logging.StreamHandler[IO[str]]):
    """Writes to whatever ``sys.stdout`` is at that moment, so that a host may collect a function's lines."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> IO[str]:  # type: ignore[override]
        """Return the current standard output."""
        return sys.stdout


_logger: Logger | None = None
# A local server's first requests come at once, and Powertools has a half-made logger for whoever is second.
_making = threading.Lock()


def logger() -> Logger:
    """Return the process's JSON logger; ``core.task`` adds the execution's and request's ids to each line."""
    global _logger
    with _making:
        if _logger is None:
            from aws_lambda_powertools import Logger

            from chalicelib.core.config import optional_setting

            _logger = Logger(
                service=optional_setting("APP_NAME", "signalbox"),
                level=optional_setting("LOG_LEVEL", "INFO"),
                logger_handler=_Stdout(),
                utc=True,
            )
        return _logger
