"""Starts a run from the command line: display, Ctrl-C, and what is said at its end."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

from tanemaki.cli.columns import table
from tanemaki.cli.live import shown
from tanemaki.cli.output import write
from tanemaki.core.errors import TanemakiError
from tanemaki.engine.reading import Accounting
from tanemaki.run.execute import Progress, Report
from tanemaki.run.language import about_language, share_in_wrong_language
from tanemaki.run.order import Order
from tanemaki.run.preview import show_fields
from tanemaki.run.session import start

_STOPPING = "Stopping: replies in flight are waited for and kept. Ctrl-C again stops at once."


def start_here(order: Order, *, again: str, retry: bool = False) -> Report:
    """Run an order with the display on standard error; ``again`` is the command that goes on with it."""
    progress = Progress()
    _listen_to_embedded(order, progress)
    try:
        with shown(progress):
            report = start(
                order, progress=progress, retry=retry, on_stopping=lambda: progress.notes.append(_STOPPING)
            )
    except TanemakiError:
        if (order.output / "journal.sqlite").exists() and progress.stats.n_in:
            sys.stderr.write(f"Kept so far: {progress.stats.accepted} accepted rows in {order.output}\n")
        raise
    if sys.stderr.isatty():
        for note in progress.notes:
            sys.stderr.write(f"note: {note}\n")
    if report.state == "stopped":
        sys.stderr.write(
            f"Stopped with {report.stats.accepted} accepted rows; nothing that was paid for is lost.\n"
        )
        sys.stderr.write(
            f"Go on: {again}\nWrite the files as they stand: {command('export', order.output)}\n"
        )
    return report


def _listen_to_embedded(order: Order, progress: Progress) -> None:
    """Let the embedded model tell what takes long at its first start."""
    if any(settings.kind == "local" for settings in order.settings.values()):
        from tanemaki.models.local import Local

        for model in order.models.values():
            if isinstance(model, Local):
                model.report = lambda line: setattr(progress, "phase", line)


def command(verb: str, *words: object) -> str:
    """Return a command that can be pasted.

    >>> command("view", "runs/my run")
    "tanemaki view 'runs/my run'"
    """
    return shlex.join(["tanemaki", verb, *map(str, words)])


def write_report(report: Report, order: Order) -> None:
    """Print how a run ended, for people."""
    if report.state == "stopped":
        return
    figures = report.accounting
    write(_headline(report))
    write(f"Accounting: {figures.equation()}")
    if not figures.balances:
        write("The accounting does not balance: this is a bug of Tanemaki, please report it.")
    write_reasons(figures)
    ended = figures.accepted + figures.rejected + figures.failed
    if share_in_wrong_language(figures.reasons, ended) > 0.5:  # noqa: PLR2004 - most of them
        write(f"Most rows were rejected for their language: {about_language(order, figures.reasons)}.")
    folder = report.folder
    if report.exported is not None and report.exported.paths:
        write(f"Dataset: {_dataset_at(order)}")
        write(f"Card:    {folder / 'README.md'}")
    write(f"Next:    {command('view', folder)}")
    if figures.failed:
        write(f"         {command('retry', folder)}  (does the {figures.failed} failed rows again)")


def _headline(report: Report) -> str:
    n = report.accounting.accepted
    ended = n + report.accounting.rejected + report.accounting.failed
    share = f", {n / ended:.0%} of the rows that ended" if ended else ""
    if report.state == "nothing_to_do":
        return f"Complete before: {n} rows are there{share}. Nothing was sent, nothing was paid."
    if report.state == "short":
        return f"Too few: {n} of {report.wanted} wanted rows{share}; the source is used up."
    return f"Complete: {n} rows accepted{share}."


def _dataset_at(order: Order) -> Path:
    return order.output / "data" if "parquet" in order.formats else order.output / "data.jsonl"


def write_reasons(figures: Accounting) -> None:
    """Print what was not kept, the commonest reason first."""
    rows: list[tuple[Any, ...]] = [
        ("rejected", n, reason, f"step {step}") for (step, reason), n in figures.reasons.most_common(8)
    ]
    rows += [("failed", n, fault, f"step {step}") for (step, fault), n in figures.faults.most_common(8)]
    if rows:
        write(table(rows))


def write_samples(order: Order, report: Report) -> None:
    """Print the first rows of the dataset."""
    samples = report.exported.samples if report.exported else []
    for number, row in enumerate(samples, 1):
        fields = {name: value for name, value in row.items() if name not in ("id", "sources", "lineage")}
        write(f"Sample {number} of {report.accounting.accepted} (id {row['id']})")
        write(show_fields(_main_fields(fields, order)))
        write()


def _main_fields(fields: dict[str, Any], order: Order) -> dict[str, Any]:
    """What the recipe read first and wrote; the other columns of the source are in the dataset."""
    wanted = {*order.recipe.needs, *order.recipe.writes}
    return {name: value for name, value in fields.items() if name in wanted}
