"""Judges as steps: a score for a row, or a comparison of two of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tanemaki.core.errors import RecipeError, nearest, shorten
from tanemaki.core.judging import Judge, Opinion
from tanemaki.core.model import Capability
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.judge.pairwise import compares, winner_of


@dataclass(frozen=True, slots=True)
class Score:
    """Write a judge's score, what it says for it, and what the score was made of.

    Reasons: those of the judge (measured: the end of what it wrote; limit: its scale), unless ``keep_unscored``.
    Cost: the judge's.
    Source: ours. Fault 14: a row without a score is rejected by the reason, or holds none; never a value in the middle.

    >>> from tanemaki.judge.single import Single
    >>> step = Score(
    ...     Single("quality", prompt="single"), fields={"prompt": "instruction", "answer": "response"}
    ... )
    >>> step.reads, sorted(step.writes)
    (('instruction', 'response'), ['quality', 'quality_parts', 'quality_rationale'])
    """

    judge: Judge
    fields: Mapping[str, str] = field(default_factory=dict)
    """What the judge reads → the field that holds it, where the names differ."""
    keep_unscored: bool = False
    """A row without a score is kept, with None and the reason in its parts."""
    unless: str | None = None
    """A field; a row where it holds something is not judged, and has None for its score: another judge knew already."""

    def __post_init__(self) -> None:
        """Refuse fields for what the judge does not read."""
        _check(f"Score({self.judge.name!r})", self.judge, self.fields)

    @property
    def name(self) -> str:
        """The step's name, and the field of the score."""
        return self.judge.name

    @property
    def reads(self) -> tuple[str, ...]:
        """The fields that must be there before."""
        return tuple(
            dict.fromkeys((*_fields(self.judge, self.fields), *((self.unless,) if self.unless else ())))
        )

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """Score, rationale and parts."""
        return {self.name: "number", f"{self.name}_rationale": "text", f"{self.name}_parts": "json"}

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of its rejections."""
        return () if self.keep_unscored else self.judge.reasons

    @property
    def roles(self) -> Mapping[str, frozenset[Capability]]:
        """The roles that the judge asks."""
        return self.judge.roles

    @property
    def prompts(self) -> Mapping[str, frozenset[str]]:
        """The prompts that the judge renders."""
        return self.judge.prompts

    async def __call__(self, record: Record, context: Context) -> Mapping[str, Json] | Reject:
        """Judge one record; give the fields, or why there is no score."""
        if self.unless is not None and record[self.unless] is not None:
            return {self.name: None, f"{self.name}_rationale": "", f"{self.name}_parts": {}}
        opinion = await self.judge.judge(_values(record, self.judge, self.fields), context)
        if opinion.why is not None and not self.keep_unscored:
            return _rejected(opinion, self.judge)
        parts = dict(opinion.parts) | ({"why": opinion.why} if opinion.why else {})
        return {
            self.name: opinion.score,
            f"{self.name}_rationale": opinion.rationale,
            f"{self.name}_parts": parts,
        }


@dataclass(frozen=True, slots=True)
class Compare:
    """Write which of two fields is better: ``winner`` (first, second, tie or None) and ``comparison`` (how it came to be).

    ``comparison`` holds ``score``, ``why``, ``rationale`` and the judge's parts, above all ``verdicts``, one for every call.

    Reasons: none; with ``verified_only`` those of the judge and ``tie``.
    Cost: the judge's.
    Source: ours. Fault 19: nothing here is chosen or rejected yet, so that what was skipped cannot carry a chosen side.

    >>> from tanemaki.judge.pairwise import Pairwise
    >>> Compare(Pairwise(), first="answer_a", second="answer_b").reads
    ('prompt', 'answer_a', 'answer_b')
    """

    judge: Judge
    first: str = "first"
    """The field with the first answer."""
    second: str = "second"
    fields: Mapping[str, str] = field(default_factory=dict)
    """What else the judge reads → the field that holds it, where the names differ."""
    verified_only: bool = False
    """Reject what has no winner."""

    def __post_init__(self) -> None:
        """Refuse a judge that does not compare, and fields for what it does not read."""
        what = f"Compare({self.judge.name!r})"
        if not compares(self.judge):
            raise RecipeError(
                f"{what}: the judge does not compare two answers",
                got=f"scale {self.judge.scale}, reads {', '.join(self.judge.reads)}",
                next="use Score, or a judge such as BothOrders(Pairwise())",
            )
        _check(what, self.judge, self.fields)

    @property
    def _mapped(self) -> Mapping[str, str]:
        return {**self.fields, "first": self.first, "second": self.second}

    @property
    def name(self) -> str:
        """The step's name."""
        return self.judge.name

    @property
    def reads(self) -> tuple[str, ...]:
        """The fields that must be there before."""
        return _fields(self.judge, self._mapped)

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """Winner and comparison."""
        return {"winner": "text", "comparison": "json"}

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of its rejections."""
        return tuple(dict.fromkeys((*self.judge.reasons, "tie"))) if self.verified_only else ()

    @property
    def roles(self) -> Mapping[str, frozenset[Capability]]:
        """The roles that the judge asks."""
        return self.judge.roles

    @property
    def prompts(self) -> Mapping[str, frozenset[str]]:
        """The prompts that the judge renders."""
        return self.judge.prompts

    async def __call__(self, record: Record, context: Context) -> Mapping[str, Json] | Reject:
        """Compare the two fields of one record."""
        opinion = await self.judge.judge(_values(record, self.judge, self._mapped), context)
        winner = _winner(opinion)
        if self.verified_only and winner not in ("first", "second"):
            return _rejected(opinion, self.judge, opinion.why or "tie")
        return {"winner": winner, "comparison": comparison_of(opinion)}


def _winner(opinion: Opinion) -> str | None:
    if opinion.score is None:
        return "tie" if opinion.why == "tie" else None
    return winner_of(opinion.score)


def comparison_of(opinion: Opinion) -> dict[str, Json]:
    """Return how a comparison came to be: score, reason, rationale, ``verdicts`` with one entry for every call, the parts.

    >>> told = comparison_of(Opinion(0.5, rationale="差がありません。"))
    >>> told["score"], told["verdicts"][0]["winner"]
    (0.5, 'tie')
    """
    told = {"score": opinion.score, "why": opinion.why, "rationale": opinion.rationale}
    return told | {"verdicts": _verdicts(opinion)} | dict(opinion.parts)


def _verdicts(opinion: Opinion) -> list[Json]:
    """Return the one verdict of a judge that was asked once."""
    winner = None if opinion.score is None else winner_of(opinion.score)
    said = {"first": "A", "second": "B", "tie": "C"}.get(winner or "")
    verdict = {"condition": "asked", "repeat": 0, "said": said, "why": opinion.why, "winner": winner}
    return [verdict | {"rationale": opinion.rationale}]


def _check(what: str, judge: Judge, fields: Mapping[str, str]) -> None:
    unknown = [name for name in fields if name not in judge.reads]
    if unknown:
        near = nearest(unknown[0], judge.reads)
        raise RecipeError(
            f"{what}: the judge does not read {unknown[0]!r}",
            got=f"it reads {', '.join(judge.reads)}",
            next=f"did you mean {near!r}?" if near else None,
        )


def _fields(judge: Judge, fields: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fields.get(name, name) for name in judge.reads))


def _values(record: Record, judge: Judge, fields: Mapping[str, str]) -> dict[str, Json]:
    return {name: record[fields.get(name, name)] for name in judge.reads}


def _rejected(opinion: Opinion, judge: Judge, why: str | None = None) -> Reject:
    note = shorten(opinion.rationale, 200) if opinion.rationale else None
    return Reject(why or str(opinion.why), opinion.rationale[-80:] or None, str(judge.scale), note)
