"""Which column of a set made elsewhere holds what: the names that are in use, and those that the user tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tanemaki.core.errors import SetupError, nearest
from tanemaki.text.tables import read_table

_TABLE = read_table("tanemaki.judge", "set_columns")
_PAIRED = ("answers", "answer_models")


def _names(holds: str) -> tuple[str, ...]:
    return tuple(row["name"] for row in _TABLE if row["holds"] == holds)


def _two(holds: str) -> tuple[tuple[str, str], ...]:
    return tuple((row["name"], row["other"]) for row in _TABLE if row["holds"] == holds)


NAMES: Mapping[str, tuple[str, ...]] = {
    holds: _names(holds) for holds in dict.fromkeys(row["holds"] for row in _TABLE) if holds not in _PAIRED
}
"""What a column may hold → the names that published sets have for it, the commonest first."""
TWO, TWO_MODELS = _two("answers"), _two("answer_models")
"""Names of two answers side by side, and of the models that wrote them."""
WORDS = (*NAMES, "first", "second", "first_model", "second_model")
"""All that ``--columns`` may name."""


class Columns:
    """The columns of a set by what they hold: as the user told, else by their names, whatever their case.

    Raises ``SetupError`` for a word that is none and for a column that is not there, with the nearest name.

    >>> Columns(["Question", "answer_a", "answer_b"], {}).of("prompt")
    'Question'
    """

    def __init__(self, there: Sequence[str], told: Mapping[str, str]) -> None:
        for word, column in told.items():
            _check(word, WORDS, "--columns has no such word", "words")
            _check(column, there, f"there is no column {column!r} for {word!r}", "columns")
        self.there = tuple(there)
        self._told = told
        self._folded = {name.strip().lower(): name for name in reversed(self.there)}

    def of(self, word: str, *, without: Sequence[str | None] = ()) -> str | None:
        """Return the column that holds this, None where there is none; ``without`` are columns that hold something else."""
        if word in self._told:
            return self._told[word]
        names = (self._folded[name] for name in NAMES.get(word, ()) if name in self._folded)
        return next((name for name in names if name not in without), None)

    def two(self, words: tuple[str, str], known: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
        """Return two columns that belong together: told ones, or the first two of ``known`` that are both there."""
        told = [self._told.get(word) for word in words]
        if told[0] is not None and told[1] is not None:
            return told[0], told[1]
        for one, other in known:
            if one in self._folded and other in self._folded:
                return self._folded[one], self._folded[other]
        return None


def _check(name: str, known: Sequence[str], what: str, called: str) -> None:
    if name not in known:
        near = nearest(name, known)
        raise SetupError(
            what,
            where="--columns",
            got=repr(name),
            next=f"did you mean {near!r}?" if near else f"{called}: {', '.join(known)[:200]}",
        )
