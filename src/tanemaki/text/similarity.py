"""How alike two texts are, by the runs of characters that they share.

Runs of characters (*shingles*) work alike for Japanese, which has no spaces, and for English. :func:`jaccard` and
:func:`containment` are exact; :func:`minhash` and :func:`bands` find candidates among many texts without comparing each
with each. Likeness of letters is not likeness of meaning: ask :func:`~tanemaki.text.substance.differs_in_substance` before
one of two texts is thrown away.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection
from functools import lru_cache
from hashlib import blake2b

from tanemaki.core.seeding import Draw
from tanemaki.text.normalise import normalise

_NO_LETTER = re.compile(r"[\W_]+")
_PRIME = (1 << 31) - 1
Shingles = frozenset[str]


def squeeze(text: str) -> str:
    """Return only the letters and digits of the normalised text: what shingles are cut from.

    >>> squeeze("ＡＩとは、　何ですか？")
    'aiとは何ですか'
    """
    return _NO_LETTER.sub("", normalise(text))


def shingles(text: str, n: int = 3) -> Shingles:
    """Return the runs of ``n`` letters or digits; a shorter text is its own only shingle, one without any has none.

    Punctuation, white space, width and case do not count. Cost: one slice per character.

    >>> sorted(shingles("春の海。"))
    ['春の海']
    """
    letters = squeeze(text)
    if not letters:
        return frozenset()
    return frozenset(letters[i : i + n] for i in range(max(1, len(letters) - n + 1)))


def jaccard(one: Shingles, other: Shingles) -> float:
    """Return the share of all shingles that both hold, 0 to 1. Two texts without letters are alike (1).

    >>> jaccard(shingles("赤い花が咲く"), shingles("白い花が咲く"))
    0.6
    """
    if not one and not other:
        return 1.0
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def containment(part: Shingles, whole: Shingles) -> float:
    """Return the share of ``part``'s shingles that ``whole`` holds, 0 to 1; 1 for a part without any.

    >>> containment(shingles("花が咲く"), shingles("赤い花が咲く"))
    1.0
    """
    return len(part & whole) / len(part) if part else 1.0


def minhash(of: Collection[str], n_hashes: int = 112) -> tuple[int, ...]:
    """Return a signature: the share of equal places in two of them estimates :func:`jaccard`. Empty for no shingles.

    The same on every machine and Python version. The standard error is at most 0.5 / √n_hashes.
    Cost: n_hashes × shingles multiplications; tests/text/test_similarity.py holds it under a second for 2,000 × 112.

    Source: A. Broder, "On the resemblance and containment of documents" (1997).
    """
    if not of:
        return ()
    hashes = [_hash(shingle) for shingle in of]
    return tuple(min([(a * h + b) % _PRIME for h in hashes]) for a, b in _permutations(n_hashes))


def estimate(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Return the estimated Jaccard similarity of two signatures of equal length. Raises ``ValueError`` for unequal ones.

    >>> estimate(minhash(shingles("赤い花")), minhash(shingles("赤い花！")))
    1.0
    """
    if not one and not other:
        return 1.0
    if not one or not other:
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def bands(signature: tuple[int, ...], rows: int = 8) -> tuple[str, ...]:
    """Return one key for every ``rows`` places; texts that share a key are candidates for being near-duplicates.

    A pair of similarity s shares one with probability 1 − (1 − s^rows)^(len / rows): with 112 places in bands of 8, one in
    two at 0.7 and 99 in 100 at 0.85.
    """
    return tuple(
        f"{start // rows}:"
        + blake2b(array("Q", signature[start : start + rows]).tobytes(), digest_size=8).hexdigest()
        for start in range(0, len(signature) - rows + 1, rows)
    )


def _hash(shingle: str) -> int:
    return (
        int.from_bytes(blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
        % _PRIME
    )


@lru_cache(maxsize=8)
def _permutations(n: int) -> tuple[tuple[int, int], ...]:
    draw = Draw("tanemaki.text.similarity", "permutations")
    return tuple((draw.between(1, _PRIME - 1), draw.below(_PRIME)) for _ in range(n))
