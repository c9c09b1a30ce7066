"""All that is measured of one judge on one set of compared rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from tanemaki.core.errors import DataError
from tanemaki.judge.trust.compared import Compared
from tanemaki.judge.trust.labels import AgainstLabels, against_labels
from tanemaki.judge.trust.length import LengthBias, length_bias
from tanemaki.judge.trust.noise import Reading, RunNoise, reading, run_noise
from tanemaki.judge.trust.order import OrderBias, order_bias
from tanemaki.judge.trust.own_family import SelfPreference, family_of, self_preference


@dataclass(frozen=True, slots=True)
class Measured:
    """One judge's numbers. Every share has its n and its interval; what was not measured has n = 0 and no value."""

    judge: str
    n_rows: int
    n_prompts: int
    reading: Reading
    order: OrderBias
    length: LengthBias
    own: SelfPreference
    noise: RunNoise
    labels: AgainstLabels
    legal_mass: float | None
    """Mean probability on the legal options, 0 to 1; None where the judge does not tell it."""
    one_by_one: bool = False
    """Every answer was scored alone: there is no place or name that could sway the judge."""


def measure(
    rows: Sequence[Compared], *, judge_family: str | None = None, families: Mapping[str, str] | None = None
) -> Measured:
    """Measure one judge on its rows.

    ``judge_family`` is that of the judge's own model, by default read off its name; ``families`` maps beginnings of model
    names to families. Raises ``DataError`` for the rows of several judges, and without any row.

    Cost: a few passes over the rows, and 1,000 resamples of a 3 × 3 table for kappa.

    >>> from tanemaki.judge.trust.compared import read_rows
    >>> row = {"prompt": "春の花は？", "first": "桜です。", "second": "柿です。", "judge": "松"}
    >>> measured = measure(
    ...     read_rows([{**row, "comparison": {"score": None, "why": "order_dependent", "verdicts": []}}])
    ... )
    >>> measured.judge, measured.length.longer_wins.n, list(measured.reading.unsettled)
    ('松', 0, ['order_dependent'])
    """
    judges = sorted({row.judge for row in rows})
    if len(judges) != 1:
        raise DataError(
            "the numbers are those of one judge",
            got=", ".join(judges) or "no row",
            next="part the rows by judge",
        )
    masses = [row.legal_mass for row in rows if row.legal_mass is not None]
    return Measured(
        judge=judges[0],
        n_rows=len(rows),
        n_prompts=len({row.prompt for row in rows}),
        reading=reading(rows),
        order=order_bias(rows),
        length=length_bias(rows),
        own=self_preference(rows, judge_family or family_of(judges[0], families), families),
        noise=run_noise(rows),
        labels=against_labels(rows),
        legal_mass=fmean(masses) if masses else None,
        one_by_one=all(row.one_by_one for row in rows),
    )
