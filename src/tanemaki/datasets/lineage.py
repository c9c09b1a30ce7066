"""How a row came to be: one JSON value beside it, made of names and hashes alone.

No clock, attempt, latency, host or path may enter it: those are in the journal, and a dataset must not depend on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from tanemaki.core.record import Json


@dataclass(frozen=True, slots=True)
class Call:
    """One call to a model that a row depends on."""

    id: str
    """The call's content hash, by which the journal finds it."""
    step: str
    role: str
    model: str
    prompt_hash: str | None
    """Hash of the prompt file; None where a step wrote its own text."""
    seed: int | None
    """The seed that was sent; None if none was."""
    thinking: str | None = None
    """What the model thought, which is no part of the row."""


def lineage(
    *, parents: Sequence[str], recipe: str, seed: int, steps: Iterable[str], calls: Iterable[Call]
) -> dict[str, Json]:
    """Return the value of a row's ``lineage`` column: ids of its parents, recipe, run seed, steps and calls in order.

    A call without a thought has no ``thinking``; everything else is always there, so that equal rows are equal bytes.

    >>> lineage(parents=[], recipe="persona_dialogue", seed=7, steps=["topic"], calls=[])
    {'parents': [], 'recipe': 'persona_dialogue', 'seed': 7, 'steps': ['topic'], 'calls': []}
    """
    return {
        "parents": list(parents),
        "recipe": recipe,
        "seed": seed,
        "steps": list(steps),
        "calls": [_stored(call) for call in calls],
    }


def _stored(call: Call) -> dict[str, Json]:
    stored = asdict(call)
    if call.thinking is None:
        del stored["thinking"]
    return stored
