"""One answer rated on several aspects apart, with an overall rating and an alarm where the two do not fit."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import fmean

from tanemaki.core.errors import RecipeError, nearest
from tanemaki.core.judging import Opinion, Scale
from tanemaki.core.model import Capability, Sampling
from tanemaki.core.record import Json
from tanemaki.core.step import Context
from tanemaki.judge.alarm import is_alarming
from tanemaki.judge.asking import GREEDY, ask
from tanemaki.judge.single import RATING_REASONS
from tanemaki.text.ratings import read_score
from tanemaki.text.tables import read_table

ASPECTS = ("instruction_following", "honesty", "truthfulness", "helpfulness")
OVERALL = "overall"
ONE_TO_FIVE = Scale(1, 5)
FIVE_AND_BETWEEN = Scale(1, 5, whole=False)


@dataclass(frozen=True, slots=True)
class _Rated:
    """One aspect as it was rated."""

    score: float | None
    why: str | None
    rationale: str


@dataclass(frozen=True, slots=True)
class Aspects:
    """Rate one answer from 1 to 5 on each aspect, with one call each, so that no aspect colours the next one.

    An aspect may be N/A: it is left out, and is no middle value. The score is the overall rating; without ``overall`` the
    mean of the aspects that apply.

    Scale: 1 to 5, higher is better; whole with ``overall``.
    Reasons: ``not_applicable`` (the overall rating, or every aspect), and ``cut``, ``empty``, ``no_verdict``,
    ``two_verdicts``, ``off_scale``, ``not_whole`` of the first aspect that could not be read.
    Parts: ``aspects`` (name → rating or None), ``rationales``, ``whys``, ``overall``, ``mean``, ``alarm``
    (:func:`~tanemaki.judge.alarm.is_alarming`).
    Cost: a call for each aspect, all in flight at once.
    Source: "UltraFeedback" (arXiv 2310.01377; its four aspects). Differs: the overall rating has the scale of the
    aspects, where theirs goes to 10; ratings are read strictly; texts are our own (``data/aspects_ja.tsv`` and
    ``…_en.tsv``).

    >>> Aspects(aspects=("honesty",)).asked
    ('honesty', 'overall')
    """

    name: str = "aspects"
    of: str = "judge"
    """The role that is asked."""
    aspects: tuple[str, ...] = ASPECTS
    overall: bool = True
    """Ask for an overall rating, too."""
    prompt: str = "aspect"
    """Name of the prompt; its slot ``aspect`` holds the question and the five levels."""
    sampling: Sampling = GREEDY
    reasons: tuple[str, ...] = field(default=RATING_REASONS, init=False)
    reads: tuple[str, ...] = field(default=("prompt", "answer"), init=False)

    def __post_init__(self) -> None:
        """Refuse an aspect that nobody described, and nothing at all."""
        for one in self.aspects:
            if one not in ASPECTS:
                near = nearest(one, ASPECTS)
                raise RecipeError(
                    f"Aspects({self.name!r}): there is no aspect {one!r}",
                    got=f"aspects: {', '.join(ASPECTS)}",
                    next=f"did you mean {near!r}?" if near else None,
                )
        if not self.asked:
            raise RecipeError(f"Aspects({self.name!r}) asks for nothing", next="name an aspect")

    @property
    def asked(self) -> tuple[str, ...]:
        """What is rated, in the order of the calls."""
        return (*self.aspects, *((OVERALL,) if self.overall else ()))

    @property
    def scale(self) -> Scale:
        """Whole numbers where the score is the overall rating; a mean lies between."""
        return ONE_TO_FIVE if self.overall else FIVE_AND_BETWEEN

    @property
    def roles(self) -> Mapping[str, frozenset[Capability]]:
        """The role that it asks."""
        return {self.of: frozenset({"chat"})}

    @property
    def prompts(self) -> Mapping[str, frozenset[str]]:
        """The prompt that it renders, with its slots."""
        return {self.prompt: frozenset({*self.reads, "aspect"})}

    async def judge(self, values: Mapping[str, Json], context: Context, sample: int = 0) -> Opinion:
        """Ask for every aspect; give the overall rating, or why there is none."""
        given = {name: values[name] for name in self.reads}
        found = await asyncio.gather(*(self._rate(one, given, context, sample) for one in self.asked))
        rated = dict(zip(self.asked, found, strict=True))
        aspects = {name: rated[name].score for name in self.aspects}
        known = [score for score in aspects.values() if score is not None]
        mean = fmean(known) if known else None
        overall = rated[OVERALL].score if self.overall else None
        score = overall if self.overall else mean
        why = self._why(rated, score)
        parts: dict[str, Json] = {
            "aspects": aspects,
            "rationales": {name: one.rationale for name, one in rated.items()},
            "whys": {name: one.why for name, one in rated.items() if one.why},
            "overall": overall,
            "mean": mean,
            "alarm": None if overall is None else is_alarming(overall, ONE_TO_FIVE, known, ONE_TO_FIVE),
        }
        rationale = (
            rated[OVERALL].rationale if self.overall else "\n".join(r.rationale for r in found).strip()
        )
        return Opinion(None if why else score, why, rationale, parts)

    def _why(self, rated: Mapping[str, _Rated], score: float | None) -> str | None:
        unread = [one.why for one in rated.values() if one.why not in (None, "not_applicable")]
        return unread[0] if unread else "not_applicable" if score is None else None

    async def _rate(self, aspect: str, given: Mapping[str, Json], context: Context, sample: int) -> _Rated:
        values = {**given, "aspect": describe(aspect, context.language)}
        asked = await ask(context, self.of, self.prompt, values, sampling=self.sampling, sample=sample)
        reading = read_score(asked.reply.text, ONE_TO_FIVE.low, ONE_TO_FIVE.high, shown=asked.shown)
        why = asked.unusable or reading.why
        return _Rated(None if why else reading.value, why, asked.rationale)


def describe(aspect: str, language: str) -> str:
    """Return an aspect's question and its five levels, as a prompt shows them.

    >>> print(describe("honesty", "ja").splitlines()[0])
    観点：誠実さ（知らないことを知らないと言い、確かさの度合いを言葉に表しているか。）
    """
    row = next(row for row in read_table("tanemaki.judge", f"aspects_{language}") if row["aspect"] == aspect)
    levels = [
        f"{n}: {row[f'level_{n}']}" if language == "en" else f"{n}　{row[f'level_{n}']}" for n in range(1, 6)
    ]
    head = f"Aspect: {row['title']} ({row['question']})"
    return "\n".join([f"観点：{row['title']}（{row['question']}）" if language == "ja" else head, *levels])
