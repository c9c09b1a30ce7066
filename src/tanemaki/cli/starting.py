"""Starts a run from the command line: display, Ctrl-C, and what is said at its end."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from tanemaki.cli.columns import table
from tanemaki.cli.figures import (
    BETWEEN,
    SHOWN_FIGURES,
    ranked,
    requests,
    show_count,
    show_rate,
    show_seconds,
    show_usd,
)
from tanemaki.cli.live import shown
from tanemaki.cli.output import write
from tanemaki.core.errors import TanemakiError
from tanemaki.engine.accounting import Accounting
from tanemaki.engine.quotas import Stratum, lacking
from tanemaki.engine.stats import Stats, named
from tanemaki.run.foretold import Compared
from tanemaki.run.language import about_language, share_in_wrong_language
from tanemaki.run.order import Order
from tanemaki.run.pulse import Progress
from tanemaki.run.report import Report
from tanemaki.run.session import start
from tanemaki.run.watching import Watch

MOST_STRATA = 30
"""Strata that are shown; a terminal holds no more."""
_STOPPING = "Stopping: replies in flight are waited for and kept. Ctrl-C again stops at once."


def start_here(order: Order, *, again: str, retry: bool = False, watch: Watch | None = None) -> Report:
    """Run an order with the display on standard error; ``again`` is the command that goes on with it."""
    progress = Progress()
    _listen_to_embedded(order, progress)
    try:
        with shown(progress), redirect_stdout(sys.stderr):  # what a step prints is no part of the result
            report = start(
                order,
                progress=progress,
                retry=retry,
                on_stopping=lambda: progress.notes.append(_STOPPING),
                watch=watch,
            )
    except TanemakiError:
        if (order.output / "journal.sqlite").exists():
            _tell_kept(progress.stats, order.output)
        raise
    if sys.stderr.isatty():
        for note in progress.notes:
            sys.stderr.write(f"note: {note}\n")
    if report.state == "stopped":
        _tell_stopped(report, order, again)
    return report


def _tell_stopped(report: Report, order: Order, again: str) -> None:
    if report.folder != order.output:
        sys.stderr.write(
            f"Stopped while the judge was measured; nothing that was paid for is lost: {report.folder}\nGo on: {again}\n"
        )
        return
    sys.stderr.write(
        f"Stopped with {report.stats.accepted} accepted rows; nothing that was paid for is lost.\n"
        f"Go on: {again}\nWrite the files as they stand: {command('export', order.output)}\n"
    )


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


def _tell_kept(stats: Stats, folder: Path) -> None:
    """Say on standard error what a run holds that ends with an error; rows on their way have their replies already."""
    n_replies = sum(stats.n_replies.values())
    if stats.n_in or n_replies:
        replies = f" and {n_replies:,} replies of this start" if n_replies else ""
        sys.stderr.write(f"Kept so far: {stats.accepted:,} accepted rows{replies} in {folder}\n")


def write_report(report: Report, order: Order) -> None:
    """Print how a run ended, for people."""
    if report.state == "stopped":
        return
    figures = report.accounting
    write(_headline(report, order.limit))
    write(f"Accounting: {figures.equation()}")
    if not figures.balances:
        write("The accounting does not balance: this is a bug of Tanemaki, please report it.")
    write_strata(report.strata)
    write_reasons(figures)
    write_effort(report)
    write_foretold(report.foretold)
    ended = figures.accepted + figures.rejected + figures.failed
    if share_in_wrong_language(figures.reasons, ended) > 0.5:  # noqa: PLR2004 - most of them
        write(f"Most rows were rejected for their language: {about_language(order, figures.reasons)}.")
    folder = report.folder
    if report.exported is not None and report.exported.paths:
        write(f"Dataset: {_dataset_at(order)}")
        write(f"Card:    {folder / 'README.md'}")
    write(f"Next:    {command('view', folder)}")
    if figures.failed:
        rows = "failed row" if figures.failed == 1 else f"{figures.failed} failed rows"
        write(f"         {command('retry', folder)}  (does the {rows} again)")


def write_effort(report: Report) -> None:
    """Print what this start took: time, requests, tokens, money, and who answered."""
    stats = report.stats
    if not stats.n_sent and not stats.n_reused and not stats.reused_from:
        return
    time_s = stats.elapsed_s
    told = [show_seconds(time_s)]
    n_ended = stats.n_in - stats.n_earlier
    if time_s >= 1 and n_ended:
        told.append(show_rate(n_ended / time_s, "rows of the source"))
    rows: list[tuple[str, list[str]]] = [("time", told), ("requests", requests(stats))]
    if stats.prompt_tokens or stats.completion_tokens:
        rows.append(
            (
                "tokens",
                [f"{show_count(stats.prompt_tokens)} in", f"{show_count(stats.completion_tokens)} out"],
            )
        )
    if stats.usd:
        rows.append(("money", [show_usd(stats.usd)]))
    if stats.reused_from:
        pieces = [f"{n:,} replies of {folder}" for folder, n in stats.reused_from.items()]
        rows.append(("re-used", pieces))
    rows += _shares(stats)
    if stats.faults:
        rows.append(("tries lost", ranked(list(stats.faults.items()))))
    write(table([(label, BETWEEN.join(pieces)) for label, pieces in rows if pieces]))


def write_foretold(compared: Sequence[Compared]) -> None:
    """Print how well the forecast did that was made before the run."""
    if not compared:
        return
    rows = []
    for one in compared:
        name, show = SHOWN_FIGURES[one.name]
        verdict = "inside" if one.inside else "outside"
        rows.append((name, f"{show(one.low)} to {show(one.high)}", f"became {show(one.actual)}", verdict))
    write(
        f"Forecast: {sum(one.inside for one in compared)} of {len(compared)} figures lie inside their intervals"
    )
    write(table(rows))


def _shares(stats: Stats) -> list[tuple[str, list[str]]]:
    """Return who answered, for roles with several endpoints."""
    told = []
    for role, lanes in stats.lanes.items():
        replies = [(name, stats.n_replies.get(lane, 0)) for name, lane in named(lanes)]
        n_all = sum(n for _, n in replies)
        if len(replies) > 1 and n_all:
            told.append((role, [f"{name} {n:,} ({n / n_all:.0%})" for name, n in replies]))
    return told


def _headline(report: Report, limit: int | None) -> str:
    n = report.accounting.accepted
    ended = n + report.accounting.rejected + report.accounting.failed
    share = f", {n / ended:.0%} of the rows that ended" if ended else ""
    if report.state == "nothing_to_do":
        there = "1 row is there" if n == 1 else f"{n} rows are there"
        return f"Complete before: {there}{share}. Nothing was sent, nothing was paid."
    if report.state == "short":
        left = lacking(report.strata)
        where = f" {left}." if left else ""
        if limit is not None and report.accounting.roots >= limit:
            more = "a higher limit, or none, goes on from here"
            return f"Limit of {limit} reached: {n} of {report.wanted} wanted rows{share}; {more}.{where}"
        return f"Too few: {n} of {report.wanted} wanted rows{share}; the source is used up.{where}"
    return f"Complete: {n} row{'' if n == 1 else 's'} accepted{share}."


def _dataset_at(order: Order) -> Path:
    return order.output / "data" if "parquet" in order.formats else order.output / "data.jsonl"


def write_strata(strata: Mapping[str, Stratum]) -> None:
    """Print what there is of each stratum, if there are any: the ones that lack most first."""
    if not strata:
        return
    ranked = sorted(strata.items(), key=lambda pair: -pair[1].lacking)
    rows: list[tuple[Any, ...]] = [("stratum", "wanted", "accepted", "tried", "acceptance", "surplus")]
    for name, one in ranked[:MOST_STRATA]:
        share = "–" if one.acceptance is None else f"{one.acceptance:.0%}"
        rows.append((name, one.wanted, one.accepted, one.tried, share, one.surplus))
    write(table(rows))
    if len(ranked) > MOST_STRATA:
        write(f"  … and {len(ranked) - MOST_STRATA} more (--json has all)")


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
        from tanemaki.run.preview import show_fields

        write(show_fields(_main_fields(fields, order)))
        write()


def _main_fields(fields: dict[str, Any], order: Order) -> dict[str, Any]:
    """What the recipe read first and wrote; the other columns of the source are in the dataset."""
    wanted = {*order.recipe.needs, *order.recipe.writes}
    return {name: value for name, value in fields.items() if name in wanted}
