"""Tags: forms that are read strictly, scales, and the language without a call."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.texts import turn
from tanemaki.core.errors import DataError, RecipeError
from tanemaki.core.record import Record
from tanemaki.core.step import spec_of
from tanemaki.core.structured import Schema, WrongSchema
from tanemaki.core.verdict import Reject
from tanemaki.judge.tags import (
    CATEGORIES,
    CATEGORY,
    DIFFICULTIES,
    DIFFICULTY,
    HAZARDS,
    QUALITIES,
    QUALITY,
    SAFETY,
    AtLeast,
    LanguageTag,
)

GOOD: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (DIFFICULTY, {"intent": "知りたい", "knowledge": "暦", "difficulty": "very hard"}),
    (QUALITY, {"quality_explanation": "clear", "input_quality": "average"}),
    (CATEGORY, {"task_category": "Math", "other_task_category": ["Reasoning"]}),
    (CATEGORY, {"task_category": "Others", "other_task_category": []}),
    (SAFETY, {"hazards": [], "safety": "safe"}),
    (SAFETY, {"hazards": ["crime", "hate"], "safety": "unsafe"}),
]
BAD: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (DIFFICULTY, {"intent": "a", "knowledge": "b", "difficulty": "Very hard"}),
    (DIFFICULTY, {"intent": "a", "knowledge": "b", "difficulty": "難しい"}),
    (DIFFICULTY, {"intent": "a", "knowledge": "b", "difficulty": "[very easy/easy/medium/hard/very hard]"}),
    (DIFFICULTY, {"intent": "", "knowledge": "b", "difficulty": "easy"}),
    (DIFFICULTY, {"intent": "a", "difficulty": "easy"}),
    (QUALITY, {"quality_explanation": "x", "input_quality": "4"}),
    (QUALITY, {"quality_explanation": "x", "input_quality": "good", "score": 4}),
    (CATEGORY, {"task_category": "Maths", "other_task_category": []}),
    (CATEGORY, {"task_category": "Math", "other_task_category": ["Math", "Math"]}),
    (CATEGORY, {"task_category": "Math", "other_task_category": list(CATEGORIES[:4])}),
    (CATEGORY, {"task_category": "Math", "other_task_category": None}),
    (SAFETY, {"hazards": [], "safety": "maybe"}),
    (SAFETY, {"hazards": ["theft"], "safety": "unsafe"}),
]


@pytest.mark.parametrize(("form", "said"), GOOD)
def test_a_reply_of_the_form_is_read(form: dict[str, Any], said: dict[str, Any]) -> None:
    text = f"Here it is:\n```json\n{json.dumps(said, ensure_ascii=False)}\n```"
    assert Schema.of(form).read(text) == said


@pytest.mark.parametrize(("form", "said"), BAD)
def test_anything_else_is_no_tag(form: dict[str, Any], said: dict[str, Any]) -> None:
    with pytest.raises(WrongSchema):
        Schema.of(form).read(json.dumps(said, ensure_ascii=False))


def test_two_tags_in_one_reply_are_none() -> None:
    both = '{"hazards": [], "safety": "safe"} or {"hazards": [], "safety": "unsafe"}'
    with pytest.raises(WrongSchema, match="2 different objects"):
        Schema.of(SAFETY).read(both)


def test_the_scales_have_five_levels_and_the_tags_are_twelve() -> None:
    assert (len(DIFFICULTIES), len(QUALITIES), len(CATEGORIES), len(HAZARDS)) == (5, 5, 12, 11)
    assert CATEGORIES[-1] == "Others"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("葛湯の作り方は？", "ja"),
        ("How do I make tea?", "en"),
        ("¿Cómo estás?", "other"),
        ("123", "undetermined"),
        ("", "undetermined"),
        ("🍵", "undetermined"),
        ("ｶﾀｶﾅとは何ですか", "ja"),
        ("Pythonでlistを逆順にするには？", "ja"),
    ],
)
def test_the_language_is_told_without_a_call(text: str, language: str) -> None:
    step = LanguageTag("text")
    assert step(turn(text)) == {"language": language}
    assert not spec_of(step).roles
    assert spec_of(LanguageTag("text", writes_to="lang")).writes == {"lang": "text"}


@pytest.mark.parametrize("lowest", QUALITIES)
def test_a_tag_is_kept_from_its_level_on(lowest: str) -> None:
    keep = AtLeast("input_quality", QUALITIES, lowest)
    for tag in QUALITIES:
        given = Record("a", (1,), {"input_quality": tag})
        if QUALITIES.index(tag) >= QUALITIES.index(lowest):
            assert keep(given) is given
        else:
            assert keep(given) == Reject("below", tag, lowest)


@pytest.mark.parametrize("tag", [None, "", "Good", "よい", 4])
def test_a_missing_tag_is_no_low_one(tag: object) -> None:
    """Fault 14's kin: what was not rated does not get a value in the middle."""
    with pytest.raises(DataError, match="is not on its scale"):
        AtLeast("input_quality", QUALITIES, "poor")(Record("a", (1,), {"input_quality": tag}))


def test_a_limit_beside_the_scale_is_refused() -> None:
    with pytest.raises(RecipeError, match="'goood' is not on the scale") as found:
        AtLeast("input_quality", QUALITIES, "goood")
    assert found.value.next == "did you mean 'good'?"
