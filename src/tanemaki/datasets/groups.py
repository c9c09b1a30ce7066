"""Which rows stay together: those that have a name in common, and whatever hangs together through further rows.

The names lie in a temporary database of SQLite's, on disk where they are many, so that memory does not grow with the rows;
only groups that a row joined are held. Which names there are is told by :mod:`.splits`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from types import TracebackType
from typing import Self


class Groups:
    """Joins rows by their names. Use it in a ``with`` block: add all rows, then ask for each one's group.

    A group is called by the least of its rows' first names, so that its name depends on no order.

    Cost: 7 to 12 µs of processor time a row with two names: a million rows of which ten each share a name, or none (one core
    of an AMD EPYC, November 2026).

    >>> with Groups() as groups:
    ...     for names in ([b"b", b"why"], [b"a", b"why"], [b"c", b"how"]):
    ...         groups.add(names)
    ...     [groups.of(first) for first in (b"a", b"b", b"c")]
    [b'a', b'a', b'c']
    """

    def __init__(self) -> None:
        self._above: dict[bytes, bytes] = {}
        """First name → a lesser one of the same group."""

    def __enter__(self) -> Self:
        self._db = sqlite3.connect(
            "", isolation_level=None
        )  # no name: a file that nobody sees and that goes by itself
        self._db.executescript(
            "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;"
            "CREATE TABLE named (name BLOB PRIMARY KEY, first BLOB NOT NULL) WITHOUT ROWID; BEGIN"
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def add(self, names: Sequence[bytes]) -> None:
        """Note a row's names, the first of which names its group as long as nothing joins it to another."""
        first = names[0]
        for name in names[1:]:
            self._db.execute("INSERT OR IGNORE INTO named VALUES (?, ?)", (name, first))
            [(other,)] = self._db.execute("SELECT first FROM named WHERE name = ?", (name,))
            if other != first:
                self._join(first, other)

    def _join(self, one: bytes, other: bytes) -> None:
        least, most = sorted((self.of(one), self.of(other)))
        if least != most:
            self._above[most] = least

    def of(self, first: bytes) -> bytes:
        """Return the name of the group to which rows with this first name belong."""
        path = []
        while first in self._above:
            path.append(first)
            first = self._above[first]
        for name in path:  # the next look is short
            self._above[name] = first
        return first
