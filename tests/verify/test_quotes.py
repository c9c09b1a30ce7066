"""Quotations: each reason by the shortest text that triggers only it, and kept records unchanged."""

from __future__ import annotations

import pytest

from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.verify.quotes import Quoted

SOURCE = "有給休暇は年に十日とする。翌年に限り、繰り越すことができる。"


def record(quote: str, source: object = SOURCE) -> Record:
    return Record("a", (1,), {"quote": quote, "text": source, "mine": 1})


@pytest.mark.parametrize(
    ("quote", "reason", "measured"),
    [
        ("十日", "quote_too_short", 2),
        ("", "quote_too_short", 0),
        ("有給休暇は年に十二日とする", "quote_not_in_source", "有給休暇は年に十二日とする"),
        ("Paid leave", "quote_not_in_source", "Paid leave"),
        (SOURCE * 3, "quote_too_long", 3 * len(SOURCE)),
    ],
)
def test_each_reason_has_its_measure(quote: str, reason: str, measured: object) -> None:
    judged = Quoted("quote", of="text", max_chars=80)(record(quote))
    assert isinstance(judged, Reject)
    assert (judged.reason, judged.measured) == (reason, measured)


@pytest.mark.parametrize(
    "quote", ["有給休暇は年に十日とする。", "「翌年に限り、\n繰り越すことができる」", "ｶﾞﾗｽは500℃"]
)
def test_what_stands_there_is_kept_as_it_is(quote: str) -> None:
    row = record(quote, [SOURCE, "ガラスは500°Cで溶ける"])
    assert Quoted("quote", of="text")(row) is row
