"""Judges of known behaviour for the planted pairs of the recipe ``judge_bench``, as replies to its requests."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from tanemaki.core.model import Reply, Request
from tanemaki.recipes import catalogue

Voice = Callable[[Request], str]
"""Says A, B or C."""


@cache
def planted(language: str) -> tuple[dict[str, str], ...]:
    """Return the planted pairs, with line breaks in the place of their signs."""
    table = catalogue.texts_of(catalogue.find("judge_bench"))[language].tables["planted"]
    return tuple({name: cell.replace("\\n", "\n") for name, cell in row.items()} for row in table)


def shown(request: Request) -> str:
    """Return what the judge is shown last."""
    return str(request.messages[-1]["content"])


def right(request: Request, language: str) -> str:
    """Return the letter of the better answer, as the prompt shows it."""
    text = shown(request)
    row = max(
        (
            row
            for row in planted(language)
            if row["prompt"] in text and row["better"] in text and row["worse"] in text
        ),
        key=lambda row: len(row["better"]) + len(row["worse"]),
    )
    before = text.partition(f"\n{row['better']}\n")[0].splitlines()[-1]
    return "A" if "A" in before.replace("AI", "") else "B"


def is_better(request: Request, language: str) -> bool:
    """Return whether the single answer that the prompt shows is the better one of its pair."""
    text = shown(request)
    rows = [row for row in planted(language) if row["prompt"] in text]
    row = max(rows, key=lambda one: len(one["prompt"]))
    return f"\n{row['better']}\n" in f"{text}\n" and f"\n{row['worse']}\n" not in f"{text}\n"


def saying(voice: Voice) -> Callable[[Request], Reply]:
    """Return the replies of a judge that gives a reason and then a letter."""
    return lambda request: Reply(f"理由。\n[[{voice(request)}]]")
