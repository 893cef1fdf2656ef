"""What is unusual, and what is not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.core.ai.figures import strangers
from chalicelib.retail.domain.anomalies import detect
from chalicelib.retail.domain.books import HISTORY_DAYS, days_until, write_book
from chalicelib.retail.domain.calendars import Feedback, Knowledge, KnownEvent
from chalicelib.retail.domain.digests import Digest, digest
from chalicelib.retail.domain.findings import Finding
from chalicelib.retail.domain.product_memory import Memory
from chalicelib.retail.domain.wording import finding_text
from tests.fakes.retail.chain import LAST, Chain
from tests.fakes.retail.reports import FakeDailyFacts

NEVER_LATE = dict.fromkeys(days_until(LAST, HISTORY_DAYS + 1), 1 << 40)


class Company:
    """Five stores on an ordinary day."""

    def __init__(self, stores: int = 5) -> None:
        self.chain, self.facts = Chain(stores), FakeDailyFacts()
        self.chain.fill(self.facts, LAST)

    def find(self, knowledge: Knowledge | None = None) -> list[Finding]:
        facts = self.facts.store_days(LAST - timedelta(days=HISTORY_DAYS), LAST)
        book = write_book(facts, LAST, NEVER_LATE)
        memory, digests = Memory(), dict[str, Digest]()
        for back in range(HISTORY_DAYS, -1, -1):
            day = LAST - timedelta(days=back)
            digests[day.isoformat()] = digest(self.facts.product_sheets(day), memory.known(), "")
            memory.learn(day, digests[day.isoformat()])
        return detect(book, digests, knowledge or Knowledge())

    def raised(self) -> list[str]:
        return [one.key for one in self.find() if not one.explained]


@pytest.fixture
def company() -> Company:
    return Company()


def test_an_ordinary_day_has_nothing_unusual(company: Company) -> None:
    assert company.find() == []


def test_a_store_that_sells_little_is_one_finding_with_its_expected_range(company: Company) -> None:
    company.chain.sell(company.facts, "S02", LAST, factor=0.3)
    (found,) = company.find()
    assert found.key == "sales_low|store:S02"
    assert found.actual_cents < found.low_cents < found.usual_cents < found.high_cents
    assert found.money_cents == found.usual_cents - found.actual_cents
    assert (found.since, found.days) == ("2025-01-15", 1)


def test_a_lasting_one_says_since_when(company: Company) -> None:
    for back in range(3):
        company.chain.sell(company.facts, "S02", LAST - timedelta(days=back), factor=0.3)
    (found,) = company.find()
    assert (found.since, found.days) == ("2025-01-13", 3)


def test_a_move_of_all_stores_is_one_line_of_the_company(company: Company) -> None:
    for store in company.chain.stores:
        company.chain.sell(company.facts, store, LAST, factor=0.5)
    assert company.raised() == ["sales_low|company"]


@pytest.mark.parametrize("factor", [0.2, 0.01])
def test_a_day_that_hardly_sold_is_one_line(company: Company, factor: float) -> None:
    for store in company.chain.stores:
        company.chain.sell(company.facts, store, LAST, factor=factor)
    assert company.raised() == ["sales_low|company"]


def test_a_day_of_returns_alone_is_one_line(company: Company) -> None:
    for store in company.chain.stores:
        company.chain.sell(company.facts, store, LAST, returned=5_000)
    assert company.raised() == ["returns_high|company"]


def test_a_silent_store_is_missed_and_an_irregular_one_is_not(company: Company) -> None:
    company.facts.remove("S03", LAST)
    for back in (0, 3, 8, 15):
        company.facts.remove("S04", LAST - timedelta(days=back))
    assert company.raised() == ["no_data|store:S03"]


def test_prices_too_low_are_found_though_the_day_total_hides_it(company: Company) -> None:
    company.chain.sell(company.facts, "S05", LAST, price=0.8)
    found = next(one for one in company.find() if one.kind == "prices_low")
    assert found.scope == "store:S05"
    assert found.facts["share"] == 1.0


@pytest.mark.parametrize("stores", [1, 2, 3, 5])
@pytest.mark.parametrize("share", [0.9, 0.7])
def test_wrong_prices_everywhere_are_one_line(stores: int, share: float) -> None:
    company = Company(stores)
    for store in company.chain.stores:
        company.chain.sell(company.facts, store, LAST, price=share)
    raised = company.raised()
    whose = [f"store:{store}" for store in company.chain.stores] if stores < 3 and share < 0.9 else ["company"]
    assert sorted(raised) == sorted(f"prices_low|{one}" for one in whose)


def test_categories_that_fell_together_are_one_line_that_says_so(company: Company) -> None:
    for store in company.chain.stores:
        company.chain.sell(company.facts, store, LAST, price=0.9)
    (found,) = company.find()
    assert found.facts == {"categories": 4, "ofEarlierPrice": 0.9}
    said = "4 categories together sold most products at new prices, most at 90 % of an earlier one"
    assert finding_text(found, "USD").startswith(said)


def test_many_stores_at_other_prices_than_each_other_are_one_line_that_says_no_share(company: Company) -> None:
    sell_wholesale(company, "", 0)
    for number, store in enumerate(company.chain.stores[:4]):
        sheet = company.facts.sheets[store, LAST]
        share = 0.7 if number % 2 else 0.8
        for place, units in enumerate(sheet.units_sold):
            sheet.gross_cents[place] = units * round(company.chain.products[place][2] * share)
    found = next(one for one in company.find() if one.kind == "prices_low")
    assert found.facts == {"stores": 4, "newPrices": True}
    assert finding_text(found, "USD").startswith(
        "4 stores together sold most products at new prices, lower than before;"
    )


@pytest.mark.parametrize("returned", [1, 3])
@pytest.mark.parametrize("price", [1.0, 0.9])
def test_a_small_cause_hides_no_large_fall(company: Company, returned: int, price: float) -> None:
    for number, store in enumerate(company.chain.stores):
        back = 400 if number < returned else 0
        company.chain.sell(company.facts, store, LAST, factor=0.4, price=price, returned=back)
    assert "sales_low|company" in company.raised()


def test_a_store_that_sold_less_and_cheaper_is_told_both(company: Company) -> None:
    company.chain.sell(company.facts, "S02", LAST, factor=0.1, price=0.8)
    assert sorted(company.raised()) == ["prices_low|store:S02", "sales_low|store:S02"]


def test_what_a_store_took_back_explains_no_other_category() -> None:
    company = Company(20)
    for store in company.chain.stores:
        sheet = company.facts.sheets[store, LAST]
        for place, category in enumerate(sheet.categories):
            if category == "C1":
                sheet.units_sold[place] = max(1, sheet.units_sold[place] // 5)
                sheet.gross_cents[place] = sheet.units_sold[place] * company.chain.products[place][2]
    company.chain.sell(company.facts, "S01", LAST, returned=4_000)
    assert "sales_low|category:C1" in company.raised()


@pytest.mark.parametrize("fallen", ["S01", "S02"])
def test_of_two_stores_the_other_is_as_usual(fallen: str) -> None:
    company = Company(2)
    company.chain.sell(company.facts, fallen, LAST, factor=0.2)
    other = {"S01": "S02", "S02": "S01"}[fallen]
    assert not [key for key in company.raised() if other in key]
    assert f"sales_low|store:{fallen}" in company.raised()


def test_closed_weekends_begin_no_new_line(company: Company) -> None:
    for back in range(HISTORY_DAYS + 1):
        day = LAST - timedelta(days=back)
        for store in company.chain.stores:
            if day.weekday() >= 5:
                company.facts.remove(store, day)
            elif store == "S02" and back <= 6:
                company.chain.sell(company.facts, store, day, factor=0.3)
    found = next(one for one in company.find() if one.kind == "sales_low")
    assert (found.scope, found.since, found.days) == ("store:S02", "2025-01-09", 7)


def test_a_discount_of_which_little_is_left_is_no_line(company: Company) -> None:
    for back in (1, 2, 3):
        discount(company, back, 0.7)
    for store in company.chain.stores:
        sheet = company.facts.sheets[store, LAST]
        price = round(company.chain.products[1][2] * 0.7)
        sheet.gross_cents[1] = sheet.units_sold[1] * price
    assert company.raised() == []


def test_a_promotion_of_one_product_is_no_finding(company: Company) -> None:
    for store in company.chain.stores:
        sheet = company.facts.sheets[store, LAST]
        sheet.gross_cents[3] = round(sheet.gross_cents[3] * 0.7)
    assert company.raised() == []


def discount(company: Company, back: int, share: float) -> None:
    """Sell category C1 at a share of its prices, ``back`` days before the last."""
    for store in company.chain.stores:
        sheet = company.facts.sheets[store, LAST - timedelta(days=back)]
        for place, category in enumerate(sheet.categories):
            if category == "C1":
                price = round(sheet.gross_cents[place] / sheet.units_sold[place] * share)
                sheet.gross_cents[place] = sheet.units_sold[place] * price


def test_a_discount_on_a_whole_category_is_found_and_told(company: Company) -> None:
    discount(company, 0, 0.7)
    (found,) = company.find()
    assert found.key == "prices_low|category:C1"
    assert (found.facts["affected"], found.facts["lines"], found.facts["ofEarlierPrice"]) == (5, 5, 0.7)
    text = finding_text(found, "USD")
    assert "sold 5 of 5 products at new prices, most at 70 % of an earlier one" in text
    assert strangers(text, found.as_json()) == []


@pytest.mark.parametrize("days", [2, 3, 10])
def test_a_discount_that_lasts_is_the_same_line_and_says_since_when(company: Company, days: int) -> None:
    for back in range(days):
        discount(company, back, 0.7)
    (found,) = company.find()
    assert found.key == "prices_low|category:C1"
    assert (found.since, found.days) == ((LAST - timedelta(days=days - 1)).isoformat(), days)
    usual = sum(
        sheet.units_sold[place] * price
        for store in company.chain.stores
        for sheet in [company.facts.sheets[store, LAST]]
        for place, (_, category, price) in enumerate(company.chain.products)
        if category == "C1"
    )
    assert found.usual_cents == usual
    assert found.money_cents == usual - found.actual_cents
    text = finding_text(found, "USD")
    assert f"Day {days} since {found.since}" in text
    assert strangers(text, found.as_json()) == []


def test_a_discount_that_is_over_is_no_line(company: Company) -> None:
    for back in (1, 2, 3):
        discount(company, back, 0.7)
    assert company.raised() == []


def test_a_deeper_discount_upon_a_lasting_one_is_a_line_of_its_own(company: Company) -> None:
    for back in (0, 1, 2, 3):
        discount(company, back, 0.5 if back == 0 else 0.9)
    (found,) = company.find()
    assert (found.since, found.days) == (LAST.isoformat(), 1)
    assert found.facts["ofEarlierPrice"] == 0.5


def test_what_was_given_away_once_hides_no_price(company: Company) -> None:
    discount(company, 0, 0.42)
    for back in (4, 25):
        sheet = company.facts.sheets["S03", LAST - timedelta(days=back)]
        sheet.gross_cents[:] = [0] * len(sheet.gross_cents)
    assert "prices_low|category:C1" in company.raised()


def test_a_discount_goes_on_over_a_day_that_sold_one_odd_product(company: Company) -> None:
    for back in range(5):
        discount(company, back, 0.7)
    for store in company.chain.stores:
        sheet = company.facts.sheets[store, LAST - timedelta(days=2)]
        for place, category in enumerate(sheet.categories):
            if category == "C1":
                was_sold = sheet.product_ids[place] == "P001"
                sheet.units_sold[place] *= was_sold
                sheet.gross_cents[place] = sheet.units_sold[place] * company.chain.products[place][2]
    found = next(one for one in company.find() if one.kind == "prices_low")
    assert (found.scope, found.days) == ("category:C1", 5)


def test_a_discount_lasts_though_its_products_were_on_promotion_long_before(company: Company) -> None:
    for back in range(20, 40):
        for store in company.chain.stores:
            sheet = company.facts.sheets[store, LAST - timedelta(days=back)]
            place = (1, 5, 9, 13, 17)[back % 5]
            sheet.gross_cents[place] = sheet.units_sold[place] * round(company.chain.products[place][2] * 0.7)
    for back in (0, 1):
        discount(company, back, 0.7)
    found = next(one for one in company.find() if one.kind == "prices_low")
    assert (found.scope, found.days) == ("category:C1", 2)


@pytest.mark.parametrize("days", [1, 2])
def test_a_company_that_is_closed_at_weekends_is_served(company: Company, days: int) -> None:
    for back in range(HISTORY_DAYS + 1):
        day = LAST - timedelta(days=back)
        if day.weekday() >= 5 or back == 30:
            for store in company.chain.stores:
                company.facts.remove(store, day)
    for back in range(days):
        discount(company, back, 0.7)
    found = next(one for one in company.find() if one.kind == "prices_low")
    assert (found.scope, found.days) == ("category:C1", days)


@pytest.mark.parametrize("share", [0.49, 0.42, 0.1])
def test_a_category_below_half_of_its_prices_is_one_line_though_no_discount_is_like_that(
    company: Company, share: float
) -> None:
    for back in (0, 1):
        discount(company, back, share)
    (found,) = company.find()
    assert found.key == "prices_low|category:C1"
    assert (found.since, found.days) == ((LAST - timedelta(days=1)).isoformat(), 2)
    text = finding_text(found, "USD")
    assert "at new prices, most below half of all earlier ones" in text
    assert strangers(text, found.as_json()) == []


def sell_wholesale(company: Company, cut: str, days: int) -> None:
    """Take all categories away and sell at a high and a low price; store ``cut`` at 70 % of the high one."""
    for (store, day), sheet in company.facts.sheets.items():
        back = (LAST - day).days
        sheet.categories[:] = [None] * len(sheet.categories)
        for place, units in enumerate(sheet.units_sold):
            share = 0.7 if store == cut and back < days else (0.6, 1.0)[(back + place) % 2]
            sheet.gross_cents[place] = units * round(company.chain.products[place][2] * share)


def test_a_store_between_two_prices_is_found_where_nobody_knows_categories(company: Company) -> None:
    sell_wholesale(company, "S02", 0)
    assert company.find() == []
    sell_wholesale(company, "S02", 1)
    found = next(one for one in company.find() if one.kind == "prices_low")
    assert (found.scope, found.facts["ofEarlierPrice"]) == ("store:S02", 0.7)
    assert "Store S02 sold 20 of 20 products at new prices" in finding_text(found, "USD")


def test_goods_called_unclassified_and_a_few_with_a_category_change_nothing(
    company: Company,
) -> None:
    sell_wholesale(company, "S02", 1)
    for number, sheet in enumerate(company.facts.sheets.values()):
        sheet.categories[number % 3 :: 3] = ["unclassified"] * len(sheet.categories[number % 3 :: 3])
        sheet.categories[0] = "gift cards"
        sheet.categories[1] = "mugs" if number % 2 else "unclassified"
    assert "prices_low|store:S02" in company.raised()


def test_an_only_store_that_stays_between_its_prices_is_one_line() -> None:
    company = Company(1)
    sell_wholesale(company, "S01", 3)
    found = next(one for one in company.find() if one.kind == "prices_low")
    assert (found.scope, found.days) == ("store:S01", 3)


def test_a_point_in_the_wrong_place_is_found_in_one_store(company: Company) -> None:
    sheet = company.facts.sheets["S04", LAST]
    sheet.gross_cents[15] //= 10
    (found,) = company.find()
    assert found.key == "price_slip|product:P015"
    assert (found.facts["store"], found.facts["stores"]) == ("S04", 1)


def test_many_returns_stand_out(company: Company) -> None:
    company.chain.sell(company.facts, "S01", LAST, returned=400)
    assert company.raised() == ["returns_high|store:S01"]


def test_what_one_store_took_back_is_no_fall_of_the_company(company: Company) -> None:
    company.chain.sell(company.facts, "S01", LAST, returned=30_000)
    assert company.raised() == ["returns_high|store:S01"]


def test_a_company_that_fell_besides_is_told(company: Company) -> None:
    for store in company.chain.stores:
        company.chain.sell(company.facts, store, LAST, factor=0.4, returned=400 if store == "S01" else 0)
    assert sorted(company.raised()) == ["returns_high|store:S01", "sales_low|company"]


def test_selling_more_comes_after_what_money_is_at_stake_in(company: Company) -> None:
    company.facts.remove("S03", LAST)
    company.chain.sell(company.facts, "S05", LAST, factor=5)
    assert company.raised() == ["no_data|store:S03", "sales_high|store:S05", "sales_high|company"]


def test_a_known_event_explains(company: Company) -> None:
    company.facts.remove("S03", LAST)
    event = KnownEvent("1", "stock-taking", "2025-01-15", "2025-01-15", "store:S03")
    (found,) = company.find(Knowledge([event]))
    assert found.explained == "stock-taking"


def test_nothing_is_learnt_from_a_holiday(company: Company) -> None:
    for weeks in range(1, 5):
        for store in company.chain.stores:
            company.chain.sell(company.facts, store, LAST - timedelta(weeks=weeks), factor=0.1)
    days = [(LAST - timedelta(weeks=weeks)).isoformat() for weeks in range(1, 5)]
    holidays = [KnownEvent(day, "holiday", day, day) for day in days]
    assert company.find(Knowledge(holidays)) == []


def test_an_answer_mutes_for_four_weeks_and_the_last_one_counts(company: Company) -> None:
    company.chain.sell(company.facts, "S02", LAST, factor=0.3)
    key = "sales_low|store:S02"

    def explained(*answers: tuple[str, str]) -> bool:
        said = [Feedback(key, day, answer, "U1", f"{day}T09:00:00") for day, answer in answers]
        return bool(company.find(Knowledge((), said))[0].explained)

    assert explained(("2025-01-08", "expected"))
    assert not explained(("2024-12-08", "expected"))
    assert not explained(("2025-01-08", "expected"), ("2025-01-10", "real"))


def test_a_young_company_has_no_expectations_and_no_findings() -> None:
    company = Company(0)
    company.chain = Chain(3)
    company.chain.fill(company.facts, LAST, days=5)
    assert company.find() == []
