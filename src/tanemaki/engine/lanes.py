"""The endpoints that answer a role, and how many requests each may have in flight."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from tanemaki.core.model import Model
from tanemaki.engine.limits import Prices


@dataclass(slots=True, eq=False)
class Lane:
    """One endpoint of a role."""

    model: Model
    prices: Prices | None = None
    """None where the user gave none: a money limit is then a set-up error."""
    limit: int = 16
    """Requests in flight at once."""
    in_flight: int = field(default=0, init=False)
    last_reply_at: float = field(default=0.0, init=False)


class Lanes:
    """The endpoints of one role. Whoever waits for room is served in turn."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self.all = tuple(lanes)
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def take(self) -> Lane:
        """Wait for room, and return an endpoint that has it; :meth:`give` frees it."""
        while (lane := self._free()) is None:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._wake()
                raise
        lane.in_flight += 1
        return lane

    def give(self, lane: Lane) -> None:
        """Free what :meth:`take` gave."""
        lane.in_flight -= 1
        self._wake()

    def _free(self) -> Lane | None:
        free = [lane for lane in self.all if lane.in_flight < lane.limit]
        return min(free, key=lambda lane: lane.in_flight / lane.limit) if free else None

    def _wake(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
