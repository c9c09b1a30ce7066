"""Where sentences end, in Japanese and in English, in one pass for texts that mix them.

A Japanese sentence ends at ``。！？`` in either width, not inside brackets, and not after a closing bracket with which the
sentence goes on (「行く。」と言った). An English one ends at ``.!?`` before white space, not after an abbreviation, an
initial or a list number. A line break ends a sentence too, unless an English line was only wrapped.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tanemaki.text.tables import read_table

_OPEN, _CLOSE = "「『（(【〈《［[｢", "」』）)】〉》］]｣"
_STOP = re.compile(r"[。．｡！？!?.]+[”’\"'*」』）)】〉》］\]｣]*")
_GOES_ON = re.compile(r"[」』）)】〉》］\]｣”\"']\s?(?:と|って|など|の|は|が|を|に|で|も|や|か|、)")
_JAPANESE_STOP = "。｡！？"
_WRAPPED = re.compile(r"(?<=[a-z,;])[ \t]*\n[ \t]*(?=[a-z])")
_LAST_WORD = re.compile(r"([A-Za-z][A-Za-z.]*|\d+)\.$")


def split_sentences(text: str) -> list[str]:
    """Return the sentences in order, each without white space at its ends; none for a blank text.

    Cost: linear in the text.

    >>> split_sentences("彼は「行く。」と言った。本当？ Dr. Sato paid 3.5 yen. Really!")
    ['彼は「行く。」と言った。', '本当？', 'Dr. Sato paid 3.5 yen.', 'Really!']
    """
    sentences: list[str] = []
    for line in _WRAPPED.sub(" ", text.replace("\r\n", "\n")).split("\n"):
        sentences += _split_line(line)
    return sentences


def _split_line(line: str) -> list[str]:
    found, start = [], 0
    depth, counted = 0, 0
    for stop in _STOP.finditer(line):
        mark = re.sub(r"[^。．｡！？!?.]+$", "", stop.group())
        inside = line[counted : stop.start()].replace(":(", "").replace(";(", "")  # faces, no brackets
        depth = max(0, depth + sum(c in _OPEN for c in inside) - sum(c in _CLOSE for c in inside))
        counted = stop.start()
        closers = sum(c in _CLOSE for c in stop.group())
        if depth > closers or not _ends_sentence(line, start, stop, mark):
            continue
        if closers and _GOES_ON.match(line, stop.end() - 1):
            continue
        found.append(line[start : stop.end()].strip())
        start = stop.end()
    rest = line[start:].strip()
    return [sentence for sentence in (*found, rest) if sentence]


def _ends_sentence(line: str, start: int, stop: re.Match[str], mark: str) -> bool:
    if any(letter in _JAPANESE_STOP for letter in mark):
        return True
    before = line[stop.start() - 1 : stop.start()]
    after = line[stop.end() : stop.end() + 1]
    if not after:
        return True
    if "．" in mark:
        return not (before.isdigit() and after.isdigit())
    if _is_japanese(before) or (_is_japanese(after) and set(mark) != {"."}):
        return not after.isdigit() and after not in "、,"
    if not after.isspace():
        return False
    if set(mark) != {"."}:
        return not _next_letter(line, stop.end()).islower()
    return len(mark) == 1 and _full_stop_ends(line, start, stop.end())


def _full_stop_ends(line: str, start: int, end: int) -> bool:
    following = _next_letter(line, end)
    if following.islower():
        return False
    word = _LAST_WORD.search(line, max(start, end - 24), end)
    if word is None:
        return True
    if word.group(1).isdigit():
        return bool(
            line[start : word.start()].strip(" -*#(")
        )  # not the number of a list: "1. Mix the flour."
    always, number = _abbreviations()
    last = word.group(1).casefold()
    if len(last) == 1 and word.group(1).isupper() and word.group(1) != "I":
        return False  # an initial
    return last not in always and not (last in number and following.isdigit())


def _next_letter(line: str, at: int) -> str:
    return line[at : at + 8].lstrip(" \t\"'“‘(*[")[:1]


def _is_japanese(letter: str) -> bool:
    return "\u3001" <= letter <= "\u9fff" or "\uff66" <= letter <= "\uff9f"


@lru_cache(maxsize=1)
def _abbreviations() -> tuple[frozenset[str], frozenset[str]]:
    rows = {
        row["use"]: frozenset(row["words"].split()) for row in read_table("tanemaki.text", "abbreviations")
    }
    return rows["always"], rows["number"]
