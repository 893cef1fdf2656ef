"""The console's files, as they lie beside this package."""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from chalicelib.workflows.errors import ConsoleFileNotFoundError

HOME = Path(__file__).resolve().parent.parent / "console"
MEDIA = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_PART = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FILE = re.compile(rf"{_PART.pattern}\.(html|css|js|svg)")


@dataclass(frozen=True, slots=True)
class ConsoleFile:
    """One file, as it is sent."""

    text: str
    media: str
    etag: str
    """Of its content, quoted as HTTP wants it."""


@functools.cache
def console_file(*parts: str) -> ConsoleFile:
    """Return a file by its path below the console, such as ``("pages", "run.js")``.

    Raises:
        ConsoleFileNotFoundError: there is none; a name that could lead elsewhere is none.
    """
    *folders, name = parts
    path = HOME.joinpath(*parts)
    if not (_FILE.fullmatch(name) and all(_PART.fullmatch(one) for one in folders) and path.is_file()):
        raise ConsoleFileNotFoundError("the console has no such file")
    content = path.read_bytes()
    return ConsoleFile(content.decode(), MEDIA[path.suffix], f'"{hashlib.sha256(content).hexdigest()[:20]}"')
