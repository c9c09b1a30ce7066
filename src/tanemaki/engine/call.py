"""What a call is: where it belongs, and what it asks (promise 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from tanemaki.core.model import Request
from tanemaki.engine.bound import Bound


class Address(NamedTuple):
    """Where a call belongs."""

    root: int
    path: str
    """Ordinal below the root: ``""`` for the root itself, ``2.1`` for a grandchild."""
    step: str
    place: int
    """Place among the calls of this step on this record, from 0."""
    sample: int


@dataclass(frozen=True, slots=True)
class Call:
    """One call as a step makes it."""

    address: Address
    record: str
    bound: Bound
    request: Request
    hash: str
    """Hash of what it asks, without ``max_tokens``."""
