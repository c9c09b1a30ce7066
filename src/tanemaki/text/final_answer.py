"""The answer that a reply ends in, without the way to it: what an answer key is compared with."""

from __future__ import annotations

from tanemaki.text.normalise import fold_width
from tanemaki.text.tables import read_patterns

_BOXED = r"\boxed{"
_SIGNS = " \t　*_`"


def final_answer(text: str) -> str:
    """Return what a reply gives as its answer: what it marks so, and where it marks nothing, its last line.

    A reply of one line is its own answer. Empty for an empty reply.

    >>> final_answer("3個と9個なので、3+9=12です。\\n答え：12個"), final_answer("3と9を足す。\\n12個です。")
    ('12個', '12個です。')
    """
    marked = marked_answer(text)
    if marked is not None:
        return marked
    lines = [line.strip(_SIGNS) for line in text.splitlines()]
    return next((line for line in reversed(lines) if line), "")


def marked_answer(text: str) -> str | None:
    """Return the last of ``\\\\boxed{…}``, ``答え：…``, ``Answer: …`` and the like; None where a reply marks no answer.

    The markers are in ``data/answer_markers.tsv``; those of both languages count, whatever the reply is written in.

    Cost: one pass for each marker.

    >>> (
    ...     marked_answer("So the answer is 3.5. I hope this helps!"),
    ...     marked_answer("x = \\\\boxed{\\\\frac{3}{4}}"),
    ... )
    ('3.5', '\\\\frac{3}{4}')
    >>> marked_answer("12個です。") is None
    True
    """
    folded = fold_width(text)
    found = [_boxed(folded)]
    for pattern in read_patterns("tanemaki.text", "answer_markers", ("ja", "en")):
        found += [(match.start("said"), match.end("said")) for match in pattern.finditer(folded)]
    start, end = max(found)
    return text[start:end].strip(_SIGNS) if end > 0 else None


def _boxed(text: str) -> tuple[int, int]:
    """Return where the content of the last box lies; the place before the text where there is none, or it has no end."""
    start = text.rfind(_BOXED)
    if start < 0:
        return -1, -1
    start += len(_BOXED)
    depth = 1
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return start, at
    return -1, -1
