"""What only the probe of forms promises: planted behaviour comes out as planted, over whole runs, in both languages."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.recipe_runs import accepted, rejected, run_recipe
from support.runs import Captured
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.recipes import catalogue
from tanemaki.report.format_tax import report
from tanemaki.verify.format_tax.options import numbered
from tanemaki.verify.format_tax.ways import WAYS, Way, in_form

NAME = "format_tax"
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
OPTIONS = {"families": ["passing_trains"], "levels": [2]}
Item = dict[str, Any]
Says = Callable[[Item, Way], str | Reply]


def way_of(request: Request, language: str) -> Way:
    prompts = catalogue.texts_of(catalogue.find(NAME))[language].prompts
    last = str(request.messages[-1]["content"]).splitlines()[-1]
    (way,) = [one for one in WAYS if prompts[f"{one}_reply"].text.splitlines()[-1] == last]
    return way


def run(folder: Path, language: str, n: int, says: Says, **options: Any) -> list[Item]:
    """Run twice: to learn which items the seed gives, and with the model that knows n of them, each by its number k."""
    some = [{"number": k} for k in range(1, n + 21)]  # a few have answers that are no options
    given = {**OPTIONS, **options}
    run_recipe(NAME, folder / "items", language, some, Captured(lambda _: Reply("?")), options=given)
    there = accepted(folder / "items")
    source = [{"number": number} for number in sorted({row["number"] for row in there})[:n]]
    items = sorted(
        (row for row in there if {"number": row["number"]} in source),
        key=lambda row: (row["number"], row["order"]),
    )
    for k, item in enumerate(items):
        item["k"] = k

    def reply(request: Request) -> Any:
        shown = str(request.messages[-1]["content"])
        (item,) = [one for one in items if f"{one['prompt']}\n\n{numbered(one['options'])}\n" in shown]
        return says(item, way_of(request, language))

    run_recipe(NAME, folder / "run", language, source, Captured(reply), options=given)
    assert rejected(folder / "run") == []
    return accepted(folder / "run")


def in_words(item: Item, place: int, language: str) -> str:
    option = item["options"][place - 1]
    if language == "ja":
        return f"長さと速さから計算します。\nしたがって、答えは{option}で、選択肢の{place}番です。"
    return f"We go by length and speed.\nSo the answer is {option}, which is option {place}."


def in_last_line(item: Item, place: int, language: str) -> str:
    return f"{item['solution']}\n{'答え：' if language == 'ja' else 'Answer: '}{place}"


@EACH_LANGUAGE
def test_a_model_that_is_right_freely_and_in_sixty_per_cent_as_a_number_has_a_tax_of_forty_points(
    language: str, tmp_path: Path
) -> None:
    def says(item: Item, way: Way) -> str:
        right, k = item["right_place"], item["k"]
        if way == "free":
            return in_words(item, right, language)
        if way == "reasoned":
            return in_last_line(item, right, language)
        place = right if k % 5 < 3 else right % 5 + 1
        if k % 10 < 7:
            return str(place)
        return f"{place}番です。" if language == "ja" else f"Option {place}"

    rows = run(tmp_path, language, 40, says)
    assert len(rows) == 40
    (found,) = report(rows).models
    assert [found.right(way).hits for way in WAYS] == [24, 40, 40]
    assert found.tax.value == pytest.approx(0.4)
    assert (found.obeyed("strict").hits, found.obeyed("reasoned").hits) == (28, 40), "seventy per cent obey"
    assert found.unchosen("strict").hits == 0, "what disobeys the form is read all the same"


@EACH_LANGUAGE
def test_a_model_that_always_takes_the_first_place_is_found_by_five_orders(
    language: str, tmp_path: Path
) -> None:
    def says(item: Item, way: Way) -> str:
        return "1" if way == "strict" else in_words(item, item["right_place"], language)

    rows = run(tmp_path, language, 25, says, orders=5)
    assert len(rows) == 125
    (found,) = report(rows).models
    assert found.n_problems == 25
    assert [found.chosen_at("strict", place).hits for place in range(1, 6)] == [125, 0, 0, 0, 0]
    assert [found.chosen_at("free", place).hits for place in range(1, 6)] == [25, 25, 25, 25, 25]
    assert [found.right_at("strict", place).value for place in range(1, 6)] == [1.0, 0.0, 0.0, 0.0, 0.0]
    assert found.preference("strict").p < 1e-15
    assert found.preference("free").p == 1.0
    assert found.right("strict").value == pytest.approx(0.2)
    assert found.obeyed("reasoned").hits == 0, "words alone are not the ordered last line"


@EACH_LANGUAGE
def test_no_row_is_lost_whatever_the_model_says(language: str, tmp_path: Path) -> None:
    said = ["", "…", "1か2です。", "I cannot tell.", "12345", "<think>3</think>", "答え：", "🙂" * 300]

    def says(item: Item, way: Way) -> str | Reply:
        del way
        return Reply("3番", finish_reason="length") if item["k"] % 9 == 8 else said[item["k"] % 9]

    rows = run(tmp_path, language, 18, says)
    assert len(rows) == 18
    assert {row[f"{way}_choice"] for row in rows for way in WAYS} == {None}
    assert {row[f"{way}_why"] for row in rows for way in WAYS} == {"empty", "no_choice", "hedged", "cut"}
    assert not any(row[f"{way}_right"] for row in rows for way in WAYS)
    assert not any(row[f"{way}_obeyed"] for row in rows for way in ("strict", "reasoned"))
    told = report(rows)
    assert [one.model for one in told.models] == ["scripted"], "the lineage tells the model"
    assert "| scripted | strict | cut | 11.1 % (" in told.markdown()


def test_the_most_probable_number_stands_beside_the_written_one(tmp_path: Path) -> None:
    def says(item: Item, way: Way) -> str | Reply:
        if way != "strict":
            return in_words(item, item["right_place"], "ja")
        right = item["right_place"]
        written = right % 5 + 1
        tops = {str(written): 0.4, str(right): 0.3, "１２３４５"[right - 1]: 0.2}
        return Reply(
            str(written),
            logprobs={
                "content": [
                    {
                        "token": str(written),
                        "logprob": math.log(0.4),
                        "top_logprobs": [{"token": one, "logprob": math.log(p)} for one, p in tops.items()],
                    }
                ]
            },
        )

    rows = run(tmp_path, "ja", 10, says, logprobs=True)
    assert not any(row["strict_right"] for row in rows)
    assert all(row["probable_right"] for row in rows), "both ways of writing the right number count together"
    shares = [json.loads(row["option_shares"]) for row in rows]
    assert all(sum(one.values()) == pytest.approx(0.9) for one in shares)
    assert "| mean mass on the five numbers | 0.900 |" in report(rows).markdown()


@EACH_LANGUAGE
def test_the_three_ways_differ_in_their_last_paragraph_alone(language: str) -> None:
    prompts = catalogue.texts_of(catalogue.find(NAME))[language].prompts
    texts = [prompts[f"{way}_reply"].text.strip().split("\n\n") for way in WAYS]
    assert [len(one) for one in texts] == [3, 3, 3]
    assert len({tuple(one[:-1]) for one in texts}) == 1
    assert len({one[-1] for one in texts}) == 3


@EACH_LANGUAGE
def test_the_form_that_the_prompt_shows_is_the_one_that_is_read_and_names_no_option_before_another(
    language: str,
) -> None:
    shown = catalogue.texts_of(catalogue.find(NAME))[language].prompts["reasoned_reply"].text
    form = "答え：N" if language == "ja" else "Answer: N"
    assert form in shown
    assert in_form(f"…\n{form.replace('N', '4')}", "reasoned") == 4
    assert set(re.findall(r"\d", shown)) == {"1", "5"}, "an example would be copied"


def test_log_probabilities_are_asked_of_the_strict_form_alone_and_are_a_capability() -> None:
    plain, measured = (catalogue.load(NAME, "ja", {"logprobs": given}).recipe for given in (False, True))
    assert plain.roles == {"writer": {"chat"}}
    assert measured.roles == {"writer": {"chat", "logprobs"}}
    asking = {spec.name: spec.roles["writer"] for spec in measured.specs if spec.roles}
    assert asking["strict_reply"] == {"chat", "logprobs"}
    assert asking["free_reply"] == asking["reasoned_reply"] == {"chat"}


def test_six_orders_are_refused() -> None:
    with pytest.raises(SetupError, match="5 options have 1 to 5 rotations"):
        catalogue.load(NAME, "ja", {"orders": 6})
