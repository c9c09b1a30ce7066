"""A problem becomes a choice of five, in one order or in several."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.core.errors import SetupError
from tanemaki.core.record import Children, FieldType, Json, Record
from tanemaki.core.seeding import Draw
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import nfkc
from tanemaki.verify.problems.catalogue import family_of
from tanemaki.verify.problems.problem import Problem, choices_of, pose
from tanemaki.verify.problems.wording import Language

N_OPTIONS = 5  # as the item had by which the failure was found, and as a usual multiple-choice item has
_LOOKS_LIKE_A_PLACE = re.compile(rf"(?<![\d.,])[1-{N_OPTIONS}](?![\d.,])")


@dataclass(frozen=True, slots=True)
class NumberedOptions:
    """Give the record five numbered answers, one of which is right, at a drawn place.

    With ``orders`` above 1 the record becomes so many, which show the same five rotated by one place each, so that the right
    one stands in so many different places. No option holds a number from 1 to 5 by itself: a reply "4" is the fourth option,
    and never the answer 4.

    Writes ``order`` (from 1), ``options``, ``right_place`` (from 1) and ``item``, the problem with its list.

    Reasons: ``few_options`` (no five such answers are there: measured is how many).
    Raises: ``SetupError`` for less than one order or more than five.
    Cost: the problem is posed once more, under a millisecond.
    Source: option orders as "Large Language Models Are Not Robust Multiple Choice Selectors" (arXiv 2309.03882) permutes
    them. Differs: rotations, so that every place holds the right option equally often; the wrong answers are a program's.

    >>> NumberedOptions().fans_out, NumberedOptions(orders=5).fans_out
    (False, True)
    """

    orders: int = 1
    name: ClassVar[str] = "options"
    reads: ClassVar[tuple[str, ...]] = ("family", "level", "parameters", "prompt")
    writes: ClassVar[Mapping[str, FieldType]] = {
        "order": "integer",
        "options": "texts",
        "right_place": "integer",
        "item": "text",
    }
    reasons: ClassVar[tuple[str, ...]] = ("few_options",)

    def __post_init__(self) -> None:
        """Refuse more orders than there are places."""
        if not 1 <= self.orders <= N_OPTIONS:
            raise SetupError(
                f"{N_OPTIONS} options have 1 to {N_OPTIONS} rotations",
                where="options.orders",
                got=str(self.orders),
                next=f"orders: {N_OPTIONS}",
            )

    @property
    def fans_out(self) -> bool:
        """Several records are made of one."""
        return self.orders > 1

    def __call__(self, record: Record, context: Context) -> Mapping[str, Json] | Children | Reject:
        """Draw the wrong ones and the order; give the fields, or a child for each order."""
        language: Language = "ja" if context.language == "ja" else "en"
        problem = pose(family_of(record["family"]), record["parameters"], language, record["level"])
        right, told = problem.answer_text, listable(problem)
        if right not in told or len(told) < N_OPTIONS:
            return Reject("few_options", measured=len(told), limit=N_OPTIONS)
        options = five_of(told, right, context.draw())
        orders = [self._one(record["prompt"], options, right, turn) for turn in range(self.orders)]
        return Children.of(*orders) if self.fans_out else orders[0]

    def _one(self, question: str, options: Sequence[str], right: str, turn: int) -> Mapping[str, Json]:
        turned = [*options[turn:], *options[:turn]]
        return {
            "order": turn + 1,
            "options": turned,
            "right_place": turned.index(right) + 1,
            "item": f"{question}\n\n{numbered(turned)}",
        }


def listable(problem: Problem) -> list[str]:
    """Return the answers to a problem that may stand in a numbered list: without those that hold a number from 1 to 5."""
    return [one for one in choices_of(problem) if not _LOOKS_LIKE_A_PLACE.search(nfkc(one))]


def five_of(told: Sequence[str], right: str, draw: Draw) -> list[str]:
    """Return the right answer and four of the others in a drawn order."""
    wrong = [one for one in told if one != right]
    return draw.sample([right, *draw.sample(wrong, N_OPTIONS - 1)], N_OPTIONS)


def numbered(options: Sequence[str]) -> str:
    """Return the options as they are shown.

    >>> numbered(["12匹", "13匹"])
    '1. 12匹\\n2. 13匹'
    """
    return "\n".join(f"{place}. {option}" for place, option in enumerate(options, 1))
