"""Plain tables in a terminal, where a kanji is two columns wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """Return how many columns a text takes.

    >>> width("種まき"), width("tane")
    (6, 4)
    """
    return sum(_columns_of(letter) for letter in text)


def _columns_of(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def pad(text: str, columns: int) -> str:
    """Return the text filled with spaces up to a number of columns."""
    return text + " " * max(0, columns - width(text))


def cut(text: str, columns: int) -> str:
    """Return the text on one line, cut with an ellipsis where it is wider.

    >>> cut("一行に収まらない長い文", 9)
    '一行に収…'
    """
    text = " ".join(text.split())
    if width(text) <= columns:
        return text
    shown = ""
    for letter in text:
        if width(shown + letter) > columns - 1:
            break
        shown += letter
    return shown + "…"


def table(rows: Sequence[Sequence[object]], indent: int = 2) -> str:
    """Return rows as aligned columns, two spaces apart; the last column is as long as it is.

    >>> print(table([("採用", 3), ("rejected", 12)]))
      採用      3
      rejected  12
    """
    shown = [[str(cell) for cell in row] for row in rows]
    n_columns = max((len(row) for row in shown), default=0)
    widths = [max((width(row[i]) for row in shown if len(row) > i), default=0) for i in range(n_columns)]
    return "\n".join(
        (
            " " * indent + "  ".join(pad(cell, columns) for cell, columns in zip(row, widths, strict=False))
        ).rstrip()
        for row in shown
    )
