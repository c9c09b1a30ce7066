"""How many roots set out where replies come in batches: a batch that is too small costs another day, one too large money."""

from __future__ import annotations

from collections import Counter


class Lookahead:
    """Counts the roots that had a reply, so that the need is measured on those and not on what ended before any call.

    ``margin`` is the share by which more is asked for than the wanted rows need at the measured acceptance.

    >>> ahead = Lookahead(margin=0.1)
    >>> ahead.wants_more(wanted=100, accepted=0, closed=0, on_the_way=109)
    True
    >>> ahead.wants_more(wanted=100, accepted=0, closed=0, on_the_way=110)
    False
    """

    def __init__(self, margin: float) -> None:
        self._margin = margin
        self._answered: set[int] = set()
        self._n_answered: Counter[str | None] = Counter()
        self._n_unasked: Counter[str | None] = Counter()
        self._strata: dict[int, str] = {}
        """Root on its way → its stratum, where the source gives it."""

    def sets_out(self, root: int, stratum: str | None) -> None:
        """A root of this stratum is on its way."""
        if stratum is not None:
            self._strata[root] = stratum

    def answered(self, root: int) -> None:
        """A root on its way has got a reply."""
        if root not in self._answered:
            self._answered.add(root)
            self._n_answered[self._strata.get(root)] += 1

    def ended(self, root: int, *, asked: bool) -> None:
        """A root is on its way no more; ``asked``: it had a reply."""
        stratum = self._strata.pop(root, None)
        if root in self._answered:
            self._answered.discard(root)
            self._n_answered[stratum] -= 1
        self._n_unasked[stratum] += not asked

    def wants_more(
        self,
        wanted: int,
        accepted: int,
        closed: int,
        on_the_way: int,
        *,
        stratum: str | None = None,
        share: float = 1.0,
    ) -> bool:
        """Say whether what is on its way is too little; the counts are those of a ``stratum`` where one is named.

        Who had a reply and is still on the way counts as accepted until it proves otherwise: the quick ends are mostly
        rejections. ``share`` is the share of the accepted rows that is expected to count.
        """
        answered = min(self._n_answered[stratum], on_the_way)
        judged = max(accepted, closed - self._n_unasked[stratum])
        per_root = (accepted + (answered + 1) * share) / (judged + answered + 1)
        need = (wanted - accepted - answered * share) * (1 + self._margin)
        return round((on_the_way - answered) * per_root, 6) < round(need, 6)
