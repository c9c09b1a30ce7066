"""How a run comes to an early end: nothing new is sent, what is in flight arrives and is journaled, then all unwinds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Stopped(Exception):
    """Raised in whatever would send or wait for something new after the run was asked to stop."""


class Stop:
    """The one switch of a run. The first reason stands."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.requested = False
        """The run was asked to stop."""
        self._callbacks: list[Callable[[], None]] = []
        self.reason: BaseException | None = None
        """What ends the run: a limit, a dead endpoint, our own bug; None for a plain stop (Ctrl-C, enough rows)."""

    def request(self, reason: BaseException | None = None) -> None:
        """Ask the run to stop."""
        if self.requested:
            return
        self.requested, self.reason = True, reason
        self._event.set()
        for callback in self._callbacks:
            callback()

    def on_request(self, callback: Callable[[], None]) -> None:
        """Call back when the run is asked to stop."""
        self._callbacks.append(callback)

    def note(self, error: BaseException) -> None:
        """Ask the run to stop with an error that ends it; a stop or a cancellation is none."""
        if not isinstance(error, Stopped | asyncio.CancelledError):
            self.request(error)

    async def wait(self) -> None:
        """Wait until the run is asked to stop."""
        await self._event.wait()

    def check(self) -> None:
        """Raise ``Stopped`` if the run was asked to stop."""
        if self.requested:
            raise Stopped

    async def sleep(self, seconds: float) -> None:
        """Sleep, but wake up and raise ``Stopped`` when the run is asked to stop."""
        self.check()
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return
        raise Stopped
