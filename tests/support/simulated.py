"""An event loop whose time jumps: whoever sleeps wakes at once, in the right order, and an hour costs nothing.

Time passes only when nobody can go on without it. Work that was handed to a thread (the journal's commits) takes no time:
the loop waits for it, for real, before time passes. Where nobody can ever go on, ``Stuck`` is raised: no test hangs::

    report = execute_simulated(order)
    simulate(lambda: something(), at={3600.0: look})
"""

from __future__ import annotations

import asyncio
import json
import selectors
import sqlite3
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, TypeVarTuple

from support.runs import echo
from tanemaki.core.errors import ModelError, ModelFault
from tanemaki.core.model import Reply, Request
from tanemaki.core.seeding import Draw
from tanemaki.models.scripted import Scripted, last_text
from tanemaki.run.execute import _Start
from tanemaki.run.order import Order
from tanemaki.run.pulse import Progress
from tanemaki.run.report import Report

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Stuck(AssertionError):
    """Everybody waits for somebody: nothing can ever happen again."""


class _Jumping(selectors.SelectSelector):
    """A selector that lets time pass instead of waiting for it."""

    loop: SimulatedLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self.loop.n_in_threads:
            return super().select(None)
        if timeout is None:
            raise Stuck(f"nobody can go on at {self.loop.time():.3f} s")
        self.loop.passed_s += max(0.0, timeout)
        return ready


class SimulatedLoop(asyncio.SelectorEventLoop):
    """A loop with a clock of its own, which starts at 0."""

    def __init__(self) -> None:
        selector = _Jumping()
        selector.loop = self
        self.passed_s = 0.0
        self.n_in_threads = 0
        super().__init__(selector)

    def time(self) -> float:
        return self.passed_s

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        self.n_in_threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._came_back)
        return future

    async def shutdown_default_executor(self, *timeout: float) -> None:
        self.n_in_threads += 1
        await super().shutdown_default_executor(*timeout)
        self.n_in_threads -= 1

    def _came_back(self, _: asyncio.Future[Any]) -> None:
        self.n_in_threads -= 1


def simulate(
    work: Callable[[], Coroutine[Any, Any, T]], *, at: Mapping[float, Callable[[], object]] | None = None
) -> T:
    """Run a coroutine in simulated time; ``at`` calls back when so many seconds have passed.

    Whatever it leaves running behind is an error.
    """
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        loop = runner.get_loop()
        for seconds, callback in (at or {}).items():
            loop.call_later(seconds, callback)
        return runner.run(_alone(work))


async def _alone(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    result = await work()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left, f"left running behind: {left}"
    return result


async def let_pass(seconds: float, result: T) -> T:
    """Return the result when so many seconds have passed on the simulated clock: nobody really waits."""
    assert isinstance(asyncio.get_running_loop(), SimulatedLoop)
    return await asyncio.sleep(seconds, result)


def execute_simulated(
    order: Order,
    *,
    retry: bool = False,
    progress: Progress | None = None,
    at: Mapping[float, Callable[[], object]] | None = None,
) -> Report:
    """Run an order to its end in simulated time."""
    return simulate(_Start(order, progress or Progress(), retry=retry, on_stopping=None).run, at=at)


async def pass_time(seconds: float) -> None:
    """Sleep on a simulated clock; an error on a real one."""
    assert isinstance(asyncio.get_running_loop(), SimulatedLoop), "a test never sleeps for real"
    await asyncio.sleep(seconds)


def copy_as_killed(folder: Path, to: Path) -> None:
    """Copy a journal as a kill at this instant leaves it: every group that was committed, and nothing else."""
    to.mkdir(parents=True, exist_ok=True)
    if not (folder / "journal.sqlite").exists():
        return
    source = sqlite3.connect(f"{(folder / 'journal.sqlite').resolve().as_uri()}?mode=ro", uri=True)
    target = sqlite3.connect(to / "journal.sqlite")
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()


class Seen(NamedTuple):
    """One request."""

    at_s: float
    """When it came, in seconds."""
    name: str
    """What it was: two tries of one request are equal."""
    text: str


class Weather(Scripted):
    """A model that takes its time and fails now and then; both are drawn from the request and the number of the try.

    ``faults`` gives the share of tries that meet each retryable fault, ``hangs`` of those that answer after an hour only,
    and ``poisoned`` of requests that fail for good, whenever they are tried. After ``most_faults`` tries a request is
    answered in any case.
    """

    def __init__(
        self,
        seed: int = 0,
        *,
        latency_s: tuple[float, float] = (0.0, 2.0),
        faults: Mapping[ModelFault, float] | None = None,
        hangs: float = 0.0,
        poisoned: float = 0.0,
        most_faults: int = 5,
        answer: Callable[[Request], Reply] = echo,
    ) -> None:
        self.seen: list[Seen] = []
        """Every request, in the order in which they came."""
        self.answered_at: dict[str, float] = {}
        """Text of a reply → when it was given, in seconds."""
        self.in_flight = 0
        self.most_in_flight = 0
        self._tries: dict[str, int] = {}
        self._seed = seed
        self._latency_s = latency_s
        self._faults = faults or {}
        self._hangs = hangs
        self._poisoned = poisoned
        self._most_faults = most_faults
        self._say = answer
        super().__init__(self._reply)

    async def _reply(self, request: Request) -> Reply:
        loop = asyncio.get_running_loop()
        name = content_of(request)
        number = self._tries[name] = self._tries.get(name, 0) + 1
        self.seen.append(Seen(loop.time(), name, last_text(request)))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await self._let_time_pass(name, number)
            reply = self._say(request)
            self.answered_at[reply.text] = loop.time()
            return reply
        finally:
            self.in_flight -= 1

    async def _let_time_pass(self, name: str, number: int) -> None:
        low, high = self._latency_s
        luck = Draw("weather", self._seed, name, number)
        await asyncio.sleep(low + (high - low) * luck.uniform() ** 3)
        if Draw("poison", self._seed, name).uniform() < self._poisoned:
            raise ModelError("this request is poisoned", fault="bad_request")
        if number > self._most_faults:
            return
        lot = luck.uniform() - self._hangs
        if lot < 0:
            await asyncio.sleep(3600)
            return
        for fault, share in self._faults.items():
            lot -= share
            if lot < 0:
                raise fault_named(fault)


def fault_named(fault: ModelFault) -> ModelError:
    """Return a retryable fault of this class."""
    retry_after_s = 1.0 if fault == "overloaded" else None
    return ModelError(f"the weather: {fault}", fault=fault, retryable=True, retry_after_s=retry_after_s)


def content_of(request: Request) -> str:
    """Return the name of what is asked, as :func:`content_of_body` gives it."""
    return content_of_body({"messages": list(request.messages), "seed": request.seed})


def content_of_body(body: Mapping[str, Any]) -> str:
    """Return the name of what a body asks, the limit of its length left out."""
    return json.dumps([body["messages"], body.get("seed")], ensure_ascii=False, sort_keys=True)
