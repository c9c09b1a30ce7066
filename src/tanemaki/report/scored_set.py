"""The report on single answers made elsewhere: what judges score them, what could not be read, and whether scores agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from statistics import fmean, stdev
from typing import Any

from tanemaki.core.judging import Scale
from tanemaki.judge.agreement import Agreement, Unit
from tanemaki.judge.bootstrap import enough_resamples, with_interval
from tanemaki.judge.rank_correlation import spearman
from tanemaki.judge.trust.scored import ScoredTrust, scored_trust
from tanemaki.report.judge_trust import JudgeReport, report
from tanemaki.report.sections import Section, markdown_of, of_known_truth, page_of
from tanemaki.report.svg import Mark, bars, shown
from tanemaki.report.tables import Table

Row = Mapping[str, Any]
TITLE = "What these answers are worth"
SCORES = "the set's scores"
_MOST_ANSWERS = 10  # a report shows the beginning of the queue; the queue itself is a file
_TEXT_CHARS = 80


@dataclass(frozen=True, slots=True)
class Scores:
    """One judge's scores."""

    judge: str
    trust: ScoredTrust
    values: tuple[float, ...]
    scale: Scale
    whys: Mapping[str, int]
    """Reason → answers without a score."""

    @property
    def spread(self) -> tuple[tuple[str, int], ...]:
        """Band of the scale → answers, each band as wide as one step of a whole scale."""
        counts = Counter(min(int(value), int(self.scale.high)) for value in self.values)
        return tuple(
            (str(step), counts[step]) for step in range(int(self.scale.low), int(self.scale.high) + 1)
        )


@dataclass(frozen=True, slots=True)
class DoubtfulAnswer:
    """An answer for a person to look at."""

    row: Row
    reasons: tuple[str, ...]
    """``alarm``, ``low_mass``, or why a judge gave no score."""


@dataclass(frozen=True, slots=True)
class ScoredReport:
    """What was found of a set of single answers."""

    facts: tuple[str, ...]
    judges: tuple[Scores, ...]
    order: tuple[tuple[str, str, Agreement], ...]
    """Every two opinions, with their rank correlation."""
    doubts: tuple[DoubtfulAnswer, ...]
    trials: JudgeReport | None

    def tables(self) -> Iterator[Section]:
        """Yield title, a remark below it, and the table."""
        yield "Scores", "", _score_table(self.judges)
        if any(one.whys for one in self.judges):
            yield "What could not be read", "", _why_table(self.judges)
        if self.order:
            remark = "Spearman's rank correlation: 1, the same order; 0, none; scales need not be the same."
            yield "Whether they order the answers alike", remark, _order_table(self.order)
        if self.doubts:
            remark = "All of them, for a person to look at: doubtful.jsonl"
            yield f"Doubtful answers ({len(self.doubts)} in all)", remark, _doubt_table(self.doubts)
        yield from of_known_truth(self.trials.tables() if self.trials else ())

    def markdown(self) -> str:
        """Return the report as Markdown."""
        return markdown_of(TITLE, self.facts, self.tables())

    def html(self) -> str:
        """Return the report as one page that needs nothing beside it."""
        return page_of(TITLE, self.facts, self.tables(), self.plots())

    def to_json(self) -> dict[str, Any]:
        """Return the numbers for machines."""
        return {
            "judges": [
                {
                    "judge": one.judge,
                    "scores": dict(one.spread),
                    "whys": dict(one.whys),
                    "read": asdict(one.trust.read),
                }
                for one in self.judges
            ],
            "order": [
                {"first": first, "second": second, **asdict(told)} for first, second, told in self.order
            ],
            "doubtful": len(self.doubts),
        }

    def plots(self) -> tuple[str, ...]:
        """Return a plot for each judge: how many answers got which score."""
        found = []
        for one in self.judges:
            n = len(one.values)
            marks = [Mark(step, count / n if n else None, note=f"n = {count}") for step, count in one.spread]
            most = max((mark.value or 0.0 for mark in marks), default=0.0)
            quarters = min(4, int(4 * most) + 1)  # the axis ends at the quarter above the longest bar
            found.append(bars(f"Scores by {one.judge} ({one.scale})", marks, high=quarters / 4))
        return tuple(found)


def scored_report(
    judged: Mapping[str, Sequence[Row]],
    field: str,
    scale: Scale,
    *,
    trials: Sequence[Row] = (),
    facts: Sequence[str] = (),
) -> ScoredReport:
    """Return the report on answers that judges scored. ``judged`` maps a judge to its rows, all in the same order.

    A row has ``field`` and ``<field>_parts`` as the step Score writes them, and perhaps a ``score`` that the set gives.

    >>> rows = [{"prompt": "春の花は？", "answer": "桜です。", "single": 8, "single_parts": {}}]
    >>> scored_report({"松": rows}, "single", Scale(1, 10)).judges[0].values
    (8.0,)
    """
    return ScoredReport(
        tuple(facts),
        tuple(_scores(name, rows, field, scale) for name, rows in judged.items()),
        tuple(_order(judged, field)),
        tuple(_doubts(judged, field)),
        report(trials) if trials else None,
    )


def _scores(judge: str, rows: Sequence[Row], field: str, scale: Scale) -> Scores:
    trusted = scored_trust(rows, field)
    whys = Counter(str(row[f"{field}_parts"].get("why")) for row in rows if row[field] is None)
    values = tuple(float(row[field]) for row in rows if row[field] is not None)
    return Scores(judge, trusted, values, scale, dict(whys.most_common()))


def _order(judged: Mapping[str, Sequence[Row]], field: str) -> Iterator[tuple[str, str, Agreement]]:
    scores = {name: {_key(row): row[field] for row in rows} for name, rows in judged.items()}
    given = {_key(row): _number(row.get("score")) for rows in judged.values() for row in rows}
    if any(one is not None for one in given.values()):
        scores = {SCORES: given, **scores}
    for first, second in combinations(scores, 2):
        keys = sorted(scores[first].keys() & scores[second].keys())
        units: list[Unit] = [(scores[first][key], scores[second][key]) for key in keys]
        units = [unit for unit in units if None not in unit]
        yield (
            first,
            second,
            with_interval(units, spearman, first, second, n_resamples=enough_resamples(len(units))),
        )


def _doubts(judged: Mapping[str, Sequence[Row]], field: str) -> Iterator[DoubtfulAnswer]:
    found: dict[tuple[str, str], tuple[Row, list[str]]] = {}
    for name, rows in judged.items():
        for row in rows:
            parts = row[f"{field}_parts"]
            reasons = [f"{name}: {parts.get('why')}"] if row[field] is None else []
            reasons += [f"{name}: alarm"] if parts.get("alarm") else []
            if reasons:
                found.setdefault(_key(row), (row, []))[1].extend(reasons)
    for row, reasons in sorted(found.values(), key=lambda one: -len(one[1])):
        yield DoubtfulAnswer(row, tuple(reasons))


def _key(row: Row) -> tuple[str, str]:
    return row["prompt"], row["answer"]


def _number(value: Any) -> float | None:
    try:
        return None if value is None or isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None


def _score_table(judges: Sequence[Scores]) -> Table:
    head = ("judge", "answers", "read", "mean", "standard deviation", "mass on legal options", "alarms")
    return Table(head, tuple(_line(one) for one in judges))


def _line(one: Scores) -> tuple[str, ...]:
    n, trusted = len(one.values), one.trust
    alarms = trusted.alarms
    return (
        *(one.judge, str(trusted.n_rows)),
        "no rate (n = 0)" if trusted.read.value is None else shown(trusted.read.value),
        f"{fmean(one.values):.2f}" if n else "no score",
        f"{stdev(one.values):.2f}" if n > 1 else "not told",
        "not told" if trusted.legal_mass is None else f"{trusted.legal_mass:.3f}",
        "not told" if alarms.value is None else f"{alarms.hits} of {alarms.n}",
    )


def _why_table(judges: Sequence[Scores]) -> Table:
    lines = ((one.judge, why, str(n)) for one in judges for why, n in one.whys.items())
    return Table(("judge", "reason", "answers"), tuple(lines))


def _order_table(order: Sequence[tuple[str, str, Agreement]]) -> Table:
    def told(one: Agreement) -> str:
        if one.value is None:
            return f"none ({one.reason})"
        ends = "" if one.low is None or one.high is None else f" ({one.low:.3f} to {one.high:.3f})"
        return f"{one.value:.3f}{ends}"

    lines = ((first, second, str(one.n_items), told(one)) for first, second, one in order)
    return Table(("first", "second", "answers", "rank correlation"), tuple(lines))


def _doubt_table(doubts: Sequence[DoubtfulAnswer]) -> Table:
    return Table(
        ("row", "prompt", "reasons"),
        tuple(
            (str(one.row.get("origin", "")), str(one.row["prompt"])[:_TEXT_CHARS], ", ".join(one.reasons))
            for one in doubts[:_MOST_ANSWERS]
        ),
    )
