"""A pair of answers as published sets have it, read into one form: what was asked, the chosen side, the rejected side.

TRL knows pairs of texts (standard) and of messages (conversational), with the prompt beside the sides (explicit) or at the
beginning of both (implicit). Published sets mix them: the prompt as a text and the sides as whole conversations (Zephyr's),
the sides as texts under a prompt of messages. Here a pair is all texts or all messages, and its prompt is told apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tanemaki.core.errors import DataError, shorten
from tanemaki.core.formats import read_messages
from tanemaki.core.record import Json, Message
from tanemaki.text.normalise import visible


@dataclass(frozen=True, slots=True)
class Pair:
    """Prompt and sides, all texts or all messages; the prompt is None where texts hold it themselves."""

    prompt: Any
    chosen: Any
    rejected: Any

    def whole(self, side: Any) -> Any:
        """Return a side with the prompt before it."""
        return side if self.prompt is None else self.prompt + side


def pair_of(row: Mapping[str, Json]) -> Pair:
    """Return the pair of a row.

    Sides of messages that begin alike have that beginning for their prompt. Raises ``DataError`` where there is no pair: a
    side is missing or empty, both are equal, the sides begin with another prompt than the row's.

    >>> asked = {"role": "user", "content": "空はなぜ青い？"}
    >>> sides = [
    ...     [asked, {"role": "assistant", "content": text}] for text in ("光の散乱です。", "海の色です。")
    ... ]
    >>> pair_of({"prompt": "空はなぜ青い？", "chosen": sides[0], "rejected": sides[1]}).prompt == [asked]
    True
    """
    chosen, rejected = _side(row, "chosen"), _side(row, "rejected")
    prompt = row.get("prompt")
    if isinstance(chosen, str) and isinstance(rejected, str) and (prompt is None or isinstance(prompt, str)):
        return _checked(Pair(prompt or None, chosen, rejected))
    asked = [] if prompt is None else _messages(prompt, "user")
    sides = _messages(chosen, "assistant"), _messages(rejected, "assistant")
    n_same = _n_same(*sides)
    if asked and n_same and sides[0][:n_same] != asked:
        raise DataError(
            "the sides of the pair begin with another prompt than the row's",
            got=f"{shorten(sides[0][0], 80)} and {shorten(asked[0], 80)}",
            next="leave out the column `prompt`: the sides hold theirs",
        )
    return _checked(Pair(asked or sides[0][:n_same] or None, sides[0][n_same:], sides[1][n_same:]))


def _side(row: Mapping[str, Json], name: str) -> Json:
    side = row.get(name)
    if side is None:
        raise DataError("the row holds no pair of answers", got=f"fields: {', '.join(row) or 'none'}")
    if not isinstance(side, str | list | tuple):
        raise DataError(f"{name!r} must be a text or messages", got=shorten(side))
    return side


def _messages(value: Json, role: str) -> list[Message]:
    return [{"role": role, "content": value}] if isinstance(value, str) else read_messages(value)


def _n_same(one: list[Message], other: list[Message]) -> int:
    """Return how many messages both begin with; the last one of a side is never part of it."""
    n = 0
    while n < min(len(one), len(other)) - 1 and one[n] == other[n]:
        n += 1
    return n


def _checked(pair: Pair) -> Pair:
    if _seen(pair.chosen) == _seen(pair.rejected):
        raise DataError("both sides of the pair are equal", got=shorten(pair.chosen))
    for side in (pair.chosen, pair.rejected):
        if isinstance(side, str) and not visible(side):
            raise DataError("a side of the pair is empty", got=shorten(side))
    return pair


def _seen(side: Any) -> Any:
    """Return a side as a reader sees it: width and case stay, a verifier may set sides apart by them."""
    if isinstance(side, str):
        return visible(side)
    return [
        {**one, "content": visible(one["content"])} if isinstance(one.get("content"), str) else one
        for one in side
    ]
