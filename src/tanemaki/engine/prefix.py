"""Exactly N: the dataset is the accepted rows of the shortest prefix of ordinals that holds N (promise 7)."""

from __future__ import annotations


class Prefix:
    """Keeps count of the roots that are closed, and of the accepted rows among those without a gap before them.

    >>> prefix = Prefix(wanted=2)
    >>> prefix.close(2, accepted=1)
    >>> prefix.close(1, accepted=0)
    >>> prefix.is_full
    False
    >>> prefix.close(3, accepted=2)
    >>> prefix.is_full
    True
    """

    def __init__(self, wanted: int | None) -> None:
        self._wanted = wanted
        self._next = 1
        self._ahead: dict[int, tuple[int, int, int]] = {}
        self.accepted = 0
        """Accepted rows of the closed prefix."""
        self.failed = 0
        """Its failed rows, but for those that the source could not read."""
        self.ended = 0
        """Its rows that were accepted, rejected or failed."""

    @property
    def next_root(self) -> int:
        """The first root that is not closed."""
        return self._next

    def is_closed(self, root: int) -> bool:
        """The root's records have all ended."""
        return root < self._next or root in self._ahead

    def close(self, root: int, accepted: int, failed: int = 0, ended: int = 0) -> None:
        """A root's records have all ended."""
        if root < self._next:
            return
        self._ahead[root] = (accepted, failed, ended)
        while self._next in self._ahead:
            accepted, failed, ended = self._ahead.pop(self._next)
            self.accepted += accepted
            self.failed += failed
            self.ended += ended
            self._next += 1

    @property
    def is_full(self) -> bool:
        """The closed prefix holds the wanted number: what happens behind it cannot change the dataset any more."""
        return self._wanted is not None and self.accepted >= self._wanted
