"""Starts a run: its folder and journal are opened, the engine runs, the files are written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from tanemaki import __version__
from tanemaki.engine.cut import Cut
from tanemaki.engine.journal import Journal
from tanemaki.engine.opening import as_setup_error, connect
from tanemaki.engine.reading import count_rows
from tanemaki.engine.stored import dump, load
from tanemaki.engine.workers import refuse_in_worker
from tanemaki.run.assembly import Assembly
from tanemaki.run.attending import Interrupt
from tanemaki.run.dataset_files import Placing, is_exported
from tanemaki.run.event_loop import run_to_end
from tanemaki.run.export import export, told_of
from tanemaki.run.folder import (
    changes,
    check_foreign,
    check_identity,
    fingerprint_of,
    replies_held,
    write_run_yaml,
)
from tanemaki.run.foretold import compare
from tanemaki.run.order import Order
from tanemaki.run.pulse import Progress, published
from tanemaki.run.report import Report, State
from tanemaki.run.verdict import verdicts_on


def execute(
    order: Order,
    *,
    progress: Progress | None = None,
    retry: bool = False,
    on_stopping: Callable[[], None] | None = None,
    sample: int | None = None,
) -> Report:
    """Run an order to its end and return the report. Works inside a running event loop (a notebook), too.

    ``retry`` does the failed rows again, and nothing else. ``on_stopping`` is called at the first Ctrl-C. ``sample`` ends
    the start after so many rows of the source and writes no dataset: a later start goes on.
    """
    refuse_in_worker()
    work = _Start(order, progress or Progress(), retry=retry, on_stopping=on_stopping, sample=sample)
    return run_to_end(work.run, lambda: work.interrupt())  # noqa: PLW0108 - it is set anew once the run goes on


class _Start:
    """One start of a run."""

    def __init__(
        self,
        order: Order,
        progress: Progress,
        *,
        retry: bool,
        on_stopping: Callable[[], None] | None,
        sample: int | None = None,
    ) -> None:
        self._order = order
        self._is_sample = sample is not None
        self._limit = min((n for n in (order.limit, sample) if n is not None), default=None)
        """Rows of the source that this start tries at most."""
        self._progress = progress
        self._retry = retry
        self._on_stopping = on_stopping
        self.interrupt: Callable[[], object] = lambda: None
        """Ask the run to stop, from another thread."""

    def _made_interruptible(self, interrupt: Interrupt) -> None:
        self.interrupt = interrupt

    async def run(self) -> Report:
        """Run to the end. A journal whose pages cannot be read is the user's to mend, not a bug."""
        try:
            return await self._run()
        except sqlite3.DatabaseError as error:
            if type(error) not in (sqlite3.DatabaseError, sqlite3.OperationalError):
                raise
            raise as_setup_error(error, self._order.output / "journal.sqlite") from error

    async def _run(self) -> Report:
        order = self._order
        check_foreign(order.output)
        async with AsyncExitStack() as stack:
            self._progress.notes.extend(getattr(order.source, "notes", ()))
            journal = Journal(order.output)
            stack.push_async_callback(journal.close)
            if journal.lost is not None:
                self._progress.notes.append(journal.lost)
            meta = journal.meta()
            check_identity(order, meta)
            stack.enter_context(published(order.output, self._progress))
            self._announce(resumes=bool(meta))
            parts = order.plan_parts()
            fingerprint = fingerprint_of(parts)
            last = journal.last_plan()
            if last and last[1] != fingerprint:
                self._progress.notes.extend(changes(order, load(last[2]), replies_held(order.output)))
            plan = journal.open_plan(fingerprint, dump(parts))
            done = (
                meta.get("complete") == self._completion(fingerprint)
                and "told" in meta
                and is_exported(order)
            )
            if done and not self._retry:
                return self._nothing_to_do(meta["told"])
            kept = {"rows": dump(order.rows), "splits": Placing.of_order(order).kept()}
            journal.set_meta({**order.identity(), **kept, "complete": "", "ended": "", "started": "1"})
            write_run_yaml(order, parts)
            assembly = Assembly(order, self._progress, journal, plan, retry=self._retry, limit=self._limit)
            state = await assembly.go(self._on_stopping, self._made_interruptible)
            await journal.durable()
            if self._is_sample or state in ("stopped", "waiting"):
                cut = Cut(order.wanted)
                with closing_reader(order.output) as db:
                    figures = count_rows(db, plan, cut, order.limit)
                return Report(
                    state,
                    order.output,
                    figures,
                    self._progress.stats,
                    order.rows,
                    written=assembly.written,
                    strata=cut.strata,
                )
            self._progress.phase = "writing the dataset"
            with closing_reader(order.output) as db:
                exported = export(order, db, plan)
            completion = "" if order.is_endless else self._completion(fingerprint)  # what never ends goes on
            self._progress.notes.extend(exported.notes)
            ended = {"told": exported.kept(), "complete": completion, "ended": "1"}
            journal.set_meta({**ended, "data_hash": exported.data_hash or ""})
            stats = self._progress.stats
            return Report(
                state,
                order.output,
                exported.accounting,
                stats,
                order.rows,
                exported,
                strata=exported.strata,
                foretold=compare(order, meta, stats.n_sent, stats.elapsed_s),
            )

    def _announce(self, *, resumes: bool) -> None:
        observer = self._progress.stats.observer
        if observer is not None:
            order = self._order
            about = {name: value for name, value in order.identity().items() if name != "source"}
            told = {"tanemaki": __version__, "folder": str(order.output), **about, "seed": order.seed}
            observer.run_started({**told, "wanted": order.rows, "resumes": resumes})

    def _completion(self, fingerprint: str) -> str:
        order = self._order
        quotas = None if order.quotas is None else order.quotas.to_json()
        asked = [fingerprint, order.rows, quotas, order.limit, order.licence, list(order.formats)]
        if order.recipe.trials:  # the card tells what the judges' trials came to
            asked.append(
                [[role, verdict and asdict(verdict)] for role, verdict in verdicts_on(order).items()]
            )
        return dump(asked if order.splits is None else [*asked, asdict(order.splits)])

    def _nothing_to_do(self, kept: str) -> Report:
        order, stats = self._order, self._progress.stats
        told = told_of(kept)
        accepted = told.accounting.accepted
        stats.wanted, stats.accepted = order.rows, accepted
        state: State = "short" if order.rows is not None and accepted < order.rows else "nothing_to_do"
        return Report(state, order.output, told.accounting, stats, order.rows, told, strata=told.strata)


@contextmanager
def closing_reader(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open a run's journal for reading, for as long as the block lasts."""
    db = connect(folder / "journal.sqlite", read_only=True)
    try:
        yield db
    finally:
        db.close()
