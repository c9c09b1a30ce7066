"""Judges of single answers: what was read, the mass on the options, and alarms."""

from __future__ import annotations

import json

import pytest

from tanemaki.core.errors import DataError
from tanemaki.judge.trust.scored import scored_trust


def row(k: int, score: float | None, **parts: object) -> dict[str, object]:
    return {"prompt": f"問い{k}", "answer": "答え", "overall": score, "overall_parts": parts}


def test_unread_scores_low_mass_and_alarms_are_shares_of_the_rows_that_have_them() -> None:
    found = scored_trust(
        [
            row(1, 8, legal_mass=0.9, alarm=False),
            row(2, None, legal_mass=0.3),
            row(3, 10, alarm=True),
            row(4, 5),
        ],
        "overall",
    )
    assert (found.n_rows, found.read.value) == (4, 0.75)
    assert found.legal_mass == pytest.approx(0.6)
    assert (found.low_mass.hits, found.low_mass.n) == (1, 2)
    assert (found.alarms.hits, found.alarms.n) == (1, 2)


def test_the_alarm_of_a_set_made_elsewhere_is_told_from_its_numbers() -> None:
    """Fault 13: 1/10 became 10; such a row is seen by its aspects."""
    low = {"honesty": 1, "helpfulness": 1, "truthfulness": "N/A"}
    rows = [
        row(1, 10, overall=10, aspects=low),
        row(2, 9, overall=9, aspects={"honesty": 5}),
        row(3, 9, overall=9),
    ]
    stored = [{**one, "overall_parts": json.dumps(one["overall_parts"])} for one in rows]
    for these in (rows, stored):
        found = scored_trust(these, "overall").alarms
        assert (found.hits, found.n) == (1, 2)


def test_no_rows_give_no_shares_and_a_missing_column_is_named() -> None:
    empty = scored_trust([], "overall")
    assert (empty.read.value, empty.legal_mass, empty.alarms.n) == (None, None, 0)
    with pytest.raises(DataError, match="lacks the column 'overal'") as caught:
        scored_trust([row(1, 5)], "overal")
    assert (caught.value.where, caught.value.next) == ("row 1", "did you mean 'overall'?")
