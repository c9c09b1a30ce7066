"""What a rewritten text made up, and what it lost."""

from __future__ import annotations

import pytest

from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.names import find_latin_names, find_names, find_urls, made_up_names
from tanemaki.text.noise import find_noise, without_noise
from tanemaki.verify.arithmetic import find_sums
from tanemaki.verify.faithful import Faithful, kept_facts, kept_terms
from tanemaki.verify.noise import NoiseGone

PASSAGE = {
    "ja": "水門は1968年に建てられ、高さは12メートルです。設計したのは山田太郎氏で、費用は3万円でした。"
    "今も町の水を守ります。",
    "en": "The gate was built in 1968 and stands 12 metres high. It was designed by Anna Berg and cost 30,000 yen. "
    "It guards the town.",
}
GOOD = {
    "ja": "1968年、山田太郎氏の設計により、町の水を守る高さ12mの水門が30,000円の費用で建てられた。",
    "en": "Designed by Anna Berg, the gate of 12 m was built in 1968 for 30,000 yen and guards the town.",
}


def judge(language: str, text: str, **more: bool) -> Reject | float:
    verdict = Faithful("text", of="passage", **more)(
        Record("a", (1,), {"text": text, "passage": PASSAGE[language]})
    )
    return verdict if isinstance(verdict, Reject) else verdict["coverage"]


@pytest.mark.parametrize("language", PASSAGE)
def test_another_wording_with_all_facts_is_faithful(language: str) -> None:
    assert judge(language, PASSAGE[language]) == 1.0
    kept = judge(language, GOOD[language])
    assert isinstance(kept, float)
    assert 0.8 < kept < 0.9  # all facts, and some terms in other words


@pytest.mark.parametrize(
    ("language", "old", "new", "reason", "measured"),
    [
        ("ja", "1968年", "1969年", "invented_number", "1969年"),
        ("ja", "12m", "12km", "invented_number", "12km"),
        ("ja", "12m", "１３ｍ", "invented_number", "１３ｍ"),
        ("ja", "建てられた。", "建てられた。長さは二十五メートル。", "invented_number", "二十五メートル"),
        ("ja", "山田太郎氏", "佐藤花子氏", "invented_name", "佐藤花子"),
        ("ja", "建てられた。", "建てられた。NASAが協力した。", "invented_name", "NASA"),
        ("ja", "建てられた。", "建てられた。ジョン・スミスも来た。", "invented_name", "ジョン・スミス"),
        ("ja", "建てられた。", "建てられた。https://example.com/a", "invented_url", "https://example.com/a"),
        ("en", "1968", "1986", "invented_number", "1986"),
        ("en", "30,000 yen", "thirty-five thousand yen", "invented_number", "thirty-five thousand yen"),
        ("en", "guards the town", "guards the town of Osaka", "invented_name", "Osaka"),
    ],
)
def test_what_the_source_does_not_hold_is_made_up(
    language: str, old: str, new: str, reason: str, measured: str
) -> None:
    verdict = judge(language, GOOD[language].replace(old, new))
    assert isinstance(verdict, Reject)
    assert (verdict.reason, verdict.measured) == (reason, measured)


@pytest.mark.parametrize("language", PASSAGE)
def test_facts_and_terms_that_were_lost_are_measured(language: str) -> None:
    lost = {"ja": "水門は町の水を守ります。", "en": "The gate guards the town."}[language]
    verdict = judge(language, lost)
    assert isinstance(verdict, Reject)
    assert (verdict.reason, verdict.measured, verdict.limit) == ("lost_facts", 0.0, 0.8)
    bare = {
        "ja": "1968年、山田太郎氏、12m、3万円。",
        "en": "Think of 1968, of Anna Berg, of 12 m, of 30,000 yen.",
    }[language]
    verdict = judge(language, bare)
    assert isinstance(verdict, Reject)
    assert verdict.reason == "lost_terms"


def test_one_of_three_facts_left_out_is_below_the_default() -> None:
    assert kept_facts("1月に3人、2月に5匹", "1月に3人")[0] < 0.8
    assert kept_facts("", "何か") == (1.0, 0)
    assert kept_terms("", "何か") == 1.0


def test_adverts_need_not_be_kept() -> None:
    source = PASSAGE["ja"] + "いまなら5,000円以上で送料無料！"
    verdict = Faithful("text", of="passage")(Record("a", (1,), {"text": GOOD["ja"], "passage": source}))
    assert not isinstance(verdict, Reject)
    assert verdict["coverage"] > 0.8


def test_limits_and_sums_come_from_fields_where_they_are_named() -> None:
    check = Faithful("text", of="passage", min_facts="f", min_terms="t", sums="s")
    assert check.reads == ("text", "passage", "f", "t", "s")
    fields = {"text": "12 × 2 = 24", "passage": PASSAGE["ja"], "f": "0", "t": "0", "s": "yes"}
    assert not isinstance(check(Record("a", (1,), fields)), Reject)
    refused = check(Record("a", (1,), {**fields, "s": "no"}))
    assert isinstance(refused, Reject)
    assert refused.reason == "invented_number"
    wrong = check(Record("a", (1,), {**fields, "text": "12 × 2 = 25"}))
    assert wrong == Reject("wrong_sum", "12 × 2 = 25", None, "12 × 2 = 25")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 + 4 × 2 = 11", [True]),
        ("３＋４＝７", [True]),
        ("80℃ - 40℃ = 40℃", [True]),
        ("12個×150円＝1,800円", [True]),
        ("$3 × 12 = $36", [True]),
        ("120 km ÷ 2 hours = 60 km/h", [True]),
        ("200 × 15% = 30", [True]),
        ("10 ÷ 3 = 3.33", [True]),
        ("10 ÷ 3 = 3.34", [False]),
        ("1 ÷ 0 = 0", []),
        ("x = 5、x + 2 = 7", []),
        ("5 - 8 = -3", [True]),
        ("", []),
    ],
)
def test_sums_are_done_again(text: str, expected: list[bool]) -> None:
    assert [one.right for one in find_sums(text)] == expected


def test_noise_is_found_counted_and_left_out() -> None:
    page = "葛湯は温まります。\n【送料無料】\nポイント10倍！\nFREE SHIPPING. Add to cart\n© 2024 葛屋"
    assert find_noise(page) == ["送料無料", "ポイント10倍", "FREE SHIPPING", "Add to cart", "© 2024"]
    assert without_noise(page) == "葛湯は温まります。"
    step = NoiseGone("text", of="passage")
    left = step(Record("a", (1,), {"text": "葛湯は温まる。送料 無料。Free  shipping", "passage": page}))
    assert left == Reject("noise_left", 2, 0, "送料無料, free shipping")
    gone = step(Record("a", (1,), {"text": "", "passage": ""}))
    assert gone == {"noise_found": 0, "compression": 0.0}


@pytest.mark.parametrize(
    "text",
    [
        "広告とは、商品を知らせるものです。送料は誰が払うのでしょうか。",
        "The privacy of citizens matters. He went to the store to shop and read more books.",
        "ｶﾀｶﾅ、ＡＢＣ、🍎",
        "",
    ],
)
def test_fault_34_ordinary_sentences_are_no_noise(text: str) -> None:
    """Fault 34: a filter drops every line holding a common word."""
    assert find_noise(text) == []
    assert without_noise(text) == text


def test_names_and_addresses_are_found_in_both_languages() -> None:
    assert find_names("田中さんがロンドンへ行った。") == ["田中", "ロンドン"]
    assert find_latin_names("NASAのApollo計画") == ["NASA", "Apollo"]
    assert find_urls("（https://a.example/x。）と http://b.example/y.") == [
        "https://a.example/x",
        "http://b.example/y",
    ]
    assert made_up_names("先生：ポイントとメリットを、イメージで説明します。", "") == []
    assert made_up_names("| Item | Amount |\n|---|---|\n| Sap | 2 |", "") == []
    assert made_up_names("It is a Japanese gate.", "It stands in Japan.") == []
