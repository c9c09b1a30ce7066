"""What holds of every dataset of pairs, and runs of recipes that make them, over HTTP, with a model for each role."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.recipe_runs import accepted, rejected
from support.replies import Said
from support.server import Server
from tanemaki import Run
from tanemaki.config.schema import ModelSettings
from tanemaki.core.model import Model
from tanemaki.datasets.formats import training_rows
from tanemaki.judge.candidates import MAX_SIMILARITY, similarity
from tanemaki.recipes import catalogue
from tanemaki.run.execute import execute
from tanemaki.run.order import order_of
from tanemaki.sources.given import Given

Row = Mapping[str, Any]
SIDES = ("chosen", "rejected")


def assert_sound(rows: Sequence[Row], *, exact: bool = False) -> None:
    """Fail unless every row is a pair that can be trusted.

    Sides are the assistant's, differ (as stored and as trainers read them), and are near copies only where an exact
    verifier separates them (``exact``); where there are scores, the chosen side has the higher one and the margin is their
    difference; where answers were compared, the pair is one of them, its verdicts were all read, and they are for the
    chosen side.
    """
    for row in rows:
        prompt, chosen, rejected_ = (_messages(row[name]) for name in ("prompt", *SIDES))
        assert prompt[-1]["role"] == "user", row["id"]
        assert [one["role"] for one in (*chosen, *rejected_)] == ["assistant", "assistant"], row["id"]
        sides = chosen[0]["content"], rejected_[0]["content"]
        assert all(one.strip() for one in sides), row["id"]
        assert sides[0].strip() != sides[1].strip(), row["id"]
        assert exact or similarity(*sides) <= MAX_SIMILARITY, row["id"]
        [exported] = training_rows(
            "preference", {name: _messages(row[name]) for name in ("prompt", *SIDES)}, "ja"
        )
        assert [said_of(exported[name]) for name in SIDES] == list(sides), row["id"]
        if row.get("score_chosen") is not None:
            assert row["score_chosen"] > row["score_rejected"], row["id"]
            assert row["margin"] == row["score_chosen"] - row["score_rejected"], row["id"]
        if row.get("comparisons") is not None:
            _assert_compared(row, sides)


def _assert_compared(row: Row, sides: tuple[str, str]) -> None:
    answers = read(row["answers"])
    for one in read(row["comparisons"]):
        if {answers[one["first"]]["answer"], answers[one["second"]]["answer"]} == set(sides):
            assert one["why"] is None, row["id"]
            assert answers[one["winner"]]["answer"] == sides[0], row["id"]
            return
    raise AssertionError(f"row {row['id']}: nobody compared the two sides")


def assert_nothing_chosen(folder: Path) -> None:
    """Fail if a rejected or failed row of a run has a chosen or rejected side: in its columns, or in its fields."""
    from support.runs import table

    for name in ("rejected", "failed"):
        for row in table(folder / f"{name}.parquet"):
            assert not {*row, *json.loads(row["fields"])} & set(SIDES), (name, row["id"])


def _messages(stored: Any) -> list[dict[str, str]]:
    return [dict(one) for one in read(stored)]


def read(stored: Any) -> Any:
    """Return a JSON column's value."""
    return json.loads(stored) if isinstance(stored, str) else stored


def said_of(messages: Any) -> str:
    """Return what a side of a pair says."""
    [one] = _messages(messages)
    return one["content"]


@dataclass(frozen=True)
class Made:
    """A finished run."""

    folder: Path
    bodies: tuple[dict[str, Any], ...]
    """Every request that the server got, as often as it came."""

    @property
    def accepted(self) -> list[dict[str, Any]]:
        return accepted(self.folder)

    @property
    def rejected(self) -> list[dict[str, Any]]:
        return rejected(self.folder)


def make_pairs(
    name: str,
    folder: Path,
    language: str,
    source: Sequence[Row],
    say: Callable[[dict[str, Any]], Said],
    *,
    faults: Mapping[str, float] | None = None,
    **more: Any,
) -> Made:
    """Run a recipe to the end of its source against a server that knows a model for every role, by the role's name.

    ``say`` gets the body of the request, with the role as ``model``; ``more`` are keys of the run file.
    """
    options = dict(more.pop("options", {}))
    roles = tuple(catalogue.load(name, language, options).recipe.roles)
    bodies: list[dict[str, Any]] = []

    def said(body: dict[str, Any]) -> Said:
        bodies.append(body)
        return say(body)

    with Server(reply=said, models=roles, faults=faults or {}) as server:
        run = Run(
            recipe=name,
            language=language,
            source=list(source),
            output=str(folder),
            options=options,
            models={role: {"endpoint": server.url, "name": role, "concurrency": 8} for role in roles},
            **{
                "seed": 7,
                "limits": {"failed_share": None, "accepted_share": None},
                "trial": "off",  # the judges are scripted for the run's own rows
                **more,
            },
        )
        run.start()
    return Made(folder, tuple(bodies))


def run_roles(
    name: str,
    folder: Path,
    language: str,
    source: Sequence[Row],
    models: Mapping[str, Model],
    *,
    options: Mapping[str, Any] | None = None,
    concurrency: int = 8,
    **more: Any,
) -> Made:
    """Run a recipe to the end of its source, each role with a model object of its own."""
    loaded = catalogue.load(name, language, options or {})
    settings = ModelSettings.model_validate({"kind": "scripted", "file": "x", "concurrency": concurrency})
    order = order_of(
        loaded.recipe,
        Given(source),
        models,
        folder,
        texts=loaded.texts,
        language=language,
        settings=dict.fromkeys(loaded.recipe.roles, settings),
        **{"seed": 7, **more},
    )
    execute(order)
    return Made(folder, ())
