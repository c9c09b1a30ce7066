"""The rating that a judge was told to end with: one number on the scale, or none at all, with the reason by name.

A rating is found where a verdict is (:mod:`tanemaki.text.verdicts`): in double square brackets, after a marker that begins a
line, or as all that the reply says. The number must be the whole of what stands there: ``8``, ``８点``, ``八``, ``8/10``,
``8 out of 10``, ``10点満点中8点``. What was not said is never made up: no middle value, no nearest end of the scale.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tanemaki.text.normalise import nfkc
from tanemaki.text.numerals import read_numeral
from tanemaki.text.verdicts import (
    DRESS,
    Reading,
    after_markers,
    bracketed,
    lone,
    marker_pattern,
    undressed,
    without_thoughts,
)

RATING_MARKERS = (
    *("評価", "総合評価", "最終評価", "評点", "点数", "採点", "スコア", "総合スコア", "最終スコア", "総合点"),
    *("rating", "score", "final score", "final rating", "overall score", "overall rating"),
)

_NUMBER = r"[-−+]?(?:\d{1,6}(?:[.,]\d{1,6})?|[〇零一二三四五六七八九十百]{1,4})"
_THOUSANDS = re.compile(r",(?=\d{3}(?:\D|$))")
_UNIT = r"\s{0,2}(?:点|points?|pts?)?\s{0,2}"
_FORM = re.compile(
    rf"(?:(?P<of>{_NUMBER})\s{{0,2}}(?:点満点|点|段階|満点)?\s{{0,2}}(?:評価)?(?:中の?|のうちの?|分の|で)[、,]?\s{{0,2}})?"
    rf"(?P<number>{_NUMBER}){_UNIT}(?:(?:/|out of|of|点?満点|\()\s{{0,2}}(?P<out_of>{_NUMBER})\s{{0,2}}点?(?:満点)?)?",
    re.IGNORECASE,
)
_TWO = re.compile(
    rf"{_NUMBER}{_UNIT}(?:[-~〜/、,]|から|か|と|to|or|and){_UNIT}{_NUMBER}{_UNIT}", re.IGNORECASE
)
_NONE_APPLIES = re.compile(
    r"n[./]?a|not applicable|該当(?:なし|しない|しません|せず)|対象外|適用外|評価(?:不能|不可|対象外|できない|できません)",
    re.IGNORECASE,
)
_LONGEST = 40  # characters of the longest form of a rating, with room: a guess that keeps long lines quick


def read_score(
    text: str,
    low: float,
    high: float,
    *,
    whole: bool = True,
    shown: str = "",
    markers: Sequence[str] = RATING_MARKERS,
) -> Reading[float]:
    """Return the rating that a reply gives on the scale from ``low`` to ``high``, or why there is none.

    ``shown`` is the prompt's text: an example of the form that the reply repeats is no rating. English number words
    (``ten``) are none either: digits or kanji digits are asked for.

    Reasons: ``no_verdict``; ``two_verdicts`` (two that differ, a range); ``off_scale`` (also a share of another scale);
    ``not_whole`` (a fraction where ``whole``); ``not_applicable`` (N/A, 該当なし); ``empty``.
    Source: MT-Bench (arXiv 2306.05685) for the brackets, UltraFeedback (arXiv 2310.01377) for N/A. Differs: fault 13: the
    latter's published reading made 10 of "1/10".

    >>> [read_score(said, 1, 10).value for said in ("よい。\\n評価：８", "[[8/10]]", "1/10", "評価：八")]
    [8.0, 8.0, 1.0, 8.0]
    >>> [read_score(said, 1, 10).why for said in ("10/1", "8.5", "N/A", "score: ten", "[[3]] [[4]]")]
    ['off_scale', 'not_whole', 'not_applicable', 'no_verdict', 'two_verdicts']
    """
    said = without_thoughts(text)
    if not said.strip():
        return Reading(None, "empty")
    opening = marker_pattern(markers)
    inside = [opening.sub("", undressed(one), count=1) for one in bracketed(said, shown)]
    stated = [*inside, *after_markers(said, markers)] or lone(said)
    readings = {reading for one in stated if (reading := _read_number(one, low, high, whole=whole))}
    if len(readings) > 1:
        return Reading(None, "two_verdicts")
    return readings.pop() if readings else Reading(None, "no_verdict")


def read_rating(text: str, marker: str, low: int, high: int) -> int | None:
    """Return the number after the marker; None where there is none, where it is off the scale, or where two differ.

    The marker must begin a line, and the number must be the whole rest of it: ``4``, ``４点``, ``4/5``, ``4 out of 5``,
    ``5点満点中4点``, ``4点（5点満点）``. A share of another scale (``1/10``), a half (``3.5``), a range (``3-4``) and a
    number in a sentence are no rating: a value in the middle is never put in the place of what was not said.

    >>> [
    ...     read_rating(said, "点数：", 1, 5)
    ...     for said in ("よい。\\n**点数：** ４点", "点数：1/10", "点数：3.5", "よい。")
    ... ]
    [4, None, None, None]
    """
    found = {_read_number(rest, low, high, whole=True) for rest in after_markers(nfkc(text), (marker,))}
    rating = found.pop() if len(found) == 1 else None
    return None if rating is None or rating.value is None else int(rating.value)


def _read_number(stated: str, low: float, high: float, *, whole: bool) -> Reading[float] | None:
    """Return the number that is the whole of a text, or why it is none; None where it is no number at all."""
    if len(stated) > _LONGEST:
        return None
    if _NONE_APPLIES.fullmatch(stated.strip(DRESS + ".")):
        return Reading(None, "not_applicable")
    form = _FORM.fullmatch(stated)
    if form is None:
        return Reading(None, "two_verdicts") if _TWO.fullmatch(stated) else None
    value = _worth(form["number"])
    for scale in (form["of"], form["out_of"]):
        if scale is not None and _worth(scale) != high:
            return Reading(None, "off_scale")
    if whole and value != int(value):
        return Reading(None, "not_whole")
    return Reading(value) if low <= value <= high else Reading(None, "off_scale")


def _worth(number: str) -> float:
    digits = number.lstrip("-−+")
    digits = _THOUSANDS.sub("", digits)
    value = float(digits.replace(",", ".")) if digits[0].isdecimal() else float(read_numeral(digits))
    return -value if number[0] in "-−" else value
