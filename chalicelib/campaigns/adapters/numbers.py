"""Telephone numbers, read by phonenumbers (Google's libphonenumber)."""

from __future__ import annotations

import re

from chalicelib.campaigns.errors import PhoneNumberError
from chalicelib.campaigns.ports.world import PhoneNumbers

UNKNOWN_ZONE = "Etc/Unknown"
_SCIENTIFIC = re.compile(r"\+?\d+(\.\d+)?[eE][+-]?\d+")
_SPREADSHEET_FRACTION = re.compile(r"\+?\d{6,15}\.0+")


class LibPhoneNumbers(PhoneNumbers):
    """Valid numbers only: the length and the prefix must exist in the number's country."""

    def normalise(self, raw: str, region: str) -> tuple[str, tuple[str, ...]]:
        """See `PhoneNumbers.normalise`."""
        import phonenumbers
        from phonenumbers import timezone

        if _SCIENTIFIC.fullmatch(raw):
            raise PhoneNumberError(
                "was rounded by a spreadsheet (1.4E+10); format the column as text and export again"
            )
        if _SPREADSHEET_FRACTION.fullmatch(raw):
            raw = raw.split(".")[0]
        try:
            number = phonenumbers.parse(raw, region)
        except phonenumbers.NumberParseException as error:
            raise PhoneNumberError(_reason(error.error_type, region)) from None
        if number.extension:
            raise PhoneNumberError(f"has the extension {number.extension}, which cannot be dialled")
        if not phonenumbers.is_valid_number(number):
            raise PhoneNumberError(f"is no number that exists in {_country(number.country_code or 0, region)}")
        zones = tuple(sorted(z for z in timezone.time_zones_for_number(number) if z != UNKNOWN_ZONE))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), zones


def _reason(error_type: int, region: str) -> str:
    import phonenumbers

    kinds = phonenumbers.NumberParseException
    return {
        kinds.INVALID_COUNTRY_CODE: f"has no country code that exists, and {region} is no region to read it in",
        kinds.NOT_A_NUMBER: "is no telephone number",
        kinds.TOO_SHORT_AFTER_IDD: "ends after the international prefix",
        kinds.TOO_SHORT_NSN: "is too short",
        kinds.TOO_LONG: "is too long",
    }.get(error_type, "is no telephone number")


def _country(code: int, region: str) -> str:
    import phonenumbers

    found = phonenumbers.region_code_for_country_code(code)
    return found if found not in ("ZZ", "001") else f"country code +{code}" if code else region
