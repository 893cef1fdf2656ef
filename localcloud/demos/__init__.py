"""One demonstration a room: sample data in, its workflow started, and what should come of it.

campaigns.py    a campaign of 500 generated contacts
contracts.py    fleet contracts: approved by rule and by a manager, rejected, declined, refunded
demo.py         the port `Demo` and what a demonstration works with
"""

from __future__ import annotations

import importlib
import pkgutil

from localcloud.demos.demo import Bench, Demo, Verdict
from localcloud.errors import UsageError

__all__ = ["Bench", "Demo", "Verdict", "all_demos", "chosen_demos"]


def all_demos() -> list[Demo]:
    """Return the demonstrations of every module of this package, by the module's name."""
    found: list[Demo] = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        members = vars(importlib.import_module(f"{__name__}.{module.name}")).values()
        kinds = [one for one in members if isinstance(one, type) and issubclass(one, Demo) and one is not Demo]
        found += [kind() for kind in kinds]
    return found


def chosen_demos(words: str) -> list[Demo]:
    """Return the demonstrations whose title has ``words`` in it, all without words.

    Raises:
        UsageError: there is none; the message names those there are.
    """
    every = all_demos()
    chosen = [demo for demo in every if words.casefold() in demo.title.casefold()]
    if not chosen:
        raise UsageError(
            f"no demonstration has {words!r} in it; there are: {'; '.join(one.title for one in every)}"
        )
    return chosen
