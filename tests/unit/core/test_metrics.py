"""A business metric is one line of the log in CloudWatch's embedded format."""

from __future__ import annotations

import json

import pytest

from chalicelib.core.metrics import measured


def test_a_value_is_one_line_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    measured("tickets", "Confidence", 83.5, "Percent")
    line = json.loads(capsys.readouterr().out)
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "Signalbox"
    assert directive["Dimensions"] == [["service"]]
    assert directive["Metrics"] == [{"Name": "Confidence", "Unit": "Percent"}]
    assert (line["service"], line["Confidence"]) == ("tickets", [83.5])


def test_an_invented_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="Furlongs"):
        measured("tickets", "Confidence", 1, "Furlongs")
