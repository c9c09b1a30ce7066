"""A rubric with deductions: the judge names what is wrong, the score is computed from what it named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tanemaki.core.errors import RecipeError
from tanemaki.core.judging import Opinion, Scale
from tanemaki.core.model import Capability, Sampling
from tanemaki.core.record import Json
from tanemaki.core.seeding import hex_id
from tanemaki.core.step import Context
from tanemaki.judge.asking import GREEDY, Asked, ask
from tanemaki.judge.single import RATING_REASONS
from tanemaki.text.normalise import nfkc, normalise
from tanemaki.text.ratings import read_score
from tanemaki.text.tables import read_table
from tanemaki.text.verdicts import without_thoughts

_DEDUCTION = re.compile(
    r"^[ \t>*_#\-・]{0,8}(?:減点|deduction)[*_ \t]{0,4}:[*_ \t]{0,4}(?P<name>[^\n()]{1,40}?)[ \t]{0,2}"
    r"\([ \t]{0,2}-?(?P<points>\d{1,2})[ \t]{0,2}(?:点|points?|pts?)?[ \t]{0,2}\)(?P<why>[^\n]{0,2000})",
    re.IGNORECASE | re.MULTILINE,
)
_SOME_DEDUCTION = re.compile(
    r"^[ \t>*_#\-・]{0,8}(?:減点|deduction)[*_ \t]{0,4}:", re.IGNORECASE | re.MULTILINE
)
_NONE = re.compile(
    r"^[ \t>*_#\-・]{0,8}(?:減点|deduction)[*_ \t]{0,4}:[*_ \t]{0,4}"
    r"(?:(?:特に)?(?:なし|無し|ありません)|none|no deductions?)[ \t]?[。.]?[*_ \t]{0,8}$",
    re.IGNORECASE | re.MULTILINE,
)


class Criterion(NamedTuple):
    """One thing that may be wrong with an answer."""

    name: str
    points: int
    """What is taken off for it, 1 or more."""
    text: str
    """When it applies, for the judge to read."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A rubric: what may be wrong, and what each costs. Its id is the hash of what it says.

    >>> sheet = Sheet((Criterion("誤り", 2, "事実と違うことが書かれている。"),))
    >>> sheet.id, print(sheet.shown)
    誤り（2点）　事実と違うことが書かれている。
    ('fabb65a284410847', None)
    """

    criteria: tuple[Criterion, ...]
    low: int = 1
    """The score cannot fall below it."""
    full: int = 5
    """The score of an answer with nothing to take off."""

    def __post_init__(self) -> None:
        """Refuse a sheet without criteria, with one name twice, or with points that take nothing off."""
        names = [normalise(one.name) for one in self.criteria]
        if not names or len(set(names)) < len(names):
            raise RecipeError(
                "a rubric needs criteria, each with a name of its own", got=", ".join(names) or "none"
            )
        if any(one.points < 1 for one in self.criteria) or self.low >= self.full:
            raise RecipeError(
                "a rubric's points are 1 or more, and its lowest score is below the full one",
                got=f"points {[one.points for one in self.criteria]}, {self.low} to {self.full}",
            )

    @property
    def id(self) -> str:
        """Hash of everything that it says: another wording is another rubric."""
        cells = [cell for one in self.criteria for cell in one]
        return hex_id("rubric", self.low, self.full, *cells)

    @property
    def shown(self) -> str:
        """The criteria as the prompt shows them, a line each."""
        return "\n".join(f"{one.name}（{one.points}点）　{one.text}" for one in self.criteria)

    @property
    def shown_in_english(self) -> str:
        """The same, for an English prompt."""
        return "\n".join(f"{one.name} ({one.points}): {one.text}" for one in self.criteria)


def read_sheet(language: str) -> Sheet:
    """Return the rubric for instruction data that comes with the package, in ``ja`` or ``en``.

    >>> read_sheet("ja").criteria[0].name
    '的外れ'
    """
    rows = read_table("tanemaki.judge", f"rubric_{language}")
    return Sheet(tuple(Criterion(row["name"], int(row["points"]), row["text"]) for row in rows))


@dataclass(frozen=True, slots=True)
class Rubric:
    """Score one answer by naming its faults: five points, less the points of each fault that the judge names.

    The judge writes a line for each fault (``減点：事実の誤り（2点）…``) and the score that is left (``[[3]]``). The
    score is computed from the lines; where the judge's own sum differs, there is none.

    Scale: whole numbers from the sheet's ``low`` to ``full`` (1 to 5), higher is better.
    Reasons: ``unknown_deduction`` (a fault that the sheet does not name), ``inconsistent`` (points or sum are not those
    of the sheet, a fault named twice, or faults beside "none"), ``no_verdict`` (also: neither faults nor "none"),
    ``cut``, ``empty``, ``two_verdicts``, ``off_scale``, ``not_whole``, ``not_applicable``.
    Parts: ``deductions`` (name, points, why), ``rubric`` (the sheet's id), ``stated`` (the judge's own sum).
    Cost: one call.
    Source: the scorer of Tanuki's first phase (a rubric of 1 to 5 with deductions), and "RULERS" (arXiv 2601.08654):
    rubrics are locked and versioned. Differs: the published scorer takes an unweighted mean of digits; here deductions
    are named and checked.

    >>> str(Rubric(read_sheet("ja")).scale)
    '1 to 5, higher is better'
    """

    sheet: Sheet
    name: str = "rubric"
    of: str = "judge"
    """The role that is asked."""
    prompt: str = "rubric"
    """Name of the prompt; its slot ``rubric`` holds the sheet."""
    sampling: Sampling = GREEDY
    reasons: tuple[str, ...] = field(
        default=("unknown_deduction", "inconsistent", *RATING_REASONS), init=False
    )
    reads: tuple[str, ...] = field(default=("prompt", "answer"), init=False)

    @property
    def scale(self) -> Scale:
        """From the sheet's lowest score to its full one."""
        return Scale(self.sheet.low, self.sheet.full)

    @property
    def roles(self) -> Mapping[str, frozenset[Capability]]:
        """The role that it asks."""
        return {self.of: frozenset({"chat"})}

    @property
    def prompts(self) -> Mapping[str, frozenset[str]]:
        """The prompt that it renders, with its slots."""
        return {self.prompt: frozenset({*self.reads, "rubric"})}

    async def judge(self, values: Mapping[str, Json], context: Context, sample: int = 0) -> Opinion:
        """Ask once; give the score that the deductions leave."""
        sheet = self.sheet.shown_in_english if context.language == "en" else self.sheet.shown
        shown = {**{name: values[name] for name in self.reads}, "rubric": sheet}
        asked = await ask(context, self.of, self.prompt, shown, sampling=self.sampling, sample=sample)
        return self._read(asked)

    def _read(self, asked: Asked) -> Opinion:
        said = without_thoughts(asked.reply.text)
        stated = read_score(said, self.sheet.low, self.sheet.full, shown=asked.shown)
        deductions = list(_deductions(said))
        parts = {"deductions": deductions, "rubric": self.sheet.id, "stated": stated.value}
        left = max(self.sheet.low, self.sheet.full - sum(one["points"] for one in deductions))
        why = asked.unusable or stated.why or self._fault(said, deductions)
        if why is None and left != stated.value:
            why = "inconsistent"
        return Opinion(None if why else float(left), why, asked.rationale, parts)

    def _fault(self, said: str, deductions: list[dict[str, Json]]) -> str | None:
        """Return what is wrong with the deductions themselves."""
        known = {normalise(one.name): one.points for one in self.sheet.criteria}
        names = [normalise(one["name"]) for one in deductions]
        n_lines, is_clean = len(_SOME_DEDUCTION.findall(said)), bool(_NONE.search(said))
        if any(name not in known for name in names):
            return "unknown_deduction"
        if not deductions and n_lines == 0:
            return "no_verdict"
        wrong_points = any(known[name] != one["points"] for name, one in zip(names, deductions, strict=True))
        if wrong_points or len(set(names)) < len(names) or n_lines != len(deductions) + is_clean:
            return "inconsistent"
        return "inconsistent" if is_clean and deductions else None


def _deductions(said: str) -> list[dict[str, Json]]:
    """Return the faults that a reply names, in order."""
    return [
        {
            "name": match["name"].strip("*_「」 "),
            "points": int(match["points"]),
            "why": match["why"].strip(" 。:、*_"),
        }
        for match in _DEDUCTION.finditer(nfkc(said))
    ]
