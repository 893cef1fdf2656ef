"""What a contract's request must be, and everything that is wrong with one that is not.

Two doors read requests. ``POST /contracts`` is strict: whatever is wrong refuses the request. The state machine's
own first step also takes a request whose tax number has a wrong check digit or that lists fewer vehicles than it
counts, for that is how requests were always sent to it. There these are warnings, and the customer registry has
the last word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from chalicelib.core.errors import InvalidInputError, Problem
from chalicelib.fleet.domain.contracts import documents, money

CONTRACT_TYPES = ("basic", "standard", "premium")
PAYMENT_METHODS = ("credit_card", "debit_card")
MOST_VEHICLES = 2_000
"""Their plates travel through a state machine, whose data ends at 256 KB."""
EXECUTION_ID = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)
"""Names of executions."""

_ID = re.compile(r"[\x21-\x7e]{1,64}")
_PERSON = re.compile(r"\S(?:[^\x00-\x1f\x7f]{0,198}\S)?")
"""A person's address, Slack id, or the name of a token's holder."""
_PAYMENT_METHOD_ID = re.compile(r"(pm|card|src)_\w{1,250}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}")
_PLATE = re.compile(r"(?P<letters>[A-Z]{3})[- ]?(?P<rest>\d{3}|\d{2}[A-Z])", re.ASCII)
_FIELDS = frozenset(
    {
        "execution_id", "customer_id", "document_type", "document_id", "company_info", "number_of_vehicles",
        "contract_type", "estimated_value", "currency", "payment_method", "payment_method_id", "vehicles", "email",
        "requested_by",
    }
)  # fmt: skip
_SET_BY_THE_DOOR = frozenset({"entered_by"})
"""``POST /contracts`` refuses these from outside and adds them itself."""
_DOUBTS = frozenset({"wrong_check_digit", "vehicles_do_not_match", "unknown_field", "tax_ids_differ"})
"""What the strict door refuses and the machine takes with a warning."""


@dataclass(frozen=True, slots=True)
class ContractRequest:
    """A request that is in order."""

    customer_id: str
    number_of_vehicles: int
    contract_type: str
    amount_minor: int
    currency: str
    payment_method: str
    payment_method_id: str | None
    """Stripe's; None: the one the customer registry knows."""
    document_type: str | None
    document_id: str | None
    company_name: str | None
    email: str | None
    plates: tuple[str, ...]
    requested_by: str
    entered_by: str | None
    """Who sent the request in; approves it as little as who wants it."""


def read(data: Any, *, strict: bool) -> tuple[ContractRequest, tuple[Problem, ...]]:
    """Return the request and what is doubtful about it; a strict reader has no doubts, it refuses.

    Raises:
        InvalidInputError: with every problem of it.
    """
    if not isinstance(data, dict):
        raise InvalidInputError([Problem("", "not_an_object", f"is a {type(data).__name__}, not an object")])
    found = [
        *_unknown(data, _FIELDS if strict else _FIELDS | _SET_BY_THE_DOOR),
        *_customer(data),
        *_vehicles(data),
        *_terms(data),
        *_payment(data),
    ]
    wrong = [one for one in found if strict or one.code not in _DOUBTS]
    if wrong:
        raise InvalidInputError(wrong)
    company = data.get("company_info") or {}
    document_type, document_id = data.get("document_type"), data.get("document_id")
    currency = data.get("currency") or money.DEFAULT_CURRENCY
    request = ContractRequest(
        customer_id=data["customer_id"],
        number_of_vehicles=data["number_of_vehicles"],
        contract_type=data["contract_type"],
        amount_minor=money.minor_units(data["estimated_value"], currency),
        currency=currency,
        payment_method=data.get("payment_method") or PAYMENT_METHODS[0],
        payment_method_id=data.get("payment_method_id"),
        document_type=document_type,
        document_id=documents.plain(document_id) if document_id else None,
        company_name=company.get("name"),
        email=data.get("email"),
        plates=tuple(plate(one["plate"]) or "" for one in data.get("vehicles") or ()),
        requested_by=data.get("requested_by") or data.get("entered_by") or "system:contracts",
        entered_by=data.get("entered_by"),
    )
    return request, tuple(found)


def plate(text: Any) -> str | None:
    """Return a Colombian plate as it is written here, None when it is none.

    >>> plate("abc123"), plate("XYZ 12D"), plate("12")
    ('ABC-123', 'XYZ-12D', None)
    """
    match = _PLATE.fullmatch(text.strip().upper()) if isinstance(text, str) else None
    return f"{match['letters']}-{match['rest']}" if match else None


def _unknown(data: Mapping[str, Any], known: AbstractSet[str]) -> Iterator[Problem]:
    for name in sorted(data.keys() - known):
        yield Problem(str(name)[:80], "unknown_field", "is no field of a contract's request")
    execution_id = data.get("execution_id")
    if execution_id is not None and not _is(execution_id, EXECUTION_ID):
        yield Problem("execution_id", "not_a_name", "must be 1 to 80 letters, digits, - and _")


def _customer(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _text(data, "customer_id", _ID, "1 to 64 printable characters without spaces", required=True)
    yield from _text(data, "email", _EMAIL, "an address such as fleet@example.com")
    for field in ("requested_by", "entered_by"):
        yield from _text(data, field, _PERSON, "1 to 200 printable characters")
    kind, number = data.get("document_type"), data.get("document_id")
    if kind is not None and kind not in documents.DOCUMENT_TYPES:
        yield Problem("document_type", "unknown", _none_of(kind, documents.DOCUMENT_TYPES))
    elif (kind is None) != (number is None):
        missing = "document_id" if number is None else "document_type"
        yield Problem(missing, "required", "document_type and document_id come together")
    elif kind is not None:
        yield from _document(kind, number, "document_id")
    company = data.get("company_info")
    if company is None:
        return
    if not isinstance(company, dict):
        yield Problem("company_info", "not_an_object", f"is a {type(company).__name__}, not an object")
        return
    name, tax_id = company.get("name"), company.get("tax_id")
    if not isinstance(name, str) or not name.strip() or len(name) > 200:
        yield Problem("company_info.name", "required", "must be a text of 1 to 200 characters")
    if tax_id is not None:
        yield from _document("NIT", tax_id, "company_info.tax_id")
        both = isinstance(tax_id, str) and isinstance(number, str) and kind in ("NIT", "RUT")
        if both and documents.plain(tax_id) != documents.plain(str(number)):
            yield Problem("company_info.tax_id", "tax_ids_differ", "is not the same as document_id")


def _document(kind: str, number: Any, path: str) -> Iterator[Problem]:
    if not isinstance(number, str):
        yield Problem(path, "not_a_text", f"is a {type(number).__name__}, not a text")
        return
    number = documents.plain(number)
    if form := documents.form_problem(kind, number):
        yield Problem(path, "wrong_form", form)
    elif digit := documents.digit_problem(kind, number):
        yield Problem(path, "wrong_check_digit", digit)


def _vehicles(data: Mapping[str, Any]) -> Iterator[Problem]:
    count = data.get("number_of_vehicles")
    whole = isinstance(count, int) and not isinstance(count, bool)
    if not whole or not 1 <= (count or 0) <= MOST_VEHICLES:
        message = f"is {str(count)[:40]}; it must be a whole number from 1 to {MOST_VEHICLES}"
        yield Problem("number_of_vehicles", "required" if count is None else "out_of_range", message)
    listed = data.get("vehicles")
    if listed is None:
        return
    if not isinstance(listed, list):
        yield Problem("vehicles", "not_a_list", f"is a {type(listed).__name__}, not a list")
        return
    yield from _plates(listed)
    if whole and len(listed) != count:
        message = f"lists {len(listed)} vehicles, number_of_vehicles says {count}"
        # More than are counted cannot be served at all; fewer get their plates later.
        yield Problem("vehicles", "vehicles_do_not_match" if len(listed) < (count or 0) else "too_many", message)


def _plates(listed: list[Any]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, one in enumerate(listed):
        written = one.get("plate") if isinstance(one, dict) else None
        read_plate = plate(written)
        if read_plate is None:
            message = f"{str(written)[:20]!r} is no plate such as ABC-123 or ABC-12D"
            yield Problem(f"vehicles[{index}].plate", "not_a_plate", message)
        elif first.setdefault(read_plate, index) != index:
            message = f"{read_plate} stands at vehicles[{first[read_plate]}] already"
            yield Problem(f"vehicles[{index}].plate", "duplicate", message)
        model = one.get("model") if isinstance(one, dict) else None
        if model is not None and (not isinstance(model, str) or len(model) > 100):
            yield Problem(f"vehicles[{index}].model", "not_a_text", "must be a text of up to 100 characters")


def _terms(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _one_of(data, "contract_type", CONTRACT_TYPES, required=True)
    currency = data.get("currency")
    if currency is not None and currency not in tuple(money.DECIMALS):
        yield Problem("currency", "unknown", _none_of(currency, tuple(money.DECIMALS)))
        return
    if data.get("estimated_value") is None:
        yield Problem("estimated_value", "required", "is required")
        return
    try:
        money.minor_units(data["estimated_value"], currency or money.DEFAULT_CURRENCY)
    except ValueError as error:
        yield Problem("estimated_value", "not_an_amount", str(error))


def _payment(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _one_of(data, "payment_method", PAYMENT_METHODS)
    yield from _text(data, "payment_method_id", _PAYMENT_METHOD_ID, "Stripe's id of a card, such as pm_1Abc")


def _text(
    data: Mapping[str, Any], name: str, pattern: re.Pattern[str], wanted: str, *, required: bool = False
) -> Iterator[Problem]:
    value = data.get(name)
    if value is None:
        if required:
            yield Problem(name, "required", "is required")
    elif not _is(value, pattern):
        yield Problem(name, "wrong_form", f"{str(value)[:40]!r} is not {wanted}")


def _one_of(
    data: Mapping[str, Any], name: str, known: tuple[str, ...], *, required: bool = False
) -> Iterator[Problem]:
    value = data.get(name)
    if value is None:
        if required:
            yield Problem(name, "required", f"is required: one of {', '.join(known)}")
    elif value not in known:
        yield Problem(name, "unknown", _none_of(value, known))


def _is(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _none_of(value: Any, known: tuple[str, ...]) -> str:
    return f"{str(value)[:40]!r} is none of {', '.join(known)}"
