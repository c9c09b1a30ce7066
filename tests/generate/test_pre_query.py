"""The two steps of Magpie by themselves: roles, prompts, stops, history."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from support.context import Asked, ScriptedContext, in_order
from tanemaki.clean.filters.length import Length
from tanemaki.core.errors import ModelError
from tanemaki.core.model import Reply
from tanemaki.core.prompt import Texts
from tanemaki.core.record import Record
from tanemaki.core.step import spec_of
from tanemaki.core.verdict import Reject
from tanemaki.generate.exchange import Exchange
from tanemaki.generate.pre_query import PreQuery
from tanemaki.generate.raw_turn import judge_turn
from tanemaki.recipes import catalogue
from tanemaki.text.chat_template import chat_template


def _finish(work: Any) -> Any:
    return asyncio.run(work)


def pre_query(**more: Any) -> PreQuery:
    return PreQuery("instruction", of="writer", template=chat_template("chatml"), **more)


def test_the_engine_reads_off_them_what_it_needs() -> None:
    spec = spec_of(pre_query(system="system", filters=(Length("text", min_chars=3),)))
    assert spec.roles == {"writer": frozenset({"raw"})}
    assert (spec.reads, spec.reasons) == (("system",), ("cut", "empty", "too_short", "too_long"))
    assert spec.prompts == {"instruction": frozenset({"system"})}
    assert spec_of(pre_query()).prompts == {}
    assert spec_of(exchange(opening="instruction", response=None)).writes == {"messages": "messages"}


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply("塩の量", "length"), "cut"),
        (Reply("  "), "empty"),
        (Reply("<|im_end|>塩は？"), "empty"),
        (Reply("塩"), "too_short"),
    ],
)
def test_a_reply_that_cannot_be_kept_is_named(reply: Reply, reason: str) -> None:
    step = pre_query(filters=(Length("text", min_chars=3),))
    found = _finish(step(Record("a", (1,), {}), ScriptedContext(texts(), in_order([reply]))))
    assert isinstance(found, Reject)
    assert found.reason == reason


def test_a_reply_that_was_cut_while_thinking_fails_the_row() -> None:
    context = ScriptedContext(texts(), in_order([Reply("", "length", thinking="まだ考え中")]))
    with pytest.raises(ModelError, match="still thinking"):
        _finish(pre_query()(Record("a", (1,), {}), context))


@pytest.mark.parametrize("told", ["", "-", " - "])
def test_without_a_system_text_the_slot_is_bare(told: str) -> None:
    captured: list[Asked] = []
    context = ScriptedContext(texts(), in_order(["塩の量は？"]), captured)
    found = _finish(pre_query(system="system")(Record("a", (1,), {"system": told}), context))
    assert found == {"instruction": "塩の量は？", "template": "chatml"}
    assert captured[0].request.prompt == "<|im_start|>user\n"
    assert captured[0].request.messages == ()


def exchange(**more: Any) -> Exchange:
    return Exchange("messages", of="writer", template=chat_template("chatml"), **more)


def texts() -> Texts:
    return catalogue.load("magpie", "ja").texts


def test_an_existing_dialogue_gets_a_second_turn_with_a_leading_text() -> None:
    """A14: the second turn of an evolved prompt and its answer."""
    before = [{"role": "user", "content": "問い"}, {"role": "assistant", "content": "答え"}]
    captured: list[Asked] = []
    step = exchange(history="old", follow_up_opening="関連して、", stops=("\n\n",))
    context = ScriptedContext(texts(), in_order(["塩の量は？\n\n（続き）", "小さじ一杯です。"]), captured)
    found = _finish(step(Record("a", (1,), {"old": before}), context))
    assert found["messages"][2:] == [
        {"role": "user", "content": "関連して、塩の量は？"},
        {"role": "assistant", "content": "小さじ一杯です。"},
    ]
    assert found["response"] == "小さじ一杯です。"
    assert str(captured[0].request.prompt).endswith("答え<|im_end|>\n<|im_start|>user\n関連して、")
    assert before == [{"role": "user", "content": "問い"}, {"role": "assistant", "content": "答え"}]


def test_another_role_answers_by_chat_messages() -> None:
    captured: list[Asked] = []
    step = exchange(opening="instruction", answers_of="responder")
    context = ScriptedContext(texts(), in_order(["はい。"]), captured)
    _finish(step(Record("a", (1,), {"instruction": "塩は？"}), context))
    assert captured[0].role == "responder"
    assert captured[0].request.messages == [{"role": "user", "content": "塩は？"}]
    assert dict(step.roles) == {"writer": frozenset({"raw"}), "responder": frozenset({"chat"})}
    assert "responder" in catalogue.load("magpie", "ja", {"answers_by": "responder"}).recipe.roles


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        (Reply("塩は？<|im_end|>\n<|im_start|>assistant\n小さじ一杯です。", "length"), "塩は？"),
        (Reply("\n 塩は？\n答え：小さじ一杯"), "塩は？"),
        (Reply("塩は？"), "塩は？"),
    ],
)
def test_a_server_that_passes_over_stops_changes_nothing(reply: Reply, kept: str) -> None:
    record = Record("a", (1,), {})
    assert judge_turn(reply, ("\n", "<|im_end|>"), record, (), (), None) == kept


def test_thinking_stays_out_of_the_dialogue() -> None:
    context = ScriptedContext(texts(), in_order([Reply("はい。", thinking="ひそかな考え")]))
    found = _finish(exchange(opening="instruction")(Record("a", (1,), {"instruction": "塩は？"}), context))
    assert "ひそかな" not in str(found)
