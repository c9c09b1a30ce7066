"""What a fixed form of reply costs: the same choice of five asked for a number alone, freely, and with reasons first.

For: finding models that are right in free text and wrong as soon as only a number may be written; choosing the form in
which a benchmark or a judge asks; seeing whether a model prefers a place among options.
Source: a question with five options in the slides on Tanuki, answered rightly (4) in free text and wrongly (3) where only an
integer was to be printed; "Let Me Speak Freely?" (arXiv 2408.02442); options in several orders as "Large Language Models
Are Not Robust Multiple Choice Selectors" (arXiv 2309.03882) has them.
Differs: problems whose answer a second solver confirmed, drawn anew for every run; every reply is graded by rules, whether
it obeys the form apart from whether it is right; what cannot be read stays in the row with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.model import Reply
from tanemaki.core.recipe import Recipe
from tanemaki.judge.token_probs import spread_of
from tanemaki.recipes.exact import LOGIC, MATHS, Choice, needs_of, verified
from tanemaki.verify.format_tax.ask import AskWay
from tanemaki.verify.format_tax.options import N_OPTIONS, NumberedOptions
from tanemaki.verify.format_tax.ways import WAYS

_PLACES = {str(place) for place in range(1, N_OPTIONS + 1)}


def build(
    language: str,  # noqa: ARG001 - the problems know theirs from the run
    *,
    topics: tuple[str, ...] = (),
    families: tuple[str, ...] = (),
    levels: tuple[int, ...] = (),
    orders: int = 1,
    logprobs: bool = False,
) -> Recipe:
    """Return the recipe.

    ``topics`` and ``families`` choose problems (all of both), ``levels`` 1 to 5 their difficulty. With ``orders`` 2 to 5
    every item is asked in so many rotations of its options. ``logprobs`` measures how probable each option's number was in
    the strict form.
    """
    return Recipe(
        needs=needs_of("drawn"),
        steps=(
            *verified((*MATHS, *LOGIC), Choice(topics, families, levels), "drawn"),
            NumberedOptions(orders),
            *(
                AskWay(way, of="writer", shares=shares if logprobs and way == "strict" else None)
                for way in WAYS
            ),
        ),
        hidden=("item",),
    )


def shares(reply: Reply) -> Mapping[int, float] | None:
    """Return how probable each option's number was at the first token that says something; None where it is not told."""
    spread = spread_of(reply, lambda token: token if token in _PLACES else None)
    return None if spread is None else {int(place): share for place, share in spread.shares.items()}
