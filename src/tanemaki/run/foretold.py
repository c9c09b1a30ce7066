"""A forecast that was made before a run, kept in its journal, and how well it did once the run is complete."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tanemaki.engine.journal import Journal
from tanemaki.engine.opening import connect
from tanemaki.engine.stored import dump, load
from tanemaki.run.event_loop import run_to_end
from tanemaki.run.folder import fingerprint_of
from tanemaki.run.forecast import FIGURES, Interval
from tanemaki.run.order import Order
from tanemaki.run.sampled import Sample, charged

_KEY = "forecast"


@dataclass(frozen=True, slots=True)
class Foretold:
    """What was forecast, and where the run stood then."""

    figures: Mapping[str, Interval]
    time_s: tuple[float, float] | None
    n_rows: int
    """Rows of the sample."""
    n_sent: int
    """Requests that the folder was charged for by then."""

    @classmethod
    def of(
        cls, whole: Mapping[str, Interval], time_s: tuple[float, float] | None, sample: Sample
    ) -> Foretold:
        """Return what is kept of a forecast."""
        figures = {name: whole[name] for name in FIGURES}
        return cls(figures, time_s, sample.n_closed, int(sample.charged[0]))


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of a forecast beside what it became."""

    name: str
    """One of the forecast's figures, or ``time_s``."""
    low: float
    middle: float | None
    """None for the time, of which only the ends are forecast."""
    high: float
    actual: float

    @property
    def inside(self) -> bool:
        """The interval holds what it became."""
        return Interval(self.low, self.low, self.high).holds(self.actual)

    def to_json(self) -> dict[str, Any]:
        """Return the figure for machines."""
        return {
            "low": self.low,
            "forecast": self.middle,
            "high": self.high,
            "actual": self.actual,
            "inside": self.inside,
        }


def _about(order: Order) -> list[Any]:
    """Return what a forecast is about: with other prompts, models or rows it is another run's."""
    quotas = None if order.quotas is None else order.quotas.to_json()
    return [fingerprint_of(order.plan_parts()), order.rows, quotas, order.limit]


def keep(order: Order, told: Foretold) -> None:
    """Write a forecast into the journal of the run that it is about. Raises ``SetupError`` while that is in use."""
    figures = {name: list(at) for name, at in told.figures.items()}
    text = dump([_about(order), figures, told.time_s and list(told.time_s), told.n_rows, told.n_sent])
    run_to_end(lambda: _write(order.output, text), lambda: None)


async def _write(folder: Path, text: str) -> None:
    journal = Journal(folder)
    try:
        journal.set_meta({_KEY: text})
    finally:
        await journal.close()


def compare(order: Order, meta: Mapping[str, str], n_sent: int, elapsed_s: float) -> tuple[Compared, ...]:
    """Return how well the forecast of a complete run did; nothing where none was made of it.

    ``n_sent`` and ``elapsed_s`` are those of this start. The time is compared only if the whole rest was one start.
    """
    kept = load(meta.get(_KEY))
    if not kept or kept[0] != load(dump(_about(order))):
        return ()
    _, figures, time_s, _, sent_before = kept
    with closing(connect(order.output / "journal.sqlite", read_only=True)) as db:
        actual = charged(db)
    found = []
    for name, now in zip(FIGURES, actual, strict=True):
        low, middle, high = figures[name]
        found.append(Compared(name, low, middle, high, now))
    found = [one for one in found if one.high or one.actual]
    if time_s and elapsed_s and n_sent == actual[0] - sent_before:
        found.append(Compared("time_s", time_s[0], None, time_s[1], elapsed_s))
    return tuple(found)
