"""What must not grow in memory and need not survive: counts of equal contents, and records parked before a set step.

A temporary SQLite file with a small cache; it goes with the process.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tanemaki.core.record import Json, Origin, Record
from tanemaki.core.verdict import Reject
from tanemaki.engine.root import CallNote, Root, Row
from tanemaki.engine.stored import dump, load


class Scratch:
    """Scratch space of one start of a run."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # "" is a temporary file that SQLite removes
        self._db.execute("PRAGMA cache_size=-4000")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.execute("CREATE TABLE seen (content INTEGER PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID")
        self._db.execute("CREATE TABLE parked (root INTEGER PRIMARY KEY, stored TEXT NOT NULL)")
        self._db.execute(
            "CREATE TABLE verdicts (record TEXT PRIMARY KEY, stored TEXT NOT NULL) WITHOUT ROWID"
        )

    def occurrences(self, contents: Sequence[bytes]) -> list[int]:
        """Return for each content, known by its digest, how often it was seen before, and count them."""
        keys = [int.from_bytes(content[:8], "little", signed=True) for content in contents]
        seen = dict(
            self._db.execute(
                "SELECT content, n FROM seen WHERE content IN (SELECT value FROM json_each(?))", (str(keys),)
            )
        )
        before = []
        for key in keys:
            n = seen.get(key, 0)
            before.append(n)
            seen[key] = n + 1
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?)", sorted(seen.items()))
        self._db.execute("COMMIT")
        return before

    def park(self, root: Root, arrived: list[Record]) -> None:
        """Put a root aside until the set step has seen all records."""
        stored = {
            "record": _store(root.record),
            "n_children": root.n_children,
            "arrived": [_store(record) for record in arrived],
            "rows": [
                [_store(r.record), r.status, r.lineage, r.step, r.reason, r.measured, r.limit, r.note]
                for r in root.rows
            ],
            "calls": [[list(c.ordinal), c.step_place, c.place, c.sample, c.told] for c in root.calls],
        }
        self._db.execute("INSERT INTO parked VALUES (?, ?)", (root.number, dump(stored)))

    def parked(self) -> Iterator[Record]:
        """Yield the records that wait, in ordinal order."""
        for number, stored in self._db.execute("SELECT root, stored FROM parked ORDER BY root"):
            yield from _unpark(number, load(stored))[1]

    def unpark_after(self, number: int) -> tuple[Root, list[Record]] | None:
        """Return the first parked root behind ``number`` and forget it; None if there is none."""
        found = self._db.execute(
            "SELECT root, stored FROM parked WHERE root > ? ORDER BY root LIMIT 1", (number,)
        ).fetchone()
        if found is None:
            return None
        self._db.execute("DELETE FROM parked WHERE root = ?", (found[0],))
        return _unpark(found[0], load(found[1]))

    def keep_verdict(self, record: str, verdict: Reject | Mapping[str, Json]) -> None:
        """Store what the set step said of a record."""
        stored: list[Json]
        if isinstance(verdict, Reject):
            stored = ["reject", verdict.reason, verdict.measured, verdict.limit, verdict.note]
        else:
            stored = ["fields", dict(verdict)]
        self._db.execute("INSERT OR REPLACE INTO verdicts VALUES (?, ?)", (record, dump(stored)))

    def take_verdict(self, record: str) -> Reject | Mapping[str, Json] | None:
        """Return what the set step said of a record, None if nothing, and forget it."""
        found = self._db.execute("SELECT stored FROM verdicts WHERE record = ?", (record,)).fetchone()
        if found is None:
            return None
        self._db.execute("DELETE FROM verdicts WHERE record = ?", (record,))
        kind, *stored = load(found[0])
        return Reject(*stored) if kind == "reject" else stored[0]

    def close(self) -> None:
        """Remove everything."""
        self._db.close()


def _store(record: Record) -> list[Json]:
    sources = [[o.id, o.licence, o.url, o.span] for o in record.sources]
    return [record.id, list(record.ordinal), dict(record.fields), list(record.parents), sources]


def _restore(stored: list[Any]) -> Record:
    record_id, ordinal, fields, parents, sources = stored
    return Record(
        record_id, tuple(ordinal), fields, tuple(parents), tuple(Origin(*origin) for origin in sources)
    )


def _unpark(number: int, stored: dict[str, Any]) -> tuple[Root, list[Record]]:
    root = Root(number, _restore(stored["record"]))
    root.rows = [Row(_restore(record), *rest) for record, *rest in stored["rows"]]
    root.n_children = stored["n_children"]
    root.calls = [CallNote(tuple(ordinal), *rest) for ordinal, *rest in stored["calls"]]
    return root, [_restore(record) for record in stored["arrived"]]
