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
        fitting = [
            plan
            for plan, parts in _plans(db)
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


def rows_tried(run: Path, role: str, judge: str) -> list[dict[str, Any]]:
    """Return the compared rows of the trial of the model that a run's folder holds the rows of; none where it was not tried.

    The folder of the trial may hold another model's, too: one that was bound to the role before.
    """
    folder = run / TRIAL / role
    if not (folder / "journal.sqlite").exists() or not (run / "journal.sqlite").exists():
        return []
    with closing(open_to_read(run)) as db:
        asked = _plans(db)[0][1]["models"][role]
    with closing(open_to_read(folder)) as db:
        tried = [plan for plan, parts in _plans(db) if [*parts["models"].values()] == [asked]]
        return _rows(db, tried[0], judge) if tried else []


def _plans(db: sqlite3.Connection) -> list[tuple[int, Any]]:
    """Return the plans of a journal with what they were made of, the last started first."""
    found = db.execute("SELECT id, parts FROM plans ORDER BY at DESC, id DESC")
    return [(plan, load(parts)) for plan, parts in found]


def _rows(db: sqlite3.Connection, plan: int, judge: str) -> list[dict[str, Any]]:
    return [
        {**row.fields, "judge": judge} for row in ended_rows(db, plan, Cut(None)) if row.part == "accepted"
    ]
