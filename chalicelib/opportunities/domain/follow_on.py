"""What to sell next to a customer: what others bought next, counted, never guessed.

"Next" is the purchase a customer makes after one, of another product and within a year. For a product bought, the
lift of another is how much more often it came next than it comes next after anything. Support is
in how many cases it did. A lift is told only when it is clearly above 1.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.opportunities.domain.claims import MOST_ROWS_CITED, Claim, percent
from chalicelib.opportunities.domain.history import Deal

LEAST_SUPPORT = 5
_WITHIN_DAYS = 365
_CLEARLY = 2.0
"""Standard errors of the logarithm of a lift."""
MOST = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One purchase and the customer's next."""

    before: Deal
    after: Deal


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One product to sell next."""

    product: str
    after: str
    support: int
    """How often it came next after ``after``."""
    cases: int
    """How often anything came next after ``after``."""
    lift: float
    among: str
    """Whose purchases were counted."""
    steps: tuple[Step, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the suggestion as it travels in JSON."""
        return {
            "product": self.product,
            "after": self.after,
            "support": self.support,
            "cases": self.cases,
            "confidence": self.support / self.cases,
            "lift": self.lift,
            "among": self.among,
        }


def steps_of(history: Sequence[Deal]) -> list[Step]:
    """Return every purchase with the one that came next, where that was of another product."""
    bought: dict[str, list[Deal]] = defaultdict(list)
    for deal in history:
        if deal.won and deal.closed is not None and deal.account and deal.product:
            bought[deal.account].append(deal)
    found = []
    for deals in bought.values():
        deals.sort(key=lambda deal: (deal.closed, deal.id))
        for before, after in itertools.pairwise(deals):
            assert before.closed is not None
            assert after.closed is not None
            if after.product != before.product and (after.closed - before.closed).days <= _WITHIN_DAYS:
                found.append(Step(before, after))
    return found


def suggestions(product: str, sector: str, history: Sequence[Deal]) -> list[Suggestion]:
    """Return what customers bought next after a product, the clearest first."""
    steps = steps_of(history)
    of_sector = [step for step in steps if sector and step.before.sector == sector]
    found = _clear(product, of_sector, "customers of the same sector")
    known = {one.product for one in found}
    found += [one for one in _clear(product, steps, "all customers") if one.product not in known]
    return sorted(found, key=lambda one: (-one.lift * math.log1p(one.support), one.product))[:MOST]


def follow_on_claims(product: str, found: Sequence[Suggestion], history: Sequence[Deal]) -> list[Claim]:
    """Say what to sell next, or that nothing stands out."""
    if not product:
        return [Claim("gap", "No product is known that others could follow: the customer has bought none so far.")]
    if not found:
        rows = [step.before.id for step in steps_of(history) if step.before.product == product]
        text = "After this product no other is bought clearly more often than after any."
        return [Claim("follow_on", text, {"cases": len(rows)}, tuple(rows[:MOST_ROWS_CITED]), len(rows))]
    return [
        Claim(
            "follow_on",
            f"{one.product} came next in {one.support} of {one.cases} cases "
            f"({percent(one.support / one.cases)}) among {one.among}, {one.lift:.1f} times as often as after "
            "any purchase.",
            {k: v for k, v in one.as_dict().items() if isinstance(v, int | float)},
            tuple(step.after.id for step in one.steps[:MOST_ROWS_CITED]),
            one.support,
        )
        for one in found
    ]


def _clear(product: str, steps: Sequence[Step], among: str) -> list[Suggestion]:
    """Return the products whose lift after ``product`` is clearly above 1."""
    nexts = Counter(step.after.product for step in steps)
    # What can come next after a product is anything but itself.
    total = sum(count for name, count in nexts.items() if name != product)
    after = [step for step in steps if step.before.product == product]
    found = []
    for name, support in Counter(step.after.product for step in after).items():
        if support < LEAST_SUPPORT:
            continue
        expected, seen = nexts[name] / total, support / len(after)
        lift = seen / expected
        error = math.sqrt(max(0.0, 1 / support - 1 / len(after)) + max(0.0, 1 / nexts[name] - 1 / total))
        if math.log(lift) > _CLEARLY * error:
            chosen = tuple(step for step in after[::-1] if step.after.product == name)
            found.append(Suggestion(name, product, support, len(after), lift, among, chosen))
    return found
