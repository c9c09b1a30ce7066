"""Numbers and names of a text must be said by its source, in whatever form."""

from __future__ import annotations

import pytest

from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.verify.stated import Stated


def judged(text: str, *sources: str) -> Record | Reject:
    return Stated("text", by=("passages", "question"))(
        Record(
            "a", (1,), {"text": text, "passages": list(sources), "question": "田中さんは三人で行けますか。"}
        )
    )


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("年に10日です。", "有給休暇は年に十日とする。"),
        ("三割引きになります。", "30％引きとする。"),
        ("2026年4月1日からです。", "令和八年四月一日から行う。"),
        ("It takes three days.", "This takes 3 days."),
        ("はい。", ""),
        ("", ""),
        ("田中さんは三人で行けます。", ""),
        ("トヨタの工場です😀", "ﾄﾖﾀの工場"),
        ("Ask Mr Sato first.", "mr sato knows."),
        ("三割の方がルールを守り、スタッフにメールで届けます。", "三割の者が決まりを守り、係員に届ける。"),
        ("On Monday and in the first Year, yes.", "It opens once a week."),
    ],
)
def test_what_the_source_or_the_question_says_is_kept(text: str, source: str) -> None:
    assert isinstance(judged(text, source), Record)


@pytest.mark.parametrize(
    ("text", "reason", "measured"),
    [
        ("年に12日です。", "number_not_in_source", "12日"),
        ("四月一日からです。", "number_not_in_source", "四月一日"),
        ("It takes 14 days.", "number_not_in_source", "14 days"),
        ("中山市の工場です。", "name_not_in_source", "中山"),
        ("ヤマハ・ホンダの工場です。", "name_not_in_source", "ヤマハ・ホンダ"),
        ("You can ask Sato first.", "name_not_in_source", "Sato"),
    ],
)
def test_what_was_made_up_is_named(text: str, reason: str, measured: str) -> None:
    found = judged(text, "有給休暇は年に十日とする。This takes 3 days.")
    assert isinstance(found, Reject)
    assert found.reason == reason
    assert measured in str(found.measured) or str(found.measured) in measured
