"""Plots: values in their places, text as text, nothing that a text could break."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from tanemaki.report.svg import Mark, bars, intervals, shown

TEXTS = ["", "公平な審査員", "fair judge", "ｶﾀｶﾅ", "ＡＢＣ", "😀", "<b>&\"'", "長" * 500]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("plot", [intervals, bars])
def test_any_label_gives_well_formed_svg_that_holds_it_as_text(text: str, plot: object) -> None:
    assert callable(plot)
    drawn = str(plot(text, [Mark(text, 0.5, 0.4, 0.6, text)]))
    tree = ET.fromstring(drawn)  # noqa: S314 - our own text
    said = [one.text for one in tree.iter("{http://www.w3.org/2000/svg}title")]
    assert said == [text or None], "the whole label is in the tooltip"
    assert "<script" not in drawn
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", ""), "nothing is fetched"


def test_a_value_and_its_interval_lie_where_they_belong() -> None:
    drawn = intervals("x", [Mark("a", 0.5, 0.25, 1.0), Mark("b", 0.0), Mark("c", 1.0)])
    half, zero, one = (float(x) for x in re.findall(r'cx="([\d.]+)"', drawn))
    assert half - zero == pytest.approx(one - half, abs=0.2)
    (span,) = re.findall(r'class="span" x1="([\d.]+)" x2="([\d.]+)"', drawn)
    assert float(span[0]) - zero == pytest.approx((one - zero) / 4, abs=0.2)
    assert float(span[1]) == pytest.approx(one, abs=0.2)


def test_a_long_title_is_not_cut() -> None:
    assert 'width="1024"' in intervals("題" * 70, [Mark("a", 0.5)]), "140 half-widths of 7.2 pixels, and room"
    assert 'width="533"' in intervals("題", [Mark("a", 0.5)])


def test_what_has_no_value_says_so_and_what_is_beyond_the_axis_lies_at_its_end() -> None:
    drawn = intervals("x", [Mark("a", None, note="n = 0"), Mark("b", 7.0), Mark("c", 1.0)])
    assert "no rate, n = 0" in drawn
    beyond, end = re.findall(r'cx="([\d.]+)"', drawn)
    assert beyond == end
    assert intervals("空", []).count("<circle") == 0
    assert "NaN" not in bars("x", [Mark("a", 0.0)], low=0.0, high=0.0)


def test_bars_are_as_long_as_their_values_and_follow_light_and_dark() -> None:
    drawn = bars("費用", [Mark("a", 1.0), Mark("b", 3.0)], high=4.0, percent=False)
    short, long = (float(width) for width in re.findall(r'class="bar"[^>]* width="([\d.]+)"', drawn))
    assert long == pytest.approx(3 * short, abs=0.3)
    assert "prefers-color-scheme:dark" in drawn


@pytest.mark.parametrize(
    ("value", "percent", "told"),
    [(0.0, True, "0 %"), (1.0, True, "100 %"), (0.6666, True, "66.7 %"), (12.5, False, "12.5")],
)
def test_a_value_is_shown_as_people_read_it(value: float, told: str, *, percent: bool) -> None:
    assert shown(value, percent=percent) == told
