"""One batch on its way: journaled, uploaded, made, looked after with growing pauses, and its replies taken in.

Nothing is ever in two batches. The intent is durable before the upload, under a client key that goes into the file's name
and the batch's metadata; whoever does not know whether a batch was made (a lost answer, a killed process) looks for the key
first, and only where the service has no such batch are its requests free to go into another one.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import BinaryIO, TypeVar

from tanemaki.core.batch import BatchService, BatchTerms, RemoteBatch
from tanemaki.core.errors import ModelError, shorten
from tanemaki.engine.batch_items import Item, Ledger, Outcome
from tanemaki.engine.batch_rows import State, StoredBatch, put_asked, put_batch, send_of
from tanemaki.engine.stopping import Stop

T = TypeVar("T")
GROWTH = 1.5
LONGEST_POLL_S = 600.0
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 60.0
_TOO_MUCH_OUT = ("token_limit_exceeded", "rate_limit_exceeded", "quota_exceeded", "too_many_batches")
"""Codes by which a service refuses a batch because too many requests wait there already."""
_GONE = "404"
_MOST_GONE = 3
"""Looks in a row at which the service must know nothing of a batch before that is believed: a batch just made may not be
known everywhere yet, and what is asked again is paid again."""


class Carrier:
    """Carries one batch from its intent to its end."""

    def __init__(
        self,
        batch: StoredBatch,
        items: Mapping[int, Item],
        *,
        service: BatchService,
        terms: BatchTerms,
        retries: int,
        ledger: Ledger,
        stop: Stop,
    ) -> None:
        self.batch = batch
        self.items = dict(items)
        """The requests that have not come to their end, by the id under which they were sent, in the file's order."""
        self.is_taking_in = False
        """Replies are being handed over."""
        self._service = service
        self._terms = terms
        self._retries = retries
        self._ledger = ledger
        self._stop = stop
        self._began_s = asyncio.get_running_loop().time()
        self._n_gone = 0

    async def send(self, lines: BinaryIO) -> None:
        """Journal the batch, send it, and wait for its replies. Raises what ends the run."""
        journal = self._ledger.journal
        put_batch(journal, self.batch)
        for item in self.items.values():
            put_asked(journal, self.batch.id, item.asked, item.call.body if item.call else "", item.worst)
        await journal.durable()
        self._ledger.count_out(self.batch.role, len(self.items))
        self._stop.check()
        file_id = await self._upload(lines)
        remote = await self._create(file_id)
        self._ledger.count_sent(len(self.items))
        await self._is_sent(remote)
        await self._follow()

    async def take_up(self) -> None:
        """Go on with a batch of an earlier start, or find that it was never made. Raises what ends the run."""
        self._ledger.count_out(self.batch.role, len(self.items))
        if self.batch.state == "intent":
            remote = await self._patiently(lambda: self._service.find(self.batch.key))
            if remote is None:
                await self._give_up()
                return
            await self._is_sent(remote)
        await self._follow()

    async def _upload(self, lines: BinaryIO) -> str:
        tried = False

        async def work() -> str:
            nonlocal tried
            found = await self._service.find_file(self.batch.key) if tried else None
            if found is not None:
                return found
            tried = True
            lines.seek(0)
            with open(os.dup(lines.fileno()), "rb") as copy:  # noqa: PTH123, ASYNC230 - a descriptor; the sender closes it
                return await self._service.upload(self.batch.key, copy)

        return await self._patiently(work)

    async def _create(self, file_id: str) -> RemoteBatch:
        tried = False

        async def work() -> RemoteBatch:
            nonlocal tried
            found = await self._service.find(self.batch.key) if tried else None
            if found is not None:
                return found
            tried = True
            return await self._service.create(self.batch.key, self.batch.path, file_id)

        return await self._patiently(work)

    async def _is_sent(self, remote: RemoteBatch) -> None:
        self.batch.remote = remote.id
        self._enter("sent")
        await self._ledger.journal.durable()

    def _enter(self, state: State) -> None:
        self.batch.state = state
        put_batch(self._ledger.journal, self.batch)
        self._ledger.tell(self.batch.role, self.batch.key, state, self.batch.n_requests)

    async def _give_up(self) -> None:
        """The service never made this batch: its file goes, and its requests are free."""
        orphan = await self._patiently(lambda: self._service.find_file(self.batch.key))
        if orphan is not None:
            await self._patiently(lambda: self._service.delete_file(orphan))
        self._enter("void")
        for item in list(self.items.values()):
            self._end(item, None)
        await self._ledger.journal.durable()

    async def _follow(self) -> None:
        pause_s = self._terms.poll_s
        while not (remote := await self._patiently(self._look)).is_over:
            await self._stop.sleep(pause_s)
            pause_s = min(pause_s * GROWTH, LONGEST_POLL_S)
        if remote.status == "failed":
            await self._refused(remote)
            self._enter("void")
        else:
            await self._patiently(lambda: self._take_in_what_is_there(remote))
            self._end_rest(remote)
            self._enter("done")
        await self._ledger.journal.durable()

    async def _look(self) -> RemoteBatch:
        try:
            found = await self._service.retrieve(self.batch.remote)
        except ModelError as error:
            if not (error.got or "").startswith(_GONE):
                raise
            self._n_gone += 1
            # the service keeps it no more: nothing can be had of it
            return RemoteBatch(self.batch.remote, "unknown" if self._n_gone < _MOST_GONE else "expired")
        self._n_gone = 0
        return found

    async def _take_in_what_is_there(self, remote: RemoteBatch) -> None:
        try:
            await self._take_in(remote)
        except ModelError as error:
            if not (error.got or "").startswith(_GONE):
                raise
            self._n_gone += 1
            if self._n_gone < _MOST_GONE:
                error.retryable, error.ends_run = True, False
                raise
            # the service has thrown the replies away: what is still open has none

    async def _take_in(self, remote: RemoteBatch) -> None:
        """Hand over every reply; a file that broke off is read again, and what was handed over is passed over."""
        self.is_taking_in = True
        latency_s = round(asyncio.get_running_loop().time() - self._began_s, 3)
        try:
            n_lines = 0
            async for line in self._service.results(remote):
                n_lines += 1
                if n_lines % 64 == 0:
                    await asyncio.sleep(0)
                named = send_of(line.get("custom_id"))
                item = self.items.get(named[0]) if named else None
                if item is None or named is None or named[1] != item.asked.hash:
                    continue  # handed over before, or no request of this batch
                outcome = self._service.read(line, item.asked.n)
                if outcome is not None:
                    self._end(item, outcome, latency_s)
        finally:
            self.is_taking_in = False

    def _end_rest(self, remote: RemoteBatch) -> None:
        """What has no line of its own was not worked on: for lack of time, or because the service lost it."""
        for item in list(self.items.values()):
            self._end(
                item,
                ModelError(
                    f"the batch {'ended' if remote.status == 'completed' else f'was {remote.status}'} without a reply"
                    " to this request",
                    fault="timeout",
                    retryable=True,
                    where=f"batch {self.batch.remote}",
                ),
            )

    async def _refused(self, remote: RemoteBatch) -> None:
        """Free the requests of a batch that the service would not take; those that it complains of have failed."""
        complaints = list(remote.complaints)
        said = shorten(
            "; ".join(f"{one.code}: {one.message}" for one in complaints) or "no reason given", 300
        )
        if any(one.code in _TOO_MUCH_OUT for one in complaints):
            await self._stop.sleep(min(self._terms.poll_s * 4, LONGEST_POLL_S))
        elif not any(one.line for one in complaints):
            raise ModelError(
                f"the service refused a batch of role {self.batch.role!r}",
                fault="bad_request",
                ends_run=True,
                where=f"batch {self.batch.remote}",
                got=said,
                next="mend the cause; the same command then asks again what was refused",
            )
        in_order = list(self.items.values())
        wrong = {one.line: one for one in complaints if one.line and 0 < one.line <= len(in_order)}
        for number, item in enumerate(in_order, start=1):
            one = wrong.get(number)
            refused = one and ModelError(
                "the service refused the request",
                fault="bad_request",
                where=f"batch {self.batch.remote}, line {number}",
                got=shorten(one.message),
            )
            self._end(item, refused)

    def _end(self, item: Item, outcome: Outcome, latency_s: float = 0.0) -> None:
        del self.items[item.asked.send]
        self._ledger.count_out(self.batch.role, -1)
        self._ledger.end(item, outcome, latency_s)

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do something at the service, again after a pause where that may help. Raises what ends the run."""
        tries = 0
        while True:
            self._stop.check()
            try:
                return await work()
            except ModelError as error:
                tries += 1
                if error.ends_run or not error.retryable or tries > self._retries:
                    error.ends_run = True
                    raise
                pause_s = min(FIRST_PAUSE_S * 2.0 ** (tries - 1), LONGEST_PAUSE_S)
                await self._stop.sleep(pause_s if error.retry_after_s is None else error.retry_after_s)
