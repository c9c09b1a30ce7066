"""What is seen while a run goes on: one block that renews itself, or a line now and then where no terminal is."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tanemaki.cli.columns import pad
from tanemaki.cli.figures import Figure, figures, flow, one_line, show_seconds
from tanemaki.run.pulse import Gauge, Progress, Pulse

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

LINE_EVERY_S = 10.0
"""Seconds between two lines where no terminal is."""
MOST_COLUMNS = 120
_LABEL = 11


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

    gauge = Gauge()
    console = Console(stderr=True)

    def now() -> RenderableType:
        return render(gauge.read(progress.phase, progress.stats), list(progress.notes), console)

    with Live(get_renderable=now, console=console, refresh_per_second=4, transient=True):
        yield


def render(pulse: Pulse, notes: Sequence[str], console: Console) -> RenderableType:
    """Return the block: notes, phase and time, a bar where a number of rows is wanted, the figures."""
    from rich.console import Group
    from rich.text import Text

    columns = min(console.width, MOST_COLUMNS)
    parts: list[RenderableType] = [Text(note, style="yellow") for note in notes]
    phase = Text(pulse.phase, style="bold")
    if pulse.elapsed_s >= 1:
        phase.append(f"  {show_seconds(pulse.elapsed_s)}", style="dim")
    parts.append(phase)
    if pulse.wanted is not None:
        parts.append(_bar(min(pulse.accepted, pulse.wanted), pulse.wanted, columns))
    parts += _told(figures(pulse), columns)
    return Group(*parts)


def _bar(done: int, wanted: int, columns: int) -> RenderableType:
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    share = f"{int(100 * done / wanted)}%"  # rounded down: 100% is said when all are there
    row = Table.grid(padding=(0, 1))
    bar = ProgressBar(
        total=wanted, completed=done, width=columns - 6, complete_style="green", finished_style="green"
    )
    row.add_row(bar, share)
    return row


def _told(told: Sequence[Figure], columns: int) -> Iterator[RenderableType]:
    from rich.text import Text

    label_columns = max([_LABEL, *(len(label) + 2 for label, _ in told)])
    for label, pieces in told:
        for place, line in enumerate(flow(pieces, columns - label_columns)):
            text = Text(line, style="yellow" if label == "tries lost" else "")
            text.highlight_regex(r"\S+ resting", "yellow")
            yield Text.assemble((pad("" if place else label, label_columns), "dim"), text)


@contextmanager
def _lines(progress: Progress) -> Iterator[None]:
    over = threading.Event()
    thread = threading.Thread(target=tell_lines, args=(progress, over), name="tanemaki-progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def tell_lines(progress: Progress, over: threading.Event, now: Callable[[], float] = time.monotonic) -> None:
    """Print notes and phases when they come, and the figures now and then, until ``over`` is set."""
    gauge = Gauge()
    n_notes, phase, told_at = 0, "", now()
    while True:
        is_over = over.wait(0.1)
        pulse = gauge.read(progress.phase, progress.stats)
        notes = list(progress.notes)
        for note in notes[n_notes:]:
            sys.stderr.write(f"note: {note}\n")
        n_notes = len(notes)
        if pulse.phase != phase:
            phase = pulse.phase
            sys.stderr.write(f"{phase}\n")
        elif not is_over and now() - told_at >= LINE_EVERY_S:
            sys.stderr.write(one_line(pulse) + "\n")
            told_at = now()
        sys.stderr.flush()
        if is_over:
            return
