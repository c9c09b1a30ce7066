"""A whole set, verified again: exact problems are solved anew, format orders looked at, code executed.

What a row claims decides how it is checked: ``family`` with ``parameters`` an exact problem, ``tests`` a code task,
``constraints`` format orders. A row that claims none of these cannot be checked, and is counted as such.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tanemaki.core.errors import SetupError, shorten
from tanemaki.core.record import Json
from tanemaki.core.source import BadItem
from tanemaki.core.verdict import Reject
from tanemaki.datasets.jsonl import JsonlFile
from tanemaki.run.foreign_set import reader_of
from tanemaki.run.verified_row import CLAIMS, Claim, check_row, claim_of, decoded

SHOWN = 3
"""Rows that are shown of each reason: the first ones."""
LONGEST_S = 10.0
"""Seconds for one exact row, a thousand times what the slowest takes; a second solver tries all cases of what it is told."""


@dataclass(slots=True)
class Wrong:
    """Rows that failed for one reason."""

    rows: int = 0
    first: list[dict[str, Json]] = field(default_factory=list)
    """Place, measured value, limit and note of the first of them."""


@dataclass(slots=True)
class Verification:
    """What was found in a set."""

    rows: int = 0
    verified: dict[Claim, int] = field(default_factory=lambda: dict.fromkeys(CLAIMS, 0))
    wrong: dict[str, Wrong] = field(default_factory=dict)
    """By claim and reason: ``exact: wrong_answer``."""
    unchecked: int = 0
    """Rows that claim nothing that a program could check."""
    first_unchecked: list[str] = field(default_factory=list)
    unreadable: int = 0
    first_unreadable: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    """Columns of the first row that could not be checked."""

    @property
    def n_verified(self) -> int:
        """Rows that hold."""
        return sum(self.verified.values())

    @property
    def n_wrong(self) -> int:
        """Rows that do not."""
        return sum(one.rows for one in self.wrong.values())

    @property
    def holds(self) -> bool:
        """Whether something was verified, and nothing is wrong or unreadable."""
        return bool(self.n_verified) and not self.n_wrong and not self.unreadable

    def to_json(self) -> dict[str, Any]:
        """Return the whole as JSON."""
        return {
            "rows": self.rows,
            "verified": {claim: n for claim, n in self.verified.items() if n},
            "wrong": {reason: {"rows": one.rows, "first": one.first} for reason, one in self.wrong.items()},
            "unchecked": {"rows": self.unchecked, "first": self.first_unchecked},
            "unreadable": {"rows": self.unreadable, "first": self.first_unreadable},
            "holds": self.holds,
        }


def verify_set(
    path: Path,
    *,
    rejected: Path | None = None,
    tick: Callable[[int], None] = lambda _: None,
    longest_s: float = LONGEST_S,
) -> Verification:
    """Verify every row of a file or folder; ``tick`` is told the number of rows done, ``rejected`` gets those that fail.

    Memory does not grow with the rows. Raises ``SetupError`` for a file that cannot be read or is there already.
    """
    rows = path
    if (path / "run.yaml").exists() and not any((path / "data").glob("**/*.parquet")):
        rows = path / "data*.jsonl"  # a run with `formats: [jsonl]`, with splits or without
    if rows != path and not any(path.glob(rows.name)):
        raise SetupError(
            "the run has written no dataset yet",
            where=str(path),
            next=f"tanemaki export {path} writes what it has, or verify it when it is done",
        )
    if rejected is not None and (rejected.exists() or not rejected.parent.is_dir()):
        raise SetupError(
            "the file is there already and is not overwritten"
            if rejected.exists()
            else "there is no such folder",
            where=str(rejected if rejected.exists() else rejected.parent),
            next="--rejected with the name of a new file",
        )
    found = Verification()
    with ExitStack() as stack:
        columns = ("where", "reason", "measured", "limit", "note", "row")
        out = stack.enter_context(JsonlFile(columns, rejected)) if rejected else None
        for row in reader_of(rows).rows():
            found.rows += 1
            tick(found.rows)
            if isinstance(row, BadItem):
                found.unreadable += 1
                _add(found.first_unreadable, f"{row.where}: {row.message}")
                continue
            values = decoded(row.values)
            claim = claim_of(values)
            if claim is None:
                found.unchecked += 1
                _add(found.first_unchecked, row.where)
                found.columns = found.columns or list(row.values)
                continue
            fault = _checked(values, claim, longest_s)
            if fault is None:
                found.verified[claim] += 1
                continue
            wrong = found.wrong.setdefault(f"{claim}: {fault.reason}", Wrong())
            wrong.rows += 1
            told = {"where": row.where, "measured": fault.measured, "limit": fault.limit, "note": fault.note}
            if len(wrong.first) < SHOWN:
                wrong.first.append(told)
            if out is not None:
                out.add({**told, "reason": fault.reason, "row": dict(row.values)})
        if out is not None:
            out.finish()
    return found


class _TooLong(Exception):
    """A row takes longer than any that a family poses."""


def _checked(row: Mapping[str, Json], claim: Claim, longest_s: float) -> Reject | None:
    """Return what is wrong with a row; a row whose numbers would keep its solver busy for ever is wrong, too."""
    if claim == "code":
        return check_row(row, claim)  # the sandbox has limits of its own
    try:
        with _limited(longest_s):
            return check_row(row, claim)
    except _TooLong:
        return Reject(
            "changed_problem", shorten(row.get("parameters"), 200), None, f"not solved within {longest_s:g} s"
        )


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise ``_TooLong`` in what takes longer; without effect outside of the main thread, where no signal arrives."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _add(first: list[str], told: str) -> None:
    if len(first) < SHOWN:
        first.append(told)
