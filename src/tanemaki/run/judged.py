"""What judges said of a set made elsewhere, gathered from their runs and written as a report with its queue.

The folder of such a study holds ``rows.jsonl`` (the set as judges take it), a run file and a run for each judge, and what is
written here: ``report.html``, ``report.md``, ``doubtful.jsonl`` (pairs for a person to decide), ``decisions.jsonl`` (what
was decided) and ``decided.jsonl`` (the set with the decisions).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tanemaki.core.errors import SetupError
from tanemaki.core.judging import Scale
from tanemaki.judge.by_name import judge_of
from tanemaki.judge.trust.compared import Compared, read_rows
from tanemaki.judge.trust.doubts import Decisions, queue_lines, read_decisions, with_decisions
from tanemaki.report.judged_set import SetReport, key_of, set_report
from tanemaki.report.scored_set import ScoredReport, scored_report
from tanemaki.run import look
from tanemaki.run.verdict import rows_tried

ROWS, DOUBTFUL, DECISIONS, DECIDED = "rows.jsonl", "doubtful.jsonl", "decisions.jsonl", "decided.jsonl"
_UNJUDGED: Mapping[str, Any] = {"score": None, "why": "not_judged", "verdicts": []}
_ROLE = "judge"  # which the recipe judge_rows asks
Row = dict[str, Any]


def report_on_pairs(
    folder: Path,
    runs: Mapping[str, Path],
    opinions: Mapping[str, Mapping[str, str]],
    facts: Sequence[str],
    decisions: Path | None = None,
) -> SetReport:
    """Write the report on a set of pairs into its folder, and return it.

    ``runs`` maps a judge's name to the folder of its run, ``opinions`` further labels to pair and side. ``decisions`` is a
    queue that a person filled in; it is kept, and counts from then on. Raises ``SetupError`` where a queue in the folder
    holds decisions that were not named, ``DataError`` for decisions that do not fit the rows.
    """
    pairs = list(_lines(folder / ROWS))
    decided = _decisions(folder, pairs, decisions)
    pairs = list(with_decisions(pairs, decided))
    kept = {key_of(row): row for row in pairs}
    judged = [
        {**kept[key_of(row)], "judge": name, "comparison": row["comparison"]}
        for name, run in runs.items()
        for row in _accepted(run)
        if key_of(row) in kept
    ]
    trials = [row for name, run in runs.items() for row in _trial(run, name)]
    others = [
        _said(kept[key], name, side)
        for name, those in opinions.items()
        for key, side in those.items()
        if key in kept
    ]
    found = set_report(pairs, judged, others=others, trials=trials, facts=facts)
    _write(folder / "report.md", found.markdown())
    _write(folder / "report.html", found.html())
    _write(folder / DOUBTFUL, "".join(f"{line}\n" for line in queue_lines(found.judges.doubts)))
    if decided.decided:
        _write(
            folder / DECIDED, "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in _mended(pairs))
        )
    return found


def report_on_answers(
    folder: Path, runs: Mapping[str, Path], judge: str, language: str, facts: Sequence[str]
) -> ScoredReport:
    """Write the report on a set of single answers into its folder, and return it."""
    judged = {name: _accepted(run) for name, run in runs.items()}
    trials = [row for name, run in runs.items() for row in _trial(run, name)]
    scale: Scale = judge_of(judge, language).scale
    found = scored_report(judged, judge, scale, trials=trials, facts=facts)
    _write(folder / "report.md", found.markdown())
    _write(folder / "report.html", found.html())
    queue = ({**_asked(one.row), "reasons": list(one.reasons)} for one in found.doubts)
    _write(folder / DOUBTFUL, "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in queue))
    return found


def _asked(row: Mapping[str, Any]) -> Row:
    return {name: row[name] for name in ("origin", "prompt", "answer") if name in row}


def _decisions(folder: Path, pairs: Sequence[Row], given: Path | None) -> Decisions:
    """Return all decisions, those of earlier starts among them, and keep them."""
    known = _known(pairs)
    queue = folder / DOUBTFUL
    named = given is not None and given.resolve() == queue.resolve()
    if queue.exists() and not named and any(row["decision"] is not None for row in _lines(queue)):
        raise SetupError(
            "the queue in the folder holds decisions, which a new queue would overwrite",
            where=str(queue),
            next=f"--decisions {queue} takes them in",
        )
    lines = [*_texts(folder / DECISIONS), *(_texts(given) if given else ())]
    decided = read_decisions(lines, known)
    if given is not None:
        taken = {
            row["id"]: line
            for line in lines
            if (row := json.loads(line))["id"] in decided.decided and row["decision"]
        }
        _write(folder / DECISIONS, "".join(f"{line}\n" for line in taken.values()))
    return decided


def _known(pairs: Sequence[Row]) -> tuple[Compared, ...]:
    return read_rows({**row, "label": None, "comparison": _UNJUDGED} for row in pairs)


def _mended(pairs: Iterable[Row]) -> Iterator[Row]:
    """Yield the pairs as decided, else as labelled; ties have no chosen side and are left out."""
    for row in pairs:
        side = row["decision"] or row.get("label")
        if side in ("first", "second"):
            other = "second" if side == "first" else "first"
            told = {name: row[name] for name in ("decision", "decided_by", "decision_note", "origin")}
            yield {"prompt": row["prompt"], "chosen": row[side], "rejected": row[other], **told}


def _said(row: Row, name: str, side: str) -> Row:
    """Return a label from elsewhere in the form of a comparison."""
    score = {"first": 1.0, "second": 0.0}.get(side)
    comparison: Row = {"score": score, "why": None if score is not None else "tie", "verdicts": []}
    return {**row, "judge": name, "comparison": comparison}


def _accepted(run: Path) -> list[Row]:
    return [dict(row.fields) for row in look.rows(run, "accepted")]


def _trial(run: Path, name: str) -> list[Row]:
    return rows_tried(run, _ROLE, name)


def _texts(path: Path) -> list[str]:
    if not path.exists() and path.name == DECISIONS:
        return []
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except OSError as error:
        raise SetupError("the decisions cannot be read", where=str(path), got=str(error)) from error


def _lines(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
