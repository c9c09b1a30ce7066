"""One call on its way to an endpoint: reserved, sent, tried again on its own clock, and journaled."""

from __future__ import annotations

import asyncio
import time

from tanemaki.core.errors import ModelError
from tanemaki.core.model import Reply
from tanemaki.core.seeding import Draw
from tanemaki.engine.call import Address, Call
from tanemaki.engine.journal import Journal
from tanemaki.engine.lanes import Lane
from tanemaki.engine.limits import Budget, Prices, Spend, actual, worst_case
from tanemaki.engine.stats import Stats
from tanemaki.engine.stopping import Stop
from tanemaki.engine.stored import dump

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 60.0


class Sender:
    """Sends the calls that the journal cannot answer."""

    def __init__(self, journal: Journal, budget: Budget, stats: Stats, stop: Stop) -> None:
        self._journal = journal
        self._budget = budget
        self._stats = stats
        self._stop = stop

    async def send(self, call: Call) -> Reply:
        """Return the reply; its row is queued for the journal. Raises ``ModelError`` when the call failed for good."""
        bound = call.bound
        started = asyncio.get_running_loop().time()
        attempt = 0
        while True:
            attempt += 1
            self._stop.check()
            lane = await bound.lanes.take()
            try:
                self._stop.check()
                worst = worst_case(call.request, lane.prices or Prices())
                await self._budget.reserve(worst)
                try:
                    return await self._try(call, lane, attempt, worst)
                except ModelError as error:
                    failure = error
            finally:
                bound.lanes.give(lane)
            if failure.ends_run or not failure.retryable or attempt > bound.retries:
                if failure.fault == "transport" and lane.last_reply_at < started:
                    failure.ends_run = True  # the endpoint is gone: no other row can succeed either
                raise failure
            self._stats.n_retries += 1
            await self._stop.sleep(_pause(failure, attempt, call.address))

    async def _try(self, call: Call, lane: Lane, attempt: int, worst: Spend) -> Reply:
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
            reply = await lane.model.reply(call.request)
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
        lane.last_reply_at = loop.time()
        prompt_tokens, completion_tokens, usd = actual(reply.usage, worst, lane.prices or Prices())
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


def _pause(error: ModelError, attempt: int, address: Address) -> float:
    if error.retry_after_s is not None:
        return error.retry_after_s
    jitter = 0.5 + Draw("retry", address.root, address.path, address.step, address.place, attempt).uniform()
    return float(min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (attempt - 1)) * jitter)
