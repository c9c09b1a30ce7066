"""A whole set, verified again: exact problems are solved anew, format orders looked at, code executed.

What a row claims decides how it is checked: ``family`` with ``parameters`` an exact problem, ``tests`` a code task,
``constraints`` format orders. A row that claims none of these cannot be checked, and is counted as such.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tanemaki.core.errors import RecipeError, SetupError, shorten
from tanemaki.core.record import Json, Record
from tanemaki.core.source import BadItem
from tanemaki.core.verdict import Reject
from tanemaki.datasets.jsonl import JsonlFile
from tanemaki.run.foreign_set import reader_of
from tanemaki.text.answer_key import says_key
from tanemaki.text.answer_reading import is_key
from tanemaki.text.final_answer import marked_answer
from tanemaki.verify.checked_lines import CheckedLines
from tanemaki.verify.confirmed import Confirmed
from tanemaki.verify.formats import ORDERS, broken
from tanemaki.verify.resolved import fault_in
from tanemaki.verify.reward import score
from tanemaki.verify.same_problem import changed_in

Claim = Literal["exact", "code", "format"]
CLAIMS: tuple[Claim, ...] = ("exact", "code", "format")
SHOWN = 3
"""Rows that are shown of each reason: the first ones."""
_JSON_COLUMNS = ("parameters", "constraints", "tests")
_KANA = re.compile("[ぁ-んァ-ヶ]")
_REPLIES = ("response", "messages")


@dataclass(slots=True)
class Wrong:
    """Rows that failed for one reason."""

    rows: int = 0
    first: list[dict[str, Json]] = field(default_factory=list)
    """Place, measured value, limit and note of the first of them."""


@dataclass(slots=True)
class Verification:
    """What was found in a set."""

    rows: int = 0
    verified: dict[Claim, int] = field(default_factory=lambda: dict.fromkeys(CLAIMS, 0))
    wrong: dict[str, Wrong] = field(default_factory=dict)
    """By claim and reason: ``exact: wrong_answer``."""
    unchecked: int = 0
    """Rows that claim nothing that a program could check."""
    first_unchecked: list[str] = field(default_factory=list)
    unreadable: int = 0
    first_unreadable: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    """Columns of the first row that could not be checked."""

    @property
    def n_verified(self) -> int:
        """Rows that hold."""
        return sum(self.verified.values())

    @property
    def n_wrong(self) -> int:
        """Rows that do not."""
        return sum(one.rows for one in self.wrong.values())

    @property
    def holds(self) -> bool:
        """Whether something was verified, and nothing is wrong or unreadable."""
        return bool(self.n_verified) and not self.n_wrong and not self.unreadable

    def to_json(self) -> dict[str, Any]:
        """Return the whole as JSON."""
        return {
            "rows": self.rows,
            "verified": {claim: n for claim, n in self.verified.items() if n},
            "wrong": {reason: {"rows": one.rows, "first": one.first} for reason, one in self.wrong.items()},
            "unchecked": {"rows": self.unchecked, "first": self.first_unchecked},
            "unreadable": {"rows": self.unreadable, "first": self.first_unreadable},
            "holds": self.holds,
        }


def verify_set(
    path: Path, *, rejected: Path | None = None, tick: Callable[[int], None] = lambda _: None
) -> Verification:
    """Verify every row of a file or folder; ``tick`` is told the number of rows done, ``rejected`` gets those that fail.

    Memory does not grow with the rows. Raises ``SetupError`` for a file that cannot be read or is there already.
    """
    if (path / "run.yaml").exists() and not any((path / "data").glob("**/*.parquet")):
        raise SetupError(
            "the run has written no dataset yet",
            where=str(path),
            next=f"tanemaki export {path} writes what it has, or verify it when it is done",
        )
    found = Verification()
    with ExitStack() as stack:
        columns = ("where", "reason", "measured", "limit", "note", "row")
        out = stack.enter_context(JsonlFile(columns, rejected)) if rejected else None
        for row in reader_of(path).rows():
            found.rows += 1
            tick(found.rows)
            if isinstance(row, BadItem):
                found.unreadable += 1
                _add(found.first_unreadable, f"{row.where}: {row.message}")
                continue
            values = decoded(row.values)
            claim = claim_of(values)
            if claim is None:
                found.unchecked += 1
                _add(found.first_unchecked, row.where)
                found.columns = found.columns or list(row.values)
                continue
            fault = check_row(values, claim)
            if fault is None:
                found.verified[claim] += 1
                continue
            wrong = found.wrong.setdefault(f"{claim}: {fault.reason}", Wrong())
            wrong.rows += 1
            told = {"where": row.where, "measured": fault.measured, "limit": fault.limit, "note": fault.note}
            if len(wrong.first) < SHOWN:
                wrong.first.append(told)
            if out is not None:
                out.add({**told, "reason": fault.reason, "row": dict(row.values)})
        if out is not None:
            out.finish()
    return found


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
    if claim == "exact":
        return fault_in(row) or next(_faults_in_replies(row), None)
    return _fault_in_code(row) if claim == "code" else _broken_order(row)


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
        if not _says_answer(row, response):
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


def _says_answer(row: Mapping[str, Json], response: str) -> bool:
    """Whether an ordered reply gives the answer: a document in one of its values, a table in a cell, a text as texts do."""
    named = {one.get("name") for one in row["constraints"] if isinstance(one, Mapping)}
    if named & {"csv", "tsv", "markdown_table"}:
        return all(part in response or says_key(response, part) for part in str(row["answer"]).split(", "))
    if not named & {"json", "json_schema", "yaml"}:
        return score(row, response) == 1
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        document = YAML(typ="safe").load(response) if "yaml" in named else json.loads(response)
    except (ValueError, YAMLError):
        return False
    values = document.values() if isinstance(document, Mapping) else [document]
    said = [str(value) for value in values if isinstance(value, str | int | float)]
    shown = marked_answer(str(row.get("solution"))) or ""
    return any(is_key(one, str(row["answer"]), str(row["answer_kind"]), shown=shown) for one in said)


def _fault_in_code(row: Mapping[str, Json]) -> Reject | None:
    from tanemaki.verify.code.check import check  # what it needs starts processes
    from tanemaki.verify.code.fault_in_code import fault_in as fault_in_code
    from tanemaki.verify.code.steps import Passes, tests_of

    try:
        if row.get("family") is not None:
            return fault_in_code(row)
    except (
        LookupError,
        TypeError,
        ValueError,
        ArithmeticError,
    ) as error:  # parameters that the family never draws
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
    name = next(one for one in _REPLIES if row.get(one) is not None)
    for text in _texts(row[name]):
        try:
            failures = broken(row["constraints"], text)
        except (RecipeError, LookupError, TypeError) as error:
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


def _add(first: list[str], told: str) -> None:
    if len(first) < SHOWN:
        first.append(told)
