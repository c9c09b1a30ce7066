"""Exactly N: the dataset is the accepted rows of the shortest prefix of ordinals that holds N (promise 7)."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from tanemaki.engine.quotas import Quotas, Wanted


class Share(NamedTuple):
    """What some roots gave of one stratum."""

    accepted: int
    tried: int
    """Roots of this stratum that were not passed over; 0 where only accepted rows have a stratum."""


NO_STRATA: Mapping[str, Share] = MappingProxyType({})


class _Stretch(NamedTuple):
    """Closed roots without a gap between them."""

    behind: int
    """The first root that is no more of it."""
    accepted: int
    failed: int
    ended: int
    tried: int
    strata: Mapping[str, Share]


class Prefix:
    """Keeps count of the roots that are closed, and of the accepted rows among those without a gap before them.

    Cost: memory for each stretch of closed roots with a gap before it, so for as many as roots are on their way; a
    thousand gaps or a million rows behind one gap are the same few kilobytes.

    >>> prefix = Prefix(wanted=2)
    >>> prefix.close(2, accepted=1)
    >>> prefix.close(1, accepted=0)
    >>> prefix.is_full
    False
    >>> prefix.close(3, accepted=2)
    >>> prefix.is_full
    True
    """

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._lacking = set(wanted.rows) if isinstance(wanted, Quotas) else None
        self._next = 1
        self._starts: list[int] = []
        """Where the stretches ahead begin, in order."""
        self._ahead: dict[int, _Stretch] = {}
        """First root of a stretch → the stretch."""
        self.accepted = 0
        """Accepted rows of the closed prefix."""
        self.failed = 0
        """Its failed rows, but for those that the source could not read."""
        self.ended = 0
        """Its rows that were accepted, rejected or failed."""
        self.tried = 0
        """Its roots that were not passed over."""
        self.strata: dict[str, Share] = {}

    @property
    def next_root(self) -> int:
        """The first root that is not closed."""
        return self._next

    def is_closed(self, root: int) -> bool:
        """The root's records have all ended."""
        if root < self._next:
            return True
        at = bisect_right(self._starts, root)
        return at > 0 and root < self._ahead[self._starts[at - 1]].behind

    def close(
        self,
        root: int,
        accepted: int,
        failed: int = 0,
        ended: int = 0,
        *,
        tried: int = 1,
        strata: Mapping[str, Share] = NO_STRATA,
    ) -> None:
        """A root's records have all ended; ``tried`` is 0 for one that was passed over."""
        if self.is_closed(root):
            return
        stretch = _Stretch(root + 1, accepted, failed, ended, tried, strata)
        if root == self._next:
            self._go_on(stretch)
            return
        behind = self._ahead.pop(root + 1, None)
        if behind is not None:
            del self._starts[bisect_right(self._starts, root)]
            stretch = _joined(stretch, behind)
        at = bisect_right(self._starts, root)
        start = self._starts[at - 1] if at else 0
        if at and self._ahead[start].behind == root:
            self._ahead[start] = _joined(self._ahead[start], stretch)
        else:
            insort(self._starts, root)
            self._ahead[root] = stretch

    def _go_on(self, stretch: _Stretch) -> None:
        while True:
            self._next = stretch.behind
            self.accepted += stretch.accepted
            self.failed += stretch.failed
            self.ended += stretch.ended
            self.tried += stretch.tried
            if stretch.strata:
                self._count(stretch.strata)
            if self._next not in self._ahead:
                return
            del self._starts[0]
            stretch = self._ahead.pop(self._next)

    def _count(self, strata: Mapping[str, Share]) -> None:
        _add(self.strata, strata)
        if isinstance(self._wanted, Quotas) and self._lacking:
            self._lacking -= {name for name in strata if self.strata[name].accepted >= self._wanted.of(name)}

    @property
    def ahead(self) -> Iterator[tuple[int, Mapping[str, Share]]]:
        """The stretches behind the first gap, in order: the first root of each, and its strata."""
        return ((start, self._ahead[start].strata) for start in self._starts)

    @property
    def is_full(self) -> bool:
        """The closed prefix holds the wanted number: what happens behind it cannot change the dataset any more."""
        if isinstance(self._wanted, Quotas):
            return not self._lacking
        return self._wanted is not None and self.accepted >= self._wanted


def _joined(one: _Stretch, behind: _Stretch) -> _Stretch:
    strata = one.strata or behind.strata
    if one.strata and behind.strata:
        strata = _add(dict(one.strata), behind.strata)
    return _Stretch(
        behind.behind,
        one.accepted + behind.accepted,
        one.failed + behind.failed,
        one.ended + behind.ended,
        one.tried + behind.tried,
        strata,
    )


def _add(strata: dict[str, Share], more: Mapping[str, Share]) -> dict[str, Share]:
    for name, share in more.items():
        there = strata.get(name)
        strata[name] = Share(there.accepted + share.accepted, there.tried + share.tried) if there else share
    return strata
