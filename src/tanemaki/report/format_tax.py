"""The report on the price of a fixed form: three ways of asking side by side, and whether places among options matter.

What is measured lies in :mod:`tanemaki.report.format_tax_measured`; here it is shown, every share with its 95 % interval and
its n. What was not measured says so. What could not be read is wrong, and is told apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tanemaki.judge.shares import Share
from tanemaki.judge.token_probs import LEAST_MASS
from tanemaki.judge.trust.clustered import share_of
from tanemaki.report.format_tax_measured import Difference, FormatTax
from tanemaki.report.sections import Section, markdown_of, page_of
from tanemaki.report.svg import Mark, bars, intervals, shown
from tanemaki.report.tables import Table
from tanemaki.verify.format_tax.choice import WHY
from tanemaki.verify.format_tax.options import N_OPTIONS
from tanemaki.verify.format_tax.rows import Asked, read_rows
from tanemaki.verify.format_tax.ways import FIXED, WAYS, Way

_TITLE = "What a fixed form costs"
_FEW_PROBLEMS = 25  # below, Pearson's test has fewer than five expected choices a place, as is usually asked
_LEAST_P = 0.001
_POINTS = 100


@dataclass(frozen=True, slots=True)
class TaxReport:
    """Models side by side."""

    models: tuple[FormatTax, ...]

    def markdown(self) -> str:
        """Return the report as Markdown."""
        return markdown_of(_TITLE, (), self.sections())

    def html(self) -> str:
        """Return the report as one page that needs nothing beside it."""
        return page_of(_TITLE, (), self.sections(), self.plots())

    def plots(self) -> tuple[str, ...]:
        """Return the plots as SVG: the differences with a row for each model, and for each model its ways and places."""
        plots = [
            intervals(
                title[:1].upper() + title[1:],
                [_difference_mark(one, one.less(*ways)) for one in self.models],
                low=-1.0,
            )
            for title, ways in _LESS
        ]
        for one in self.models:
            right = [_mark(way, one.right(way)) for way in WAYS]
            chosen = [_mark(f"place {place}", one.chosen_at("strict", place)) for place in _PLACES]
            plots += [
                intervals(f"Right answers of {one.model}", right),
                bars(f"Places chosen in the strict form by {one.model}", chosen),
            ]
        return tuple(plots) if self.models else ()

    def sections(self) -> Iterator[Section]:
        """Yield every table with its title and a remark, in the order of the page."""
        yield "Right answers and obedience", _REMARK, _number_table(self.models)
        if any(one.unchosen(way).hits for one in self.models for way in WAYS):
            yield "Why nothing was chosen", "", _why_table(self.models)
        yield "Places", _PLACE_REMARK, _place_table(self.models)
        yield "Does the place matter?", _preference_remark(self.models), _preference_table(self.models)
        if any(one.told for one in self.models):
            yield "By probability, in the strict form", _MASS_REMARK, _told_table(self.models)


_PLACES = range(1, N_OPTIONS + 1)
_LESS: Sequence[tuple[str, tuple[Way, Way]]] = (
    ("format tax (free - strict)", ("free", "strict")),
    ("reasoned - strict", ("reasoned", "strict")),
)
_REMARK = (
    "The format tax is the share right in free text less the share right where only the number may be written, of the same "
    "items. A reply that could not be read counts as wrong."
)
_PLACE_REMARK = (
    "Chosen: of the replies that chose an option. Right: where the right option stands at this place."
)
_MASS_REMARK = (
    "Taken is the option whose number is the most probable where the reply begins; mass is what the five numbers have "
    "together."
)


def report(rows: Iterable[Mapping[str, Any]]) -> TaxReport:
    """Return the report on every model in the rows of runs of ``format_tax``, by name.

    Raises ``DataError`` for what is no such row.

    >>> found = report([])
    >>> found.models, found.markdown().splitlines()[0]
    ((), '# What a fixed form costs')
    """
    by_model: dict[str, list[Asked]] = {}
    for row in read_rows(rows):
        by_model.setdefault(row.model, []).append(row)
    return TaxReport(tuple(FormatTax(name, tuple(by_model[name])) for name in sorted(by_model)))


def _number_table(models: Sequence[FormatTax]) -> Table:
    measured: list[tuple[str, Callable[[FormatTax], str]]] = [
        ("items asked in three ways", lambda one: str(len(one.rows))),
        ("problems", lambda one: str(one.n_problems)),
        *((f"right, {way}", lambda one, way=way: _share(one.right(way))) for way in WAYS),
        *((title, lambda one, ways=ways: _difference(one.less(*ways))) for title, ways in _LESS),
        *((f"form obeyed, {way}", lambda one, way=way: _share(one.obeyed(way))) for way in FIXED),
        *(
            (f"right where the form was obeyed, {way}", lambda one, way=way: _share(one.right_in_form(way)))
            for way in FIXED
        ),
        *((f"no choice, {way}", lambda one, way=way: _share(one.unchosen(way))) for way in WAYS),
    ]
    return _side_by_side(models, measured)


def _told_table(models: Sequence[FormatTax]) -> Table:
    return _side_by_side(
        models,
        [
            ("rows with probabilities", lambda one: str(len(one.told))),
            (
                "right, most probable number",
                lambda one: _of_told(one, lambda row: row.probable == row.right_place),
            ),
            ("right, as written", lambda one: _of_told(one, lambda row: row.is_right("strict"))),
            (
                "the most probable number is the one that was written",
                lambda one: _of_told(
                    one, lambda row: row.probable is not None and row.probable == row.by_way["strict"].place
                ),
            ),
            ("mean mass on the five numbers", _mean_mass),
            ("mass below one half", lambda one: _of_told(one, lambda row: (row.mass or 0.0) < LEAST_MASS)),
        ],
    )


def _of_told(one: FormatTax, holds: Callable[[Asked], bool]) -> str:
    return _share(share_of((row.problem, holds(row)) for row in one.told))


def _mean_mass(one: FormatTax) -> str:
    masses = [row.mass or 0.0 for row in one.told]
    return f"{math.fsum(masses) / len(masses):.3f}" if masses else "not told"


def _side_by_side(
    models: Sequence[FormatTax], lines: Sequence[tuple[str, Callable[[FormatTax], str]]]
) -> Table:
    return Table(
        ("", *(one.model for one in models)),
        tuple((title, *(shown_of(one) for one in models)) for title, shown_of in lines),
    )


def _why_table(models: Sequence[FormatTax]) -> Table:
    found = ((one.model, way, why, one.unchosen(way, why)) for one in models for way in WAYS for why in WHY)
    return Table(
        ("model", "way", "reason", "share"),
        tuple((model, way, why, _share(share)) for model, way, why, share in found if share.hits),
    )


def _place_table(models: Sequence[FormatTax]) -> Table:
    return Table(
        ("model", "way", "place", "chosen", "right"),
        tuple(
            (one.model, way, str(place), _share(one.chosen_at(way, place)), _share(one.right_at(way, place)))
            for one in models
            for way in WAYS
            for place in _PLACES
        ),
    )


def _preference_table(models: Sequence[FormatTax]) -> Table:
    lines = []
    for one in models:
        for way in WAYS:
            found = one.preference(way)
            told = f"below {_LEAST_P}" if found.p < _LEAST_P else f"{found.p:.3f}"
            lines.append(
                (one.model, way, f"{found.chi_square:.1f} ({found.df})", told, _share(one.same_option(way)))
            )
    return Table(("model", "way", "χ² (degrees of freedom)", "p", "same option in every order"), tuple(lines))


def _preference_remark(models: Sequence[FormatTax]) -> str:
    said = (
        "Tested is whether the chosen places are as even as they are where only what an option says matters."
    )
    if any(one.n_problems < _FEW_PROBLEMS for one in models):
        said += f" With fewer than {_FEW_PROBLEMS} problems χ² and p are rough."
    return said


def _mark(label: str, share: Share) -> Mark:
    return Mark(label, share.value, share.low, share.high, f"n = {share.n}")


def _difference_mark(of: FormatTax, one: Difference) -> Mark:
    return Mark(of.model, one.value, one.low, one.high, f"n = {len(of.rows)}")


def _share(share: Share) -> str:
    if share.value is None or share.low is None or share.high is None:
        return "no rate (n = 0)"
    return f"{shown(share.value)} ({shown(share.low)} to {shown(share.high)}, n = {share.n})"


def _difference(one: Difference) -> str:
    if one.value is None or one.low is None or one.high is None:
        return "none (n = 0)"
    return f"{_points(one.value)} ({_points(one.low)} to {_points(one.high)}) points"


def _points(value: float) -> str:
    return f"{_POINTS * value:+.3g}"
