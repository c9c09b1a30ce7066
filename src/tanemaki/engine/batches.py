"""The collector: calls of roles that are asked by batch files, gathered until a batch is worth sending.

A call hands itself in and waits; to the step it is a slow call. A batch is closed when it is full, when its first request
has waited long enough, or when nobody can add to it any more: everything on its way waits for a batch, or for something
that waits for one. Requests that are carried by hand are written when nothing else can go on at all; the run then stops.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tanemaki.core.batch import Batching
from tanemaki.core.errors import ModelError
from tanemaki.core.model import Reply
from tanemaki.engine.batch_carrying import Carrier
from tanemaki.engine.batch_items import Item, Ledger, Outcome
from tanemaki.engine.batch_pens import Pen, write_files
from tanemaki.engine.batch_rows import (
    State,
    StoredBatch,
    batches_out,
    client_name,
    custom_id,
    faults_by_hand,
    key_of,
    open_requests,
    put_asked,
    put_batch,
    told_of_left,
)
from tanemaki.engine.bound import Bound
from tanemaki.engine.call import Address, Call, still_holds
from tanemaki.engine.limits import FREE
from tanemaki.engine.retries import Tries
from tanemaki.engine.stopping import Stop, Stopped
from tanemaki.engine.underway import Underway

QUIET_S = 0.05
"""For so long nobody must have asked before a batch is closed because nobody can."""
LONGEST_QUIET_S = 1.0
"""Longest time between two looks while something still goes on."""

Key = tuple[str, Address, str, str]
"""Role, address, record and hash: by this a call finds its request of an earlier start."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a start says of the ones before it."""

    forget: Mapping[Address, int]
    """Calls that are made again, whatever is out → the first request that counts for them."""
    again: Collection[int]
    """Roots whose failures are forgotten."""
    tell: Callable[[str], None]
    """Takes a sentence for the user."""


class Collector:
    """Answers the calls of all roles that are asked by batch files."""

    def __init__(self, roles: Iterable[Bound], ledger: Ledger, stop: Stop, underway: Underway) -> None:
        self._roles = {bound.role: bound for bound in roles if bound.batch is not None}
        self._batchings = {
            role: bound.batch for role, bound in self._roles.items() if bound.batch is not None
        }
        self._ledger = ledger
        self._stats = ledger.stats
        self._stop = stop
        self._underway = underway
        self._pens: dict[tuple[str, str], Pen] = {}
        self._standing: dict[Key, Item] = {}
        self._by_hand: dict[Key, Item] = {}
        """Requests that lie in files and have no reply yet."""
        self._failed: dict[Key, list[ModelError]] = {}
        """What files of replies said of requests that failed, in order."""
        self._carriers: dict[asyncio.Task[None], Carrier] = {}
        self._watcher: asyncio.Task[None] | None = None
        self._n_gathered = 0
        self._taken_up: list[tuple[StoredBatch, dict[int, Item]]] = []
        self._client = client_name(ledger.journal)
        self._left: list[Carrier] = []
        self.written: dict[Path, int] = {}
        """Files of requests that were written, with how many there are in each."""
        stop.on_request(self._let_go)

    def take_up(self, earlier: Earlier) -> None:
        """Find the batches of earlier starts whose replies have not all come back."""
        forget = earlier.forget
        db = self._ledger.reader
        for batch in batches_out(db):
            bound = self._roles.get(batch.role)
            batching = self._batchings.get(batch.role)
            fits = batching and (batching.file if batch.state == "file" else batching.service)
            if bound is None or not fits:
                earlier.tell(told_of_left(db, batch))
                continue
            by_hand = batch.state == "file"
            items = {
                asked.send: self._ledger.take_over(asked, worst, bound.prices or FREE, comes_back=not by_hand)
                for asked, worst in open_requests(db, batch.id)
            }
            for item in items.values():
                if item.asked.send >= forget.get(item.asked.address, 0):
                    (self._by_hand if by_hand else self._standing)[_key(item)] = item
            if not by_hand:
                self._taken_up.append((batch, items))
        for asked, error in faults_by_hand(db):
            if asked.address.root not in earlier.again:
                key = (asked.role, asked.address, asked.record, asked.hash)
                failed = self._failed.setdefault(key, [])
                if asked.attempt == 1:
                    failed.clear()  # a retry began anew
                failed.append(error)

    def start(self) -> None:
        """Look after the batches of earlier starts; the models are open."""
        for batch, items in self._taken_up:
            self._carry(self._carrier(batch, items))
        self._taken_up.clear()

    async def ask(self, call: Call) -> Reply:
        """Return the reply; its row is queued for the journal. Raises ``ModelError`` when the call failed for good."""
        key = (call.bound.role, call.address, call.record, call.hash)
        tries = Tries(call.address, call.bound.retries)
        for error in () if key in self._by_hand else self._failed.get(key, ()):
            if tries.pause_after(error) is None:
                raise error
        outcome = await self._of_earlier(call, self._standing.pop(key, None))
        while not isinstance(outcome, Reply):
            # its pause is not waited for: the next batch is pause enough
            if outcome is not None and tries.pause_after(outcome) is None:
                raise outcome
            self._stats.n_retries += outcome is not None
            self._stop.check()
            item = await self._item(call, self._by_hand.get(key), tries)
            outcome = await item.waiting
        return outcome

    async def _of_earlier(self, call: Call, item: Item | None) -> Outcome:
        """Return what became of the same request of an earlier start; None where it must be asked anew."""
        if item is None:
            return None
        outcome = await item.waiting
        max_tokens = call.request.sampling.max_tokens
        if isinstance(outcome, Reply) and not still_holds(outcome, item.asked.max_tokens, max_tokens):
            return None
        return outcome

    async def _item(self, call: Call, written: Item | None, tries: Tries) -> Item:
        """Return the request that a call becomes, gathered with others of its kind; ``written``: it lies in a file."""
        batching = self._batchings[call.bound.role]
        if written is not None and written.asked.max_tokens != call.request.sampling.max_tokens:
            written = None
        item = written or await self._ledger.open(
            call, tries.n_failed + 1, takes_empty=not tries.may_ask_again("empty")
        )
        try:
            line = batching.lines.line(custom_id(item.asked.send, call.hash), call.request)
        except ModelError:
            if written is None:
                self._ledger.drop(item)
            raise
        self._gather(call, batching, item, line)
        if written is not None:
            self._pens[call.bound.role, batching.lines.path(call.request)].known.add(item.asked.send)
        return item

    def _gather(self, call: Call, batching: Batching, item: Item, line: bytes) -> None:
        place = (call.bound.role, batching.lines.path(call.request))
        pen = self._pens.get(place)
        terms = batching.terms
        if pen is not None and batching.service is not None and pen.n_bytes + len(line) > terms.n_bytes:
            self._close(pen)
            pen = None
        if pen is None:
            now_s = asyncio.get_running_loop().time()
            pen = self._pens[place] = Pen(call.bound, batching, place[1], now_s)
        pen.add(item, line)
        self._n_gathered += 1
        if batching.service is not None and len(pen.items) >= terms.size:
            self._close(pen)
        if self._pens and (self._watcher is None or self._watcher.done()):
            self._watcher = self._task(self._watch())

    async def _watch(self) -> None:
        """Close what nobody can add to any more, and what has waited long enough."""
        pause_s = QUIET_S
        while self._pens and not self._stop.requested:
            seen = self._activity()
            await asyncio.sleep(pause_s)
            for _ in range(3):
                await asyncio.sleep(0)  # whoever woke up in the same turn has its go first
            self._close_the_old()
            if self._is_busy() or self._activity() != seen:
                pause_s = min(pause_s * 2, LONGEST_QUIET_S)
                continue
            pause_s = QUIET_S
            remote = [pen for pen in self._pens.values() if pen.batching.service is not None]
            for pen in remote:
                self._close(pen)
            if not remote and not self._carriers:
                await self._write_files()
                return

    def _activity(self) -> tuple[int, ...]:
        stats = self._stats
        return (self._underway.n_begun, self._n_gathered, stats.n_in, stats.live, stats.n_reused)

    def _is_busy(self) -> bool:
        """Say whether something goes on by itself that may lead to further requests."""
        under = self._underway
        if under.feeding or under.helped or not self._ledger.journal.is_idle:
            return True
        if any(carrier.is_taking_in for carrier in self._carriers.values()):
            return True
        return under.live_calls > 0 and not self._ledger.starves_live_calls

    def _close_the_old(self) -> None:
        now_s = asyncio.get_running_loop().time()
        for pen in list(self._pens.values()):
            if pen.batching.service is not None and now_s - pen.began_s >= pen.batching.terms.age_s:
                self._close(pen)

    def _close(self, pen: Pen) -> None:
        """Send what a pen holds as one batch."""
        del self._pens[pen.bound.role, pen.path]
        batch = self._new_batch(pen, len(pen.items), "intent")
        self._carry(self._carrier(batch, pen.items), pen.lines)

    def _carrier(self, batch: StoredBatch, items: Mapping[int, Item]) -> Carrier:
        bound = self._roles[batch.role]
        batching = self._batchings[batch.role]
        if batching.service is None:
            raise AssertionError(f"the batches of role {batch.role!r} are carried by hand")
        return Carrier(
            batch,
            items,
            service=batching.service,
            terms=batching.terms,
            retries=bound.retries,
            ledger=self._ledger,
            stop=self._stop,
        )

    def _carry(self, carrier: Carrier, lines: BinaryIO | None = None) -> None:
        async def carry() -> None:
            if lines is None:
                return await carrier.take_up()
            with lines:
                return await carrier.send(lines)

        task = self._task(carry())
        self._carriers[task] = carrier
        task.add_done_callback(self._carried)

    def _carried(self, task: asyncio.Task[None]) -> None:
        carrier = self._carriers.pop(task)
        if carrier.items:
            self._left.append(carrier)

    def _task(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        task.add_done_callback(self._noted)
        return task

    def _noted(self, task: asyncio.Task[None]) -> None:
        """Whatever ends a task of ours ends the run, but for a stop."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._stop.note(error)

    async def _write_files(self) -> None:
        """Write what is asked for by hand, and stop: nothing can go on before the replies are there."""
        for pen in self._pens.values():
            self._journal_by_hand(pen)
        await self._ledger.journal.durable()
        self.written = write_files(self._pens.values())
        self._stop.request()

    def _journal_by_hand(self, pen: Pen) -> None:
        fresh = [item for send, item in pen.items.items() if send not in pen.known]
        if not fresh:
            return
        batch = self._new_batch(pen, len(fresh), "file")
        put_batch(self._ledger.journal, batch)
        for item in fresh:
            put_asked(
                self._ledger.journal, batch.id, item.asked, item.call.body if item.call else "", item.worst
            )
        self._ledger.count_sent(len(fresh))
        self._ledger.tell(batch.role, batch.key, batch.state, len(fresh))

    def _new_batch(self, pen: Pen, n_requests: int, state: State) -> StoredBatch:
        number = self._ledger.journal.next_batch()
        key = key_of(self._client, number)
        return StoredBatch(number, key, pen.bound.role, pen.path, n_requests, state)

    def _let_go(self) -> None:
        """The run was asked to stop: who waits for a batch unwinds at once; what is out stays out and is found again."""
        waiting = [item for carrier in self._carriers.values() for item in carrier.items.values()]
        waiting += [item for pen in self._pens.values() for item in pen.items.values()]
        waiting += self._standing.values()
        for item in waiting:
            if not item.waiting.done():
                item.waiting.set_exception(Stopped())
                item.waiting.exception()  # seen, also where nobody waits

    def still_out(self, *, is_complete: bool) -> list[str]:
        """Return a sentence for each batch whose replies have not come back; ``is_complete``: nobody needs them."""
        following = "a run of more rows" if is_complete else "the same command"
        return [
            f"batch {carrier.batch.remote or carrier.batch.key} of role {carrier.batch.role!r} is still out with"
            f" {len(carrier.items)} requests: nothing was cancelled, and {following} takes up its replies"
            for carrier in self._left
        ]

    async def close(self) -> None:
        """End every task. May be called twice."""
        tasks = [*self._carriers, *([self._watcher] if self._watcher else [])]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        for pen in self._pens.values():
            pen.lines.close()
        self._pens.clear()


def _key(item: Item) -> Key:
    asked = item.asked
    return asked.role, asked.address, asked.record, asked.hash
