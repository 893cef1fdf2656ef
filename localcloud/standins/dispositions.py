"""How a call ends: drawn from a seed, the number and how often it was called, so that a run can be repeated."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass

_LIKELIHOODS = {
    "answered": 0.474,
    "no_answer": 0.22,
    "voicemail": 0.13,
    "busy": 0.08,
    "failed": 0.03,
    "invalid_number": 0.03,
    "opted_out": 0.03,
    "abandoned": 0.006,
}
"""What an outbound campaign sees, roughly; abandonment stays well under the legal 3 % of live answers."""

_TALKED = ("answered", "opted_out", "abandoned")
_CENTS_A_MINUTE = 2
_OPT_OUT_KEY = "9"


@dataclass(frozen=True, slots=True)
class Ending:
    """How one call ends."""

    disposition: str
    ring_seconds: int
    """Until it is answered, or given up."""
    talk_seconds: int
    """0 when nobody answered."""
    key_presses: tuple[str, ...]

    @property
    def cost_cents(self) -> int:
        """Whole minutes begun, and nothing for what was not answered."""
        return -(-self.talk_seconds // 60) * _CENTS_A_MINUTE


class DispositionModel:
    """Draws endings."""

    def __init__(self, seed: int = 1, likelihoods: dict[str, float] | None = None) -> None:
        self._seed = seed
        self._likelihoods = likelihoods or _LIKELIHOODS

    def ending(self, to: str, attempt: int) -> Ending:
        """Return how call number ``attempt`` (from 1) to ``to`` ends; the same arguments, the same ending."""
        text = f"{self._seed} {to} {attempt}"
        draw = random.Random(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))
        names, weights = zip(*self._likelihoods.items(), strict=True)
        disposition = draw.choices(names, weights)[0]
        ring = draw.randint(2, 8) if disposition in _TALKED else draw.randint(3, 25)
        talk = 0
        if disposition == "answered":
            talk = draw.randint(15, 150)
        elif disposition in ("opted_out", "voicemail"):
            talk = draw.randint(5, 25)
        elif disposition == "abandoned":
            talk = 2
        keys = (_OPT_OUT_KEY,) if disposition == "opted_out" else ()
        if disposition == "answered" and draw.random() < 0.4:
            keys = (str(draw.randint(1, 3)),)
        return Ending(disposition, 1 if disposition == "invalid_number" else ring, talk, keys)
