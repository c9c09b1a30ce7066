"""Which families there are: the modules of the topic folders, found by their files. Loading one imports that one alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path

from tanemaki.core.errors import SetupError, nearest
from tanemaki.verify.problems.family import Family

TOPICS = (
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
    *("sets", "probability", "statistics", "logic", "lists", "japanese"),
)


@cache
def families() -> Mapping[str, str]:
    """Return name → topic of every family, in the order of topics and names."""
    here = Path(__file__).parent
    return {
        path.stem: topic
        for topic in TOPICS
        for path in sorted(here.joinpath(topic).glob("*.py"))
        if path.stem != "__init__" and not path.stem.startswith("_")
    }


@cache
def family_of(name: str) -> Family:
    """Return the family of a name. Raises ``SetupError`` with the nearest right name where there is none."""
    topic = families().get(name)
    if topic is None:
        near = nearest(name, families())
        raise SetupError(
            f"there is no family of problems {name!r}",
            next=f"did you mean {near!r}?" if near else f"one of {', '.join(families())}",
        )
    family: Family = import_module(f"tanemaki.verify.problems.{topic}.{name}").FAMILY
    return replace(family, name=name, topic=topic)
