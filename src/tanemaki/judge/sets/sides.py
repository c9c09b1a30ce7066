"""Labels of sets made elsewhere as sides of a pair: which word means the first answer, the second, or a tie."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from tanemaki.core.errors import DataError, SetupError, nearest, shorten
from tanemaki.core.record import Json
from tanemaki.text.normalise import nfkc

SIDES = ("first", "second", "tie")
_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("a", "model_a", "first", "left", "a>b", "a>>b", "b<a"), "first"),
    **dict.fromkeys(("b", "model_b", "second", "right", "b>a", "b>>a", "a<b"), "second"),
    **dict.fromkeys(("tie", "c", "draw", "equal", "same", "a=b", "b=a", "tie (bothbad)", "引き分け"), "tie"),
}
"""The words in use: Chatbot Arena, MT-Bench, JudgeBench and plain tables."""
_NUMBER = re.compile(r"-?\d+(?:\.0+)?")
_LAST_NUMBER = re.compile(r"(\d+)$")
ReadSide = Callable[[Json], str | None]
"""A cell → ``first``, ``second`` or ``tie``; None for an empty one. Raises ``DataError`` for anything else."""


def side_reader(
    values: Sequence[Json], answers: tuple[str, str], told: Mapping[str, str] | None = None
) -> ReadSide:
    """Return what reads a column of labels. ``answers`` are the columns of the two answers, ``told`` the user's own words.

    Numbers are read where the answers are numbered (``response_0``, ``response_1``), and as 1 and 2 where no other number
    comes. What 0 and 1 mean, nobody can guess: sets mean both. Raises ``SetupError`` for those, and where more than half of
    the ``values`` are no side.

    >>> read = side_reader(["model_a", "tie"], ("response_a", "response_b"))
    >>> read("model_b"), read("[[A]]"), read("")
    ('second', 'first', None)
    """
    words = dict(_WORDS)
    for side, column in zip(SIDES, answers, strict=False):
        words[column.strip().lower()] = side
    words |= _numbers([_word(value) for value in values], answers) if not told else {}
    words = words if not told else {_word(word): side for word, side in told.items()}

    def read(value: Json) -> str | None:
        word = _word(value)
        if not word:
            return None
        if word not in words:
            raise DataError("the label is no side", got=shorten(value), next=_advice())
        return words[word]

    unread = [value for value in values if _word(value) and _word(value) not in words]
    if 2 * len(unread) > len([value for value in values if _word(value)]):
        kinds = sorted({repr(value) for value in unread})
        raise SetupError(
            "the labels do not say which side is better", got=", ".join(kinds)[:200], next=_advice()
        )
    return read


def read_words(told: str) -> dict[str, str]:
    """Return the words of ``--labels first=1,second=0,tie=2`` as word → side. Raises ``SetupError``.

    >>> read_words("first=1,second=0")
    {'1': 'first', '0': 'second'}
    """
    found: dict[str, str] = {}
    for part in filter(None, told.split(",")):
        side, sign, word = part.partition("=")
        if not sign or side.strip() not in SIDES or not word.strip():
            near = nearest(side.strip(), SIDES)
            raise SetupError(
                "a side of --labels is none",
                where="--labels",
                got=repr(part),
                next=f"did you mean {near}=…?" if near and sign else _advice(),
            )
        found[_word(word)] = side.strip()
    return found


def _numbers(words: Sequence[str], answers: tuple[str, str]) -> dict[str, str]:
    """Return what the numbers among the labels mean; nothing where it cannot be told."""
    if not any(_NUMBER.fullmatch(word) for word in words):
        return {}
    ends = [_LAST_NUMBER.search(column.strip()) for column in answers]
    if ends[0] and ends[1]:
        return {ends[0][1]: "first", ends[1][1]: "second"}
    return {"1": "first", "2": "second"} if {*words} <= {"1", "2", ""} | {*_WORDS} else {}


def _word(value: Json) -> str:
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    word = nfkc(str(value)).strip().lower().removeprefix("[[").removesuffix("]]").strip()
    return str(int(float(word))) if _NUMBER.fullmatch(word) else word


def _advice() -> str:
    return "say what they mean: --labels first=1,second=0 (and tie=… where there are ties)"
