"""The carrier and Slack, spoken to over HTTP as the application speaks to them."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import Clock, SignatureVerifier

from localcloud.demos.http_calls import ApiCallError, call, call_json
from localcloud.standins.carrier import Carrier, serve_carrier
from localcloud.standins.dispositions import DispositionModel
from localcloud.standins.slack import SIGNING_SECRET, Workspace
from localcloud.standins.slack_api import serve_slack
from localcloud.standins.slack_people import Person
from localcloud.stepfunctions import VirtualTimeline
from localcloud.web_server import QuietHandler, serve

ALICE, SIGNALBOX = "+12125550142", "+12125550100"


class CarrierBench:
    """A carrier on a virtual clock, what it published, and its address."""

    def __init__(self, **options: Any) -> None:
        self.timeline = VirtualTimeline(0.0)
        self.published: list[dict[str, Any]] = []
        self.carrier = Carrier(self.timeline, lambda _s, _t, detail: self.published.append(detail), **options)
        self.serving = serve_carrier(self.carrier)

    def place(self, key: str, to: str = ALICE) -> dict[str, Any]:
        body = {"idempotencyKey": key, "to": to, "from": SIGNALBOX, "audioUrl": None, "attributes": {"c": "1"}}
        return call_json("POST", f"{self.serving.url}/calls", body)  # type: ignore[no-any-return]


@pytest.fixture
def bench() -> Iterator[CarrierBench]:
    made = CarrierBench()
    yield made
    made.serving.stop()


def test_a_call_ends_after_a_while_with_an_event(bench: CarrierBench) -> None:
    placed = bench.place("k1")
    assert placed["status"] == "queued"
    assert bench.published == []
    bench.timeline.run_until_idle()
    (detail,) = bench.published
    assert detail["callId"] == placed["callId"]
    assert (detail["to"], detail["attributes"]) == (ALICE, {"c": "1"})
    assert 0 < bench.timeline.now() < 300
    assert call_json("GET", f"{bench.serving.url}/calls/{placed['callId']}")["status"] == "ended"


def test_the_same_key_is_the_same_call(bench: CarrierBench) -> None:
    assert bench.place("k1")["callId"] == bench.place("k1")["callId"]
    bench.timeline.run_until_idle()
    assert bench.place("k1")["status"] == "ended"
    assert len(bench.carrier.calls) == len(bench.published) == 1


def test_over_its_rate_the_carrier_places_nothing() -> None:
    bench = CarrierBench(calls_a_second=2)
    bench.place("1")
    bench.place("2")
    with pytest.raises(ApiCallError, match="429"):
        bench.place("3")
    assert len(bench.carrier.calls) == 2
    bench.timeline.skip(1)
    bench.place("3")
    bench.serving.stop()


def test_a_malformed_request_names_every_problem(bench: CarrierBench) -> None:
    with pytest.raises(ApiCallError, match="422") as refused:
        call_json("POST", f"{bench.serving.url}/calls", {"to": "12", "from": SIGNALBOX})
    assert "idempotencyKey" in str(refused.value)
    assert "to: a number in E.164 form" in str(refused.value)
    with pytest.raises(ApiCallError, match="400"):
        call("POST", f"{bench.serving.url}/calls", b"{")


def test_an_event_may_come_twice() -> None:
    bench = CarrierBench(deliveries=2)
    bench.place("k")
    bench.timeline.run_until_idle()
    assert len(bench.published) == 2
    bench.serving.stop()


def test_endings_repeat_with_the_seed_and_follow_the_likelihoods() -> None:
    numbers = [f"+1212555{n:04d}" for n in range(4000)]
    drawn = [DispositionModel(7).ending(number, 1) for number in numbers]
    assert drawn == [DispositionModel(7).ending(number, 1) for number in numbers]
    assert drawn != [DispositionModel(8).ending(number, 1) for number in numbers]
    shares = Counter(ending.disposition for ending in drawn)
    assert 0.44 < shares["answered"] / 4000 < 0.51
    live = shares["answered"] + shares["abandoned"] + shares["opted_out"]
    assert shares["abandoned"] / live < 0.03
    for ending in drawn:
        assert (ending.talk_seconds > 0) == (ending.cost_cents > 0)


@pytest.fixture
def slack() -> Iterator[tuple[Workspace, WebClient]]:
    workspace = Workspace(lambda: 1_700_000_000.0)
    serving = serve_slack(workspace)
    yield workspace, WebClient(token="xoxb-local", base_url=f"{serving.url}/api/")
    serving.stop()


def test_slack_sdk_posts_updates_and_reads(slack: tuple[Workspace, WebClient]) -> None:
    workspace, client = slack
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*hi*"}}]
    first = client.chat_postMessage(channel="#campaigns", text="hi", blocks=blocks)
    second = client.chat_postMessage(channel="#campaigns", text="again", thread_ts=first["ts"])
    assert first["channel"] == second["channel"]
    assert first["ts"] != second["ts"]
    client.chat_update(channel=first["channel"], ts=first["ts"], text="changed")
    assert workspace.messages[0]["text"] == "changed"
    assert workspace.messages[0]["blocks"] == blocks
    history = client.conversations_history(channel=first["channel"])
    assert [message["text"] for message in history["messages"]] == ["again", "changed"]
    assert client.auth_test()["team"] == "local"
    client.views_open(trigger_id="t", view={"type": "modal", "title": {"type": "plain_text", "text": "V"}})
    assert workspace.views[0]["type"] == "modal"


def test_slack_refuses_as_slack_does(slack: tuple[Workspace, WebClient]) -> None:
    _, client = slack
    for error, attempt in {
        "message_not_found": lambda: client.chat_update(channel="C0GENERAL", ts="1.0", text="x"),
        "channel_not_found": lambda: client.conversations_info(channel="C404"),
        "unknown_method": lambda: client.api_call("chat.sing"),
    }.items():
        with pytest.raises(SlackApiError) as refused:
            attempt()  # type: ignore[no-untyped-call]
        assert refused.value.response["error"] == error


def test_a_person_uses_commands_and_buttons_with_a_valid_signature() -> None:
    received: list[tuple[str, str, bool]] = []

    class App(QuietHandler):
        def respond(self) -> None:
            body = self.read_body().decode()
            verifier = SignatureVerifier(SIGNING_SECRET, clock=_Clock())
            received.append((self.path, body, verifier.is_valid_request(body, dict(self.headers.items()))))
            self.answer(200, b"understood")

    serving = serve(App, 0, what="a test")
    workspace = Workspace(lambda: 1_700_000_000.0)
    workspace.app_url = serving.url
    person = Person(workspace, "http://127.0.0.1:1")
    assert person.command("/campaign status 7").body == "understood"
    person.press({"ts": "1.0", "channel": "C0GENERAL"}, {"action_id": "approve", "value": "7"})
    block = {"type": "input", "block_id": "why", "element": {"type": "plain_text_input", "action_id": "text"}}
    person.submit({"id": "V1", "callback_id": "reason", "blocks": [block]}, {"why": "too late"})
    serving.stop()
    assert [valid for _, _, valid in received] == [True, True, True]
    assert [path for path, _, _ in received] == ["/slack/commands", "/slack/interactions", "/slack/interactions"]
    for (_, body, _), words in zip(received, ("command=%2Fcampaign", "approve", "too+late"), strict=True):
        assert words in body


class _Clock(Clock):
    def now(self) -> float:
        return 1_700_000_000.0


def test_many_callers_at_once_get_one_call_a_key(bench: CarrierBench) -> None:
    threads = [threading.Thread(target=bench.place, args=(f"k{n % 4}",)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(bench.carrier.calls) == 4
    assert json.loads(call("GET", f"{bench.serving.url}/calls"))["calls"]
