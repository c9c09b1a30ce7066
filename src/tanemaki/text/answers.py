"""Is a short answer the same in two languages? For answer keys: numbers with units, formulas, choices, and a few words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from tanemaki.text.normalise import normalise
from tanemaki.text.quantities import find_quantities, unsaid
from tanemaki.text.tables import read_table

By = Literal["form", "numbers", "words"]
"""What shows two answers to be the same."""
_WRAPPED = re.compile(r"\\boxed\{(.*)\}|\\\((.*)\\\)|\$(.*)\$|\((.*)\)|「(.*)」|\"(.*)\"|`(.*)`", re.DOTALL)
_LEAD = re.compile(r"^(?:the )?(?:final )?(?:answer|答え|解答|正解)(?: is|は|:)? ?:?", re.IGNORECASE)
_END = " .。、,です"


def same_answer(one: str, other: str) -> By | Literal["different", "unknown"]:
    """Return what shows two answers to be the same, ``different``, or ``unknown`` where nothing shows either.

    ``form``: equal but for width, case, brackets and the words around it. ``numbers``: equal quantities, units converted.
    ``words``: one meaning in ``data/answer_words.tsv``. Names and sentences are unknown: nothing here knows that Alice is
    アリス.

    >>> (
    ...     same_answer("$x = 3$", "x＝3"),
    ...     same_answer("1.5 km", "1,500メートル"),
    ...     same_answer("Tuesday", "火曜日です。"),
    ... )
    ('form', 'numbers', 'words')
    >>> same_answer("18 dollars", "19ドル"), same_answer("Alice", "アリス")
    ('different', 'unknown')
    """
    first, second = bare_answer(one), bare_answer(other)
    if first and first == second:
        return "form"
    numbers, others = find_quantities(first), find_quantities(second)
    if numbers or others:
        same = len(numbers) == len(others) and not unsaid(numbers, others) and not unsaid(others, numbers)
        return "numbers" if same else "different"
    known = _meanings()
    if first in known and second in known:
        return "words" if known[first] & known[second] else "different"
    return "unknown"


def bare_answer(answer: str) -> str:
    """Return the answer without what people write around it, in the form in which it is compared.

    >>> bare_answer("The answer is: \\\\boxed{42}.")
    '42'
    """
    bare = normalise(answer)
    while True:
        before = bare
        bare = _LEAD.sub("", bare).strip(_END)
        wrapped = _WRAPPED.fullmatch(bare)
        bare = next((part for part in wrapped.groups() if part is not None), "") if wrapped else bare
        if bare == before:
            return re.sub(r"\s*([=+*/<>-])\s*", r"\1", bare)


@lru_cache(maxsize=1)
def _meanings() -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    for row in read_table("tanemaki.text", "answer_words"):
        for form in row["forms"].split():
            known.setdefault(bare_answer(form.replace("_", " ")), set()).add(row["meaning"])
    return known
