"""Kanji numerals, written by groups of four digits."""

from __future__ import annotations

from tanemaki.core.seeding import Draw

DIGITS = "〇一二三四五六七八九"
PLACES = ("千", "百", "十", "")
UNITS = ("", "万", "億", "兆")
FORMAL = str.maketrans("一二三十", "壱弐参拾")
"""The four numerals that are easily altered, and what contracts and registers write for them (大字)."""


def draw_number(draw: Draw, n_groups: int) -> int:
    """Draw a number of so many groups of four digits, each with at least two digits that are not nought.

    A one never stands at the place of thousands: both 千 and 一千 are written there.
    """
    number = 0
    for _ in range(n_groups):
        digits = [draw.below(10) if draw.below(5) > 1 else 0 for _ in range(4)]
        first = draw.below(3)
        digits[first] = draw.between(2, 9)
        digits[first + 1 + draw.below(3 - first)] = draw.between(1, 9)
        if digits[0] == 1:
            digits[0] = 2
        number = number * 10_000 + int("".join(map(str, digits)))
    return number


def groups_of(number: int) -> list[tuple[int, str]]:
    """Return the groups of four digits that are not nought, from the highest, each with its unit.

    >>> groups_of(3_0042)
    [(3, '万'), (42, '')]
    """
    groups = []
    for unit in UNITS:
        number, group = divmod(number, 10_000)
        if group:
            groups.append((group, unit))
    return groups[::-1]


def written(group: int, *, with_ones: bool = False) -> str:
    """Return a number below 10,000 in kanji; ``with_ones`` writes 一百 for 百, as formal numerals do.

    >>> written(3042), written(1110, with_ones=True)
    ('三千四十二', '一千一百一十')
    """
    parts = []
    for digit, place in zip(f"{group:04d}", PLACES, strict=True):
        if digit != "0":
            parts.append(place if digit == "1" and place and not with_ones else DIGITS[int(digit)] + place)
    return "".join(parts)
