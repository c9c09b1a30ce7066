"""The forecast of ``tanemaki run FILE --estimate``: what is asked before the sample, and what is printed after it."""

from __future__ import annotations

import sys
from typing import Any

import click

from tanemaki.cli.columns import table
from tanemaki.cli.figures import BETWEEN, SHOWN_FIGURES, requests, show_count, show_seconds, show_usd
from tanemaki.cli.live import shown
from tanemaki.cli.output import write
from tanemaki.cli.starting import command, write_reasons
from tanemaki.core.errors import SetupError
from tanemaki.run.estimate import Estimate, check_sample, estimate
from tanemaki.run.forecast import ROWS
from tanemaki.run.order import Order
from tanemaki.run.pulse import Progress
from tanemaki.run.worst import worst_of

_STOPPING = "Stopping: replies in flight are waited for and kept. Ctrl-C again stops at once."


def split_estimate(said: str, words: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """Return the rows of the sample and the other words: what stands behind ``--estimate`` may be the run file.

    >>> split_estimate("run.yaml", ("--rows", "5"))
    (24, ('run.yaml', '--rows', '5'))
    >>> split_estimate("16", ("run.yaml",))
    (16, ('run.yaml',))
    """
    if not said:
        return ROWS, words
    if said.removeprefix("-").isdecimal():
        return int(said), words
    return ROWS, (said, *words)


def estimate_here(order: Order, n_rows: int, *, sure: bool) -> Estimate:
    """Take a sample and forecast the run. On a terminal it is asked before money is spent, unless the user is ``sure``.

    Raises ``SetupError`` where the answer is no.
    """
    check_sample(order, n_rows)
    worst = worst_of(order, n_rows)
    if worst.is_paid:
        sys.stderr.write(f"{worst.told}\n")
        asks = not sure and sys.stdin.isatty() and sys.stderr.isatty()
        if asks and not click.confirm("Take the sample?", default=True, err=True):
            raise SetupError(
                "the sample was not taken: nothing was sent", next="`tanemaki preview` asks no model"
            )
    progress = Progress()
    with shown(progress):
        told = estimate(
            order, n_rows, progress=progress, on_stopping=lambda: progress.notes.append(_STOPPING)
        )
    for note in progress.notes if sys.stderr.isatty() else ():
        sys.stderr.write(f"note: {note}\n")
    return told


def write_estimate(told: Estimate, again: str) -> None:
    """Print a forecast, for people. ``again`` is the command of the run itself."""
    sample = told.sample
    write(f"Sample: {sample.n_closed:,} rows of the source{BETWEEN}{_took(told)}")
    if sample.steps and sample.took:
        write(table([("step", "calls/row", "tokens in", "tokens out", "seconds"), *_steps(told)]))
    ended = told.accounting.accepted + told.accounting.rejected + told.accounting.failed
    write(f"Accepted: {told.accounting.accepted:,} of {ended:,} rows that ended")
    write_reasons(told.accounting)
    _write_whole(told)
    for note in told.notes:
        write(f"Note: {note}.")
    write(f"Next:    {again}  (goes on with the sample: nothing is paid twice)")
    if told.accounting.rejected or told.accounting.failed:
        write(f"         {command('view', told.folder)}")


def _took(told: Estimate) -> str:
    stats = told.stats
    if not stats.n_sent and not told.sample.steps:
        return "no model was asked"
    if not stats.n_sent:
        return "all of it lay in the folder: nothing was sent"
    pieces = [*requests(stats), f"{show_count(stats.prompt_tokens + stats.completion_tokens)} tokens"]
    if stats.usd:
        pieces.append(show_usd(stats.usd))
    return BETWEEN.join([*pieces, show_seconds(stats.elapsed_s)])


def _steps(told: Estimate) -> list[tuple[str, ...]]:
    n = len(told.sample.took)
    rows: list[tuple[str, ...]] = []
    for step in told.sample.steps:
        prompt, completion, latency = step.per_call()
        rows.append(
            (step.step, f"{step.calls / n:.2f}", f"{prompt:,.0f}", f"{completion:,.0f}", f"{latency:.2f}")
        )
    return rows


def _write_whole(told: Estimate) -> None:
    if not told.whole:
        if told.exit_code:
            write(
                "No forecast: none of the sample was accepted, so how many rows the run needs is not known."
            )
        return
    write("The whole run, with what is there already (9 of 10 such intervals hold what it will be):")
    rows: list[tuple[Any, ...]] = [("", "low", "forecast", "high")]
    for name, at in told.whole.items():
        label, show = SHOWN_FIGURES[name]
        if at.high > 0 and not (name == "accepted" and at.low == at.high == told.wanted):
            rows.append((label, *map(show, at)))
    write(table(rows))
    if told.time_s is not None:
        low, high = map(show_seconds, told.time_s)
        write(f"Time from here: {low} at full concurrency to {high} at the pace of the sample")
