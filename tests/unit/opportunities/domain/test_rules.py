"""Funding, follow-on, profiles, similar deals: each says what the rows say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.opportunities.adapters.data_files import funding_programmes
from chalicelib.opportunities.domain import analysis, follow_on, funding
from chalicelib.opportunities.domain.history import Deal, as_date, as_number, deals, spread
from chalicelib.opportunities.domain.opportunity import Opportunity, execution_name, plain
from chalicelib.opportunities.domain.profile import profile_of
from chalicelib.opportunities.domain.similar import similar
from chalicelib.opportunities.domain.winning import learn

TODAY = date(2026, 3, 2)
ASKED = Opportunity("Example Corp", "us-east-1", date(2026, 9, 1), "Cloud Starter", "for the branches")


def row(number: int, **given: Any) -> dict[str, Any]:
    closed = date(2025, 1, 1) + timedelta(days=number)
    return {
        "opportunity_id": f"O{number:04}",
        "account": "Example Corp",
        "product": "Cloud Starter",
        "series": "Cloud",
        "deal_stage": "Won",
        "engage_date": (closed - timedelta(days=40)).isoformat(),
        "close_date": closed.isoformat(),
        "close_value": 4_950.0,
        "sales_price": 5_500.0,
        "sector": "health",
        "employees": 300,
        "revenue": 80.0,
        "office_location": "Kenya",
        "regional_office": "East",
    } | given


def test_rows_become_deals_once_and_in_order() -> None:
    found = deals([row(2), row(1), row(2), row(3, deal_stage="Engaging"), row(4, opportunity_id=None)])
    assert [deal.id for deal in found] == ["O0001", "O0002"]
    assert found[0].cycle_days == 40
    assert found[0].discount == pytest.approx(0.1)
    assert deals([row(1, deal_stage="Lost", close_value=0)])[0].discount is None
    assert deals([row(1, close_date="2020-01-01")])[0].cycle_days is None


def test_values_that_are_none_are_none() -> None:
    assert [as_number(v) for v in ("1.5", "x", None, True, "inf", 2)] == [1.5, None, None, None, None, 2.0]
    assert [as_date(v) for v in ("2026-02-28 10:00:00.000", "2026-02-30", None)] == [date(2026, 2, 28), None, None]
    assert spread([1, 2, 3]) is None


def test_the_profile_finds_customer_product_and_office() -> None:
    history = deals([row(n) for n in range(5)])
    found = profile_of(ASKED, history)
    assert (found.account, found.product, found.office) == ("Example Corp", "Cloud Starter", "East")
    assert (found.amount, found.amount_from) == (4_950.0, "deals of the product")
    strange = Opportunity("Nobody", "", TODAY, "Something", product="Unheard Of", amount=7.0)
    unknown = profile_of(strange, history)
    assert (unknown.account, unknown.product, unknown.office, unknown.amount) == ("", "", "", 7.0)


def test_the_longest_product_name_wins_and_the_name_before_the_description() -> None:
    history = deals([row(1), row(2, product="Cloud"), row(3, product="Guard")])
    assert profile_of(ASKED, history).product == "Cloud Starter"
    other = Opportunity("x", "", TODAY, "Cloud for all", "with Guard and Cloud Starter")
    assert profile_of(other, history).product == "Cloud"


def test_similar_deals_share_the_most_and_are_the_latest() -> None:
    history = deals(
        [row(n, account=f"A{n % 3}") for n in range(9)]
        + [row(20, product="x", series="y", sector="z", account="q", regional_office="West", close_value=900_000)]
    )
    found = similar(profile_of(ASKED, history), history)
    assert [one.deal.id for one in found][:2] == ["O0008", "O0007"]
    assert "O0020" not in {one.deal.id for one in found}
    assert found[0].shared[0] == "product"


def test_claims_say_when_there_is_too_little() -> None:
    history = deals([row(1)])
    profile = profile_of(ASKED, history)
    assert analysis.discount_claim(history, "all").kind == "gap"
    assert analysis.cycle_claim(ASKED, TODAY, history, "all")[0].kind == "gap"
    assert analysis.similar_claim([]).kind == "gap"
    model = learn([deal.row for deal in history], [True], [])
    alone = analysis.win_claim(model, profile, history)
    assert (alone.kind, alone.figures) == ("gap", {})
    assert "(1) was won" in alone.text


def test_a_close_date_too_soon_or_past_is_a_risk() -> None:
    history = deals([row(n) for n in range(20)])
    profile = profile_of(ASKED, history)
    _, cycle = analysis.cycle_claim(ASKED, TODAY, history, "all")
    assert cycle is not None
    soon = Opportunity("Example Corp", "", TODAY + timedelta(days=5), "x")
    past = Opportunity("Example Corp", "", TODAY - timedelta(days=5), "x")
    said = [analysis.risk_claims(one, TODAY, profile, history, 0.9, cycle)[0].text for one in (soon, past)]
    assert said[0].startswith("5 days are left")
    assert said[1] == "The close date has passed, 5 days ago."


class TestFunding:
    def judged(self, history: list[Deal], asked: Opportunity = ASKED) -> dict[str, dict[str, Any]]:
        facts = funding.facts_of(asked, profile_of(asked, history), history, TODAY)
        return {p.id: funding.judged(p, facts, asked) for p in funding_programmes()}

    def test_each_rule_says_why_it_passed_or_failed(self) -> None:
        found = self.judged(deals([row(n) for n in range(5)]))
        assert {k: v["status"] for k, v in found.items()} == {
            "migration-credit": "not_eligible",
            "first-project": "not_eligible",
            "loyalty": "eligible",
            "public-good": "eligible",
            "small-business": "not_eligible",
            "data-readiness": "not_eligible",
        }
        assert found["loyalty"]["amount"] == pytest.approx(396.0)
        assert all(rule["reason"] for one in found.values() for rule in one["rules"])
        (reason,) = [r["reason"] for r in found["migration-credit"]["rules"] if r["passed"] is False]
        assert reason == "the deal's amount is 4950.0; it must be at least 5000"

    def test_what_is_not_known_is_not_decided(self) -> None:
        found = self.judged([], Opportunity("Nobody", "", date(2026, 9, 1), "x"))
        assert found["public-good"]["status"] == "undecided"
        assert found["first-project"]["status"] == "undecided"
        claims = funding.funding_claims(list(found.values()), profile_of(ASKED, []), [])
        assert claims[0].text == "None of 6 programmes fits for certain."
        assert any("cannot be decided" in claim.text for claim in claims)

    def test_a_programme_is_open_between_its_dates(self) -> None:
        late = Opportunity("Example Corp", "", date(2029, 1, 1), "Cloud Starter")
        assert {one["status"] for one in self.judged(deals([row(1)]), late).values()} == {"not_eligible"}

    def test_an_unknown_comparison_is_refused(self) -> None:
        rule = {"fact": "amount", "comparison": "roughly", "value": 1, "words": "x"}
        data = {
            "id": "a",
            "name": "A",
            "opens": "2026-01-01",
            "closes": "2026-12-31",
            "share": 1,
            "most": 1,
            "rules": [rule],
        }
        with pytest.raises(ValueError, match="roughly"):
            funding.programmes_of([data])


class TestFollowOn:
    def test_what_comes_next_more_often_is_suggested_with_support_and_lift(self) -> None:
        history = []
        for n in range(40):
            history += [
                row(1_000 + 2 * n, account=f"A{n}", product="Cloud Starter"),
                row(1_001 + 2 * n, account=f"A{n}", product="Data" if n % 4 else "Guard"),
            ]
            history += [
                row(2_000 + 2 * n, account=f"B{n}", product="Other"),
                row(2_001 + 2 * n, account=f"B{n}", product="Guard"),
            ]
        found = follow_on.suggestions("Cloud Starter", "", deals(history))
        assert [(one.product, one.support, one.cases) for one in found] == [("Data", 30, 40)]
        assert found[0].lift == pytest.approx((30 / 40) / (30 / 80))
        (claim,) = follow_on.follow_on_claims("Cloud Starter", found, deals(history))
        assert claim.row_count == 30
        assert "30 of 40 cases (75 %)" in claim.text

    def test_nothing_is_guessed(self) -> None:
        history = deals([row(n, account=f"A{n % 5}", product=f"P{n % 3}") for n in range(12)])
        assert follow_on.suggestions("P0", "health", history) == []
        assert follow_on.follow_on_claims("", [], history)[0].kind == "gap"
        assert "clearly more often" in follow_on.follow_on_claims("P0", [], history)[0].text

    def test_more_than_a_year_later_is_not_next(self) -> None:
        history = deals([row(0), row(400, product="Guard")])
        assert follow_on.steps_of(history) == []


def test_names_are_of_customer_opportunity_and_request() -> None:
    assert execution_name(ASKED, "r1") == execution_name(ASKED, "r1") != execution_name(ASKED, "r2")
    strange = Opportunity("東京 & Söhne", "", TODAY, "/../" * 50)
    name = execution_name(strange, "x" * 500)
    assert len(name) <= 80
    assert name.isascii()
    assert plain("  Éxample-Corp, Inc. ") == "example corp inc"
