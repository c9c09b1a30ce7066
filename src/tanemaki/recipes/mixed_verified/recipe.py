"""Mathematics, logic, format tasks and code in one set, every row of it verified; no model is needed.

For: a first fine-tuning set or a reward mixture in which nothing is wrong; a set to test a training loop with.
Source: the final mixtures of Tanuki, whose maths, logic and code parts were not verified; composite sets of "Reasoning Gym"
(arXiv 2505.24760).
Differs: four kinds in one table with one set of columns, each row with what verified it; shares are weights of the run file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tanemaki.clean.dedup.exact_copy import ExactCopy
from tanemaki.core.errors import SetupError
from tanemaki.core.recipe import Recipe
from tanemaki.recipes.exact import LOGIC, MATHS, checked_levels
from tanemaki.recipes.options import chosen
from tanemaki.verify.code.catalogue import code_families
from tanemaki.verify.code.family import LEVELS
from tanemaki.verify.code.steps import PoseCode, Proven
from tanemaki.verify.compose import Compose
from tanemaki.verify.mixed import Mixed, Part
from tanemaki.verify.pose import Pose
from tanemaki.verify.problems.catalogue import families as exact_families
from tanemaki.verify.proved import Proved


def build(
    language: str,  # noqa: ARG001 - the problems know theirs from the run
    *,
    maths: int = 4,
    logic: int = 2,
    formats: int = 2,
    code: int = 2,
    families: tuple[str, ...] = (),
    levels: tuple[int, ...] = (),
) -> Recipe:
    """Return the recipe.

    ``maths``, ``logic``, ``formats`` and ``code`` are weights: 4, 2, 2 and 2 make two fifths mathematics; 0 leaves a kind
    out. ``families`` names families of problems and of code; a kind of which none is named is left out. ``levels`` 1 to 5
    choose how hard problems are; code has three, and a harder level means its highest.
    """
    weights = {"maths": maths, "logic": logic, "formats": formats, "code": code}
    if min(weights.values()) < 0 or not any(weights.values()):
        raise SetupError(
            "the weights of the kinds are 0 or more, and not all 0",
            where="options",
            got=", ".join(f"{kind} {weight}" for kind, weight in weights.items()),
            next="e.g. maths: 4, logic: 2, formats: 2, code: 2",
        )
    posed = families_of_kinds(families)
    wanted = checked_levels(levels)
    code_levels = tuple(sorted({min(level, LEVELS) for level in wanted})) or tuple(range(1, LEVELS + 1))
    steps: dict[str, tuple[Any, ...]] = {
        "maths": (Pose(posed["maths"], wanted), Proved()),
        "logic": (Pose(posed["logic"], wanted), Proved()),
        "formats": (Pose(posed["formats"], wanted), Proved(), Compose()),
        "code": (PoseCode(posed["code"], code_levels), Proven()),
    }
    parts = tuple(
        Part(kind, weights[kind], made, *(("request", "response") if kind == "formats" else ()))
        for kind, made in steps.items()
        if weights[kind] and posed[kind]
    )
    if not parts:
        raise SetupError(
            "no family that is named is of a kind with a weight above 0",
            where="options.families",
            got=", ".join(families),
            next="name others, or give their kind a weight",
        )
    return Recipe(needs=("number",), steps=(Mixed(parts), ExactCopy("prompt")))


def families_of_kinds(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the families of each kind: those that are named, all where none is.

    Raises ``SetupError`` for a name that is none, with the nearest right one.

    >>> families_of_kinds(("dice_sum",))["code"]
    ()
    """
    topics = {"maths": MATHS, "logic": LOGIC, "formats": (*MATHS, *LOGIC)}
    known = {
        kind: tuple(name for name, topic in exact_families().items() if topic in of)
        for kind, of in topics.items()
    }
    known["code"] = tuple(code_families())
    if names:
        chosen("families", names, (*known["formats"], *known["code"]))
    return {kind: tuple(name for name in of if not names or name in names) for kind, of in known.items()}
