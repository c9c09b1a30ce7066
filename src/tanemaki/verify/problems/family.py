"""The contract of a family of problems: parameters that are drawn, and steps that solve them, by one method or several."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.text.answer_reading import AnswerKind

Kind = AnswerKind
"""What an answer is. ``numbers`` and ``names`` have an order, a ``set`` of numbers has none; a ``date`` is ``2026-11-21``, a
``time`` ``15:30``, a ``text`` is compared letter by letter."""
Parameters = Mapping[str, Json]
"""What makes one problem, in JSON and in no language. Four names are reserved:

``form``    which of the wording's groups of frames asks (``plain`` where there is none)
``scene``   key of the wording's scene: the nouns
``people``  numbers of the people in the shared table; they are the slots ``a``, ``b``, ``c`` …
``frame``   which sentence frame of the form; drawn by the trunk, never by a family
"""
Words = Mapping[str, Any]
"""The words of one language for one problem: the scene's, ``[words]`` of its file, the people, and ``language``."""


class Who(str):
    """A value in a step's slots that is the key of a person or of one of the wording's ``[choices]``, not the text itself.

    >>> Who("a")
    'a'
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a solution: an equation under the name of what it finds, or a statement.

    >>> Step("legs_if_all_few", "2 × 20 = 40").equation
    '2 × 20 = 40'
    """

    say: str
    """Key of the wording: with an equation of ``[goals]``, a noun phrase; without one of ``[says]``, a sentence."""
    equation: str = ""
    """``2 × 20 = 40``, as :mod:`tanemaki.verify.equations` reads it: every part is equal to the next one."""
    slots: Mapping[str, Any] = field(default_factory=dict)
    """What the goal's or sentence's own slots hold, beside those of the problem."""
    where: Mapping[str, int | Fraction] = field(default_factory=dict)
    """What the equation's letters are worth."""


@dataclass(frozen=True, slots=True)
class Worked:
    """A problem solved by one method."""

    steps: tuple[Step, ...]
    answer: Json
    """In no language: an ``int``, a fraction as ``"3/4"``, a decimal as ``"2.5"``, a person's or choice's key; or a list."""


def _as_they_are(parameters: Parameters, words: Words) -> Mapping[str, object]:  # noqa: ARG001 - the contract's form
    return parameters


@dataclass(frozen=True)
class Family:
    """Problems that are solved in the same way.

    Its name and topic are the module's. ``draw`` gets a stream of random numbers and a level from 1 to ``levels``; ``solve``
    gets the parameters and one of ``methods``. Both are pure.
    """

    kind: Kind
    draw: Callable[[Draw, int], dict[str, Json]]
    """Parameters of a level. The number of steps rises with the level."""
    solve: Callable[[Parameters, str], Worked]
    """The steps and the answer; every method gives the same answer."""
    methods: tuple[str, ...]
    """In the order in which the field teaches them."""
    levels: int = 3
    scenes: tuple[str, ...] = ()
    """Keys of the scenes; the same in every language."""
    known: tuple[str, ...] = ()
    """Slots that a frame may leave out because everybody knows them: a turtle's four legs. All others are in every frame."""
    slots: Callable[[Parameters, Words], Mapping[str, object]] = _as_they_are
    """What the frames' slots hold: the parameters themselves unless numbers must be shown another way."""
    name: str = field(default="", kw_only=True)
    topic: str = field(default="", kw_only=True)


def show(value: int | Fraction) -> str:
    """Return a number as equations and keys write it: ``12``, ``-3``, ``3/4``.

    >>> show(Fraction(6, 8)), show(Fraction(8, 4)), show(7)
    ('3/4', '2', '7')
    """
    return str(value)


def decimal(value: Fraction) -> str:
    """Return a number that ends as a decimal: ``2.5``, ``12``.

    Raises ``ValueError`` for one that does not end: draw other numbers.

    >>> decimal(Fraction(5, 2)), decimal(Fraction(-1, 80)), decimal(Fraction(12))
    ('2.5', '-0.0125', '12')
    """
    scale = 0
    while value.denominator != 1:
        value *= 10
        scale += 1
        if scale > 12:  # noqa: PLR2004 - no problem has that many places
            raise ValueError(f"{value} does not end as a decimal")
    digits = str(abs(value.numerator)).rjust(scale + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}" if scale else f"{sign}{digits}"
