"""After an acknowledgement not one more notification, whenever it comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.fleet.domain.incidents.escalation import CHANNELS, Stage
from chalicelib.fleet.domain.incidents.words import Words
from tests.fakes.fleet.incident_simulation import ENDS, NIGHT, IncidentSimulation, panic
from tests.fakes.fleet.incident_world import FakeChannels
from tests.fakes.machine import path

SECONDS = st.one_of(
    st.floats(0, 700, allow_nan=False),
    st.sampled_from([0.0, 1.0, 59.999, 60.0, 60.001, 119.0, 120.0, 180.0, 240.0]),
)
STAGES = st.lists(
    st.builds(
        Stage, st.just("somebody"), st.sampled_from(CHANNELS), st.sampled_from([0, 1, 30, 60, 61, 120]),
        st.integers(1, 3),
    ),
    min_size=1, max_size=4,
)  # fmt: skip
SLOW = st.sampled_from([0.0, 0.2, 1.0, 5.0, 9.0, 12.0])
"""Seconds a task takes; 10 and more time out."""


@settings(max_examples=300, deadline=None)
@given(seconds=st.lists(SECONDS, min_size=1, max_size=3), stages=STAGES, slow=SLOW, again=st.booleans())
def test_nobody_is_told_after_it(seconds: list[float], stages: list[Stage], slow: float, again: bool) -> None:
    simulation = IncidentSimulation(stages=stages)
    for state in ("NotifyOwner", "AwaitAcknowledgement"):
        if slow:
            simulation.faults.on(state=state, attempt=0).takes(slow)
    if again:
        simulation.faults.on(state="NotifyAuthorities", attempt=0).raises("Boom")
    for number, after in enumerate(seconds):
        simulation.acknowledge_at(after, f"person {number}")
    execution = simulation.report(panic())
    simulation.timeline.run_until_idle()

    assert path(execution)[-1] in ENDS
    (incident,) = simulation.store.incidents.values()
    told = simulation.told()
    assert len(told) == len(set(told))
    if incident.acknowledgement is None:  # it came before there was anything to acknowledge
        return
    first = min(after for after in seconds if incident.acknowledgement.at >= _text(after))
    assert incident.acknowledgement.at == _text(first)
    late = [one.id for one in simulation.channels.sent if one.at > NIGHT + timedelta(seconds=first)]
    assert late == []


def test_what_is_handed_over_at_the_same_moment_is_named() -> None:
    simulation = IncidentSimulation()
    answers = []

    class AcknowledgedMeanwhile(FakeChannels):
        """Somebody acknowledges between the claim and the channel's answer."""

        def send(self, channel: str, words: Words, attributes: Mapping[str, str]) -> str:
            if channel == "slack":
                answers.append(simulation.acknowledge())
            return super().send(channel, words, attributes)

    meanwhile = AcknowledgedMeanwhile(simulation.clock)
    simulation.channels = meanwhile
    simulation.notify_ports = type(simulation.notify_ports)(simulation.store, meanwhile)
    execution = simulation.report(panic())
    simulation.timeline.run_until_idle()
    (answer,) = answers
    assert answer is not None
    assert answer.on_their_way == ("escalation-0",)
    assert path(execution)[-1] == "IncidentClosed"
    assert simulation.told()[-1] == "escalation-0"


def _text(after: float) -> str:
    return (NIGHT + timedelta(seconds=after)).isoformat(timespec="milliseconds")
