"""The report on a set made elsewhere: whether its labels hold, how far judges agree, and what a person should decide.

Every rate of a judge stands beside the one corrected for its errors on pairs of known truth. What could not be measured says
why. The numbers are those of :mod:`tanemaki.judge.trust`; here they are put side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from tanemaki.judge.trust.compared import Compared, pair_key, read_rows
from tanemaki.judge.trust.doubts import Doubt, doubtful
from tanemaki.judge.trust.held import Held, held
from tanemaki.judge.trust.labels import AgainstLabels, against_labels
from tanemaki.judge.trust.raters import Raters, agreement_of
from tanemaki.judge.trust.verdict import Trust
from tanemaki.report.judge_trust import JudgeReport, report
from tanemaki.report.sections import Section, markdown_of, of_known_truth, page_of
from tanemaki.report.set_tables import (
    corrected_cell,
    ends,
    model_table,
    raters_table,
    said_of_all,
    share_cell,
)
from tanemaki.report.svg import Mark, intervals
from tanemaki.report.tables import Table

Row = Mapping[str, Any]
TITLE = "What the labels of this set are worth"
LABELS = "the set's labels"
DECISIONS = "people's decisions"
_HOW_CORRECTED = (
    "Corrected: as it would be with a judge that does not err, if it errs on this set as it does on the pairs of known"
    " truth. Intervals are 95 % and carry both doubts."
)


@dataclass(frozen=True, slots=True)
class SetReport:
    """What was found of a set of pairs."""

    facts: tuple[str, ...]
    """Sentences about the set: its form, its rows, what was left out."""
    held: tuple[Held, ...]
    """Of each judge."""
    raters: Raters | None
    """None with fewer than two opinions to compare."""
    judges: JudgeReport
    """The judges' numbers on the set; whether they may rank is told from pairs of known truth alone."""
    trials: JudgeReport | None
    """The judges on pairs of known truth; None where none was asked about such."""
    labelled: bool = True
    """The set says of some pair which side is better."""

    @property
    def verdicts(self) -> Mapping[str, Trust]:
        """Judge → whether it may rank, where it was tried."""
        return {one.judge: one for one in self.trials.verdicts} if self.trials else {}

    def tables(self) -> Iterator[Section]:
        """Yield title, a remark below it, and the table, in the order of the page."""
        if self.labelled and self.held:
            yield "Do the labels hold?", _HOW_CORRECTED, self._held_table()
        if self.raters is not None:
            yield "How far the opinions agree", said_of_all(self.raters), raters_table(self.raters)
        if any(one.models for one in self.held):
            yield "Which models win", _HOW_CORRECTED, model_table(self.held)
        of_set = {title: table for title, table in self.judges.tables() if table.rows}
        doubts = next((title for title in of_set if title.startswith("Most doubtful")), None)
        if doubts is not None:
            yield doubts, "All of them, to be decided by a person: doubtful.jsonl", of_set.pop(doubts)
        for title, table in of_set.items() if self.judges.judges else ():
            yield f"On this set: {title[0].lower()}{title[1:]}", "", table
        yield from of_known_truth(self.trials.tables() if self.trials else ())

    def markdown(self) -> str:
        """Return the report as Markdown."""
        return markdown_of(TITLE, self.facts, self.tables())

    def html(self) -> str:
        """Return the report as one page that needs nothing beside it."""
        return page_of(TITLE, self.facts, self.tables(), self.plots())

    def to_json(self) -> dict[str, Any]:
        """Return the numbers for machines: rates from 0 to 1 with their ends, coefficients, reasons where there is none."""
        return {
            "judges": [
                {
                    "judge": one.judge,
                    "may_rank": self.verdicts[one.judge].may_rank if one.judge in self.verdicts else None,
                    "labels_hold": asdict(one.said),
                    "labels_hold_corrected": asdict(one.corrected),
                    "labels_wrong": asdict(one.noise),
                    "models": {model.model: asdict(model) for model in one.models},
                }
                for one in self.held
            ],
            "agreement": None if self.raters is None else asdict(self.raters),
            "doubtful": len(self.judges.doubts),
        }

    def plots(self) -> tuple[str, ...]:
        """Return the plots as SVG: do the labels hold, then the biases on the set."""
        marks = []
        for one in self.held:
            if one.said.n:
                marks.append(Mark(one.judge, *ends(one.said), f"as judged, n = {one.said.n}"))
                marks.append(Mark(one.judge, *ends(one.corrected), "corrected"))
        first = (intervals("The side that the set calls better wins", marks),) if marks else ()
        return (*first, *self.judges.plots())

    def _held_table(self) -> Table:
        lines = []
        for one in self.held:
            verdict = self.verdicts.get(one.judge)
            may = "not tried" if verdict is None else "yes" if verdict.may_rank else "no"
            settled = next((m.labels.settled for m in self.judges.judges if m.judge == one.judge), None)
            lines.append(
                (
                    one.judge,
                    may,
                    share_cell(settled),
                    share_cell(one.said),
                    corrected_cell(one.corrected),
                    corrected_cell(one.noise),
                )
            )
        head = (
            "judge",
            "may rank",
            "settled",
            "labels hold, as judged",
            "labels hold, corrected",
            "labels that are wrong",
        )
        return Table(head, tuple(lines))


def set_report(
    pairs: Sequence[Row],
    judged: Sequence[Row] = (),
    *,
    others: Sequence[Row] = (),
    trials: Sequence[Row] = (),
    facts: Sequence[str] = (),
) -> SetReport:
    """Return the report on a set.

    ``pairs`` are its rows: ``prompt``, ``first``, ``second``, the ``label`` that the set gives and the ``decision`` of a
    person, where there are such. ``judged`` are the same rows with the comparison of each judge, ``others`` with labels from
    elsewhere in the form of comparisons, ``trials`` rows of the judges on pairs of known truth. Pairs that a person decided
    are not doubtful any more, and stand in for trials where there are none.

    Raises ``DataError`` for what is no compared row.

    >>> set_report([]).raters is None
    True
    """
    claimed = [{**row, "decision": None} for row in judged]
    compared = read_rows(claimed)
    tried = report(trials) if trials else None
    known = {one.judge: one.labels for one in tried.judges} if tried else {}
    by_judge = _by_judge(compared)
    raters = _opinions(pairs, [*compared, *read_rows(others)])
    believed = {one.judge for one in tried.verdicts if one.may_rank} if tried else set()
    # A judge that fails its trial makes every pair doubtful, and tells nothing by it.
    heard = (
        [row for row in compared if row.judge in believed] if believed & by_judge.keys() else list(compared)
    )
    decided = {key_of(row) for row in pairs if row.get("decision")}
    doubts = _with_alarms(doubtful([*heard, *read_rows(others)]), pairs)
    doubts = [one for one in doubts if one.row.key not in decided]
    return SetReport(
        tuple(facts),
        tuple(
            held(by_judge[name], name, known.get(name) or _decided(judged, name)) for name in sorted(by_judge)
        ),
        agreement_of(raters) if len(raters) > 1 else None,
        replace(report(claimed, known=False), doubts=tuple(doubts)),
        tried,
        any(row.get("label") for row in pairs),
    )


def _with_alarms(doubts: Sequence[Doubt], pairs: Sequence[Row]) -> list[Doubt]:
    """Add the pairs whose own scores contradict one another: whatever judges say, one of those scores is wrong."""
    found = {one.row.key: one for one in doubts}
    unjudged: Row = {"score": None, "why": "not_judged", "verdicts": []}
    for row in read_rows({**row, "comparison": unjudged} for row in pairs if row.get("alarm")):
        known = found.get(row.key, Doubt(row, {}, {}))
        found[row.key] = replace(known, reasons={**known.reasons, "alarm": 1.0})
    return sorted(found.values(), key=lambda one: (-one.doubt, one.row.key))


def key_of(row: Row) -> str:
    """Return the name of a row's pair."""
    return pair_key(row["prompt"], row["first"], row["second"])


def _by_judge(compared: Sequence[Compared]) -> dict[str, list[Compared]]:
    found: dict[str, list[Compared]] = {}
    for row in compared:
        found.setdefault(row.judge, []).append(row)
    return found


def _decided(judged: Sequence[Row], judge: str) -> AgainstLabels | None:
    """Return the judge beside people's decisions, where there are some."""
    found = [row for row in judged if row.get("decision") and (row.get("judge") or "judge") == judge]
    return against_labels(read_rows(found)) if found else None


def _opinions(pairs: Sequence[Row], compared: Sequence[Compared]) -> dict[str, Mapping[str, str]]:
    """Return every opinion on the pairs that there is: labels, decisions, further labels, judges."""
    found: dict[str, Mapping[str, str]] = {
        name: {key_of(row): row[column] for row in pairs if row.get(column)}
        for name, column in ((LABELS, "label"), (DECISIONS, "decision"))
    }
    for name, those in sorted(_by_judge(compared).items()):
        found[name] = {one.key: one.winner for one in those if one.winner}
    return {name: one for name, one in found.items() if one}
