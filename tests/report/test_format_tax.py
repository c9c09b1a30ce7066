"""The report on the format tax: planted values come out, intervals are those of the books, nothing is silent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tanemaki.core.errors import DataError
from tanemaki.report.format_tax import report
from tanemaki.report.format_tax_measured import paired_difference
from tanemaki.verify.format_tax.ways import FIXED, WAYS, Way

Row = dict[str, Any]
Voice = Callable[[int, Way, int], int | None]
"""Number of the item, way and right place → what is chosen."""
OPTIONS = ["43脚", "33脚", "53脚", "45脚", "44脚"]


def rows(
    n: int, voice: Voice, *, orders: int = 1, model: str = "種", obeys: Callable[[int], bool] = bool
) -> list[Row]:
    """Return rows of n problems; the first order of problem k has the right one, 43脚, at place k modulo 5."""
    found = []
    for k in range(n):
        for order in range(orders):
            turn = (order - k) % 5
            options = [*OPTIONS[turn:], *OPTIONS[:turn]]
            right = options.index("43脚") + 1
            row: Row = {"prompt": f"問{k}", "options": options, "right_place": right, "model_name": model}
            for way in WAYS:
                place = voice(k, way, right)
                row |= {f"{way}_choice": place, f"{way}_why": None if place else "hedged"}
            found.append(row | {f"{way}_obeyed": obeys(k) for way in FIXED})
    return found


def taxed(share: float, n: int) -> Voice:
    """Right in free text and with reasons always, in the strict form in this share of n."""
    return lambda k, way, right: right if way != "strict" or k < share * n else right % 5 + 1


def line(markdown: str, begins: str) -> list[str]:
    (found,) = [one for one in markdown.splitlines() if one.startswith(f"| {begins} |")]
    return [cell.strip() for cell in found.strip("|").split("|")][1:]


def test_a_planted_tax_of_forty_points_is_told_with_its_interval() -> None:
    told = report(rows(20, taxed(0.6, 20))).markdown()
    assert line(told, "right, free") == ["100 % (83.9 % to 100 %, n = 20)"]
    assert line(told, "right, strict") == ["60 % (38.7 % to 78.1 %, n = 20)"]
    # by hand: Wilson's ends are 0.838875 of 20/20, 0.386581 and 0.781193 of 12/20, and one share does not vary:
    # 0.4 - √(0.161125² + 0.181193²) and 0.4 + 0.213419
    assert line(told, "format tax (free - strict)") == ["+40 (+15.8 to +61.3) points"]
    assert line(told, "reasoned - strict") == ["+40 (+15.8 to +61.3) points"]


def test_no_tax_is_told_as_none_with_an_interval_that_is_not_a_point() -> None:
    (found,) = report(rows(20, taxed(1.0, 20))).models
    assert found.tax.value == 0.0
    # by hand: both shares are 20 of 20, 0.161125 from their lower ends
    assert found.tax.low == pytest.approx(-0.161125, abs=1e-6)
    assert found.tax.high == pytest.approx(0.161125, abs=1e-6)


@pytest.mark.parametrize(
    ("table", "interval", "off"),
    [
        # by hand: Wilson's ends are 0.5014 and 0.7586 of 32/50, 0.3116 and 0.5770 of 22/50, the correlation is
        # (20 × 16 - 12 × 2 - 25) ÷ √(32 × 18 × 22 × 28) = 0.4550
        ((20, 12, 2, 16), (0.0562, 0.3292), 5e-5),
        # Altman, Machin, Bryant and Gardner, "Statistics with Confidence" (2000), table 6.2
        ((14, 5, 0, 22), (0.011, 0.226), 5e-4),
    ],
)
def test_paired_intervals_are_those_of_the_method(
    table: tuple[int, ...], interval: tuple[float, float], off: float
) -> None:
    pairs = [pair for n, pair in zip(table, ((True, True), (True, False), (False, True), (False, False)), strict=True)
             for _ in range(n)]  # fmt: skip
    found = paired_difference([(str(k), *pair) for k, pair in enumerate(pairs)])
    assert found.low == pytest.approx(interval[0], abs=off)
    assert found.high == pytest.approx(interval[1], abs=off)


def test_five_orders_of_a_problem_do_not_count_as_five_problems() -> None:
    once = report(rows(20, taxed(0.6, 20))).models[0].tax
    five = report(rows(20, taxed(0.6, 20), orders=5)).models[0].tax
    assert five.value == once.value
    assert once.low is not None
    assert once.high is not None
    assert five.low == pytest.approx(once.low, abs=0.01)
    assert five.high == pytest.approx(once.high, abs=0.01)


def test_a_model_that_always_takes_the_first_place_is_told() -> None:
    found = report(rows(30, lambda _, way, right: 1 if way == "strict" else right, orders=5))
    (model,) = found.models
    assert [model.chosen_at("strict", place).value for place in range(1, 6)] == [1.0, 0.0, 0.0, 0.0, 0.0]
    assert [model.right_at("strict", place).value for place in range(1, 6)] == [1.0, 0.0, 0.0, 0.0, 0.0]
    assert model.right("strict").value == 0.2
    assert model.tax.value == pytest.approx(0.8)
    assert (model.same_option("strict").value, model.same_option("free").value) == (0.0, 1.0)
    told = found.markdown()
    assert "| 種 | strict | 120.0 (4) | below 0.001 | 0 % (0 % to 11.4 %, n = 30) |" in told
    assert "| 種 | free | 0.0 (4) | 1.000 | 100 % (88.6 % to 100 %, n = 30) |" in told
    assert "are rough" not in told


def test_with_few_problems_the_test_of_places_says_that_it_is_rough() -> None:
    assert "With fewer than 25 problems χ² and p are rough." in report(rows(24, taxed(0.5, 24))).markdown()
    assert "are rough" not in report(rows(25, taxed(0.5, 25))).markdown()


def test_what_could_not_be_read_is_wrong_and_is_told_apart() -> None:
    found = report(
        rows(10, lambda k, way, right: None if way == "strict" and k < 3 else right, obeys=lambda k: k >= 3)
    )
    told = found.markdown()
    assert line(told, "right, strict")[0].startswith("70 % (")
    assert line(told, "form obeyed, strict")[0].startswith("70 % (")
    assert line(told, "right where the form was obeyed, strict") == ["100 % (64.6 % to 100 %, n = 7)"]
    assert line(told, "no choice, strict")[0].startswith("30 % (")
    assert "| 種 | strict | hedged | 30 % (10.8 % to 60.3 %, n = 10) |" in told


def test_models_stand_side_by_side_by_name() -> None:
    both = [*rows(10, taxed(0.5, 10), model="松"), *rows(10, taxed(0.9, 10), model="<b>竹|")]
    found = report(both)
    assert [one.model for one in found.models] == ["<b>竹|", "松"]
    told = found.markdown()
    assert [cell.split(" (")[0] for cell in line(told, "format tax (free - strict)")] == ["+10", "+50"]
    page = found.html()
    assert page.startswith("<!doctype html>")
    assert page.count("<svg") == 6
    for sign in ("<script", "<b>", "src=", "href="):
        assert sign not in page


def test_probabilities_stand_beside_what_was_written() -> None:
    given = rows(10, taxed(0.5, 10))
    for k, row in enumerate(given):
        right = row["right_place"]
        row["option_shares"] = (
            {str(right): 0.5, str(right % 5 + 1): 0.25} if k < 8 else {str(right % 5 + 1): 0.375}
        )
        row["probable_choice"] = right if k < 8 else right % 5 + 1
    told = report(given).markdown()
    assert line(told, "right, most probable number")[0].startswith("80 % (")
    assert line(told, "right, as written")[0].startswith("50 % (")
    # the first five are right both ways, the last two are wrong both ways
    assert line(told, "the most probable number is the one that was written")[0].startswith("70 % (")
    assert line(told, "mean mass on the five numbers") == ["0.675"]  # (8 × 0.75 + 2 × 0.375) ÷ 10
    assert line(told, "mass below one half")[0].startswith("20 % (")
    assert "By probability" not in report(rows(5, taxed(1, 5))).markdown()


def test_no_rows_and_no_choices_have_a_report() -> None:
    """Fault 25: what was never measured divided by zero."""
    assert "| items asked in three ways |" in report([]).markdown()
    assert "<h1>" in report([]).html()
    silent = report(rows(3, lambda *_: None))
    told = silent.markdown()
    assert line(told, "no choice, free")[0].startswith("100 % (")
    assert "| 種 | strict | 1 | no rate (n = 0) |" in told
    assert line(told, "format tax (free - strict)")[0].startswith("+0 (")
    assert "no rate" in silent.html()


def test_rows_of_another_recipe_are_refused() -> None:
    with pytest.raises(DataError, match="rows of a run of the recipe format_tax have it"):
        report([{"prompt": "問い", "options": OPTIONS}])


def test_nothing_tells_why_nothing_was_chosen_where_every_reply_chose() -> None:
    assert "Why nothing was chosen" not in report([]).markdown()
