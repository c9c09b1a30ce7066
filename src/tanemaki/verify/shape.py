"""Has a text the outer form that was asked for?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.core.errors import RecipeError, nearest
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import fold_width

_LEAD = r"^[ \t]*(?:[-*#>]+[ \t]*)?(?:\*\*|__)?"
_END = r"[ \t]*\d{0,2}[ \t]*(?:\*\*|__)?[ \t]*[:.)]"
_QUESTION = re.compile(rf"{_LEAD}(?:Q|質問|問い?|question){_END}[ \t*]*\S", re.MULTILINE | re.IGNORECASE)
_ANSWER = re.compile(
    rf"(?:{_LEAD}|[ \t])(?:A|回答|答え?|answer){_END}[ \t*]*\S", re.MULTILINE | re.IGNORECASE
)
_PROBLEM = re.compile(
    rf"{_LEAD}[\[【]?(?:問題|problem|question)[\]】]?(?:{_END})?", re.MULTILINE | re.IGNORECASE
)
_SOLVED = re.compile(
    rf"{_LEAD}[\[【]?(?:解き方|解答|解法|解説|答え|solution|answer)[\]】]?(?:{_END})?",
    re.MULTILINE | re.IGNORECASE,
)
_SPEAKER = re.compile(rf"{_LEAD}(?P<who>[^\s:。|]{{1,16}}){_END}[ \t*]*\S", re.MULTILINE)
_STEP = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]*|\*\*)?(?:(?:手順|ステップ|step)[ \t]*)?(?:\d{1,2}[.):、 ]|[①-⑳])[ \t]*\S",
    re.MULTILINE | re.IGNORECASE,
)
_BULLET = re.compile(r"^[ \t]*(?:[-*+•・‣]|\d{1,2}[.)])[ \t]*\S", re.MULTILINE)
_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*$")
_RULE = re.compile(r"^[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+(?:[ \t]*:?-{2,}:?[ \t]*)?$")
_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]", re.MULTILINE)
_SEVERAL = 3  # fewer items make no list


def _is_table(text: str) -> bool:
    lines = text.split("\n")
    return any(
        _ROW.match(lines[n - 1]) and _RULE.match(lines[n]) and _ROW.match(lines[n + 1])
        for n in range(1, len(lines) - 1)
    )


def _n_pairs(text: str) -> int:
    return min(len(_QUESTION.findall(text)), len(_ANSWER.findall(text)))


def _is_dialogue(text: str) -> bool:
    speakers = [match["who"] for match in _SPEAKER.finditer(text)]
    return len(speakers) > _SEVERAL and len(set(speakers)) > 1


def _is_prose(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    listed = sum(bool(_BULLET.match(line) or _HEADING.match(line) or _ROW.match(line)) for line in lines)
    return 2 * listed <= len(lines)


_SHAPES: Mapping[str, Callable[[str], bool]] = {
    "prose": _is_prose,
    "dialogue": _is_dialogue,
    "pairs": lambda text: _n_pairs(text) > 1,
    "table": lambda text: _is_table(text) and _n_pairs(text) > 0,
    "problem": lambda text: bool(_PROBLEM.search(text) and _SOLVED.search(text)),
    "steps": lambda text: len(_STEP.findall(text)) >= _SEVERAL,
    "list": lambda text: len(_BULLET.findall(text)) >= _SEVERAL,
}


@dataclass(frozen=True, slots=True)
class InShape:
    """Keep records whose text has the outer form that one of their fields names.

    ``prose`` (at most half of its lines are headings, items or rows), ``dialogue`` (two speakers, four lines and more),
    ``pairs`` (two questions with answers and more), ``table`` (a Markdown table, and a question with its answer),
    ``problem`` (with its solution), ``steps`` (three numbered ones), ``list`` (three items). Labels in either language,
    widths unified.

    Reasons: ``wrong_form`` (measured: the text's beginning; limit: the form).
    Source: ours; the forms are those of FinePhrase (arXiv 2604.13977) and Nemotron-CC (arXiv 2412.02595), which trust the
    model with them.

    >>> InShape("text", "shape")(Record("a", (1,), {"text": "葛は根から採る。", "shape": "list"})).limit
    'list'
    """

    field: str
    """The text."""
    shape: str
    """The field that names the form."""
    reasons: ClassVar[tuple[str, ...]] = ("wrong_form",)

    @property
    def reads(self) -> tuple[str, ...]:
        """The text and its form's name."""
        return (self.field, self.shape)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record. Raises ``RecipeError`` for a form that is not known."""
        shape, text = str(record[self.shape]), str(record[self.field])
        if not has_shape(text, shape):
            return Reject("wrong_form", text.strip()[:60], shape)
        return record


def has_shape(text: str, shape: str) -> bool:
    """Return whether a text has the form. Raises ``RecipeError`` for a form that is not known.

    >>> has_shape("・葛は根から採る。\\n・湯に溶ける。\\n・体が温まる。", "list")
    True
    """
    if shape not in _SHAPES:
        near = nearest(shape, _SHAPES)
        raise RecipeError(
            f"there is no form {shape!r}",
            got=f"forms: {', '.join(_SHAPES)}",
            next=f"did you mean {near!r}?" if near else None,
        )
    return _SHAPES[shape](fold_width(text))
