"""JSON is found in whatever a model wrote around it; nothing is made up."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanemaki.core.json_text import NotJson, json_values

READ = {
    "plain": ('{"答え": 3}', {"答え": 3}),
    "a byte order mark": ('\ufeff{"a": 1}\n', {"a": 1}),
    "a scalar": ("42", 42),
    "a code fence": ('```json\n{"a": 1}\n```', {"a": 1}),
    "a fence without a language": ('~~~\n{"a": 1}\n~~~', {"a": 1}),
    "sentences around it": ('はい、こちらです。\n{"a": 1}\n以上です。', {"a": 1}),
    "thinking before it": ('まず人数を数える。3人だ。\n\n{"人数": 3}', {"人数": 3}),
    "full-width brackets, colons and commas": ('｛"a"：［1，2］｝', {"a": [1, 2]}),
    "curly quotes": ("{“名前”: “葛”}", {"名前": "葛"}),
    "curly quotes of one kind": ("{”鍵”:”値”}", {"鍵": "値"}),
    "full-width quotes": ("{＂鍵＂：＂値＂}", {"鍵": "値"}),
    "single quotes": ("{'a': 'it\\'s', 'b': \"x\"}", {"a": "it's", "b": "x"}),
    "curly single quotes": ("{‘a’: ‘b’}", {"a": "b"}),
    "plain quotes inside curly ones": ('{“a”: “彼は"はい"と言った”}', {"a": '彼は"はい"と言った'}),
    "trailing commas": ('{"a": [1, 2,], "b": {"c": 1,},}', {"a": [1, 2], "b": {"c": 1}}),
    "a full-width trailing comma": ('{"a": 1，}', {"a": 1}),
    "Python's words": ("{'a': True, 'b': False, 'c': None}", {"a": True, "b": False, "c": None}),
    "a full-width space": ('{"a":\u30001,}', {"a": 1}),
    "a line break in a string": ('{"a": "一\n二"}', {"a": "一\n二"}),
    "full-width punctuation in a string": ('{"時刻": "１２：３０，"}', {"時刻": "１２：３０，"}),
    "half-width kana and emoji": ('{"ｶﾅ": "🌱👩‍🌾"}', {"ｶﾅ": "🌱👩‍🌾"}),
    "a pair of escapes": ('{"a": "\\ud83c\\udf31"}', {"a": "🌱"}),
    "brackets in a string": ('前置き {"a": "}]{["} 後', {"a": "}]{["}),
    "a huge integer": ('{"n": 123456789012345678901234567890}', {"n": 123456789012345678901234567890}),
    "braces in the sentence before": ('{name}さんへ：{"a": 1}', {"a": 1}),
    "one bracket too many behind it": ('{"a": "x"}}', {"a": "x"}),
    "words of True inside a string": ("{'a': 'True, None'}", {"a": "True, None"}),
}

REFUSED = {
    "nothing": ("", "the reply is empty"),
    "white space": (" \n\u3000", "the reply is empty"),
    "a refusal": ("申し訳ありませんが、お答えできません。", "the reply holds no JSON object"),
    "a key that stands twice": ('{"a": 1, "a": 1}', "the key 'a' stands twice"),
    "a key that stands twice, leniently": ("{'a': 1, 'a': 2}", "the key 'a' stands twice"),
    "NaN": ('{"a": NaN}', "NaN is no JSON value"),
    "minus infinity": ('{"a": -Infinity}', "-Infinity is no JSON value"),
    "a number beyond floating point": ('{"a": 1e999}', "the number '1e999' is too large"),
    "a number of 5,000 digits": ('{"a": ' + "9" * 5000 + "}", "a number has too many digits"),
    "a cut object": ('{"a": "葛は', "a bracket is left open, or closed by one of another kind"),
    "an object inside a cut one": (
        '{"x": {"a": 1}',
        "a bracket is left open, or closed by one of another kind",
    ),
    "brackets that do not match": ('{"a": [1}]', "a bracket is left open, or closed by one of another kind"),
    "a missing value": ('{"a": }', "not valid JSON: Expecting value at '}'"),
    "two commas": ("[1,,2]", "not valid JSON: Expecting value at ',2]'"),
    "a comma alone": ("[,]", "not valid JSON: Expecting value at ',]'"),
    "a missing comma": ('{"a": 1 "b": 2}', "not valid JSON: Expecting ',' delimiter at '\"b\": 2}'"),
    "a bare key": (
        "{a: 1}",
        "not valid JSON: Expecting property name enclosed in double quotes at 'a: 1}'",
    ),
    "a bare word": ("{'a': Trueish}", "not valid JSON: Expecting value at 'Trueish}'"),
    "plain quotes inside plain ones": (
        '{"a": "彼は"はい"と"}',
        "not valid JSON: Expecting ',' delimiter at 'はい\"と\"}'",
    ),
    "an apostrophe inside single quotes": (
        "{'a': 'it's'}",
        "a bracket is left open, or closed by one of another kind",
    ),
    "half a surrogate pair": ('{"a": "\\ud83c"}', "an escape is half a character"),
    "an unknown escape": ("{'a': 'x\\q'}", "not valid JSON: Invalid \\escape at '\\\\q\"}'"),
}


@pytest.mark.parametrize(("text", "value"), READ.values(), ids=READ)
def test_the_form_is_forgiven(text: str, value: object) -> None:
    assert json_values(text) == [value]


@pytest.mark.parametrize(("text", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_in_doubt_is_not_read(text: str, why: str) -> None:
    with pytest.raises(NotJson) as raised:
        json_values(text)
    assert str(raised.value) == why


def test_several_values_come_in_their_order() -> None:
    assert json_values('[1] によれば、{"答え": 3} ではなく {"答え": 5}。') == [[1], {"答え": 3}, {"答え": 5}]


def test_nesting_beyond_the_interpreter_is_refused_and_not_a_crash() -> None:
    with pytest.raises(NotJson, match="brackets are nested too deep"):
        json_values("[" * 100_000 + "]" * 100_000)


@pytest.mark.parametrize("piece", ["{", '{"', "{'", "{“", "{”", '{\\"', "{\\“", '{"\\', "['", "{}"])
def test_a_long_text_costs_one_pass(piece: str) -> None:
    began = time.process_time()
    try:
        json_values(piece * 100_000)
    except NotJson as error:
        assert "left open" in str(error) or "not valid" in str(error)  # noqa: PT017 - either end is right, and quick
    assert time.process_time() - began < 10


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(VALUES, st.sampled_from([{}, {"ensure_ascii": False}, {"indent": 1}]))
def test_whatever_was_written_as_json_comes_back_as_it_was(value: object, form: dict[str, Any]) -> None:
    written = json.dumps(value, **form)
    assert json_values(written) == [value]


@given(
    st.dictionaries(st.text("あいう葛x\"'{}[],:：\\\n 1"), st.text("あいう葛x\"'{}[],:：\\\n 1"), min_size=1)
)
def test_text_around_an_object_changes_nothing_in_it(value: dict[str, str]) -> None:
    written = json.dumps(value, ensure_ascii=False)
    assert json_values(f"はい。\n```json\n{written}\n```\nいかがでしょうか。") == [value]


@given(st.text("{}[]\"'“”‘’＂｛｝［］：，,:あa1 \\\n", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        values = json_values(text)
    except NotJson as error:
        assert str(error)  # noqa: PT017 - both ends are right
    else:
        assert values
