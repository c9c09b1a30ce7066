"""A large journal without an hour of waiting: a real run of a thousand rows, whose rows are then copied a thousand times.

``FOLDER/source.jsonl`` is its source, and the run in ``FOLDER/run`` has closed a number of its rows. The tables are whatever
the engine made; ids and roots move along.
"""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tanemaki.config.schema import Limits, ModelSettings, SourceSettings
from tanemaki.core.model import Reply, Request
from tanemaki.core.recipe import Recipe
from tanemaki.core.step import Asker
from tanemaki.models.scripted import Scripted
from tanemaki.run.execute import execute
from tanemaki.run.order import Order, order_of
from tanemaki.sources import open_source

N_REAL = 1000
REPLY = "種は土の中で雨を待ち、やがて光を待つ。" * 18  # 1 kB
_MOVED = {"id", "root", "send", "closure", "before_send"}


async def answer(question: str, *, writer: Asker) -> str:
    """Ask once."""
    return (await writer(question)).text


def order(folder: Path, model: Scripted | None = None, limit: int | None = None) -> Order:
    """Return the order of the run; ``model`` takes the place of the one that answers at once."""
    source = SourceSettings(kind="jsonl", path=str(folder / "source.jsonl"))
    return order_of(
        Recipe(needs=("question",), steps=(answer,), name="large"),
        open_source(source, "ja", 0, folder),
        {"writer": model or Scripted(_say)},
        folder / "run",
        limit=limit,
        limits=Limits(accepted_share=None),
        settings={"writer": ModelSettings(kind="scripted", file="-", concurrency=64)},
    )


def _say(_: Request) -> Reply:
    return Reply(REPLY)


def make(folder: Path, n_source: int, n_done: int) -> float:
    """Make source and run; return the seconds that it took."""
    started = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "source.jsonl").open("w", encoding="utf-8") as file:
        for number in range(1, n_source + 1):
            file.write(
                json.dumps({"question": f"{number}番目の種は何の種ですか。"}, ensure_ascii=False) + "\n"
            )
    execute(order(folder, limit=N_REAL))
    with closing(sqlite3.connect(folder / "run" / "journal.sqlite")) as db:
        db.execute("PRAGMA synchronous=OFF")
        for table in ("sends", "settled", "calls", "closures", "rows"):
            _multiply(db, table, n_done // N_REAL)
    return time.monotonic() - started


def _multiply(db: sqlite3.Connection, table: str, times: int) -> None:
    columns = [name for _, name, *_ in db.execute(f"PRAGMA table_info({table})")]
    moved = ", ".join(f"{name} + :by" if name in _MOVED else name for name in columns)
    with db:
        for number in range(1, times):
            db.execute(
                f"INSERT INTO {table} SELECT {moved} FROM {table} WHERE {columns[0]} <= :n",
                {"by": number * N_REAL, "n": N_REAL},
            )
