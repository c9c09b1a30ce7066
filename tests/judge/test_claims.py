"""Claimed pairs: sides that say the same make none, and a judge bears the claim out, refutes it, or says nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.judge.apart import Apart
from tanemaki.judge.borne_out import BorneOut, claimed_of
from tanemaki.judge.both_orders import BothOrders
from tanemaki.judge.pairwise import Pairwise
from tanemaki.judge.trust.compared import read_rows
from tanemaki.judge.trust.labels import against_labels


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("葛の根です。", "葛の根です！", 1.0),
        ("ＡＢＣ　です", "abc です", 1.0),
        ("ｶﾀｶﾅのままです", "カタカナのままです", 1.0),
        ("", "", 1.0),
        ("It is kudzu.", "it is kudzu", 1.0),
        ("→", "→", 1.0),
    ],
)
def test_answers_in_another_dress_make_no_pair(one: str, other: str, alike: float) -> None:
    told = Apart("a", "b")(Record("r", (1,), {"a": one, "b": other}))
    assert told == Reject("not_distinct", alike, 0.9)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("葛の根です。", "天草という海藻です。"),
        ("→", "←"),
        ("😀", "😢"),
        ("七です。", ""),
        ("Kudzu.", "葛です。"),
    ],
)
def test_answers_that_differ_pass_as_they_are(one: str, other: str) -> None:
    record = Record("r", (1,), {"a": one, "b": other})
    assert Apart("a", "b")(record) is record


def test_very_long_answers_are_compared_quickly() -> None:
    long = "".join(f"{k}番の畑に水をやります。" for k in range(8_000))
    told = Apart("a", "b")(Record("r", (1,), {"a": long, "b": long + "終わり。"}))
    assert len(long) > 100_000
    assert isinstance(told, Reject)
    assert told.reason == "not_distinct"


def compared(winner: str | None, why: str | None = None, rationale: str = "Aは短い。") -> Record:
    return Record("r", (1,), {"winner": winner, "comparison": {"why": why, "rationale": rationale}})


STEP = BorneOut(BothOrders(Pairwise()))


def test_a_claim_that_the_judge_bears_out_stays() -> None:
    record = compared("first")
    assert STEP(record) is record


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (compared("second"), Reject("claim_refuted", "second", "first", "Aは短い。")),
        (compared("tie", "tie"), Reject("tie", "tie", "first", "Aは短い。")),
        (compared(None, "order_dependent", ""), Reject("order_dependent", None, "first")),
        (compared(None, "no_verdict"), Reject("no_verdict", None, "first", "Aは短い。")),
        (compared("second", rationale="長" * 500), Reject("claim_refuted", "second", "first", "長" * 200)),
    ],
)
def test_what_is_not_borne_out_is_rejected_by_its_reason(record: Record, told: Reject) -> None:
    assert STEP(record) == told
    assert told.reason in STEP.reasons


def row(winner: str | None, k: int) -> dict[str, Any]:
    score = {"first": 1.0, "second": 0.0}.get(winner or "")
    said: dict[str, Any] = {"score": score, "why": None if winner else "order_dependent", "verdicts": []}
    return {"asked": f"問い{k}", "strong": f"強{k}", "weak": f"弱{k}", "comparison": said}


def test_the_label_noise_is_the_share_of_settled_verdicts_against_the_claim() -> None:
    kept = [row("first", k) for k in range(6)]
    gone = [{"fields": json.dumps(row("second", k))} for k in range(6, 8)]
    unsettled = [{**row(None, 9), "comparison": json.dumps(row(None, 9)["comparison"])}]
    never = [{"fields": json.dumps({"asked": "問い"})}]
    told = claimed_of([*kept, *gone, *unsettled, *never], "asked", "strong", "weak", judge="mine")
    assert len(told) == 9
    assert {(one["label"], one["judge"]) for one in told} == {("first", "mine")}
    found = against_labels(read_rows(told))
    assert (found.settled.hits, found.settled.n) == (8, 9)
    assert (found.right.hits, found.right.n) == (6, 8)


def test_nothing_that_was_compared_is_no_row() -> None:
    assert claimed_of([], "a", "b", "c") == []
