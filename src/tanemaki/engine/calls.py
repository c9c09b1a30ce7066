"""One call: found in the journal, or reserved, sent, retried on its own clock, journaled, and only then handed over.

A call is known by (root, path, step, place, sample) and by the hash of what it asks (promise 4). The hash leaves out
``max_tokens``, so a higher limit pays again only for replies that were cut.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tanemaki.core.errors import ModelError, SetupError
from tanemaki.core.model import Reply
from tanemaki.engine.bound import Bound
from tanemaki.engine.call import Address, Call
from tanemaki.engine.journal import Journal
from tanemaki.engine.limits import Budget, Spend
from tanemaki.engine.sending import Sender
from tanemaki.engine.stats import Stats
from tanemaki.engine.stopping import Stop
from tanemaki.engine.stored import load

_LENGTHS = frozenset(
    {"max_tokens", "max_completion_tokens", "max_new_tokens", "n", "best_of", "n_predict", "num_predict"}
)
"""Keys of a body that say how much may be written."""


class Known(NamedTuple):
    """A reply that the journal holds."""

    max_tokens: int | None
    reply: str


KnownKey = tuple[Address, str, str]
"""Address, record id and hash of what was asked: an edited prompt that is edited back finds its old replies."""


class KnownCalls:
    """Replies of earlier starts of the run, read from the journal by range of roots."""

    def __init__(self, db: sqlite3.Connection, forget: Mapping[Address, int]) -> None:
        self._db = db
        self._forget = forget
        self.last_root = int(db.execute("SELECT coalesce(max(root), -1) FROM calls").fetchone()[0])
        self._loaded_to = -1
        self._by_root: dict[int, dict[KnownKey, Known]] = {}

    def of(self, root: int) -> dict[KnownKey, Known]:
        """Return the calls of a root. Roots must be asked for in ascending order, each once."""
        if root > self.last_root:
            return {}
        if root > self._loaded_to:
            self._load(root, root + 127)
        return self._by_root.pop(root, {})

    def _load(self, low: int, high: int) -> None:
        self._by_root.clear()
        found = self._db.execute(
            "SELECT send, root, path, step, place, sample, record, hash, max_tokens, reply FROM calls"
            " WHERE root BETWEEN ? AND ? ORDER BY id",
            (low, high),
        )
        for send, root, path, step, place, sample, record, digest, max_tokens, reply in found:
            address = Address(root, path, step, place, sample)
            if send < self._forget.get(address, 0):
                continue
            known = self._by_root.setdefault(root, {})
            if (address, record, digest) in known and '"finish_reason":"length"' in reply:
                continue  # of equal requests, a reply that was not cut counts
            known[address, record, digest] = Known(max_tokens, reply)
        self._loaded_to = high


class Caller:
    """Answers every call of a run."""

    def __init__(
        self, *, roles: Iterable[Bound], journal: Journal, budget: Budget, stats: Stats, stop: Stop
    ) -> None:
        self._roles = {bound.role: bound for bound in roles}
        self._journal = journal
        self._budget = budget
        self._stats = stats
        self._sender = Sender(journal, budget, stats, stop)

    def bound(self, role: str) -> Bound:
        """Return what the run file binds to a role."""
        return self._roles[role]

    async def ask(self, call: Call, known: Mapping[KnownKey, Known]) -> Reply:
        """Return the reply; it is in the journal. Raises ``ModelError`` when the call failed for good."""
        bound, max_tokens = call.bound, call.request.sampling.max_tokens
        stored = known.get((call.address, call.record, call.hash))
        if stored is not None:
            reply = Reply.from_json(load(stored.reply))
            if _still_holds(reply, stored.max_tokens, max_tokens):
                self._stats.n_reused += 1
                return _checked(reply, bound)
        if self._budget.limits_length and max_tokens is None:
            raise SetupError(
                f"a token or money limit needs max_tokens for role {bound.role!r}",
                got=f"step {call.address.step!r} sets none, and neither does the run file",
                next=f"set models.{bound.role}.sampling.max_tokens",
            )
        if self._budget.limits_length and (free := call.request.extra.keys() & _LENGTHS):
            raise SetupError(
                f"a token or money limit cannot hold while extra_body sets {min(free)!r} for role {bound.role!r}",
                next=f"set models.{bound.role}.sampling.max_tokens instead",
            )
        reply = await self._sender.send(call)
        await self._journal.durable()
        return _checked(reply, bound)


def _still_holds(reply: Reply, paid_max_tokens: int | None, max_tokens: int | None) -> bool:
    """Say whether a stored reply is what the request would get under the present ``max_tokens``."""
    if paid_max_tokens == max_tokens:
        return True
    if any(one.was_cut for one in (reply, *reply.others)):
        return False
    used = reply.usage.completion_tokens
    return (
        max_tokens is None
        or (paid_max_tokens is not None and max_tokens > paid_max_tokens)
        or (used is not None and used <= max_tokens)
    )


def _checked(reply: Reply, bound: Bound) -> Reply:
    if any(one.cut_while_thinking for one in (reply, *reply.others)):
        raise ModelError(
            f"{bound.model.name} was cut while it was still thinking",
            fault="cut_while_thinking",
            got=f"{len(reply.thinking or '')} characters of thinking, no answer",
            next=f"raise models.{bound.role}.sampling.max_tokens, or switch thinking off with extra_body",
        )
    return reply


def spent_so_far(db: sqlite3.Connection) -> Spend:
    """Return what the run was charged until now; what was in flight at a kill counts at its worst."""
    requests, tokens, usd = db.execute(
        "SELECT count(*), coalesce(sum(coalesce(s.prompt_tokens + s.completion_tokens, w.worst_tokens)), 0),"
        " coalesce(sum(coalesce(s.usd, w.worst_usd)), 0.0) FROM sends w LEFT JOIN settled s ON s.send = w.id"
    ).fetchone()
    return Spend(requests, tokens, usd)
