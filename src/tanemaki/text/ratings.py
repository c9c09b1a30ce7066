"""The rating that a judge was told to end with: one whole number on the scale, or none at all."""

from __future__ import annotations

import re

from tanemaki.text.normalise import nfkc, normalise

_KANJI = str.maketrans("〇一二三四五六七八九", "0123456789")
_DRESS = "*_#>-・「」『』\"'`()[]【】<> \t"


def read_rating(text: str, marker: str, low: int, high: int) -> int | None:
    """Return the number after the marker; None where there is none, where it is off the scale, or where two differ.

    The marker must begin a line, and the number must be the whole rest of it: ``4``, ``４点``, ``4/5``, ``4 out of 5``,
    ``5点満点中4点``. A share of another scale (``1/10``), a half (``3.5``), a range (``3-4``) and a number in a
    sentence are no rating: a value in the middle is never put in the place of what was not said.

    >>> [
    ...     read_rating(said, "点数：", 1, 5)
    ...     for said in ("よい。\\n**点数：** ４点", "点数：1/10", "点数：3.5", "よい。")
    ... ]
    [4, None, None, None]
    """
    opening = re.compile(re.escape(normalise(marker).rstrip(":")) + r"[*_\s]*:[*_\s]*", re.IGNORECASE)
    number = re.compile(
        rf"(?:{high}\s*点?\s*(?:満点)?\s*(?:中|のうち|分の)[、,]?\s*)?(\d{{1,3}})\s*点?"
        rf"(?:\s*(?:/|out of|of|点?満点)\s*{high}\s*点?(?:満点)?)?",
        re.IGNORECASE,
    )
    found: set[int | None] = set()
    for line in nfkc(text).splitlines():
        bare = line.strip(_DRESS)
        said = opening.match(bare.casefold())
        if said:
            rest = bare[said.end() :].strip(_DRESS.replace("-", "")).rstrip("。.!" + _DRESS)
            value = number.fullmatch(rest if re.search(r"\d", rest) else rest.translate(_KANJI))
            found.add(int(value.group(1)) if value else None)
    rating = found.pop() if len(found) == 1 else None
    return rating if rating is not None and low <= rating <= high else None
