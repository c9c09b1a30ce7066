"""What the trial of a run's judge came to, read from its folder: for the report of the trial, and for the dataset's card."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from tanemaki.core.recipe import Trial
from tanemaki.engine.cut import Cut
from tanemaki.engine.reading import ended_rows
from tanemaki.engine.stored import dump, load
from tanemaki.judge.trust.compared import read_rows
from tanemaki.judge.trust.measure import measure
from tanemaki.judge.trust.verdict import Trust, trust
from tanemaki.recipes import catalogue
from tanemaki.run.fingerprint import hash_of_step
from tanemaki.run.folder import TRIAL, open_to_read
from tanemaki.run.order import Order


def verdicts_on(order: Order) -> dict[str, Trust | None]:
    """Return how far each role that judges may be believed; None for a judge that was not measured. Opens no model.

    What counts is a trial of this very model, asked in this very way: the folder may hold those of other models that were
    bound to the role before or since.
    """
    return {one.role: _verdict_on(order, one) for one in order.recipe.trials}


def _verdict_on(order: Order, trial: Trial) -> Trust | None:
    folder = order.output / TRIAL / trial.role
    if not (folder / "journal.sqlite").exists():
        return None
    model = load(dump(order.plan_parts()["models"][trial.role]))
    with closing(open_to_read(folder)) as db:
        plans = [
            (plan, load(parts))
            for plan, parts in db.execute("SELECT id, parts FROM plans ORDER BY at DESC, id DESC")
        ]
        fitting = [
            plan
            for plan, parts in plans
            if [*parts["models"].values()] == [model] and parts["steps"] in _ways(trial, order.language)
        ]
        rows = _rows(db, fitting[0], order.models[trial.role].name) if fitting else []
    return trust(measure(read_rows(rows))) if rows else None


def _ways(trial: Trial, language: str) -> list[Mapping[str, str]]:
    """Return the steps of the trial's recipe by their hashes, with log-probabilities asked for and without."""
    options = dict(trial.options)
    asked = (options, {**options, "logprobs": True})
    found: list[Mapping[str, str]] = []
    for one in asked if options.get("judge", "pairwise") == "pairwise" else asked[:1]:
        specs = catalogue.load(trial.recipe, language, one).recipe.specs
        found.append({spec.name: hash_of_step(spec.step) for spec in specs})
    return found


def rows_of_trial(folder: Path, judge: str) -> list[dict[str, Any]]:
    """Return the compared rows of the last trial in a folder, each with the judge's name; none where there was no trial."""
    if not (folder / "journal.sqlite").exists():
        return []
    with closing(open_to_read(folder)) as db:
        (plan,) = db.execute("SELECT id FROM plans ORDER BY at DESC, id DESC LIMIT 1").fetchone()
        return _rows(db, plan, judge)


def _rows(db: sqlite3.Connection, plan: int, judge: str) -> list[dict[str, Any]]:
    return [
        {**row.fields, "judge": judge} for row in ended_rows(db, plan, Cut(None)) if row.part == "accepted"
    ]
