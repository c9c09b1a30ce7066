"""Coefficients of agreement against the papers' tables, against other implementations, and where they are not defined."""

from __future__ import annotations

import math
from collections import Counter
from functools import partial
from itertools import permutations
from pathlib import Path

import pytest

from tanemaki.core.errors import DataError, RecipeError
from tanemaki.core.seeding import Draw
from tanemaki.judge.agreement import (
    Agreement,
    Coefficient,
    Level,
    Unit,
    Weights,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    percent_agreement,
)

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C: four observers, twelve units, "." missing.
OBSERVERS = ("1233214 12...", "1233224125.3", ".3332342251.", "1233244125 1.")
WITH_MISSING = [
    tuple(None if mark == "." else int(mark) for mark in unit)
    for unit in zip(*(row.replace(" ", "") for row in OBSERVERS), strict=True)
]
# Fleiss (1971), table 1: six psychiatrists, thirty patients; depression, personality disorder and so on. Compared, count by
# count, with the data set `diagnoses` of the R package irr 0.84.1 as statsmodels keeps it (stats/tests/test_inter_rater.py),
# where irr's kappam.fleiss gives 0.4302445.
PATIENTS = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""
DIAGNOSES: list[Unit] = [
    tuple(kind for kind, n in enumerate(row) for _ in range(int(n))) for row in PATIENTS.split()
]
# Fourteen raters, ten subjects, five categories: the worked example of the encyclopedia's article on Fleiss' kappa, which
# statsmodels tests against, too: 0.210.
SUBJECTS = """
0,0,0,0,14 0,2,6,4,2 0,0,3,5,6 0,3,9,2,0 2,2,8,1,1 7,7,0,0,0 3,2,6,3,0 2,5,3,2,2 6,5,2,1,0 0,2,2,3,7
"""
FOURTEEN: list[Unit] = [
    tuple(kind for kind, n in enumerate(row.split(",")) for _ in range(int(n))) for row in SUBJECTS.split()
]
# An example printed by SAS's PROC FREQ (simple and weighted kappa, 95 % limits), as statsmodels keeps it.
SAS = {(1, 2): 4, (1, 3): 1, (2, 2): 8, (3, 2): 1, (3, 3): 5}
# Raters 2 and 3 of the data set `anxiety` of irr 0.84.1, twenty subjects on a scale from 1 to 6; irr's kappa2 counts steps
# over the labels that come (nobody said 5), and so does the `scale` below. Its values are those that statsmodels keeps.
SECOND = (3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4)
THIRD = (2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2)
# Cohen, "Weighted kappa" (1968), in counts of 200: personality disorder, neurosis, psychosis; 0.492, as the documentation of
# cohen.kappa in the R package psych keeps table and value. (Table 1 of his paper of 1960 is another one.)
COHEN = {
    (1, 1): 88,
    (1, 2): 14,
    (1, 3): 18,
    (2, 1): 10,
    (2, 2): 40,
    (2, 3): 10,
    (3, 1): 2,
    (3, 2): 6,
    (3, 3): 12,
}
# Altman, "Practical Statistics for Medical Research" (1991): table 14.2, 85 xeromammograms, normal to cancer; table 14.3,
# two tests of 363 sera for allergies, negative to very high. Kappa 0.47 and 0.32, weighted 0.57 and 0.56; of table 14.2 he
# prints 54 agreements where 26.2 are expected.
ALTMAN = {
    (row, column): n
    for row, counts in enumerate(((21, 12, 0, 0), (4, 17, 1, 0), (3, 9, 15, 2), (0, 0, 0, 1)), 1)
    for column, n in enumerate(counts, 1)
}
SERA = {
    (row, column): n
    for row, counts in enumerate(
        ((86, 3, 14, 0, 2), (26, 0, 10, 4, 0), (20, 2, 22, 4, 1), (11, 1, 37, 16, 14), (3, 0, 15, 24, 48)), 1
    )
    for column, n in enumerate(counts, 1)
}


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_is_that_of_krippendorffs_own_table_with_missing_values(level: Level, alpha: float) -> None:
    told = krippendorff_alpha(WITH_MISSING, level=level)
    assert told.value == pytest.approx(alpha, abs=0.0005)
    assert told.n_items == 11, "the twelfth unit has a single value"


@pytest.mark.parametrize(
    ("first", "second", "alpha"),
    [("0100000010", "1110010000", 0.095), ("aabbdcccedda", "babbbccceddd", 0.692)],
    ids=["section A, binary", "section B, nominal"],
)
def test_alpha_is_that_of_krippendorffs_tables_of_two_observers(
    first: str, second: str, alpha: float
) -> None:
    assert krippendorff_alpha(zip(first, second, strict=True)).value == pytest.approx(alpha, abs=0.0005)


def test_kappa_of_many_raters_is_that_of_fleiss() -> None:
    told = fleiss_kappa(DIAGNOSES)
    assert told.value == pytest.approx(0.430, abs=0.0005)
    assert told.value == pytest.approx(0.4302445, abs=5e-8), "irr"
    assert told.n_items == 30
    assert percent_agreement(DIAGNOSES).value == pytest.approx(0.556, abs=0.0005), "his mean P of 0.556"


def test_kappa_of_fourteen_raters_is_that_of_the_worked_example() -> None:
    assert fleiss_kappa(FOURTEEN).value == pytest.approx(0.210, abs=0.0005)


def test_kappa_of_two_raters_is_that_of_sas_plain_and_weighted() -> None:
    assert cohen_kappa(SAS).value == pytest.approx(0.4842, abs=0.00005)
    assert cohen_kappa(SAS, weights="linear").value == pytest.approx(0.4701, abs=0.00005)


@pytest.mark.parametrize(
    ("weights", "kappa"), [("none", -0.006289308), ("linear", 0.1459075), ("quadratic", 0.2520325)]
)
def test_kappa_of_two_raters_is_that_of_irr_plain_and_weighted(weights: Weights, kappa: float) -> None:
    told = cohen_kappa(zip(SECOND, THIRD, strict=True), weights=weights, scale=(1, 2, 3, 4, 6))
    assert told.value == pytest.approx(kappa, abs=5e-8)


def test_kappa_of_two_raters_is_that_of_cohen() -> None:
    told = cohen_kappa(COHEN)
    assert told.value == pytest.approx(0.492, abs=0.0005)
    assert told.n_items == 200
    assert percent_agreement(COHEN).value == pytest.approx(0.70)


def test_plain_and_weighted_kappa_are_those_of_altman() -> None:
    """Printed to two places, but for the counts of table 14.2."""
    assert cohen_kappa(ALTMAN).value == pytest.approx((54 - 26.2) / (85 - 26.2), abs=0.0005)
    assert cohen_kappa(ALTMAN, weights="linear").value == pytest.approx(0.57, abs=0.005)
    assert cohen_kappa(SERA).value == pytest.approx(0.32, abs=0.005)
    assert cohen_kappa(SERA, weights="linear").value == pytest.approx(0.56, abs=0.005)


def test_kappa_depends_on_how_common_a_label_is_as_altman_shows() -> None:
    """Table 14.4: the same agreement of 80 %, and 0.38 or 0.60."""
    rare = {("+", "+"): 70, ("+", "-"): 10, ("-", "+"): 10, ("-", "-"): 10}
    even = {("+", "+"): 40, ("+", "-"): 10, ("-", "+"): 10, ("-", "-"): 40}
    assert cohen_kappa(rare).value == pytest.approx(0.38, abs=0.0051)
    assert cohen_kappa(even).value == pytest.approx(0.60, abs=0.005)
    assert percent_agreement(rare).value == percent_agreement(even).value == pytest.approx(0.8)


def drawn_units(name: str, n_raters: int, n_labels: int, missing_share: float) -> list[Unit]:
    draw = Draw("agreement", name)
    units: list[Unit] = []
    for _ in range(60):
        truth = draw.between(1, n_labels)
        units.append(
            tuple(
                None
                if draw.uniform() < missing_share
                else (truth if draw.uniform() < 0.6 else draw.between(1, n_labels))
                for _ in range(n_raters)
            )
        )
    return units


def by_name(name: str) -> Coefficient:
    family, _, kind = name.rpartition("_")
    levels: dict[str, Level] = {"nominal": "nominal", "ordinal": "ordinal", "interval": "interval"}
    weights: dict[str, Weights] = {"linear": "linear", "quadratic": "quadratic"}
    if family == "krippendorff_alpha":
        return partial(krippendorff_alpha, level=levels[kind])
    if family == "cohen_kappa":
        return partial(cohen_kappa, weights=weights[kind])
    return {"cohen_kappa": cohen_kappa, "fleiss_kappa": fleiss_kappa}[name]


TABLE = Path(__file__).with_name("agreement_reference.tsv").read_text(encoding="utf-8").splitlines()
REFERENCE = [line.split("\t") for line in TABLE if not line.startswith(("#", "set\t"))]


@pytest.mark.parametrize("row", REFERENCE, ids=lambda row: f"{row[0]}: {row[4]}")
def test_coefficients_are_those_of_other_implementations(row: list[str]) -> None:
    name, n_raters, n_labels, missing_share, coefficient, value = row
    units = drawn_units(name, int(n_raters), int(n_labels), float(missing_share))
    told = by_name(coefficient)(Counter(units))
    assert told.name == coefficient
    assert told.value == pytest.approx(float(value), abs=1e-8)


def test_there_are_values_to_compare_with() -> None:
    assert len(REFERENCE) == 31
    assert len({row[4] for row in REFERENCE}) == 7


COEFFICIENTS = pytest.mark.parametrize(
    "coefficient",
    [percent_agreement, cohen_kappa, fleiss_kappa, krippendorff_alpha],
    ids=lambda one: one.__name__,
)


@COEFFICIENTS
@pytest.mark.parametrize(
    "units", [[], [(None, None)], [("A", None), (None, "A")]], ids=["none", "missing", "alone"]
)
def test_without_two_labels_of_an_item_there_is_no_value(coefficient: Coefficient, units: list[Unit]) -> None:
    """Fault 25: degenerate inputs have a defined result, and never a division by zero."""
    told = coefficient(Counter(units))
    assert (told.value, told.reason, told.n_items) == (None, "no_pairs", 0)


@pytest.mark.parametrize(
    "coefficient", [cohen_kappa, fleiss_kappa, krippendorff_alpha], ids=lambda one: one.__name__
)
def test_one_label_in_all_leaves_nothing_beyond_chance(coefficient: Coefficient) -> None:
    """Fault 25: all ties."""
    told = coefficient({("同点", "同点"): 9})
    assert (told.value, told.reason, told.n_items) == (None, "one_label", 9)
    assert percent_agreement({("同点", "同点"): 9}).value == 1


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_one_number_in_all_leaves_nothing_beyond_chance_at_any_level(level: Level) -> None:
    assert krippendorff_alpha([(3, 3, None), (3, 3, 3)], level=level).reason == "one_label"
    assert cohen_kappa([(3, 3)], weights="quadratic").reason == "one_label"


def test_cohens_kappa_is_of_two_raters_and_fleiss_of_equal_numbers() -> None:
    assert cohen_kappa([("A", "B", "A")]).reason == "not_two_raters"
    assert cohen_kappa([("A",)]).reason == "not_two_raters"
    assert fleiss_kappa([("A", "B", "A"), ("A", "B", None)]).reason == "unequal_numbers"
    assert fleiss_kappa([("A", "B"), ("A", None)]).reason == "unequal_numbers"


def test_full_agreement_is_one_and_full_disagreement_is_below_zero() -> None:
    agree: list[Unit] = [("賛成", "賛成"), ("反対", "反対")]
    differ: list[Unit] = [("賛成", "反対"), ("反対", "賛成")]
    for coefficient in (cohen_kappa, fleiss_kappa, krippendorff_alpha):
        assert coefficient(agree).value == 1
        assert (coefficient(differ).value or 0) < 0


def test_neither_the_order_of_items_nor_of_raters_changes_a_value() -> None:
    units = drawn_units("order", 3, 4, 0.2)
    for coefficient in (percent_agreement, krippendorff_alpha, partial(krippendorff_alpha, level="ordinal")):
        value = coefficient(units).value
        assert coefficient(units[::-1]).value == pytest.approx(value)
        for order in permutations(range(3)):
            assert coefficient([tuple(unit[at] for at in order) for unit in units]).value == pytest.approx(
                value
            )


def test_labels_of_a_scale_count_as_their_places_on_it() -> None:
    words = ("反対", "どちらでもない", "賛成")
    numbers = list(drawn_units("words", 2, 3, 0.1))
    spoken = [tuple(None if n is None else words[int(n) - 1] for n in unit) for unit in numbers]
    for level in ("ordinal", "interval"):
        assert krippendorff_alpha(spoken, level=level, scale=words) == krippendorff_alpha(
            numbers, level=level
        )
    assert cohen_kappa(spoken, weights="linear", scale=words) == cohen_kappa(numbers, weights="linear")


def test_texts_without_a_scale_have_no_distance_and_a_label_off_the_scale_is_named() -> None:
    with pytest.raises(RecipeError, match="labels that are texts have no distance") as caught:
        krippendorff_alpha([("低", "高")], level="ordinal")
    assert "scale" in str(caught.value)
    with pytest.raises(DataError, match="the label '中' is not on the scale"):
        cohen_kappa([("低", "中")], weights="linear", scale=("低", "高"))
    with pytest.raises(RecipeError, match="a place for each rater") as caught:
        percent_agreement([("A", "B"), ("A", "B", "B")])
    assert "2 and with 3 places" in str(caught.value)


def test_an_agreement_of_chance_alone_is_near_zero() -> None:
    draw = Draw("chance")
    units: list[Unit] = [(draw.below(3), draw.below(3)) for _ in range(4000)]
    for coefficient in (cohen_kappa, fleiss_kappa, krippendorff_alpha):
        told: Agreement = coefficient(units)
        assert (
            abs(told.value or math.inf) < 0.03
        )  # 1.96 × its standard error, √(p(1−p)/n)/(1−p) with p = 1/3, is 0.022
