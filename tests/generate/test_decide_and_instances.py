from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from support.context import Asked, ScriptedContext, in_order
from tanemaki.core.model import Reply
from tanemaki.core.record import Json, Record
from tanemaki.core.verdict import Reject
from tanemaki.generate.decide import Decide
from tanemaki.generate.instances import Encode, WriteInstances
from tanemaki.recipes import catalogue

TEXTS = catalogue.load("self_instruct", "ja").texts
DECIDE = Decide(
    "is_classification", of="writer", given=("instruction",), marker="判定：", yes="はい", no="いいえ"
)
WRITE = WriteInstances("writer", "入力：", "出力：", "ラベル：")


def done(step: Any, reply: Reply | str, captured: list[Asked] | None = None, **fields: Json) -> Any:
    context = ScriptedContext(TEXTS, in_order([reply]), captured if captured is not None else [])
    return asyncio.run(step(Record("a", (1,), {"instruction": "季語を選ぶ。", **fields}), context))


@pytest.mark.parametrize(
    ("reply", "value"), [("判定：はい", True), ("選択肢がない。\n判定: いいえ。", False), ("はい", True)]
)
def test_a_yes_and_a_no_are_read(reply: str, *, value: bool) -> None:
    assert done(DECIDE, reply) == {"is_classification": value}


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply("判定：は", "length"), "cut"),
        ("", "empty"),
        ("はいともいいえとも言えます。", "no_verdict"),
        ("判定：はい\n判定：いいえ", "no_verdict"),
    ],
)
def test_what_is_neither_is_no_no(reply: Reply | str, reason: str) -> None:
    verdict = done(DECIDE, reply)
    assert isinstance(verdict, Reject)
    assert verdict.reason == reason


def test_a_classification_is_asked_for_its_labels_first() -> None:
    asked: list[Asked] = []
    got = done(WRITE, "ラベル：春\n入力：桜\n\nラベル：秋\n入力：柿", asked, is_classification=True)
    assert got["instances"] == [{"input": "桜", "output": "春"}, {"input": "柿", "output": "秋"}]
    assert asked[0].request.messages == TEXTS.prompts["labels_first"].render({"instruction": "季語を選ぶ。"})
    got = done(WRITE, "入力：桜\n出力：春", asked, is_classification=False)
    assert got == {"instances": [{"input": "桜", "output": "春"}], "dropped_instances": []}
    assert asked[1].request.messages == TEXTS.prompts["inputs_first"].render({"instruction": "季語を選ぶ。"})


@pytest.mark.parametrize(
    ("reply", "classifies", "reason", "note"),
    [
        (Reply("入力：桜\n出力：", "length"), False, "cut", "…入力：桜\n出力："),
        ("\n", False, "empty", None),
        ("桜は春です。", False, "no_instance", "no marker"),
        ("入力：桜\n出力：春\n入力：桜\n出力：夏", False, "no_instance", "contradiction"),
        ("ラベル：春\n入力：桜\n\nラベル：春\n入力：菜の花", True, "one_label", None),
    ],
)
def test_what_gives_no_instance_says_why(
    reply: Reply | str, *, classifies: bool, reason: str, note: str | None
) -> None:
    verdict = done(WRITE, reply, is_classification=classifies)
    assert isinstance(verdict, Reject)
    assert (verdict.reason, verdict.note) == (reason, note)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_thirteen_layouts_are_all_used_and_braces_in_the_data_do_no_harm(language: str) -> None:
    texts = catalogue.load("self_instruct", language).texts
    assert Counter(row["input"] for row in texts.tables["encodings"]) == {"yes": 7, "no": 6}
    seen = set()
    for n in range(400):
        first = {"input": "{instruction}" if n % 2 else "", "output": "{input}"}
        record = Record(f"r{n}", (n,), {"instruction": "Say {input}.", "instances": [first]})
        user, assistant = Encode()(record, ScriptedContext(texts, in_order([]), record_id=f"r{n}"))[
            "messages"
        ]
        assert assistant == {"role": "assistant", "content": "{input}"}
        assert "Say {input}." in user["content"]
        assert ("{instruction}" in user["content"]) == bool(n % 2)
        assert "\\n" not in user["content"]
        seen.add(user["content"])
    assert len(seen) == 13


def test_fewer_than_two_instances_cannot_balance_labels() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        WriteInstances("writer", "入力：", "出力：", "ラベル：", most=1)
