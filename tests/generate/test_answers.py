"""Several answers to one prompt: who answers is drawn, the prompt goes out as it is, one that fails takes nothing along."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from support.context import Asked, ScriptedContext, in_order
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.core.errors import RecipeError
from tanemaki.core.model import Reply, Sampling
from tanemaki.core.prompt import Texts
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.generate.answers import Answer, Answerers
from tanemaki.generate.as_prompt import AsPrompt

TEXTS = Texts("ja", {}, {})
ASKED = [{"role": "user", "content": "寒天の原料は？"}]


def drawn(step: Answerers, record_id: str) -> list[str]:
    context = ScriptedContext(TEXTS, in_order([]), record_id=record_id)
    return [fields["answerer"] for fields in step(Record(record_id, (1,), {}), context).fields]


def test_of_a_larger_pool_every_record_draws_its_own_and_none_twice() -> None:
    step = Answerers(among=("a", "b", "c", "d", "e"), n=2)
    found = [drawn(step, f"r{i}") for i in range(1000)]
    assert all(len(set(one)) == 2 for one in found)
    counts = Counter(role for one in found for role in one)
    assert sum((n - 400) ** 2 / 400 for n in counts.values()) < 18.5  # χ², 4 degrees, p 0.001
    assert drawn(step, "r7") == found[7]


def test_a_smaller_pool_answers_more_than_once_and_each_first_as_often() -> None:
    step = Answerers(among=("a", "b"), n=5)
    found = [drawn(step, f"r{i}") for i in range(400)]
    assert {tuple(sorted(Counter(one).values())) for one in found} == {(2, 3)}
    assert 150 < sum(one[0] == "a" for one in found) < 250


@pytest.mark.parametrize(("among", "n"), [((), 2), (("a", "a"), 2), (("a",), 0)])
def test_a_pool_that_cannot_answer_is_refused(among: tuple[str, ...], n: int) -> None:
    with pytest.raises(RecipeError, match="answers need at least one role, each named once"):
        Answerers(among, n)


def answered(step: Answer, reply: Reply | str, **fields: Any) -> tuple[Any, list[Asked]]:
    context = ScriptedContext(TEXTS, in_order([reply]))
    record = Record("a", (1, 1), {"prompt": ASKED, "answerer": "b", **fields})
    return asyncio.run(step(record, context)), context.captured


def test_the_role_of_the_record_gets_the_prompt_as_it_is() -> None:
    step = Answer("answer", among=("a", "b"), sampling=Sampling(temperature=1.0))
    found, [asked] = answered(step, " 海藻です。\n")
    assert found == {"answer": "海藻です。"}
    assert (asked.role, asked.request.messages, asked.request.sampling.temperature) == ("b", ASKED, 1.0)


def test_a_system_message_of_the_record_goes_before_the_prompt() -> None:
    step = Answer("answer", among=("b",), system="principle")
    _, [asked] = answered(step, "海藻です。", principle="正直に答えます。")
    assert asked.request.messages == [{"role": "system", "content": "正直に答えます。"}, *ASKED]
    assert step.reads == ("prompt", "answerer", "principle")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply("海藻の", finish_reason="length"), "cut"),
        ("", "empty"),
        ("申し訳ありませんが、その質問にはお答えできません。", "refusal"),
    ],
)
def test_an_answer_that_cannot_be_used_is_rejected_by_name(reply: Reply | str, reason: str) -> None:
    step = Answer("answer", among=("b",), filters=(Refusal("text", "ja"),))
    found, _ = answered(step, reply)
    assert isinstance(found, Reject)
    assert found.reason == reason
    assert reason in step.reasons


RECORD = Record("a", (1,), {})


@pytest.mark.parametrize(
    "asked",
    [
        " 寒天の原料は？\n",
        ASKED,
        '[{"role": "user", "content": "寒天の原料は？"}]',
    ],
)
def test_a_text_and_messages_become_the_same_prompt(asked: Any) -> None:
    step = AsPrompt("prompt", of="instruction")
    if isinstance(asked, str) and asked.startswith(
        "["
    ):  # a text is what the user says, whatever it looks like
        assert step(RECORD.with_fields(instruction=asked)) == {"prompt": [{"role": "user", "content": asked}]}
        return
    assert step(RECORD.with_fields(instruction=asked)) == {"prompt": ASKED}


@pytest.mark.parametrize(
    ("asked", "measured"),
    [
        ("", "empty"),
        (" 　\n", "empty"),
        ([], "[]"),
        ([*ASKED, {"role": "assistant", "content": "海藻です。"}], "assistant"),
    ],
)
def test_what_asks_nothing_is_no_prompt(asked: Any, measured: str) -> None:
    found = AsPrompt("prompt", of="instruction")(replace(RECORD, fields={"instruction": asked}))
    assert isinstance(found, Reject)
    assert (found.reason, found.measured) == ("no_prompt", measured)


def test_what_is_in_no_form_is_no_prompt() -> None:
    found = AsPrompt("prompt", of="instruction")(replace(RECORD, fields={"instruction": [{"who": "me"}]}))
    assert isinstance(found, Reject)
    assert found.reason == "no_prompt"
    assert found.note


def test_a_system_text_goes_into_the_prompts_own_system_message() -> None:
    """Many chat templates refuse a second system message."""
    step = Answer("answer", among=("a", "b"), system="principle")
    own = [{"role": "system", "content": "敬語で話す。"}, *ASKED]
    _, captured = answered(step, "天草です。", prompt=own, principle="正直に。")
    assert captured[0].request.messages == [
        {"role": "system", "content": "正直に。\n\n敬語で話す。"},
        *ASKED,
    ]
    assert own[0]["content"] == "敬語で話す。", "the record's own messages are untouched"
