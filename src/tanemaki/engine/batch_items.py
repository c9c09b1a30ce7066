"""Requests that lie in batches, and the books that are kept of them: reserved, charged, journaled, handed over."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass

from tanemaki.core.errors import ModelError
from tanemaki.core.model import Reply
from tanemaki.engine.batch_rows import Asked, put_fault, put_reply, request_of
from tanemaki.engine.call import Call
from tanemaki.engine.journal import Journal
from tanemaki.engine.limits import FREE, Budget, Prices, Spend, actual, worst_case
from tanemaki.engine.observer import Try
from tanemaki.engine.retries import is_empty
from tanemaki.engine.stats import Stats

Outcome = Reply | ModelError | None
"""What became of a request; None: it was never worked on, and asking again costs no try."""
_WORKED_ON = frozenset({"malformed", "cut_body"})
"""Faults of a request that the service did work on: charged at its worst."""


def charge_of(error: ModelError, worst: Spend) -> Spend:
    """Return what a request of a batch that failed is charged."""
    is_paid = error.is_paid or error.fault in _WORKED_ON
    return Spend(1, worst.tokens, worst.usd) if is_paid else Spend(1)


@dataclass(slots=True, eq=False)
class Item:
    """One request of a batch."""

    asked: Asked
    worst: Spend
    prices: Prices
    call: Call | None
    """None where an earlier start asked: the journal has what it was."""
    takes_empty: bool
    """An empty reply is handed over as it is, not asked for once more."""
    waiting: asyncio.Future[Outcome]
    """Done as soon as it is known what became of the request."""

    def deliver(self, outcome: Outcome) -> None:
        """Tell whoever waits, now or later."""
        if not self.waiting.done():
            self.waiting.set_result(outcome)


class Ledger:
    """Every change to a request of a batch goes through here: journal, budget and figures stay in step."""

    def __init__(self, journal: Journal, reader: sqlite3.Connection, budget: Budget, stats: Stats) -> None:
        self.journal = journal
        self.reader = reader
        self._budget = budget
        self.stats = stats
        self._n_reserving = 0
        self._n_reserved = 0

    @property
    def starves_live_calls(self) -> bool:
        """Calls outside of batches wait for room in the budget, and nothing but batches can give some back."""
        others_wait = self._budget.n_waiting > self._n_reserving
        return others_wait and self._budget.reserved.requests == self._n_reserved

    async def open(self, call: Call, attempt: int, *, takes_empty: bool) -> Item:
        """Set the worst case of a call aside and return the request that it becomes.

        Waits while requests that are out may give something back. Raises ``LimitReached`` when nothing can, ``Stopped``.
        """
        prices = call.bound.prices or FREE
        worst = worst_case(call.request, prices, call.body)
        self._n_reserving += 1
        try:
            await self._budget.reserve(worst)
        finally:
            self._n_reserving -= 1
        self._n_reserved += 1
        asked = Asked(
            self.journal.next_send(),
            *(call.address, call.record, call.hash, call.bound.role, call.bound.model.name),
            *(call.request.sampling.max_tokens, call.request.n, attempt),
        )
        waiting: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        return Item(asked, worst, prices, call, takes_empty, waiting)

    def take_over(self, asked: Asked, worst: Spend, prices: Prices, *, comes_back: bool = True) -> Item:
        """Return a request of an earlier start that is still out: set aside once more, not spent.

        What lies in a file that is carried by hand does not come back while this process runs. It stays charged at its
        worst: whoever waited for it to give something back would wait for good.
        """
        if comes_back:
            self._budget.set_aside_again(worst)
            self._n_reserved += 1
        waiting: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        return Item(asked, worst, prices, None, asked.attempt > 1, waiting)

    def end(self, item: Item, outcome: Outcome, latency_s: float = 0.0) -> None:
        """Journal what became of a request, charge it, and hand it over."""
        if isinstance(outcome, Reply):
            outcome = self._pay(item, outcome, latency_s)
        elif outcome is None:
            self._release(item, Spend())
            self.journal.put("settled", (item.asked.send, 0, 0, 0.0))
        else:
            charged = charge_of(outcome, item.worst)
            self._release(item, charged)
            self._fault(item, outcome, charged, latency_s)
        item.deliver(outcome)

    def _pay(self, item: Item, reply: Reply, latency_s: float) -> Outcome:
        """Charge a reply and journal it; an empty one that may be asked for once more is a fault."""
        spent = actual(reply.usage, item.worst, item.prices)
        self._release(item, Spend(1, spent[0] + spent[1], spent[2]))
        lane = item.call.bound.lanes.all[0] if item.call is not None else None
        self.stats.add_reply(*spent, lane)
        observer = self.stats.observer
        if observer is not None and item.call is not None and lane is not None:
            observer.reply(Try(item.call, lane, item.asked.attempt, latency_s, spent[2]), reply)
        if not item.takes_empty and is_empty(reply):
            self.journal.put("settled", (item.asked.send, *spent))
            empty = ModelError("the reply is empty", fault="empty", retryable=True)
            self._fault(item, empty, None, latency_s)
            return empty
        put_reply(self.journal, item.asked, reply, body=self._body(item), latency_s=latency_s, spent=spent)
        return reply

    def _fault(self, item: Item, error: ModelError, charged: Spend | None, latency_s: float) -> None:
        stats = self.stats
        stats.faults[error.fault] = stats.faults.get(error.fault, 0) + 1
        put_fault(self.journal, item.asked, error, charged)
        if stats.observer is not None and item.call is not None:
            lane = item.call.bound.lanes.all[0]
            stats.observer.fault(Try(item.call, lane, item.asked.attempt, latency_s), error)

    def drop(self, item: Item) -> None:
        """Give back what was set aside for a request that is not sent."""
        self._release(item, Spend())

    def count_out(self, role: str, change: int) -> None:
        """Count the requests of a role that lie in batches, for the display."""
        self.stats.batches[role] = self.stats.batches.get(role, 0) + change

    def tell(self, role: str, key: str, state: str, n_requests: int) -> None:
        """Tell whoever looks on that a batch has got another state."""
        if self.stats.observer is not None:
            self.stats.observer.batch(role, key, state, n_requests)

    def count_sent(self, n: int) -> None:
        """Count requests that were sent."""
        self.stats.n_sent += n

    def _release(self, item: Item, spent: Spend) -> None:
        self._n_reserved -= 1
        self._budget.settle(item.worst, spent)

    def _body(self, item: Item) -> str:
        if item.call is not None:
            return item.call.body
        found = request_of(self.reader, item.asked.send)
        if found is None:
            raise AssertionError(f"request {item.asked.send} of an earlier start is not in the journal")
        return found[1]
