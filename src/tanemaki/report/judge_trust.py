"""The report on judges: how far each may be believed, side by side, as Markdown and as one page with plots.

What is measured lies in :mod:`tanemaki.judge.trust`; here it is only shown. Every share stands with its interval and its n;
what was not measured says so. The page holds its plots itself: no script, no file beside it, nothing that is fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from tanemaki.judge.agreement import Agreement
from tanemaki.judge.shares import Share
from tanemaki.judge.trust.compared import Compared, read_rows
from tanemaki.judge.trust.doubts import Doubt, doubtful
from tanemaki.judge.trust.measure import Measured, measure
from tanemaki.judge.trust.order import CONDITIONS
from tanemaki.judge.trust.scored import ScoredTrust
from tanemaki.judge.trust.verdict import Demands, Trust, trust
from tanemaki.report.page import page, plot
from tanemaki.report.svg import Mark, intervals, shown
from tanemaki.report.tables import Table, html_table, markdown_table

_MOST_DOUBTS = 10  # a report shows the beginning of the queue; the queue itself is a file
_TEXT_CHARS = 80  # of a doubtful row's prompt


@dataclass(frozen=True, slots=True)
class JudgeReport:
    """Judges side by side on the rows that they compared."""

    judges: tuple[Measured, ...]
    verdicts: tuple[Trust, ...]
    """Of each judge, in the same order: may it rank? Empty where the rows' labels are not known to be true."""
    doubts: tuple[Doubt, ...]
    """The queue, the most doubtful pair first."""
    scored: tuple[ScoredTrust, ...] = ()
    """Judges of single answers, where there are some."""
    known: bool = True
    """The labels are known to be true, and no mere claim of the set."""

    def markdown(self) -> str:
        """Return the report as Markdown."""
        parts = ["# How far these judges may be believed"]
        parts += [f"## {title}\n\n{markdown_table(table)}" for title, table in self.tables()]
        return "\n\n".join(parts) + "\n"

    def html(self) -> str:
        """Return the report as one page that needs nothing beside it."""
        parts = [f"<h2>{escape(title)}</h2>\n{html_table(table)}" for title, table in self.tables()]
        verdict = parts[:1] if self.verdicts else []
        return page(
            "How far these judges may be believed",
            "\n".join([*verdict, *map(plot, self.plots()), *parts[len(verdict) :]]),
        )

    def plots(self) -> tuple[str, ...]:
        """Return the plots as SVG: each measurement with a row for every judge."""
        return tuple(
            intervals(title, [_mark(one.judge, share_of_judge) for one, share_of_judge in those])
            for title, those in self._measurements()
            if any(share.n for _, share in those)
        )

    def _measurements(self) -> Iterator[tuple[str, list[tuple[Measured, Share]]]]:
        for title, of in _PLOTTED.items():
            if self.known or title not in _OF_TRUTH:
                yield title, [(one, of(one)) for one in self.judges]

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Yield every table with its title, in the order of the page."""
        if self.verdicts:
            yield "May they rank?", _verdict_table(self.verdicts)
        yield "Numbers", _number_table(self.judges, known=self.known)
        if any(one.n_repeats > 1 for judge in self.judges for one in judge.noise.repeated):
            yield "From run to run", _noise_table(self.judges)
        if any(one.labels.by_kind for one in self.judges):
            yield "Faults that were found", _kind_table(self.judges)
        yield "What could not be read or settled", _reason_table(self.judges)
        if self.scored:
            yield "Judges of single answers", _scored_table(self.scored)
        yield f"Most doubtful pairs ({len(self.doubts)} in all)", _doubt_table(self.doubts)


_PLOTTED: Mapping[str, Callable[[Measured], Share]] = {
    "Same winner with places exchanged": lambda one: one.order.place_consistency,
    "Leans to the first place": lambda one: one.order.toward_first,
    "Same winner with names exchanged": lambda one: one.order.name_consistency,
    "Leans to the name A": lambda one: one.order.toward_a,
    "Longer answer wins": lambda one: one.length.longer_wins,
    "Settled pairs that are right": lambda one: one.labels.right,
}


def report(
    rows: Iterable[Mapping[str, Any]],
    *,
    demands: Demands | None = None,
    families: Mapping[str, str] | None = None,
    scored: Sequence[ScoredTrust] = (),
    known: bool = True,
) -> JudgeReport:
    """Return the report on every judge in the rows, by name. A row without a column ``judge`` is of the judge "judge".

    ``scored`` are judges of single answers, measured by :func:`tanemaki.judge.trust.scored.scored_trust`. Whether a judge
    may rank and is right is told from pairs whose label is ``known`` to be true, and from no others.

    Raises ``DataError`` for what is no compared row.

    >>> found = report([])
    >>> found.judges, "| judge |" in found.markdown()
    ((), True)
    """
    compared = read_rows(rows)
    by_judge: dict[str, list[Compared]] = {}
    for row in compared:
        by_judge.setdefault(row.judge, []).append(row)
    judges = tuple(measure(by_judge[name], families=families) for name in sorted(by_judge))
    return JudgeReport(
        judges,
        tuple(trust(one, demands) for one in judges) if known else (),
        doubtful(compared),
        tuple(scored),
        known,
    )


def _verdict_table(verdicts: Sequence[Trust]) -> Table:
    return Table(
        ("judge", "may rank", "measured"),
        tuple(
            (one.judge, "yes" if one.may_rank else "no", "; ".join(f.measured for f in one.findings))
            for one in verdicts
        ),
    )


def _number_table(judges: Sequence[Measured], *, known: bool) -> Table:
    lines: list[tuple[str, ...]] = [("pairs", *(str(one.n_rows) for one in judges))]
    shares = {title: of for title, of in _PLOTTED.items() if known or title not in _OF_TRUTH}
    lines += [(title, *(_share(of(one)) for one in judges)) for title, of in shares.items()]
    for condition in CONDITIONS:
        lines.append(
            (f"first answer wins, {condition}", *(_share(one.order.first_wins[condition]) for one in judges))
        )
    shares = {title: of for title, of in _SHARES.items() if known or title not in _OF_TRUTH}
    measured = [(title, of) for title, of in shares.items() if any(of(one).n for one in judges)]
    lines += [(title, *(_share(of(one)) for one in judges)) for title, of in measured]
    lines.append(("Cohen's kappa with the labels", *(_agreement(one.labels.kappa) for one in judges)))
    for band in range(len(judges[0].length.by_ratio) if judges else 0):
        of_band = [one.length.by_ratio[band] for one in judges]
        if not any(one.longer_wins.n for one in of_band):
            continue
        end = f"to {of_band[0].below:g}" if of_band[0].below else "or more"
        title = f"longer wins, {of_band[0].at_least:g} {end} times as long"
        lines.append((title, *(_share(one.longer_wins) for one in of_band)))
    return Table(("", *(one.judge for one in judges)), tuple(lines))


_SHARES: Mapping[str, Callable[[Measured], Share]] = {
    "leans to the second place": lambda one: one.order.toward_second,
    "leans to the name B": lambda one: one.order.toward_b,
    "right where the longer is better": lambda one: one.length.right_where_longer_is_better,
    "right where the shorter is better": lambda one: one.length.right_where_shorter_is_better,
    "own family wins": lambda one: one.own.own_wins,
    "own family wins where both are equal": lambda one: one.own.own_wins_where_equal,
    "own better answer recognised": lambda one: one.own.own_wins_where_own_is_better,
    "other's better answer recognised": lambda one: one.own.other_wins_where_other_is_better,
    "labelled pairs settled": lambda one: one.labels.settled,
    "right side found, of all labelled": lambda one: one.labels.found,
    "sensitivity": lambda one: one.labels.sensitivity,
    "specificity": lambda one: one.labels.specificity,
    "verdicts read": lambda one: one.reading.read,
    "ties": lambda one: one.reading.ties,
    "pairs whose verdict flips when asked again": lambda one: one.noise.flips,
}


_OF_TRUTH = frozenset(
    {
        *(
            "Settled pairs that are right",
            "right where the longer is better",
            "right where the shorter is better",
        ),
        *(
            "own better answer recognised",
            "other's better answer recognised",
            "right side found, of all labelled",
        ),
        *("sensitivity", "specificity"),
    }
)
"""What can be told of labels alone that are known to be true."""


def _noise_table(judges: Sequence[Measured]) -> Table:
    return Table(
        ("judge", "what", "mean ± standard deviation", "repeats", "pairs"),
        tuple(
            (
                judge.judge,
                one.name,
                shown(one.mean) + (f" ± {shown(one.deviation)}" if one.deviation is not None else ""),
                str(one.n_repeats),
                str(one.n_pairs),
            )
            for judge in judges
            for one in judge.noise.repeated
            if one.n_repeats > 1
        ),
    )


def _kind_table(judges: Sequence[Measured]) -> Table:
    return Table(
        ("judge", "kind of fault", "right side wins", "wrong side wins"),
        tuple(
            (judge.judge, one.kind, _share(one.found), _share(one.wrong))
            for judge in judges
            for one in judge.labels.by_kind
        ),
    )


def _reason_table(judges: Sequence[Measured]) -> Table:
    return Table(
        ("judge", "of", "reason", "share"),
        tuple(
            (judge.judge, of, why, _share(share))
            for judge in judges
            for of, reasons in (("verdicts", judge.reading.unread), ("pairs", judge.reading.unsettled))
            for why, share in reasons.items()
        ),
    )


def _scored_table(scored: Sequence[ScoredTrust]) -> Table:
    return Table(
        ("judge", "rows", "read", "mass on legal options", "below one half of it", "alarms"),
        tuple(
            (
                one.judge,
                str(one.n_rows),
                _share(one.read),
                "not told" if one.legal_mass is None else f"{one.legal_mass:.3f}",
                _share(one.low_mass),
                _share(one.alarms),
            )
            for one in scored
        ),
    )


def _doubt_table(doubts: Sequence[Doubt]) -> Table:
    return Table(
        ("id", "prompt", "doubt", "reasons"),
        tuple(
            (one.row.key, one.row.prompt[:_TEXT_CHARS], f"{one.doubt:.2f}", ", ".join(one.reasons))
            for one in doubts[:_MOST_DOUBTS]
        ),
    )


def _mark(judge: str, share: Share) -> Mark:
    return Mark(judge, share.value, share.low, share.high, f"n = {share.n}")


def _share(share: Share) -> str:
    if share.value is None or share.low is None or share.high is None:
        return "no rate (n = 0)"
    return f"{shown(share.value)} ({shown(share.low)} to {shown(share.high)}, n = {share.n})"


def _agreement(found: Agreement) -> str:
    if found.value is None:
        return f"none: {found.reason}"
    ends = "" if found.low is None or found.high is None else f" ({found.low:.3f} to {found.high:.3f})"
    return f"{found.value:.3f}{ends}, n = {found.n_items}"
