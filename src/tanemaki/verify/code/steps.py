"""The steps of recipes that make code tasks: pose one, prove its reference, keep the replies that pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from tanemaki.core.errors import DataError
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.verify.code.catalogue import code_families
from tanemaki.verify.code.check import check, check_reply
from tanemaki.verify.code.task import Case, answer_text, make
from tanemaki.verify.problems.wording import Language


class NotProven(AssertionError):
    """A reference does not pass its own tests: a fault of its family."""


@dataclass(frozen=True, slots=True)
class PoseCode:
    """Pose a task of a drawn family and level, with its reference, explanation and tests.

    Source: ours; families of parametrised specifications, as reasoning-gym has them for puzzles.
    """

    families: tuple[str, ...]
    levels: tuple[int, ...]
    name: ClassVar[str] = "pose"
    reads: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[Mapping[str, FieldType]] = {
        "family": "text",
        "topic": "text",
        "level": "integer",
        "parameters": "json",
        "prompt": "text",
        "function": "text",
        "answer": "text",
        "explanation": "text",
        "tests": "json",
        "solution": "text",
    }

    def __call__(self, record: Record, context: Context) -> Mapping[str, Json]:
        """Draw, and give the task's fields."""
        del record
        draw = context.draw()
        name, level = draw.choose(self.families), draw.choose(self.levels)
        language = cast("Language", context.language)
        task = make(name, seed=draw.bits(), k=0, language=language, level=level)
        return {
            "family": name,
            "topic": code_families()[name],
            "level": level,
            "parameters": dict(task.parameters),
            "prompt": task.prompt,
            "function": task.function,
            "answer": task.code,
            "explanation": task.explanation,
            "tests": [{"arguments": one.arguments, "expected": one.expected} for one in task.tests],
            "solution": answer_text(task, draw.below(4)),
        }


@dataclass(frozen=True, slots=True)
class Proven:
    """Execute the reference in the sandbox: a record goes on only if it passes every test.

    There is no switch and no reason: a reference that fails is a fault of its family, and ends the run with its traceback.
    Where the machine gave it no time, the row fails with ``DataError``.

    Writes ``verified_by``: ``sandbox``.

    Raises: ``NotProven``, ``DataError``; ``SetupError`` where there is no sandbox.
    Cost: about 3 ms a record; heavy.
    Source: ours; the self-test of gold answers that verifiers asks of its tasks.

    >>> Proven().writes
    {'verified_by': 'text'}
    """

    name: ClassVar[str] = "proven"
    reads: ClassVar[tuple[str, ...]] = ("answer", "function", "tests")
    writes: ClassVar[Mapping[str, FieldType]] = {"verified_by": "text"}
    heavy: ClassVar[bool] = True

    def __call__(self, record: Record) -> Mapping[str, Json]:
        """Execute, and say who confirmed it."""
        failure = check(record["answer"], record["function"], tests_of(record["tests"]))
        if failure is not None and failure.reason == "limit":
            raise DataError("the reference was stopped: the machine is too busy", got=failure.note)
        if failure is not None:
            raise NotProven(f"{record.get('family')} {record.get('parameters')}: {failure}")
        return {"verified_by": "sandbox"}


@dataclass(frozen=True, slots=True)
class Passes:
    """Keep replies whose function passes every test in the sandbox, those that the prompt did not show among them.

    Where a reply gives the function twice, a first try and a better one, both must pass.

    Reasons: ``no_code``, ``broken``, ``refused``, ``limit``, ``tests_failed``.
    Cost: about 3 ms a record, up to a second of processor time for code that does not end; heavy.
    Source: ours; functional correctness as "Evaluating Large Language Models Trained on Code" (arXiv 2107.03374) has it.
    """

    field: str
    """The field with the reply."""
    heavy: ClassVar[bool] = True
    reasons: ClassVar[tuple[str, ...]] = ("no_code", "broken", "refused", "limit", "tests_failed")

    @property
    def name(self) -> str:
        """The step's name."""
        return "passes"

    @property
    def reads(self) -> tuple[str, ...]:
        """The reply, and what it is tested with."""
        return (self.field, "function", "tests")

    def __call__(self, record: Record) -> Record | Reject:
        """Give the record back, or why it is not kept."""
        failure = check_reply(record[self.field], record["function"], tests_of(record["tests"]))
        if failure is None:
            return record
        return Reject(failure.reason, measured=failure.measured, limit=failure.wanted, note=failure.note)


def tests_of(told: Any) -> list[Case]:
    """Return the tests as a record's field holds them."""
    return [Case(one["arguments"], one["expected"]) for one in told]
