"""Replies of other runs: an edited recipe in a new folder pays only for what changed.

A call is answered from another run's journal if the same was asked there, at the same step and place, of a record with the
same id, whatever its ordinal. The reply becomes a call of this run before any step sees it (tries: 0, charge: none), so that
the other folder is not needed afterwards.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply
from tanemaki.engine.call import Address, Call, still_holds
from tanemaki.engine.opening import VERSION
from tanemaki.engine.stored import load


class Lender(NamedTuple):
    """Another run."""

    name: str
    """Its folder, as the user wrote it."""
    db: sqlite3.Connection


class Lent(NamedTuple):
    """A reply and where it was found."""

    lender: str
    max_tokens: int | None
    """What it was asked under."""
    stored: str
    """The reply as its journal has it."""
    reply: Reply


class Reuse:
    """Finds replies in the journals of other runs, the ones named first before the others.

    Raises ``SetupError`` for a journal of another version. Cost: one pass over the calls of each, about 8 s for a million,
    and 40 bytes of temporary disk a call; then two look-ups a call. The memory does not grow.
    """

    def __init__(self, lenders: Sequence[Lender], forget: Collection[Address] = ()) -> None:
        self._lenders = tuple(lenders)
        self._forget = forget
        self._index = sqlite3.connect("", isolation_level=None)  # "" is a temporary file that SQLite removes
        self._index.execute("PRAGMA cache_size=-4000")
        self._index.execute("PRAGMA synchronous=OFF")
        self._index.execute("PRAGMA journal_mode=OFF")
        self._index.execute(
            "CREATE TABLE offered (key INTEGER NOT NULL, lender INTEGER NOT NULL, call INTEGER NOT NULL)"
        )
        for number, lender in enumerate(self._lenders):
            _check_version(lender)
            self._index.execute("BEGIN")
            self._index.executemany("INSERT INTO offered VALUES (?,?,?)", _offers(number, lender.db))
            self._index.execute("COMMIT")
        self._index.execute("CREATE INDEX offered_by_key ON offered (key, lender, call)")
        self.n_offered = int(self._index.execute("SELECT count(*) FROM offered").fetchone()[0])

    def find(self, call: Call) -> Lent | None:
        """Return the reply to a call, one that was not cut if there is any; None if nobody asked this."""
        address = call.address
        if address in self._forget:
            return None  # done again on purpose: the reply could not be used
        wanted = (call.record, address.step, address.place, address.sample, call.hash)
        cut: Lent | None = None
        for number, place in self._index.execute(
            "SELECT lender, call FROM offered WHERE key = ? ORDER BY lender, call DESC", (_key(*wanted[::4]),)
        ):
            lender = self._lenders[number]
            *asked, max_tokens, stored = lender.db.execute(
                "SELECT record, step, place, sample, hash, max_tokens, reply FROM calls WHERE id = ?",
                (place,),
            ).fetchone()
            if tuple(asked) != wanted:
                continue
            lent = Lent(lender.name, max_tokens, stored, Reply.from_json(load(stored)))
            if not still_holds(lent.reply, max_tokens, call.request.sampling.max_tokens):
                continue
            if not any(one.was_cut for one in (lent.reply, *lent.reply.others)):
                return lent
            cut = cut or lent
        return cut

    def close(self) -> None:
        """Remove the index."""
        self._index.close()


def _offers(number: int, db: sqlite3.Connection) -> Iterator[tuple[int, int, int]]:
    for call, record, digest in db.execute("SELECT id, record, hash FROM calls"):
        yield _key(record, digest), number, call


def _key(record: str, digest: str) -> int:
    told = hashlib.blake2b(f"{record} {digest}".encode(), digest_size=8).digest()
    return int.from_bytes(told, "little", signed=True)


def _check_version(lender: Lender) -> None:
    (found,) = lender.db.execute("PRAGMA user_version").fetchone()
    if found != VERSION:
        raise SetupError(
            "the replies of a run of another version of Tanemaki cannot be re-used",
            where=lender.name,
            got=f"journal version {found}, this is {VERSION}",
            next="take it out of `reuse`",
        )
