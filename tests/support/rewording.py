"""Wording models without a model: one says the same in other words, the other alters, loses, adds or exchanges a number."""

from __future__ import annotations

import re

from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.wording import Language

_FULL = str.maketrans("0123456789", "０１２３４５６７８９")
_UNITS = ("", "万", "億")
_WORDS = (
    *(
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_ALONE_JA = re.compile(
    r"(?<![\d.,/:：年月第□△○=＝+×÷*^()²a-zA-Zぁ-んァ-ヶ](?=\d))(?<![分の進])(?P<n>[1-9]\d{0,3})(?=[匹人本個枚冊台羽脚杯つ回円通組班箱袋](?!の))"
)
_ALONE_EN = re.compile(r"(?<=[a-z] )(?P<n>\d{1,2})(?= [a-z]{4,})")
_POLITE = {
    "ja": (
        ("ですか。", "でしょうか。"), ("を求めなさい。", "を求めてください。"), ("ありました。", "あったとします。"),
        ("何", "なん"), ("合わせて", "全部で"), ("を計算しましょう。", "を計算してください。"),
        ("います。", "いるとします。"), ("でした。", "でしたね。"), ("答えなさい。", "答えてください。"),
    ),
    "en": (
        ("How many ", "Can you say how many "), ("Find ", "Please find "), (" altogether", " in all"),
        ("What is ", "Say what is "), ("There are ", "We have "), (" in total", " altogether"),
        ("Calculate ", "Please calculate "), (". ", ".  "),
    ),
}  # fmt: skip
_OPENINGS = {
    "ja": ("次の問題を考えてください。", "算数の問題です。", "やってみましょう。", ""),
    "en": ("Here is a problem. ", "Think about this. ", "Consider the following. ", ""),
}


def kanji(n: int) -> str:
    """Return a number up to 9999 in kanji numerals."""
    shown = ""
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // place % 10
        if digit:
            shown += ("" if digit == 1 and unit else "一二三四五六七八九"[digit - 1]) + unit
    return shown or "〇"


def words(n: int) -> str:
    """Return a number up to 99 in English words."""
    if n < len(_WORDS):
        return _WORDS[n]
    tens, ones = divmod(n, 10)
    return _TENS[tens] + (f"-{_WORDS[ones]}" if ones else "")


def honest(text: str, language: Language, draw: Draw) -> str:
    """Return the problem in other words: other numerals, other politeness, an opening, sentences in another order."""
    body, listed, formulas = text.partition("\n\n")
    for _ in range(draw.between(1, 3)):
        before, after = draw.choose(_POLITE[language])
        body = body.replace(before, after)
    if draw.below(10) < 5:
        body = _in_words(body, language)
    if draw.below(10) < 3:
        body = (
            re.sub(r"\d+", lambda found: found.group().translate(_FULL), body) if language == "ja" else body
        )
    if draw.below(10) < 3:
        end = "。" if language == "ja" else ". "
        sentences = body.split(end)
        if len(sentences) > 3 and "「" not in body and '"' not in body:
            sentences[0], sentences[1] = sentences[1], sentences[0]
        body = end.join(sentences)
    return draw.choose(_OPENINGS[language]) + body + listed + formulas


def _in_words(text: str, language: Language) -> str:
    if language == "ja":
        return _ALONE_JA.sub(lambda found: kanji(int(found["n"])), text)
    return _ALONE_EN.sub(lambda found: words(int(found["n"])) if int(found["n"]) > 1 else found["n"], text)


def altered(text: str, language: Language, draw: Draw) -> str:
    """Return the problem with one number altered, written in digits, in kanji or in words; itself where it has none."""
    places = list(re.finditer(r"\d+(?:\.\d+)?", text))
    if not places:
        return text
    found = draw.choose(places)
    shown = found.group()
    number = int(shown.partition(".")[0])
    other = max(2, number + draw.choose((-3, -2, -1, 1, 2, 3, 10)))
    other += 1 if other == number else 0
    tail = shown[len(str(number)) :] if "." in shown else ""
    said = str(other) + tail
    kind = draw.choose(("digits", "digits", "words", "full"))
    if kind == "words" and not tail and text[found.end() : found.end() + 1] not in ("/", ".", ":", "^"):
        said = kanji(other) if language == "ja" and other < 10_000 else words(other) if other < 100 else said
    elif kind == "full" and language == "ja":
        said = said.translate(_FULL)
    before, after = text[: found.start()], text[found.end() :]
    glued = language == "en" and said[:1].isalpha()
    space = " " if glued and before[-1:].isalnum() else ""
    return before + space + said + (" " if glued and after[:1].isalnum() else "") + after


def swapped(text: str) -> str:
    """Return the problem with its first two different numbers exchanged; itself where it has no two."""
    found = list(re.finditer(r"(?<![\d.])\d+(?![\d.])", text))
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            if one.group() != other.group():
                middle = text[one.end() : other.start()]
                return text[: one.start()] + other.group() + middle + one.group() + text[other.end() :]
    return text
