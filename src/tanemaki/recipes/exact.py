"""What the recipes of exact problems share: which families, how they are worded and answered, and that all is verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from tanemaki.clean.dedup.exact_copy import ExactCopy
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe
from tanemaki.generate.as_messages import AsMessages
from tanemaki.generate.ask import Ask
from tanemaki.recipes.options import chosen
from tanemaki.verify.checked_lines import CheckedLines
from tanemaki.verify.confirmed import Confirmed
from tanemaki.verify.pose import Pose
from tanemaki.verify.problems.catalogue import families as all_families
from tanemaki.verify.problems.solution import STYLES, Style
from tanemaki.verify.proved import Proved
from tanemaki.verify.resolved import COLUMNS, Resolved
from tanemaki.verify.same_problem import SameProblem

MATHS = (
    *(
        "arithmetic",
        "word_problems",
        "units",
        "calendar",
        "number_theory",
        "algebra",
        "geometry",
        "sequences",
    ),
    *("sets", "probability", "statistics", "lists", "japanese"),
)
"""Topics with a number in them."""
LOGIC = ("logic",)
_LEVELS = 5  # no family has more
_REWORDING = Sampling(temperature=0.9, max_tokens=512)  # a wording should differ; what it says is checked
_ANSWERING = Sampling(temperature=0.7, max_tokens=1024)  # as rejection sampling of solutions is commonly done


@dataclass(frozen=True, slots=True)
class Choice:
    """Which problems are drawn; empty is all."""

    topics: Sequence[str] = ()
    families: Sequence[str] = ()
    levels: Sequence[int] = ()
    styles: Sequence[str] = ()

    def pose(self, among: Sequence[str]) -> Pose:
        """Return the step that draws them. Raises ``SetupError`` for a name or a level that is none."""
        families = named_families(self.topics, self.families, among)
        return Pose(families, checked_levels(self.levels), checked_styles(self.styles))


def exact_recipe(
    language: str,
    among: Sequence[str],
    choice: Choice,
    *,
    problems: Literal["drawn", "own"],
    wording: Literal["frames", "model"],
    answers: Literal["solver", "model"],
) -> Recipe:
    """Return the recipe of exact problems of these topics."""
    asked, said = "prompt", "solution"
    question = _question_of_prompt
    steps = verified(among, choice, problems)
    if wording == "model":
        asked, question = "reworded", _question_of_reworded
        steps += [
            Ask("reworded", of="writer", given=("prompt",), sampling=_REWORDING),
            SameProblem("reworded", language, of="prompt", answer="answer"),
        ]
    if answers == "model":
        said = "response"
        steps += [
            question(),
            Ask("response", of="writer", given=("question",), sampling=_ANSWERING),
            Confirmed("response"),
            CheckedLines("response"),
        ]
    steps += [ExactCopy("prompt"), AsMessages("messages", user=asked, assistant=said)]
    return Recipe(
        needs=needs_of(problems),
        steps=tuple(steps),
        hidden=("question",) if answers == "model" else (),
    )


def verified(among: Sequence[str], choice: Choice, problems: Literal["drawn", "own"]) -> list[Any]:
    """Return the steps that give each record a problem that a second solver confirms.

    Raises ``SetupError`` where problems of the source are to be chosen from.
    """
    drawn = choice.pose(among)
    if problems == "drawn":
        return [drawn, Proved()]
    if choice != Choice():
        raise SetupError(
            "problems: own takes the source's rows as they are, and nothing is chosen among them",
            where="options",
            got=", ".join(one.name for one in fields(choice) if getattr(choice, one.name)),
            next="leave these options out, or problems: own",
        )
    return [Resolved(), verified_by]


def needs_of(problems: Literal["drawn", "own"]) -> tuple[str, ...]:
    """Return the fields that the source must give."""
    return COLUMNS if problems == "own" else ("number",)


def verified_by(answer: str) -> str:  # noqa: ARG001 - it stands behind the step that confirmed the answer
    """Say who confirmed a row of the source."""
    return "second_solver"


def _question_of_prompt() -> Any:
    def question(prompt: str) -> str:
        return prompt

    return question


def _question_of_reworded() -> Any:
    def question(reworded: str) -> str:
        return reworded

    return question


def named_families(topics: Sequence[str], names: Sequence[str], among: Sequence[str]) -> tuple[str, ...]:
    """Return the families that a run file names by topic or by name, all of ``among``'s topics where it names none.

    Raises ``SetupError`` for a topic or a name that is none of them, with the nearest right one.

    >>> named_families((), ("cranes_and_turtles",), ("word_problems",))
    ('cranes_and_turtles',)
    """
    known = {name: topic for name, topic in all_families().items() if topic in among}
    if topics:
        chosen("topics", topics, tuple(dict.fromkeys(known.values())))
    if names:
        chosen("families", names, tuple(known))
    wanted = {name for name, topic in known.items() if topic in topics} | set(names)
    return tuple(name for name in known if not wanted or name in wanted)


def checked_levels(levels: Sequence[int]) -> tuple[int, ...]:
    """Return the levels. Raises ``SetupError`` for one that no family has."""
    wrong = next((level for level in levels if not 1 <= level <= _LEVELS), None)
    if wrong is not None:
        raise SetupError(
            f"levels go from 1 to {_LEVELS}",
            where="options.levels",
            got=str(wrong),
            next="e.g. levels: [1, 2]",
        )
    return tuple(levels)


def checked_styles(styles: Sequence[str]) -> tuple[Style, ...]:
    """Return the styles, all where none is named. Raises ``SetupError`` for one that is none."""
    if styles:
        chosen("styles", styles, STYLES)
    return tuple(style for style in STYLES if not styles or style in styles)
