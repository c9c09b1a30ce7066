"""The numbers that a problem tells, whatever they are written in, with what they are numbers of.

For comparing two wordings of one problem. Where :mod:`tanemaki.text.quantities` reads what any text states, this reads every
digit: also those of formulas, lists, fractions and dates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tanemaki.text.numerals import find_words, number_words, read_numeral, read_words, show
from tanemaki.text.quantities import find_quantities
from tanemaki.text.written_numbers import Written, find_written, plain, unit_after

_KANJI_RUN = re.compile(r"[〇零一二三四五六七八九十百千万億兆]+")
_BETWEEN = re.compile(r"[-+−×÷*/=()^,、:：・;<>≤≥ a-zA-Z²³□△○π√]{1,8}?(?:[人個本枚匹円点回])?[、, ]?")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_SENTENCE = re.compile(r"[。.!?！？\n]")
_AFTER = re.compile(r"[ -]?(?P<said>[一-鿿ァ-ヶー]{1,3}|つ|[A-Za-z]+)")
_BEFORE_JA = re.compile(r"(?P<said>[一-鿿ァ-ヶーぁ-ん]{1,4}?)(?:さん)?[はがをのでとにも、 ]{0,2}$")
_BEFORE_EN = re.compile(r"(?P<said>[A-Za-z]+)[^A-Za-z0-9]{1,3}$")


@dataclass(frozen=True, slots=True)
class Told:
    """One number of a text."""

    value: Fraction
    unit: str = ""
    """Canonical unit of measure, ``share`` for per cent and 割; empty where none stands there."""
    amount: Fraction = Fraction(0)
    """The value in that unit: 1500 of 1.5 km."""
    shown: str = ""
    """As it stands."""
    name: str = ""
    """The person who was named last before it in its sentence."""
    before: str = ""
    """The word before it."""
    after: str = ""
    """The counter or noun behind it."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a text tells."""

    told: tuple[Told, ...]
    loose: tuple[Fraction, ...]
    """Numbers said in passing or in words of their own: one, half, twice, 一つ."""
    rows: tuple[tuple[Fraction, ...], ...] = ()
    """Numbers that stand in one formula or list, in its order."""


def read_numbers(text: str, names: Sequence[str] = ()) -> Numbers:
    """Return the numbers of a text; ``names`` are the people that it may name.

    >>> [str(one.value) for one in read_numbers("二十三匹と３/４と1.5kmを15:30に").told]
    ['23', '3/4', '3/2', '15', '30']
    >>> [(str(one.amount), one.unit) for one in read_numbers("twenty-one km at 5%").told]
    [('21000', 'm'), ('1/20', 'share')]
    """
    folded, loose = _in_digits(plain(text))
    written = [one for one in find_written(folded) if not one.in_words]
    written += [
        Written(Fraction(glued.group()), *glued.span())
        for glued in _DIGITS.finditer(folded)
        if not any(one.start <= glued.start() < one.end for one in written)
    ]
    told = []
    for one in sorted(written, key=lambda one: one.start):
        unit = unit_after(folded, one.end)
        before, after = folded[: one.start], folded[one.end :]
        clause = _SENTENCE.split(before)[-1]
        follows = _AFTER.match(after)
        precedes = _BEFORE_EN.search(clause) or _BEFORE_JA.search(clause)
        measured = (
            ("share", one.value * one.scale)
            if one.scale
            else (unit[0], one.value * unit[1])
            if unit
            else ("", one.value)
        )
        told.append(
            Told(
                value=one.value,
                unit=measured[0],
                amount=measured[1],
                shown=folded[one.start : one.end],
                name=max(((clause.rfind(name), name) for name in names if name in clause), default=(0, ""))[
                    1
                ],
                before=precedes["said"] if precedes else "",
                after=follows["said"].lower().rstrip("s") if follows else "",
            )
        )
    return Numbers(tuple(told), loose, _rows(folded, sorted(written, key=lambda one: one.start)))


def unmatched(wanted: Numbers, by: Numbers) -> list[Told]:
    """Return the numbers that a text tells and the other does not, each counted: 1.5 km is also told by 1500 m.

    >>> [one.shown for one in unmatched(read_numbers("3匹と3匹"), read_numbers("三匹"))]
    ['3']
    """
    left, told = list(wanted.told), list(by.told)
    loose = list((Counter(by.loose) - Counter(wanted.loose)).elements())
    for fits in (_equal, _equal_amounts, _equal_values):
        for one in tuple(left):
            other = next((other for other in told if fits(one, other)), None)
            if other is not None:
                left.remove(one)
                told.remove(other)
    for one in tuple(left):
        if one.value in loose:
            left.remove(one)
            loose.remove(one.value)
    return left


def exchanged(one: Numbers, other: Numbers) -> tuple[Told, Told] | None:
    """Return two numbers that changed places: each now stands where the other one stood.

    >>> one, other = (
    ...     read_numbers(text, ("さくら", "けんた"))
    ...     for text in ("さくらは3個、けんたは5個", "さくらは5個、けんたは3個")
    ... )
    >>> [told.shown for told in exchanged(one, other) or ()]
    ['3', '5']
    """
    first, second = _unique(one.told), _unique(other.told)
    for row in one.rows:
        alike = [other_row for other_row in other.rows if sorted(other_row) == sorted(row)]
        if alike and row not in alike:
            pairs = [(a, b) for a, b in zip(row, alike[0], strict=True) if a != b]
            return _named(one, pairs[0][0]), _named(one, pairs[0][1])
    common = [value for value in first if value in second]
    for place, value in enumerate(common):
        for rival in common[place + 1 :]:
            if any(
                getattr(first[value], kind) != getattr(first[rival], kind)
                and getattr(first[value], kind) == getattr(second[rival], kind)
                and getattr(first[rival], kind) == getattr(second[value], kind)
                and getattr(first[value], kind)
                and getattr(first[rival], kind)
                for kind in ("name", "before", "after")
            ):
                return first[value], first[rival]
    return None


def _rows(text: str, written: Sequence[Written]) -> tuple[tuple[Fraction, ...], ...]:
    rows: list[list[Fraction]] = []
    end = -1
    for one in written:
        if end >= 0 and _BETWEEN.fullmatch(text[end : one.start]):
            rows[-1].append(one.value)
        else:
            rows.append([one.value])
        end = one.end
    return tuple(tuple(row) for row in rows if len(row) > 1)


def _named(numbers: Numbers, value: Fraction) -> Told:
    return next(one for one in numbers.told if one.value == value)


def _in_digits(text: str) -> tuple[str, tuple[Fraction, ...]]:
    """Return a text with its kanji numerals and number words as digits, and the numbers that are said in passing."""
    loose: list[Fraction] = []
    pieces: list[tuple[int, int, str]] = []
    for found in find_quantities(text):
        span = text[found.start : found.end]
        has_digits = any(letter.isascii() and letter.isdigit() for letter in span)
        if found.firm and not has_digits and _KANJI_RUN.search(span):
            shown = _KANJI_RUN.sub(lambda run: show(read_numeral(run.group())), span)
            pieces.append((found.start, found.end, shown))
    for words, start, end in find_words(text):
        value = read_words(words)
        if value == 1 or any(number_words()[word][1] == "loose" for word in words):
            loose.append(Fraction(value))
        else:
            pieces.append((start, end, show(value)))
    for run in _KANJI_RUN.finditer(text):
        is_mixed = text[run.start() - 1 : run.start()].isdigit() or text[run.end() : run.end() + 1].isdigit()
        if not is_mixed and not any(start <= run.start() < end for start, end, _ in pieces):
            loose.append(Fraction(read_numeral(run.group())))
    for start, end, shown in sorted(pieces, reverse=True):
        text = text[:start] + shown + text[end:]
    return text, tuple(loose)


def _equal(one: Told, other: Told) -> bool:
    return one.value == other.value and one.unit == other.unit and one.amount == other.amount


def _equal_amounts(one: Told, other: Told) -> bool:
    return bool(one.unit) and one.unit == other.unit and one.amount == other.amount


def _equal_values(one: Told, other: Told) -> bool:
    return one.value == other.value and not (one.unit and other.unit)


def _unique(told: Iterable[Told]) -> dict[Fraction, Told]:
    by_value: dict[Fraction, list[Told]] = {}
    for one in told:
        by_value.setdefault(one.value, []).append(one)
    return {value: found[0] for value, found in by_value.items() if len(found) == 1}
