"""One record in, one contact or one reason out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.campaigns.domain.contact import Contact, contact_id
from chalicelib.campaigns.errors import PhoneNumberError
from chalicelib.campaigns.ports.world import PhoneNumbers
from chalicelib.campaigns.service.importing.lines import UnreadableUploadError
from chalicelib.campaigns.service.importing.records import Unread

PHONE_COLUMNS = ("phone", "phone_number", "phonenumber", "phone number", "telephone", "tel", "mobile", "number")
REGION_COLUMNS = ("region", "country")
MOST_COLUMNS = 60
LONGEST_NAME = 60
LONGEST_VALUE = 256

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,9})?")
_REGION = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Invalid:
    """Why a row became no contact."""

    code: str
    message: str
    value: str = ""
    """The text at fault, at most 60 characters of it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a CSV file holds what."""

    names: tuple[str, ...]
    phone: int
    region: int | None
    features: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, names: Sequence[str]) -> Columns:
        """Find the columns by their names (lower case).

        Raises:
            UnreadableUploadError: no phone column, or more or longer names than can be kept.
        """
        phone = next((names.index(name) for name in PHONE_COLUMNS if name in names), None)
        if phone is None:
            shown = ", ".join(name[:LONGEST_NAME] or "(empty)" for name in names[:10])
            raise UnreadableUploadError(f"the header line has no column named phone; it has: {shown}")
        if len(names) > MOST_COLUMNS:
            raise UnreadableUploadError(f"the file has {len(names)} columns; at most {MOST_COLUMNS} can be kept")
        if long := [name for name in names if len(name) > LONGEST_NAME]:
            raise UnreadableUploadError(
                f"a column name is longer than {LONGEST_NAME} characters: {long[0][:80]}..."
            )
        region = next((names.index(name) for name in REGION_COLUMNS if name in names), None)
        features = tuple((i, name) for i, name in enumerate(names) if name and i not in (phone, region))
        return cls(tuple(names), phone, region, features)


class RowReader:
    """Makes contacts of one campaign's rows."""

    def __init__(
        self,
        campaign_id: str,
        region: str,
        numbers: PhoneNumbers,
        score: Callable[[Contact], float],
    ) -> None:
        """Keep what every row needs.

        Args:
            campaign_id: whose contacts they become.
            region: ISO 3166 region of numbers without a country code, where a row names none.
            numbers: reads them.
            score: probability (0 to 1) that a call reaches a contact.
        """
        self._campaign_id, self._region, self._numbers, self._score = campaign_id, region, numbers, score

    def from_csv(self, cells: list[str] | Unread, columns: Columns) -> Contact | Invalid:
        """Return the contact of a CSV row, or why it is none."""
        if isinstance(cells, Unread):
            return Invalid(cells.code, cells.message)
        if len(cells) != len(columns.names):
            return Invalid("field_count", f"has {len(cells)} fields, the header line has {len(columns.names)}")
        features: dict[str, str | float] = {}
        for index, name in columns.features:
            if text := cells[index].strip():
                if len(text) > LONGEST_VALUE:
                    return _too_long(name, text)
                features[name] = float(text) if _NUMBER.fullmatch(text) else text
        region = "" if columns.region is None else cells[columns.region]
        return self._contact(cells[columns.phone], region, features)

    def from_json(self, value: Any) -> Contact | Invalid:
        """Return the contact of a JSON row, ``{"phone": "...", "region": "GB", ...}``, or why it is none."""
        if isinstance(value, Unread):
            return Invalid(value.code, value.message)
        if not isinstance(value, dict):
            return Invalid("not_an_object", 'is no JSON object such as {"phone": "+14155550132"}')
        row = {str(name).strip().lower(): cell for name, cell in value.items()}
        phone = next((row.pop(name) for name in PHONE_COLUMNS if name in row), None)
        region = next((row.pop(name) for name in REGION_COLUMNS if name in row), None)
        if len(row) > MOST_COLUMNS:
            return Invalid("too_many_fields", f"has {len(row)} fields; at most {MOST_COLUMNS} can be kept")
        if not isinstance(phone, str | int) or isinstance(phone, bool):
            return Invalid("phone_missing", "has no phone" if phone is None else "its phone is no text")
        features: dict[str, str | float] = {}
        for name, cell in row.items():
            if cell is None or cell == "":
                continue
            if len(name) > LONGEST_NAME or not name:
                return Invalid(
                    "field_name", f"a field's name is empty or over {LONGEST_NAME} characters", name[:60]
                )
            if isinstance(cell, bool | int | float):
                if not -1e15 < cell < 1e15:  # also what is no number at all
                    return Invalid("field_value", f"its field {name} is no number between -1e15 and 1e15")
                features[name] = float(cell)
            elif not isinstance(cell, str):
                return Invalid("field_type", f"its field {name} is neither text nor a number")
            elif len(cell) > LONGEST_VALUE:
                return _too_long(name, cell)
            else:
                features[name] = cell
        return self._contact(str(phone), region if isinstance(region, str) else "", features)

    def _contact(self, phone: str, region: str, features: dict[str, str | float]) -> Contact | Invalid:
        phone, region = phone.strip(), region.strip().upper()
        if not phone:
            return Invalid("phone_missing", "has no phone")
        if region and not _REGION.fullmatch(region):
            return Invalid("region", "its region is no two-letter country code such as GB", region[:60])
        try:
            e164, zones = self._numbers.normalise(phone, region or self._region)
        except PhoneNumberError as error:
            return Invalid("phone_invalid", str(error), phone[:60])
        contact = Contact(self._campaign_id, contact_id(e164), e164, zones, features=features)
        return replace(contact, priority=self._score(contact))


def _too_long(name: str, text: str) -> Invalid:
    return Invalid(
        "field_too_long", f"its field {name} has {len(text)} characters, at most {LONGEST_VALUE}", text[:60]
    )
