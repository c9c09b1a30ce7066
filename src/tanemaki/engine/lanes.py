"""The endpoints that answer a role: which of them a request goes to, and when (promise 8).

Each endpoint has a :class:`~tanemaki.engine.pace.Pace` (how many requests it may have in flight), its
:class:`~tanemaki.engine.health.Health` and, where the user states rates, its :class:`~tanemaki.engine.buckets.Buckets`. A
request takes the endpoint where it is likely to be answered first; whoever finds no room waits in turn. Where there is room,
taking costs no task, no future and no turn of the loop.
"""

from __future__ import annotations

import asyncio
import zlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tanemaki.core.errors import ModelError
from tanemaki.core.model import Model
from tanemaki.engine.buckets import Buckets
from tanemaki.engine.cohort import Cohort
from tanemaki.engine.health import Health
from tanemaki.engine.limits import Prices
from tanemaki.engine.pace import MOST, Pace

USUAL = 64
"""Requests in flight at a model on this machine, where nothing is said."""
NO_WORSE = 1.25
"""How much worse than the best endpoint's the prospect at the preferred one may be: half of the next step of its load."""
MOST_PREFIXES = 4096
"""Prefixes whose endpoint is remembered."""
_REFUSALS = frozenset({"overloaded", "server", "timeout"})


class Lane:
    """One endpoint of a role. ``limit`` is a number of requests in flight that stands; None is found by measuring."""

    __slots__ = (
        *("buckets", "health", "in_flight", "last_reply_at", "latency_s", "model", "n_faults", "n_replies"),
        *("name", "pace", "prices"),
    )

    def __init__(
        self,
        model: Model,
        prices: Prices | None = None,
        limit: int | None = USUAL,
        *,
        buckets: Buckets | None = None,
        name: str = "",
        most: int = MOST,
    ) -> None:
        self.model = model
        self.prices = prices
        """None where the user gave none: a money limit is then a set-up error."""
        self.pace = Pace(fixed=limit, most=most)
        self.buckets = buckets
        self.name = name or model.name
        """What tells it apart from the role's others, as messages may show it."""
        self.health = Health()
        self.in_flight = 0
        self.last_reply_at = 0.0
        self.latency_s: float | None = None
        """Of late; None before the first reply."""
        self.n_replies = 0
        self.n_faults = 0

    @property
    def limit(self) -> int:
        """Requests in flight at once, as it stands."""
        return self.pace.limit

    @property
    def is_resting(self) -> bool:
        """It gets no requests but a probe now and then."""
        return self.health.is_resting

    def wait_s(self, n_tokens: int, now: float) -> float:
        """Return the seconds until it may be sent a request, if it has room then."""
        at = max(self.pace.paused_until, self.health.resting_until if self.is_resting else 0.0)
        wait = max(0.0, at - now)
        return wait if self.buckets is None else max(wait, self.buckets.wait_s(n_tokens, now))

    def has_room(self, n_tokens: int, now: float) -> bool:
        """Say whether a request may be sent now."""
        return (
            self.in_flight < self.pace.limit
            and now >= self.pace.paused_until
            and (not self.health.n_rests or self.health.takes(now))
            and (self.buckets is None or self.buckets.wait_s(n_tokens, now) <= 0)
        )

    def prospect(self, usual_s: float) -> float:
        """Return how long a request is likely to take here: what replies took of late, more where more are in flight."""
        latency = usual_s if self.latency_s is None else self.latency_s
        return latency * (1 + self.in_flight / self.pace.limit)


@dataclass(slots=True, eq=False)
class Trip:
    """One request's room on a lane, from :meth:`Lanes.take` to :meth:`Lanes.give`."""

    lane: Lane
    started: float
    n: int
    """In flight on the lane when it set out, itself included."""
    cohort: Cohort | None
    n_tokens: int
    """What it took from the tokens per minute."""
    is_probe: bool


@dataclass(slots=True, eq=False)
class _Waiting:
    turn: asyncio.Future[Trip]
    prefix: str
    n_tokens: int


class Lanes:
    """The endpoints of one role. Whoever waits for room is served in turn.

    ``clock`` gives the time in seconds; None is the running loop's.
    """

    def __init__(self, lanes: Sequence[Lane], clock: Callable[[], float] | None = None) -> None:
        self.all = tuple(lanes)
        self._clock = clock
        self._waiting: deque[_Waiting] = deque()
        self._alarm: asyncio.TimerHandle | None = None
        self._on_growth: Callable[[], None] | None = None
        self._limit = self.limit
        self._preferred: dict[str, Lane] = {}
        self._is_released = False

    @property
    def limit(self) -> int:
        """Requests that the endpoints may have in flight together, those that rest left out, at least one."""
        limits = [int(lane.pace.upper) for lane in self.all if not lane.health.n_rests]
        return (limits[0] if len(limits) == 1 else sum(limits)) or 1

    @property
    def is_gone(self) -> bool:
        """Every endpoint rests and has failed probe after probe: nobody expects an answer any more."""
        return all(lane.health.is_gone for lane in self.all)

    @property
    def several(self) -> bool:
        """There is a choice, so that a prefix matters."""
        return len(self.all) > 1

    def has_other(self, lane: Lane) -> bool:
        """Say whether another endpoint answers."""
        return any(other is not lane and not other.is_resting for other in self.all)

    async def open(self) -> list[str]:
        """Open every endpoint's model; return a sentence for each that cannot be reached, and rests.

        Raises what ``open`` of a model raises: where none can be reached, and for a wrong key or name anywhere.
        """
        lacking: list[tuple[Lane, ModelError]] = []
        for lane in self.all:
            try:
                await lane.model.open()
            except ModelError as error:
                if error.fault not in ("transport", "timeout"):
                    raise
                lacking.append((lane, error))
        if len(lacking) == len(self.all):
            raise lacking[0][1]
        for lane, _ in lacking:
            lane.health.begin_sick()
            lane.pace.rest()
        return [
            f"{lane.name}: {error.what}; the other endpoints do its work until it answers"
            for lane, error in lacking
        ]

    def on_growth(self, callback: Callable[[], None]) -> None:
        """Call back when there is room for more than before: more work may then be begun."""
        self._on_growth = callback

    def release(self) -> None:
        """Let everybody go at once who waits or will wait: the run stops, and they will see that before they send."""
        self._is_released = True
        self._serve()

    async def take(self, prefix: str = "", n_tokens: int = 0) -> Trip:
        """Wait for room, and return it; :meth:`give` frees it.

        ``prefix`` names what the request shares with others (step and system prompt): those of one prefix go to one
        endpoint, whose cache then knows it, as long as that costs no time. ``n_tokens`` is the worst case of the request,
        for endpoints with a rate.
        """
        if (trip := self.take_at_once(prefix, n_tokens)) is not None:
            return trip
        one = _Waiting(asyncio.get_running_loop().create_future(), prefix, n_tokens)
        self._waiting.append(one)
        self._serve()
        try:
            return await one.turn
        except asyncio.CancelledError:
            if one.turn.done() and not one.turn.cancelled():
                self.give(one.turn.result(), sent=False)  # the turn had come: it goes to the next
            raise

    def take_at_once(self, prefix: str = "", n_tokens: int = 0) -> Trip | None:
        """Return room as :meth:`take` does, if nobody has to be waited for."""
        return None if self._waiting else self._try(prefix, n_tokens)

    def take_besides(self, lane: Lane, n_tokens: int = 0) -> Trip | None:
        """Return room for a second try of what is in flight on ``lane``: at another endpoint if one has any, else there.

        Never waits and never takes the turn of one who does: None where there is no room.
        """
        if self._waiting:
            return None
        now = self._now()
        others = [
            one for one in self.all if one is not lane and not one.is_resting and one.has_room(n_tokens, now)
        ]
        if others:
            return self._enter(self._best(others), n_tokens, now)
        return (
            self._enter(lane, n_tokens, now) if not lane.is_resting and lane.has_room(n_tokens, now) else None
        )

    def give(
        self,
        trip: Trip,
        *,
        error: ModelError | None = None,
        attempt: int = 1,
        tokens_used: int | None = None,
        sent: bool = True,
        dropped: bool = False,
    ) -> None:
        """Free what :meth:`take` gave, once, and learn from what came of it.

        ``error`` is what the try failed with and ``attempt`` its number, from 1. ``sent`` False: it was never sent.
        ``dropped``: it was cut off in flight by ourselves. ``tokens_used`` is what the reply cost; None is the worst case.
        """
        lane, now = trip.lane, self._now()
        lane.in_flight -= 1
        if error is not None:
            self._failed(trip, error, attempt, now)
        elif sent and not dropped:
            self._arrived(trip, now)
        else:
            if trip.cohort is not None:
                trip.cohort.lose(trip.n, trip.started)
            if trip.is_probe:
                lane.health.is_probing = False
        if lane.buckets is not None:
            unused = trip.n_tokens if not sent else 0 if tokens_used is None else trip.n_tokens - tokens_used
            lane.buckets.give_back(unused, was_sent=sent)
        if self._waiting:
            self._serve()
        if self._on_growth is not None and (limit := self.limit) != self._limit:
            grown, self._limit = limit > self._limit, limit
            if grown:
                self._on_growth()

    def _arrived(self, trip: Trip, now: float) -> None:
        lane = trip.lane
        lane.n_replies += 1
        lane.last_reply_at = now
        lane.health.reply()
        lane.pace.arrived(trip.cohort, trip.started, now)
        took = now - trip.started
        lane.latency_s = took if lane.latency_s is None else lane.latency_s + (took - lane.latency_s) / 32

    def _failed(self, trip: Trip, error: ModelError, attempt: int, now: float) -> None:
        lane = trip.lane
        lane.n_faults += 1
        if trip.cohort is not None:
            trip.cohort.lose(trip.n, trip.started)
        if error.fault in _REFUSALS:
            lane.pace.refused(trip.n, trip.started, now, error.retry_after_s)
        if lane.health.fault(
            error.fault,
            attempt,
            now,
            was_probe=trip.is_probe,
            alone=not self.has_other(lane),
            was_crowded=trip.n > 1,
        ):
            lane.pace.rest()

    def _now(self) -> float:
        if self._clock is None:
            self._clock = asyncio.get_running_loop().time
        return self._clock()

    def _try(self, prefix: str, n_tokens: int) -> Trip | None:
        now = self._now()
        if self._is_released:
            return self._enter(self.all[0], n_tokens, now)
        if len(self.all) == 1:
            lane = self.all[0]
            return self._enter(lane, n_tokens, now) if lane.has_room(n_tokens, now) else None
        free = [lane for lane in self.all if lane.has_room(n_tokens, now)]
        probe = next((lane for lane in free if lane.is_resting), None)
        if probe is not None or not free:
            return None if probe is None else self._enter(probe, n_tokens, now)
        best = self._best(free)
        if prefix and (preferred := self._preferred_of(prefix)) is not best and preferred in free:
            usual = self._usual_s()
            if preferred.prospect(usual) <= NO_WORSE * best.prospect(usual):
                best = preferred
        return self._enter(best, n_tokens, now)

    def _best(self, free: Sequence[Lane]) -> Lane:
        usual = self._usual_s()
        return min(free, key=lambda lane: lane.prospect(usual))

    def _usual_s(self) -> float:
        """Return what an endpoint that has not answered yet is taken to need: what the quickest needs."""
        return min((lane.latency_s for lane in self.all if lane.latency_s is not None), default=1.0)

    def _preferred_of(self, prefix: str) -> Lane:
        """Return the endpoint of a prefix, by rendezvous hashing: one that comes or goes moves only its own share."""
        found = self._preferred.get(prefix)
        if found is None:
            if (
                len(self._preferred) >= MOST_PREFIXES
            ):  # a prefix for each record, then: nothing worth remembering
                self._preferred.clear()
            found = max(
                self.all, key=lambda lane: zlib.crc32(f"{lane.name}\0{prefix}".encode("utf-8", "replace"))
            )
            self._preferred[prefix] = found
        return found

    def _enter(self, lane: Lane, n_tokens: int, now: float) -> Trip:
        lane.in_flight += 1
        is_probe = lane.health.n_rests > 0
        if is_probe:
            lane.health.is_probing = True
        if lane.buckets is not None:
            lane.buckets.take(n_tokens, now)
        cohort = lane.pace.sent(lane.in_flight, now)
        return Trip(lane, now, lane.in_flight, cohort, n_tokens, is_probe)

    def _serve(self) -> None:
        """Let those who wait go, in turn, as far as there is room."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        while self._waiting:
            first = self._waiting[0]
            if first.turn.done():
                self._waiting.popleft()
                continue
            trip = self._try(first.prefix, first.n_tokens)
            if trip is None:
                self._set_alarm(first.n_tokens)
                return
            self._waiting.popleft()
            first.turn.set_result(trip)

    def _set_alarm(self, n_tokens: int) -> None:
        """Look again when an endpoint that has room may be sent something; what a reply changes needs no alarm."""
        now = self._now()
        waits = [
            wait
            for lane in self.all
            if lane.in_flight < lane.limit
            and not lane.health.is_probing
            and (wait := lane.wait_s(n_tokens, now)) > 0
        ]
        if waits:
            self._alarm = asyncio.get_running_loop().call_later(min(waits) + 0.001, self._serve)
