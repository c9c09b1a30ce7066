"""Translations between Japanese and English: whole, in the right language, true to numbers and names."""

from __future__ import annotations

import pytest

from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.verify.translation import Translated, lost_names, n_paragraphs, untranslated

JA = "東京タワーは1958年に完成し、高さは333メートルあります。展望台には毎年およそ200万人が訪れます。"
EN = "Completed in 1958, Tokyo Tower is 333 metres high. About 2 million people visit its observation deck every year."


def judge(into: str, source: str, text: str) -> Reject | float:
    step = Translated("translation", of="passage", into="ja" if into == "ja" else "en")
    verdict = step(Record("a", (1,), {"passage": source, "translation": text}))
    return verdict if isinstance(verdict, Reject) else verdict["length_ratio"]


@pytest.mark.parametrize(
    ("japanese", "english"),
    [
        (JA, EN),
        ("はい、行きます。", "Yes, I'll go."),
        ("「もう寝る。」", "“I'm going to bed.”"),
        ("二人は令和元年5月に結婚した。", "They were married in May 2019."),
        (
            "一分間に三回、約1.5kmの距離を往復する。",
            "It goes back and forth over about 1,500 m three times a minute.",
        ),
        (
            "人口の3割にあたる３万５千人が参加した。",
            "Some 35,000 people, or 30% of the population, took part.",
        ),
        ("ジョン・スミス氏は午後3時に来た。", "Mr. John Smith came at 3 p.m."),
        ("チャーチル首相がロンドン市で演説した。", "Prime Minister Churchill spoke in the City of London."),
        ("NASAのWebサイトはhttps://nasa.govです。", "The Web site of NASA is https://nasa.gov."),
        ("ﾊﾟﾝが１つあります🍞。", "There is one loaf of bread 🍞."),
        ("題名\n\n一つ目の段落です。", "Title\n\nThis is the first paragraph."),
        ("「侘び」とは何ですか。", "What is wabi (侘び)?"),
    ],
)
def test_a_good_pair_is_kept_in_both_directions(japanese: str, english: str) -> None:
    assert not isinstance(judge("en", japanese, english), Reject)
    assert not isinstance(judge("ja", english, japanese), Reject)


@pytest.mark.parametrize(
    ("into", "source", "text", "reason"),
    [
        ("en", JA, JA, "copied_source"),
        ("ja", EN, EN, "copied_source"),
        ("en", JA, "東京にあるタワーの話です。", "wrong_language"),
        ("ja", EN, "La tour est très haute et elle est belle.", "wrong_language"),
        ("ja", EN, "这座塔很高，每年有很多人来参观。", "wrong_language"),
        ("en", f"{JA}\n\n{JA}", EN, "lost_paragraph"),
        ("en", JA, f"{EN}\n\n{EN}", "lost_paragraph"),
        ("en", JA, EN[:-20], "truncated"),
        ("ja", EN, JA[:-5], "truncated"),
        ("en", JA, "It is high.", "length_ratio"),
        ("ja", EN, "高い。", "length_ratio"),
        ("en", JA, EN.replace("observation deck", "展望台のところ"), "untranslated"),
        ("ja", EN, JA.replace("展望台には", "展望台には every year more and more people、"), "untranslated"),
        ("en", JA[:-1] + "（https://example.com）。", EN, "lost_url"),
        ("en", JA, EN.replace("333", "330"), "lost_number"),
        ("en", JA, EN.replace("2 million", "many"), "lost_number"),
        ("en", JA, EN.replace("2 million", "20 million"), "lost_number"),
        ("ja", EN, JA.replace("1958年", "1985年"), "lost_number"),
        ("ja", EN, JA.replace("高さは", "重さ4000トン、高さは"), "invented_number"),
        ("en", "ジョン・スミス氏がこの町に来ました。", "Mr. Peter Brown came to this town.", "lost_name"),
        ("en", "NASAがロケットを打ち上げました。", "The agency launched a rocket.", "lost_name"),
        ("ja", "The GPS of the iPhone shows the way.", "電話が道を示します。", "lost_name"),
    ],
)
def test_each_fault_has_its_name(into: str, source: str, text: str, reason: str) -> None:
    verdict = judge(into, source, text)
    assert isinstance(verdict, Reject)
    assert verdict.reason == reason


def test_every_reason_is_tried_above() -> None:
    marks = [
        mark for mark in getattr(test_each_fault_has_its_name, "pytestmark", []) if mark.name == "parametrize"
    ]
    assert {row[3] for row in marks[0].args[1]} == set(Translated.reasons)


def test_empty_and_very_long_sides_divide_nothing_by_zero() -> None:
    assert judge("en", "", "") == 0.0
    assert isinstance(judge("en", "海は青い。" * 5000, "The sea is blue. " * 10), Reject)


def test_the_parts_are_usable_alone() -> None:
    assert n_paragraphs("") == 0
    assert n_paragraphs("一\n　\n二\r\n\r\n三") == 3
    assert list(untranslated("`日本語のコード` and 「日本語の題名」 stay.", "en")) == []
    assert list(lost_names("ロンドン市とマドリード市", "London and Geneva", "en")) == ["マドリード"]
