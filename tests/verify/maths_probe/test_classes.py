"""The classes, on the recorded table of 21 models and on four scripted personalities.

The table ``maths_probe.csv`` is printed on a slide of the developers of the Tanuki language models (2024), with the models'
names as they are there. q2 is the sum of two dice of at least 3, q2a the same by enumeration, q2b by the complement in three
steps; 1 is right.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tanemaki.verify.maths_probe.classes import Profile, as_markdown, class_of, profile_of, tabulate
from tanemaki.verify.maths_probe.grade import Graded, grade
from tanemaki.verify.maths_probe.items import Item, Language, repeat

RECORDED = Path(__file__).with_name("maths_probe.csv")


def recorded() -> dict[str, Profile]:
    with RECORDED.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    columns = ("q1", "q2", "q2_used_complement", "q2a", "q2b")
    return {row["model"]: Profile(*(row[column] == "1" for column in columns)) for row in rows}


def test_the_rules_sort_the_recorded_models() -> None:
    found = Counter(class_of(profile) for profile in recorded().values())
    assert found == {"high": 6, "learnt": 4, "can_use": 3, "low": 7, "unclassified": 1}


def test_the_hole_in_the_taxonomy_is_told() -> None:
    """Free and by enumeration right, without the complement, and wrong when told to use it."""
    unclassified = [model for model, profile in recorded().items() if class_of(profile) == "unclassified"]
    assert unclassified == ["NousResearch/Hermes-3-Llama-3.1-405B"]


SAID = {
    ("complement", "ja"): "余事象の確率を1から引きます。\n答え：{}",
    ("complement", "en"): "Subtract the probability of the complement from 1.\nAnswer: {}",
    ("listing", "ja"): "条件に合う場合をすべて書き出して数えると、\n答え：{}",
    ("listing", "en"): "I write down all the outcomes that qualify and count them.\nAnswer: {}",
    ("guess", "ja"): "場合の数は7通りくらいなので、\n答え：{}",
    ("guess", "en"): "There seem to be 7 outcomes.\nAnswer: {}",
    ("count", "ja"): "全体から余事象を引いて\n答え：{}通り",
    ("count", "en"): "Take the complement from all outcomes.\nAnswer: {} outcomes",
    ("choice", "ja"): "答えは{}番です。",
    ("choice", "en"): "The answer is {}.",
}


def by_complement(item: Item) -> str:
    return SAID["complement", item.language].format(item.key)


def by_listing(item: Item) -> str:
    return SAID["listing", item.language].format(item.key)


def wrong(item: Item) -> str:
    return SAID["guess", item.language].format("7/36" if item.form != "concept" else "6")


def bare_count(item: Item) -> str:
    return SAID["count", item.language].format(item.key.split("/")[0])


Personality = Callable[[Item], str]


def high(item: Item) -> str:
    return {"concept": f"{item.key}番です。", "enumerate": by_listing(item)}.get(
        item.form, by_complement(item)
    )


def learnt(item: Item) -> str:
    return wrong(item) if item.form == "enumerate" else high(item)


def can_use(item: Item) -> str:
    return by_complement(item) if item.form == "complement" else wrong(item)


def low(item: Item) -> str:
    return wrong(item)


def low_with_counts(item: Item) -> str:
    """Gives the count that the last step asks for as worded, and no probability."""
    return bare_count(item) if item.form == "complement" else wrong(item)


def dodges(item: Item) -> str:
    """Uses the complement even where all cases are to be written down."""
    return high(item) if item.form == "concept" else by_complement(item)


def gradings(personality: Personality, k: int, language: Language = "ja") -> list[Graded]:
    return [grade(item, personality(item)) for n in range(k) for item in repeat(11, n, language)]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("needs", ["majority", "all"])
@pytest.mark.parametrize(
    ("personality", "expected"),
    [
        (high, "high"),
        (learnt, "learnt"),
        (can_use, "can_use"),
        (low, "low"),
        (low_with_counts, "low"),
        (dodges, "learnt"),
    ],
)
def test_personalities_fall_into_their_class(
    personality: Personality, expected: str, needs: str, language: Language
) -> None:
    (row,) = tabulate(
        {"model": gradings(personality, 5, language)}, needs="all" if needs == "all" else "majority"
    )
    assert row.class_ == expected


def test_a_model_that_errs_once_in_five_is_classed_by_the_majority_alone() -> None:
    kept = gradings(high, 4) + [grade(item, wrong(item)) for item in repeat(11, 4, "ja")]
    assert class_of(profile_of(kept)) == "high"
    assert class_of(profile_of(kept, needs="all")) == "low"


def test_half_and_half_is_unclassified() -> None:
    kept = gradings(high, 2) + [grade(item, wrong(item)) for k in (2, 3) for item in repeat(11, k, "ja")]
    assert profile_of(kept).free is None
    assert class_of(profile_of(kept)) == "unclassified"


def test_nothing_asked_is_unclassified() -> None:
    assert class_of(profile_of([])) == "unclassified"


def test_the_table_has_a_line_for_each_model() -> None:
    lines = as_markdown(tabulate({"high|er": gradings(high, 5), "low": gradings(low, 5)})).splitlines()
    assert lines[2] == "| high\\|er | 5/5 | 5/5 | 5/5 | 5/5 | 5/5 | high |"
    assert lines[3] == "| low | 0/5 | 0/5 | 0/0 | 0/5 | 0/5 | low |"
