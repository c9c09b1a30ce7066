"""What the list of recipes tells of each: where its method comes from, and how many calls a row costs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tanemaki.recipes.golden import Golden

_SOURCE = re.compile(r"^Source:\s*(.+?)(?=\s+Differs:|\n\s*\n|\Z)", re.DOTALL | re.MULTILINE)


def source_of(docstring: str) -> str | None:
    """Return what a docstring says behind ``Source:``, up to ``Differs:``, on one line; None where it says nothing.

    >>> source_of("対話をつくる。\\n\\nSource: Magpie\\n(arXiv 2406.08464). Differs: 重複を除く。")
    'Magpie (arXiv 2406.08464).'
    """
    found = _SOURCE.search(docstring)
    return " ".join(found[1].split()) if found else None


def calls_per_row(rows: Iterable[Golden]) -> tuple[float, float] | None:
    """Return the fewest and the most calls per accepted row, among golden rows of which nothing is rejected.

    It is what a row costs where all goes well: each rejection adds the calls that were made until then.
    """
    calls = [
        len(row.replies) / len(row.ends)
        for row in rows
        if row.ends and all(end.expected is not None for end in row.ends)
    ]
    return (min(calls), max(calls)) if calls else None
