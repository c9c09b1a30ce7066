"""Instructions evolved over generations, each answered by a strong and by a weak model: pairs that a judge has borne out.

For: preference tuning on harder and more varied prompts than people write; knowing how often a strong model's answer is in
truth the worse one.
Source: Mitsuhashi's evolved Japanese preference set (five operators, chosen of calm3-22b, rejected of an intermediate
Tanuki-8B) and Arata's variant over five generations; evolution after "WizardLM" (arXiv 2304.12244). Differs: operators are
drawn for each row and round, where the first set applies each of the five once; the four eliminations; a judge compares the
two sides in both orders, where neither set asks one; operator, generation and parent are columns, which the published
set lost; sides are messages, not text with the speakers' names in it; sampled, not at temperature 0.
"""

from __future__ import annotations

from tanemaki.core.recipe import Recipe
from tanemaki.generate.respond import Respond
from tanemaki.generate.survives import ELIMINATED, Survives
from tanemaki.recipes.claimed_pairs import Sides, Verdicts, claimed_pair
from tanemaki.recipes.evolved_instructions import BREADTH, DEPTH, SAMPLING, evolution
from tanemaki.recipes.evolving import check_evolution

FIVE = (*(one for one in DEPTH if one != "complicate_input"), *BREADTH)  # Mitsuhashi's
_SIDES = Sides(prompt="evolved_instruction", better="answer", worse="weak_answer")


def build(
    language: str,
    *,
    generations: int = 1,
    operators: tuple[str, ...] = FIVE,
    include_original: bool = False,
    verdicts: Verdicts = "required",
    repeats: int = 1,
) -> Recipe:
    """Return the recipe; ``generations`` is the number of rounds, ``operators`` what each of them draws from.

    ``verdicts``: the judge must bear the pair out; or it is asked and its verdict stands beside the pair, whatever it is;
    or no judge compares. ``repeats`` asks it so often in either order, and the majority counts.
    """
    check_evolution("evolved_preference", "operators", operators, (*DEPTH, *BREADTH), generations)
    evolve = evolution(
        language, operators, generations, answered_by="strong", include_original=include_original
    )
    pair, trials = claimed_pair(language, _SIDES, verdicts, repeats)
    weak = Respond(_SIDES.worse, of="weak", asked=_SIDES.prompt, unlike=_SIDES.better, sampling=SAMPLING)
    steps = (evolve, Survives(evolve.eliminations), weak, *pair)
    return Recipe(steps, ("instruction",), (ELIMINATED,), trials)
