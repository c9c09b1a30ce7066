"""One call: found in the journal, or reserved, sent, retried on its own clock, journaled, and only then handed over.

A call is known by (root, path, step, place, sample) and by the hash of what it asks (promise 4). The hash leaves out
``max_tokens``, so a higher limit pays again only for replies that were cut.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tanemaki.core.errors import ModelError
from tanemaki.core.model import Reply
from tanemaki.engine.batches import Collector
from tanemaki.engine.bound import Bound
from tanemaki.engine.call import Address, Call, still_holds
from tanemaki.engine.journal import Journal
from tanemaki.engine.limits import Budget, Spend
from tanemaki.engine.lookahead import Lookahead
from tanemaki.engine.reuse import Lent, Reuse
from tanemaki.engine.sending import Sender
from tanemaki.engine.stats import Stats
from tanemaki.engine.stopping import Stop
from tanemaki.engine.stored import load
from tanemaki.engine.underway import Underway


class Known(NamedTuple):
    """A reply that the journal holds."""

    max_tokens: int | None
    reply: str
    then: Known | None = None
    """The next reply to an equal request, for where this one does not hold under the present ``max_tokens``."""

    def beside(self, later: Known) -> Known:
        """Return both as one: those that were not cut before those that were, and what came first before the others.

        What came first may have been seen by later steps, whose calls it made what they are.
        """
        if _is_cut(self) and not _is_cut(later):
            return later._replace(then=self)
        return self._replace(then=later if self.then is None else self.then.beside(later))


def _is_cut(known: Known) -> bool:
    return '"finish_reason":"length"' in known.reply


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
            known, key, one = (
                self._by_root.setdefault(root, {}),
                (address, record, digest),
                Known(max_tokens, reply),
            )
            known[key] = known[key].beside(one) if key in known else one
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
        self.reuse: Reuse | None = None
        """Finds replies in other runs; None where the run file names none."""
        self.underway = Underway()
        self.batches: Collector | None = None
        """Answers the roles that are asked by batch files; None where there are none."""
        self.lookahead: Lookahead | None = None
        """Counts who has got a reply; None where no role is asked by batch files."""

    @property
    def is_limited(self) -> bool:
        """Requests, tokens or money are limited."""
        return self._budget.limited

    def bound(self, role: str) -> Bound:
        """Return what the run file binds to a role."""
        return self._roles[role]

    async def ask(self, call: Call, known: Mapping[KnownKey, Known]) -> Reply:
        """Return the reply; it is in the journal. Raises ``ModelError`` when the call failed for good."""
        bound, max_tokens = call.bound, call.request.sampling.max_tokens
        stored = known.get((call.address, call.record, call.hash)) if known else None
        while stored is not None:
            reply = Reply.from_json(load(stored.reply))
            if still_holds(reply, stored.max_tokens, max_tokens):
                self._stats.n_reused += 1
                if self.lookahead is not None:
                    self.lookahead.answered(call.address.root)
                return _checked(reply, call)
            stored = stored.then
        if self.reuse is not None and (lent := self.reuse.find(call)) is not None:
            await self._take_over(call, lent)
            return _checked(lent.reply, call)
        self._budget.check_length(call.request, bound.role, call.address.step)
        reply = await (self._sender.send(call) if self.batches is None else self._beside_batches(call))
        await self._journal.durable()
        if self.lookahead is not None:
            self.lookahead.answered(call.address.root)
        return _checked(reply, call)

    async def _take_over(self, call: Call, lent: Lent) -> None:
        """Write another run's reply into this one's journal, as a call without a try and without a charge."""
        address, reused = call.address, self._stats.reused_from
        before = self._journal.upcoming_send - 1  # as if it came before what is sent next, for `retry`
        self._journal.put(
            "calls",
            (
                *(
                    before,
                    address.root,
                    address.path,
                    call.record,
                    address.step,
                    address.place,
                    address.sample,
                ),
                *(call.hash, call.bound.role, call.bound.model.name, lent.max_tokens),
                *(0, 0.0, time.time(), call.body, lent.stored),
            ),
        )
        reused[lent.lender] = reused.get(lent.lender, 0) + 1
        await self._journal.durable()
        if self.lookahead is not None:
            self.lookahead.answered(address.root)

    async def _beside_batches(self, call: Call) -> Reply:
        """Hand a call to whom it belongs, in a run where some roles are asked by batch files."""
        underway = self.underway
        underway.n_begun += 1
        if self.batches is not None and call.bound.batch is not None:
            return await self.batches.ask(call)
        underway.live_calls += 1
        try:
            return await self._sender.send(call)
        finally:
            underway.live_calls -= 1


def _checked(reply: Reply, call: Call) -> Reply:
    if reply.finish_reason != "length" and not reply.others:
        return reply
    bound = call.bound
    if any(one.cut_while_thinking for one in (reply, *reply.others)):
        if reply.filled_context(call.request.sampling.max_tokens):
            raise ModelError(
                f"prompt and thinking filled the context of {bound.model.name}",
                fault="context_overflow",
                got=f"{reply.usage.prompt_tokens} + {reply.usage.completion_tokens} tokens, no answer",
                next="shorten what goes into the prompt, or serve the model with more context; "
                "raising max_tokens will not help",
            )
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
        "SELECT count(*) - (SELECT count(*) FROM batches k JOIN batch_calls b ON b.batch = k.id WHERE k.state = 'void'),"
        " coalesce(sum(coalesce(s.prompt_tokens + s.completion_tokens, w.worst_tokens)), 0),"
        " coalesce(sum(coalesce(s.usd, w.worst_usd)), 0.0) FROM sends w LEFT JOIN settled s ON s.send = w.id"
    ).fetchone()
    return Spend(requests, tokens, usd)
