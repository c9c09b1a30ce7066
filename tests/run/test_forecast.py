"""Forecasts: their intervals hold the truth as often as they say, for rows that are drawn and for runs of the engine."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice

import pytest

from tanemaki.core.seeding import Draw
from tanemaki.run.forecast import FIGURES, Interval, Rest, Took, project

NAMES = ("rows", *FIGURES)


def drawn_rows(*names: str | int, accepted: float, spread: float) -> Iterator[Took]:
    """Yield rows with a share of accepted ones, and with log-normal lengths; a rejected row took fewer requests."""
    draw = Draw("rows", *names)
    while True:
        kept = draw.uniform() < accepted
        z = math.sqrt(-2 * math.log(1 - draw.uniform())) * math.cos(2 * math.pi * draw.uniform())
        length = math.exp(5 + spread * z) * (2 if kept else 1)
        yield Took(int(kept), (1.0 + kept, 40.0 + draw.below(40), length, length / 1e6))


def holds(number: int, *, accepted: float, spread: float, wanted: int) -> list[bool]:
    """Forecast one run from 24 rows and say for each figure whether it became what its interval says."""
    rows = drawn_rows(number, accepted=accepted, spread=spread)
    told = project(list(islice(rows, 24)), Rest(wanted, None), number)
    rest: list[Took] = []
    n = 0
    while n < wanted:
        rest.append(next(rows))
        n += rest[-1].accepted
    became = [len(rest), *map(sum, zip(*(row.amounts for row in rest), strict=True))]
    return [at.holds(one) for at, one in zip((told.rows, *told.amounts), became, strict=True)]


def n_inside(n_runs: int, *, accepted: float, spread: float, wanted: int) -> dict[str, int]:
    found = [holds(i, accepted=accepted, spread=spread, wanted=wanted) for i in range(n_runs)]
    return dict(zip(NAMES, map(sum, zip(*found, strict=True)), strict=True))


def test_intervals_hold_the_truth_in_nine_of_ten_runs() -> None:
    # 50 runs at 0.9: mean 45, standard deviation sqrt(50 x 0.9 x 0.1) = 2.12; three of them below the mean are 38.6
    found = n_inside(50, accepted=0.7, spread=0.6, wanted=300)
    assert all(39 <= n <= 50 for n in found.values()), found


@pytest.mark.long
@pytest.mark.parametrize(("accepted", "spread", "wanted"), [(0.8, 0.5, 500), (0.3, 1.0, 500), (0.6, 0.5, 30)])
def test_intervals_hold_the_truth_in_nine_of_ten_runs_and_are_not_wider(
    accepted: float, spread: float, wanted: int
) -> None:
    # 400 runs at 0.9: mean 360, standard deviation sqrt(400 x 0.9 x 0.1) = 6; 342 to 378 are three of them to either side
    found = n_inside(400, accepted=accepted, spread=spread, wanted=wanted)
    assert all(342 <= n <= 378 for n in found.values()), found


def test_a_sample_in_which_all_were_accepted_does_not_make_the_run_certain() -> None:
    told = project([Took(1, (1, 50, 10, 0))] * 24, Rest(1000, None), "all")
    assert told.rows.low == 1000
    # Beta(24.5, 0.5) has its 5 % quantile near 0.92: 1,000 / 0.92 is 1,087
    assert 1060 < told.rows.high < 1160


def test_fixed_lengths_and_a_known_number_of_rows_leave_no_doubt() -> None:
    told = project([Took(i % 2, (1, 50, 10, 0)) for i in range(24)], Rest(None, 100), "fixed")
    assert told.rows == Interval(100, 100, 100)
    assert [round(at.low, 6) for at in told.amounts] == [100, 5000, 1000, 0]
    assert [round(at.high, 6) for at in told.amounts] == [100, 5000, 1000, 0]
    assert told.accepted.low < 50 < told.accepted.high


def test_a_source_that_is_too_short_ends_the_forecast() -> None:
    told = project([Took(i % 2, (1, 50, 10, 0)) for i in range(24)], Rest(500, 100), "short")
    assert told.rows == Interval(100, 100, 100)
    assert told.amounts[0].high == pytest.approx(100)
    assert told.accepted.high < 100


def test_several_accepted_rows_of_one_need_fewer_rows_of_the_source() -> None:
    sample = [Took(i % 5, (4, 50, 10, 0)) for i in range(25)]  # 2 on average
    told = project(sample, Rest(1000, None, most_accepted=None), "children")
    assert told.rows.holds(500)
    assert told.rows.high < 700


def test_rows_on_their_way_are_paid_where_rejected_ones_end_early() -> None:
    early = [Took(i % 2, (1.0 + i % 2, 0, 0, 0)) for i in range(24)]
    late = [Took(i % 2, (2.0, 0, 0, 0)) for i in range(24)]
    more, none = (
        [project(rows, Rest(200, None, on_the_way=n), "way").amounts[0].middle for n in (64, 0)]
        for rows in (early, late)
    )
    # two thirds of the requests are of accepted rows, half of the rows are: 64 / 6 = 10.7 rows, half to all of them
    assert 5.3 * 3 < more[0] - more[1] < 10.7 * 3
    assert none[0] == pytest.approx(none[1], rel=0.005)


def test_the_same_names_draw_the_same_forecast_and_others_another() -> None:
    sample = list(islice(drawn_rows("same", accepted=0.6, spread=0.5), 24))
    one, again, other = (project(sample, Rest(100, None), name) for name in ("a", "a", "b"))
    assert one == again
    assert one != other


@pytest.mark.parametrize(
    ("sample", "rest", "what"),
    [
        ([Took(1, (1, 1, 1, 1))], Rest(5, None), "1 rows"),
        ([Took(1, (1, 1, 1, 1))] * 5, Rest(None, None), "give no forecast"),
        ([Took(0, (1, 1, 1, 1))] * 5, Rest(5, None), "no row of the sample was accepted"),
    ],
)
def test_what_says_nothing_is_refused(sample: list[Took], rest: Rest, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        project(sample, rest, "x")


def test_none_accepted_still_tells_what_a_source_of_known_length_takes() -> None:
    told = project([Took(0, (2, 50, 10, 0))] * 24, Rest(None, 100), "none")
    assert told.amounts[0].middle == pytest.approx(200)
    assert 0 <= told.accepted.low < told.accepted.high < 20
