"""May this judge rank? Its trust is measured before its word counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tanemaki.core.errors import SetupError
from tanemaki.judge.shares import Share
from tanemaki.judge.trust.measure import Measured
from tanemaki.judge.trust.scored import LEGAL_MASS

_WAY_OUT = "take another judge or prompt, or let people decide the rows in the queue of doubtful ones"


@dataclass(frozen=True, slots=True)
class Demands:
    """What a judge must show. Shares are compared by the lower end of their intervals: luck is no merit."""

    min_planted: int = 50  # research on judges: at least 50 rows of known truth before anything is ranked
    """Labelled pairs whose better side is known."""
    place_consistency: float = (
        0.5  # ours: below one half most verdicts are about the place; GPT-4 had 0.65 (MT-Bench)
    )
    right: float = (
        0.65  # ours: halfway from chance, 0.5, to what people reach among themselves, 0.81 (MT-Bench)
    )
    """Of the settled labelled pairs."""
    settled: float = 0.25  # ours: a judge that decides fewer has not ranked the set, however right it is
    """Labelled pairs with a verdict."""
    legal_mass: float = LEGAL_MASS
    """Mean probability on the legal options, where the judge tells it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One demand and what was measured."""

    demand: str
    measured: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether a judge may rank, and by which numbers."""

    judge: str
    findings: tuple[Finding, ...]

    @property
    def may_rank(self) -> bool:
        """Every demand is met."""
        return all(one.passed for one in self.findings)

    def check(self, way_out: str = _WAY_OUT) -> None:
        """Raise ``SetupError`` with all numbers in one message unless the judge may rank; ``way_out`` ends the message."""
        if not self.may_rank:
            failed = [one for one in self.findings if not one.passed]
            raise SetupError(
                f"the judge {self.judge!r} may not rank: it fails {len(failed)} of {len(self.findings)} demands",
                where="; ".join(one.demand for one in failed),
                got="; ".join(one.measured for one in self.findings),
                next=way_out,
            )


def trust(measured: Measured, demands: Demands | None = None) -> Trust:
    """Say whether a judge may rank.

    Source: ours, after "How to Correctly Report LLM-as-a-Judge Evaluations" (arXiv 2511.21140) and MT-Bench (arXiv
    2306.05685): a small model that says "A" in every call has an opinion on nothing, and its ranking is noise.
    """
    return Trust(measured.judge, tuple(_findings(measured, demands or Demands())))


def _findings(measured: Measured, demands: Demands) -> Iterator[Finding]:
    labels = measured.labels
    n = labels.settled.n
    yield Finding(
        f"at least {demands.min_planted} planted pairs", f"{n} planted pairs", n >= demands.min_planted
    )
    if not measured.one_by_one:
        yield _least(
            "same winner with places exchanged", measured.order.place_consistency, demands.place_consistency
        )
    settled = _least("planted pairs settled", labels.settled, demands.settled)
    yield settled if settled.passed else replace(settled, measured=settled.measured + _whys(measured))
    yield _least("settled pairs right", labels.right, demands.right)
    if measured.legal_mass is not None:
        yield Finding(
            f"probability on the legal options: {demands.legal_mass:g} or more",
            f"probability on the legal options {measured.legal_mass:.3f}",
            measured.legal_mass >= demands.legal_mass,
        )


def _whys(measured: Measured) -> str:
    """Return what became of the pairs without a verdict, the most frequent first."""
    told = ", ".join(
        f"{why} {100 * (share.value or 0):.0f} %" for why, share in measured.reading.unsettled.items()
    )
    return f", the others: {told}" if told else ""


def _least(what: str, share: Share, least: float) -> Finding:
    demand = f"{what}: surely {100 * least:g} % or more"
    if share.value is None or share.low is None or share.high is None:
        return Finding(demand, f"{what}: not measured, n = 0", passed=False)
    ends = f"{100 * share.low:.1f} to {100 * share.high:.1f}"
    return Finding(demand, f"{what} {100 * share.value:.1f} % ({ends}, n = {share.n})", share.low >= least)
