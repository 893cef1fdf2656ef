"""A support desk's past, made up: three experts and what each has solved."""

from __future__ import annotations

from typing import Any

EXPERTS: dict[str, dict[str, Any]] = {
    "cre001": {"name": "Ada Ruiz", "slackId": "U0PERSON", "zone": "Europe/Madrid", "capacity": 50},
    "cre002": {"name": "Ben Okoro", "slackId": "U0MANAGER", "zone": "Africa/Lagos", "capacity": 50},
    "cre003": {"name": "Cleo Lindqvist", "zone": "Europe/Stockholm", "capacity": 50},
}
"""cre_id -> profile as the API takes it; without hours, so that a demonstration finds them at any time."""

_SOLVED = {
    "cre001": (
        "postgres replica lags behind the primary",
        "postgres vacuum of a large table blocks the replica",
        "postgres replication slot fills the disk of the primary",
        "replica is minutes behind after a vacuum",
        "postgres connection pool is exhausted",
        "slow query after the postgres upgrade, index is not used",
        "autovacuum never ends on the large table",
        "replica lags when the primary writes in bulk",
    ),
    "cre002": (
        "kubernetes pods restart in a loop after the node upgrade",
        "ingress controller pods restart in a loop",
        "pods stay pending, the kubernetes scheduler finds no node",
        "deployment is stuck because pods stay pending",
        "kubernetes node is not ready after the upgrade",
        "ingress returns 502 while pods restart",
        "the scheduler leaves pods pending since the node upgrade",
        "helm upgrade leaves the deployment stuck",
    ),
    "cre003": (
        "invoice shows the wrong tax rate",
        "tax rate for Portugal is wrong on the invoice",
        "invoice of last month was rendered twice",
        "credit note has no tax number",
        "customer was charged twice for one invoice",
        "invoice is not rendered for a customer without address",
        "refund does not appear on the invoice",
        "currency of the invoice is wrong",
    ),
}


def solved_tickets() -> list[dict[str, Any]]:
    """Return the desk's solved tickets as the ticket system sends them, the oldest first."""
    tickets = []
    for turn in range(8):
        for number, (cre_id, subjects) in enumerate(_SOLVED.items(), start=1):
            day = f"2026-01-{3 * turn + number:02d}"
            tickets.append(
                {
                    "id": str(6000 + 10 * turn + number),
                    "subject": subjects[turn].capitalize(),
                    "description": f"Since this morning: {subjects[turn]}.",
                    "status": "solved",
                    "solver": cre_id,
                    "created_at": f"{day}T09:00:00Z",
                    "solved_at": f"{day}T15:00:00Z",
                }
            )
    return tickets
