"""What a journal says, for those who only read: status, view, export. Works while a run goes on, too.

The newest closure of a root counts. The cut of exactly-N is made here: the dataset is the accepted rows of the shortest
prefix of ordinals that holds N; accepted rows behind it are surplus, other rows behind it are not shown.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

import orjson

from tanemaki.core.record import Json, Ordinal
from tanemaki.engine.accounting import Accounting, Part
from tanemaki.engine.call import Address
from tanemaki.engine.cut import Cut
from tanemaki.engine.quotas import Quotas, stratum_stored
from tanemaki.engine.root import ordinal_of
from tanemaki.engine.stored import load
from tanemaki.engine.strata import Tally

_NEWEST = """
FROM (SELECT max(id) AS closure, root FROM closures WHERE plan = ? AND root <= ? GROUP BY root) c JOIN rows r
ON r.closure = c.closure ORDER BY r.root, r.id
"""
_COUNTED = "SELECT r.root, r.path, r.status, r.step, r.reason" + _NEWEST
_WITH_STRATA = """
FROM (SELECT max(id) AS closure, root FROM closures WHERE plan = ? AND root <= ? GROUP BY root) c JOIN closures k
ON k.id = c.closure LEFT JOIN rows r ON r.closure = c.closure ORDER BY c.root, r.id
"""
_VALUE = "CASE WHEN r.fields LIKE ' %' THEN r.fields ELSE r.fields -> ? END"
"""What a row's field holds, as JSON; all its fields where the standard library wrote them (see ``stored``)."""
_COUNTED_STRATA = f"SELECT c.root, r.path, r.status, r.step, r.reason, k.rows, {_VALUE}" + _WITH_STRATA
_ROWS_STRATA = (
    "SELECT c.root, r.path, r.status, r.step, r.reason, r.record, r.measured, r.at_limit, r.note, r.fields, r.sources,"
    f" r.lineage, k.rows, {_VALUE}" + _WITH_STRATA
)
_ROWS = (
    "SELECT r.root, r.path, r.status, r.step, r.reason, r.record, r.measured, r.at_limit, r.note, r.fields, r.sources,"
    " r.lineage" + _NEWEST
)
_ALL = (1 << 63) - 1


@dataclass(slots=True)
class EndedRow:
    """One record that ended, as the journal has it; what is stored as JSON is read when it is asked for."""

    part: Part
    stored: tuple[Any, ...]
    """Its row of the journal: the columns of :data:`_ROWS`."""

    @property
    def id(self) -> str:
        """The record's id."""
        return str(self.stored[5])

    @property
    def ordinal(self) -> Ordinal:
        """Its place in the source, and below."""
        return ordinal_of(self.stored[0], self.stored[1])

    @property
    def step(self) -> str | None:
        """The step at which it ended; None for an accepted one."""
        return cast("str | None", self.stored[3])

    @property
    def reason(self) -> str | None:
        """The step's reason, or the class of a failure."""
        return cast("str | None", self.stored[4])

    @property
    def measured(self) -> Json:
        """What the rejecting step measured."""
        return load(self.stored[6])

    @property
    def limit(self) -> Json:
        """The limit that it did not keep."""
        return load(self.stored[7])

    @property
    def note(self) -> str | None:
        """What the rejecting step added, or the failure's message."""
        return cast("str | None", self.stored[8])

    @property
    def fields(self) -> Mapping[str, Json]:
        """Its fields."""
        return cast("Mapping[str, Json]", load(self.stored[9]))

    @property
    def sources(self) -> list[dict[str, Json]]:
        """Where it came from."""
        return [] if self.stored[10] == "[]" else cast("list[dict[str, Json]]", load(self.stored[10]))

    @property
    def stored_lineage(self) -> str:
        """Its lineage as a JSON object."""
        stored = cast("str", self.stored[11])
        return orjson.dumps(load(stored)).decode() if stored.startswith(" ") else stored

    @property
    def lineage(self) -> Mapping[str, Json]:
        """Its parents and the calls behind it."""
        return cast("Mapping[str, Json]", load(self.stored[11]))


def ended_rows(db: sqlite3.Connection, plan: int, cut: Cut, limit: int | None = None) -> Iterator[EndedRow]:
    """Yield the rows of a plan in ordinal order, cut at the prefix that holds what is wanted; ``cut`` counts them.

    Behind the cut only accepted rows are yielded, as surplus. Cost: one pass; memory for one root at a time.
    """
    for part, stored in _parted(db, plan, cut, limit, _ROWS, _ROWS_STRATA):
        yield EndedRow(part, stored)


def count_rows(db: sqlite3.Connection, plan: int, cut: Cut, limit: int | None = None) -> Accounting:
    """Return the figures of a plan, without reading the texts of its rows; ``cut`` has more of them."""
    for _ in _parted(db, plan, cut, limit, _COUNTED, _COUNTED_STRATA):
        pass
    return cut.figures


def _parted(
    db: sqlite3.Connection, plan: int, cut: Cut, limit: int | None, plain: str, with_strata: str
) -> Iterator[tuple[Part, tuple[Any, ...]]]:
    most = _ALL if limit is None else limit
    if isinstance(cut.wanted, Quotas):
        rows = db.execute(with_strata, (_path_to(cut.wanted.by), plan, most))
    else:
        rows = db.execute(plain, (plan, most))
    for _, group in groupby(rows, key=itemgetter(0)):
        of_root = list(group)
        if len(of_root) > 1:
            of_root.sort(key=lambda row: ordinal_of(row[0], row[1]))
        yield from cut.part(of_root)


def _path_to(field: str) -> str:
    return f'$."{field}"'


def closed_roots(db: sqlite3.Connection, plan: int) -> Iterator[tuple[int, int, int, int, int]]:
    """Yield (root, accepted, rejected, failed, rows) of every closed root, in order.

    Where the number of rows is below zero, the root was passed over; it says under which quotas.
    """
    yield from db.execute(
        "SELECT c.root, k.accepted, k.rejected, k.failed, k.rows FROM"
        " (SELECT max(id) AS id, root FROM closures WHERE plan = ? GROUP BY root) c JOIN closures k ON k.id = c.id"
        " ORDER BY c.root",
        (plan,),
    )


def closed_tallies(db: sqlite3.Connection, plan: int, quotas: Quotas) -> Iterator[Tally]:
    """Yield what every closed root that was tried has of each stratum, in the order of :func:`closed_roots`."""
    found = db.execute(
        f"SELECT c.root, r.path, r.status, {_VALUE} FROM"
        " (SELECT max(id) AS id, root FROM closures WHERE plan = ? GROUP BY root) c JOIN closures k ON k.id = c.id"
        " LEFT JOIN rows r ON r.closure = c.id AND (r.status = 'accepted' OR r.path = '')"
        " WHERE k.rows >= 0 ORDER BY c.root",
        (_path_to(quotas.by), plan),
    )
    for _, group in groupby(found, key=itemgetter(0)):
        own: str | None = None
        accepted: Counter[str] = Counter()
        for _, path, status, stored in group:
            stratum = None if stored is None else stratum_stored(stored, quotas.by)
            if stratum is None or not quotas.of(stratum):
                continue
            if status == "accepted":
                accepted[stratum] += 1
            if not path and quotas.from_source:
                own = stratum
        yield Tally(own, accepted)


_NO_REPLY = (
    *("transport", "timeout", "unauthorised", "unknown_model", "bad_request", "overloaded"),
    *("server", "cut_body", "malformed"),
)
"""Faults of calls that left no reply behind: they are simply made again."""


def failed_roots(db: sqlite3.Connection, plan: int) -> tuple[frozenset[int], dict[Address, int]]:
    """Return what ``retry`` does again: the roots with failed rows, and the calls whose replies made them fail.

    A reply that made its row fail (it was cut while thinking, or the step could not use it) is the last one of its step. It
    is asked for again, and with it the id of the first request that came later is given.
    """
    roots: set[int] = set()
    forget: dict[Address, int] = {}
    rows = db.execute(
        "SELECT r.root, r.path, r.step, r.reason, c.before_send FROM"
        " (SELECT max(id) AS id FROM closures WHERE plan = ? GROUP BY root) k JOIN closures c ON c.id = k.id"
        " JOIN rows r ON r.closure = c.id WHERE r.status = 'failed'",
        (plan,),
    ).fetchall()
    for root, path, step, fault, before in rows:
        roots.add(root)
        if fault in _NO_REPLY:
            continue
        last = db.execute(
            "SELECT place, sample FROM calls WHERE root = ? AND path = ? AND step = ? AND send < ?"
            " ORDER BY place DESC, sample DESC LIMIT 1",
            (root, path, step, before),
        ).fetchone()
        if last is not None:
            forget[Address(root, path, step, *last)] = before
    return frozenset(roots), forget


def calls_per_step(db: sqlite3.Connection) -> dict[str, int]:
    """Return how many replies the journal holds of each step."""
    return dict(db.execute("SELECT step, count(*) FROM calls GROUP BY step ORDER BY step"))


@dataclass(frozen=True, slots=True)
class ShownCall:
    """One call as ``view`` shows it."""

    ordinal: Ordinal
    step: str
    place: int
    sample: int
    role: str
    model: str
    attempt: int
    latency_s: float
    request: Mapping[str, Json]
    reply: Mapping[str, Json]


def calls_of(db: sqlite3.Connection, root: int) -> list[ShownCall]:
    """Return the calls of a root and its offspring, in the order in which they came back."""
    found = db.execute(
        "SELECT root, path, step, place, sample, role, model, attempt, latency_s, request, reply FROM calls"
        " WHERE root = ? ORDER BY id",
        (root,),
    )
    return [
        ShownCall(
            ordinal_of(row[0], row[1]),
            row[2],
            row[3],
            row[4],
            row[5],
            row[6],
            row[7],
            row[8],
            load(row[9]),
            load(row[10]),
        )
        for row in found
    ]
