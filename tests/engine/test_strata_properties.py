"""Quotas over drawn cases in simulated time, against what counting all rows by hand gives (promise 7, per stratum)."""

from __future__ import annotations

import functools
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.graded import GRADES, RECIPES, TOPICS, expected, graded, shown
from support.runs import files, order_for
from support.simulated import Weather, copy_as_killed, execute_simulated
from tanemaki.config.schema import Limits, ModelSettings, StrataSettings
from tanemaki.core.errors import LimitReached
from tanemaki.core.recipe import Recipe
from tanemaki.run.report import Report

N_ROWS = 60


@dataclass(frozen=True)
class Drawn:
    """One case."""

    recipe: Recipe
    seed: int
    by: str
    quotas: dict[str, int]
    more: dict[str, int]
    """What is wanted on top of them later."""
    kill_at_s: float
    stop_at: int
    poisoned: float

    @property
    def from_source(self) -> bool:
        return self.by == "grade"

    @property
    def raised(self) -> dict[str, int]:
        return {**self.quotas, **{name: self.quotas.get(name, 0) + n for name, n in self.more.items()}}


def _quotas(names: tuple[str, ...], least: int) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(st.sampled_from(names), st.integers(1, 7), min_size=least, max_size=3)


cases = st.sampled_from((("grade", GRADES), ("topic", TOPICS))).flatmap(
    lambda by: st.builds(
        Drawn,
        recipe=st.sampled_from(RECIPES),
        seed=st.integers(0, 99),
        by=st.just(by[0]),
        quotas=_quotas(by[1], 1),
        more=_quotas(by[1], 0),
        kill_at_s=st.floats(0.01, 60.0),
        stop_at=st.integers(0, 80),
        poisoned=st.sampled_from([0.0, 0.1]),
    )
)


def go(
    case: Drawn, folder: Path, *, concurrency: int = 1, quotas: dict[str, int] | None = None, **more: Any
) -> Report:
    limits = Limits(failed_share=None, accepted_share=None, **more.pop("limits", {}))
    at = more.pop("at", None)
    weather = Weather(case.seed, latency_s=(0.001, 8.0), poisoned=case.poisoned)
    wanted = None if quotas is None else StrataSettings(by=case.by, rows=quotas)
    one = {"writer": ModelSettings(kind="scripted", file="-", concurrency=concurrency)}
    order = order_for(
        case.recipe,
        graded(N_ROWS, case.seed),
        folder,
        weather,
        strata=wanted,
        limits=limits,
        settings=one,
        **more,
    )
    return execute_simulated(order, at=at)


def hold(case: Drawn) -> None:
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        first = go(case, base / "1", quotas=case.quotas)
        _check(case, base, "1", first, case.quotas)
        for concurrency in (7, 64):
            killed = base / f"killed-{concurrency}"
            at = {case.kill_at_s: functools.partial(copy_as_killed, base / str(concurrency), killed)}
            report = go(case, base / str(concurrency), quotas=case.quotas, concurrency=concurrency, at=at)
            assert report.accounting.balances
            assert files(base / str(concurrency)) == files(base / "1")
            go(case, killed, quotas=case.quotas, concurrency=concurrency)
            assert files(killed) == files(base / "1")
        _cut_off(case, base)
        _raise(case, base)


def _check(case: Drawn, base: Path, name: str, report: Report, quotas: dict[str, int]) -> None:
    whole = base / f"all-{name}"
    go(case, whole, quotas=_everything(case, quotas))
    told = expected(whole, case.by, quotas, from_source=case.from_source)
    for part, rows in told.items():
        assert shown(base / name, part) == rows, part
    assert report.accounting.balances
    counts = {stratum: one.accepted for stratum, one in report.strata.items()}
    assert sum(counts.values()) == len(told["accepted"]) == report.accounting.accepted
    is_full = counts == quotas
    assert report.state == ("complete" if is_full else "short")
    assert report.exit_code == (0 if is_full else 4)


def _everything(case: Drawn, quotas: dict[str, int]) -> dict[str, int] | None:
    """Return for whom a run that shows how every row ends is made: who has no quota is compared with nobody."""
    is_compared = case.recipe.name in ("ordered", "selected")
    return dict.fromkeys(quotas, N_ROWS + 1) if is_compared and case.from_source else None


def _cut_off(case: Drawn, base: Path) -> None:
    try:
        go(case, base / "cut", quotas=case.quotas, concurrency=16, limits={"requests": case.stop_at})
    except LimitReached:
        go(case, base / "cut", quotas=case.quotas, concurrency=3)
    assert files(base / "cut") == files(base / "1")


def _raise(case: Drawn, base: Path) -> None:
    """More is wanted of some: a folder that holds the lower quotas becomes what a fresh one is."""
    go(case, base / "fresh", quotas=case.raised)
    report = go(case, base / "7", quotas=case.raised, concurrency=7)
    if case.more:
        _check(case, base, "7", report, case.raised)
    assert files(base / "7") == files(base / "fresh")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases)
def test_quotas_give_what_counting_by_hand_gives(case: Drawn) -> None:
    hold(case)


@pytest.mark.long
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases)
def test_the_same_over_many_cases(case: Drawn) -> None:
    hold(case)
