"""The data files that ship with the desk, read when they are first needed."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from chalicelib.opportunities.domain.catalogue import Catalogue, catalogue_of
from chalicelib.opportunities.domain.funding import Programme, programmes_of

_FOLDER = Path(__file__).resolve().parents[1] / "data"


@functools.cache
def catalogue() -> Catalogue:
    """Return ``data/catalogue.json``."""
    return catalogue_of(_read("catalogue.json"))


@functools.cache
def funding_programmes() -> tuple[Programme, ...]:
    """Return ``data/funding_programmes.json``."""
    return programmes_of(_read("funding_programmes.json"))


def _read(name: str) -> Any:
    return json.loads((_FOLDER / name).read_text(encoding="utf-8"))
