"""All digits are tried in the two numbers above the line; the result must fit its pattern, and only one choice may."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from itertools import product

from tanemaki.core.record import Json

_WORK = {"+": operator.add, "-": operator.sub, "×": operator.mul}


def solve(p: Mapping[str, Json]) -> Json:
    """Return the digits in the order of their letters."""
    one, two, three = p["rows"]
    work, turned = _WORK[p["sign"]], p["sign"] == "-"
    if turned:  # the fewest digits are tried when the longest row is the one that is compared
        one, three, work = three, one, operator.add
    letters = sorted(sign for sign in one + two if sign.isalpha())
    found = []
    for digits in product("0123456789", repeat=len(letters)):
        table = str.maketrans(dict(zip(letters, digits, strict=True)))
        value = str(work(int(one.translate(table)), int(two.translate(table))))
        if len(value) == len(three) and all(a == b or b.isalpha() for a, b in zip(value, three, strict=True)):
            known = {
                **dict(zip(letters, digits, strict=True)),
                **{b: a for a, b in zip(value, three, strict=True) if b.isalpha()},
            }
            if all(not row.translate(table).startswith("0") for row in (one, two)):
                found.append([int(known[letter]) for letter in sorted(known)])
    (answer,) = found
    return answer
