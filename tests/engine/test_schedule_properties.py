"""The promises over drawn recipes: steps of every kind, nested, stopped in the middle and taken up again.

In real time, with turns of the loop for latencies; ``test_simulated_properties.py`` has the weather, kills and clocks.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.drawn import PARTS, Shape, recipe_of
from support.runs import Captured, echo, files, numbers, run
from tanemaki.config.schema import Limits, ModelSettings
from tanemaki.core.errors import LimitReached

shapes: st.SearchStrategy[Shape] = st.recursive(
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=4),
    lambda inner: st.lists(inner | st.sampled_from(PARTS), min_size=1, max_size=3),
    max_leaves=6,
)


def concurrency(n: int) -> dict[str, ModelSettings]:
    return {"writer": ModelSettings(kind="scripted", file="-", concurrency=n)}


DRAWN = given(
    shape=shapes, spread=st.booleans(), rows=st.none() | st.integers(1, 12), stop_at=st.integers(1, 60)
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@DRAWN
def test_speed_order_and_stops_change_no_byte(
    *, shape: Shape, spread: bool, rows: int | None, stop_at: int
) -> None:
    hold_the_promises(shape, spread=spread, rows=rows, stop_at=stop_at)


@pytest.mark.long
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@DRAWN
def test_the_same_over_many_recipes(*, shape: Shape, spread: bool, rows: int | None, stop_at: int) -> None:
    hold_the_promises(shape, spread=spread, rows=rows, stop_at=stop_at)


def hold_the_promises(shape: Shape, *, spread: bool, rows: int | None, stop_at: int) -> None:
    recipe = recipe_of(shape, spread=spread)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        more = {"rows": rows, "limits": Limits(accepted_share=None)}
        whole = run(recipe, numbers(25), root / "whole", Captured(echo), settings=concurrency(1), **more)
        assert whole.accounting.balances
        assert rows is not None or whole.accounting.roots == 25
        run(recipe, numbers(25), root / "fast", Captured(echo, slow="x"), settings=concurrency(9), **more)
        assert files(root / "fast") == files(root / "whole")
        first, second = Captured(echo, slow="y"), Captured(echo, slow="z")
        try:
            limits = Limits(requests=stop_at, accepted_share=None)
            run(recipe, numbers(25), root / "cut", first, settings=concurrency(5), rows=rows, limits=limits)
        except LimitReached:
            assert len(first.requests) == stop_at
        run(recipe, numbers(25), root / "cut", second, settings=concurrency(7), **more)
        assert files(root / "cut") == files(root / "whole")
        assert not set(first.texts) & set(second.texts), "a journaled reply was paid again"
