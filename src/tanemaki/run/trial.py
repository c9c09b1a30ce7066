"""The trial of a judge: before a model ranks anything it is measured on pairs whose better side is known.

The trial is an ordinary run of another recipe (``judge_bench``) with the same model and the same prompts, in the folder
``trial/<role>`` of the run's own: durable, resumable, paid once. What it is charged counts towards the run's limits.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import monotonic

from tanemaki.config.schema import ModelSettings, SourceSettings
from tanemaki.core.errors import LimitReached, SetupError
from tanemaki.core.prompt import Texts
from tanemaki.core.recipe import Trial
from tanemaki.engine.accounting import Accounting
from tanemaki.engine.calls import spent_so_far
from tanemaki.engine.limits import Spend
from tanemaki.engine.reading import failed_roots
from tanemaki.engine.stats import Stats
from tanemaki.judge.trust.compared import read_rows
from tanemaki.judge.trust.measure import measure
from tanemaki.judge.trust.verdict import Trust, trust
from tanemaki.models import open_model
from tanemaki.models.batch_file import BatchFile
from tanemaki.recipes import catalogue
from tanemaki.report.judge_trust import report
from tanemaki.run.binding import further_models
from tanemaki.run.execute import execute
from tanemaki.run.folder import TRIAL, check_foreign, check_identity, fingerprint_of, open_to_read
from tanemaki.run.order import Order
from tanemaki.run.pulse import Progress
from tanemaki.run.report import Report
from tanemaki.run.verdict import rows_of_trial
from tanemaki.sources import open_source

_AGAIN = "mend the cause, then start the run again: the pairs that failed are asked again"
_LEAST_MINUTES = 1e-3  # a limit is more than nothing; what is left of it ends the run at once


def hold(
    order: Order, progress: Progress, on_stopping: Callable[[], None] | None = None
) -> tuple[Order, Report | None]:
    """Measure the judges of an order, each on its own; what was measured before is only read.

    Returns the order, charged with the trials, and None; or the report of a trial that was stopped or waits for replies.
    Raises ``SetupError`` with every number where the judge may not rank and the order requires that it may, and what a run
    raises.

    Cost: for a pairwise judge three calls for each of 60 pairs; ``judge_bench`` says it for the others.
    """
    if not order.recipe.trials or order.trial == "off":
        return order, None
    _check_folder(order)
    began, spent = monotonic(), Spend()
    for trial in order.recipe.trials:
        tried = order_of_trial(_charged(order, spent, monotonic() - began), trial)
        ended = _run(tried, progress, on_stopping)
        if ended.state in ("stopped", "waiting"):
            return order, ended
        charged = _spent(tried.output)
        spent = spent + charged
        verdict = _report(tried, ended.accounting)
        if order.trial == "require":
            verdict.check(_way_out(tried, trial.role, ended.accounting))
        progress.notes.append(_told(verdict, tried.output, charged))
    return _charged(order, spent, monotonic() - began), None


def _check_folder(order: Order) -> None:
    """Raise ``SetupError`` for a folder in which the run could not begin: that is said before anything is paid."""
    check_foreign(order.output)
    if (order.output / "journal.sqlite").exists():
        with closing(open_to_read(order.output)) as db:
            check_identity(order, dict(db.execute("SELECT key, value FROM meta")))


def order_of_trial(order: Order, trial: Trial) -> Order:
    """Return the order of the trial: the judge's own model, prompts and limits, and nothing else of the run's."""
    options, settings = dict(trial.options), order.settings.get(trial.role)
    if options.get("judge", "pairwise") == "pairwise" and _tells_logprobs(settings):
        options["logprobs"] = True
    loaded = catalogue.load(trial.recipe, order.language, options)
    (role,) = loaded.recipe.roles
    bound = {} if settings is None else {role: settings}
    mine = order.models[trial.role]  # that of an object, and of files carried by hand: it knows where they go
    model = (
        mine if settings is None or isinstance(mine, BatchFile) else open_model(role, settings, order.base)
    )
    limits = order.limits.model_copy(update={"accepted_share": None})
    lenders = [folder / TRIAL / trial.role for folder in order.reuse]
    tried = replace(
        order,
        recipe=loaded.recipe,
        texts=_with_own_prompts(loaded.texts, order.texts),
        source=open_source(SourceSettings(kind="count"), order.language, order.seed, order.base),
        models={role: model},
        others=further_models(bound, order.base),
        settings=bound,
        output=order.output / TRIAL / trial.role,
        rows=None,
        strata=None,
        splits=None,
        limit=trial.rows,
        limits=limits,
        reuse=tuple(path for path in lenders if (path / "journal.sqlite").exists()),
        workers=0,
        run=None,
    )
    tried.check()
    return tried


def _with_own_prompts(texts: Texts, own: Texts) -> Texts:
    """Return the trial's texts with the run's prompts of the same name: a user's own prompt is what is measured."""
    mine = {
        name: own.prompts[name]
        for name, prompt in texts.prompts.items()
        if name in own.prompts and own.prompts[name].slots == prompt.slots
    }
    return replace(texts, prompts={**texts.prompts, **mine})


def _tells_logprobs(judge: ModelSettings | None) -> bool:
    """Whether a model is sure to tell log-probabilities: an endpoint is asked for them only if the run file says so."""
    return judge is not None and (judge.kind == "local" or "logprobs" in (judge.capabilities or ()))


def _run(tried: Order, progress: Progress, on_stopping: Callable[[], None] | None) -> Report:
    """Run the trial; the display shows it meanwhile in the place of the run."""
    kept = progress.stats
    if not (tried.output / "journal.sqlite").exists():
        progress.notes.append(f"the judge is measured first, on {tried.limit} pairs: {tried.output}")
    progress.stats = Stats(observer=kept.observer)
    try:
        return execute(tried, progress=progress, on_stopping=on_stopping, retry=_has_failed(tried))
    except LimitReached as error:
        if error.used_up is None:
            raise LimitReached(
                f"the trial of the judge ended: {error.what}",
                where=str(tried.output),
                got=error.got,
                next=_AGAIN,
            ) from error
        raise
    finally:
        progress.stats = kept
        progress.phase = "getting ready"


def _has_failed(tried: Order) -> bool:
    """Whether pairs of an earlier start failed: they are asked again, as nobody could retry a trial by hand."""
    if not (tried.output / "journal.sqlite").exists():
        return False
    with closing(open_to_read(tried.output)) as db:
        fingerprint = fingerprint_of(tried.plan_parts())
        plan = db.execute("SELECT id FROM plans WHERE fingerprint = ?", (fingerprint,)).fetchone()
        return plan is not None and bool(failed_roots(db, plan[0])[0])


def _report(tried: Order, figures: Accounting) -> Trust:
    judge = next(iter(tried.models.values())).name
    rows = rows_of_trial(tried.output, judge)
    if not rows:
        raise SetupError(
            f"the judge {judge!r} could not be measured: all {figures.failed} pairs of its trial failed",
            where=str(tried.output),
            got=_faults(figures),
            next=_AGAIN,
        )
    told = report(rows)
    for name, text in (("report.md", told.markdown()), ("report.html", told.html())):
        part = tried.output / f".{name}.part"
        part.write_text(text, encoding="utf-8")
        part.replace(tried.output / name)
    return trust(measure(read_rows(rows)))


def _way_out(tried: Order, role: str, figures: Accounting) -> str:
    shown = f"{tried.output / 'report.html'} shows the pairs it failed on; trial: report goes on with it all the same"
    if not figures.failed:
        return f"bind another model to {role!r}; {shown}"
    return f"{figures.failed} pairs failed ({_faults(figures)}): {_AGAIN}; or bind another model to {role!r}; {shown}"


def _faults(figures: Accounting) -> str:
    return ", ".join(f"{fault} {n}" for (_, fault), n in figures.faults.most_common())


def _told(verdict: Trust, folder: Path, charged: Spend) -> str:
    found = "; ".join(one.measured for one in verdict.findings)
    head = "may rank" if verdict.may_rank else "may not rank, and the run goes on as trial: report says"
    cost = f"{charged.requests:,} requests, {charged.tokens:,} tokens" + (
        f", ${charged.usd:.4f}" if charged.usd else ""
    )
    return f"the judge {verdict.judge!r} {head}: {found} ({folder / 'report.html'}; the trial took {cost})"


def _spent(folder: Path) -> Spend:
    with closing(open_to_read(folder)) as db:
        return spent_so_far(db)


def _charged(order: Order, spent: Spend, took_s: float) -> Order:
    limits = order.limits
    if limits.minutes is not None:
        left = max(_LEAST_MINUTES, limits.minutes - took_s / 60)
        limits = limits.model_copy(update={"minutes": left})
    return replace(order, limits=limits, spent_before=spent)
