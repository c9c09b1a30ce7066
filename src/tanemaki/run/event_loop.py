"""The event loop of a run: uvloop where it is installed, in a thread of its own where the caller has a loop already."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")

COLLECTED_AFTER = 50_000
"""Objects between two passes of the garbage collector. Each pass looks through all rows on their way, hardly any of which
is garbage that only it can find: with 700, Python's own figure, the passes took a fifth of a run's processor time."""


def run_to_end(work: Callable[[], Coroutine[Any, Any, T]], interrupt: Callable[[], object]) -> T:
    """Run a coroutine to its end, also inside a running event loop (a notebook).

    There ``interrupt`` is called at a ``KeyboardInterrupt``, from the thread that waits.
    """
    return _in_thread(work, interrupt) if _is_in_loop() else _run(work)


def _is_in_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    factory = None
    if sys.platform != "win32":
        try:
            import uvloop
        except ModuleNotFoundError:
            pass
        else:
            factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner, _seldom_collected():
        return runner.run(work())


@contextmanager
def _seldom_collected() -> Iterator[None]:
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _in_thread(work: Callable[[], Coroutine[Any, Any, T]], interrupt: Callable[[], object]) -> T:
    ended: list[T] = []
    failed: list[BaseException] = []

    def target() -> None:
        try:
            ended.append(_run(work))
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            failed.append(error)

    thread = threading.Thread(target=target, name="tanemaki-run")
    thread.start()
    while thread.is_alive():
        try:
            thread.join()
        except (
            KeyboardInterrupt
        ):  # the cell's stop button: once lets what is in flight arrive, twice stops at once
            interrupt()
    if failed:
        raise failed[0]
    return ended[0]
