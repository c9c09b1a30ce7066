"""``tanemaki run FILE --estimate``: what a run will take, forecast from its own first rows.

The sample is the run's: the first rows of its source, in its own folder, within its limits. So nothing of it is paid twice;
the run that follows begins with its replies. No dataset is written.

A step that looks at all records (clustering, selection) cannot be sampled: what it keeps of a few rows says nothing of what
it keeps of all. The forecast then ends before the first such step, and says so. A step that compares with earlier rows
(near-duplicates, pools) sees in the sample what it sees in the run, but rejects more the longer the run: the forecast says
that, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tanemaki.core.errors import LimitReached, SetupError
from tanemaki.engine.accounting import Accounting
from tanemaki.engine.cut import Cut
from tanemaki.engine.pace import MOST
from tanemaki.engine.reading import count_rows
from tanemaki.engine.stats import Stats
from tanemaki.run.assembly import window_of
from tanemaki.run.execute import execute
from tanemaki.run.folder import fingerprint_of, open_to_read
from tanemaki.run.forecast import FIGURES, LEAST_ROWS, LEVEL, ROWS, Interval, Projection, Rest, project
from tanemaki.run.foretold import Foretold, keep
from tanemaki.run.order import Order
from tanemaki.run.pulse import Progress
from tanemaki.run.report import Report
from tanemaki.run.sampled import Sample, StepTook, read_sample

LEAST_BUSY_S = 0.1
"""Where the replies of the whole sample took less, a run takes what its own work takes, and that is not forecast."""
UNKNOWN_LENGTH = 1000
"""Rows of the source for which is forecast where nobody knows how many it has."""


@dataclass(slots=True)
class Estimate:
    """What a run will take as a whole, what its sample took, and what the folder was charged already."""

    folder: Path
    wanted: int | None
    sample: Sample
    accounting: Accounting
    """How the sample's rows ended."""
    stats: Stats
    """What this start took: the sample, less what lay in the folder before."""
    whole: Mapping[str, Interval] = field(default_factory=dict)
    """``rows`` of the source, ``accepted`` rows and the forecast's figures, in all; empty where there is no forecast."""
    time_s: tuple[float, float] | None = None
    """Seconds that the run will take from here: at its full concurrency, and at the sample's pace. None where unknown."""
    ends_before: str | None = None
    """The step that looks at all records: what comes from it on is not forecast."""
    notes: list[str] = field(default_factory=list)
    exit_code: int = 0
    """0; 4 where rows are wanted and none of the sample was accepted, 130 where the sample was stopped."""

    def to_json(self) -> dict[str, Any]:
        """Return the forecast for machines."""
        spent = dict(zip(FIGURES, self.sample.charged, strict=True))
        low, high = self.time_s or (None, None)
        return {
            "folder": str(self.folder),
            "wanted": self.wanted,
            "sample": {
                "rows": self.sample.n_closed,
                "accounting": self.accounting.to_json(),
                "this_start": self.stats.to_json(),
                "steps": [_step_json(step, len(self.sample.took)) for step in self.sample.steps],
            },
            "charged": spent,
            "level": LEVEL,
            "forecast": {name: dict(at._asdict()) for name, at in self.whole.items()} or None,
            "time_s": {"low": low, "high": high} if self.time_s else None,
            "ends_before": self.ends_before,
            "notes": self.notes,
        }


def _step_json(step: StepTook, n_rows: int) -> dict[str, Any]:
    prompt, completion, latency = step.per_call()
    return {
        "step": step.step,
        "calls_per_row": step.calls / max(1, n_rows),
        "prompt_tokens_per_call": prompt,
        "completion_tokens_per_call": completion,
        "seconds_per_call": latency,
    }


def estimate(
    order: Order,
    n_rows: int = ROWS,
    *,
    progress: Progress | None = None,
    on_stopping: Callable[[], None] | None = None,
) -> Estimate:
    """Run the first rows of an order and forecast the whole. The forecast is kept in the journal for the run's report.

    Raises ``SetupError`` for fewer than two rows and for a role that is asked by files carried by hand, and whatever a run
    raises before two rows have ended.
    """
    check_sample(order, n_rows)
    progress = progress or Progress()
    part, ends_before = before_sets(order)
    reached: LimitReached | None = None
    report: Report | None = None
    try:
        report = execute(part, progress=progress, on_stopping=on_stopping, sample=n_rows)
    except LimitReached as error:
        reached = error
    told = _read(part, progress.stats)
    told.ends_before, told.wanted = ends_before, order.rows
    if order.recipe.trials and order.trial != "off":
        n_pairs = sum(one.rows for one in order.recipe.trials)
        told.notes.append(
            f"before the run its judge is measured on {n_pairs} pairs, which this forecast leaves out"
        )
    if reached is not None:
        if len(told.sample.took) < LEAST_ROWS:
            raise reached
        told.notes.append(f"the sample ended early: {reached.what}")
    if report is not None and report.state == "stopped":
        told.exit_code = 130
        told.notes.append("the sample was stopped early")
    used_up = told.exit_code == 0 and reached is None and told.sample.n_closed < n_rows
    is_full = report is not None and report.state == "complete" and (part.rows or part.quotas) is not None
    _forecast(told, part, used_up=used_up, is_full=is_full)
    _warn(told, order)
    if told.whole and ends_before is None:
        keep(order, Foretold.of(told.whole, told.time_s, told.sample))
    return told


def check_sample(order: Order, n_rows: int) -> None:
    """Raise ``SetupError`` where no sample can be taken."""
    if n_rows < LEAST_ROWS:
        raise SetupError(
            "a forecast needs a sample of at least two rows",
            got=f"{n_rows}",
            next="`tanemaki preview` shows the first prompts without asking a model",
        )
    for role, settings in order.settings.items():
        if settings.kind == "batch-file":
            raise SetupError(
                f"the role {role!r} is asked by files that are carried by hand: there is no sample of it",
                next="bind the role to an endpoint for the estimate, in another output folder",
            )


def before_sets(order: Order) -> tuple[Order, str | None]:
    """Return the order up to its first step that looks at all records, and the name of that step."""
    specs = order.recipe.specs
    at = next((i for i, spec in enumerate(specs) if spec.kind == "set"), None)
    if at is None:
        return order, None
    if not any(spec.roles for spec in specs[:at]):
        raise SetupError(
            f"step {specs[at].name!r} looks at all records, and no model is asked before it: there is nothing to forecast",
            next="start the run with limits.cost_usd or limits.requests",
        )
    return replace(order, recipe=replace(order.recipe, steps=specs[:at]), rows=None, strata=None), specs[
        at
    ].name


def _read(order: Order, stats: Stats) -> Estimate:
    asking = [spec.name for spec in order.recipe.specs if spec.roles]
    with closing(open_to_read(order.output)) as db:
        found = db.execute(
            "SELECT id FROM plans WHERE fingerprint = ?", (fingerprint_of(order.plan_parts()),)
        )
        plan = int(found.fetchone()[0])
        sample = read_sample(db, plan, asking)
        return Estimate(order.output, order.rows, sample, count_rows(db, plan, Cut(None)), stats)


def _forecast(told: Estimate, order: Order, *, used_up: bool, is_full: bool) -> None:
    """Add the forecast of the whole, unless the sample says too little."""
    sample = told.sample
    total = _length(order, sample, used_up=used_up)
    left = None if total is None else max(0, total - sample.n_closed)
    wanted = (
        None if order.rows is None or order.quotas is not None else max(0, order.rows - sample.n_accepted)
    )
    if is_full:
        wanted = 0
    if wanted is None and left is None:
        left = max(0, UNKNOWN_LENGTH - sample.n_closed)
        told.notes.append(
            f"how many rows of the source there will be is not known: the forecast is for {UNKNOWN_LENGTH:,} of them"
        )
    if order.quotas is not None and not is_full:
        told.notes.append(
            "a run with strata ends when the last of them is full: it may take less than forecast"
        )
    if wanted and not sample.n_accepted:
        told.exit_code = told.exit_code or 4
        return
    if wanted != 0 and left != 0 and len(sample.took) < LEAST_ROWS:
        told.notes.append("fewer than two rows have ended: there is no forecast")
        return
    done = wanted == 0 or left == 0
    of = _rest(order, told.stats, wanted, left)
    rest = _nothing() if done else project(sample.took, of, order.seed, order.recipe.name)
    told.whole = {
        "rows": rest.rows.plus(sample.n_closed),
        "accepted": rest.accepted.plus(sample.n_accepted),
        **{
            name: amount.plus(known)
            for name, amount, known in zip(FIGURES, rest.amounts, sample.charged, strict=True)
        },
    }
    told.time_s = seconds_of(order, sample, rest)


def _rest(order: Order, stats: Stats, wanted: int | None, left: int | None) -> Rest:
    """Return what is left of a run, with the rows that it has on their way at once."""
    most = None if any(spec.fans_out for spec in order.recipe.specs) else 1
    margins = [bound.batch.terms.margin for bound in order.bounds() if bound.batch is not None]
    if margins:
        return Rest(wanted, left, most, margin=max(margins))
    at_once = sum(lane.limit for lanes in stats.lanes.values() for lane in lanes.all)
    return Rest(
        wanted,
        left,
        most,
        on_the_way=window_of(at_once, is_limited=stats.budget is not None and stats.budget.limited),
    )


def _nothing() -> Projection:
    nought = Interval(0.0, 0.0, 0.0)
    return Projection(nought, nought, (nought,) * len(FIGURES))


def _length(order: Order, sample: Sample, *, used_up: bool) -> int | None:
    """Return how many rows of the source the run can try; None where that is not known."""
    known = [n for n in (order.limit, order.source.size) if n is not None]
    if used_up and (order.rows is None or sample.n_accepted < order.rows):
        known.append(sample.n_closed)
    return min(known, default=None)


def seconds_of(order: Order, sample: Sample, rest: Projection) -> tuple[float, float] | None:
    """Return the seconds that the rest takes at full concurrency, and at the sample's pace.

    None for batch files, and for models that answer at once. The first holds if the endpoints are as quick with as many
    requests at once as the run file allows; the second is what the sample itself has shown.
    """
    if any(bound.batch is not None for bound in order.bounds()) or sample.busy_s < LEAST_BUSY_S:
        return None
    n = len(sample.took)
    if not rest.rows.high or not n:
        return (0.0, 0.0)
    quickest = sample.row_s
    for bound in order.bounds():
        at_once = sum(lane.pace.fixed or MOST for lane in bound.lanes.all)
        quickest = max(quickest, rest.rows.low * sample.latency_s.get(bound.role, 0.0) / n / at_once)
        rates = [
            lane.buckets.requests.per_minute
            for lane in bound.lanes.all
            if lane.buckets and lane.buckets.requests
        ]
        if len(rates) == len(bound.lanes.all) and len(order.models) == 1:
            quickest = max(quickest, rest.amounts[0].low / sum(rates) * 60)
    return quickest, max(quickest, rest.rows.high * sample.busy_s / n)


def _warn(told: Estimate, order: Order) -> None:
    """Note what the figures do not show by themselves."""
    notes, specs = told.notes, order.recipe.specs
    if told.ends_before is not None:
        notes.append(
            f"step {told.ends_before!r} looks at all records: the forecast ends before it, and a row that comes to it"
            " counts as accepted"
        )
    notes.extend(
        f"step {spec.name!r} compares with earlier rows and rejects more the longer the run: it may take more than forecast"
        for spec in specs
        if spec.kind in ("ordered", "draws")
    )
    if told.sample.n_lent:
        notes.append(
            f"{told.sample.n_lent} calls of the sample were answered by other runs: the same share is forecast"
        )
    notes.extend(
        f"no price is known for the model of role {role!r}: its tokens are forecast, its money is not"
        for role in unpriced(order)
    )
    for name, key in (("usd", "cost_usd"), ("requests", "requests")):
        most, whole = getattr(order.limits, key), told.whole.get(name)
        if most is not None and whole is not None and whole.high > most:
            likely = "will probably" if whole.middle > most else "may"
            notes.append(f"limits.{key} ({most:g}) {likely} end the run before its last row")
    acceptance = told.sample.n_accepted / max(1, told.sample.n_closed)
    least = order.limits.accepted_share
    if order.rows is not None and told.ends_before is None and least is not None and 0 < acceptance < least:
        notes.append(
            f"limits.accepted_share ({least:g}) will end the run: {acceptance:.1%} of the sample was accepted"
        )


def unpriced(order: Order) -> list[str]:
    """Return the roles whose model may cost money that nobody has told."""
    return [
        role
        for role, settings in order.settings.items()
        if settings.kind == "openai" and not settings.is_priced
    ]
