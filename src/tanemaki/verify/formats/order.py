"""What every format order is: parameters, wordings in two languages, and a check that a machine can do.

An order knows what it cannot stand beside, so that drawn ones can be obeyed together: orders of one ``slot`` are never
together, ``not_with`` names others, and a fragment that one demands must not be what another forbids.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from tanemaki.core.record import Json
from tanemaki.core.verdict import Measured
from tanemaki.text.tables import read_table

Family = Literal["form", "list", "length", "place", "words", "style", "language"]
"""Kinds of orders, by which rejections are counted: a broken one of ``list`` is a ``wrong_list``."""

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a text does not obey an order."""

    order: str
    """The order's name."""
    measured: Measured
    limit: Measured
    message: str
    """What the parser or the count says, in words that can be shown to a model."""


@dataclass(frozen=True, slots=True)
class Order:
    """One format order. A subclass is frozen, its fields are the parameters, and all of them are JSON."""

    name: ClassVar[str] = ""
    """By which data name it; snake case."""
    family: ClassVar[Family]
    languages: ClassVar[tuple[str, ...]] = ("ja", "en")
    """Languages of replies that it can be given for."""
    slot: ClassVar[str | None] = None
    """At most one order of a slot stands in a request."""
    not_with: ClassVar[frozenset[str]] = frozenset()
    """Names and slots of orders that it cannot stand beside."""
    is_document: ClassVar[bool] = False
    """The whole reply is one piece of data; only orders with ``in_documents`` go with it."""
    in_documents: ClassVar[bool] = False

    @property
    def room(self) -> int:
        """Characters that a reply needs at least to obey it, roughly: an upper limit below makes no sense beside it."""
        return 0

    @property
    def demands(self) -> tuple[str, ...]:
        """Fragments that stand in every text that obeys."""
        return ()

    @property
    def parameters(self) -> dict[str, Json]:
        """The parameters as JSON, as a row of a dataset holds them."""
        values = {one.name: getattr(self, one.name) for one in dataclasses.fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    def forbids(self, fragment: str) -> bool:  # noqa: ARG002 - most orders forbid nothing
        """Whether a text that holds this fragment cannot obey."""
        return False

    def check(self, text: str) -> Failure | None:
        """Return why the text does not obey, None if it does. Pure; white space at either end never counts."""
        raise NotImplementedError

    def wordings(self, language: str) -> tuple[str, ...]:
        """Return every way in which the order can be said, its parameters filled in.

        >>> from tanemaki.verify.formats.lengths import CharsAtMost
        >>> CharsAtMost(120).wordings("ja")[0]
        '120字以内で答えてください。'
        """
        rows = read_table("tanemaki.verify.formats", "wordings")
        mine = (row for row in rows if row["order"] == self.name and row["language"] == language)
        return tuple(self._filled(row["wording"], language) for row in mine if self._fits(row["when"]))

    def _fits(self, when: str) -> bool:
        """Whether a wording is for these parameters: ``-`` for all, ``name=value`` or ``name!=value``, the value as JSON."""
        if when == "-":
            return True
        name, equals, value = when.partition("!=" if "!=" in when else "=")
        return (json.dumps(self.parameters[name]) == value) is (equals == "=")

    def _filled(self, wording: str, language: str) -> str:
        values = self.parameters
        return _SLOT.sub(lambda slot: _shown(values[slot[1]], language), wording.replace("\\n", "\n"))

    def _fails(self, measured: Measured, limit: Measured, message: str) -> Failure:
        return Failure(self.name, measured, limit, message)


def _shown(value: Json, language: str) -> str:
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return (
            "".join(f"「{one}」" for one in value)
            if language == "ja"
            else ", ".join(f'"{one}"' for one in value)
        )
    return str(value)


def at_least_one(order: Order, *values: int | None) -> None:
    """Raise ``ValueError`` for a number below 1: an order for none of a thing is another order."""
    if any(value is not None and value < 1 for value in values):
        raise ValueError(f"{type(order).__name__} needs numbers of at least 1, got {order.parameters}")
