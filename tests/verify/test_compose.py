"""Composed replies: every shape in both languages obeys its orders and holds the answer."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from ruamel.yaml import YAML

from support.context import ScriptedContext, in_order
from tanemaki.core.record import Json, Record
from tanemaki.recipes import catalogue
from tanemaki.text.final_answer import marked_answer
from tanemaki.verify.compose import SHAPES, Compose
from tanemaki.verify.formats import broken
from tanemaki.verify.pose import Pose
from tanemaki.verify.problems.catalogue import families

TEXTS = catalogue.texts_of(catalogue.find("exact_format"))
LANGUAGES = ("ja", "en")


def context(language: str, record_id: str) -> ScriptedContext:
    return ScriptedContext(TEXTS[language], in_order([]), step="compose", record_id=record_id)


def composed(language: str, shape: str, k: int, family: str = "cranes_and_turtles") -> dict[str, Json]:
    where = context(language, f"{shape}-{k}")
    posed = Pose((family,))(Record("a", (1,), {}), replace(where, step="pose"))
    return {**posed, **Compose((shape,))(Record("a", (1,), posed), where)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_obeys_its_orders_over_all_families(shape: str, language: str) -> None:
    for k, family in enumerate(families()):
        row = composed(language, shape, k, family)
        assert broken(row["constraints"], row["response"]) == []
        assert row["request"].startswith(row["prompt"])
        assert all(one["wording"] in row["request"] for one in row["constraints"])
        assert 1 <= len(row["constraints"]) <= 3
        assert "{" not in row["request"].replace(row["prompt"], "") or shape == "json_schema"


@pytest.mark.parametrize("language", LANGUAGES)
def test_documents_hold_the_answer_and_the_equations(language: str) -> None:
    answer, steps = ("答え", "手順") if language == "ja" else ("answer", "steps")
    for k in range(20):
        row = composed(language, "json", k)
        read = json.loads(row["response"])
        assert list(read) == [answer, steps]
        assert read[answer] == int(row["answer"])
        assert len(read[steps]) == row["n_steps"]
        loaded = YAML(typ="safe").load(composed(language, "yaml", k)["response"])
        assert list(loaded) == [answer, steps]


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_have_a_line_for_each_step(language: str) -> None:
    for k in range(20):
        row = composed(language, "csv", k)
        lines = list(csv.reader(io.StringIO(row["response"])))
        assert len(lines) == row["n_steps"] + 1
        assert [line[0] for line in lines[1:]] == [str(n) for n in range(1, row["n_steps"] + 1)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_choice_is_right_and_stands_anywhere(language: str) -> None:
    places = set()
    for k in range(60):
        row = composed(language, "one_of", k)
        options = row["constraints"][0]["parameters"]["options"]
        assert len(set(options)) == 5
        assert row["response"] in options
        places.add(options.index(row["response"]))
    assert places == {0, 1, 2, 3, 4}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shape", ["bullets", "numbered", "prose"])
def test_texts_mark_their_answer(shape: str, language: str) -> None:
    for k in range(20):
        row = composed(language, shape, k)
        said = marked_answer(row["response"])
        assert said is not None
        assert row["answer"] in said
