"""Replies of several parts, each after a marker at the start of a line: what a small model can write.

``質問：… 答え：…`` on lines of their own, with or without bold or heading signs, numbers and full-width forms.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from tanemaki.text.normalise import fold_width

Markers = Mapping[str, tuple[str, ...]]
"""Part → the words that it may begin with, each without its colon."""


def read_marked(text: str, markers: Markers) -> list[tuple[str, str]]:
    """Return the parts in their order: name and text, without white space around it; a part may come several times.

    What stands before the first marker is a part with the name ``""``. A marker must begin a line, and a colon must follow
    it: a sentence that holds the word is no marker.

    >>> read_marked(
    ...     "**質問:** 葛とは何ですか。\\n答え１：根の澱粉です。\\n料理に使います。",
    ...     {"q": ("質問",), "a": ("答え",)},
    ... )
    [('q', '葛とは何ですか。'), ('a', '根の澱粉です。\\n料理に使います。')]
    """
    found = list(
        _pattern(tuple((name, *words) for name, words in markers.items())).finditer(fold_width(text))
    )
    ends = [*(match.start() for match in found[1:]), len(text)]
    parts = [
        (str(match.lastgroup), text[match.end() : end].strip())
        for match, end in zip(found, ends, strict=bool(found))
    ]
    before = text[: found[0].start() if found else len(text)].strip().strip("-*_#").strip()
    return [("", before), *parts] if before else parts


@lru_cache(maxsize=64)
def _pattern(markers: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    parts = "|".join(
        f"(?P<{name}>" + "|".join(re.escape(fold_width(word)) for word in words) + ")"
        for name, *words in markers
    )
    number = r"[ \t]*[\[(]?\d{0,2}[\])]?"
    return re.compile(
        rf"^[ \t>*_#\-・]{{0,8}}[\[【]?(?:{parts}){number}[\]】]?[ \t*_]{{0,4}}:[ \t]*(?:\*\*|__)?[ \t]*",
        re.IGNORECASE | re.MULTILINE,
    )
