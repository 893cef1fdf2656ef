"""Two weeks of a campaign with a million contacts, on the virtual clock.

    python -m benchmarks.campaign_simulation [CONTACTS ...]      1000000 when none is given

The definition, the services and the rules are the real ones; stores, queue and carrier are in memory. Contacts are
spread over the zones of the United States, a few are suppressed, calls end by a seeded table. Exit status 1 when a
bar is missed: under 2,000 state transitions in all, no execution over 20,000 events, under 10 minutes of one core,
and every contact in one final state.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from itertools import accumulate
from random import Random

from chalicelib.campaigns.domain import figures, lines
from chalicelib.campaigns.domain.campaign import CallingWindow, Campaign
from chalicelib.campaigns.domain.contact import Contact, Disposition
from chalicelib.campaigns.ports.calls import Call
from tests.fakes.campaigns.samples import WORKDAYS, campaign, contact
from tests.fakes.campaigns.simulation import CampaignSimulation
from tests.fakes.machine import path

MOST_TRANSITIONS = 2_000
MOST_EVENTS = 20_000
MOST_SECONDS = 600.0

START = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
END = START + timedelta(days=14)
ZONES = {
    ("America/New_York",): 44,
    ("America/Chicago",): 28,
    ("America/Los_Angeles",): 16,
    ("America/Denver",): 6,
    ("America/Phoenix",): 2,
    ("America/Chicago", "America/New_York"): 2,
    ("Pacific/Honolulu",): 1,
    ("America/Anchorage",): 1,
}
DISPOSITIONS = {
    Disposition.NO_ANSWER: (45, 25.0),
    Disposition.ANSWERED: (28, 60.0),
    Disposition.VOICEMAIL: (17, 35.0),
    Disposition.BUSY: (6, 5.0),
    Disposition.INVALID_NUMBER: (2, 3.0),
    Disposition.OPTED_OUT: (1, 20.0),
    Disposition.FAILED: (1, 2.0),
}
SUPPRESSED_SHARE = 0.01


def main(sizes: list[int]) -> int:
    """Simulate each size and return the exit status."""
    return 0 if all(simulate(size) for size in sizes) else 1


def simulate(contacts: int) -> bool:
    """Run one campaign to its end, print its figures and return whether every bar was met."""
    random = Random(20260601)
    gc.disable()  # a million live contacts make every full collection slow, and there are no cycles to speak of
    began, began_cpu = time.perf_counter(), time.process_time()
    simulation = CampaignSimulation(START, disposition_of=_dispositions(random))
    zones = random.choices(list(ZONES), weights=list(ZONES.values()), k=contacts)
    simulation.add(_campaign(contacts), (_contact(n, zones[n], random) for n in range(contacts)))
    simulation.people.everywhere |= {
        contact(n).phone for n in range(contacts) if random.random() < SUPPRESSED_SHARE
    }
    simulation.start()
    simulation.timeline.run_until_idle()
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - began_cpu
    runs = simulation.runs()
    counts = simulation.campaigns.counters("spring")
    settled = lines.settled_counts(simulation.campaigns.get("spring"), counts)
    transitions, events = sum(simulation.transitions.values()), max(len(run.history.events) for run in runs)
    days = (simulation.timeline.now() - START.timestamp()) / 86_400
    found = figures.figures(settled)
    bars = {
        f"{transitions} transitions in {len(runs)} executions": transitions < MOST_TRANSITIONS,
        f"{events} events in the longest": events <= MOST_EVENTS,
        f"{cpu_seconds:.0f} s of one core": cpu_seconds < MOST_SECONDS,
        "sums agree": not found.mismatches and figures.completed_contacts(settled) == contacts,
        "completed": path(runs[-1])[-1] == "CampaignCompleted",
    }
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{contacts:>9,} contacts  {days:.1f} days  {found.calls:,} calls  {found.statuses}")
    print(f"          {', '.join(bars)}, {seconds:.0f} s by the clock, {memory:,.0f} MiB at most")
    missed = [bar for bar, met in bars.items() if not met]
    print(f"          MISSED: {missed}" if missed else "          every bar met")
    return not missed


def _campaign(contacts: int) -> Campaign:
    """Return a campaign that dials for most of its two weeks, whatever its size."""
    hours = CallingWindow(WORKDAYS, wall_time(9), wall_time(20))
    rate = max(0.05, contacts / 1_000_000 * 6.0)
    return campaign(windows=(hours,), end_at=END, calls_per_second=rate, max_concurrent_calls=1000)


def _contact(number: int, zones: tuple[str, ...], random: Random) -> Contact:
    return contact(number, zones=zones, priority=round(random.betavariate(2, 6), 4))


def _dispositions(random: Random) -> Callable[[Call], tuple[Disposition, float]]:
    kinds = list(DISPOSITIONS)
    bounds = list(accumulate(weight for weight, _ in DISPOSITIONS.values()))

    def disposition_of(call: Call) -> tuple[Disposition, float]:
        (kind,) = random.choices(kinds, cum_weights=bounds)
        return kind, DISPOSITIONS[kind][1]

    return disposition_of


if __name__ == "__main__":
    sys.exit(main([int(argument) for argument in sys.argv[1:]] or [1_000_000]))
