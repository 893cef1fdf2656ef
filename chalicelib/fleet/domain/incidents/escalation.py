"""Who is told, and when, until somebody acknowledges: stages as data, laid out as steps of one loop.

    [{"who": "duty operator", "channel": "slack", "afterSeconds": 0},
     {"who": "duty operator", "channel": "operations", "afterSeconds": 60, "repeat": 2}]

is: Slack at once; the operations topic after a minute, and again after another; a minute later nobody has
answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.core.errors import InvalidInputError, Problem

CHANNELS = ("slack", "operations", "owner", "authorities")
LONGEST_SECONDS = 86_400
MOST_STEPS = 50
"""A step costs three transitions; a plan that repeats for ever is a mistake."""
_LEAST_WAIT_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of the plan."""

    who: str
    """As the message names them."""
    channel: str
    """One of `CHANNELS`."""
    after_seconds: int
    """How long to wait for an acknowledgement before this stage tells anybody, and before each repetition."""
    repeat: int = 1
    """How often it tells."""


DEFAULT_STAGES = (
    Stage("duty operator", "slack", 0),
    Stage("duty operator", "operations", 60, 2),
    Stage("fleet manager", "slack", 120),
    Stage("fleet manager", "operations", 300, 2),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One turn of the loop: tell, then wait."""

    who: str
    channel: str | None
    """None: nobody is told yet."""
    wait_seconds: int


def read_stages(data: Any) -> tuple[Stage, ...]:
    """Return the stages in parsed JSON.

    Raises:
        InvalidInputError: with every problem found.
    """
    if not isinstance(data, list):
        raise InvalidInputError([Problem("", "not_a_list", f"is a {type(data).__name__}, not a list of stages")])
    problems: list[Problem] = []
    stages = [_stage(one, f"[{index}]", problems) for index, one in enumerate(data)]
    if sum(stage.repeat for stage in stages) > MOST_STEPS:
        problems.append(Problem("", "too_many", f"tells more than {MOST_STEPS} times"))
    if problems:
        raise InvalidInputError(problems)
    return tuple(stages)


def steps(stages: Sequence[Stage]) -> list[Step]:
    """Return the turns of the loop: each stage, each repetition, with the wait that follows.

    >>> [step.wait_seconds for step in steps([Stage("a", "slack", 0), Stage("b", "operations", 60, 2)])]
    [60, 60, 60]
    """
    told = [stage for stage in stages for _ in range(stage.repeat)]
    if not told:
        return []
    silent = [Step("", None, told[0].after_seconds)] if told[0].after_seconds else []
    waits = [*(stage.after_seconds for stage in told[1:]), told[-1].after_seconds]
    return silent + [
        Step(stage.who, stage.channel, max(wait, _LEAST_WAIT_SECONDS))
        for stage, wait in zip(told, waits, strict=True)
    ]


def as_state(stages: Sequence[Stage]) -> dict[str, Any]:
    """Return what the machine's loop carries; ``waits`` ends in 0, where nobody is left to tell."""
    turns = steps(stages)
    waits = [turn.wait_seconds for turn in turns]
    return {
        "due": bool(turns),
        "step": 0,
        "waitSeconds": waits[0] if waits else 0,
        "waits": [*waits, 0],
        "steps": [{"who": turn.who, "channel": turn.channel} for turn in turns],
    }


def _stage(data: Any, place: str, problems: list[Problem]) -> Stage:
    if not isinstance(data, dict):
        problems.append(Problem(place, "not_an_object", f"is a {type(data).__name__}, not an object"))
        return Stage("", "slack", 0)
    for name in data.keys() - {"who", "channel", "afterSeconds", "repeat"}:
        problems.append(Problem(f"{place}.{name}", "unknown_field", "is no field of a stage"))
    who, channel = data.get("who"), data.get("channel")
    if not isinstance(who, str) or not who.strip():
        problems.append(Problem(f"{place}.who", "required", "needs a text: who is told"))
    if channel not in CHANNELS:
        problems.append(Problem(f"{place}.channel", "invalid", f"is {channel!r}, none of {', '.join(CHANNELS)}"))
    after = _whole(data.get("afterSeconds"), f"{place}.afterSeconds", 0, LONGEST_SECONDS, problems)
    repeat = _whole(data.get("repeat", 1), f"{place}.repeat", 1, MOST_STEPS, problems)
    return Stage(str(who), str(channel), after, repeat)


def _whole(given: Any, place: str, least: int, most: int, problems: list[Problem]) -> int:
    if isinstance(given, int) and not isinstance(given, bool) and least <= given <= most:
        return given
    problems.append(Problem(place, "out_of_range", f"is {given!r}, no whole number from {least} to {most}"))
    return least
