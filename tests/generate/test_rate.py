"""A rating: kept from its limit on, with its reasons; none is never a middle one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from support.context import ScriptedContext, in_order
from tanemaki.core.errors import RecipeError
from tanemaki.core.model import Reply
from tanemaki.core.prompt import Prompt, Texts
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.generate.rate import Rate

TEXTS = Texts("ja", {"score": Prompt("score", "ja", "採点してください。{{ answer }}")}, {})
STEP = Rate("score", of="judge", given=("answer",), marker="点数：", keep_from=3)


def rated(reply: str | Reply) -> object:
    return asyncio.run(STEP(Record("a", (1,), {"answer": "はい"}), ScriptedContext(TEXTS, in_order([reply]))))


def test_score_and_reasons_are_written() -> None:
    found = rated("明快です。\n例もあります。\n点数：４")
    assert isinstance(found, Mapping)
    assert found == {"score": 4, "score_rationale": "明快です。\n例もあります。"}


@pytest.mark.parametrize(
    ("reply", "reason", "measured"),
    [
        ("足りない。\n点数：2", "low_score", 2),
        ("まあまあ。\n点数：3.5", "no_score", "まあまあ。\n点数：3.5"),
        ("よい答えです。", "no_score", "よい答えです。"),
        ("  ", "empty", 0),
        (Reply("点数：5", finish_reason="length"), "cut", None),
    ],
)
def test_what_is_not_kept_says_why(reply: str | Reply, reason: str, measured: object) -> None:
    found = rated(reply)
    assert isinstance(found, Reject)
    assert (found.reason, found.measured) == (reason, measured)


@pytest.mark.parametrize("keep_from", [0, 6])
def test_a_limit_off_the_scale_is_refused(keep_from: int) -> None:
    with pytest.raises(RecipeError, match="keep_from is no score of the scale"):
        Rate("score", of="judge", given=(), marker="点数：", keep_from=keep_from)
