"""What only the curriculum promises: every unit in turn, readers that a unit suits, weights, and answers that parse."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from support.context import Asked, in_order, walk
from support.obedient import obey
from support.runs import dataset
from support.server import Server
from tanemaki import Run
from tanemaki.core.errors import SetupError
from tanemaki.core.record import Record
from tanemaki.datasets.coverage import coverage
from tanemaki.recipes import catalogue
from tanemaki.verify.formats import broken

NAME = "curriculum"
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
MARKER = {"ja": "問題：", "en": "Problem: "}
UNIT = {"ja": "単元：", "en": "Unit: "}
PLANTS = {
    "no_marker": "question",
    "leaked_solution": "question",
    "cut": "question",
    "refusal": "answer",
    "empty": "answer",
    "boilerplate": "answer",
    "wrong_language": "answer",
    "disobeyed": "answer",
}


@cache
def tables(language: str) -> Any:
    return catalogue.texts_of(catalogue.find(NAME))[language].tables


@cache
def loaded_with(language: str, options: tuple[tuple[str, Any], ...]) -> catalogue.Loaded:
    return catalogue.load(NAME, language, dict(options))


def drawn(language: str, k: int, seed: int = 0, **options: Any) -> tuple[Record, str]:
    """The row's draws and its first prompt."""
    loaded = loaded_with(language, tuple(options.items()))
    captured: list[Asked] = []
    record = Record(f"row-{k}", (k,), {"number": k})
    end = asyncio.run(walk(loaded.recipe, loaded.texts, record, in_order([""]), captured, seed))
    return end.record, captured[0].text


@EACH_LANGUAGE
def test_the_tree_has_hundreds_of_units_in_all_nine_grades(language: str) -> None:
    units = tables(language)["units"]
    assert len(units) >= 300
    assert len({row["unit"] for row in units}) == len(units)
    grades = Counter(row["grade"] for row in units)
    assert len(grades) == 9
    assert min(grades.values()) >= 20
    assert len({row["subject"] for row in units}) >= 10
    assert all(cell == cell.strip() and cell for row in units for cell in row.values())
    suited = {grade for row in tables(language)["levels"] for grade in row["grades"].split()}
    assert suited == set(grades)
    assert len(tables(language)["levels"]) == 17
    for row in tables(language)["formats"]:
        assert isinstance(json.loads(row["constraints"]), list)


@EACH_LANGUAGE
def test_every_unit_comes_once_before_any_comes_twice(language: str) -> None:
    """Fault 9: a choice made once for a whole process."""
    units = tables(language)["units"]
    n = len(units)
    first = [drawn(language, k)[0] for k in range(1, n + 1)]
    assert sorted(row["unit"] for row in first) == sorted(row["unit"] for row in units)
    again = [drawn(language, n + k)[0]["unit"] for k in range(1, 41)]
    assert len(set(again)) == 40
    assert sum(a == b["unit"] for a, b in zip(again, first, strict=False)) <= 3
    told = coverage(
        [row.fields for row in first], ("unit", "level", "format"), {"unit": [row["unit"] for row in units]}
    )
    assert told.empty("unit") == []
    assert sum(told.cells.values()) == n
    suits = {row["level"]: set(row["grades"].split()) for row in tables(language)["levels"]}
    assert all(row["grade"] in suits[row["level"]] for row in first)
    other = [drawn(language, k, shuffle=1)[0]["unit"] for k in range(1, 41)]
    assert sum(a == b["unit"] for a, b in zip(other, first, strict=False)) <= 3


@EACH_LANGUAGE
def test_forms_and_numbers_are_drawn_with_their_weights(language: str) -> None:
    """The statistic is compared with the 99.9 % point of χ²; JSON and YAML weigh 6, CSV 3."""
    n = 1_500
    rows = [drawn(language, k)[0] for k in range(1, n + 1)]
    weights = {row["format"]: float(row["weight"]) for row in tables(language)["formats"]}
    assert (weights["JSON"], weights["YAML"], weights["CSV"]) == (6, 6, 3)
    found, total = Counter(row["format"] for row in rows), sum(weights.values())
    chi = sum((found[name] - n * w / total) ** 2 / (n * w / total) for name, w in weights.items())
    degrees = len(weights) - 1
    assert chi < degrees * (1 - 2 / (9 * degrees) + 3.09 * (2 / (9 * degrees)) ** 0.5) ** 3  # Wilson-Hilferty
    given = [list(map(int, re.findall(r"\d+", row["numbers"]))) for row in rows]
    assert abs(sum(map(bool, given)) / n - 0.5) < 0.05
    counts = Counter(len(one) for one in given if one)
    assert set(counts) == {1, 2, 3, 4, 5}
    assert min(counts.values()) > 0.14 * sum(counts.values())
    assert {min(min(one) for one in given if one), max(max(one) for one in given if one)} == {1, 100}


@EACH_LANGUAGE
def test_neighbouring_seeds_share_no_more_draws_than_chance(language: str) -> None:
    """Fault 10: adjacent seeds made jobs repeat each other. Units come in turn; reader, form and numbers are drawn."""
    prompts = [[drawn(language, k, seed)[1] for k in range(1, 61)] for seed in range(4)]
    for one, other in pairwise(prompts):
        assert sum(a == b for a, b in zip(one, other, strict=True)) <= 3


@EACH_LANGUAGE
def test_no_numbers_or_always_numbers_where_that_is_wanted(language: str) -> None:
    assert {drawn(language, k, numbers_share=0)[0]["numbers"] for k in range(1, 30)} == {
        {"ja": "なし", "en": "none"}[language]
    }
    assert all(re.search(r"\d", drawn(language, k, numbers_share=1)[0]["numbers"]) for k in range(1, 30))


@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_an_impossible_share_is_a_setup_error(share: float) -> None:
    with pytest.raises(SetupError, match="the share of rows with numbers goes from 0 to 1"):
        catalogue.load(NAME, "ja", {"numbers_share": share})


class Author:
    """Writes problems that hold their number, and answers that obey the form named in the request."""

    def __init__(self, language: str, spoil: Callable[[int], str | None]) -> None:
        self.language, self.spoil = language, spoil
        self.forms = {
            row["answer_form"]: json.loads(row["constraints"]) for row in tables(language)["formats"]
        }
        self.n_repairs = 0

    def say(self, body: dict[str, Any]) -> Any:
        text = str(body["messages"][-1]["content"])
        found = re.search(rf"^{UNIT[self.language]}(.+)$", text, re.MULTILINE)
        if found is not None:
            return self._question(found[1])
        return self._answer(text)

    def _units(self) -> Any:
        return tables(self.language)["units"]

    def _question(self, unit: str) -> Any:
        plant = self.spoil(self._place(unit))
        body = {
            "ja": "＜{}＞について学んだ大切な考えを説明してください。",
            "en": "Explain the main idea of <{}> to a friend.",
        }
        text = MARKER[self.language] + body[self.language].format(unit)
        if plant == "no_marker":
            return text.removeprefix(MARKER[self.language].strip())
        if plant == "leaked_solution":
            return (
                MARKER[self.language]
                + {"ja": "数は。\n答え：三つ", "en": "Why?\nAnswer: Three."}[self.language]
            )
        return {"text": text[:12], "finish_reason": "length"} if plant == "cut" else text

    def _place(self, unit: str) -> int:
        return next(at for at, row in enumerate(self._units()) if row["unit"] == unit)

    def _answer(self, text: str) -> Any:
        quoted = re.search(
            {"ja": "＜([^＜＞]+)＞について", "en": "<([^<>]+)> to a friend"}[self.language], text
        )
        assert quoted is not None
        plant = self.spoil(self._place(quoted[1]))
        form = next(form for form in self.forms if form in text)
        constraints = self.forms[form]
        filled = [
            {**one, "parameters": {"n_rows": 2, "fence": True, **one.get("parameters", {})}}
            for one in constraints
        ]
        good = (
            obey(filled, self.language)
            if constraints
            else {"ja": "うみはあおいです。", "en": "The sea is blue."}[self.language]
        )
        repairing = {"ja": "検査の結果", "en": "What the check found"}[self.language] in text
        if repairing:
            self.n_repairs += 1
            return good
        spoilt = {
            "refusal": {
                "ja": "申し訳ありませんが、お答えできません。",
                "en": "I'm sorry, but I can't assist with that request.",
            },
            "empty": {"ja": " ", "en": "\n"},
            "boilerplate": {"ja": "承知しました。以下に説明します。", "en": "Sure! Here is the answer:\n"},
            "wrong_language": {
                "ja": "The sea is blue and the sky is high.",
                "en": "うみはとてもあおいです。",
            },
        }
        if plant == "disobeyed":
            word = {"ja": "うみです。", "en": "The sea."}[self.language]
            return word * 200 if "chars_at_most" in str(constraints) else word if constraints else good
        return spoilt[plant][self.language] if plant in spoilt else good


def run_of(language: str, folder: Path, rows: list[dict[str, Any]], author: Author, **more: Any) -> Run:
    with Server(reply=author.say) as server:
        run = Run(
            recipe=NAME, language=language, source=rows, output=str(folder), seed=3, options=more.pop("options", {}),
            models={"writer": {"endpoint": server.url, "name": "tane", "concurrency": more.pop("concurrency", 8)}},
            limits={"failed_share": None, "accepted_share": None}, **more,
        )  # fmt: skip
        run.start()
    return run


def planted(place: int) -> str | None:
    names = list(PLANTS)
    return names[place // 3 % len(names)] if place % 3 == 0 else None


@EACH_LANGUAGE
def test_of_three_hundred_rows_each_plant_lands_in_its_reason_and_what_is_kept_parses(
    language: str, tmp_path: Path
) -> None:
    """Fault 18: rows are neither lost nor doubled."""
    rows = [{"number": k} for k in range(1, 301)]
    author = Author(language, planted)
    run = run_of(language, tmp_path / "r", rows, author)
    kept, rejected = dataset(tmp_path / "r"), list(run.rejected())
    assert sorted([row["number"] for row in kept] + [one.fields["number"] for one in rejected]) == list(
        range(1, 301)
    )
    place = {row["unit"]: at for at, row in enumerate(tables(language)["units"])}
    for row in kept:
        constraints = (
            json.loads(row["constraints"]) if isinstance(row["constraints"], str) else row["constraints"]
        )
        assert planted(place[row["unit"]]) is None or (
            planted(place[row["unit"]]) == "disobeyed" and not constraints
        )
        assert broken(constraints, row["answer"]) == []
        assert row["messages"][0]["content"].startswith(row["question"])
        assert (row["messages"][0]["content"] == row["question"]) is (not constraints)
    seen: Counter[str] = Counter()
    for one in rejected:
        plant = planted(place[one.fields["unit"]])
        assert plant is not None, (one.reason, one.note, one.fields)
        seen[plant] += 1
        assert one.step == PLANTS[plant]
        if plant == "disobeyed":
            assert str(one.reason).startswith("wrong_")
            assert str(one.note).split(":")[0] in {order["name"] for order in one.fields["constraints"]}
        elif one.reason != plant:
            assert plant == "wrong_language"  # an order of the form is named first where it is broken, too
            assert "reply_language: " in str(one.note)
    assert set(seen) == set(PLANTS)
    told = coverage(kept, ("subject", "format"))
    assert sum(told.cells.values()) == len(kept)


def test_one_repair_mends_an_answer_that_is_not_in_its_form(tmp_path: Path) -> None:
    rows = [{"number": k} for k in range(1, 61)]
    author = Author("ja", lambda place: "disobeyed" if place % 2 else None)
    run = run_of("ja", tmp_path / "r", rows, author, options={"repair": True})
    kept = dataset(tmp_path / "r")
    assert len(kept) == 60
    assert list(run.rejected()) == []
    assert sum(row["repaired"] for row in kept) == author.n_repairs > 3


def test_the_same_rows_at_any_concurrency_and_in_reverse(tmp_path: Path) -> None:
    rows = [{"number": k} for k in range(1, 61)]
    told = []
    for name, source, n in (("one", rows, 1), ("eight", rows, 8), ("back", rows[::-1], 8)):
        run = run_of("ja", tmp_path / name, source, Author("ja", planted), concurrency=n)
        told.append(
            {
                row["number"]: (row["unit"], row["level"], str(row["messages"]))
                for row in dataset(tmp_path / name)
            }
            | {one.fields["number"]: (one.reason, one.note) for one in run.rejected()}
        )
    assert len(told[0]) == 60
    assert told[0] == told[1] == told[2]
