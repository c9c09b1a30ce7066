from __future__ import annotations

import json
from pathlib import Path

import pytest

from tanemaki.recipes import catalogue
from tanemaki.run.rehearse import check_golden


@pytest.mark.parametrize("name", catalogue.names())
def test_the_golden_rows_of_every_recipe_end_as_they_say(name: str) -> None:
    folder = catalogue.find(name).path
    assert (folder / "golden.jsonl").is_file()
    assert check_golden(folder) == []


RECIPE = '''"""Test."""
from tanemaki.core.recipe import Recipe
from tanemaki.core.verdict import Reject

async def answer(question, *, writer):
    text = (await writer(question)).text
    return Reject("empty") if not text else text

RECIPE = Recipe(needs=("question",), steps=(answer,))
'''
GOOD = {
    "name": "良い例",
    "language": "ja",
    "id": "a1",
    "fields": {"question": "空の色は？"},
    "replies": ["青です。"],
}


def folder_with(tmp_path: Path, **row: object) -> Path:
    (tmp_path / "recipe.py").write_text(RECIPE, encoding="utf-8")
    (tmp_path / "golden.jsonl").write_text(
        json.dumps({**GOOD, **row}, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"expected": {"question": "空の色は？", "answer": "青です。"}}, None),
        ({"expected": {"question": "空の色は？", "answer": "赤です。"}}, "field 'answer' is '青です。'"),
        ({"expected": {"question": "空の色は？", "answer": "青です。", "more": 1}}, "field 'more' is None"),
        ({"expected": {}, "replies": []}, "step 'answer' needs more replies than the row has"),
        ({"expected": {}, "replies": ["青です。", "赤です。"]}, "1 replies were not asked for"),
        ({"expected": {}, "replies": [""]}, "rejected by 'answer': Reject(reason='empty'"),
        ({"rejected": {"step": "answer", "reason": "empty"}, "replies": [""]}, None),
        (
            {"rejected": {"step": "answer", "reason": "cut"}, "replies": [""]},
            "expected ('answer', 'cut'), got ('answer', 'empty')",
        ),
        ({"rejected": {"step": "answer", "reason": "cut"}}, "got an accepted record"),
    ],
)
def test_a_golden_row_that_ends_otherwise_is_told(
    tmp_path: Path, row: dict[str, object], told: str | None
) -> None:
    found = check_golden(folder_with(tmp_path, **row))
    if told is None:
        assert found == []
    else:
        assert len(found) == 1
        assert told in found[0]
        assert found[0].startswith("良い例: ")


SEVERAL = '''"""Test."""
from tanemaki.core.recipe import Recipe
from tanemaki.core.verdict import Reject
from tanemaki.generate.pool import IntoPool
from tanemaki.generate.several import AskSeveral, Complete

def length(answer) -> int:
    return len(answer)

RECIPE = Recipe(
    needs=("question",),
    steps=(AskSeveral("answer", of="writer", given=("question",), n=2), Complete("answer"), length),
)
'''
ROWS = [{"id": "a", "fields": {"question": "空の色は？"}}, {"id": "b", "fields": {"question": "雪の色は？"}}]


def accepted(question: str, answer: str, length: int) -> dict[str, object]:
    fields = {"question": question, "answer": answer, "answer_finish": "stop", "length": length}
    return {"expected": fields}


EMPTY = {"rejected": {"step": "complete_answer", "reason": "empty", "note": ""}}
ENDS = [
    accepted("空の色は？", "青です。", 4),
    EMPTY,
    accepted("雪の色は？", "白。", 2),
    accepted("雪の色は？", "まっ白。", 4),
]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({}, None),
        ({"replies": ["青です。", "", "白。"]}, "step 'answer' needs more replies than the row has"),
        ({"replies": ["青です。", "", "白。", "まっ白。", "雪。"]}, "1 replies were not asked for"),
        ({"replies": ["青です。", "", "白。", "白い。"]}, "record 2.2: field 'answer' is '白い。'"),
        (
            {"replies": ["青です。", "赤。", "白。", "まっ白。"]},
            "record 1.2: expected ('complete_answer', 'empty'), got an",
        ),
        ({"ends": ENDS[:3]}, "4 records ended, not 3"),
    ],
)
def test_a_golden_row_may_hold_several_records_and_their_children(
    tmp_path: Path, row: dict[str, object], told: str | None
) -> None:
    (tmp_path / "recipe.py").write_text(SEVERAL, encoding="utf-8")
    prompts = tmp_path / "prompts" / "ja"
    prompts.mkdir(parents=True)
    (prompts / "answer.md").write_text("<!-- x -->\n{{ question }}\n", encoding="utf-8")
    good = {"name": "二件", "language": "ja", "rows": ROWS, "replies": ["青です。", "", "白。", "まっ白。"]}
    line = json.dumps({**good, "ends": ENDS, **row}, ensure_ascii=False)
    (tmp_path / "golden.jsonl").write_text(line + "\n", encoding="utf-8")
    found = check_golden(tmp_path)
    assert len(found) == (told is not None)
    for one in found:
        assert told is not None
        assert one.startswith("二件: ")
        assert told in one
