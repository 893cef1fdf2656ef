"""Numbers, executions and schedules in memory."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.campaigns.errors import PhoneNumberError
from chalicelib.campaigns.ports.world import CampaignRuns, ImportContinuations, PhoneNumbers, StartSchedule


class FakePhoneNumbers(PhoneNumbers):
    """Takes eight to fifteen digits after a plus, all of them in New York."""

    def normalise(self, raw: str, region: str) -> tuple[str, tuple[str, ...]]:
        digits = raw.replace(" ", "")
        if not (
            digits.startswith("+") and digits[1:].isascii() and digits[1:].isdigit() and 8 <= len(digits[1:]) <= 15
        ):
            raise PhoneNumberError("is no telephone number")
        return digits, ("America/New_York",)


class FakeCampaignRuns(CampaignRuns):
    """Executions by name; ``fail_next`` makes the next start break after its caller's own writes."""

    def __init__(self) -> None:
        self.started: dict[str, dict[str, Any]] = {}
        self.starts = 0
        self.fail_next = False

    def arn(self, name: str) -> str:
        return f"arn:aws:states:us-east-1:123456789012:execution:campaign-execution:{name}"

    def start(self, name: str, payload: dict[str, Any]) -> str:
        if self.fail_next:
            self.fail_next = False
            raise ConnectionError("killed between write and start")
        self.starts += 1
        self.started.setdefault(name, payload)
        return self.arn(name)


class FakeStartSchedule(StartSchedule):
    """Entries by name."""

    def __init__(self) -> None:
        self.entries: dict[str, dict[str, Any]] = {}

    def put(self, name: str, *, local_time: datetime, zone: str, run: str, payload: dict[str, Any]) -> None:
        self.entries[name] = {"at": local_time, "zone": zone, "run": run, "payload": payload}

    def remove(self, name: str) -> None:
        self.entries.pop(name, None)


class FakeImportContinuations(ImportContinuations):
    """Remembers what is to go on."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def continue_later(self, key: str) -> None:
        self.keys.append(key)
