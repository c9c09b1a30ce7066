"""What the sample of a forecast may cost at worst, told before it is taken."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from tanemaki.engine.limits import FREE, worst_case
from tanemaki.run.estimate import before_sets
from tanemaki.run.folder import open_to_read
from tanemaki.run.forecast import ROWS
from tanemaki.run.order import Order
from tanemaki.run.preview import first_records
from tanemaki.run.rehearse import rehearse
from tanemaki.run.sampled import charged


@dataclass(frozen=True, slots=True)
class Worst:
    """What a sample may cost before anybody has replied."""

    is_paid: bool
    """Some role costs money."""
    told: str
    """The sentence for the user; empty where nothing is paid."""


def worst_of(order: Order, n_rows: int = ROWS) -> Worst:
    """Return what the sample may cost at worst, as far as that can be known before it. Asks no model, writes nothing.

    The first requests of each row are rehearsed and counted at their worst case. What a later request holds depends on the
    replies before it: only a money limit bounds it.
    """
    prices = {
        bound.role: max(
            (lane.prices or FREE for lane in bound.lanes.all), key=lambda one: (one.output, one.input)
        )
        for bound in order.bounds()
    }
    if all(one == FREE for one in prices.values()):
        return Worst(is_paid=False, told="")
    order, _ = before_sets(order)
    bounds, usd, unbounded = order.bounds(), 0.0, False
    records, _ = first_records(order, n_rows)
    for record in records:
        end = rehearse(order.recipe, order.texts, record, seed=order.seed, bounds=bounds)
        for asked in end.asked:
            price = prices[asked.role]
            unbounded |= asked.request.sampling.max_tokens is None and price.output > 0
            usd += worst_case(asked.request, price).usd * end.n_children
    return Worst(
        is_paid=True, told=_told(order, f"the sample of {len(records)} rows", usd, unbounded=unbounded)
    )


def _told(order: Order, sample: str, usd: float, *, unbounded: bool) -> str:
    if unbounded:
        return f"What {sample} costs is not bound: set sampling.max_tokens, or limits.cost_usd with it."
    first = f"The first requests of {sample} cost at most ${usd:,.4f}"
    most = order.limits.cost_usd
    if most is None:
        return f"{first}; what follows them depends on the replies, and limits.cost_usd is not set."
    return f"{first}, and all of it at most ${most - _charged_usd(order):,.4f}: what limits.cost_usd leaves."


def _charged_usd(order: Order) -> float:
    if not (order.output / "journal.sqlite").exists():
        return 0.0
    with closing(open_to_read(order.output)) as db:
        return charged(db)[-1]
