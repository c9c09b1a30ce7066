"""A body becomes a reply, or a fault with its name."""

from __future__ import annotations

from typing import Any

import pytest

from tanemaki.core.errors import ModelError
from tanemaki.core.model import Reply, Usage
from tanemaki.models.faults import Asked
from tanemaki.models.wire import listed_models, read_reply

ASKED = Asked("writer", "qwen3", "http://localhost/v1/chat/completions")


def body(*choices: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"choices": list(choices), **more}


def test_a_chat_reply_is_read_whole() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    message = {"role": "assistant", "content": "晴れです。", "reasoning_content": "空", "tool_calls": [call]}
    read = read_reply(
        body(
            {"index": 0, "message": message, "finish_reason": "stop", "logprobs": {"content": []}},
            usage={"prompt_tokens": 12, "completion_tokens": 5},
            model="qwen3-32b",
        ),
        ASKED,
    )
    assert read == Reply(
        "晴れです。",
        "stop",
        thinking="空",
        tool_calls=(call,),
        usage=Usage(12, 5),
        logprobs={"content": []},
        model="qwen3-32b",
    )


def test_a_raw_completion_is_read_and_the_name_falls_back_to_the_one_asked() -> None:
    read = read_reply(body({"text": " 東京です。", "finish_reason": "length"}), ASKED)
    assert (read.text, read.was_cut, read.model, read.usage) == (" 東京です。", True, "qwen3", Usage())


def test_several_replies_come_in_the_order_of_their_index() -> None:
    said = [{"index": i, "message": {"content": f"答{i}"}, "finish_reason": "stop"} for i in (2, 0, 1)]
    read = read_reply(body(*said), ASKED, n=3)
    assert [read.text, *(other.text for other in read.others)] == ["答0", "答1", "答2"]


def test_a_reply_cut_while_thinking_is_known_as_such() -> None:
    read = read_reply(body({"message": {"content": "<think>まだ"}, "finish_reason": "length"}), ASKED)
    assert read.cut_while_thinking
    assert read.text == ""


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("eos", "stop"),
        ("max_tokens", "length"),
        ("function_call", "tool_calls"),
        ("odd", "unknown"),
        (None, "unknown"),
    ],
)
def test_other_words_for_the_end_are_understood(told: str | None, read: str) -> None:
    assert read_reply(body({"message": {"content": "x"}, "finish_reason": told}), ASKED).finish_reason == read


def test_a_refusal_in_a_field_of_its_own_is_what_the_model_said() -> None:
    assert (
        read_reply(body({"message": {"content": None, "refusal": "できません。"}}), ASKED).text
        == "できません。"
    )


def test_a_reply_that_the_provider_filtered_is_refused_content() -> None:
    with pytest.raises(ModelError, match="the provider's filter cut the reply") as raised:
        read_reply(body({"message": {"content": ""}, "finish_reason": "content_filter"}), ASKED)
    assert (raised.value.fault, raised.value.retryable) == ("content_refused", False)


def test_one_filtered_reply_among_several_leaves_the_others() -> None:
    filtered = {"index": 1, "message": {"content": ""}, "finish_reason": "content_filter"}
    read = read_reply(
        body({"index": 0, "message": {"content": "はい"}, "finish_reason": "stop"}, filtered), ASKED, 2
    )
    assert (read.text, read.others[0].finish_reason) == ("はい", "content_filter")


@pytest.mark.parametrize(
    "told", [[], "text", 3, None, {}, {"choices": []}, {"choices": [3]}, {"choices": [{}]}]
)
def test_a_body_of_another_form_is_malformed_and_may_be_tried_again(told: Any) -> None:
    with pytest.raises(ModelError) as raised:
        read_reply(told, ASKED)
    assert (raised.value.fault, raised.value.retryable) == ("malformed", True)


@pytest.mark.parametrize(
    "told",
    [
        {"error": {"message": "upstream died", "code": 502}},
        body({"error": {"message": "died midway", "code": 500}, "message": {"content": "半"}}),
        body({"message": {"content": "半"}, "finish_reason": "error"}),
        body({"message": {"content": "半"}, "finish_reason": "abort"}),
    ],
)
def test_a_server_that_fails_midway_may_be_asked_again(told: dict[str, Any]) -> None:
    with pytest.raises(ModelError) as raised:
        read_reply(told, ASKED)
    assert (raised.value.fault, raised.value.retryable) == ("server", True)


def test_an_endpoint_that_ignores_n_ends_the_run_instead_of_giving_fewer() -> None:
    with pytest.raises(ModelError) as raised:
        read_reply(body({"message": {"content": "一つ"}, "finish_reason": "stop"}), ASKED, n=4)
    assert raised.value.what == "4 replies were asked for in one call, and the endpoint gave 1"
    assert raised.value.ends_run
    assert "without 'n', under models.writer.capabilities" in str(raised.value)


def test_models_are_listed_in_every_form() -> None:
    assert listed_models({"data": [{"id": "a"}, {"name": "b"}, 3]}) == [{"id": "a"}]
    assert listed_models([{"id": "a"}]) == [{"id": "a"}]
    assert listed_models({"data": None}) == []
    assert listed_models("x") == []


@pytest.mark.parametrize("told", [5, True, "abc", {"id": "1"}, [1, "x"]])
def test_tool_calls_of_another_form_are_malformed_and_no_bug_of_ours(told: Any) -> None:
    message = {"content": "", "tool_calls": told}
    with pytest.raises(ModelError) as raised:
        read_reply({"choices": [{"message": message, "finish_reason": "tool_calls"}]}, ASKED)
    assert (raised.value.fault, raised.value.retryable) == ("malformed", True)


@pytest.mark.parametrize("count", [-5, 2**63, True, 1.5, "7", None])
def test_what_is_no_count_of_tokens_is_none(count: Any) -> None:
    """A negative one would give money back, and one above 63 bits fits into no journal."""
    usage = {"prompt_tokens": count, "completion_tokens": 3}
    told = read_reply({"choices": [{"message": {"content": "はい。"}}], "usage": usage}, ASKED)
    assert told.usage == Usage(None, 3)


@pytest.mark.parametrize(
    ("choice", "n", "paid"),
    [
        ({"message": {"content": ""}, "finish_reason": "content_filter"}, 1, True),
        ({"message": {"content": "はい。"}, "finish_reason": "error"}, 1, True),
        ({"message": {"content": "はい。"}, "finish_reason": "stop"}, 2, True),
        (None, 1, False),
    ],
)
def test_where_choices_came_the_work_was_done_and_is_paid(
    choice: dict[str, Any] | None, n: int, *, paid: bool
) -> None:
    body = {"error": {"message": "busy", "code": 503}} if choice is None else {"choices": [choice]}
    with pytest.raises(ModelError) as raised:
        read_reply(body, ASKED, n)
    assert raised.value.is_paid is paid
