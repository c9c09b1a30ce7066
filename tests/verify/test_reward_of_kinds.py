"""One reward for a mixture: every kind of row scores its own right reply 1.0 and a wrong one 0.0."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from tanemaki import Run
from tanemaki.verify.reward import reward


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    run = Run(
        recipe="mixed_verified",
        language="ja",
        rows=240,
        seed=3,
        source={"kind": "count"},
        output=str(tmp_path_factory.mktemp("mixed") / "run"),
    )
    run.start()
    return list(run.rows())


def scored(rows: list[dict[str, Any]], replies: list[Any]) -> list[float]:
    columns = {name: [row[name] for row in rows] for name in rows[0] if name not in ("answer", "answer_kind")}
    prompts = [row["messages"][:1] for row in rows]
    keys = {"answer": [row["answer"] for row in rows], "answer_kind": [row["answer_kind"] for row in rows]}
    return reward(replies, prompts=prompts, **keys, **columns)


def test_the_own_reply_of_every_row_is_right(rows: list[dict[str, Any]]) -> None:
    assert set(Counter(row["kind"] for row in rows)) == {"maths", "logic", "formats", "code"}
    own = [row["messages"][-1:] for row in rows]
    wrong = [
        (row["kind"], row["shape"], row["answer"])
        for row, one in zip(rows, scored(rows, own), strict=True)
        if one != 1
    ]
    assert wrong == []


def test_the_reply_of_another_row_is_wrong(rows: list[dict[str, Any]]) -> None:
    exchanged = [row["messages"][-1]["content"] for row in [*rows[7:], *rows[:7]]]
    right = [
        row for row, one in zip(rows, scored(rows, exchanged), strict=True) if one and row["kind"] == "code"
    ]
    assert right == []
    # Two problems may have the same small number as their answer.
    assert sum(scored(rows, exchanged)) < len(rows) / 20


@pytest.mark.parametrize("reply", ["", "わかりません。", "def f(): pass", "{}", "答え：0か1"])
def test_nonsense_is_worth_nothing(rows: list[dict[str, Any]], reply: str) -> None:
    assert sum(scored(rows, [reply] * len(rows))) == 0


def test_columns_that_hold_json_text_are_read(rows: list[dict[str, Any]]) -> None:
    code = next(row for row in rows if row["kind"] == "code")
    texts = {**code, "tests": json.dumps(code["tests"])}
    assert scored([texts], [code["solution"]]) == [1.0]
