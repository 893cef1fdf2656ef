"""Vehicles: the platform that follows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """One vehicle of a contract."""

    number: int
    """From 1; with the contract's id it names the vehicle for good."""
    plate: str | None
    """None where it is not known yet."""


class VehiclePlatform:
    """Switches the service on and off."""

    def activate(self, contract_id: str, units: list[Unit]) -> dict[int, str | None]:
        """Switch the service on for up to `MOST_UNITS` vehicles; one that is on already stays on, once.

        Returns:
            Of each unit's number: None when it is on, else why it is refused for good.

        Raises:
            VehiclePlatformError: it did not answer; any of them may be on.
        """
        raise NotImplementedError

    def deactivate(self, contract_id: str) -> None:
        """Switch it off for every vehicle of the contract, and for good: none can be switched on after it.

        Raises:
            VehiclePlatformError: it did not answer.
        """
        raise NotImplementedError


MOST_UNITS = 50
"""In one request to the platform."""
