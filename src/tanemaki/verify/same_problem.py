"""Is a problem in other words still the same problem?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import ClassVar, Literal

from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.answer_reading import value_said
from tanemaki.text.normalise import normalise
from tanemaki.text.numerals import number_words
from tanemaki.text.tables import read_table
from tanemaki.verify.problems.wording import people
from tanemaki.verify.told_numbers import Numbers, Told, exchanged, read_numbers, unmatched

_ASKS = {
    "ja": re.compile(
        r"[?？]|か[。\s」]*$|か。|なさい|ください|下さい|[求もと]め|答え|こたえ|計算し|教えて|見つけ|書き|選[びん]|ましょう"
        r"|(?:調べ|表し|直し|計算し|説明し|解い|数え)て[。\s」]*$"
    ),
    "en": re.compile(
        r"\?|\b(?:find|what|how|calculate|work out|determine|give|write|compute|which|name|state|list|say|solve|convert|tell"
        r"|simplify|evaluate|encode|decode|encrypt"
        r"|apply|carry out|round|fill|complete|replace|read|translate|turn"
        r"|express|count|show|decide|put|sort|arrange|order|choose|answer)\b",
        re.IGNORECASE,
    ),
}
_COUNTER = re.compile(r"(?:何|なん)([一-鿿々]|[a-zァ-ヴ]+)")
_COMPARES = {
    "ja": re.compile("より(?!も?(?:前|後|先|上|下))|(?<![交時])差|ちがい|違い"),
    "en": re.compile(r"\b(?:more|fewer|than|difference|differ|exceeds?|outnumbers?)\b", re.IGNORECASE),
}
_SHORTEST = 5  # characters of a question; the ? of a table's cell is none
_NUMERAL = re.compile(r"何|[〇一二三四五六七八九十百千万億]+分?")
_YES_NO = frozenset(("yes", "no", "はい", "いいえ"))
_SENTENCE = re.compile(r"[。！？!?\n]|\.(?=\s|$)")
_TERM = {"ja": re.compile(r"[ァ-ヴー]{2,}|[一-鿿々]+"), "en": re.compile(r"[a-z]{3,}")}


@dataclass(frozen=True, slots=True)
class SameProblem:
    """Keep wordings that tell the numbers, units and people of the problem, each as often, and ask for something of it.

    Numbers may be written in any way (23, ２３, 二十三, twenty-three; 1.5 km, 1500 m), in any order. What changed places
    between two people, counters or nouns is found where both numbers occur once.

    Words that come in poles (*more* and *fewer*, 以上 and 以下, *with* and *without* replacement: ``data/relations.tsv``)
    must not be exchanged for each other.

    Not covered: what is changed without a number, a name or such a word: a thing that is asked instead of another thing of
    the same sentence, people who exchange their parts.

    Reasons: ``changed_number`` (measured: the new one; limit: the old one), ``lost_number``, ``new_number``,
    ``leaked_answer`` (the new number or word is the answer), ``changed_name``, ``changed_relation`` (measured: the new pole;
    limit: the old one; note: the group), ``lost_question`` (nothing is asked), ``changed_question`` (measured: what is asked
    for; limit: what was).
    Cost: a few passes over both texts.
    Source: ours; requirement C17: a wording by a model is parsed again and must give the same quantities.

    >>> check = SameProblem("reworded", "ja")
    >>> row = {"prompt": "鶴と亀が合わせて20匹います。足は64本です。亀は何匹いますか。", "answer": "12"}
    >>> check(
    ...     Record(
    ...         "a",
    ...         (1,),
    ...         {**row, "reworded": "足が64本あります。鶴と亀は合わせて二十一匹です。亀は何匹ですか。"},
    ...     )
    ... )
    Reject(reason='changed_number', measured='21', limit='20', note=None)
    """

    field: str
    """The other wording."""
    language: str
    """Of both texts: ``ja`` or ``en``."""
    of: str = "prompt"
    """The field with the problem."""
    answer: str = "answer"
    """The field with its answer."""
    reasons: ClassVar[tuple[str, ...]] = (
        "changed_number",
        "lost_number",
        "new_number",
        "leaked_answer",
        "changed_name",
        "changed_relation",
        "lost_question",
        "changed_question",
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """Both texts, and the answer."""
        return (self.field, self.of, self.answer)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        text, source = str(record[self.field]), str(record[self.of])
        return changed_in(text, source, str(record[self.answer]), self.language) or record


def changed_in(text: str, source: str, answer: str, language: str) -> Reject | None:
    """Return what a wording changed of its source, None where it is the same problem.

    >>> changed_in("What is 2 + 4?", "Add 2 and 3.", "5", "en").reason
    'changed_number'
    """
    tongue: Literal["ja", "en"] = "ja" if language == "ja" else "en"
    named = _named(source, tongue)
    before, after = read_numbers(source, named), read_numbers(text, named)
    return (
        _numbers(before, after, answer)
        or _names(text, named, tongue)
        or _relation(text, source, tongue)
        or _leak(text, source, answer)
        or _question(text, source, tongue)
    )


def _numbers(before: Numbers, after: Numbers, answer: str) -> Reject | None:
    lost, new = unmatched(before, after), unmatched(after, before)
    if new and not lost and _is_answer(new, answer):
        return Reject("leaked_answer", new[0].shown, answer)
    if lost and new:
        return Reject("changed_number", _list(new), _list(lost))
    if lost:
        return Reject("lost_number", None, _list(lost))
    if new:
        return Reject("new_number", _list(new))
    swapped = exchanged(before, after)
    if swapped:
        return Reject("changed_number", _list(swapped[::-1]), _list(swapped), "the two changed places")
    return None


def _is_answer(new: list[Told], answer: str) -> bool:
    value: Fraction | None = value_said(answer)
    return any(one.value == value for one in new)


def _list(told: list[Told] | tuple[Told, ...]) -> str:
    return ", ".join(one.shown for one in told)[:120]


def _named(text: str, language: Literal["ja", "en"]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_people(language).findall(text)))


@lru_cache(maxsize=2)
def _people(language: Literal["ja", "en"]) -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, people(language)), key=len, reverse=True))
    return re.compile(rf"({names})(?=さん|くん|ちゃん|君)" if language == "ja" else rf"\b({names})\b")


def _names(text: str, named: tuple[str, ...], language: Literal["ja", "en"]) -> Reject | None:
    gone = [name for name in named if name not in text]
    come = [name for name in _named(text, language) if name not in named]
    if gone or come:
        return Reject("changed_name", ", ".join(come)[:80] or None, ", ".join(gone)[:80] or None)
    return None


def _relation(text: str, source: str, language: Literal["ja", "en"]) -> Reject | None:
    """Return which pole of a relation was exchanged for another one of its group, or lost or added where it must be kept."""
    changed: dict[str, dict[str, int]] = {}
    folded, known = normalise(text), normalise(source)
    for group, pole, is_kept, pattern in _relations(language):
        more = len(pattern.findall(folded)) - len(pattern.findall(known))
        if more and is_kept:
            return Reject(
                "changed_relation",
                pole if more > 0 else f"no {pole}",
                pole if more < 0 else f"no {pole}",
                group,
            )
        changed.setdefault(group, {})[pole] = more
    for group, poles in changed.items():
        come, gone = ([pole for pole, more in poles.items() if sign * more > 0] for sign in (1, -1))
        if come and gone:
            return Reject("changed_relation", come[0], gone[0], group)
    return None


@lru_cache(maxsize=2)
def _relations(language: Literal["ja", "en"]) -> tuple[tuple[str, str, bool, re.Pattern[str]], ...]:
    return tuple(
        (row["group"], row["pole"], row["kept"] == "yes", re.compile(row["pattern"]))
        for row in read_table("tanemaki.text", "relations")
        if row["language"] == language
    )


def _leak(text: str, source: str, answer: str) -> Reject | None:
    said = normalise(answer)
    if not said or said in _YES_NO or re.search(r"\d", said):
        return None
    letters = next(
        (kind for kind in ("a-z0-9", "ぁ-ん", "ァ-ヴー") if re.match(f"[{kind}]", said)), "一-鿿々"
    )
    pattern = re.compile(rf"(?<![{letters}]){re.escape(said)}(?![{letters}])")
    if len(pattern.findall(normalise(text))) > len(pattern.findall(normalise(source))):
        return Reject("leaked_answer", answer[:80])
    return None


def _question(text: str, source: str, language: Literal["ja", "en"]) -> Reject | None:
    asked, known = _asked(text, language), _asked(source, language)
    if not known:
        return None
    if not asked:
        return Reject("lost_question", text.strip()[-60:])
    terms, terms_known = _terms(asked, language), _terms(known, language)
    counted, counted_known = _counted(asked), _counted(known)
    if (
        (terms and not terms & (terms_known or _terms(source, language)))
        or (counted and counted_known and not counted & counted_known)
        or bool(_COMPARES[language].search(asked)) != bool(_COMPARES[language].search(known))
    ):
        return Reject("changed_question", asked[:80], known[:80])
    return None


def _counted(asked: str) -> set[str]:
    """Return by which counters a Japanese question asks: 匹 of 何匹."""
    return {found[1] for found in _COUNTER.finditer(normalise(asked))}


def _asked(text: str, language: Literal["ja", "en"]) -> str:
    """Return the last sentence that asks for something."""
    ends = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    sentences = [text[start:end].strip() for start, end in pairwise(ends)]
    return next(
        (one for one in reversed(sentences) if len(one) > _SHORTEST and _ASKS[language].search(one)), ""
    )


def _terms(text: str, language: Literal["ja", "en"]) -> set[str]:
    found = _TERM[language].findall(_NUMERAL.sub(" ", normalise(text)))
    return {term.rstrip("s") if language == "en" else term for term in found} - _function_words()


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    rows = read_table("tanemaki.text", "question_words")
    return frozenset(number_words()) | {word for row in rows for word in row["words"].split()}
