"""The pieces of a text that are counted like words, in a text of any language.

A word in Latin letters and a number is one piece; of Japanese, which does not mark its words, every character is one.
"""

from __future__ import annotations

import re

from tanemaki.text.normalise import normalise

_TOKEN = re.compile(r"[a-zà-ɏ0-9]+(?:[.,'][a-zà-ɏ0-9]+)*|[^\W_]")


def tokens(text: str) -> list[str]:
    """Return the words and numbers in Latin letters, and every other letter by itself, in order; punctuation is none.

    Width and case do not count. Cost: linear.

    >>> tokens("Ｑ１：3.5kmを歩いた。What's next?")
    ['q1', '3.5km', 'を', '歩', 'い', 'た', "what's", 'next']
    """
    return _TOKEN.findall(normalise(text))
