"""A run's folder: whose run lies in it, what a further start will pay again, and ``run.yaml``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tanemaki import __version__
from tanemaki.config.resolved import dump as dump_yaml
from tanemaki.config.resolved import rebased
from tanemaki.core.errors import SetupError, shorten
from tanemaki.core.seeding import hex_id
from tanemaki.engine.opening import connect
from tanemaki.engine.reading import calls_per_step
from tanemaki.engine.stored import dump, load
from tanemaki.run.order import Order

TRIAL = "trial"
"""The folder in a run's folder that holds the trials of its judges."""
_WORDS = {"recipe": "recipe", "language": "language", "seed": "seed", "source": "source"}


def check_identity(order: Order, meta: Mapping[str, str]) -> None:
    """Raise ``SetupError`` if the folder holds another run: another recipe, language, source or seed."""
    for key, now in order.identity().items():
        before = meta.get(key)
        if before is not None and before != now:
            shown = (
                "the source has other contents or settings"
                if key == "source"
                else f"{_WORDS[key]} {before!r}, now {now!r}"
            )
            raise SetupError(
                f"the output folder holds another run: its {_WORDS[key]} differs",
                where=str(order.output),
                got=shown,
                next="choose another output, or restore the old setting to continue that run",
            )


def check_foreign(folder: Path) -> None:
    """Raise ``SetupError`` if the folder has contents that are no run: nothing of the user's is overwritten."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise SetupError(
            "the output is a file, not a folder", where=str(folder), next="choose another output"
        )
    there = [path.name for path in folder.iterdir() if path.name not in ("run.lock", TRIAL)]
    if there and "journal.sqlite" not in there:
        raise SetupError(
            "the output folder is not empty and holds no run",
            where=str(folder),
            got=shorten(sorted(there)),
            next="choose another output",
        )


def fingerprint_of(parts: Mapping[str, Any]) -> str:
    """Return the hash of a plan's parts."""
    return hex_id("plan", dump(parts), length=32)


def changes(order: Order, before: Mapping[str, Any], n_calls: Mapping[str, int]) -> list[str]:
    """Return in sentences what changed since the last start, and what will be paid again because of it."""
    now = load(dump(order.plan_parts()))
    told = []
    paid: set[str] = set()
    for key in sorted(_changed(before.get("prompts", {}), now["prompts"])):
        step, _, prompt = key.partition("/")
        told.append(f"prompt {prompt!r} of step {step!r} changed")
        paid.add(step)
    told.extend(
        f"table {key.partition('/')[2]!r} changed: rows that draw differently are asked anew"
        for key in sorted(_changed(before.get("tables", {}), now["tables"]))
    )
    for role in sorted(_changed(before.get("models", {}), now["models"])):
        told.append(f"model or sampling of role {role!r} changed")
        paid.update(spec.name for spec in order.recipe.specs if role in spec.roles)
    told.extend(
        f"step {step!r} changed: its verdicts are made anew"
        for step in sorted(_changed(before.get("steps", {}), now["steps"]))
    )
    counts = ", ".join(
        f"{n_calls[step]} replies of step {step!r}" for step in sorted(paid) if n_calls.get(step)
    )
    if counts:
        told.append(f"paid again: up to {counts}, and what depends on them")
    return told


def _changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> set[str]:
    return {key for key in {*before, *now} if before.get(key) != now.get(key)}


def write_run_yaml(order: Order, parts: Mapping[str, Any]) -> None:
    """Write the resolved configuration with the hashes of all prompts; never a secret, never a clock.

    A run made of Python objects has no run file: its facts are written, but it cannot be started from them.
    """
    facts = {
        "tanemaki": __version__,
        "prompts": dict(sorted(parts["prompts"].items())),
        "tables": dict(sorted(parts["tables"].items())),
        "source_fingerprint": order.source.fingerprint,
        "columns": list(order.columns),
    }
    if order.run is None:
        said = {**order.identity(), "rows": order.rows, "limit": order.limit, "resolved": facts}
        text = (
            "# Written by Tanemaki: a run made of Python objects.\n"
            + json.dumps(said, ensure_ascii=False, indent=2)
            + "\n"
        )
    else:
        text = dump_yaml(rebased(order.run, order.base, order.output), facts)
    path = order.output / "run.yaml"
    part = path.with_name(".run.yaml.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise SetupError("run.yaml cannot be written", where=str(path), got=str(error)) from error


def open_to_read(folder: Path) -> sqlite3.Connection:
    """Open a run's journal for reading. Raises ``SetupError`` if the folder holds no run."""
    path = folder / "journal.sqlite"
    if not path.exists():
        known = (
            sorted(p.parent.name for p in folder.parent.glob("*/journal.sqlite"))
            if folder.parent.exists()
            else []
        )
        if tried := sorted(path.parent for path in (folder / TRIAL).glob("*/journal.sqlite")):
            raise SetupError(
                "the run has not begun: its judge is measured first, or was refused",
                where=str(folder),
                next=f"look at the judge's trial: tanemaki status {tried[-1]}",
            )
        raise SetupError(
            "no run lies here",
            where=str(folder),
            got="no journal.sqlite in it" if folder.exists() else "no such folder",
            next=f"runs beside it: {', '.join(known)}" if known else "give the run's output folder",
        )
    try:
        db = connect(path, read_only=True)
        db.execute("SELECT count(*) FROM meta")
    except sqlite3.Error as error:
        raise SetupError(
            "the run's journal cannot be read",
            where=str(path),
            got=str(error),
            next="is it another program's file? `sqlite3 journal.sqlite .recover` may save what is in a damaged one",
        ) from error
    return db


def replies_held(folder: Path) -> dict[str, int]:
    """Return how many replies of each step a run's journal holds; empty for a new run."""
    if not (folder / "journal.sqlite").exists():
        return {}
    db = open_to_read(folder)
    try:
        return calls_per_step(db)
    finally:
        db.close()
