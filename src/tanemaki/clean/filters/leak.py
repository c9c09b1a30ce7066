"""Problems that bring their own solution."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Literal, get_args

from tanemaki.clean.filters.parts import check_language, parts_of, text_of, with_english
from tanemaki.core.errors import RecipeError, nearest
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import fold_width, n_chars
from tanemaki.text.tables import read_table

Action = Literal["cut", "reject"]


@dataclass(frozen=True, slots=True)
class SolutionLeak:
    """Take a problem's own solution away, or the whole problem.

    A marker of ``data/solution_markers.tsv`` (答え：, 【解答】, Answer:, ## Solution …) counts at the start of a
    line and after a sentence. ``cut`` removes the marker **and everything after it**; what is left must have
    ``min_chars``. ``reject`` keeps only problems without a marker. Of messages (``reject`` alone) the user's are
    judged: answers may say 「答え：」.

    Reasons: ``leaked_solution`` (``reject``: measured is the marker; ``cut``: measured and limit in characters left).
    Source: ours; Tanuki's pattern removed the marker and left the answer.

    >>> leak = SolutionLeak("text", "ja")
    >>> leak(Record("a", (1,), {"text": "りんご3個とみかん2個で全部で何個ですか？\\n答え：5個\\n解説：3+2"}))[
    ...     "text"
    ... ]
    'りんご3個とみかん2個で全部で何個ですか？'
    """

    field: str
    """A text; for ``reject`` also a list of texts, or messages."""
    language: str
    """``ja`` (which knows English markers, too) or ``en``."""
    action: Action = "cut"
    min_chars: int = 8  # the shortest problem of tests/clean/filters/good_ja.tsv (2+2は何ですか？) has 9
    """Fewest characters of a problem that was cut."""
    reasons: ClassVar[tuple[str, ...]] = ("leaked_solution",)

    def __post_init__(self) -> None:
        """Refuse a language or an action it does not know."""
        check_language(self.language, self)
        if self.action not in get_args(Action):
            near = nearest(str(self.action), get_args(Action))
            raise RecipeError(
                f"SolutionLeak does not know the action {self.action!r}",
                next=f"did you mean {near!r}?" if near else "cut or reject",
            )

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record, or cut its text."""
        if self.action == "cut":
            return self._cut(record)
        for part in parts_of(record, self.field):
            at = find_solution(part.text, self.language) if part.role in (None, "user") else None
            if at is not None:
                return Reject("leaked_solution", part.text[at : at + 40].strip(), None, part.note())
        return record

    def _cut(self, record: Record) -> Record | Reject:
        text = text_of(record, self.field)
        at = find_solution(text, self.language)
        if at is None:
            return record
        left = text[:at].strip()
        if n_chars(left) < self.min_chars:
            return Reject(
                "leaked_solution", n_chars(left), self.min_chars, f"cut at {text[at : at + 40].strip()!r}"
            )
        return record.with_fields(**{self.field: left})


def find_solution(text: str, language: str) -> int | None:
    """Return where the first solution begins, its marker and the signs before it included; None without one.

    >>> find_solution("2+2は？ 答え：4", "ja"), find_solution("答えは整数で求めなさい。", "ja")
    (6, None)
    """
    found = _pattern(language).search(fold_width(text))
    return found.start(found.lastgroup or 0) if found else None


@lru_cache(maxsize=4)
def _pattern(language: str) -> re.Pattern[str]:
    label, prose = _bank(language, "label"), _bank(language, "prose")
    signs = r"[#*_>【\[<(《〈「・\-–=~→⇒▼■◆●○※ \t]{0,12}(?:\d{1,2}[.)][ \t]{0,4})?"
    close = r"(?:[*_]*[ \t]*:|[】\]>》〉)]+[ \t]*:?)"  # 答え：  **答え**：  【解答】  (答え)
    heading = rf"[#*_=\-–]{{1,6}}[ \t]*(?:{label})[ \t]*[*_=\-–]*[ \t]*(?=\n|\Z)"  # ## Solution
    labelled = rf"{signs}(?:{label})[ \t]*{close}|{heading}"
    after_sentence = r"(?<=[。.?!)」])[ \t]*"
    return re.compile(
        rf"(?:(?:\A|\n)[ \t]*|{after_sentence})(?P<label>{labelled})|(?:\n[ \t]*|{after_sentence})(?P<prose>{prose})",
        re.IGNORECASE,
    )


def _bank(language: str, kind: str) -> str:
    rows = read_table("tanemaki.clean.filters", "solution_markers")
    return "|".join(
        row["pattern"] for row in rows if row["kind"] == kind and row["language"] in with_english(language)
    )
