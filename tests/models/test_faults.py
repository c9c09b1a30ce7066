"""Each answer that is no reply becomes the right class of fault, says what helps, and shows no secret."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tanemaki.core.errors import ModelError
from tanemaki.models.faults import Asked, fault_in_body, fault_of, mask, no_json, retry_after_s, said
from tanemaki.models.http import Answer

KEY = "sk-live-0123456789abcdefWXYZ"
ASKED = Asked("writer", "qwen3", "http://localhost:8000/v1/chat/completions", (KEY,))


def fault(status: int, message: str, **headers: str) -> ModelError:
    body = json.dumps({"error": {"message": message}}).encode()
    return fault_of(Answer(status, body, headers), ASKED)


@pytest.mark.parametrize(
    "words",
    [
        "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.",
        "request (5031 tokens) exceeds the available context size (2048 tokens), try increasing it",
        "the request exceeds the available context size",
        "prompt is too long: 210000 tokens > 200000 maximum",
        "The input (4000 tokens) is longer than the model's context length (2048 tokens).",
        "n_ctx is 2048, prompt has 3000",
        "input length exceeds maximum input length",
    ],
)
def test_a_full_context_says_that_more_max_tokens_will_not_help(words: str) -> None:
    found = fault(400, words)
    assert (found.fault, found.retryable, found.ends_run) == ("context_overflow", False, False)
    assert str(found) == (
        "ModelError: the prompt is longer than the model's context\n"
        "  where   model writer (qwen3) at http://localhost:8000/v1/chat/completions\n"
        f"  got     400: {words}\n"
        "  next    shorten what goes into the prompt, or serve the model with more context; "
        "raising max_tokens will not help"
    )


@pytest.mark.parametrize(
    ("status", "words", "fault_name", "retryable", "ends_run"),
    [
        (401, "no", "unauthorised", False, True),
        (403, "Missing scopes: model.request", "unauthorised", False, True),
        (402, "Insufficient credits", "unauthorised", False, True),
        (429, "You exceeded your current quota (insufficient_quota)", "unauthorised", False, True),
        (404, "The model `qwen3` does not exist.", "unknown_model", False, True),
        (404, 'model "qwen3" not found, try pulling it first', "unknown_model", False, True),
        (400, "qwen3 is not a valid model: invalid model ID", "unknown_model", False, True),
        (404, "Not Found", "bad_request", False, True),
        (400, "messages: at least one is needed", "bad_request", False, False),
        (422, "field required", "bad_request", False, False),
        (400, "The response was filtered due to content_filter", "content_refused", False, False),
        (403, "Your input was flagged by moderation", "content_refused", False, False),
        (302, "", "bad_request", False, True),
        (408, "", "timeout", True, False),
        (504, "", "timeout", True, False),
        (409, "", "server", True, False),
        (429, "slow down", "overloaded", True, False),
        (503, "Loading model", "overloaded", True, False),
        (529, "Overloaded", "overloaded", True, False),
        (500, "boom", "server", True, False),
        (502, "Bad gateway", "server", True, False),
    ],
)
def test_a_status_and_its_words_have_one_class(
    status: int, words: str, fault_name: str, *, retryable: bool, ends_run: bool
) -> None:
    found = fault(status, words)
    assert (found.fault, found.retryable, found.ends_run) == (fault_name, retryable, ends_run)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Unsupported parameter: 'min_p' is not supported with this model.", "min_p"),
        ("Unrecognized request argument supplied: 'top_k'", "top_k"),
        ("Unknown parameter: 'repetition_penalty'.", "repetition_penalty"),
    ],
)
def test_a_refused_parameter_is_named(words: str, name: str) -> None:
    found = fault(400, words)
    assert found.what == f"the endpoint does not take {name!r}"
    assert found.next == "leave it out of the sampling or extra_body of 'writer'"


def test_a_refused_seed_names_the_switch() -> None:
    assert "send_seed: false" in str(fault(400, "Unsupported parameter: 'seed'"))


def test_an_error_inside_a_body_with_status_200_keeps_its_own_code() -> None:
    assert fault_in_body({"message": "rate limited upstream", "code": 429}, ASKED).fault == "overloaded"
    assert fault_in_body({"message": "provider died", "code": "x"}, ASKED).fault == "server"
    assert fault_in_body("gone", ASKED).got == "500: gone"


def test_html_asks_for_the_v1() -> None:
    found = no_json(Answer(200, b"\n<!DOCTYPE html><html>", {}), ASKED)
    assert found.what == "the address speaks HTML, is the /v1 missing?"
    assert (found.fault, found.retryable) == ("malformed", False)


@pytest.mark.parametrize(
    ("body", "fault_name", "what"),
    [
        (b'{"choices": [{"mess', "cut_body", "the reply's body ended early"),
        (
            '{"choices": [{"message": {"content": "種を'.encode()[:-1],
            "cut_body",
            "the reply's body ended early",
        ),
        (b'{"choices": [NaN]}\n', "malformed", "the reply is not JSON"),
        (b"upstream connect error", "malformed", "the reply is not JSON"),
        (b"", "malformed", "the reply is not JSON"),
    ],
)
def test_a_body_that_ended_early_is_told_from_one_that_is_no_json(
    body: bytes, fault_name: str, what: str
) -> None:
    found = no_json(Answer(200, body, {}), ASKED)
    assert (found.fault, found.what, found.retryable) == (fault_name, what, True)
    assert str(found.got).startswith(f"{len(body)} bytes: ")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry-after": "20"}, 20.0),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:30 GMT"}, 30.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:20:00 GMT"}, 0.0),
        ({"retry-after": "86400"}, 3600.0),
        ({"retry-after": "9" * 400}, 3600.0),
        ({"retry-after-ms": "9" * 400}, 3600.0),
        ({"retry-after": "Wed, 21 Oct 2099 07:28:00 GMT"}, 3600.0),
        ({"retry-after": "Wed, 21 Oct 0001 07:28:00 +2300"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_seconds_and_as_a_date(
    headers: dict[str, str], expected: float | None
) -> None:
    assert retry_after_s(headers, datetime(2026, 10, 21, 7, 28, tzinfo=UTC)) == expected


def test_a_date_is_measured_against_the_clock_of_who_named_it() -> None:
    """Ours may be wrong by hours."""
    headers = {"retry-after": "Wed, 21 Oct 2026 07:28:30 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}
    assert retry_after_s(headers) == 30.0
    assert retry_after_s({**headers, "date": "yesterday"}) is not None


def test_the_address_that_a_server_sends_on_to_shows_no_key() -> None:
    moved = fault_of(Answer(302, b"", {"location": f"https://example.com/login?key={KEY}"}), ASKED)
    assert (moved.got, moved.ends_run) == (
        "302, to 'https://example.com/login?key=(hidden)'",
        True,
    )


def test_a_gateway_that_gave_up_waiting_for_its_server_leaves_the_request_charged() -> None:
    assert fault(524, "a timeout occurred").fault == "timeout"


def test_an_error_that_json_of_ours_cannot_hold_is_a_fault_of_the_server() -> None:
    assert fault_in_body({"code": 2**80, "message": "\ud800"}, ASKED).fault == "server"


def test_an_overloaded_endpoint_says_for_how_long() -> None:
    assert fault_of(Answer(429, b"", {"retry-after": "3"}), ASKED).retry_after_s == 3.0


@pytest.mark.parametrize(
    "words",
    [
        f"Incorrect API key provided: {KEY}.",
        "Incorrect API key provided: sk-live-0123***********WXYZ.",
        "bad header Bearer sk-live-01…",
    ],
)
def test_no_piece_of_a_key_that_a_server_repeats_is_shown(words: str) -> None:
    shown = str(fault(401, words))
    assert "(hidden)" in shown
    assert not any(piece in shown for piece in ("sk-live", "WXYZ", "0123"))


def test_masking_leaves_other_words_alone() -> None:
    assert mask("鍵がありません: no key", (KEY,)) == "鍵がありません: no key"


def test_neither_key_nor_words_are_in_the_repr_of_who_was_asked() -> None:
    assert KEY not in repr(ASKED)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"detail": "Not Found"}', "Not Found"),
        (b'{"error": "model not loaded"}', "model not loaded"),
        (b'{"error": {"message": "m", "type": "t", "param": null, "code": 400}}', "m (t)"),
        (b'{"detail": [{"loc": ["body"]}]}', "[{'loc': ['body']}]"),
        (b'"gone"', "gone"),
        (b"", ""),
        (b"plain  words\n", "plain words"),
        ("過負荷".encode(), "過負荷"),
        (b"\xff\xfe", "\ufffd\ufffd"),
    ],
)
def test_the_words_of_every_form_of_error_are_found(body: bytes, words: str) -> None:
    assert said(body) == words
