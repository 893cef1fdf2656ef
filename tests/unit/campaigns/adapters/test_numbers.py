"""Telephone numbers as people and spreadsheets write them."""

from __future__ import annotations

import pytest

from chalicelib.campaigns.adapters.numbers import LibPhoneNumbers
from chalicelib.campaigns.errors import PhoneNumberError


@pytest.mark.parametrize(
    ("raw", "region", "e164", "zones"),
    [
        ("(415) 555-2671", "US", "+14155552671", ("America/Los_Angeles",)),
        ("+44 20 7946 0958", "US", "+442079460958", ("Europe/London",)),
        ("030 901820", "DE", "+4930901820", ("Europe/Berlin",)),
        ("0049 30 901820", "DE", "+4930901820", ("Europe/Berlin",)),
        ("14155552671.0", "US", "+14155552671", ("America/Los_Angeles",)),
        ("'+14155552671", "US", "+14155552671", ("America/Los_Angeles",)),
    ],
)
def test_numbers_become_e164_with_their_zones(raw: str, region: str, e164: str, zones: tuple[str, ...]) -> None:
    assert LibPhoneNumbers().normalise(raw, region) == (e164, zones)


def test_a_number_that_may_be_anywhere_in_its_country_has_all_its_zones() -> None:
    _, zones = LibPhoneNumbers().normalise("+18005550199", "US")
    assert len(zones) > 5
    assert list(zones) == sorted(zones)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "no telephone number"),
        ("hello", "no telephone number"),
        ("1.41556E+10", "rounded by a spreadsheet"),
        ("+1 415 555 2671 ext. 12", "extension 12"),
        ("+14155", "exists in US"),
        ("911", "exists in US"),
        ("+999 123456789", "no country code"),
        ("12345678901234567890", "too long"),
    ],
)
def test_what_cannot_be_dialled_says_why(raw: str, reason: str) -> None:
    with pytest.raises(PhoneNumberError, match=reason):
        LibPhoneNumbers().normalise(raw, "US")


def test_a_region_that_does_not_exist_is_named() -> None:
    with pytest.raises(PhoneNumberError, match="XX"):
        LibPhoneNumbers().normalise("030 901820", "XX")
