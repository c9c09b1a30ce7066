"""One call: found in the journal, or reserved, sent, retried on its own clock, journaled, and only then handed over.

A call is known by (root, path, step, place, sample) and by the hash of what it asks (promise 4). The hash leaves out
``max_tokens``, so a higher limit pays again only for replies that were cut.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from tanemaki.core.errors import ModelError, SetupError
from tanemaki.core.model import Model, Reply, Request, Sampling
from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.engine.journal import Journal
from tanemaki.engine.limits import Budget, Prices, Spend, actual, worst_case
from tanemaki.engine.stats import Stats
from tanemaki.engine.stopping import Stop
from tanemaki.engine.stored import dump, load

_LENGTHS = frozenset(
    {"max_tokens", "max_completion_tokens", "max_new_tokens", "n", "best_of", "n_predict", "num_predict"}
)
"""Keys of a body that say how much may be written."""
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 60.0


class Address(NamedTuple):
    """Where a call belongs."""

    root: int
    path: str
    """Ordinal below the root: ``""`` for the root itself, ``2.1`` for a grandchild."""
    step: str
    place: int
    """Place among the calls of this step on this record, from 0."""
    sample: int


class Known(NamedTuple):
    """A reply that the journal holds."""

    max_tokens: int | None
    reply: str


KnownKey = tuple[Address, str, str]
"""Address, record id and hash of what was asked: an edited prompt that is edited back finds its old replies."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call as a step makes it."""

    address: Address
    record: str
    bound: Bound
    request: Request
    hash: str
    """Hash of what it asks, without ``max_tokens``."""


@dataclass(slots=True)
class Bound:
    """A role's model with what the run file says of it."""

    role: str
    model: Model
    sampling: Sampling = field(default_factory=Sampling)
    prices: Prices | None = None
    """None where the user gave none: a money limit is then a set-up error."""
    concurrency: int = 16
    retries: int = 5
    send_seed: bool = True
    extra: Mapping[str, Json] = field(default_factory=dict)
    """Keys that the run file adds to every body: a part of what is asked."""
    slots: asyncio.Semaphore = field(init=False)
    last_reply_at: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self.slots = asyncio.Semaphore(self.concurrency)

    def complete(self, request: Request, seed: int) -> Request:
        """Return the request with the run file's sampling over the step's, and its seed."""
        wanted = self.send_seed and request.seed is None and "seed" in self.model.capabilities
        return replace(
            request,
            sampling=self.sampling.over(request.sampling),
            seed=seed if wanted else request.seed,
            extra={**request.extra, **self.extra},
        )


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
        self._stop = stop

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
        reply = await self._send(call)
        await self._journal.durable()
        return _checked(reply, bound)

    async def _send(self, call: Call) -> Reply:
        bound = call.bound
        worst = worst_case(call.request, bound.prices or Prices())
        started = asyncio.get_running_loop().time()
        attempt = 0
        while True:
            attempt += 1
            self._stop.check()
            async with bound.slots:
                self._stop.check()
                await self._budget.reserve(worst)
                try:
                    return await self._try(call, attempt, worst)
                except ModelError as error:
                    failure = error
            if failure.ends_run or not failure.retryable or attempt > bound.retries:
                if failure.fault == "transport" and bound.last_reply_at < started:
                    failure.ends_run = True  # the endpoint is gone: no other row can succeed either
                raise failure
            self._stats.n_retries += 1
            await self._stop.sleep(_pause(failure, attempt, call.address))

    async def _try(self, call: Call, attempt: int, worst: Spend) -> Reply:
        address, bound, stats = call.address, call.bound, self._stats
        send = self._journal.next_send()
        self._journal.put("sends", (send, address.root, worst.tokens, worst.usd))
        if self._budget.limited:
            await self._journal.durable()
        loop = asyncio.get_running_loop()
        started = loop.time()
        stats.n_sent += 1
        stats.in_flight[bound.role] = stats.in_flight.get(bound.role, 0) + 1
        try:
            reply = await bound.model.reply(call.request)
        except ModelError as error:
            self._settle_failure(send, address, error, attempt, worst)
            raise
        except BaseException:
            self._budget.settle(
                worst, worst
            )  # cut off in flight: stays charged at its worst until known better
            raise
        finally:
            stats.in_flight[bound.role] -= 1
        bound.last_reply_at = loop.time()
        prompt_tokens, completion_tokens, usd = actual(reply.usage, worst, bound.prices or Prices())
        self._budget.settle(worst, Spend(1, prompt_tokens + completion_tokens, usd))
        stats.add_reply(prompt_tokens, completion_tokens, usd)
        latency_s = round(loop.time() - started, 6)
        self._journal.put("settled", (send, prompt_tokens, completion_tokens, usd))
        self._journal.put(
            "calls",
            (
                *(send, address.root, address.path, call.record, address.step, address.place, address.sample),
                *(
                    call.hash,
                    bound.role,
                    bound.model.name,
                    call.request.sampling.max_tokens,
                    attempt,
                    latency_s,
                ),
                *(time.time(), dump(call.request.to_wire()), dump(reply.to_json())),
            ),
        )
        return reply

    def _settle_failure(
        self, send: int, address: Address, error: ModelError, attempt: int, worst: Spend
    ) -> None:
        if error.fault in ("timeout", "transport", "malformed"):
            charged = worst  # the server may have done the work: charged until known better
        else:
            charged = Spend(1)
            self._journal.put("settled", (send, 0, 0, 0.0))
        self._budget.settle(worst, charged)
        self._stats.faults[error.fault] = self._stats.faults.get(error.fault, 0) + 1
        self._journal.put(
            "faults",
            (
                *(send, address.root, address.path, address.step, address.place, address.sample),
                *(attempt, error.fault, str(error), time.time()),
            ),
        )


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


def _pause(error: ModelError, attempt: int, address: Address) -> float:
    if error.retry_after_s is not None:
        return error.retry_after_s
    jitter = 0.5 + Draw("retry", address.root, address.path, address.step, address.place, attempt).uniform()
    return float(min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (attempt - 1)) * jitter)


def spent_so_far(db: sqlite3.Connection) -> Spend:
    """Return what the run was charged until now; what was in flight at a kill counts at its worst."""
    requests, tokens, usd = db.execute(
        "SELECT count(*), coalesce(sum(coalesce(s.prompt_tokens + s.completion_tokens, w.worst_tokens)), 0),"
        " coalesce(sum(coalesce(s.usd, w.worst_usd)), 0.0) FROM sends w LEFT JOIN settled s ON s.send = w.id"
    ).fetchone()
    return Spend(requests, tokens, usd)
