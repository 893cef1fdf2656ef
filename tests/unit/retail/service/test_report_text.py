"""The report's words: every figure in them is in the data, and no model can bring in another."""

from __future__ import annotations

import json
import re

import pytest
from pypdf import PdfReader

from chalicelib.core.ai import ModelThrottledError
from chalicelib.core.ai.figures import strangers
from chalicelib.retail.adapters.report_pages import PagePrinter
from chalicelib.retail.errors.reports import ExportTypeError
from chalicelib.retail.service import exporting
from localcloud.stepfunctions import TaskError
from tests.fakes.retail.chain import LAST, MORNING, Chain
from tests.fakes.retail.morning import MorningSimulation
from tests.fakes.retail.reports import FailingTextModel, InventingTextModel


@pytest.fixture(scope="module")
def busy() -> MorningSimulation:
    """A morning with a finding of nearly every kind, restated once."""
    simulation = MorningSimulation(PagePrinter())
    chain = Chain(12)
    chain.fill(simulation.facts, LAST)
    chain.sell(simulation.facts, "S02", LAST, factor=0.2)
    chain.sell(simulation.facts, "S05", LAST, price=0.7)
    chain.sell(simulation.facts, "S07", LAST, returned=300)
    simulation.facts.remove("S09", LAST)
    simulation.run()
    chain.sell(simulation.facts, "S09", LAST)
    simulation.run(date="2025-01-15", force=True)
    return simulation


def test_the_mail_names_what_happened(busy: MorningSimulation) -> None:
    kinds = [(item["kind"], item["scope"]) for item in busy.report()["items"]]
    assert kinds == [("sales_low", "store:S02"), ("prices_low", "store:S05"), ("returns_high", "store:S07")]
    assert busy.mails[1]["Subject"] == "Sales 2025-01-15: 3 to look at (version 2)"
    assert "Changed since version 1:\n- Net sales: " in busy.mails[1]["Message"]
    assert "\n- Stores reported: 11, now 12\n" in busy.mails[1]["Message"]


def test_every_figure_in_the_mail_is_in_the_data(busy: MorningSimulation) -> None:
    for mail, report in ((busy.mails[1], busy.report()),):
        counts = {"items": len(report["items"]), "places": [*range(1, 6)], "before": report["version"] - 1}
        at_stake = sum(item["money_cents"] for item in report["items"])
        text = mail["Message"].partition("Report: ")[0]
        assert strangers(text, [report, counts, at_stake, {"stores": 12}]) == []


def test_every_figure_of_the_pages_is_in_the_data(busy: MorningSimulation) -> None:
    report = busy.report()
    page = busy.shelf.files["reports/2025-01-15/report.html"].decode()
    text = re.sub(r"<style>.*?</style>|<title>.*?</title>", " ", page, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", "\n", text)
    places = {
        "weeks": [8, 4, 28],
        "places": [*range(1, 10)],
        "stake": sum(i["money_cents"] for i in report["items"]),
    }
    most = max(one["netCents"] or 0 for one in report["company"]["history"][-28:])
    assert strangers(text, [report, places, most]) == []


def test_the_pdf_says_the_same(busy: MorningSimulation, tmp_path: object) -> None:
    import io

    pages = PdfReader(io.BytesIO(busy.shelf.files["reports/2025-01-15/report.pdf"])).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    report = busy.report()
    assert all(item["text"] in text for item in report["items"])
    assert report["verdict"] in text


def test_a_model_that_invents_figures_is_not_heard() -> None:
    simulation = MorningSimulation()
    chain = Chain(3)
    chain.fill(simulation.facts, LAST)
    chain.sell(simulation.facts, "S02", LAST, factor=0.2)
    for function in ("DetectAnomalies", "AnalyzeTrends", "GenerateRecommendations"):
        simulation.models[function] = InventingTextModel()
    simulation.run()
    assert simulation.report()["items"]
    assert "77.7" not in json.dumps(simulation.report())
    assert simulation.alerts == []


def test_a_report_without_a_look_says_so_everywhere() -> None:
    simulation = MorningSimulation(PagePrinter())
    Chain(3).fill(simulation.facts, LAST)
    lost = TaskError("Boom", "on purpose")
    simulation.failing = lambda call: lost if call.state_name.startswith("DetectAnomalies") else None
    assert simulation.run().status == "SUCCEEDED"
    (mail,) = simulation.mails
    page = simulation.shelf.files["reports/2025-01-15/report.html"].decode()
    assert mail["Subject"] == "Sales 2025-01-15: what is unusual could not be computed"
    for text in (mail["Message"], page):
        assert "Could not be computed: what is unusual." in text
        assert "nothing" not in text.lower()


def test_the_alert_names_in_words_what_has_no_model() -> None:
    simulation = MorningSimulation()
    chain = Chain(3)
    chain.fill(simulation.facts, LAST)
    chain.sell(simulation.facts, "S02", LAST, factor=0.2)
    for function in ("DetectAnomalies", "GenerateRecommendations"):
        simulation.models[function] = FailingTextModel(ModelThrottledError("busy"))
    simulation.run()
    words = "The report of 2025-01-15 was made without the language model for: what is unusual, what to do. "
    assert simulation.published[0]["Message"].startswith(words)


def test_long_lists_of_stores_are_counted() -> None:
    simulation = MorningSimulation(PagePrinter())
    chain = Chain(40)
    chain.fill(simulation.facts, LAST)
    for store in chain.stores[:12]:
        chain.sell(simulation.facts, store, LAST, arrived=MORNING + 12 * 3600, complete=False)
    simulation.run()
    message = simulation.mails[0]["Message"]
    names = "S01, S02, S03, S04, S05, S06, S07, S08, S09, S10 and others."
    assert f"12 stores sent or corrected after noon: {names}" in message
    assert f"12 stores sent damaged files, whose figures may be too low: {names}" in message
    assert strangers(message.partition("Report: ")[0], simulation.report()) == []
    for store in chain.stores[12:30]:
        chain.sell(simulation.facts, store, LAST, arrived=MORNING + 12 * 3600)
    simulation.run(date="2025-01-15", force=True)
    assert "\n30 of 40 stores sent or corrected after noon.\n" in simulation.mails[1]["Message"]


def test_names_are_escaped_in_the_page_and_set_in_the_pdf() -> None:
    simulation = MorningSimulation(PagePrinter())
    chain = Chain(2)
    chain.stores = ["<b>店 1</b>", "متجر & Co"]
    chain.fill(simulation.facts, LAST)
    execution = simulation.run()
    page = simulation.shelf.files["reports/2025-01-15/report.html"].decode()
    assert execution.status == "SUCCEEDED"
    assert "<b>店" not in page
    assert "&lt;b&gt;店 1&lt;/b&gt;" in page
    assert "http" not in page.replace("https://files.example", "")


def test_the_export_counts_rows_and_names_types(busy: MorningSimulation) -> None:
    import hashlib

    schema = json.loads(busy.shelf.files["exports/schemas/2025-01-15.json"])
    for table, one in schema["files"].items():
        body = busy.shelf.files[one["key"]]
        assert len(body.splitlines()) == one["rows"]
        assert hashlib.sha256(body).hexdigest() == one["sha256"]
        assert [column["name"] for column in one["columns"]] == list(exporting.SCHEMAS[table])
    assert schema["files"]["stores"]["rows"] == 12
    manifest = json.loads(busy.shelf.files["exports/manifests/stores.json"])
    assert manifest["fileLocations"] == [{"URIPrefixes": ["s3://sales/exports/stores/"]}]


def test_a_value_of_another_type_stops_the_export() -> None:
    with pytest.raises(ExportTypeError, match=r"stores\.netCents is '12'"):
        exporting.ndjson("stores", [("2025-01-15", "S1", "12", 0, 0, 0, 0, None, 0, 0)])
