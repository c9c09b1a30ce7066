"""The source contract: what yields the first records.

A source yields :class:`Item`\\ s in a fixed order and :class:`BadItem`\\ s for rows that it could not read: those are
counted and reported as failed rows, never fatal. The engine gives ids and ordinals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from tanemaki.core.record import FieldType, Json, Origin


@dataclass(frozen=True, slots=True)
class Item:
    """One readable row of a source."""

    fields: Mapping[str, Json]
    sources: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class BadItem:
    """One row that the source could not read: the run goes on without it."""

    message: str
    where: str
    """File and line, or row number."""
    raw: str = ""
    """The beginning of what was there, at most 200 characters."""


class Source(Protocol):
    """What yields the first records. The same ``fingerprint`` must mean the same items in the same order."""

    @property
    def kind(self) -> str:
        """The name in the run file, e.g. ``personas`` or ``jsonl``."""

    @property
    def fingerprint(self) -> str:
        """Hash of everything the items depend on (contents or size and time of files, seed, mapping)."""

    @property
    def columns(self) -> Mapping[str, FieldType]:
        """The fields that every item has, with their types."""

    @property
    def size(self) -> int | None:
        """Number of items; None if it is unlimited or unknown."""

    @property
    def unlimited(self) -> bool:
        """The source never ends: a recipe that needs all records then needs a ``limit``."""

    @property
    def distinct(self) -> bool:
        """Exact repetitions are slips of the draw and are passed over rather than kept as second occurrences."""

    def items(self, start: int = 0) -> Iterator[Item | BadItem]:
        """Yield the items from place ``start`` on (0 is the first); cheap to start anywhere if it can be."""
