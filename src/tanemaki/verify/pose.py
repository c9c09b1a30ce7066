"""Records get a problem: posed, answered and worked by a program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.core.errors import SetupError
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context
from tanemaki.verify.problems.catalogue import family_of
from tanemaki.verify.problems.problem import make, solve
from tanemaki.verify.problems.solution import STYLES, Style
from tanemaki.verify.problems.wording import Language

_CONNECTIVES = 6  # least common multiple of two and three: every list of connectives is entered at each place


@dataclass(frozen=True, slots=True)
class Pose:
    """Give each record a problem of a family, with its answer and a worked solution in one of the styles.

    Family, level, method and style are drawn for each record, each equally likely; families that have fewer levels than
    ``levels`` names give their highest one. What a record gets depends on the run's seed and on the record alone.

    Raises: ``SetupError`` for a language that has no problems.
    Cost: no call; about 0.1 ms a record.
    Source: ours; exact generators with a verifier beside them, as reasoning-gym has them. Differs: worked solutions, two
    languages, a second solver, seeds that are hashed and never added.

    >>> Pose(("cranes_and_turtles",)).writes["answer"]
    'text'
    """

    families: tuple[str, ...]
    """Names of families."""
    levels: tuple[int, ...] = ()
    """Levels to draw from; none: all that the family has."""
    styles: tuple[Style, ...] = STYLES
    """Styles of the solution to draw from."""
    field: str = "prompt"
    """The field with the problem."""
    name: ClassVar[str] = "pose"
    reads: ClassVar[tuple[str, ...]] = ()

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The problem, what it is, its answer and its solution."""
        return {
            "family": "text",
            "topic": "text",
            "level": "integer",
            self.field: "text",
            "answer": "text",
            "answer_kind": "text",
            "parameters": "json",
            "method": "text",
            "style": "text",
            "n_steps": "integer",
            "solution": "text",
        }

    def __call__(self, record: Record, context: Context) -> Mapping[str, Json]:
        """Draw and pose."""
        del record
        draw = context.draw()
        family = family_of(draw.choose(self.families))
        level = min(draw.choose(self.levels), family.levels) if self.levels else None
        problem = make(family.name, seed=draw.bits(), k=0, language=_language(context.language), level=level)
        solution = solve(
            problem,
            method=draw.choose(family.methods),
            style=draw.choose(self.styles),
            variant=draw.below(_CONNECTIVES),
        )
        return {
            "family": family.name,
            "topic": family.topic,
            "level": problem.level,
            self.field: problem.prompt,
            "answer": problem.answer,
            "answer_kind": problem.kind,
            "parameters": dict(problem.parameters),
            "method": solution.method,
            "style": solution.style,
            "n_steps": solution.n_steps,
            "solution": solution.text,
        }


def _language(language: str) -> Language:
    if language == "ja":
        return "ja"
    if language == "en":
        return "en"
    raise SetupError(
        "there are no problems in this language", where="language", got=repr(language), next="ja or en"
    )
