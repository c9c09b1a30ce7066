"""What is looked after while a run goes on: models that open and close, Ctrl-C, and the time that is up."""

from __future__ import annotations

import asyncio
import functools
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager

from tanemaki.core.errors import LimitReached
from tanemaki.engine.bound import Bound
from tanemaki.engine.schedule import Schedule
from tanemaki.engine.stopping import Stop
from tanemaki.models.local import Local
from tanemaki.run.order import Order
from tanemaki.run.pulse import Progress

Interrupt = Callable[[], object]
"""Asks a run to stop, from any thread: once lets what is in flight arrive, twice stops at once."""


async def open_or_stop(
    stack: AsyncExitStack, order: Order, bounds: Sequence[Bound], progress: Progress, stop: Stop
) -> None:
    """Open the models, unless the run is asked to stop meanwhile; ``stack`` closes them."""
    opening = asyncio.ensure_future(_open(stack, order, bounds, progress))
    asked = asyncio.ensure_future(stop.wait())
    await asyncio.wait((opening, asked), return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if opening.done():
        opening.result()
        return
    opening.cancel()
    await asyncio.wait((opening,))


async def _open(stack: AsyncExitStack, order: Order, bounds: Sequence[Bound], progress: Progress) -> None:
    def show(phase: str) -> None:
        progress.phase = phase

    for bound in bounds:
        show(f"opening the model of role {bound.role!r}")
        for lane in bound.lanes.all:
            if isinstance(lane.model, Local):
                lane.model.report = show
            stack.push_async_callback(lane.model.close)
        progress.notes.extend(await bound.lanes.open())
    order.check_capabilities()


def end_in(stack: AsyncExitStack, minutes: float, stop: Stop, schedule: Schedule, grace_s: float) -> None:
    """Let the run end when its time is up; what is in flight then has ``grace_s`` to arrive."""
    loop = asyncio.get_running_loop()
    up = LimitReached(
        "the limit minutes is used up",
        got=f"{minutes:g} minutes have passed",
        next="start the same run again to go on: nothing is paid twice",
    )
    up.used_up = "minutes"
    stack.callback(loop.call_later(minutes * 60, stop.request, up).cancel)
    stack.callback(loop.call_later(minutes * 60 + grace_s, schedule.cancel).cancel)


@contextmanager
def interruptible(
    stop: Stop, schedule: Schedule, progress: Progress, on_stopping: Callable[[], None] | None
) -> Iterator[Interrupt]:
    """Obey Ctrl-C and SIGTERM for as long as the block lasts: the first lets what is in flight arrive, the second stops."""

    def asked() -> None:
        if stop.requested:
            schedule.cancel()
            return
        progress.phase = "stopping: waiting for what is in flight (Ctrl-C again stops at once)"
        if on_stopping is not None:
            on_stopping()
        stop.request()

    loop = asyncio.get_running_loop()
    interrupt = functools.partial(loop.call_soon_threadsafe, asked)
    if threading.current_thread() is not threading.main_thread() or sys.platform == "win32":
        yield interrupt
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        loop.add_signal_handler(number, asked)
    try:
        yield interrupt
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
