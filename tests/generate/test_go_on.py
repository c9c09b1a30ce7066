from __future__ import annotations

import asyncio

import pytest

from support.context import Asked, ScriptedContext, in_order
from tanemaki.core.model import Reply
from tanemaki.core.prompt import Prompt, Texts
from tanemaki.core.record import Children, Record
from tanemaki.core.verdict import Reject
from tanemaki.generate.go_on import GoOn, read_items

TEXTS = Texts("ja", {"task": Prompt("task", "ja", "{{ shown }}\n{{ first }}〜{{ last }}")}, {})
STEP = GoOn("task", of="writer", shown="shown", n=3)


def gone_on(reply: Reply | str, step: GoOn = STEP) -> tuple[Children | Reject, Asked]:
    context = ScriptedContext(TEXTS, in_order([reply]))
    outcome = asyncio.run(step(Record("a", (1,), {"shown": ["歌う", "踊る"]}), context))
    return outcome, context.captured[0]


def test_the_list_is_shown_with_numbers_and_stops_after_the_last_one() -> None:
    outcome, asked = gone_on("3. 描く\n4. 書く\n5. 読む")
    assert asked.text == "1. 歌う\n2. 踊る\n3〜5"
    assert asked.request.sampling.stop == ("\n6.",)
    assert outcome == Children.of(
        *({"task": said, "task_finish": "stop"} for said in ("描く", "書く", "読む"))
    )


def test_every_item_becomes_a_child_and_the_unfinished_one_says_so() -> None:
    """Fault 18: uneven batches were truncated by zip."""
    outcome, _ = gone_on(Reply("3. 描く\n4. 書い", "length"))
    assert isinstance(outcome, Children)
    assert [one["task_finish"] for one in outcome.fields] == ["stop", "length"]
    for n in range(1, 9):
        told, _ = gone_on(
            "\n".join(f"{k}. 課題{k}" for k in range(3, 3 + n)), GoOn("task", "writer", "shown", 8)
        )
        assert isinstance(told, Children)
        assert len(told.fields) == n


def test_what_came_after_the_last_one_does_not_make_it_unfinished() -> None:
    outcome, _ = gone_on(Reply("3. 描く\n4. 書く\n5. 読む\n6. 歩", "length"))
    assert isinstance(outcome, Children)
    assert [one["task_finish"] for one in outcome.fields] == ["stop"] * 3


@pytest.mark.parametrize(
    ("reply", "reason"), [("", "empty"), (" \n", "empty"), ("はい、考えます。", "no_list")]
)
def test_a_reply_without_items_is_rejected_by_name(reply: str, reason: str) -> None:
    outcome, _ = gone_on(reply)
    assert isinstance(outcome, Reject)
    assert outcome.reason == reason


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("9. a\n10. b", ["a", "b"]),
        ("９．春を詠む\n１０）夏を詠む", ["春を詠む", "夏を詠む"]),
        ("**9.** **a**\n- 10: b", ["a", "b"]),
        ("9. 一行目\n二行目\n\n10. b", ["一行目\n二行目", "b"]),
        ("9. 重さは\n1.5倍になる。", ["重さは\n1.5倍になる。"]),
        ("9. \n10. b", ["", "b"]),
        ("2026年の出来事を書く", []),
        ("", []),
    ],
)
def test_items_are_read_by_their_numbers(text: str, items: list[str]) -> None:
    assert read_items(text) == items


def test_no_items_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        GoOn("task", "writer", "shown", 0)
