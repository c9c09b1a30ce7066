"""What a protected translation must have kept: each reason by the shortest pair that triggers it alone."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from tanemaki.core.record import Record
from tanemaki.core.step import spec_of
from tanemaki.core.verdict import Reject
from tanemaki.verify.kept import KeptNumbers, KeptProse, SameAnswer


def record(**fields: Any) -> Record:
    return Record("a", (1,), fields)


@pytest.mark.parametrize(
    ("source", "text", "measured"),
    [
        ("Three cats ate 12 fish.", "猫3匹が魚を12匹食べた。", None),
        ("Both children ate half a dozen.", "子ども2人が6個ずつ食べた。", None),
        ("3万人が集まった。", "30,000 people came.", None),
        ("It is 30% of it.", "その3割です。", None),
        ("", "", None),
        ("Three cats ate 12 fish.", "猫3匹が魚を13匹食べた。", "13匹"),
        ("Three cats ate 12 fish.", "猫3匹が魚を食べた。", "12"),
        ("Three cats came.", "猫が四匹来た。", "四匹"),
        ("Both cats ate fish.", "猫2匹が魚を40匹食べた。", "40匹"),
    ],
)
def test_numbers_of_both_texts_must_agree(source: str, text: str, measured: str | None) -> None:
    one = record(text=source, translation=text)
    found = KeptNumbers("translation", of="text")(one)
    if measured is None:
        assert found is one
    else:
        assert isinstance(found, Reject)
        assert found.reason == "changed_number"
        assert measured.startswith(str(found.measured))


SOURCE = "Tom sells ⟦1⟧ apples at the market. " * 3
ENOUGH = "トムは市場でりんごを ⟦1⟧ 個売ります。" * 3


@pytest.mark.parametrize(
    ("source", "text", "into", "repeats", "reason"),
    [
        (SOURCE, ENOUGH, "ja", "no", None),
        (SOURCE, ENOUGH * 6, "ja", "yes", None),
        (SOURCE, ENOUGH * 6, "ja", "no", "length_ratio"),
        (SOURCE, "⟦1⟧ 個。", "ja", "yes", "length_ratio"),
        (ENOUGH, SOURCE, "en", "no", None),
        (ENOUGH, SOURCE * 6, "en", "yes", None),
        (ENOUGH, SOURCE * 6, "en", "no", "length_ratio"),
        (ENOUGH, "⟦1⟧.", "en", "yes", "length_ratio"),
        (SOURCE, ENOUGH + "He has to sell all of them today.", "ja", "no", "untranslated"),
        (ENOUGH, SOURCE + "すべて売ります。", "en", "no", "untranslated"),
        ("Yes.", "はい、そのとおりです。", "ja", "no", None),
        ("", "", "ja", "no", None),
    ],
)
def test_all_of_the_prose_is_translated_and_no_more(
    source: str, text: str, into: Literal["ja", "en"], repeats: str, reason: str | None
) -> None:
    one = record(protected=source, marked=text, repeats=repeats)
    found = KeptProse("marked", of="protected", into=into)(one)
    assert (found.reason if isinstance(found, Reject) else None) == reason
    assert reason or found is one


@pytest.mark.parametrize(
    ("answer", "said", "found"),
    [
        ("18 dollars", "18ドル", "numbers"),
        ("Yes", "はい", "words"),
        ("18", "19", "changed_answer"),
        ("Ann", "アン", "unverifiable_answer"),
    ],
)
def test_a_row_says_what_verified_it_or_is_rejected(answer: str, said: str, found: str) -> None:
    verdict = SameAnswer("translated_answer", of="answer")(record(answer=answer, translated_answer=said))
    assert (verdict.reason if isinstance(verdict, Reject) else verdict["verified_by"]) == found


def test_the_filters_are_filters_and_are_told_apart() -> None:
    spec = spec_of(KeptNumbers("translation", of="text"))
    assert (spec.name, spec.is_filter) == ("numbers_of_translation", True)
    assert spec_of(KeptProse("marked", of="protected", into="ja")).is_filter
