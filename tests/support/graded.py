"""Runs with quotas: rows of three grades, recipes that write a topic, and what such a run must give by brute force."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar

from support.steps import Best, Draft, Keep, Top, Unlike, answer, chance
from tanemaki.config.schema import StrataSettings
from tanemaki.core.model import Reply, Request
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.seeding import Draw
from tanemaki.models.scripted import Scripted, last_text
from tanemaki.run.look import rows

GRADES = ("小学1年", "小学2年", "中学1年")


def graded(n: int, seed: int = 0, weights: Sequence[int] = (3, 2, 1)) -> list[dict[str, Json]]:
    """Return n rows, each with a question and one of three grades; the first grade is the commonest."""
    pool = [grade for grade, weight in zip(GRADES, weights, strict=True) for _ in range(weight)]
    return [
        {"question": f"{i}番目の問い", "grade": Draw("grade", seed, i).choose(pool)} for i in range(1, n + 1)
    ]


@dataclass(frozen=True)
class Sorted:
    """Write one of three topics, by the hash of a field."""

    field: str
    name: str = "sorted"
    writes: ClassVar[Mapping[str, FieldType]] = {"topic": "text"}

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.field,)

    def __call__(self, record: Record) -> Mapping[str, Json]:
        return {"topic": f"話題{int(chance(f'topic {record[self.field]}') * 3) + 1}"}


TOPICS = ("話題1", "話題2", "話題3")
CHAIN = Recipe(needs=("question",), steps=(answer, Keep("answer", 0.6), Sorted("answer")), name="chain")
LATE = Recipe(needs=("question",), steps=(answer, Sorted("answer"), Keep("answer", 0.6)), name="late")
GROUPED = Recipe(
    needs=("question",), steps=(Draft(3), Keep("draft", 0.6), Best(), Sorted("best")), name="grouped"
)
SPREAD = Recipe(needs=("question",), steps=(Draft(3), Keep("draft", 0.7), Sorted("draft")), name="spread")
ORDERED = Recipe(
    needs=("question",),
    steps=(answer, Unlike("answer", 30, 2), Sorted("answer"), Keep("answer", 0.9)),
    name="ordered",
)
SELECTED = Recipe(
    needs=("question",),
    steps=(answer, Keep("answer", 0.8), Top("answer", 25), Sorted("answer")),
    name="selected",
)
RECIPES = (CHAIN, LATE, GROUPED, SPREAD, ORDERED, SELECTED)


class Hanging(Scripted):
    """A model that answers after a second, and what begins with a given text after an hour."""

    def __init__(self, start: str) -> None:
        self.asked_at: dict[str, float] = {}
        """What was asked → when, in seconds."""
        self._start = start
        super().__init__(self._reply)

    async def _reply(self, request: Request) -> Reply:
        text = last_text(request)
        self.asked_at[text] = asyncio.get_running_loop().time()
        await asyncio.sleep(3600 if text.startswith(self._start) else 1)
        return Reply("はい")


def strata(by: str, **quotas: int) -> StrataSettings:
    """Return quotas."""
    return StrataSettings(by=by, rows=quotas)


def shown(folder: Path, part: str) -> list[tuple[Any, ...]]:
    """Return what a run shows of one part: ordinal, id, step and reason."""
    return [(row.ordinal, row.id, row.step, row.reason) for row in rows(folder, part)]


def expected(
    whole: Path, by: str, quotas: Mapping[str, int], *, from_source: bool
) -> dict[str, list[tuple[Any, ...]]]:
    """Return what a run with quotas must show, given a run without any that tried every row of the source."""
    found: dict[str, list[tuple[Any, ...]]] = {"accepted": [], "rejected": [], "failed": []}
    n: Counter[str] = Counter()
    for _, group in groupby(rows(whole), key=lambda row: row.ordinal[0]):
        of_root = list(group)
        grade = of_root[0].fields.get(by)
        if from_source and n[str(grade)] >= quotas.get(str(grade), 0):
            continue
        for row in of_root:
            if all(n[name] >= wanted for name, wanted in quotas.items()):
                return found
            value = str(row.fields.get(by))
            if row.part == "accepted":
                if n[value] >= quotas.get(value, 0):
                    continue
                n[value] += 1
            found[row.part].append((row.ordinal, row.id, row.step, row.reason))
    return found
