"""Runs small recipes of Python objects against scripted models, and reads what they wrote."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tanemaki.core.model import Model, Reply, Request
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw, hex_id
from tanemaki.core.source import Source
from tanemaki.models.scripted import Scripted, last_text
from tanemaki.run.execute import execute
from tanemaki.run.order import Order, order_of
from tanemaki.run.report import Report
from tanemaki.sources.given import Given

FILES = ("data/train-00000-of-00001.parquet", "rejected.parquet", "failed.parquet", "README.md")
"""What must be byte for byte that of an undisturbed run."""


def numbers(n: int) -> list[dict[str, Json]]:
    """Return n rows with a question each."""
    return [{"question": f"{i}番目の問い"} for i in range(1, n + 1)]


def order_for(
    recipe: Recipe, source: Source | Sequence[Mapping[str, Json]], folder: Path, model: Model, **more: Any
) -> Order:
    """Return an order that binds every role to one model."""
    given = Given(source) if isinstance(source, Sequence) else source
    return order_of(recipe, given, dict.fromkeys(recipe.roles, model), folder, **more)


def run(
    recipe: Recipe, source: Source | Sequence[Mapping[str, Json]], folder: Path, model: Model, **more: Any
) -> Report:
    """Run to the end."""
    return execute(order_for(recipe, source, folder, model, **more))


def files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of what a run wrote, its card included."""
    return {name: (folder / name).read_bytes() for name in FILES}


def table(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a Parquet file."""
    import duckdb

    with duckdb.connect() as db:
        found = db.execute(f"SELECT * FROM '{path}'")
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def dataset(folder: Path) -> list[dict[str, Any]]:
    """Return the accepted rows of a run."""
    return table(folder / "data" / "train-00000-of-00001.parquet")


class Captured(Scripted):
    """A scripted model that keeps every request, and lets others go first for a number of turns of the loop."""

    def __init__(self, answer: Callable[[Request], Any], *, slow: str | None = None) -> None:
        self.requests: list[Request] = []
        self._slow = slow
        self.in_flight = 0
        self.most_in_flight = 0

        async def reply(request: Request) -> Any:
            self.requests.append(request)
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
            try:
                if self._slow is not None:
                    for _ in range(Draw("slow", self._slow, last_text(request)).below(40)):
                        await asyncio.sleep(0)
                return answer(request)
            finally:
                self.in_flight -= 1

        super().__init__(reply)

    @property
    def texts(self) -> list[str]:
        """The last user text of every request."""
        return [last_text(request) for request in self.requests]


def echo(request: Request) -> Reply:
    """Answer with a text that depends on the whole request and nothing else."""
    return Reply(f"答え {hex_id(*[str(turn) for turn in request.messages], str(request.seed))}")
