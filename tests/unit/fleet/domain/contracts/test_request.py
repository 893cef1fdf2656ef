"""What a contract's request must be: every problem at once, and what the machine's own door lets pass."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.errors import InvalidInputError
from chalicelib.fleet.domain.contracts import documents, money
from chalicelib.fleet.domain.contracts.request import MOST_VEHICLES, read

GOOD: dict[str, Any] = {
    "execution_id": "exec-12345",
    "customer_id": "CUST-98765",
    "document_type": "RUT",
    "document_id": "900.123.456-8",
    "company_info": {"name": "Transportes ABC S.A.S.", "tax_id": "900123456-8"},
    "number_of_vehicles": 2,
    "contract_type": "premium",
    "estimated_value": 15_000_000,
    "payment_method": "credit_card",
    "vehicles": [{"plate": "abc123", "model": "Freightliner"}, {"plate": "DEF-45G"}],
    "email": "fleet@example.com",
    "requested_by": "sales@example.com",
}


def problems(strict: bool = True, **changes: Any) -> set[tuple[str, str]]:
    """Return (path, code) of what is wrong with the good request after ``changes``; ... drops a field."""
    data = {name: value for name, value in (GOOD | changes).items() if value is not ...}
    try:
        read(data, strict=strict)
    except InvalidInputError as error:
        return {(one.path, one.code) for one in error.problems}
    return set()


def test_a_good_request_is_brought_into_one_form() -> None:
    request, doubts = read(GOOD, strict=True)
    assert doubts == ()
    assert request.document_id == "900123456-8"
    assert request.plates == ("ABC-123", "DEF-45G")
    assert (request.amount_minor, request.currency) == (1_500_000_000, "COP")


def test_every_problem_is_told_at_once() -> None:
    found = problems(
        customer_id="", number_of_vehicles=2.0, contract_type="gold", estimated_value=1.5, payment_method="cash",
        document_type="SSN", email="nobody", vehicles=[{"plate": "?"}, {}], company_info=7, colour="red",
    )  # fmt: skip
    assert {path for path, _ in found} == {
        "customer_id", "number_of_vehicles", "contract_type", "estimated_value", "payment_method", "document_type",
        "email", "vehicles[0].plate", "vehicles[1].plate", "company_info", "colour",
    }  # fmt: skip


@pytest.mark.parametrize("count", [0, -1, 2.0, "2", True, None, MOST_VEHICLES + 1, [], 10**40])
def test_the_number_of_vehicles_is_a_whole_number(count: Any) -> None:
    assert "number_of_vehicles" in {path for path, _ in problems(number_of_vehicles=count, vehicles=...)}


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"document_id": "900123456-7"}, "document_id", "wrong_check_digit"),
        ({"company_info": {"name": "A", "tax_id": "800191045-1"}}, "company_info.tax_id", "tax_ids_differ"),
        ({"number_of_vehicles": 3}, "vehicles", "vehicles_do_not_match"),
        ({"colour": "red"}, "colour", "unknown_field"),
    ],
)
def test_doubts_refuse_at_the_api_and_warn_in_the_machine(changes: dict[str, Any], path: str, code: str) -> None:
    assert (path, code) in problems(**changes)
    _, doubts = read(GOOD | changes, strict=False)
    assert (path, code) in {(one.path, one.code) for one in doubts}


def test_more_vehicles_than_are_counted_refuse_everywhere() -> None:
    assert ("vehicles", "too_many") in problems(strict=False, number_of_vehicles=1)


def test_a_plate_stands_once() -> None:
    twice = [{"plate": "ABC-123"}, {"plate": "abc 123"}]
    assert problems(vehicles=twice) == {("vehicles[1].plate", "duplicate")}


def test_document_type_and_number_come_together() -> None:
    assert problems(document_id=..., company_info=...) == {("document_id", "required")}
    assert problems(document_type=..., company_info=...) == {("document_type", "required")}


@pytest.mark.parametrize("value", [None, 7, "x", [], True])
def test_what_is_no_object_is_refused(value: Any) -> None:
    with pytest.raises(InvalidInputError):
        read(value, strict=False)


@given(
    st.dictionaries(
        st.sampled_from(sorted(GOOD)) | st.text(max_size=5),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
            max_leaves=6,
        ),
    )
)
def test_nothing_that_json_can_say_breaks_the_reader(changes: dict[str, Any]) -> None:
    for strict in (True, False):
        with contextlib.suppress(InvalidInputError):
            read(GOOD | changes, strict=strict)


@pytest.mark.parametrize(
    ("number", "digit"), [("900123456", 8), ("800191045", 1), ("860002964", 4), ("890903938", 8), ("899999068", 1)]
)
def test_check_digits_of_known_tax_numbers(number: str, digit: int) -> None:
    assert documents.check_digit(number) == digit


@given(st.integers(10**6, 10**15 - 1).map(str), st.integers(0, 14), st.integers(1, 9))
def test_a_mistyped_digit_is_seen(number: str, place: int, by: int) -> None:
    place %= len(number)
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    same = documents.check_digit(number) == documents.check_digit(wrong)
    # Remainders 1 and 10 give the same digit: the only mistakes the rule cannot see.
    assert not same or documents.check_digit(number) == 1


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [(15_000_000, "COP", 1_500_000_000), ("0.01", "USD", 1), ("99.5", "USD", 9_950), (5_000, "CLP", 5_000)],
)
def test_amounts_in_the_smallest_unit(value: Any, currency: str, minor: int) -> None:
    assert money.minor_units(value, currency) == minor


@pytest.mark.parametrize(
    ("value", "currency"),
    [(1.0, "COP"), (True, "COP"), (0, "COP"), (-1, "COP"), ("1.005", "USD"), ("1.5", "CLP"), ("1e3", "COP"),
     ("", "COP"), (10**12, "COP"), ("١٢", "COP"), (None, "COP")],
)  # fmt: skip
def test_what_is_no_amount(value: Any, currency: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        money.minor_units(value, currency)


@given(st.integers(1, 10**9), st.sampled_from(sorted(money.DECIMALS)))
def test_text_and_number_are_the_same_amount(value: int, currency: str) -> None:
    assert money.minor_units(value, currency) == money.minor_units(str(value), currency)
