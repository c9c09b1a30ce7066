"""Runs a recipe of the catalogue through the real engine with one scripted model for all of its roles."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from support.runs import dataset, table
from support.server import Server
from tanemaki import Run
from tanemaki.config.schema import ModelSettings
from tanemaki.core.model import Model, Reply, Request
from tanemaki.recipes import catalogue
from tanemaki.run.execute import execute
from tanemaki.run.order import order_of
from tanemaki.run.report import Report
from tanemaki.sources.given import Given


def run_recipe(
    name: str,
    folder: Path,
    language: str,
    source: Sequence[Mapping[str, Any]],
    model: Model,
    *,
    seed: int = 7,
    concurrency: int = 16,
    options: Mapping[str, Any] | None = None,
) -> Report:
    """Run to the end of the source."""
    loaded = catalogue.load(name, language, options or {})
    settings = ModelSettings.model_validate({"kind": "scripted", "file": "x", "concurrency": concurrency})
    order = order_of(
        loaded.recipe,
        Given(source),
        dict.fromkeys(loaded.recipe.roles, model),
        folder,
        texts=loaded.texts,
        language=language,
        seed=seed,
        settings=dict.fromkeys(loaded.recipe.roles, settings),
    )
    return execute(order)


def serve_recipe(
    name: str,
    folder: Path,
    language: str,
    source: Sequence[Mapping[str, Any]],
    answer: Callable[[Request], Reply],
    *,
    options: Mapping[str, Any] | None = None,
) -> None:
    """Run to the end of the source against the scripted server, every twentieth try of which ends with 429 or 500."""

    def said(body: dict[str, Any]) -> str:
        return answer(Request(messages=body["messages"], seed=body.get("seed"))).text

    with Server(reply=said, faults={"429": 0.05, "500": 0.05}) as server:
        roles = catalogue.load(name, language, options or {}).recipe.roles
        run = Run(
            recipe=name,
            language=language,
            source=list(source),
            output=str(folder),
            seed=7,
            options=dict(options or {}),
            models={role: {"endpoint": server.url, "name": "tane", "concurrency": 8} for role in roles},
            limits={"failed_share": None, "accepted_share": None},
            trial="off",  # the judges are scripted for the run's own rows
        )
        run.start()


def accepted(folder: Path) -> list[dict[str, Any]]:
    """Return the rows of the dataset."""
    return dataset(folder)


def rejected(folder: Path) -> list[dict[str, Any]]:
    """Return the rejected rows, with their fields as columns."""
    return [{**row, **json.loads(row["fields"])} for row in table(folder / "rejected.parquet")]


def without_lineage(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the rows by id, without the columns that tell their place in the source and the model."""
    return {
        row["id"]: {name: row[name] for name in row if name not in ("lineage", "model_name")} for row in rows
    }
