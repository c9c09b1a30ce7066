"""What a journal says, for those who only read: status, view, export. Works while a run goes on, too.

The newest closure of a root counts. The cut of exactly-N is made here: the dataset is the accepted rows of the shortest
prefix of ordinals that holds N; accepted rows behind it are surplus, other rows behind it are not shown.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

from tanemaki.core.record import Json, Ordinal
from tanemaki.engine.call import Address
from tanemaki.engine.root import ordinal_of
from tanemaki.engine.stored import load

Part = Literal["accepted", "rejected", "failed", "surplus", "parent", "merged"]

_ROWS = """
SELECT r.root, r.path, r.record, r.status, r.step, r.reason, r.measured, r.at_limit, r.note, r.fields, r.sources, r.lineage
FROM (SELECT max(id) AS closure, root FROM closures WHERE plan = ? AND root <= ? GROUP BY root) c JOIN rows r
ON r.closure = c.closure ORDER BY r.root, r.id
"""
_ALL = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class EndedRow:
    """One record that ended, as the journal has it."""

    part: Part
    id: str
    ordinal: Ordinal
    step: str | None
    reason: str | None
    measured: Json
    limit: Json
    note: str | None
    fields: Mapping[str, Json]
    sources: list[dict[str, Json]]
    lineage: Mapping[str, Json]


@dataclass(slots=True)
class Accounting:
    """The figures of promise 1, over what the dataset shows."""

    roots: int = 0
    children: int = 0
    """Records that steps made of others, less those that went into them."""
    accepted: int = 0
    rejected: int = 0
    failed: int = 0
    surplus: int = 0
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(step, reason) of rejections."""
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(step, class) of failures."""

    def count(self, row: EndedRow) -> None:
        """Count a row."""
        if len(row.ordinal) == 1:
            self.roots += 1
        else:
            self.children += 1
        if row.part in ("parent", "merged"):
            self.children -= 1
            return
        setattr(self, row.part, getattr(self, row.part) + 1)
        if row.part == "rejected":
            self.reasons[row.step or "", row.reason or ""] += 1
        elif row.part == "failed":
            self.faults[row.step or "", row.reason or ""] += 1

    @property
    def balances(self) -> bool:
        """``in + children = accepted + rejected + failed + surplus``."""
        return self.roots + self.children == self.accepted + self.rejected + self.failed + self.surplus

    def equation(self) -> str:
        """Return the accounting as one line."""
        return (
            f"in {self.roots} + children {self.children} = accepted {self.accepted} + rejected {self.rejected}"
            f" + failed {self.failed} + surplus {self.surplus}"
        )

    def to_json(self) -> dict[str, Any]:
        """Return the figures for machines."""
        return {
            "in": self.roots,
            "children": self.children,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "failed": self.failed,
            "surplus": self.surplus,
            "reasons": {f"{step}: {reason}": n for (step, reason), n in self.reasons.most_common()},
            "faults": {f"{step}: {fault}": n for (step, fault), n in self.faults.most_common()},
        }


def ended_rows(
    db: sqlite3.Connection, plan: int, wanted: int | None, limit: int | None = None
) -> Iterator[EndedRow]:
    """Yield the rows of a plan in ordinal order, cut at the prefix that holds ``wanted`` accepted ones.

    Behind the cut only accepted rows are yielded, as surplus. Cost: one pass; memory for one root at a time.
    """
    n_accepted = 0
    for _, group in groupby(
        db.execute(_ROWS, (plan, _ALL if limit is None else limit)), key=lambda row: row[0]
    ):
        for stored in sorted(group, key=lambda row: ordinal_of(row[0], row[1])):
            part: Part = stored[3]
            if wanted is not None and n_accepted >= wanted:
                if part != "accepted":
                    continue
                part = "surplus"
            elif part == "accepted":
                n_accepted += 1
            yield _ended(part, stored)


def _ended(part: Part, stored: tuple[Any, ...]) -> EndedRow:
    root, path, record, _, step, reason, measured, limit, note, fields, sources, lineage = stored
    return EndedRow(
        part=part,
        id=record,
        ordinal=ordinal_of(root, path),
        step=step,
        reason=reason,
        measured=load(measured),
        limit=load(limit),
        note=note,
        fields=load(fields),
        sources=load(sources),
        lineage=load(lineage),
    )


def closed_roots(db: sqlite3.Connection, plan: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield (root, accepted, rejected, failed) of every closed root, in order."""
    yield from db.execute(
        "SELECT c.root, k.accepted, k.rejected, k.failed FROM"
        " (SELECT max(id) AS id, root FROM closures WHERE plan = ? GROUP BY root) c JOIN closures k ON k.id = c.id"
        " ORDER BY c.root",
        (plan,),
    )


_NO_REPLY = (
    *("transport", "timeout", "unauthorised", "unknown_model", "bad_request", "overloaded"),
    *("server", "malformed"),
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
