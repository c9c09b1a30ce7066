"""What stands on a web page besides its text: shop tags, calls to act, navigation, notices.

A phrase bank, not a classifier: what is found is noise with near certainty, and noise in other words is not found.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tanemaki.text.normalise import fold_width
from tanemaki.text.sentences import split_sentences
from tanemaki.text.tables import read_table


def find_noise(text: str) -> list[str]:
    """Return the noise phrases of a text, in order, as they stand there.

    >>> find_noise("葛湯の作り方です。【送料無料】今すぐ購入！ Add to cart")
    ['送料無料', '今すぐ購入', 'Add to cart']
    """
    return [text[match.start() : match.end()] for match in _noise().finditer(fold_width(text))]


def without_noise(text: str) -> str:
    """Return the sentences of a text that hold no noise phrase, a line each: what a rewriting should be made of.

    >>> without_noise("葛湯は温まります。送料無料でお届け！湯は熱く。")
    '葛湯は温まります。\\n湯は熱く。'
    """
    if not find_noise(text):
        return text
    return "\n".join(sentence for sentence in split_sentences(text) if not find_noise(sentence))


@lru_cache(maxsize=1)
def _noise() -> re.Pattern[str]:
    rows = read_table("tanemaki.text", "web_noise")
    return re.compile("|".join(f"(?:{row['pattern']})" for row in rows), re.IGNORECASE | re.MULTILINE)
