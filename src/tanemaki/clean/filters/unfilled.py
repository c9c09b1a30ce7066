"""Blanks that were left where words should be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import check_language, parts_of, with_english
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import fold_width
from tanemaki.text.tables import read_patterns

# Where such signs mean something else: code, formulas, and a quotation that says more than the blank alone.
_OTHER = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]{1,400}`|\$\$.{1,400}?\$\$|\$[^$\n]{1,200}\$|\\[(\[].{1,400}?\\[)\]]", re.DOTALL
)
_QUOTED = re.compile(r"「([^「」\n]{1,400})」|『([^『』\n]{1,400})』|\"([^\"\n]{1,400})\"|“([^“”\n]{1,400})”")
_WORD = re.compile(r"\w")
_BARE_CHARS = 6  # a quotation of no more than 「〇〇さん」 is the blank itself


@dataclass(frozen=True, slots=True)
class Unfilled:
    """Keep records none of whose texts has a blank in it that was to be filled: ``[your question here]``, 「〇〇さん」.

    The blanks are those of ``data/blanks.tsv``: an order in brackets (``[insert topic]``, 【ここに質問を入力】), the name of
    a thing in its place (``[名前]``, ``{{topic}}``, ``<question>``), circles for a name (〇〇, ○○). Code, formulas and
    quotations that say more than the blank do not count, and neither does a text that speaks of forms or markup: an
    instruction about templates may hold one. A letter that an assistant drafts has blanks by right: of an answer only one
    that is nothing else is looked for (``alone``).

    Reasons: ``unfilled`` (measured: the blank).
    Source: ours.

    >>> Unfilled("text", "ja")(
    ...     Record("a", (1,), {"text": "〇〇さんは、りんごを3個買いました。全部でいくらですか。"})
    ... )
    Reject(reason='unfilled', measured='〇〇', limit=None, note=None)
    """

    field: str
    """A text, a list of texts, or messages."""
    language: str
    """``ja`` (which knows English blanks, too) or ``en``."""
    alone: bool = False
    """Only a text that says nothing beside its blanks."""
    reasons: ClassVar[tuple[str, ...]] = ("unfilled",)

    def __post_init__(self) -> None:
        """Refuse a language it does not know."""
        check_language(self.language, self)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        for part in parts_of(record, self.field):
            blank = find_blank(part.text, self.language, alone=self.alone)
            if blank is not None:
                return Reject("unfilled", blank[:80], None, part.note())
        return record


def find_blank(text: str, language: str, *, alone: bool = False) -> str | None:
    """Return the first blank that was to be filled; None without one, with ``alone`` also beside anything else.

    >>> find_blank("[名前]さんの一日を書いて。", "ja"), find_blank("`{{ name }}` の意味は？", "ja")
    ('[名前]', None)
    """
    prose = _QUOTED.sub(_without_speech, _OTHER.sub(" ", fold_width(text).replace("’", "'")))
    languages = with_english(language)
    blanks = read_patterns("tanemaki.clean.filters", "blanks", languages, kind="blank")
    found = next(filter(None, (blank.search(prose) for blank in blanks)), None)
    if found is None or (alone and _WORD.search(_emptied(prose, blanks))):
        return None
    forms = read_patterns("tanemaki.clean.filters", "blanks", languages, kind="unless")
    return None if any(form.search(prose) for form in forms) else found.group()


def _emptied(prose: str, blanks: tuple[re.Pattern[str], ...]) -> str:
    for blank in blanks:
        prose = blank.sub(" ", prose)
    return prose


def _without_speech(quoted: re.Match[str]) -> str:
    said = next(filter(None, quoted.groups()))
    is_bare = len(said) <= _BARE_CHARS or said[:1] + said[-1:] in ("[]", "<>", "{}", "【】")
    return quoted.group() if is_bare else " "
