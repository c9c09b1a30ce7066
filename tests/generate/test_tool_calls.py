"""Calls that nobody can run, answers that do not use what was found, and numbers from nowhere."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tanemaki.core.verdict import Reject
from tanemaki.generate.tool_calls import Call, ignores, read_call, unfounded
from tanemaki.generate.tool_set import Tool

GIVEN = {
    "type": "object",
    "properties": {"町": {"type": "string"}, "人数": {"type": "integer", "minimum": 1}},
    "required": ["町"],
}
SHOPS = Tool("find_shops", "店を探す。", GIVEN)


def call(arguments: Any, name: str = "find_shops") -> dict[str, Any]:
    return {"function": {"name": name, "arguments": arguments}}


@pytest.mark.parametrize("form", [json.dumps, lambda given: json.dumps(given, ensure_ascii=False), dict])
def test_a_call_that_fits_is_read_from_text_and_object(form: Any) -> None:
    read = read_call(call(form({"町": "松江", "人数": 2})), [SHOPS])
    assert read == Call(SHOPS, {"町": "松江", "人数": 2})
    assert isinstance(read, Call)
    assert read.wire("a1") == {
        "id": "a1",
        "type": "function",
        "function": {"name": "find_shops", "arguments": '{"町": "松江", "人数": 2}'},
    }
    assert read.key == Call(SHOPS, {"人数": 2, "町": "松江"}).key, "the order of keys makes no other call"


@pytest.mark.parametrize(
    ("told", "reason", "measured"),
    [
        (call("{}", "find_shop"), "unknown_tool", "find_shop"),
        ({}, "unknown_tool", "None"),
        (call("{}"), "bad_arguments", "the whole must contain ['町'] properties"),
        (call('{"町": '), "bad_arguments", "Expecting value: line 1 column 7 (char 6)"),
        (call('["松江"]'), "bad_arguments", "the whole must be object"),
        (call('{"町": "松江", "人数": 0}'), "bad_arguments", "人数 must be bigger than or equal to 1"),
        (call('{"町": "松江", "駅": "松江"}'), "bad_arguments", "駅 is no argument of it"),
    ],
)
def test_a_call_that_nobody_can_run_is_named(told: dict[str, Any], reason: str, measured: str) -> None:
    rejected = read_call(told, [SHOPS])
    assert isinstance(rejected, Reject)
    assert (rejected.reason, rejected.measured) == (reason, measured)


def test_a_tool_that_allows_further_arguments_gets_them() -> None:
    open_tool = Tool("find_shops", "", {**GIVEN, "additionalProperties": True})
    assert read_call(call('{"町": "松江", "駅": "松江"}'), [open_tool]) == Call(
        open_tool, {"町": "松江", "駅": "松江"}
    )


@pytest.mark.parametrize(
    ("answer", "result", "ignored"),
    [
        ("最高気温は２４度です。", {"high_c": 24}, False),
        ("十月五日に届きます。", {"date": "2026-10-05"}, False),
        ("It comes on October 5.", {"date": "2026-10-05"}, False),
        ("9時30分からです。", {"events": [{"start": "09:30"}]}, False),
        ("ﾊｼﾊﾞ落語会です。", {"name": "ハシバ落語会"}, False),
        ("5,000円です。", {"total_yen": 5000}, False),
        ("わかりました。", {"name": "橋場落語会", "price": 900}, True),
        ("わかりました。", {}, False),
        ("わかりました。", {"ok": True, "note": None}, False),
    ],
)
def test_an_answer_uses_some_of_the_result_however_it_is_written(
    answer: str, result: Any, ignored: Any
) -> None:
    assert ignores(answer, result) is ignored


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("2枚で5,000円、10月17日の14時からです。", []),
        ("一枚2,500円、二枚なら五千円です。", []),
        ("差額は700円です。", []),
        ("手数料は330円です。", ["330円"]),
        ("15時からです。", ["15時"]),
        ("10月18日です。", ["10月18日"]),
        ("それなら一度お試しください。", []),
        ("", []),
    ],
)
def test_numbers_stand_somewhere_or_follow_from_two_that_do(answer: str, found: list[str]) -> None:
    known = [
        "10月17日の会の券を2枚取ってください。",
        '{"start": "14:00", "fee_yen": 2500, "other_fee_yen": 3200}',
    ]
    assert unfounded(answer, known) == found
