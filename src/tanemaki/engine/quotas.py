"""Quotas: a run may want so many rows of each value of a field, rather than so many rows.

The field's values are compared as texts, NFKC-normalised: 小学１年 and 小学1年 are one stratum. A field of the source is
known before anything is asked: where its stratum is full, a root is passed over and costs nothing. A field that the recipe
writes is known when a row is accepted: what comes beyond a quota is surplus.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from tanemaki.core.errors import shorten
from tanemaki.core.record import Json
from tanemaki.engine.stored import load
from tanemaki.text.normalise import nfkc


@dataclass(frozen=True, slots=True)
class Quotas:
    """How many accepted rows are wanted of each value of a field.

    >>> quotas = Quotas("grade", {"小学1年": 100, "小学2年": 300}, from_source=False)
    >>> quotas.total, quotas.share_of("小学2年"), quotas.of("中学1年")
    (400, 0.75, 0)
    """

    by: str
    """Name of the field."""
    rows: Mapping[str, int]
    """Value as :func:`stratum_of` gives it → accepted rows wanted, 1 or more."""
    from_source: bool
    """The source gives the field: a root's stratum is known before anything is asked."""

    @property
    def total(self) -> int:
        """Rows wanted of all strata together."""
        return sum(self.rows.values())

    def of(self, stratum: str | None) -> int:
        """Return the rows wanted of a stratum; 0 for a value without a quota."""
        return 0 if stratum is None else self.rows.get(stratum, 0)

    def share_of(self, stratum: str) -> float:
        """Return the share of the accepted rows that falls to a stratum, as long as nothing has been measured."""
        return 1.0 if self.from_source else self.rows[stratum] / self.total

    def to_json(self) -> list[Json]:
        """Return the quotas as the journal keeps them; :meth:`from_json` reads them."""
        return [self.by, [list(pair) for pair in self.rows.items()], self.from_source]

    @classmethod
    def from_json(cls, told: Json) -> Quotas | None:
        """Return what :meth:`to_json` told; None for None."""
        return None if told is None else cls(told[0], dict(told[1]), told[2])


Wanted = int | Quotas | None
"""Accepted rows wanted, per stratum or in all; None: all that the source gives."""


def stratum_of(value: Json) -> str | None:
    """Return the stratum to which a row with this value belongs; None for what names none.

    >>> stratum_of("小学１年"), stratum_of(3), stratum_of(True), stratum_of(None), stratum_of(0.5)
    ('小学1年', '3', 'true', None, None)
    """
    if isinstance(value, str):
        return value if value.isascii() else _normalised(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else None


@lru_cache(1024)
def _of_json(text: str) -> str | None:
    return stratum_of(load(text))


def stratum_stored(text: str, field: str) -> str | None:
    """Return the stratum of a field's value, as JSON, or of all the fields where the text begins with a space."""
    return stratum_of(load(text).get(field)) if text.startswith(" ") else _of_json(text)


@lru_cache(1024)
def _normalised(text: str) -> str:
    return nfkc(text)


@dataclass(slots=True)
class Stratum:
    """What a run has of one stratum, over what the dataset shows."""

    wanted: int
    accepted: int = 0
    """Rows of the dataset."""
    beyond: int = 0
    """Accepted rows in excess of the quota among the rows that were tried."""
    tried: int = 0
    """Rows that were accepted, rejected or failed before the quota was full, or, where the recipe writes the field, before
    all quotas were; a row that was rejected before it had the field belongs to no stratum."""
    surplus: int = 0
    """Accepted rows that the dataset does not hold."""

    @property
    def lacking(self) -> int:
        """Rows that are still wanted."""
        return self.wanted - self.accepted

    @property
    def acceptance(self) -> float | None:
        """Accepted share of the rows that were tried, 0 to 1; None before the first."""
        return (self.accepted + self.beyond) / self.tried if self.tried else None

    def to_json(self) -> dict[str, Json]:
        """Return the figures for machines."""
        return {
            "wanted": self.wanted,
            "accepted": self.accepted,
            "tried": self.tried,
            "acceptance": self.acceptance,
            "surplus": self.surplus,
        }


def lacking(strata: Mapping[str, Stratum]) -> str:
    """Return which strata lack how many rows, the emptiest first, in words; empty if none does.

    >>> lacking({"小学1年": Stratum(5, 5), "小学2年": Stratum(5, 1), "小学3年": Stratum(5, 3)})
    '小学2年 lacks 4, 小学3年 lacks 2'
    """
    short = sorted((-one.lacking, name) for name, one in strata.items() if one.lacking > 0)
    told = [f"{shorten(name, 40).strip(chr(39))} lacks {-n}" for n, name in short]
    return ", ".join(told[:8]) + (f" and {len(told) - 8} more" if len(told) > 8 else "")  # noqa: PLR2004 - the same 8
