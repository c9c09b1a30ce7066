"""Items of the families of problems, made once for the tests that look at them, and their second solvers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module

from tanemaki.core.record import Json
from tanemaki.verify.problems.catalogue import families
from tanemaki.verify.problems.problem import Problem, make
from tanemaki.verify.problems.wording import Language

LANGUAGES: tuple[Language, ...] = ("ja", "en")


@cache
def items(name: str, language: Language, n: int) -> tuple[Problem, ...]:
    """The first n items of a family under one seed."""
    return tuple(make(name, seed=2, k=k, language=language) for k in range(n))


def solver_of(name: str) -> Callable[[Json], Json]:
    """The second solver of a family."""
    found: Callable[[Json], Json] = import_module(f"tanemaki.verify.solvers.{families()[name]}.{name}").solve
    return found


def both(names: Iterable[str]) -> list[tuple[str, Language]]:
    """Every name in every language."""
    return [(name, language) for name in names for language in LANGUAGES]
