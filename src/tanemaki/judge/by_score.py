"""A judge of single answers taken as one that compares: it scores both, and the better score wins."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import fmean

from tanemaki.core.errors import RecipeError
from tanemaki.core.judging import COMPARISON, Judge, Opinion, Scale
from tanemaki.core.model import Capability
from tanemaki.core.record import Json
from tanemaki.core.step import Context
from tanemaki.judge.pairwise import compares


@dataclass(frozen=True, slots=True)
class ByScore:
    """Compare two answers by the scores that a judge gives to each alone. It cannot depend on their places or names.

    Scale: 0 to 1, 1 where the first is better, 0.5 for equal scores.
    Reasons: those of the judge, for the first answer that has no score.
    Parts: ``scores`` (of the first and of the second answer; None where there is none), and the mean ``legal_mass`` where
    the judge tells it.
    Cost: 2 calls of the judge, both in flight at once.
    Source: single-answer grading as a way to rank pairs, MT-Bench (arXiv 2306.05685, section 3.1).

    >>> from tanemaki.judge.single import Single
    >>> ByScore(Single()).reads
    ('prompt', 'first', 'second')
    """

    scoring: Judge
    """A judge that reads ``answer``."""
    scale: Scale = field(default=COMPARISON, init=False)

    def __post_init__(self) -> None:
        """Refuse a judge that compares already, or that reads no answer."""
        if compares(self.scoring) or "answer" not in self.scoring.reads:
            raise RecipeError(
                f"ByScore({self.scoring.name!r}): the judge scores no single answer",
                got=f"reads {', '.join(self.scoring.reads)}",
                next="give it one such as Single(), or take a comparing judge as it is",
            )

    @property
    def name(self) -> str:
        """The judge's name."""
        return self.scoring.name

    @property
    def reads(self) -> tuple[str, ...]:
        """What the judge is given, with two answers in the place of one."""
        rest = tuple(name for name in self.scoring.reads if name not in ("prompt", "answer"))
        return ("prompt", "first", "second", *rest)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of why it may give no score."""
        return self.scoring.reasons

    @property
    def roles(self) -> Mapping[str, frozenset[Capability]]:
        """The roles that the judge asks."""
        return self.scoring.roles

    @property
    def prompts(self) -> Mapping[str, frozenset[str]]:
        """The prompts that the judge renders."""
        return self.scoring.prompts

    async def judge(self, values: Mapping[str, Json], context: Context, sample: int = 0) -> Opinion:
        """Score both answers; give the comparison, or why one of them has no score."""
        given = {name: value for name, value in values.items() if name not in ("first", "second")}
        opinions = await asyncio.gather(
            *(
                self.scoring.judge({**given, "answer": values[side]}, context, 2 * sample + place)
                for place, side in enumerate(("first", "second"))
            )
        )
        masses = [one.parts["legal_mass"] for one in opinions if one.parts.get("legal_mass") is not None]
        parts: dict[str, Json] = {"scores": [one.score for one in opinions]}
        if masses:
            parts["legal_mass"] = fmean(masses)
        rationale = "\n\n".join(one.rationale for one in opinions if one.rationale)
        why = next((one.why for one in opinions if one.why is not None), None)
        if why is not None:
            return Opinion(None, why, rationale, parts)
        return Opinion(self._winner(*(one.score or 0.0 for one in opinions)), None, rationale, parts)

    def _winner(self, first: float, second: float) -> float:
        if first == second:
            return 0.5
        return float((first > second) == self.scoring.scale.higher_is_better)
