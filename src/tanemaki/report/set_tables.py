"""Tables of the report on a set made elsewhere: opinions, models, and how rates and coefficients look in a cell."""

from __future__ import annotations

from collections.abc import Sequence

from tanemaki.judge.agreement import Agreement
from tanemaki.judge.shares import Share
from tanemaki.judge.trust.corrected import Corrected
from tanemaki.judge.trust.held import Held
from tanemaki.judge.trust.raters import Raters
from tanemaki.report.svg import shown
from tanemaki.report.tables import Table


def said_of_all(raters: Raters) -> str:
    """Return in a sentence how far all opinions agree together."""
    told = [
        f"percent {agreement_cell(raters.percent, percent=True)}",
        f"Krippendorff's alpha {agreement_cell(raters.alpha)}",
    ]
    more = len(raters.names) > 2  # noqa: PLR2004 - of two, the table says it
    if more:
        told.append(
            f"Fleiss' kappa {agreement_cell(raters.fleiss)}, of the {raters.fleiss.n_items} on which all have one"
        )
    who = f"All {len(raters.names)} together" if more else "Both"
    return f"{who}, over {raters.percent.n_items} pairs with two opinions{' or more' if more else ''}: {'; '.join(told)}."


def raters_table(raters: Raters) -> Table:
    """Return a row for every two opinions."""
    return Table(
        ("first", "second", "pairs with both", "percent", "Cohen's kappa"),
        tuple(
            (
                *(one.first, one.second, str(one.percent.n_items)),
                *(agreement_cell(one.percent, percent=True), agreement_cell(one.kappa)),
            )
            for one in raters.between
        ),
    )


def model_table(all_held: Sequence[Held]) -> Table:
    """Return a row for each judge and model: how often it wins, as judged and corrected."""
    return Table(
        ("judge", "model", "wins, as judged", "wins, corrected"),
        tuple(
            (one.judge, model.model, share_cell(model.said), corrected_cell(model.corrected))
            for one in all_held
            for model in one.models
        ),
    )


def ends(one: Share | Corrected) -> tuple[float | None, float | None, float | None]:
    """Return value, lower and upper end, as a plot takes them."""
    return one.value, one.low, one.high


def share_cell(one: Share | None) -> str:
    """Return a share with its interval and n; without trials it says so."""
    if one is None or one.value is None or one.low is None or one.high is None:
        return "no rate (n = 0)"
    return f"{shown(one.value)} ({shown(one.low)} to {shown(one.high)}, n = {one.n})"


def corrected_cell(one: Corrected) -> str:
    """Return a corrected rate with its interval, or why there is none."""
    if one.value is None or one.low is None or one.high is None:
        return f"not told: {one.why}"
    return f"{shown(one.value)} ({shown(one.low)} to {shown(one.high)})"


def agreement_cell(one: Agreement, *, percent: bool = False) -> str:
    """Return a coefficient with its interval, or why there is none."""

    def number(value: float) -> str:
        return shown(value) if percent else f"{value:.3f}"

    if one.value is None:
        return f"none ({one.reason})"
    span = "" if one.low is None or one.high is None else f" ({number(one.low)} to {number(one.high)})"
    return f"{number(one.value)}{span}"
