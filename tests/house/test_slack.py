"""Every command is documented with an example, in the manifest, and tried from end to end."""

from __future__ import annotations

import re

import yaml

from infrastructure.room_file import read_room_file
from tests.house.sources import ROOT

SCOPES = {
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": {"channels:history", "metadata.message:read"},
    "views.open": set(),
}
"""What Slack asks for each method: https://docs.slack.dev/reference/methods."""


def commands() -> set[str]:
    from chalicelib.slack.service import rooms

    return set(rooms.commands())


def test_every_command_has_an_example() -> None:
    shown = set(re.findall(r"^\| `(/[a-z]+) \S", (ROOT / "docs" / "slack.md").read_text(), re.MULTILINE))
    assert shown == commands()


def test_the_manifest_has_every_command() -> None:
    manifest = yaml.safe_load((ROOT / "docs" / "slack-manifest.yaml").read_text())
    assert {one["command"] for one in manifest["features"]["slash_commands"]} == commands()


def test_the_manifest_has_the_scopes_of_every_method_called() -> None:
    called = set(re.findall(r'_call\(\s*"([\w.]+)"', (ROOT / "chalicelib" / "core" / "slack.py").read_text()))
    assert called == set(SCOPES)
    manifest = yaml.safe_load((ROOT / "docs" / "slack-manifest.yaml").read_text())
    assert set().union(*SCOPES.values()) <= set(manifest["oauth_config"]["scopes"]["bot"])


def test_every_command_is_tried_from_end_to_end() -> None:
    tried = "\n".join(path.read_text() for path in (ROOT / "tests" / "e2e").glob("*.py"))
    assert [one for one in sorted(commands()) if not re.search(rf'say\(f?[\'"]{one} ', tried)] == []


def test_the_bot_may_do_what_commands_and_buttons_ask_for() -> None:
    from chalicelib.slack.service import rooms

    speaking = [
        room
        for room in rooms.names()
        if getattr(rooms.slack_of(room), "COMMANDS", ()) or getattr(rooms.slack_of(room), "ACTIONS", ())
    ]
    files = {room: read_room_file(ROOT / "infrastructure" / f"{room}.yaml", ROOT) for room in speaking}
    assert [room for room, file in files.items() if "SlackBot" not in file.sections["Rights"]] == []


def test_no_two_rooms_claim_the_same_word() -> None:
    from chalicelib.slack.service import rooms

    modules = [rooms.slack_of(room) for room in rooms.names()]
    for kind in ("COMMANDS", "ACTIONS"):
        names = [one.name for module in modules for one in getattr(module, kind, ())]
        assert len(names) == len(set(names))
