"""Names in any script, counts in little room, and hours that say too little to be coloured."""

from __future__ import annotations

import pytest
from reportlab.graphics.shapes import Rect, String

from chalicelib.campaigns.adapters.pdf_report.charts import MOST_ZONES, Bar, bars, hour_map, short
from chalicelib.campaigns.adapters.pdf_report.style import PAPER, duration
from chalicelib.campaigns.domain.figures import HourFigures
from chalicelib.core.pdf.text import load_fonts, markup, shaped


@pytest.fixture(autouse=True)
def fonts() -> None:
    load_fonts()


def test_arabic_letters_are_joined_and_run_from_right_to_left() -> None:
    meem_initial, reh_final, hah_initial, beh_medial, alef_final = "\ufee3", "\ufeae", "\ufea3", "\ufe92", "\ufe8e"
    assert (
        shaped("\u0645\u0631\u062d\u0628\u0627")
        == alef_final + beh_medial + hah_initial + reh_final + meem_initial
    )


def test_hebrew_runs_are_turned_and_numbers_in_them_are_not() -> None:
    assert shaped("Plan \u05d0\u05d1\u05d2 2026 x") == "Plan 2026 \u05d2\u05d1\u05d0 x"
    assert shaped("\u05d0\u05d1 12.5% (\u05d2)") == "(\u05d2) 12.5% \u05d1\u05d0"
    assert shaped("(\u05d0\u05d112)") == "(12\u05d1\u05d0)"


@pytest.mark.parametrize("name", ["\u0644\u0627", "\u0627\u0644\u0644\u0647", "\u067e\u0686\u0698\u06af"])
def test_every_joined_letter_is_in_the_font(name: str) -> None:
    assert "\u25a1" not in markup(name)


def test_text_from_left_to_right_is_left_as_it_is() -> None:
    assert shaped("Grüße 2026, весна") == "Grüße 2026, весна"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a <b> & c", "a &lt;b&gt; &amp; c"),
        ("春季", '<font name="STSong-Light">春季</font>'),
        ("x キャ", 'x <font name="HeiseiKakuGo-W5">キャ</font>'),
        ("한국", '<font name="HYGothic-Medium">한국</font>'),
        ("party 🎉\u200d\ufe0f", "party □"),
        ("two\n\tlines\x00", "two lines"),
    ],
)
def test_each_run_gets_a_font_that_has_its_signs(text: str, found: str) -> None:
    assert markup(text) == found


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (9_999, "9,999"), (12_345, "12k"), (999_999, "999k"), (1_999_999, "1M"), (5_000_000_000, "5bn")],
)
def test_counts_are_cut_and_never_rounded_up(number: int, text: str) -> None:
    assert short(number) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59, "59 s"), (61, "1 min 01 s"), (3_725, "1 h 02 min"), (4e6, "1,111 h 06 min")],
)
def test_durations_are_said_as_people_say_them(seconds: float, text: str) -> None:
    assert duration(int(seconds)) == text


def test_bars_stay_within_their_width_and_zero_has_none() -> None:
    drawing = bars([Bar("label", 10**15, "(100.0 %)"), Bar("other", 0), Bar("little", 1)], 240)
    drawn = [shape for shape in drawing.contents if isinstance(shape, Rect)]
    assert len(drawn) == 2
    assert all(shape.x + shape.width < 240 for shape in drawn)


def hour(zone: str, calls: int, live: int, at: int = 9) -> HourFigures:
    return HourFigures(zone, at, calls, live, live / calls)


def test_an_hour_with_few_calls_is_written_but_not_coloured() -> None:
    drawing = hour_map([hour("A/Few", 2, 2), hour("A/Many", 200, 50)], 300)
    fills = [shape.fillColor for shape in drawing.contents if isinstance(shape, Rect)]
    texts = [shape.text for shape in drawing.contents if isinstance(shape, String)]
    assert fills.count(PAPER) == 1
    assert {"100%", "25%", "2", "200"} <= set(texts)


def test_zones_beyond_the_page_are_added_up_in_one_row() -> None:
    drawing = hour_map([hour(f"Z/{n:02}", 100 + n, n) for n in range(MOST_ZONES + 5)], 400)
    texts = [shape.text for shape in drawing.contents if isinstance(shape, String)]
    assert "6 other zones" in texts
    assert short(sum(100 + n for n in range(6))) in texts
