"""What a judge was told to end with: read strictly, or not at all, with the reason by name.

A verdict stands in double square brackets anywhere in the reply (``[[A]]``, the form of MT-Bench), after a marker that
begins a line (``判定：A``), or is all that the reply says. Where it stands does not matter, and the last one has no right of
its own: two that differ are ``two_verdicts``, because the first may be a draft and the last an afterthought. What the reply
copies of its own prompt is no verdict. Ratings (:mod:`tanemaki.text.ratings`) are found in the same places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Generic, TypeVar

from tanemaki.text.normalise import nfkc, normalise

T = TypeVar("T")

WHY = ("no_verdict", "two_verdicts", "off_scale", "not_whole", "not_applicable", "cut", "empty")
"""Closed list of why a reply has no verdict or no rating; ``cut`` is for who sees how the reply ended."""
VERDICT_MARKERS = ("最終判定", "判定", "final verdict", "verdict")

DRESS = "*_#>-・「」『』\"'`()[]【】<> \t"
"""What people and models put around a verdict without meaning anything by it."""
_BRACKETS = re.compile(r"\[\[[ \t]{0,4}([^\[\]\n]{1,40}?)[ \t]{0,4}\]\]")
_THOUGHTS = re.compile(r"\A.*</(?:think|thinking|thought|reasoning)>", re.DOTALL)
_UNENDED = re.compile(r"\A\s*<(?:think|thinking|thought|reasoning)>.*", re.DOTALL)
_CLAUSE_END = re.compile(r"[。.!?;、,「」『』“”\"()<>]")
_NO_LETTER = re.compile(r"[^\w\[\]]+|_")
_QUOTED = r"[\s」』\"'*_()]{0,4}"
_DENIED_BEHIND = re.compile(
    _QUOTED + r"(?:で[はも]|じゃ|とは|とまでは)(?:な[いくか]|あ(?:りません|るまい)|言え|いえ|限ら|思[いえわ])"
)
_DENIED_BEFORE = re.compile(
    r"(?:\bnot|n't|\bneither|\bnor|\brather than|\binstead of)"
    r"(?:\s(?:be|choose|say|output|an?|the|assistant)){0,3}[\s\"'*_(]{0,4}$",
    re.IGNORECASE,
)
_DIGITS = "[0-9〇一二三四五六七八九十百]{1,6}"
_GOES_ON = re.compile(
    rf"\s{{0,2}}点?\s{{0,2}}(?:(?:/|out of)\s{{0,2}}{_DIGITS}|[-~〜]{_DIGITS}(?![\w-])"
    rf"|\(\s{{0,2}}{_DIGITS}\s{{0,2}}点満点\))",
    re.IGNORECASE,
)
_LEAST_LETTERS = 4  # a shorter clause beside a verdict ("です", "wins") is not worth calling a copy; a guess
_LONGEST_LABEL = 20  # "My final verdict is:" has 20 characters; a guess
_LETTER = re.compile(r"(?:アシスタント|[Aa]ssistant )?\s?([ABC])")
_SEVERAL = re.compile(r"[ABC](?:\s{0,2}(?:[/,、&+とか]|or|and)\s{0,2}[ABC])+")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What a reply says, or why it says nothing: exactly one of the two is given."""

    value: T | None
    why: str | None = None
    """One of :data:`WHY`."""


def read_verdict(text: str, shown: str = "", markers: Sequence[str] = VERDICT_MARKERS) -> Reading[str]:
    """Return the one of ``A``, ``B`` and ``C`` (a tie) that a reply decides for, or why there is none.

    ``shown`` is the prompt's text: a form hint that the reply repeats is no verdict. Width does not matter, case does.

    Reasons: ``no_verdict``, ``two_verdicts``, ``empty``.
    Source: "Judging LLM-as-a-Judge with MT-Bench" (arXiv 2306.05685; ``fastchat/llm_judge/common.py``). Differs: the
    published code looks for ``[[A]]`` first and so prefers it where both stand; here both are ``two_verdicts``.

    >>> read_verdict("Ａのほうが正確です。\\n判定：［［Ａ］］"), read_verdict("[[A]] … いや、[[B]]")
    (Reading(value='A', why=None), Reading(value=None, why='two_verdicts'))
    >>> read_verdict("Aがよければ [[A]] と書くのでした。", shown="Aがよければ [[A]] と書く。").why
    'no_verdict'
    """
    said = without_thoughts(text)
    if not said.strip():
        return Reading(None, "empty")
    stated = [*bracketed(said, shown), *after_markers(said, markers)] or lone(said)
    letters = {letter for one in stated for letter in _letters(one)}
    if len(letters) > 1:
        return Reading(None, "two_verdicts")
    return Reading(letters.pop()) if letters else Reading(None, "no_verdict")


def without_thoughts(text: str) -> str:
    """Return the text in NFKC form without what a model thought between tags.

    Replies of this package's models come without thoughts; texts from elsewhere may hold them.

    >>> without_thoughts("<think>[[B]]かな。</think>\\n[[A]]").strip()
    '[[A]]'
    """
    folded = nfkc(text)
    return _UNENDED.sub("", _THOUGHTS.sub("", folded)) if "<" in folded else folded


def bracketed(said: str, shown: str = "") -> list[str]:
    """Return what stands in double brackets, in order, without what was copied of ``shown``.

    A copy is a bracket whose clause, on either side of it, stands in ``shown``, too, punctuation and width aside. A bracket
    that is alone on its line but for a short label (``Verdict:``) is never a copy: that is how it was asked for. One that
    is denied (``[[A]]ではありません``, ``not [[A]]``) is left out; a scale or the other end of a range that follows it
    (``[[8]]/100``) is part of it.

    >>> bracketed("[[A]]とは言えない。[[8]]/100")
    ['8/100']
    """
    found = []
    shown_bare = _bare(shown)
    for line in said.splitlines():
        matches = list(_BRACKETS.finditer(line))
        end = 0
        for match, later in zip_longest(matches, matches[1:]):
            start = later.start() if later else len(line)
            before, after, end = line[end : match.start()], line[match.end() : start], match.end()
            copied = shown_bare and _is_copied(before, match[0], after, shown_bare)
            if not (copied or _DENIED_BEHIND.match(after) or _DENIED_BEFORE.search(before[-60:])):
                more = _GOES_ON.match(after)
                found.append(match[1] + (more[0] if more else ""))
    return found


def _is_copied(before: str, verdict: str, after: str, shown: str) -> bool:
    clause = _bare(_CLAUSE_END.split(after.lstrip(DRESS), maxsplit=1)[0])
    if len(clause) >= _LEAST_LETTERS and _bare(verdict) + clause in shown:
        return True
    is_label = before.rstrip(DRESS).endswith(":") and before.count(":") == 1 and len(before) <= _LONGEST_LABEL
    clause = _bare(_CLAUSE_END.split(before.rstrip(DRESS))[-1])
    return not is_label and len(clause) >= _LEAST_LETTERS and clause + _bare(verdict) in shown


def _bare(text: str) -> str:
    return _NO_LETTER.sub("", normalise(text))


def after_markers(said: str, markers: Sequence[str]) -> list[str]:
    """Return the rest of each line that begins with a marker and a colon, without signs around it.

    Lines with double brackets are left out: :func:`bracketed` reads them.
    """
    return list(_rests(said, tuple(markers)))


def _rests(said: str, markers: tuple[str, ...]) -> Iterator[str]:
    opening = marker_pattern(markers)
    for line in said.splitlines():
        match = opening.match(line.lstrip(DRESS)) if "[[" not in line else None
        if match:
            yield undressed(line.lstrip(DRESS)[match.end() :])


def marker_pattern(markers: Sequence[str]) -> re.Pattern[str]:
    """Return the pattern of a marker and its colon; bold signs may stand around the colon."""
    words = "|".join(re.escape(nfkc(marker).rstrip(":").rstrip()) for marker in markers)
    return re.compile(rf"(?:{words})[*_\s\])】]{{0,4}}:[*_\s]{{0,4}}", re.IGNORECASE)


def undressed(text: str) -> str:
    """Return the text without signs around it and without a full stop; a minus before it stays."""
    dress = DRESS.replace("-", "")
    if text.count("<") != text.count(">"):  # "<8" is a limit and no 8
        dress = dress.replace("<", "").replace(">", "")
    return text.strip(dress).rstrip("。.!" + dress + "-")


def lone(said: str) -> list[str]:
    """Return the one line of a reply that has no other; nothing for a reply of several lines."""
    lines = [line for line in said.splitlines() if line.strip()]
    return [undressed(lines[0])] if len(lines) == 1 and "[[" not in lines[0] else []


def _letters(stated: str) -> list[str]:
    one = _LETTER.fullmatch(stated)
    if one:
        return [one[1]]
    return re.findall("[ABC]", stated) if _SEVERAL.fullmatch(stated) else []


def rationale_of(text: str) -> str:
    """Return what a reply says besides its verdict: without lines that hold double brackets and nothing but a label.

    >>> rationale_of("Aは例が具体的です。\\n\\n**判定：** [[A]]")
    'Aは例が具体的です。'
    """
    kept = [line for line in text.splitlines() if not _is_verdict(nfkc(line))]
    return "\n".join(kept).strip()


def _is_verdict(line: str) -> bool:
    rest, n_found = _BRACKETS.subn("", line)
    rest = rest.strip(DRESS + ".。")
    return n_found > 0 and (not rest or (rest.endswith(":") and len(rest) <= _LONGEST_LABEL))
