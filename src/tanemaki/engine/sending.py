"""One call on its way to an endpoint: reserved, sent, raced where it is late, tried again on its own clock, journaled."""

from __future__ import annotations

import asyncio

from tanemaki.core.errors import ModelError, TanemakiError
from tanemaki.core.model import Reply
from tanemaki.engine.bound import Bound
from tanemaki.engine.call import Call
from tanemaki.engine.flights import Flight, Group, Outrun, Race, Watchdog
from tanemaki.engine.journal import Journal
from tanemaki.engine.lanes import Lane, Trip
from tanemaki.engine.limits import FREE, Budget, Spend, worst_case
from tanemaki.engine.retries import Tries, is_empty
from tanemaki.engine.settling import Books
from tanemaki.engine.stats import Stats
from tanemaki.engine.stopping import Stop
from tanemaki.engine.waiting import Hedging, Waiting

PROBE_S = 30.0
"""Time that an endpoint has for showing that it is still there."""


class Sender:
    """Sends the calls that the journal cannot answer."""

    def __init__(self, journal: Journal, budget: Budget, stats: Stats, stop: Stop) -> None:
        self._books = Books(journal, budget, stats)
        self._budget = budget
        self._stats = stats
        self._stop = stop
        self._loop = asyncio.get_running_loop()
        self._watchdog = Watchdog(self._start_hedge)
        self._hedging: dict[str, Hedging] = {}
        self._groups: dict[tuple[Lane, str], Group | None] = {}
        self._probes: dict[Lane, asyncio.Future[bool]] = {}

    def _now(self) -> float:
        return self._loop.time()

    async def send(self, call: Call) -> Reply:
        """Return the reply; its row is queued for the journal. Raises ``ModelError`` when the call failed for good."""
        bound, lanes = call.bound, call.bound.lanes
        prefix = prefix_of(call) if lanes.several else ""
        usual = worst_case(call.request, lanes.all[0].prices or FREE, call.body)
        tries: Tries | None = None
        attempt = 0
        while True:
            attempt += 1
            self._stop.check()
            trip = lanes.take_at_once(prefix, usual.tokens) or await lanes.take(prefix, usual.tokens)
            try:
                self._stop.check()
                worst = usual
                if trip.lane is not lanes.all[0]:
                    worst = worst_case(call.request, trip.lane.prices or FREE, call.body)
                if not self._budget.try_reserve(worst):
                    await self._budget.reserve(worst)
            except BaseException:
                lanes.give(trip, sent=False)
                raise
            try:
                return await self._try(call, trip, attempt, worst, tries)
            except ModelError as error:
                failure = error
            if tries is None:
                tries = Tries(call.address, bound.retries)
            pause_s = tries.pause_after(failure, elsewhere=lanes.has_other(trip.lane))
            if await self._ends_run(bound, failure, trip, is_last=pause_s is None):
                failure.ends_run = True  # no other row can succeed either
                raise failure
            if pause_s is None:
                raise failure
            self._stats.n_retries += 1
            await self._stop.sleep(pause_s)

    async def _try(self, call: Call, trip: Trip, attempt: int, worst: Spend, tries: Tries | None) -> Reply:
        """Send once, with the hedges that become due; return the first reply."""
        flight = Flight(call, trip.lane, attempt, self._group(call, trip.lane))
        flight.trip = trip
        flight.takes_empty = _takes_empty(call.bound, tries)
        try:
            return await self._exchange(flight, worst)
        except (Outrun, ModelError):
            reply = await flight.race.last() if flight.race is not None else None
            if reply is None:
                raise
            return reply
        finally:
            if flight.race is not None:
                await flight.race.end()

    async def _exchange(self, flight: Flight, worst: Spend) -> Reply:
        """Send one request and wait for its end. Raises ``Outrun`` where an equal one was answered before."""
        books, call = self._books, flight.call
        try:
            send = books.begin(flight, worst)
            if self._budget.limited:
                await books.sure(worst)
        except BaseException:
            _give(flight, sent=False)
            raise
        if flight.is_cut_off:
            _give(flight, sent=False)
            books.unsent(send, worst)
            raise Outrun
        books.sent(flight)
        if flight.group is not None:
            flight.group.hedging.n_sent += 1
        self._watchdog.enter(flight, self._now())
        try:
            reply = await flight.lane.model.reply(call.request)
        except ModelError as error:
            self._land(flight)
            _give(flight, error=error)
            books.fail(flight, send, error, worst, self._now() - flight.started)
            raise
        except asyncio.CancelledError:
            is_ours = self._land(flight)
            age_s = self._now() - flight.started
            timeout = _timed_out(call.bound, age_s) if is_ours and flight.cut == "timeout" else None
            _give(flight, error=timeout, dropped=timeout is None)
            if not is_ours:
                self._budget.settle(worst, worst)  # cut off in flight: stays charged until known better
                raise
            if timeout is not None:
                books.fail(flight, send, timeout, worst, age_s)
                raise timeout from None
            if flight.group is not None:
                flight.group.waiting.was_cut_off(age_s)
            books.outrun(flight, send, worst)
            raise Outrun from None
        except BaseException:
            self._land(flight)
            _give(flight, dropped=True)
            self._budget.settle(worst, worst)
            raise
        self._land(flight)
        return self._arrived(flight, send, reply, worst)

    def _arrived(self, flight: Flight, send: int, reply: Reply, worst: Spend) -> Reply:
        now = self._now()
        latency_s = round(now - flight.started, 6)
        flight.lane.last_reply_at = now
        if flight.group is not None:
            flight.group.waiting.arrived(latency_s)
        _give(flight, tokens_used=self._books.pay(flight, send, reply, worst, latency_s))
        race = flight.race
        if race is not None and race.reply is not None:
            self._books.outrun(flight, send, None)
            raise Outrun
        if is_empty(reply) and not flight.takes_empty:
            empty = _empty(flight.call.bound)
            self._books.note(flight, send, empty, latency_s)
            raise empty
        self._books.keep(flight, send, reply, latency_s)
        if race is not None:
            race.won(reply)
        return reply

    def _land(self, flight: Flight) -> bool:
        """Note the end of a request; return whether the cancellation that ended it, if any, is ours alone."""
        self._watchdog.leave(flight)
        self._books.landed(flight)
        return flight.landed()

    def _group(self, call: Call, lane: Lane) -> Group | None:
        """Return what looks after the requests of this step at this endpoint; None on this machine."""
        bound, key = call.bound, (lane, call.address.step)
        if key in self._groups:
            group = self._groups[key]
        elif bound.patience.watches:
            hedging = self._hedging.setdefault(bound.role, Hedging(bound.patience.hedge_share))
            group = self._watchdog.new_group(Waiting(bound.patience.timeout_s), hedging)
            self._groups[key] = group
        else:
            group = self._groups[key] = None
        return group

    def _start_hedge(self, flight: Flight) -> None:
        """Race a late request by an equal one, if the share, the run, the endpoints and the limits have room for it.

        Where all slots are taken, as they are for most of a run, the hedge goes to the endpoint of the late request, which
        does nothing with its own: the share bounds how far that passes the limit.
        """
        call, group = flight.call, flight.group
        if self._stop.requested or group is None or not group.hedging.has_room:
            return
        now = self._now()
        lanes, n_tokens = call.bound.lanes, worst_case(call.request, FREE, call.body).tokens
        trip = lanes.take_besides(flight.lane, n_tokens)
        lane = flight.lane if trip is None else trip.lane
        if trip is None and (lane.buckets is not None or lane.is_resting or lane.wait_s(n_tokens, now) > 0):
            return
        worst = worst_case(call.request, lane.prices or FREE, call.body)
        if not self._budget.try_reserve(worst):
            if trip is not None:
                lanes.give(trip, sent=False)
            return
        group.hedging.n_hedges += 1
        self._stats.n_hedges += 1
        flight.hedged_at = now
        race = flight.race = flight.race or Race(flight)
        twin = Flight(call, lane, flight.attempt, self._group(call, lane), race)
        twin.trip = trip
        twin.takes_empty = flight.takes_empty
        race.flights.add(twin)
        race.tasks.add(self._loop.create_task(self._hedge(twin, race, worst)))

    async def _hedge(self, twin: Flight, race: Race, worst: Spend) -> None:
        try:
            await self._exchange(twin, worst)
        except (ModelError, Outrun):
            return  # in the journal; the first request goes on
        finally:
            race.flights.discard(twin)

    async def _ends_run(self, bound: Bound, failure: ModelError, trip: Trip, *, is_last: bool) -> bool:
        """Return whether no endpoint of the role is there any more, and not this request alone drops its connection."""
        lanes = bound.lanes
        is_lost = is_last and failure.fault == "transport"
        if not (is_lost or lanes.is_gone) or any(one.last_reply_at >= trip.started for one in lanes.all):
            return failure.ends_run
        living = [one for one in lanes.all if await self._answers(one)]
        for lane in living:
            lane.health.reply()  # it lives: it is the requests that it fails
        return not living

    async def _answers(self, lane: Lane) -> bool:
        """Ask an endpoint whether it is there; those who ask at the same time share one answer."""
        probe = self._probes.get(lane)
        if probe is None:
            probe = self._probes[lane] = asyncio.ensure_future(_opens(lane))
            probe.add_done_callback(lambda _: self._probes.pop(lane))
        return await asyncio.shield(probe)


def prefix_of(call: Call) -> str:
    """Return what the call's prompt has in common with others: its step, and the system message that opens it."""
    first = call.request.messages[0] if call.request.messages else {}
    system = first.get("content") if first.get("role") == "system" else None
    return f"{call.address.step}\0{system}" if isinstance(system, str) else call.address.step


def _give(
    flight: Flight,
    *,
    error: ModelError | None = None,
    tokens_used: int | None = None,
    sent: bool = True,
    dropped: bool = False,
) -> None:
    """Free the request's room at its endpoint: when it ends, not when its reply is durable."""
    trip, flight.trip = flight.trip, None
    if trip is not None:
        flight.call.bound.lanes.give(
            trip, error=error, attempt=flight.attempt, tokens_used=tokens_used, sent=sent, dropped=dropped
        )


async def _opens(lane: Lane) -> bool:
    try:
        async with asyncio.timeout(PROBE_S):
            await lane.model.open()
    except (TanemakiError, TimeoutError):
        return False
    return True


def _takes_empty(bound: Bound, tries: Tries | None) -> bool:
    """Return whether an empty reply is the reply. On this machine it would come again."""
    if not bound.patience.is_remote or bound.retries < 1:
        return True
    return tries is not None and not tries.may_ask_again("empty")


def _timed_out(bound: Bound, age_s: float) -> ModelError:
    is_learnt = age_s < bound.patience.timeout_s
    return ModelError(
        "no reply came in time",
        fault="timeout",
        retryable=True,
        where=f"model {bound.role} ({bound.model.name})",
        got=f"nothing for {age_s:.1f} s" + (", many times what other replies took" if is_learnt else ""),
        next="lower concurrency if the server is crowded"
        if is_learnt
        else "raise timeout_s, or lower concurrency if the server is crowded",
    )


def _empty(bound: Bound) -> ModelError:
    return ModelError(
        "the reply is empty",
        fault="empty",
        retryable=True,
        where=f"model {bound.role} ({bound.model.name})",
        got="neither text nor thinking nor a tool call",
    )
