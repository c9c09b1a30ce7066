"""A finished row of code, checked again: is it what its parameters say, and does its code pass its tests?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.verdict import Reject
from tanemaki.verify.code.catalogue import code_families, code_family_of
from tanemaki.verify.code.check import check_reply, is_same
from tanemaki.verify.code.steps import tests_of
from tanemaki.verify.code.task import Case, pose
from tanemaki.verify.problems.wording import Language

_LANGUAGES: tuple[Language, ...] = ("ja", "en")


def fault_in(row: Mapping[str, Json]) -> Reject | None:
    """Return what is wrong with a row that has ``tests``; None where it holds.

    The task is posed again from ``family`` and ``parameters`` and compared with ``prompt``, every expected value is computed
    again, ``answer`` is executed, and ``response``, a model's reply, where there is one. ``parameters`` and ``tests`` may be
    JSON texts, as Parquet holds them. Of a row without a family, whose task a model made, the code is executed and no more.
    Raises ``SetupError`` where there is no sandbox.

    Reasons: ``unknown_family``, ``changed_problem``, ``wrong_test``, ``wrong_answer``, ``wrong_response``.

    >>> fault_in({"family": "rotate_lists", "parameters": {}, "tests": []})
    Reject(reason='unknown_family', measured='rotate_lists', limit=None, note=None)
    """
    if row.get("family") is None and row.get("function"):
        return _fault_in_codes(row, row["function"], tests_of(_value(row["tests"])))
    if row.get("family") not in code_families():
        return Reject("unknown_family", measured=str(row.get("family")))
    family = code_family_of(row["family"])
    parameters, tests = _value(row["parameters"]), tests_of(_value(row["tests"]))
    inputs = [one.arguments for one in tests]
    posed = [pose(family, parameters, inputs, language, row["level"]) for language in _LANGUAGES]
    if row["prompt"] not in [one.prompt for one in posed]:
        return Reject("changed_problem", note=row["prompt"][:200])
    for one, again in zip(tests, posed[0].tests, strict=True):
        if not is_same(one.expected, again.expected):
            return Reject("wrong_test", measured=repr(one.expected)[:80], limit=repr(again.expected)[:80])
    return _fault_in_codes(row, posed[0].function, tests)


def _fault_in_codes(row: Mapping[str, Json], function: str, tests: list[Case]) -> Reject | None:
    told = (("wrong_answer", "answer"), ("wrong_answer", "solution"), ("wrong_response", "response"))
    for reason, name in told:
        if name != "answer" and not row.get(name):
            continue
        failure = check_reply(row[name], function, tests)
        if failure is not None:
            note = f"{failure.reason}: {failure.note}"
            return Reject(reason, measured=failure.measured, limit=failure.wanted, note=note)
    return None


@dataclass(frozen=True, slots=True)
class ResolvedCode:
    """Keep rows of an earlier run that still hold: the task, every expected value, and the reference, which is executed.

    Reasons: ``unknown_family``, ``changed_problem``, ``wrong_test``, ``wrong_answer``.

    Writes ``verified_by``: ``sandbox``.

    Cost: about 3 ms a record; heavy.
    Source: ours; a stored verdict is no verdict (fault 8 of the published sets).
    """

    name: ClassVar[str] = "resolved"
    reads: ClassVar[tuple[str, ...]] = (
        *("family", "topic", "level", "parameters", "prompt", "function", "answer", "explanation", "tests"),
        "solution",
    )
    writes: ClassVar[Mapping[str, FieldType]] = {"verified_by": "text"}
    reasons: ClassVar[tuple[str, ...]] = ("unknown_family", "changed_problem", "wrong_test", "wrong_answer")
    heavy: ClassVar[bool] = True

    def __call__(self, record: Record) -> Mapping[str, Json] | Reject:
        """Check again, and say who confirmed it."""
        fault = fault_in({name: record[name] for name in self.reads})
        return {"verified_by": "sandbox"} if fault is None else fault


def _value(told: Json) -> Json:
    return json.loads(told) if isinstance(told, str) else told
