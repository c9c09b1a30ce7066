"""Every two of the answers to a prompt, compared by a judge."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from tanemaki.core.judging import Judge
from tanemaki.core.model import Capability
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.judge.candidates import MAX_SIMILARITY, Candidate, Pairing
from tanemaki.judge.gathering import candidates_of
from tanemaki.judge.pairwise import winner_of
from tanemaki.judge.scoring import comparison_of


@dataclass(frozen=True, slots=True)
class CompareAnswers:
    """Show every two of the answers to a judge, in a drawn order; write what it said: ``comparisons``.

    Answers that say the same are not compared with each other. Who wrote them is never told. A comparison is ``first`` and
    ``second`` (places in ``answers``, as they were shown), ``winner`` (a place; None for a tie and for no verdict),
    ``score``, ``why``, ``rationale`` and the judge's parts, above all ``verdicts``, one for every call.

    Reasons: ``too_few_answers`` (measured: how many; limit: two); ``not_distinct`` (measured: similarity).
    Cost: n (n − 1) / 2 comparisons of n distinct answers, all in flight at once; what one costs is the judge's.
    Source: MT-Bench's pairwise judge (arXiv 2306.05685, section 3).

    >>> from tanemaki.judge.pairwise import Pairwise
    >>> CompareAnswers(Pairwise(reference=True)).reads
    ('prompt', 'answers', 'reference')
    """

    judge: Judge
    """Reads ``prompt``, ``first`` and ``second``."""
    asked: str = "prompt"
    """The field with what was asked."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """What else the judge reads → the field that holds it, where the names differ."""
    name: str = dataclasses.field(default="comparisons", init=False)
    reasons: tuple[str, ...] = dataclasses.field(default=("too_few_answers", "not_distinct"), init=False)
    writes: Mapping[str, FieldType] = dataclasses.field(
        default_factory=lambda: {"comparisons": "json"}, init=False
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """What was asked, the answers, and what else the judge reads."""
        return (self.asked, "answers", *(self.fields.get(name, name) for name in self._more))

    @property
    def roles(self) -> Mapping[str, frozenset[Capability]]:
        """The judge's."""
        return self.judge.roles

    @property
    def prompts(self) -> Mapping[str, frozenset[str]]:
        """The judge's."""
        return self.judge.prompts

    @property
    def _more(self) -> tuple[str, ...]:
        return tuple(name for name in self.judge.reads if name not in ("prompt", "first", "second"))

    async def __call__(self, record: Record, context: Context) -> Mapping[str, Json] | Reject:
        """Compare them; give what the judge said, or why there is nothing to compare."""
        candidates = candidates_of(record["answers"])
        if len(candidates) < 2:  # noqa: PLR2004 - a pair
            return Reject("too_few_answers", len(candidates), 2)
        pairing = Pairing(candidates)
        apart = [two for two in combinations(range(len(candidates)), 2) if pairing.separate(*two)]
        if not apart:
            return Reject("not_distinct", round(pairing.closest, 3), MAX_SIMILARITY)
        compared = await asyncio.gather(*(self._compare(record, candidates, two, context) for two in apart))
        return {"comparisons": list(compared)}

    async def _compare(
        self, record: Record, candidates: Sequence[Candidate], two: tuple[int, int], context: Context
    ) -> dict[str, Json]:
        """Return what the judge says of two answers, told by their places."""
        first, second = context.draw("order", *two).sample(two, 2)
        values = {
            "prompt": record[self.asked],
            "first": candidates[first].text,
            "second": candidates[second].text,
            **{name: record[self.fields.get(name, name)] for name in self._more},
        }
        opinion = await self.judge.judge(values, context)
        side = None if opinion.score is None else winner_of(opinion.score)
        winner = {"first": first, "second": second}.get(side or "")
        return {"first": first, "second": second, "winner": winner, **comparison_of(opinion)}
