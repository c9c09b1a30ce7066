"""The edges of a race: both arrive, a cancellation meets another, a reply comes although it was given up."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from support.simulated import pass_time, simulate
from tanemaki.core.errors import ModelError
from tanemaki.core.model import Reply, Request, Sampling, Usage
from tanemaki.engine.bound import Bound
from tanemaki.engine.call import Address, Call, call_of
from tanemaki.engine.calls import spent_so_far
from tanemaki.engine.journal import Journal
from tanemaki.engine.limits import Budget, Prices, Spend
from tanemaki.engine.sending import Sender
from tanemaki.engine.stats import Stats
from tanemaki.engine.stopping import Stop
from tanemaki.engine.waiting import Patience
from tanemaki.models.scripted import Scripted

SAID = Reply("はい。", usage=Usage(10, 5), model="scripted")
Answer = Callable[[int], Awaitable[Reply]]
"""What becomes of the call that is looked at, by the number of the request, from 1."""


@dataclass
class Desk:
    """A sender that knows that replies take a second, and what it left behind."""

    folder: Path
    answer: Answer
    budget_usd: float | None = None
    n_asked: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.stats = Stats()
        self.spent = self.noted = Spend()

    async def _reply(self, request: Request) -> Reply:
        if request.messages[0]["content"] != "looked at":
            await pass_time(1)
            return SAID
        self.n_asked += 1
        return await self.answer(self.n_asked)

    def run(self, work: Callable[[Awaitable[Reply]], Awaitable[Reply]] | None = None) -> Reply:
        """Send the call after others that taught what replies take; ``work`` may do something with it on the way."""
        return simulate(lambda: self._run(work))

    async def _run(self, work: Callable[[Awaitable[Reply]], Awaitable[Reply]] | None) -> Reply:
        journal, stop = Journal(self.folder), Stop()
        budget = Budget(usd=self.budget_usd, stop=stop)
        sender = Sender(journal, budget, self.stats, stop)
        model = Scripted(self._reply)
        bound = Bound("writer", model, Sampling(max_tokens=50), Prices(1.0, 1.0), concurrency=8)
        bound.patience = Patience(is_remote=True, timeout_s=600, hedge_share=0.5)
        try:
            await asyncio.gather(*(sender.send(_call(bound, i, "other")) for i in range(1, 65)))
            others = [asyncio.ensure_future(sender.send(_call(bound, i, "other"))) for i in range(65, 97)]
            sent = sender.send(_call(bound, 0, "looked at"))
            try:
                return await (sent if work is None else work(sent))
            finally:
                await asyncio.gather(*others)
        finally:
            assert (budget.reserved.requests, budget.reserved.tokens) == (0, 0)
            assert all(lane.in_flight == 0 for lane in bound.lanes.all)
            await journal.close()
            self.spent = budget.spent
            db = sqlite3.connect(journal.path)
            self.noted = spent_so_far(db)
            self.n_kept = db.execute("SELECT count(*) FROM calls WHERE root = 0").fetchone()[0]
            self.faults = [
                row[0] for row in db.execute("SELECT fault FROM faults WHERE root = 0 ORDER BY id")
            ]
            db.close()


def _call(bound: Bound, root: int, text: str) -> Call:
    request = bound.complete(Request([{"role": "user", "content": text}]), lambda: 1)
    return call_of(Address(root, "", "answer", 0, 0), f"r{root}", bound, request)


async def _after(seconds: float, reply: Reply = SAID) -> Reply:
    await pass_time(seconds)
    return reply


def test_of_two_replies_at_the_same_instant_one_is_kept_and_both_are_charged(tmp_path: Path) -> None:
    meeting: list[asyncio.Event] = []

    async def together(number: int) -> Reply:
        if not meeting:
            meeting.append(asyncio.Event())
        if number == 2:
            meeting[0].set()
        await meeting[0].wait()
        return SAID

    desk = Desk(tmp_path, together)
    assert desk.run() == SAID
    assert (desk.n_asked, desk.n_kept, desk.faults) == (2, 1, ["outrun"])
    assert desk.noted.usd == pytest.approx(desk.spent.usd)
    assert desk.spent.requests == 98


def test_a_reply_that_comes_although_it_was_given_up_is_paid_at_its_true_cost(tmp_path: Path) -> None:
    async def stubborn(number: int) -> Reply:
        if number == 2:
            return await _after(1)
        try:
            await pass_time(3600)
        except asyncio.CancelledError:
            return SAID
        raise AssertionError("it was never given up")

    desk = Desk(tmp_path, stubborn)
    assert desk.run() == SAID
    assert (desk.n_kept, desk.faults) == (1, ["outrun"])
    assert desk.noted.tokens == desk.spent.tokens == 98 * 15


def test_a_fault_that_comes_in_place_of_being_cut_off_changes_nothing(tmp_path: Path) -> None:
    async def turns_it_into_a_fault(number: int) -> Reply:
        if number == 2:
            return await _after(1)
        try:
            await pass_time(3600)
        except asyncio.CancelledError:
            raise ModelError("no reply came in time", fault="timeout", retryable=True) from None
        raise AssertionError("it was never given up")

    desk = Desk(tmp_path, turns_it_into_a_fault)
    assert desk.run() == SAID
    assert (desk.n_asked, desk.n_kept, desk.faults) == (2, 1, ["timeout"])


def test_a_caller_that_is_cancelled_while_its_request_is_raced_takes_both_with_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path, lambda _: _after(3600))

    async def give_up(sent: Awaitable[Reply]) -> Reply:
        async with asyncio.timeout(5):
            return await sent

    with pytest.raises(TimeoutError):
        desk.run(give_up)
    assert (desk.n_asked, desk.n_kept) == (2, 0)
    assert desk.noted.usd == pytest.approx(desk.spent.usd)


def test_a_cancellation_at_the_instant_at_which_the_race_is_won_is_not_lost(tmp_path: Path) -> None:
    caller: list[asyncio.Task[Reply]] = []

    async def cancels_the_caller(number: int) -> Reply:
        if number == 2:
            await pass_time(1)
            caller[0].cancel()
            return SAID
        return await _after(3600)

    async def as_task(sent: Awaitable[Reply]) -> Reply:
        caller.append(asyncio.ensure_future(sent))
        return await caller[0]

    with pytest.raises(asyncio.CancelledError):
        Desk(tmp_path, cancels_the_caller).run(as_task)


def test_a_hedge_that_fails_leaves_the_first_request_alone(tmp_path: Path) -> None:
    async def second_fails(number: int) -> Reply:
        if number > 1:
            raise ModelError("slow down", fault="overloaded", retryable=True, retry_after_s=1.0)
        return await _after(6)

    desk = Desk(tmp_path, second_fails)
    assert desk.run() == SAID
    assert desk.faults[0] == "overloaded"
    assert (desk.n_kept, desk.stats.n_retries) == (1, 0)


def test_a_hedge_that_hangs_as_well_is_raced_by_a_second_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path, lambda number: _after(1 if number == 3 else 3600))
    assert desk.run() == SAID
    assert (desk.n_asked, desk.n_kept, desk.faults) == (3, 1, ["outrun", "outrun"])


def test_there_are_no_more_than_two_hedges_of_one_request(tmp_path: Path) -> None:
    desk = Desk(tmp_path, lambda number: _after(1 if number > 3 else 3600))
    assert desk.run() == SAID
    assert (desk.n_asked, desk.stats.n_hedges, desk.stats.n_retries) == (4, 2, 1)
    assert desk.faults == ["timeout", "timeout", "timeout"]


def test_no_hedge_is_sent_for_which_there_is_no_money(tmp_path: Path) -> None:
    desk = Desk(tmp_path, lambda _: _after(8), budget_usd=(96 * 15 + 250) / 1e6)
    assert desk.run() == SAID
    assert (desk.n_asked, desk.stats.n_hedges, desk.faults) == (1, 0, [])
