"""Rewards that know: 1.0 where a text certainly ends in the right answer, 0.0 otherwise.

``reward`` has the form that TRL's ``GRPOTrainer`` wants of a reward function: it gets the completions, and the columns of
the dataset as lists.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tanemaki.core.errors import DataError, shorten
from tanemaki.core.record import Json
from tanemaki.text.answer_key import says_key
from tanemaki.text.answer_reading import KINDS, is_key, stated_answers
from tanemaki.text.final_answer import marked_answer
from tanemaki.verify.formats import broken
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
    completions: Sequence[Any], answer: Sequence[Any], answer_kind: Sequence[Any], **columns: Any
) -> list[float]:
    """Return the score of every completion: texts, or conversations whose last message counts.

    ``columns`` are the dataset's other columns, as TRL hands them over. What a row is, its columns say: with ``tests`` a
    code task, whose ``function`` must pass them all in the sandbox; with ``constraints`` a format task, whose orders must
    be obeyed and whose answer must be given; else a problem, of which ``prompts`` and ``solution`` are read where they
    are there.

    Raises: ``DataError`` for a row without an answer to compare with; ``SetupError`` for code where there is no sandbox.
    Cost: 0.1 ms a completion, 3 ms for code.

    >>> reward(
    ...     ["答え：12", [{"role": "assistant", "content": "答え：13"}]], ["12", "12"], ["number", "number"]
    ... )
    [1.0, 0.0]
    """
    n = len(completions)
    lists = {name: of for name, of in columns.items() if isinstance(of, list | tuple) and len(of) == n}
    questions = columns.get("prompts") or [""] * n
    return [
        _reward_of(
            {
                **{name: of[place] for name, of in lists.items()},
                "answer": answer[place],
                "answer_kind": answer_kind[place],
                "prompt": _said(questions[place], "user"),
            },
            _said(completions[place], "assistant"),
        )
        for place in range(n)
    ]


def _reward_of(row: Mapping[str, Json], text: str) -> float:
    tests, orders = (_value(row.get(name)) for name in ("tests", "constraints"))
    if tests:
        from tanemaki.verify.code.check import check_reply  # starts processes
        from tanemaki.verify.code.steps import tests_of

        return float(check_reply(text, str(row["function"]), tests_of(tests)) is None)
    if orders:
        ordered = {**row, "constraints": orders}
        return float(not broken(orders, text) and says_answer(ordered, text))
    return score(row, text)


def _value(told: Json) -> Json:
    """Return a value that a dataset may hold as JSON text."""
    return json.loads(told) if isinstance(told, str) else told


def says_answer(row: Mapping[str, Json], response: str) -> bool:
    """Return whether an ordered reply gives the answer: a document in a value, a table in a cell, a text as texts do.

    >>> says_answer({"answer": "12", "answer_kind": "number", "constraints": [{"name": "json"}]}, '{"a": 12}')
    True
    """
    named = {one["name"] for one in row["constraints"]}
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
