"""Events of two or three dice whose complement is small, so that it pays to know the technique."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Literal

EventKind = Literal["sum_at_least", "sum_at_most", "some_face", "not_all_same", "product_even"]


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    >>> Event(2, 6, "sum_at_least", 3).chance
    Fraction(35, 36)
    """

    n_dice: int
    sides: int
    kind: EventKind
    limit: int = 0
    """The sum of the limit, or the face that at least one die shows; 0 where the kind needs none."""

    @property
    def n_outcomes(self) -> int:
        """How many outcomes there are."""
        return int(self.sides**self.n_dice)

    @property
    def n_others(self) -> int:
        """How many outcomes the complement has, by its formula; the limit is near its end of the sums."""
        if self.kind == "some_face":
            return int((self.sides - 1) ** self.n_dice)
        if self.kind == "not_all_same":
            return self.sides
        if self.kind == "product_even":
            return int(((self.sides + 1) // 2) ** self.n_dice)
        largest = self.n_dice * (self.sides + 1) - self.limit - 1  # counted from the other end of the dice
        return comb(self.limit - 1 if self.kind == "sum_at_least" else largest, self.n_dice)

    @property
    def chance(self) -> Fraction:
        """The probability of the event."""
        return Fraction(self.n_outcomes - self.n_others, self.n_outcomes)

    def holds(self, thrown: tuple[int, ...]) -> bool:
        """Return whether an outcome belongs to the event: what brute force counts.

        >>> Event(2, 6, "some_face", 6).holds((1, 6)), Event(2, 6, "product_even").holds((3, 5))
        (True, False)
        """
        if self.kind == "sum_at_least":
            return sum(thrown) >= self.limit
        if self.kind == "sum_at_most":
            return sum(thrown) <= self.limit
        if self.kind == "some_face":
            return self.limit in thrown
        if self.kind == "not_all_same":
            return len(set(thrown)) > 1
        return any(one % 2 == 0 for one in thrown)


def _all_events() -> tuple[Event, ...]:
    found = []
    for n in (2, 3):
        for sides in (4, 6, 8, 10, 12):
            found += [Event(n, sides, "sum_at_least", n + few) for few in (1, 2, 3)]
            found += [Event(n, sides, "sum_at_most", n * sides - few) for few in (1, 2, 3)]
            found += [Event(n, sides, "some_face", face) for face in (1, sides)]
            found += [Event(n, sides, "not_all_same"), Event(n, sides, "product_even")]
    return tuple(found)


EVENTS = _all_events()
"""A hundred variants."""
MOST_WRITTEN = 64
"""So many outcomes can be asked to be written down one by one."""
ENUMERABLE = tuple(event for event in EVENTS if event.n_outcomes <= MOST_WRITTEN)
