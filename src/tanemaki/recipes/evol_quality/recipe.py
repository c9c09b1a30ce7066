"""Better responses to the same instructions, each rewritten along one axis, with the response before it kept beside it.

For: instruction tuning on better answers, and pairs of a better and a worse answer for preference tuning.
Source: "What Makes Good Data for Alignment?" (arXiv 2312.15685, EvolQuality) and its
re-implementation. Differs: the axis is drawn per row and round, not per batch; the rewriter sees the whole response (the
re-implementation that was read showed its last character alone); growth is capped, drift is looked for by words and by a
judge, who also says whether the response got better at all; every attempt is a record.
"""

from __future__ import annotations

from tanemaki.core.errors import SetupError
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe
from tanemaki.generate.evolve import Evolve
from tanemaki.generate.length_difference import LengthDifference
from tanemaki.generate.survives import ELIMINATED, Survives
from tanemaki.recipes.claimed_pairs import Sides, Verdicts, claimed_pair
from tanemaki.recipes.evolving import check_evolution
from tanemaki.recipes.rewriting import better, check_growth, response_filters

_SIDES = Sides(prompt="instruction", better="evolved_response", worse="response")
AXES = ("helpfulness", "relevance", "depth", "creativity", "detail")


def build(
    language: str,
    *,
    generations: int = 1,
    axes: tuple[str, ...] = AXES,
    max_growth: float = 2.0,
    include_original: bool = False,
    pairs: bool = False,
    verdicts: Verdicts = "none",
    repeats: int = 1,
) -> Recipe:
    """Return the recipe; ``max_growth`` is how many times as long as the first response a rewritten one may be.

    ``pairs`` writes ``prompt``, ``chosen`` (the rewritten response) and ``rejected`` (the first), too. With ``verdicts`` a
    judge compares the two in both orders, ``repeats`` times each: ``required``, and it must prefer the rewritten one;
    ``recorded``, and its verdict stands beside the pair.
    """
    check_evolution("evol_quality", "axes", axes, AXES, generations)
    check_growth(max_growth)
    if include_original and pairs:
        raise SetupError(
            "an original makes no pair with itself",
            where="options",
            got="include_original and pairs",
            next="leave one of them out: the first response stands in every row as `response`",
        )
    if verdicts != "none" and not pairs:
        raise SetupError(
            "a verdict is about the two sides of a pair",
            where="options.verdicts",
            got=f"verdicts: {verdicts}, pairs: false",
            next="take pairs: true, or leave verdicts out",
        )
    pair, trials = claimed_pair(language, _SIDES, verdicts, repeats)
    evolve = Evolve(
        "evolved_response",
        start="response",
        operators=tuple(axes),
        of="writer",
        rounds=generations,
        given=("instruction",),
        filters=response_filters(language, max_growth=max_growth, before="parent", with_prompt=True),
        verdict=better(language),
        include_original=include_original,
        named=("axis", "axes"),
        sampling=Sampling(
            temperature=1.0, top_p=0.95, max_tokens=2048
        ),  # evolution's own, as in evol_instruct
    )
    steps = (
        evolve,
        LengthDifference("length_difference_chars", of="evolved_response", than="response"),
        Survives(
            evolve.eliminations
        ),  # after the difference, so that rejected.parquet tells it of the eliminated
        *(pair if pairs else ()),
    )
    return Recipe(steps, ("instruction", "response"), (ELIMINATED,), trials if pairs else ())
