"""The answer key of a question as a verifier: is what a reply ends in right, wrong, or neither shown?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.core.errors import DataError, shorten
from tanemaki.core.record import Json, Record
from tanemaki.core.verdict import Reject
from tanemaki.text.answer_key import fits_key, says_key
from tanemaki.text.final_answer import final_answer, marked_answer
from tanemaki.text.normalise import normalise

KEY = "expected"
"""The source's field with the key."""


def by_answer_key(values: Mapping[str, Json]) -> float | None:
    """Return 1.0 where the ``answer`` ends in what is ``expected``, 0.0 where it ends in another one, None if nothing shows.

    The key is a text, a number, or a list of several that are all right; a row without one shows nothing. A check for
    :class:`~tanemaki.judge.exact.Exact`. Raises ``DataError`` for a key of another form.

    >>> said = "りんごは3個と9個なので、\\n答え：12個"
    >>> by_answer_key({"answer": said, "expected": 12}), by_answer_key({"answer": said, "expected": ""})
    (1.0, None)
    """
    text = str(values["answer"])
    found = [_fits(text, key) for key in keys_of(values[KEY])]
    if True in found:
        return 1.0
    return None if not found or None in found else 0.0


def _fits(text: str, key: str) -> bool | None:
    """Return what :func:`fits_key` says; of a reply that marks no answer, wrong only where it says the key nowhere."""
    fits = fits_key(final_answer(text), key)
    loose = fits is False and marked_answer(text) is None
    return None if loose and says_key(text, key) else fits


def strictly_by_answer_key(values: Mapping[str, Json]) -> float | None:
    """Return what :func:`by_answer_key` does, and 0.0 where nothing shows the answer to be right.

    For keys that have one form alone, such as a program makes: sorted lists, texts to be copied. A row without a key shows
    nothing here, too.

    >>> strictly_by_answer_key({"answer": "東京", "expected": "大阪"})
    0.0
    """
    return (by_answer_key(values) or 0.0) if keys_of(values[KEY]) else None


def keys_of(expected: Json) -> list[str]:
    """Return what counts as right, none where nothing is stated. Raises ``DataError`` for a key of another form."""
    given = list(expected) if isinstance(expected, list | tuple) else [expected]
    for one in given:
        if one is not None and not isinstance(one, str | int | float):
            raise DataError(
                "an answer key is a text, a number or a list of them",
                got=shorten(expected),
                next="map the column with the right answer to `expected`",
            )
    return [text for one in given if one is not None and normalise(text := _written(one))]


def _written(one: str | float) -> str:
    if isinstance(one, bool):
        return "true" if one else "false"
    return str(int(one)) if isinstance(one, float) and one.is_integer() else str(one)


@dataclass(frozen=True, slots=True)
class HasAnswerKey:
    """Keep records that say what the right answer is.

    Reasons: ``no_answer_key``.
    Source: ours: without a key nothing can be verified, and the answers would be paid in vain.

    >>> HasAnswerKey()(Record("a", (1,), {"expected": "　"}))
    Reject(reason='no_answer_key', measured='　', limit=None, note=None)
    """

    reads: ClassVar[tuple[str, ...]] = (KEY,)
    reasons: ClassVar[tuple[str, ...]] = ("no_answer_key",)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        expected = record[KEY]
        return (
            record
            if keys_of(expected)
            else Reject("no_answer_key", expected if isinstance(expected, str) else None)
        )
