"""A comparison that counts only where it does not depend on the order, or on the names, of the answers."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Literal

from tanemaki.core.errors import RecipeError
from tanemaki.core.judging import COMPARISON, Judge, Opinion, Scale
from tanemaki.core.model import Capability
from tanemaki.core.record import Json
from tanemaki.core.step import Context
from tanemaki.judge.pairwise import NAMES, compares, winner_of

Condition = Literal["asked", "swapped", "renamed"]
_EXCHANGED = {"first": "second", "second": "first", "tie": "tie"}


@dataclass(frozen=True, slots=True)
class _Verdict:
    condition: Condition
    repeat: int
    said: str | None
    why: str | None
    winner: str | None
    rationale: str

    def to_json(self) -> dict[str, Json]:
        """Return it as the part ``verdicts`` lists it."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class BothOrders:
    """Let a judge compare the same two answers in both orders, and believe it only where it says the same.

    ``asked``: the first answer is shown first, as A. ``swapped``: it is shown second, as B. ``renamed``: it is shown
    first, but as B. A judge with a liking for a place says the same in ``asked`` and ``renamed``, one with a liking for a
    name in ``swapped`` and ``renamed``. With ``repeats`` each condition is asked so often, and what most of its verdicts
    say counts.

    Scale: 0 to 1, 1 where the first is better; there is never a score of 0.5.
    Reasons: ``order_dependent``, ``name_dependent``, ``tie`` (in all conditions), ``unstable`` (no majority among the
    repeats), and those of the judge, where a condition has no verdict that can be read.
    Parts: ``verdicts``, one for every call: ``condition``, ``repeat`` (from 0), ``said`` (A, B, C or None), ``why``, and
    ``winner`` (first, second or tie, as the caller knows the answers; None where there is none); ``legal_mass``, the mean of
    those that tell it.
    Cost: 2 calls of the judge, 3 with ``names``, each ``repeats`` times; all are in flight at once.
    Source: swapped positions of MT-Bench (arXiv 2306.05685, section 3.4: "only declare a win when an answer is preferred
    in both orders"). Differs: what is not a win keeps its reason and is no tie; names are a condition of their own.

    >>> from tanemaki.judge.pairwise import Pairwise
    >>> judge = BothOrders(Pairwise(), names=True, repeats=3)
    >>> judge.name, judge.conditions
    ('pairwise', ('asked', 'swapped', 'renamed'))
    """

    comparing: Judge
    """A judge on the scale of comparisons that reads ``first`` and ``second``."""
    names: bool = False
    """Ask with the names exchanged, too."""
    repeats: int = 1
    """How often each condition is asked, 1 or more."""
    scale: Scale = field(default=COMPARISON, init=False)

    def __post_init__(self) -> None:
        """Refuse a judge that does not compare, names that it does not show, and no repeats at all."""
        what = f"BothOrders({self.comparing.name!r})"
        if not compares(self.comparing):
            raise RecipeError(
                f"{what}: the judge does not compare two answers",
                got=f"scale {self.comparing.scale}, reads {', '.join(self.comparing.reads)}",
                next="give it one that reads first and second, such as Pairwise()",
            )
        if self.names and not getattr(self.comparing, "shows_names", False):
            raise RecipeError(
                f"{what}: the judge shows no names that could be exchanged", next="leave names=True out"
            )
        if self.repeats < 1:
            raise RecipeError(f"{what}: repeats must be 1 or more", got=repr(self.repeats))

    @property
    def name(self) -> str:
        """The judge's name."""
        return self.comparing.name

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions that are asked, in their order."""
        return ("asked", "swapped", "renamed") if self.names else ("asked", "swapped")

    @property
    def reads(self) -> tuple[str, ...]:
        """What the judge is given."""
        return self.comparing.reads

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of why it may give no score."""
        own = ("order_dependent", *(("name_dependent",) if self.names else ()), "tie", "unstable")
        return tuple(dict.fromkeys((*own, *self.comparing.reasons)))

    @property
    def roles(self) -> Mapping[str, frozenset[Capability]]:
        """The roles that the judge asks."""
        return self.comparing.roles

    @property
    def prompts(self) -> Mapping[str, frozenset[str]]:
        """The prompts that the judge renders."""
        return self.comparing.prompts

    async def judge(self, values: Mapping[str, Json], context: Context, sample: int = 0) -> Opinion:
        """Ask under every condition; give the winner on which all agree, or why there is none."""
        wanted = [(condition, repeat) for condition in self.conditions for repeat in range(self.repeats)]
        opinions = await asyncio.gather(
            *(
                self.comparing.judge(_placed(values, condition), context, sample * self.repeats + repeat)
                for condition, repeat in wanted
            )
        )
        verdicts = [_verdict(*one, opinion) for one, opinion in zip(wanted, opinions, strict=True)]
        winners = [
            self._winner([one for one in verdicts if one.condition == name]) for name in self.conditions
        ]
        why = _why(winners)
        masses = [one.parts["legal_mass"] for one in opinions if one.parts.get("legal_mass") is not None]
        parts: dict[str, Json] = {"verdicts": [one.to_json() for one in verdicts]}
        if masses:
            parts["legal_mass"] = fmean(masses)
        score = None if why else 1.0 if winners[0][0] == "first" else 0.0
        return Opinion(score, why, opinions[0].rationale, parts)

    def _winner(self, verdicts: Sequence[_Verdict]) -> tuple[str | None, str | None]:
        """Return what most verdicts of one condition say, and else why it says nothing."""
        votes = Counter(one.winner for one in verdicts if one.winner)
        if not votes:
            return None, Counter(one.why for one in verdicts).most_common(1)[0][0]
        winner, n_votes = votes.most_common(1)[0]
        return (winner, None) if 2 * n_votes > len(verdicts) else (None, "unstable")


def _placed(values: Mapping[str, Json], condition: Condition) -> dict[str, Json]:
    if condition == "swapped":
        return {**values, "first": values["second"], "second": values["first"]}
    return (
        {**values, "first_name": NAMES[1], "second_name": NAMES[0]}
        if condition == "renamed"
        else dict(values)
    )


def _verdict(condition: Condition, repeat: int, opinion: Opinion) -> _Verdict:
    if opinion.score is None:
        return _Verdict(condition, repeat, None, opinion.why, None, opinion.rationale)
    shown = winner_of(opinion.score)
    named_first, named_second = reversed(NAMES) if condition == "renamed" else NAMES
    said = {"first": named_first, "second": named_second, "tie": "C"}[shown]
    winner = _EXCHANGED[shown] if condition == "swapped" else shown
    return _Verdict(condition, repeat, said, None, winner, opinion.rationale)


def _why(winners: Sequence[tuple[str | None, str | None]]) -> str | None:
    """Return why the conditions together say nothing; None where they agree on one answer."""
    unread = next((why for winner, why in winners if winner is None), None)
    if unread:
        return unread
    asked, swapped, *renamed = (winner for winner, _ in winners)
    if asked != swapped:
        return "name_dependent" if renamed == [swapped] else "order_dependent"
    if renamed and renamed != [asked]:
        return "name_dependent"
    return "tie" if asked == "tie" else None
