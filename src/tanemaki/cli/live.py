"""What is seen while a run goes on: one block that renews itself, or a line now and then where no terminal is."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tanemaki.run.execute import Progress

if TYPE_CHECKING:
    from rich.console import RenderableType

LINE_EVERY_S = 10.0
"""Seconds between two lines where no terminal is."""


@dataclass(slots=True)
class Pace:
    """Rows per minute and what is left, measured from the first row of this start."""

    now: Callable[[], float] = time.monotonic
    _began_at: float | None = field(default=None, init=False)
    _began_with: int = field(default=0, init=False)

    def measure(self, accepted: int, wanted: int | None) -> tuple[float | None, float | None]:
        """Return accepted rows per minute and seconds to go; None while nothing can be said.

        >>> clock = iter([0.0, 30.0])
        >>> pace = Pace(lambda: next(clock))
        >>> pace.measure(0, 20), pace.measure(10, 20)
        ((None, None), (20.0, 30.0))
        """
        at = self.now()
        if self._began_at is None:
            self._began_at, self._began_with = at, accepted
            return None, None
        done, elapsed_s = accepted - self._began_with, at - self._began_at
        if done <= 0 or elapsed_s <= 0:
            return None, None
        left_s = None if wanted is None else max(0.0, (wanted - accepted) * elapsed_s / done)
        return done * 60 / elapsed_s, left_s


def show_seconds(seconds: float) -> str:
    """Return a time to go, roughly.

    >>> show_seconds(42), show_seconds(150), show_seconds(7500)
    ('42 s', '2 min 30 s', '2 h 5 min')
    """
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004 - a minute
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def one_line(progress: Progress, pace: Pace) -> str:
    """Return the state of a run in one line."""
    return " · ".join([progress.phase, *(value for _, value in figures(progress, pace))])


def figures(progress: Progress, pace: Pace) -> list[tuple[str, str]]:
    """Return what is told of a run while it goes on, as (label, value)."""
    stats = progress.stats
    per_minute, left_s = pace.measure(stats.accepted, stats.wanted)
    of = f" of {stats.wanted:,}" if stats.wanted is not None else ""
    rows = f"{stats.accepted:,}{of} rows accepted"
    if stats.acceptance is not None:
        rows += f" ({stats.acceptance:.0%} of those that ended)"
    told = [("rows", rows)]
    if per_minute is not None and not progress.phase.startswith("stopping"):
        told.append(
            (
                "pace",
                f"{per_minute:,.1f} rows/min" + (f", about {show_seconds(left_s)} to go" if left_s else ""),
            )
        )
    flying = ", ".join(f"{role} {n}" for role, n in dict(stats.in_flight).items())
    if flying:
        told.append(("in flight", flying))
    if stats.n_sent or stats.n_reused:
        told.append(("requests", _requests(stats)))
    reasons = sorted(dict(stats.reasons).items(), key=lambda pair: -pair[1])[:4]
    if reasons:
        told.append(("not kept", ", ".join(f"{reason} {n}" for (_, reason), n in reasons)))
    return told


def _requests(stats: Any) -> str:
    shown = f"{stats.n_sent:,} sent"
    if stats.n_reused:
        shown += f", {stats.n_reused:,} from the journal"
    if stats.n_retries:
        shown += f", {stats.n_retries:,} tried again"
    shown += f"; tokens {stats.prompt_tokens:,} in, {stats.completion_tokens:,} out"
    return shown + (f"; ${stats.usd:,.4f}" if stats.usd else "")


@contextmanager
def shown(progress: Progress) -> Iterator[None]:
    """Show the progress on standard error for as long as the block lasts."""
    if sys.stderr.isatty():
        with _block(progress):
            yield
    else:
        with _lines(progress):
            yield


@contextmanager
def _block(progress: Progress) -> Iterator[None]:
    from rich.console import Console
    from rich.live import Live

    pace = Pace()
    console = Console(stderr=True)
    with Live(
        get_renderable=lambda: _render(progress, pace), console=console, refresh_per_second=4, transient=True
    ):
        yield


def _render(progress: Progress, pace: Pace) -> RenderableType:
    from rich.console import Group
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    stats = progress.stats
    parts: list[RenderableType] = [Text(note, style="yellow") for note in list(progress.notes)]
    parts.append(Text(progress.phase, style="bold"))
    if stats.wanted is not None:
        parts.append(ProgressBar(total=stats.wanted, completed=min(stats.accepted, stats.wanted), width=60))
    rows = Table.grid(padding=(0, 2))
    for label, value in figures(progress, pace):
        rows.add_row(Text(label, style="dim"), Text(value))
    return Group(*parts, rows)


@contextmanager
def _lines(progress: Progress) -> Iterator[None]:
    over = threading.Event()
    thread = threading.Thread(
        target=_tell_lines, args=(progress, over), name="tanemaki-progress", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _tell_lines(progress: Progress, over: threading.Event, now: Callable[[], float] = time.monotonic) -> None:
    """Print notes and phases when they come, and the figures now and then."""
    pace = Pace()
    n_notes, phase, told_at = 0, "", now()
    while True:
        is_over = over.wait(0.1)
        notes = list(progress.notes)
        for note in notes[n_notes:]:
            sys.stderr.write(f"note: {note}\n")
        n_notes = len(notes)
        if progress.phase != phase:
            phase = progress.phase
            sys.stderr.write(f"{phase}\n")
        elif not is_over and now() - told_at >= LINE_EVERY_S:
            sys.stderr.write(one_line(progress, pace) + "\n")
            told_at = now()
        sys.stderr.flush()
        if is_over:
            return
