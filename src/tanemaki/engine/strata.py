"""What a run with quotas has of each stratum while it goes on; see :mod:`tanemaki.engine.quotas`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tanemaki.core.errors import nearest, shorten
from tanemaki.core.record import Record
from tanemaki.engine.prefix import NO_STRATA, Share
from tanemaki.engine.quotas import Quotas, stratum_of

MOST_OTHERS = 1_000
"""Values without a quota that are told apart; nobody reads more, and memory stays flat."""
UNWANTED_IN_A_ROW = 50_000
"""So many rows of a source without end of which none is wanted: what is lacking will not come."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of one root, by strata."""

    own: str | None = None
    """The root's own stratum, where the source gives the field and there is a quota for its value."""
    accepted: Mapping[str, int] = field(default_factory=dict)
    """Accepted rows of each stratum with a quota."""


NO_TALLY = Tally()


class Strata:
    """Counts the closed roots and those on their way; knows what is full and what is lacking."""

    def __init__(self, quotas: Quotas, mark: int) -> None:
        self.quotas = quotas
        self.mark = mark
        """What stands in the journal as the number of rows of a root that was passed over under these quotas."""
        self.accepted: Counter[str] = Counter()
        """Accepted rows of all closed roots."""
        self.live: Counter[str | None] = Counter()
        """Roots on their way; of no stratum where it is not known before."""
        self.reasons: dict[str, Counter[tuple[str, str]]] = {}
        """Stratum → (step, reason) of its rejections and failures."""
        self.unwanted = 0
        """Roots passed over since the last one that was not."""
        self.n_counted = 0
        """Accepted rows that fill quotas."""
        self._closed: Counter[str | None] = Counter()
        self._others: Counter[str] = Counter()
        self._ahead: list[tuple[int, Mapping[str, Share]]] = []
        self._accepted_ahead: Counter[str] = Counter()

    def begin(self, ahead: Iterable[tuple[int, Mapping[str, Share]]]) -> None:
        """The earlier starts are counted; ``ahead`` are the stretches of roots that they closed behind the first gap."""
        self._ahead = sorted(ahead, key=lambda stretch: -stretch[0])
        for _, strata in self._ahead:
            self._accepted_ahead.update({name: share.accepted for name, share in strata.items()})

    def of_record(self, record: Record) -> str | None:
        """Return the stratum of a root that has not been asked yet; None where the recipe writes it, or for no value."""
        return stratum_of(record.get(self.quotas.by)) if self.quotas.from_source else None

    def tally(self, root: Record, accepted: Iterable[Record]) -> Tally:
        """Return what became of a root, of which these records were accepted."""
        counts = Counter(stratum_of(record.get(self.quotas.by)) for record in accepted)
        for name, n in counts.items():
            self._note_other(name, n)
        own = self.of_record(root)
        return Tally(
            own if self.quotas.of(own) else None,
            {name: n for name, n in counts.items() if name is not None and self.quotas.of(name)},
        )

    def count(self, tally: Tally) -> Mapping[str, Share]:
        """Count a closed root that was tried, and return what it adds to the prefix."""
        self.unwanted = 0
        for name, n in tally.accepted.items():
            self.n_counted += min(n, max(0, self.quotas.of(name) - self.accepted[name]))
            self.accepted[name] += n
        self._closed[tally.own] += 1
        shares = {name: Share(n, 0) for name, n in tally.accepted.items()}
        if tally.own is not None:
            shares[tally.own] = Share(tally.accepted.get(tally.own, 0), 1)
        return shares or NO_STRATA

    def note(self, record: Record, step: str, reason: str) -> None:
        """A record was rejected or failed."""
        stratum = stratum_of(record.get(self.quotas.by))
        if stratum is not None and self.quotas.of(stratum):
            self.reasons.setdefault(stratum, Counter())[step, reason] += 1

    def closed(self, stratum: str) -> int:
        """Return the closed roots that may have given rows of a stratum."""
        return self._closed[stratum if self.quotas.from_source else None]

    def is_full_before(self, root: int, stratum: str | None) -> bool:
        """Say whether the roots before this one hold the stratum's quota. Asked in ascending order of roots."""
        if stratum is None or not self.quotas.of(stratum):
            return True
        while self._ahead and self._ahead[-1][0] < root:
            _, strata = self._ahead.pop()
            self._accepted_ahead.subtract({name: share.accepted for name, share in strata.items()})
        return self.accepted_before(stratum) >= self.quotas.of(stratum)

    def accepted_before(self, stratum: str) -> int:
        """Return the accepted rows of a stratum, but for those that earlier starts closed behind the root asked about."""
        return self.accepted[stratum] - self._accepted_ahead[stratum]

    def pass_over(self, stratum: str | None) -> None:
        """A root is not asked: its stratum is full, or has no quota."""
        self.unwanted += 1
        self._note_other(stratum, 1)

    def _note_other(self, name: str | None, n: int) -> None:
        is_other = name is not None and not self.quotas.of(name)
        if name is not None and is_other and (name in self._others or len(self._others) < MOST_OTHERS):
            self._others[name] += n

    def met_instead(self, stratum: str) -> str | None:
        """Return in words what may have been meant by a stratum that never comes; None where nothing is known."""
        if not self._others:
            return None
        near = nearest(stratum, self._others)
        most = ", ".join(f"{shorten(name, 40)} {n}" for name, n in self._others.most_common(4))
        guess = f"; was {near!r} meant?" if near else ""
        return f"values of {self.quotas.by!r} without a quota: {most}{guess}"

    @property
    def lacking(self) -> list[str]:
        """The strata whose closed roots do not hold their quota, the emptiest first."""
        left = {name: n - self.accepted[name] for name, n in self.quotas.rows.items()}
        return sorted((name for name, n in left.items() if n > 0), key=lambda name: (-left[name], name))
