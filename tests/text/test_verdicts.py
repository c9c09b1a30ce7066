"""The table of what is a verdict and what is none, and what every reader of verdicts owes to odd texts."""

from __future__ import annotations

import pytest

from support.texts import read_texts
from tanemaki.text.verdicts import WHY, Reading, rationale_of, read_verdict

CASES = read_texts("text/verdict_cases.tsv")


def given(cell: str) -> str:
    return "" if cell == "-" else cell


@pytest.mark.parametrize(("language", "shown", "said", "expected"), CASES)
def test_a_verdict_is_read_or_there_is_none_by_name(
    language: str, shown: str, said: str, expected: str
) -> None:
    reading = read_verdict(given(said), given(shown))
    assert reading == (Reading(None, expected) if expected in WHY else Reading(expected))


def test_the_table_is_large_and_has_both_languages_and_every_outcome() -> None:
    assert len(CASES) >= 60
    for language in ("ja", "en"):
        outcomes = {row[3] for row in CASES if row[0] == language}
        assert outcomes == {"A", "B", "C", "no_verdict", "two_verdicts", "empty"}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("良" * 100_000, "no_verdict"),
        ("[" * 100_000, "no_verdict"),
        ("[[" + " " * 100_000, "no_verdict"),
        ("判定" * 50_000, "no_verdict"),
        ("判定：" + "*" * 100_000, "no_verdict"),
        ("[[A]][[B]]" * 10_000, "two_verdicts"),
        ("<think>" * 15_000, "empty"),
        (" " * 100_000, "empty"),
    ],
    ids=lambda part: str(part)[:12],
)
def test_a_very_long_reply_is_read_at_once(said: str, why: str) -> None:
    assert read_verdict(said, "葛の根 [[A]] を選ぶ。" * 5_000).why == why


def test_a_verdict_after_a_very_long_reply_is_found() -> None:
    assert read_verdict("長い理由。" * 20_000 + "\n[[B]]", "問い") == Reading("B")


@pytest.mark.parametrize(
    ("text", "rationale"),
    [
        ("Aは例が具体的。\n[[A]]", "Aは例が具体的。"),
        ("Aは例が具体的。\n\n**最終判定：** ［［Ａ］］。", "Aは例が具体的。"),
        ("Good, so [[A]].", "Good, so [[A]]."),
        ("Rating: [[8]]\nGood.", "Good."),
        ("[[A]]", ""),
        ("", ""),
    ],
)
def test_a_rationale_is_what_is_said_besides_the_verdict(text: str, rationale: str) -> None:
    assert rationale_of(text) == rationale


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("葛の根が原料です。\n判定：A", "A"),
        ("判定：A\n葛の根が原料だからです。", "A"),
        ("A", "A"),
        ("Aのほうがよいと言う人もいる。", None),
        ("判定はAとは言えない。", None),
        ("ABC順に並べると、最後はB", None),
        ("The verdict: A would be wrong to say.", None),
        ("Verdict: B", "B"),
        ("My verdict is not B", None),
    ],
)
def test_a_letter_is_a_verdict_where_it_stands_for_one_and_not_where_it_merely_occurs(
    said: str, read: str | None
) -> None:
    """Fault 12: a check called "ends with" was one of containment."""
    assert read_verdict(said).value == read
