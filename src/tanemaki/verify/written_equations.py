"""The equations of a worked solution, read back out of its sentences, so that each can be worked out again."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from itertools import islice, pairwise, product

from tanemaki.verify.equations import Unreadable, fault_of

_RUN = re.compile(
    r"(?:(?:\d+(?:\.\d+)?%?|(?:gcd|lcm|max|min)(?=\()|mod\b|[CP](?=\()|(?<![A-Za-z])[A-Za-z](?![A-Za-z])"
    r"|(?<=\d)[A-Za-z]{1,2}(?![A-Za-z])|[-−+×÷*/()!^√,²³⁴π:=<>≤≥≠≈])[ ]?)+"
)
_LINE_NUMBER = re.compile(r"^\s*(?:\(\d{1,2}\)|\d{1,2}\.)\s+(?![-−+×÷*/=])")
_RELATION = re.compile(r"[=<>≤≥≠≈]")
_UNIT = re.compile(
    r"[ ]\([A-Za-z]{1,3}[²³]?\)?[ ]*$"
)  # "6 (m)": the unit stands in brackets behind the result
_RATIO = re.compile(r"[\d.: /]+(?:=[\d.: /]+)+")
_MOST_READINGS = 32
"""Values tried for letters that stand for several: x is 3 in one step, 5 in another."""


def find_equations(text: str) -> Iterator[str]:
    """Yield the equations of a solution as they stand, line by line; what holds no relation is none.

    >>> list(find_equations("まず、足の数は、2 × 20 = 40（本）です。"))
    ['2 × 20 = 40']
    >>> list(find_equations("First, the equation is x + y = 20.\\n  gcd(12, 18) = 6 (m)"))
    ['x + y = 20', 'gcd(12, 18) = 6']
    """
    for line in text.splitlines():
        for match in _RUN.finditer(_LINE_NUMBER.sub("", line)):
            if not _RELATION.search(match.group()):
                continue
            for part in _parts(_UNIT.sub("", match.group())):
                bare = _balanced(part)
                if len(_RELATION.split(bare)) > 1 and all(side.strip() for side in _RELATION.split(bare)):
                    yield bare


def wrong_equation(
    text: str, where: Mapping[str, Collection[int | Fraction]], formulas: Collection[str] = ()
) -> str | None:
    """Return the first equation of a text that does not hold or cannot be read, with its fault; None where all hold.

    ``where`` says what letters may be worth: one reading must make the equation right. ``formulas`` are equations that may
    have letters which are worth nothing in particular: ``y = a/x``.

    >>> wrong_equation("2 × 20 = 41", {})
    '2 × 20 = 41: 2 × 20 = 40 and 41 = 41'
    >>> wrong_equation("x + y = 20, x = 8", {"x": {8}, "y": {12}}) is None
    True
    """
    for equation in find_equations(text):
        try:
            fault = _fault(equation, where)
        except Unreadable as error:
            fault = None if equation in formulas else str(error)
        if fault is not None:
            return f"{equation}: {fault}"
    return None


def _fault(equation: str, where: Mapping[str, Collection[int | Fraction]]) -> str | None:
    """Return what is wrong with an equation. Raises ``Unreadable`` where no reading of its letters can be worked out."""
    if ":" in equation:
        return _ratio_fault(equation) if _RATIO.fullmatch(equation) else None
    letters = sorted({letter for letter in equation if letter in where})
    fault, error = None, Unreadable("no equation")
    for values in islice(product(*(where[letter] for letter in letters)), _MOST_READINGS):
        try:
            found = fault_of(equation, dict(zip(letters, values, strict=True)))
        except Unreadable as unread:
            error = unread
            continue
        if found is None:
            return None
        fault = fault or found
    if fault is None:
        raise error
    return fault


def _ratio_fault(equation: str) -> str | None:
    """Return what is wrong with 120:27 = 40:9; a ratio with anything but numbers is left alone."""
    sides = [
        [Fraction(term) for term in side.split(":")] for side in equation.replace(" ", "").split("=") if side
    ]
    for one, other in pairwise(sides):
        factors = {a / b for a, b in zip(one, other, strict=False) if b}
        if len(one) != len(other) or len(factors) != 1:
            return "the ratios differ"
    return None


def _parts(run: str) -> Iterator[str]:
    """Yield what commas outside of brackets part."""
    depth, start = 0, 0
    for at, sign in enumerate(run):
        depth = max(0, depth + {"(": 1, ")": -1}.get(sign, 0))
        if sign == "," and depth == 0:
            yield run[start:at]
            start = at + 1
    yield run[start:]


def _balanced(part: str) -> str:
    """Return a run without what its ends have too much of: brackets of the sentence, commas."""
    bare = part.strip(" ,:")
    while bare:
        if bare[-1] in "(,:":
            bare = bare[:-1].rstrip()
        elif bare[0] in "),:" or (bare.count("(") > bare.count(")") and bare[0] == "("):
            bare = bare[1:].lstrip()
        elif bare.count(")") > bare.count("(") and bare[-1] == ")":
            bare = bare[:-1].rstrip()
        else:
            break
    return bare
