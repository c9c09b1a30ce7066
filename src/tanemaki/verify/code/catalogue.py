"""Which families of code tasks there are: the modules of the topic folders, found by their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path

from tanemaki.core.errors import SetupError, nearest
from tanemaki.verify.code.family import CodeFamily

TOPICS = ("lists", "strings", "parsing", "dates")


@cache
def code_families() -> Mapping[str, str]:
    """Return name → topic of every family, in the order of topics and names."""
    here = Path(__file__).parent
    return {
        path.stem: topic
        for topic in TOPICS
        for path in sorted(here.joinpath(topic).glob("*.py"))
        if path.stem != "__init__"
    }


@cache
def code_family_of(name: str) -> CodeFamily:
    """Return the family of a name. Raises ``SetupError`` with the nearest right name where there is none."""
    topic = code_families().get(name)
    if topic is None:
        near = nearest(name, code_families())
        raise SetupError(
            f"there is no family of code tasks {name!r}",
            next=f"did you mean {near!r}?" if near else f"one of {', '.join(code_families())}",
        )
    family: CodeFamily = import_module(f"tanemaki.verify.code.{topic}.{name}").FAMILY
    return replace(family, name=name, topic=topic)
