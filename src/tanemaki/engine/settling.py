"""What a try leaves behind: what it was charged, and its rows in the journal."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tanemaki.core.errors import ModelError
from tanemaki.core.model import Reply
from tanemaki.engine.flights import Flight
from tanemaki.engine.journal import Journal
from tanemaki.engine.limits import FREE, Budget, Spend, actual
from tanemaki.engine.observer import Try
from tanemaki.engine.retries import POLICIES
from tanemaki.engine.stats import Stats
from tanemaki.engine.stored import dump


@dataclass(slots=True)
class Books:
    """Keeps budget, figures and journal in step. Every try is begun once, and ends in exactly one of the other ways."""

    journal: Journal
    budget: Budget
    stats: Stats

    def begin(self, flight: Flight, worst: Spend) -> int:
        """Note the intent to send; return its id. ``worst`` is reserved. Where a limit is set, :meth:`sure` must follow."""
        send = self.journal.next_send()
        self.journal.put("sends", (send, flight.call.address.root, worst.tokens, worst.usd))
        return send

    async def sure(self, worst: Spend) -> None:
        """Wait until the intent is durable: a limit depends on it."""
        try:
            await self.journal.durable()
        except BaseException:
            self.budget.settle(worst, worst)
            raise

    def unsent(self, send: int, worst: Spend) -> None:
        """Give the reservation back of a request that lost its race before it left. It counts as a request, and is free."""
        self.budget.settle(worst, Spend(1))
        self.journal.put("settled", (send, 0, 0, 0.0))

    def sent(self, flight: Flight) -> None:
        """Count a request that leaves now."""
        role, stats = flight.call.bound.role, self.stats
        stats.n_sent += 1
        stats.in_flight[role] = stats.in_flight.get(role, 0) + 1

    def landed(self, flight: Flight) -> None:
        """Count a request that came to an end, whichever."""
        self.stats.in_flight[flight.call.bound.role] -= 1

    def pay(self, flight: Flight, send: int, reply: Reply, worst: Spend, latency_s: float) -> int:
        """Charge a reply at what it cost, the reservation's rest is free again; return its tokens."""
        lane = flight.lane
        prompt_tokens, completion_tokens, usd = actual(reply.usage, worst, lane.prices or FREE)
        self.budget.settle(worst, Spend(1, prompt_tokens + completion_tokens, usd))
        self.stats.add_reply(prompt_tokens, completion_tokens, usd, lane)
        self.journal.put("settled", (send, prompt_tokens, completion_tokens, usd))
        if self.stats.observer is not None:
            self.stats.observer.reply(Try(flight.call, lane, flight.attempt, latency_s, usd), reply)
        return prompt_tokens + completion_tokens

    def keep(self, flight: Flight, send: int, reply: Reply, latency_s: float) -> None:
        """Queue the row of a reply that answers its call."""
        call = flight.call
        address, bound = call.address, call.bound
        self.journal.put(
            "calls",
            (
                send,
                address.root,
                address.path,
                call.record,
                address.step,
                address.place,
                address.sample,
                call.hash,
                bound.role,
                bound.model.name,
                call.request.sampling.max_tokens,
                flight.attempt,
                latency_s,
                time.time(),
                call.body,
                dump(reply.to_json()),
            ),
        )

    def fail(self, flight: Flight, send: int, error: ModelError, worst: Spend, latency_s: float) -> None:
        """Charge and note a try that left no reply."""
        if error.is_paid or POLICIES[error.fault].stays_charged:
            charged = worst  # the server may have done the work: charged until known better
        else:
            charged = Spend(1)
            self.journal.put("settled", (send, 0, 0, 0.0))
        self.budget.settle(worst, charged)
        self.note(flight, send, error, latency_s)

    def note(self, flight: Flight, send: int, error: ModelError, latency_s: float) -> None:
        """Note the fault of a try whose costs are settled."""
        self._fault(flight, send, error.fault, str(error))
        if self.stats.observer is not None:
            self.stats.observer.fault(Try(flight.call, flight.lane, flight.attempt, latency_s), error)

    def outrun(self, flight: Flight, send: int, worst: Spend | None) -> None:
        """Note a request that lost its race. Cut off in flight (``worst``), it stays charged until known better."""
        if worst is not None:
            self.budget.settle(worst, worst)
        self._fault(flight, send, "outrun", "an equal request was answered first")

    def _fault(self, flight: Flight, send: int, fault: str, message: str) -> None:
        address = flight.call.address
        self.stats.faults[fault] = self.stats.faults.get(fault, 0) + 1
        self.journal.put(
            "faults",
            (
                *(send, address.root, address.path, address.step, address.place, address.sample),
                *(flight.attempt, fault, message, time.time()),
            ),
        )
