"""How much of two texts is said in the same order: ROUGE-L.

Pieces are :func:`~tanemaki.text.tokens.tokens`: words in Latin letters, single characters of Japanese.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence


def longest_common(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """Return the length of the longest subsequence that both hold.

    Cost: one operation on an integer of ``len(one)`` bits for each piece of ``other``.
    Source: H. Hyyrö, "Bit-Parallel LCS-length Computation Revisited" (2004).

    >>> longest_common("春の海ひねもす", "春は海")
    2
    """
    masks: dict[Hashable, int] = {}
    for place, piece in enumerate(one):
        masks[piece] = masks.get(piece, 0) | 1 << place
    full = (1 << len(one)) - 1
    rows = full
    for piece in other:
        hit = rows & masks.get(piece, 0)
        rows = ((rows + hit) | (rows - hit)) & full
    return len(one) - rows.bit_count()


def rouge_l(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """Return the F-measure of the longest common subsequence, 0 to 1; two empty sequences are alike (1).

    Source: C.-Y. Lin, "ROUGE: A Package for Automatic Evaluation of Summaries" (2004). Differs: recall and precision weigh
    the same, as in the packages that are used.

    >>> rouge_l("赤い花が咲く", "白い花が咲く")
    0.8333333333333334
    """
    total = len(one) + len(other)
    return 2 * longest_common(one, other) / total if total else 1.0
