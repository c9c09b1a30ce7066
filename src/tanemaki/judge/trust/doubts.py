"""The most doubtful pairs first, for a person to decide: out as lines of JSON, and back with the decisions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from tanemaki.core.errors import DataError, nearest, shorten
from tanemaki.judge.trust.compared import Compared, Side, pair_key
from tanemaki.judge.trust.order import is_steady
from tanemaki.judge.trust.scored import LEGAL_MASS

Choice = Literal["first", "second", "tie", "discard"]
_TEXTS = ("prompt", "first", "second")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A pair with the reasons to doubt what the judges say of it."""

    row: Compared
    """By the first of its judges."""
    reasons: Mapping[str, float]
    """``order_dependent``, ``disagreement``, ``against_label``, ``low_margin``, ``low_mass``, ``alarm``,
    ``no_verdict``: each 0 to 1."""
    said: Mapping[str, Side | None]
    """What each judge says."""

    @property
    def doubt(self) -> float:
        """The reasons together."""
        return sum(self.reasons.values())


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said of a pair."""

    key: str
    choice: Choice
    who: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What came back."""

    decided: Mapping[str, Decision]
    n_open: int
    """Lines without a decision: nobody got to them."""


def doubtful(rows: Sequence[Compared]) -> tuple[Doubt, ...]:
    """Return the pairs that are in doubt, the most doubtful first, equal ones by their key.

    A pair is in doubt where a judge's verdict changes with places, names or repeats (``order_dependent``), where judges
    disagree (``disagreement``, the share outside the largest camp), where a judge is settled on the other side than the
    label (``against_label``, the share of such judges), where a score is near the middle (``low_margin``), where little
    probability lies on the options (``low_mass``), and where nothing was read (``no_verdict``). Pairs without any of these
    are not in the queue.

    Source: ours; margins and legal mass as in "judgment distributions" (arXiv 2503.03064).

    >>> doubtful(())
    ()
    """
    pairs: dict[str, list[Compared]] = {}
    for row in rows:
        pairs.setdefault(row.key, []).append(row)
    doubts = (
        Doubt(those[0], _reasons(those), {one.judge: one.winner for one in those}) for those in pairs.values()
    )
    return tuple(sorted((one for one in doubts if one.reasons), key=lambda one: (-one.doubt, one.row.key)))


def queue_lines(doubts: Sequence[Doubt]) -> Iterator[str]:
    """Yield a JSON object a line for each pair; a person fills in ``decision``, ``who`` and, where there is one, ``note``.

    ``decision`` is ``first``, ``second``, ``tie`` or ``discard``; null leaves the pair open.
    """
    for one in doubts:
        row = one.row
        line = {
            "id": row.key, "prompt": row.prompt, "first": row.first, "second": row.second,
            "doubt": round(one.doubt, 4), "reasons": {name: round(part, 4) for name, part in one.reasons.items()},
            "said": dict(one.said), "decision": None, "who": None, "note": "",
        }  # fmt: skip
        yield json.dumps(line, ensure_ascii=False)


def read_decisions(lines: Iterable[str], rows: Sequence[Compared]) -> Decisions:
    """Return what people decided.

    Raises ``DataError`` with the line's number for what is no JSON object, an id that no row has, a decision that is none,
    texts that are not those of the pair any more, a decision without ``who``, and a pair that was decided twice.
    """
    known = {row.key: row for row in rows}
    decided: dict[str, Decision] = {}
    n_open = 0
    for number, line in enumerate(lines, 1):
        if line.strip():
            one = _decision(line, known, f"line {number}")
            if one is None:
                n_open += 1
            elif decided.setdefault(one.key, one) != one:
                raise DataError("a pair was decided twice, not alike", where=f"line {number}", got=one.key)
    return Decisions(decided, n_open)


def with_decisions(rows: Iterable[Mapping[str, Any]], decisions: Decisions) -> Iterator[dict[str, Any]]:
    """Yield the rows with ``decision``, ``decided_by`` and ``decision_note``; those that were discarded are left out.

    Rows that nobody decided have None there. A decision goes before the label in all measurements.

    >>> row = {"prompt": "春の花は？", "first": "桜です。", "second": "柿です。"}
    >>> key = pair_key(*row.values())
    >>> found = with_decisions([row], Decisions({key: Decision(key, "first", "花子")}, 0))
    >>> [(one["decision"], one["decided_by"]) for one in found]
    [('first', '花子')]
    """
    for row in rows:
        one = decisions.decided.get(pair_key(row["prompt"], row["first"], row["second"]))
        if one is None:
            yield {**row, "decision": None, "decided_by": None, "decision_note": None}
        elif one.choice != "discard":
            yield {**row, "decision": one.choice, "decided_by": one.who, "decision_note": one.note}


def _reasons(those: Sequence[Compared]) -> dict[str, float]:
    steadiness = [is_steady(row) for row in those]
    winners = Counter(row.winner for row in those)
    margins = [1 - abs(2 * row.score - 1) for row in those if row.score is not None]
    told = [row.legal_mass for row in those if row.legal_mass is not None]
    against = sum(
        row.decided and row.label in ("first", "second") and row.winner != row.label for row in those
    )
    masses = [1 - mass / LEGAL_MASS for mass in told if mass < LEGAL_MASS]
    unread = [row.score is None and steady is None for row, steady in zip(those, steadiness, strict=True)]
    found = {
        "order_dependent": steadiness.count(False) / len(those),
        "disagreement": 1 - max(winners.values()) / len(those),
        "against_label": against / len(those),
        "low_margin": max(margins, default=0.0),
        "low_mass": max(masses, default=0.0),
        "no_verdict": sum(unread) / len(those),
    }
    return {name: part for name, part in found.items() if part > 0}


def _decision(line: str, known: Mapping[str, Compared], where: str) -> Decision | None:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise DataError("not one JSON object", where=where, got=shorten(line), next=str(error)) from error
    if not isinstance(row, dict) or not {"id", "decision", "who", *_TEXTS} <= row.keys():
        raise DataError(
            "a line of the queue lacks a key", where=where, got=shorten(line), next="id, texts, decision, who"
        )
    if row["id"] not in known:
        near = nearest(str(row["id"]), known)
        next_step = f"did you mean {near!r}?" if near else "take the queue that was made of these rows"
        raise DataError("no row has this id", where=where, got=shorten(row["id"]), next=next_step)
    changed = [name for name in _TEXTS if row[name] != getattr(known[row["id"]], name)]
    if changed:
        raise DataError(
            f"the text of {changed[0]!r} is not that of the row any more",
            where=where,
            got=shorten(row[changed[0]]),
            next="decide on the texts as they are; a mended text makes another row",
        )
    return _choice(row, where)


def _choice(row: Mapping[str, Any], where: str) -> Decision | None:
    choice, who = row["decision"], row["who"]
    if choice is None:
        return None
    if choice not in get_args(Choice):
        near = nearest(str(choice), get_args(Choice))
        raise DataError(
            "the decision is none",
            where=where,
            got=shorten(choice),
            next=f"did you mean {near!r}?" if near else f"one of {', '.join(get_args(Choice))}, or null",
        )
    if not isinstance(who, str) or not who.strip():
        raise DataError(
            "a decision does not say who made it", where=where, got=repr(who), next='e.g. "who": "hanako"'
        )
    return Decision(row["id"], choice, who.strip(), row.get("note") or "")
