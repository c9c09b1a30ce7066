"""One word that a judge was told to end with: read strictly, or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from tanemaki.text.normalise import normalise

_SIGNS = "*_#>-・「」『』\"'`()[]【】 \t"
_REMARK = re.compile(r"([^()]{1,80}?)[*_ ]*\(([^()]{1,400})\)[*_ .。]*")
# A remark that takes the word back or offers another: 改善（とは言えない）, improved (or not)
_TAKES_BACK = re.compile(r"(?:では|とは|とも|でも|して|しな|か\?|か$|\?|not\b|or\b|maybe\b)")


def read_label(text: str, marker: str, labels: Mapping[str, str]) -> str | None:
    """Return the name of the label that stands after the marker; None where there is none, or two that differ.

    ``labels`` maps a name to the word that the prompt asks for. The marker must begin a line, before a colon, in brackets
    (【判定】), or alone as a heading or in bold; the word must be the whole rest of the line, or the whole next line where
    the marker stands alone. A sentence in which the word occurs is no verdict; a remark in brackets behind the word may
    stand there, if it neither names another label nor takes the word back. Width, case, bold signs and a full stop do not
    matter. A reply that is nothing but the word counts, too.

    >>> words = {"better": "改善", "worse": "悪化"}
    >>> read_label("長所はあるが、悪化した点もある。\\n**判定：** 改善。", "判定：", words)
    'better'
    >>> read_label("【判定】\\n改善（理由が一つ増えた）", "判定：", words)
    'better'
    >>> read_label("判定：改善とも悪化とも言えない", "判定：", words) is None
    True
    """
    names = {_bare(word): name for name, word in labels.items()}
    lines = [line for raw in text.splitlines() if (line := normalise(raw)) and _bare(line)]
    if len(lines) == 1 and (alone := _named(lines[0], names)) is not None:
        return alone
    said = {_named(rest, names) for rest in _rests(lines, _bare(marker).rstrip(":"))}
    return said.pop() if len(said) == 1 else None


def _rests(lines: list[str], marker: str) -> list[str]:
    """Return what stands after each marker: the rest of its line, or the next line."""
    opening = _opening(marker)
    found = [opening.match(line) for line in lines]
    rests = []
    for at, match in enumerate(found):
        if match is None:
            continue
        rest = lines[at][match.end() :]
        if _bare(rest):
            rests.append(rest)
        elif at + 1 == len(lines):
            rests.append("")
        elif found[at + 1] is None:
            rests.append(lines[at + 1])
    return rests


@lru_cache(maxsize=64)
def _opening(marker: str) -> re.Pattern[str]:
    signs, word, bold = re.escape(_SIGNS), re.escape(marker), r"(?:\*\*|__)"
    heading = rf"(?:#{{1,6}} ?{bold}?|{bold}){word}{bold}?$"
    return re.compile(rf"[{signs}]*[\[【]{word}[\]】][*_ ]*:?[*_ ]*|[{signs}]*{word}[*_ ]*:[*_ ]*|{heading}")


def _named(said: str, names: Mapping[str, str]) -> str | None:
    """Return the name of the word that is all that is said, but for a remark."""
    if (whole := names.get(_bare(said))) is not None:
        return whole
    found = _REMARK.fullmatch(said.strip(" *_"))
    if found is None or _TAKES_BACK.match(found[2].strip()):
        return None
    word = names.get(_bare(found[1]))
    others = (other for other, name in names.items() if name != word)
    return None if any(other in found[2] for other in others) else word


def _bare(text: str) -> str:
    return normalise(text).strip(_SIGNS).rstrip(".。!" + _SIGNS)
