"""Tasks that a model made, with reference and tests: kept only if they hold together when they are executed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from tanemaki.core.errors import shorten
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.verdict import Reject
from tanemaki.verify.code.check import check_reply, codes_in, is_same
from tanemaki.verify.code.task import Case
from tanemaki.verify.sandbox.json_value import json_value

_FEWEST = 5  # as many as the families' tasks have at least

_TEXT = {"type": "string"}
_CALL = {
    "type": "object",
    "properties": {"arguments": _TEXT, "expected": _TEXT},
    "required": ["arguments", "expected"],
    "additionalProperties": False,
}
WRITTEN: Mapping[str, Json] = {
    "type": "object",
    "properties": {
        "prompt": _TEXT,
        "function": _TEXT,
        "answer": _TEXT,
        "explanation": _TEXT,
        "written_tests": {"type": "array", "items": _CALL},
    },
    "required": ["prompt", "function", "answer", "explanation", "written_tests"],
    "additionalProperties": False,
}
"""What a model is asked for; arguments and expected values are JSON texts, so that any endpoint's schemas can say it."""


@dataclass(frozen=True, slots=True)
class WellMade:
    """Keep tasks whose reference passes the tests that came with it, where the tests say something.

    The prompt must name the function; there must be five different calls or more, and they must want different values, which
    none of the arguments simply is: what always returns the same, or gives an argument back, would pass otherwise. Code in
    the explanation is executed, too.

    Reasons: ``unnamed``, ``bad_tests``, ``few_tests``, ``one_value``, ``trivial``, ``no_code``, ``broken``, ``refused``,
    ``limit``, ``tests_failed``.

    Writes ``tests``, and ``verified_by``: ``sandbox``.

    Not covered: a task whose text says something else than its tests. Let another model answer it, too.
    Cost: about 3 ms a record; heavy.
    Source: ours; solutions and tests that must agree as "CodeT" (arXiv 2207.10397) has it.
    """

    name: ClassVar[str] = "well_made"
    reads: ClassVar[tuple[str, ...]] = ("prompt", "function", "answer", "explanation", "written_tests")
    writes: ClassVar[Mapping[str, FieldType]] = {"tests": "json", "verified_by": "text"}
    reasons: ClassVar[tuple[str, ...]] = (
        *("unnamed", "bad_tests", "few_tests", "one_value", "trivial"),
        *("no_code", "broken", "refused", "limit", "tests_failed"),
    )
    heavy: ClassVar[bool] = True

    def __call__(self, record: Record) -> Mapping[str, Json] | Reject:
        """Give the tests as values, or why the task is not kept."""
        function = record["function"]
        if not function.isidentifier() or not re.search(rf"\b{function}\b", record["prompt"], re.ASCII):
            return Reject("unnamed", measured=shorten(function, 80))
        tests = _tests(record["written_tests"])
        if isinstance(tests, Reject):
            return tests
        if all(is_same(one.expected, tests[0].expected) for one in tests):
            return Reject("one_value", measured=shorten(tests[0].expected, 80))
        for place in range(min(len(one.arguments) for one in tests)):
            if all(is_same(one.arguments[place], one.expected) for one in tests):
                return Reject("trivial", note=f"argument {place + 1} is what is expected")
        failure = check_reply(record["answer"], function, tests)
        if failure is None and codes_in(record["explanation"], function):
            failure = check_reply(record["explanation"], function, tests)
        if failure is not None:
            return Reject(failure.reason, measured=failure.measured, limit=failure.wanted, note=failure.note)
        told = [{"arguments": one.arguments, "expected": one.expected} for one in tests]
        return {"tests": told, "verified_by": "sandbox"}


def _tests(written: list[dict[str, Any]]) -> list[Case] | Reject:
    """Read the calls, each once."""
    found: dict[str, Case] = {}
    for one in written:
        try:
            arguments, expected = json_value(one["arguments"]), json_value(one["expected"])
        except ValueError as error:
            return Reject("bad_tests", note=f"{error} in {shorten(one, 120)}"[:200])
        if not isinstance(arguments, list):
            return Reject("bad_tests", note=f"no list of arguments in {shorten(one, 120)}")
        found.setdefault(json.dumps(arguments), Case(arguments, expected))
    if len(found) < _FEWEST:
        return Reject("few_tests", measured=len(found), limit=_FEWEST)
    return list(found.values())
