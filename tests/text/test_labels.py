"""A judge's word is read strictly: what could mean two things means nothing."""

from __future__ import annotations

import time

import pytest

from tanemaki.text.labels import read_label

JA = {"evolved": "進化", "equal": "同等"}
EN = {"evolved": "evolved", "equal": "equal"}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("条件が加わっている。\n判定：進化", "evolved"),
        ("判定:進化", "evolved"),
        ("**判定：** 同等。", "equal"),
        ("**判定**：同等", "equal"),
        ("- 判定：「進化」", "evolved"),
        ("## 判定：進化\n理由は以上です。", "evolved"),
        ("判定：進化\n判定：進化", "evolved"),
        ("進化", "evolved"),
        ("判定：進化とも同等とも言える", None),
        ("判定：進化\n判定：同等", None),
        ("進化だと判定する。", None),
        ("これは進化です。", None),
        ("判定：", None),
        ("判定：改善", None),
        ("【判定】進化", "evolved"),
        ("［判定］：進化", "evolved"),
        ("【判定】\n進化", "evolved"),
        ("判定：\n\n同等\n理由は以上です。", "equal"),
        ("## 判定\n進化", "evolved"),
        ("**判定**\n**同等**", "equal"),
        ("## 判定\n判定：進化", "evolved"),
        ("判定：進化（条件が一つ増えた）", "evolved"),
        ("進化（条件が一つ増えた）", "evolved"),
        ("判定：進化（同等ではない）", None),
        ("判定：進化（とは言えない）", None),
        ("判定：進化（？）", None),
        ("判定：進化（理由）と同等", None),
        ("【判定】進化\n【判定】同等", None),
        ("【最終判定】進化", None),
        ("判定：\n進化している。", None),
        ("判定：進化\n判定：", None),
        ("判定\n進化", None),
        ("最終判定：進化", None),
        ("", None),
    ],
)
def test_a_japanese_verdict(text: str, label: str | None) -> None:
    assert read_label(text, "判定：", JA) == label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("A new constraint.\nVerdict: evolved", "evolved"),
        ("VERDICT:  Equal.", "equal"),
        ("__Verdict:__ equal", "equal"),
        ("Verdict： ｅｖｏｌｖｅｄ", "evolved"),
        ("Verdict: not equal", None),
        ("Verdict: evolved, or rather equal", None),
        ("[Verdict] evolved", "evolved"),
        ("Verdict:\nevolved", "evolved"),
        ("## Verdict\n**Evolved**", "evolved"),
        ("Verdict: evolved (one more constraint)", "evolved"),
        ("Verdict: evolved (not really)", None),
        ("Verdict: evolved (or equal)", None),
        ("My verdict: equal", None),
        ("The verdict is equal", None),
        ("equal", "equal"),
        ("😊", None),
    ],
)
def test_an_english_verdict(text: str, label: str | None) -> None:
    assert read_label(text, "Verdict:", EN) == label


@pytest.mark.parametrize("unit", ["判定：", "【", "判定：進化（", "a\n", "## "])
def test_a_very_long_reply_takes_no_time(unit: str) -> None:
    started = time.process_time()
    read_label((unit * 100_000)[:100_000], "判定：", JA)
    assert time.process_time() - started < 2
