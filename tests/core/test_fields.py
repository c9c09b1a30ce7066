"""Types of values, and messages in their stored form."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanemaki.core.fields import EXACT, INT64, from_stored, kind_of, message_fault, misfit, to_stored
from tanemaki.core.record import FieldType


@pytest.mark.parametrize(
    ("value", "kind", "told"),
    [
        ("", "text", None),
        ("é😀ｶﾞ", "text", None),
        (7, "text", "an integer instead of a text"),
        (True, "integer", "true or false instead of an integer"),
        (1.0, "integer", "a number instead of an integer"),
        (INT64 - 1, "integer", None),
        (INT64, "integer", "an integer beyond 64 bits"),
        (-INT64, "integer", None),
        (-INT64 - 1, "integer", "an integer beyond 64 bits"),
        (EXACT, "number", None),
        (EXACT + 1, "number", "an integer that a number column would round"),
        (float("nan"), "number", None),
        (False, "number", "true or false instead of a number"),
        (0, "boolean", "an integer instead of true or false"),
        (True, "boolean", None),
        (["あ", "い"], "texts", None),
        (["あ", None], "texts", "a list with nothing in it"),
        ("あ", "texts", "a text instead of a list of texts"),
        ([], "messages", None),
        ({"role": "user"}, "messages", "an object instead of a list of messages"),
        ([{"role": "user"}], "messages", "a message without content"),
        ({"a": [1, {"b": None}]}, "json", None),
        ({"a": float("inf")}, "json", "inf, which JSON cannot say"),
        ([{1: "x"}], "json", "an object with a key that is not a text"),
        ({"a": {1, 2}}, "json", "a set, which is not JSON"),
        (True, "json", None),
    ],
)
def test_a_value_of_another_type_is_told_in_words(value: Any, kind: FieldType, told: str | None) -> None:
    assert misfit(value, kind) == told


@pytest.mark.parametrize("kind", ["text", "integer", "number", "boolean", "texts", "messages", "json"])
def test_nothing_fits_every_type(kind: FieldType) -> None:
    assert misfit(None, kind) is None


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([], "json"),
        ([None, None], "json"),
        (["007", None], "text"),
        ([1, 2**62], "integer"),
        ([1, 2**63], "json"),
        ([1, 0.5], "number"),
        ([True, False], "boolean"),
        ([True, 1], "json"),
        ([[], ["a"]], "texts"),
        ([[], [{"role": "user", "content": "a"}]], "messages"),
        ([[], []], "json"),
        ([["a"], [1]], "json"),
        ([{"a": 1}], "json"),
    ],
)
def test_the_narrowest_type_that_holds_all_is_found(values: list[Any], kind: FieldType) -> None:
    assert kind_of(values) == kind


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ({"role": "assistant", "content": None}, None),
        ({"role": "assistant", "tool_calls": [{"id": "1"}]}, None),
        ({"role": "", "content": "a"}, "a message without a role"),
        ({"role": "user", "content": 3}, "a message whose content is an integer"),
        ("user: hi", "a text instead of a message"),
        ({"role": "user", "content": "a", "score": float("nan")}, "nan, which JSON cannot say"),
    ],
)
def test_what_is_no_message_is_told(message: Any, told: str | None) -> None:
    assert message_fault(message) == told


CALL = {"id": "c1", "type": "function", "function": {"name": "天気", "arguments": '{"都市": "京都"}'}}


@pytest.mark.parametrize(
    "message",
    [
        {"role": "user", "content": "こんにちは"},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "assistant", "content": "", "tool_calls": [{**CALL, "index": 0}]},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"function": {"name": "f", "arguments": {"a": 1}}}],
        },
        {"role": "tool", "content": "晴れ", "tool_call_id": "c1", "name": "天気"},
        {
            "role": "user",
            "content": [{"type": "text", "text": "これは"}, {"type": "image_url", "image_url": {"url": "x"}}],
        },
        {"role": "assistant", "content": "はい", "weight": 0, "extra": {"a": 1}},
        {"role": "user", "content": "a", "name": 3},
    ],
)
def test_every_message_comes_back_from_its_stored_form(message: dict[str, Any]) -> None:
    stored = to_stored(message)
    read_by_parquet = dict.fromkeys(("name", "tool_calls", "tool_call_id", "extra")) | stored
    assert from_stored(read_by_parquet) == message


def test_the_stored_form_holds_texts_and_typed_calls_alone() -> None:
    stored = to_stored({"role": "assistant", "content": None, "tool_calls": [CALL], "name": None})
    assert stored == {"role": "assistant", "content": None, "tool_calls": [CALL]}


def test_an_empty_list_of_calls_is_no_call() -> None:
    assert to_stored({"role": "assistant", "content": "a", "tool_calls": []}) == {
        "role": "assistant",
        "content": "a",
    }


def test_the_texts_of_parts_are_the_stored_content() -> None:
    stored = to_stored({"role": "user", "content": [{"type": "text", "text": "桜"}, "が", {"type": "image"}]})
    assert stored["content"] == "桜が"


scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)


@given(
    st.text(min_size=1),
    st.none() | st.text(),
    st.dictionaries(st.text(), values.filter(lambda v: v is not None)),
)
def test_messages_with_any_further_keys_lose_nothing(
    role: str, content: str | None, rest: dict[str, Any]
) -> None:
    message = {**rest, "role": role, "content": content}
    if not message.get("tool_calls"):
        message.pop("tool_calls", None)
    assert from_stored(to_stored(message)) == message
