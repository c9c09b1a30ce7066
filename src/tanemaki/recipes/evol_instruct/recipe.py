"""Instructions that grow harder or wander further over several generations, each with its answer and its family tree.

For: instruction tuning on harder and more varied instructions than people write; any set of instructions to begin with.
Source: "WizardLM: Empowering Large Language Models to Follow Complex Instructions" (arXiv 2304.12244, §3.2),
and its re-implementations. Differs: all rounds and all four eliminations, which the released code
lacks; every attempt is a record, the eliminated ones with their reason; lengths in characters; a verdict knows a third
outcome, instructions that nobody could follow; a child's history is its own.
"""

from __future__ import annotations

from tanemaki.core.errors import SetupError
from tanemaki.core.recipe import Recipe
from tanemaki.generate.pair import Pair
from tanemaki.generate.respond import Respond
from tanemaki.generate.survives import ELIMINATED, Survives
from tanemaki.recipes.evolved_instructions import BREADTH, DEPTH, SAMPLING, evolution
from tanemaki.recipes.evolving import check_evolution


def build(
    language: str,
    *,
    generations: int = 4,
    operators: tuple[str, ...] = (*DEPTH, *BREADTH),
    generate_answers: bool = True,
    include_original: bool = False,
    pairs: bool = False,
) -> Recipe:
    """Return the recipe; ``generations`` is the number of rounds, ``operators`` what each of them draws from.

    ``pairs`` asks a further role, ``weak``, for an answer to every evolved instruction, and writes ``prompt``, ``chosen``
    (the writer's answer) and ``rejected`` (the weak one's).
    """
    check_evolution("evol_instruct", "operators", operators, (*DEPTH, *BREADTH), generations)
    if pairs and not generate_answers:
        raise SetupError(
            "a pair needs an answer of the writer's",
            where="options",
            got="pairs: true, generate_answers: false",
            next="leave generate_answers out",
        )
    answered_by = "writer" if generate_answers else None
    evolve = evolution(
        language, operators, generations, answered_by=answered_by, include_original=include_original
    )
    paired = (
        Respond("weak_answer", of="weak", asked="evolved_instruction", unlike="answer", sampling=SAMPLING),
        Pair("evolved_instruction", better="answer", worse="weak_answer"),
    )
    steps = (evolve, Survives(evolve.eliminations), *(paired if pairs else ()))
    return Recipe(needs=("instruction",), steps=steps, hidden=(ELIMINATED,))
