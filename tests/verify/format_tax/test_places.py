"""Whether places matter: Pearson's test where items are asked once, and no false alarm where orders hang together."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from tanemaki.core.seeding import Draw
from tanemaki.verify.format_tax.places import preference

Chosen = list[tuple[str, int]]


def once(counts: Sequence[int]) -> Chosen:
    places = [place for place, n in enumerate(counts, 1) for _ in range(n)]
    return [(f"問{k}", place) for k, place in enumerate(places)]


@pytest.mark.parametrize(
    ("counts", "chi_square", "p"),
    [
        # by hand: the sum of (count - 20)² / 20; p = exp(-x/2) (1 + x/2)
        ((20, 20, 20, 20, 20), 0.0, 1.0),
        ((30, 10, 20, 20, 20), 10.0, 6 * math.exp(-5)),
        ((40, 15, 15, 15, 15), 25.0, 13.5 * math.exp(-12.5)),
        ((100, 0, 0, 0, 0), 400.0, 201 * math.exp(-200)),
    ],
)
def test_items_asked_once_have_the_test_of_pearson(
    counts: Sequence[int], chi_square: float, p: float
) -> None:
    found = preference(once(counts))
    assert found.counts == tuple(counts)
    assert found.chi_square == pytest.approx(chi_square, abs=1e-9)
    assert found.p == pytest.approx(p)
    assert found.df == 4


def test_the_known_point_of_the_table_is_met() -> None:
    # The 95th percentile of χ² with 4 degrees of freedom is 9.488, as every table has it.
    x = 9.487729
    assert math.exp(-x / 2) * (1 + x / 2) == pytest.approx(0.05, abs=1e-6)


def test_a_model_that_always_takes_the_first_is_found_whatever_the_orders() -> None:
    found = preference([(f"問{k}", 1) for k in range(30) for _ in range(5)])
    assert found.counts == (150, 0, 0, 0, 0)
    assert found.chi_square == pytest.approx(120.0), "four times the problems, not twenty"
    assert found.p < 1e-20


def test_a_model_that_follows_what_options_say_takes_each_place_once() -> None:
    found = preference([(f"問{k}", place) for k in range(30) for place in range(1, 6)])
    assert (found.chi_square, found.p) == (0.0, 1.0)


def test_nothing_chosen_is_no_preference() -> None:
    assert preference([]).p == 1.0


def alarms(n_orders: int, n_trials: int) -> int:
    """How many of the trials alarm at 5 %, of a model that is right or takes one wrong option, whatever its place."""
    n_alarms = 0
    for trial in range(n_trials):
        chosen: Chosen = []
        for k in range(40):
            draw = Draw("places", n_orders, trial, k)
            first = draw.below(5)
            chosen += [(f"問{k}", (first - turn) % 5 + 1) for turn in range(n_orders)]
        n_alarms += preference(chosen).p < 0.05
    return n_alarms


@pytest.mark.parametrize("n_orders", [1, 2, 3, 4])
def test_one_trial_in_twenty_alarms_where_places_do_not_matter(n_orders: int) -> None:
    # 200 trials at 5 %: 10, with a standard deviation of 3.1
    assert 3 <= alarms(n_orders, 200) <= 20
