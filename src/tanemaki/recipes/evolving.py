"""What the recipes that evolve a text over rounds ask of their options."""

from __future__ import annotations

from collections.abc import Sequence

from tanemaki.core.errors import SetupError, nearest


def check_evolution(
    recipe: str, option: str, names: Sequence[str], known: Sequence[str], rounds: int
) -> None:
    """Raise ``SetupError`` for operators that the recipe does not have, or none, or one twice, and for less than a round.

    >>> check_evolution("evol_instruct", "operators", ("deepen",), ("deepen", "broaden"), rounds=4)
    """
    unknown = next((name for name in names if name not in known), None)
    if unknown is not None:
        near = nearest(unknown, known)
        raise SetupError(
            f"{recipe} has no {unknown!r} among its {option}",
            where=f"options.{option}",
            got=", ".join(names),
            next=f"did you mean {near!r}?" if near else f"from {', '.join(known)}",
        )
    if rounds < 1 or not names or len(set(names)) < len(names):
        raise SetupError(
            f"evolution takes at least one generation, and one or more of {option}, each named once",
            where="options",
            got=f"generations {rounds}, {option} {', '.join(names) or 'none'}",
            next=f"e.g. generations: 1, and leave {option} out",
        )
