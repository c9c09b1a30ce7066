"""Rewards that know: 1.0 where a text certainly ends in the right answer, 0.0 otherwise.

``reward`` has the form that TRL's ``GRPOTrainer`` wants of a reward function: it gets the completions, and the columns of
the dataset as lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tanemaki.core.errors import DataError, shorten
from tanemaki.core.record import Json
from tanemaki.text.answer_reading import KINDS, is_key, stated_answers
from tanemaki.text.final_answer import marked_answer
from tanemaki.verify.problems.problem import Problem


def score(problem: Problem | Mapping[str, Json], text: str) -> float:
    """Return 1.0 where a text states the problem's answer and no other one, 0.0 where it is wrong or cannot be read.

    A row has the columns ``answer`` and ``answer_kind``, better also ``prompt`` and ``solution``: they tell the unit. Raises
    ``DataError`` for a row without a key.

    >>> row = {"answer": "12", "answer_kind": "number"}
    >>> score(row, "鶴が8匹なので、\\n答え：12匹"), score(row, "答え：12匹か13匹"), score(row, "12, 13")
    (1.0, 0.0, 0.0)
    """
    if isinstance(problem, Problem):
        told: tuple[str, str, str, str] = (problem.answer, problem.kind, problem.answer_text, problem.prompt)
    else:
        told = _of_row(problem)
    key, kind, shown, question = told
    stated = stated_answers(text, question)
    return float(
        bool(stated) and all(is_key(one, key, kind, shown=shown, question=question) for one in stated)
    )


def reward(
    completions: Sequence[Any], answer: Sequence[str], answer_kind: Sequence[str], **columns: Any
) -> list[float]:
    """Return the score of every completion: texts, or conversations whose last message counts.

    ``columns`` are the dataset's other columns, as TRL hands them over: ``prompts`` and ``solution`` are read where they are
    there, the others are not.

    >>> reward(
    ...     ["答え：12", [{"role": "assistant", "content": "答え：13"}]], ["12", "12"], ["number", "number"]
    ... )
    [1.0, 0.0]
    """
    n = len(completions)
    questions = columns.get("prompts") or [""] * n
    solutions = columns.get("solution") or [""] * n
    rows = zip(completions, answer, answer_kind, questions, solutions, strict=True)
    return [
        score(
            {"answer": key, "answer_kind": kind, "prompt": _said(question, "user"), "solution": solution},
            _said(completion, "assistant"),
        )
        for completion, key, kind, question, solution in rows
    ]


def _of_row(row: Mapping[str, Json]) -> tuple[str, str, str, str]:
    key, kind = row.get("answer"), row.get("answer_kind")
    if not isinstance(key, str) or not key.strip() or kind not in KINDS:
        raise DataError(
            "a row that is scored has an answer and its kind",
            got=f"answer {shorten(key)}, answer_kind {shorten(kind)}",
            next=f"answer_kind is one of {', '.join(KINDS)}",
        )
    solution = row.get("solution")
    shown = marked_answer(solution) if isinstance(solution, str) and solution else None
    prompt = row.get("prompt")
    return key, str(kind), shown or "", prompt if isinstance(prompt, str) else _said(prompt, "user")


def _said(turn: Any, role: str) -> str:
    """Return a text as it is, of messages the last one of a role."""
    if isinstance(turn, str):
        return turn
    if not isinstance(turn, Sequence):
        return ""
    said = [one.get("content") for one in turn if isinstance(one, Mapping) and one.get("role") == role]
    return said[-1] if said and isinstance(said[-1], str) else ""
