"""Where records wait for other records: ordered steps and the pools that they keep.

An ordered step's verdict on a record depends only on records of lower ordinal that reached it. So a gate keeps, for every
live root, the ordinals that may still reach it, and decides the lowest one as soon as it is there.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from tanemaki.core.record import Json, Ordinal, Record
from tanemaki.core.step import Context, Spec
from tanemaki.core.verdict import Reject
from tanemaki.engine.stopping import Stop, Stopped


class Gate:
    """One ordered step."""

    def __init__(self, spec: Spec, context: Context, stop: Stop) -> None:
        self.spec = spec
        self._state: Any = spec.step.start(context)
        self._keeps: tuple[str, ...] = tuple(getattr(spec.step, "keeps", ()))
        self._expected: dict[int, set[Ordinal]] = {}
        self._order: deque[int] = deque()
        self._arrived: dict[Ordinal, tuple[Record, asyncio.Future[Record | Reject]]] = {}
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._entries: list[Mapping[str, Json]] = []
        self._entry_roots: list[int] = []
        self._stop = stop
        stop.on_request(self._release)

    def admit(self, root: int, ordinals: Sequence[Ordinal]) -> None:
        """A root sets out with these records; roots are admitted in ascending order."""
        self._expected[root] = set(ordinals)
        self._order.append(root)

    def replace(self, parent: Ordinal, children: Sequence[Ordinal]) -> None:
        """The children come instead of their parent."""
        expected = self._expected[parent[0]]
        expected.discard(parent)
        expected.update(children)
        self._advance()

    def leave(self, ordinal: Ordinal) -> None:
        """A record ended, or its whole root did, before it reached this step."""
        self._expected.get(ordinal[0], set()).discard(ordinal)
        self._advance()

    async def decide(self, record: Record) -> Record | Reject:
        """Wait for the records of lower ordinal, then return the step's verdict."""
        self._stop.check()
        future: asyncio.Future[Record | Reject] = asyncio.get_running_loop().create_future()
        self._arrived[record.ordinal] = (record, future)
        self._advance()
        return await future

    async def entries_before(self, root: int) -> Sequence[Mapping[str, Json]]:
        """Wait until every root below ``root`` has passed, then return what was kept of them, in ordinal order."""
        self._stop.check()
        if self._order and self._order[0] < root:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append((root, future))
            await future
        return self._entries[: bisect_left(self._entry_roots, root)]

    def _advance(self) -> None:
        while self._order:
            root = self._order[0]
            expected = self._expected[root]
            if not expected:
                self._order.popleft()
                del self._expected[root]
                continue
            lowest = min(expected)
            if lowest not in self._arrived:
                break
            expected.discard(lowest)
            self._judge(*self._arrived.pop(lowest))
        frontier = self._order[0] if self._order else None
        still = []
        for root, future in self._waiting:
            if frontier is None or frontier >= root:
                if not future.done():
                    future.set_result(None)
            else:
                still.append((root, future))
        self._waiting = still

    def _judge(self, record: Record, future: asyncio.Future[Record | Reject]) -> None:
        if future.done():
            return
        try:
            verdict = self.spec.step.decide(self._state, record)
        except BaseException as error:  # noqa: BLE001 - handed to the record's own task, which ends the run with it
            future.set_exception(error)
            return
        if not isinstance(verdict, Reject) and self._keeps:
            self._entries.append({name: verdict[name] for name in self._keeps})
            self._entry_roots.append(record.ordinal[0])
        future.set_result(verdict)

    def _release(self) -> None:
        for _, future in self._arrived.values():
            if not future.done():
                future.set_exception(Stopped())
        for _, waiter in self._waiting:
            if not waiter.done():
                waiter.set_exception(Stopped())
        self._arrived.clear()
        self._waiting.clear()
