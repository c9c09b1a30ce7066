"""An annotation study as tables in Markdown and as a plot: accuracy, agreement, cost and confusion of each annotator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from html import escape

from tanemaki.judge.agreement import Agreement
from tanemaki.judge.shares import Share
from tanemaki.judge.study.compare import Column, Study
from tanemaki.report.page import page, paragraph, plot
from tanemaki.report.svg import Mark, intervals, shown
from tanemaki.report.tables import Table, html_table, markdown_cell, markdown_table

_CENT = Decimal("0.01")
_THOUSAND = 1000


def annotation_markdown(study: Study) -> str:
    """Return the study as Markdown: what was compared, then accuracy, agreement, cost, and a confusion matrix a column.

    Shares are per cent, coefficients have two places; brackets hold intervals of the study's confidence. Sums of money are
    exact and shown to the cent.
    """
    parts = [_summary(study), *map(markdown_table, _tables(study))]
    parts += [confusion_markdown(one, study.labels) for one in study.columns if one.confusion]
    return "\n\n".join(parts) + "\n"


def annotation_page(study: Study) -> str:
    """Return the study as one page that needs nothing beside it: the plot, and every table."""
    titles = ("Accuracy and agreement", "Between two", "Costs")
    parts = [paragraph(_summary(study)), plot(annotation_svg(study))]
    for title, table in zip(
        titles, (_column_table(study), _between_table(study), _cost_table(study)), strict=True
    ):
        if table.rows:
            parts.append(f"<h2>{title}</h2>\n{html_table(table)}")
    parts += [
        f"<h2>What {escape(one.name)} confuses</h2>\n{html_table(_confusion_table(one, study.labels))}"
        for one in study.columns
        if one.confusion
    ]
    return page("Annotators compared", "\n".join(parts))


def cost_markdown(study: Study) -> str:
    """Return the table of costs in US dollars: in all, per 1,000 labels, and per 1,000 items with all of their labels."""
    return markdown_table(_cost_table(study))


def _summary(study: Study) -> str:
    split = f", experts differ on {study.n_split}." if study.n_split else "."
    return f"{study.n_items} items; the true label of {study.n_true} is known{split}"


def _tables(study: Study) -> Iterator[Table]:
    yield from (one for one in (_column_table(study), _between_table(study), _cost_table(study)) if one.rows)


def _column_table(study: Study) -> Table:
    return Table(
        ("annotator", "items", "labels", "without a label", "accuracy", "agreement", "alpha"),
        tuple(
            (
                *(one.name, str(one.n_items), str(one.n_labels), str(one.n_missing)),
                *(_share(one.accuracy), _percent(one.agreement), _coefficient(one.alpha)),
            )
            for one in study.columns
        ),
    )


def _between_table(study: Study) -> Table:
    return Table(
        ("first", "second", "items", "agreement", "kappa"),
        tuple(
            (
                *(one.first, one.second, str(one.kappa.n_items)),
                *(_percent(one.agreement), _coefficient(one.kappa)),
            )
            for one in study.between
        ),
    )


def _cost_table(study: Study) -> Table:
    return Table(
        ("annotator", "labels with a cost", "in all", "per 1,000 labels", "per 1,000 items"),
        tuple(
            (
                *(one.name, str(one.cost.n_priced), dollars(one.cost.total_usd)),
                *map(_per_thousand, (one.cost.per_label_usd, one.cost.per_item_usd)),
            )
            for one in study.columns
        ),
    )


def dollars(amount: Decimal | None) -> str:
    """Return an amount in US dollars to the cent, half a cent to the even one.

    >>> dollars(Decimal("1234.565")), dollars(None)
    ('$1,234.56', '–')
    """
    return "–" if amount is None else f"${amount.quantize(_CENT, ROUND_HALF_EVEN):,}"


def confusion_markdown(column: Column, labels: Sequence[str]) -> str:
    """Return the confusion matrix of one column: a row for each true label, how often each label was given to it."""
    return f"### {markdown_cell(column.name)}\n\n{markdown_table(_confusion_table(column, labels))}"


def _confusion_table(column: Column, labels: Sequence[str]) -> Table:
    return Table(
        (f"true label (rows), {column.name} (columns)", *labels),
        tuple(
            (true, *(str(column.confusion.get((true, given), 0)) for given in labels))
            for true in labels
            if any((true, given) in column.confusion for given in labels)
        ),
    )


def annotation_svg(study: Study) -> str:
    """Return the study's plot: accuracy and percent agreement of every column, with their intervals.

    Source: "ChatGPT outperforms crowd workers for text-annotation tasks" (arXiv 2303.15056), figure 1. Differs: intervals.
    """
    marks = []
    for one in study.columns:
        if one.accuracy.n:
            share = one.accuracy
            marks.append(Mark(f"{one.name}: accuracy", share.value, share.low, share.high, f"n = {share.n}"))
        told = one.agreement
        marks.append(Mark(f"{one.name}: agreement", told.value, told.low, told.high, f"n = {told.n_items}"))
    return intervals("Accuracy against experts, and agreement", marks)


def _per_thousand(amount: Decimal | None) -> str:
    return dollars(None if amount is None else amount * _THOUSAND)


def _share(one: Share) -> str:
    if one.value is None or one.low is None or one.high is None:
        return "–"
    return f"{shown(one.value)} [{shown(one.low)}, {shown(one.high)}]"


def _percent(one: Agreement) -> str:
    if one.value is None:
        return f"– ({one.reason})"
    ends = "" if one.low is None or one.high is None else f" [{shown(one.low)}, {shown(one.high)}]"
    return f"{shown(one.value)}{ends}"


def _coefficient(one: Agreement) -> str:
    if one.value is None:
        return f"– ({one.reason})"
    ends = "" if one.low is None or one.high is None else f" [{one.low:.2f}, {one.high:.2f}]"
    return f"{one.value:.2f}{ends}"
