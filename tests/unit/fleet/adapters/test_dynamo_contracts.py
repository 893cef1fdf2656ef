"""Contracts and circuits in the table as the template makes it, and the fake that stands for them elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from moto import mock_aws

from chalicelib.core import aws
from chalicelib.core.errors import ConflictError, InvalidInputError
from chalicelib.fleet.adapters.dynamo_circuits import DynamoCircuits
from chalicelib.fleet.adapters.dynamo_contracts import DynamoContractStore
from chalicelib.fleet.domain.contracts.circuit import Circuit
from chalicelib.fleet.domain.contracts.contract import Contract, ContractStatus, contract_year
from chalicelib.fleet.errors.contracts import ContractNotFoundError
from chalicelib.fleet.ports.contracts import ContractStore
from chalicelib.fleet.ports.customers import Circuits
from tests.fakes.fleet.contract_world import FakeCircuits, FakeContractStore
from tests.fakes.tables import make_tables

NOW = datetime(2026, 6, 1, 17, 0, tzinfo=UTC)
CONTRACT = Contract(
    id="CONT-2026-001",
    request_id="exec-1",
    customer_id="CUST-1",
    contract_type="standard",
    number_of_vehicles=2,
    plates=("ABC-123",),
    amount_minor=500,
    currency="COP",
    payment_method_id="pm_1",
    approval_type="automatic",
    approved_by=None,
    created_at=NOW,
    updated_at=NOW,
)


@pytest.fixture
def table() -> Iterator[str]:
    aws.client.cache_clear()
    with mock_aws(), pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        make_tables("fleet", {"ContractsTable": "contracts"})
        yield "contracts"
    aws.client.cache_clear()


@pytest.fixture(params=["table", "memory"])
def contracts(request: pytest.FixtureRequest, table: str) -> ContractStore:
    return DynamoContractStore(table) if request.param == "table" else FakeContractStore()


@pytest.fixture(params=["table", "memory"])
def circuits(request: pytest.FixtureRequest, table: str) -> Circuits:
    return DynamoCircuits(table) if request.param == "table" else FakeCircuits()


def test_numbers_are_given_once_and_begin_anew_each_year(contracts: ContractStore) -> None:
    assert [contracts.next_sequence(year) for year in (2026, 2026, 2027, 2026)] == [1, 2, 1, 3]


def test_a_request_has_one_contract(contracts: ContractStore) -> None:
    assert contracts.create(CONTRACT)
    assert not contracts.create(replace(CONTRACT, id="CONT-2026-002"))
    assert contracts.of_request("exec-1") == contracts.get("CONT-2026-001") == CONTRACT
    with pytest.raises(ContractNotFoundError):
        contracts.get("CONT-2026-002")


def test_a_refused_request_gets_none(contracts: ContractStore) -> None:
    assert contracts.refuse("exec-1")
    assert contracts.refuse("exec-1")
    assert not contracts.create(CONTRACT)
    assert contracts.of_request("exec-1") is None


def test_a_request_with_a_contract_cannot_be_refused(contracts: ContractStore) -> None:
    contracts.create(CONTRACT)
    assert not contracts.refuse("exec-1")
    assert contracts.of_request("exec-1") == CONTRACT


def test_a_write_is_refused_when_somebody_else_wrote(contracts: ContractStore) -> None:
    contracts.create(CONTRACT)
    paid = contracts.move(CONTRACT, replace(CONTRACT, status=ContractStatus.PAID, refused={"2": "unknown"}))
    assert contracts.get(CONTRACT.id) == paid
    assert paid.version == 1
    with pytest.raises(ConflictError):
        contracts.move(CONTRACT, replace(CONTRACT, status=ContractStatus.CLOSING))


def test_only_quiet_open_contracts_are_unfinished(contracts: ContractStore) -> None:
    for number, status in enumerate(ContractStatus, start=1):
        one = replace(CONTRACT, id=f"CONT-2026-00{number}", request_id=f"exec-{number}")
        contracts.create(one)
        contracts.move(one, replace(one, status=status, updated_at=NOW + timedelta(seconds=number)))
    found = contracts.unfinished(NOW + timedelta(hours=1))
    assert [one.status for one in found] == ["pending", "paid", "closing"]
    assert contracts.unfinished(NOW) == []


def test_contracts_are_listed_page_by_page_those_made_last_first(contracts: ContractStore) -> None:
    ids = [f"CONT-2026-{number:03d}" for number in range(1, 6)]
    for number, one in enumerate(ids):
        made = replace(CONTRACT, id=one, request_id=one, created_at=NOW + timedelta(minutes=number))
        contracts.create(made)
        contracts.move(made, replace(made, status=ContractStatus.ACTIVE))
    seen: list[str] = []
    after = None
    for _ in range(10):
        page, after = contracts.page(2, after)
        seen += [one.id for one in page]
        if after is None:
            break
    assert seen == ids[::-1]


@pytest.mark.parametrize("after", ["", "x", " CONT-2026-001", f"{NOW.isoformat()} request#exec-1", "a" * 3000])
def test_a_place_that_no_page_gave_is_refused(table: str, after: str) -> None:
    with pytest.raises(InvalidInputError):
        DynamoContractStore(table).page(2, after)


def test_nothing_but_a_contract_is_a_contract(contracts: ContractStore) -> None:
    contracts.next_sequence(2026)
    for stranger in ("sequence#2026", "request#exec-1", "CONT-", ""):
        with pytest.raises(ContractNotFoundError):
            contracts.get(stranger)


def test_a_circuit_is_written_by_one_at_a_time(circuits: Circuits) -> None:
    fresh = circuits.get("registry")
    assert fresh == Circuit()
    assert circuits.put("registry", fresh, Circuit(failures=5, open_until=NOW))
    assert not circuits.put("registry", fresh, Circuit())
    assert circuits.get("registry") == Circuit(failures=5, open_until=NOW, version=1)


def test_a_contract_belongs_to_the_year_in_bogota() -> None:
    assert contract_year(datetime(2027, 1, 1, 4, 59, tzinfo=UTC)) == 2026
    assert contract_year(datetime(2027, 1, 1, 5, 0, tzinfo=UTC)) == 2027
