"""The three ways in which the same choice is asked, and whether a reply has the form that its way orders."""

from __future__ import annotations

import re
from typing import Literal, get_args

Way = Literal["strict", "free", "reasoned"]
WAYS: tuple[Way, ...] = get_args(Way)
"""``strict``: the number and nothing else. ``free``: as the model likes. ``reasoned``: reasons, then a last line in a
form."""
FIXED: tuple[Way, ...] = ("strict", "reasoned")
"""Those that order a form."""

_STRICT = re.compile(r"([1-5])")
_LAST_LINE = re.compile(r"(?:答え[:：]|Answer:) ?([1-5])")


def in_form(text: str, way: Way) -> int | None:
    """Return the option that a reply names in exactly the ordered form; None where it has another one, or none is ordered.

    ``strict`` wants one half-width digit, ``reasoned`` a last line ``答え：3`` or ``Answer: 3`` with something before it.
    White space around a reply and around its last line does not count.

    >>> in_form("3\\n", "strict"), in_form("３", "strict"), in_form("18 ÷ 2 = 9\\n答え：3", "reasoned")
    (3, None, 3)
    >>> in_form("Answer: 3", "reasoned") is None
    True
    """
    if way == "free":
        return None
    *before, last = text.strip().splitlines() or [""]
    if way == "strict":
        found = None if before else _STRICT.fullmatch(last)
    else:
        found = _LAST_LINE.fullmatch(last.strip()) if any(line.strip() for line in before) else None
    return int(found[1]) if found else None
