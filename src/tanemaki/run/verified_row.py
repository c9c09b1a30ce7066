"""One row, verified again: what it claims to be, and what of that does not hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Literal

from tanemaki.core.errors import RecipeError, shorten
from tanemaki.core.record import Json, Record
from tanemaki.core.verdict import Reject
from tanemaki.verify.checked_lines import CheckedLines
from tanemaki.verify.confirmed import Confirmed
from tanemaki.verify.formats import ORDERS, broken
from tanemaki.verify.resolved import NEVER_DRAWN, fault_in
from tanemaki.verify.reward import says_answer
from tanemaki.verify.same_problem import changed_in

Claim = Literal["exact", "code", "format"]
CLAIMS: tuple[Claim, ...] = ("exact", "code", "format")
_JSON_COLUMNS = ("parameters", "constraints", "tests", "messages")
_KANA = re.compile("[ぁ-んァ-ヶ]")
_REPLIES = ("response", "messages")
_ASKED = ("prompt", "reworded", "request")
_SAID = ("solution", "response")


def claim_of(row: Mapping[str, Json]) -> Claim | None:
    """Return what a row claims to be, None where nothing of it can be checked.

    >>> claim_of({"family": "cranes_and_turtles", "parameters": {}}), claim_of({"question": "?"})
    ('exact', None)
    """
    if row.get("tests") is not None:
        return "code"
    if row.get("family") is not None and row.get("parameters") is not None:
        return "exact"
    if row.get("constraints") and any(row.get(name) is not None for name in _REPLIES):
        return "format"
    return None


def check_row(row: Mapping[str, Json], claim: Claim) -> Reject | None:
    """Return what is wrong with a row, None where what it claims holds. Raises ``SetupError`` for code without a sandbox."""
    if claim == "format":
        return _broken_order(row)
    if claim == "code":
        fault = _fault_in_code(row)
        return fault or (_fault_in_messages(row) if row.get("family") is not None else None)
    return fault_in(row) or next(_faults_in_replies(row), None) or _fault_in_messages(row)


def decoded(row: Mapping[str, Json]) -> dict[str, Json]:
    """Return a row whose JSON columns are values again: Parquet keeps them as text.

    >>> decoded({"parameters": '{"heads": 3}', "level": 1})
    {'parameters': {'heads': 3}, 'level': 1}
    """
    values = dict(row)
    for name in _JSON_COLUMNS:
        if isinstance(values.get(name), str):
            try:
                values[name] = json.loads(values[name])
            except ValueError:
                continue  # it stays a text, and is told as what it is
    return values


def _faults_in_replies(row: Mapping[str, Json]) -> Iterator[Reject]:
    """Yield what is wrong with the further parts of an exact row: another wording, a model's solution, an ordered reply."""
    for name in ("reworded", "response"):
        if not isinstance(row.get(name), str | None):
            yield Reject("not_a_text", shorten(row[name], 120), None, name)
    record = Record("row", (1,), row)
    prompt, reworded, response = str(row["prompt"]), row.get("reworded"), row.get("response")
    if isinstance(reworded, str):
        language = "ja" if _KANA.search(prompt) else "en"
        changed = changed_in(reworded, prompt, str(row["answer"]), language)
        if changed is not None:
            yield changed
    if not isinstance(response, str):
        return
    if row.get("constraints"):
        broken_order = _broken_order(row)
        if broken_order is not None:
            yield broken_order
        if not says_answer(row, response):
            yield Reject(
                "wrong_answer", response[-80:], str(row["answer"]), "the reply does not say the answer"
            )
    else:
        confirmed = Confirmed("response")(record)
        if isinstance(confirmed, Reject):
            yield confirmed
    lines = CheckedLines("response")(record)
    if isinstance(lines, Reject):
        yield lines


def _fault_in_messages(row: Mapping[str, Json]) -> Reject | None:
    """Return which turn of a conversation is none of the row's verified texts: it is what a model is trained on."""
    messages, prompt, request = row.get("messages"), str(row.get("prompt")), row.get("request")
    if isinstance(request, str) and not request.startswith((prompt, str(row.get("reworded") or prompt))):
        return Reject("changed_problem", request[:200], prompt[:200], "the request asks something else")
    if messages is None:
        return None
    turns = messages if isinstance(messages, list) else [messages]
    columns = {"user": _ASKED, "assistant": _SAID}
    for turn in turns:
        if not isinstance(turn, Mapping) or not isinstance(turn.get("content"), str):
            return Reject("changed_messages", shorten(turn, 120), "turns with a role and a content")
        told = columns.get(str(turn.get("role")), ())
        if told and turn["content"] not in [row.get(name) for name in told]:
            return Reject("changed_messages", turn["content"][:200], f"the row's {' or '.join(told)}")
    return None


def _fault_in_code(row: Mapping[str, Json]) -> Reject | None:
    from tanemaki.verify.code.check import check  # what it needs starts processes
    from tanemaki.verify.code.fault_in_code import fault_in as fault_in_code
    from tanemaki.verify.code.steps import Passes, tests_of

    try:
        if row.get("family") is not None:
            return fault_in_code(row)
    except NEVER_DRAWN as error:  # parameters that the family never draws
        return Reject(
            "changed_problem",
            shorten(row.get("parameters"), 200),
            None,
            f"{type(error).__name__}: {error}"[:200],
        )
    try:
        tests, function = tests_of(row["tests"]), str(row["function"])
    except (LookupError, TypeError) as error:
        return Reject("unknown_tests", repr(error)[:120])
    if not all(isinstance(one.arguments, list) for one in tests):
        return Reject("unknown_tests", None, None, "arguments are a list")
    if not tests:
        return Reject("unknown_tests", None, None, "there are none")
    if isinstance(row.get("code"), str):
        failure = check(row["code"], function, tests)
        if failure is not None:
            return Reject(failure.reason, failure.measured, failure.wanted, failure.note)
    replies = [text for name in ("answer", "response", "messages") for text in _texts(row.get(name))]
    if not replies and not isinstance(row.get("code"), str):
        return Reject("no_code", None, None, "the row has neither code nor a reply")
    for text in replies:
        outcome = Passes("reply")(
            Record("row", (1,), {"reply": text, "function": function, "tests": row["tests"]})
        )
        if isinstance(outcome, Reject):
            return outcome
    return None


def _broken_order(row: Mapping[str, Json]) -> Reject | None:
    orders = row["constraints"]
    if not isinstance(orders, list) or not all(isinstance(one, Mapping) for one in orders):
        return Reject("unknown_order", shorten(orders, 120))
    for text in (text for name in _REPLIES for text in _texts(row.get(name))):
        try:
            failures = broken(orders, text)
        except (RecipeError, LookupError, TypeError, ValueError) as error:
            return Reject("unknown_order", str(error)[:200])
        if failures:
            first = failures[0]
            return Reject(f"wrong_{ORDERS[first.order].family}", first.measured, first.limit, first.message)
    return None


def _texts(value: Json) -> list[str]:
    """Return a text as it is, of messages those of the assistant."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        return []
    said = (
        one.get("content") for one in value if isinstance(one, Mapping) and one.get("role") == "assistant"
    )
    return [text for text in said if isinstance(text, str)]
