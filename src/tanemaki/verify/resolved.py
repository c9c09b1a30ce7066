"""Rows of exact problems, solved again: nothing that a row says of itself is believed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import import_module
from typing import ClassVar

from tanemaki.core.errors import shorten
from tanemaki.core.record import Json, Record
from tanemaki.core.verdict import Reject
from tanemaki.verify.problems.catalogue import families, family_of
from tanemaki.verify.problems.family import Family
from tanemaki.verify.problems.problem import Problem, key_of, pose, solve
from tanemaki.verify.problems.solution import STYLES
from tanemaki.verify.problems.wording import Language
from tanemaki.verify.reward import score
from tanemaki.verify.same_problem import changed_in
from tanemaki.verify.written_equations import find_equations, wrong_equation

REASONS = ("unknown_family", "changed_problem", "wrong_answer", "wrong_equation", "other_final_answer")
NEVER_DRAWN = (
    LookupError,
    TypeError,
    ValueError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    RecursionError,
    StopIteration,
    NameError,
    MemoryError,
)
"""What families and solvers raise for parameters that the family never draws."""
_KANA = re.compile("[ぁ-んァ-ヶ]")
COLUMNS = ("family", "level", "parameters", "prompt", "answer", "answer_kind", "method", "solution")


@dataclass(frozen=True, slots=True)
class Resolved:
    """Keep rows of exact problems that hold when everything is done again.

    The text is posed anew from the parameters and compared; the answer is found by the family's second solver, which knows
    the parameters alone; every equation of the solution is read back out of its sentences and worked out, letters by what
    the family says they are worth; and the solution must end in the answer. There is no switch that keeps a row that fails.

    Reasons: ``unknown_family``, ``changed_problem``, ``wrong_answer``, ``wrong_equation``, ``other_final_answer`` (measured:
    what the row has; limit: what it should be).
    Cost: under a millisecond a row.
    Source: ours; a set of the field stored the outcome of its check and exported every row (requirement C17).

    >>> Resolved()(Record("a", (1,), {"family": "cranes"})).reason
    'unknown_family'
    """

    reads: ClassVar[tuple[str, ...]] = COLUMNS
    reasons: ClassVar[tuple[str, ...]] = REASONS

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        return fault_in(record.fields) or record


def fault_in(row: Mapping[str, Json]) -> Reject | None:
    """Return the first thing that is wrong with a row of an exact problem, None where all holds.

    >>> from tanemaki.verify.problems.problem import make, solve
    >>> one = make("cranes_and_turtles", seed=7, k=3, language="ja", level=1)
    >>> way = solve(one, method="equations", style="plain")
    >>> row = {
    ...     "family": one.family,
    ...     "level": one.level,
    ...     "parameters": one.parameters,
    ...     "prompt": one.prompt,
    ...     "answer": one.answer,
    ...     "answer_kind": one.kind,
    ...     "method": way.method,
    ...     "solution": way.text,
    ... }
    >>> fault_in(row) is None, fault_in({**row, "answer": "9"}).reason
    (True, 'wrong_answer')
    """
    name, parameters = row.get("family"), row.get("parameters")
    if not isinstance(name, str) or name not in families():
        return Reject("unknown_family", shorten(name, 80))
    family = family_of(name)
    prompt = str(row.get("prompt"))
    language: Language = "ja" if _KANA.search(prompt) else "en"
    if row.get("level") is not None and row["level"] not in range(1, family.levels + 1):
        return Reject("changed_problem", shorten(row["level"], 80), family.levels, "no such level")
    if not isinstance(parameters, Mapping):
        return Reject("changed_problem", shorten(parameters, 80), "the parameters of the problem")
    try:
        problem = pose(family, parameters, language, _level(row))
        if problem.prompt != prompt:
            is_same = changed_in(prompt, problem.prompt, problem.answer, language) is None
            note = "the numbers agree: worded anew, or by another version of Tanemaki" if is_same else None
            return Reject("changed_problem", prompt[:200], problem.prompt[:200], note)
        key = key_of(family, parameters, language, _solver(family.topic, name)(parameters))
    except NEVER_DRAWN as error:
        note = f"{type(error).__name__}: {error}"
        return Reject("changed_problem", shorten(parameters, 200), None, note[:200])
    if row.get("answer") != key or row.get("answer_kind") != family.kind:
        return Reject("wrong_answer", shorten(row.get("answer"), 80), key, f"kind {family.kind}")
    return _fault_in_solution(family, problem, row)


def _fault_in_solution(family: Family, problem: Problem, row: Mapping[str, Json]) -> Reject | None:
    solution, method = str(row.get("solution")), row.get("method")
    if method not in family.methods:
        return Reject("wrong_equation", shorten(method, 80), ", ".join(family.methods), "no such method")
    steps = family.solve(problem.parameters, str(method)).steps
    where: dict[str, set[int | Fraction]] = {}
    for step in steps:
        for letter, value in step.where.items():
            where.setdefault(letter, set()).add(value)
    fault = wrong_equation(solution, where)
    if fault is not None:
        fault = wrong_equation(solution, where, _formulas(problem, str(method)))
    if fault is not None:
        return Reject("wrong_equation", fault[:200])
    if score(problem, solution) != 1:
        return Reject(
            "other_final_answer",
            solution.rstrip().splitlines()[-1][:120] if solution.strip() else "",
            problem.answer,
        )
    return None


def _formulas(problem: Problem, method: str) -> set[str]:
    """Return the equations that the family itself says on the way, formulas with free letters among them."""
    return {
        found for style in STYLES for found in find_equations(solve(problem, method=method, style=style).text)
    }


def _level(row: Mapping[str, Json]) -> int:
    level = row.get("level")
    return level if isinstance(level, int) else 1


@cache
def _solver(topic: str, name: str) -> Callable[[Mapping[str, Json]], Json]:
    solve: Callable[[Mapping[str, Json]], Json] = import_module(
        f"tanemaki.verify.solvers.{topic}.{name}"
    ).solve
    return solve
