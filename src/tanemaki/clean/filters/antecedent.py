"""Turns that point at something nobody said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from tanemaki.clean.filters.parts import check_language, parts_of
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import normalise
from tanemaki.text.numerals import read_numeral, read_words
from tanemaki.text.sentences import split_sentences
from tanemaki.text.tables import read_table

_OPENS = {
    "ja": re.compile(
        r"(?:では、?|で、|じゃあ、?)?(?:(?:それ|そこ|あれ|これ|彼女?)(?!ぞれ|から|まで)(?=は|が|を|に|の|も|で|って)"
        r"|(?:その|あの)(?!日暮|他|うち)|先ほどの|さっきの)"
    ),
    "en": re.compile(
        r"(?:and |but |so )?(?:"
        r"(?:why|how|when|where|what) (?:does|do|did) (?:it|they|he|she|that|those|these)\b"
        r"|(?:(?:why|how|when|where|what) (?:is|was|are|were|can|will|would|should) )?(?:it|they|he|she|those|these)\b"
        r"(?! (?:[a-z]+ ){0,2}(?:to|that|if|when|for)\b)"
        r"(?! (?:is|was|would) (?:[a-z]+ ){1,2}(?:to|that)\b)"
        r"(?! (?:who|which)\b)(?!'s [a-z]+ (?:to|that)\b))"
    ),
}
_BRINGS_ITS_OWN = re.compile(r"[「『“\"`:\n]")  # a text to work on stands in the request itself
_NOUN = {
    "ja": re.compile(r"(?:その|先ほどの|さきほどの|さっきの)(?P<noun>[一-鿿々]{2,8}|[ァ-ヴー]{3,})"),
    "en": re.compile(
        r"\b(?:the|that|those|these|this) (?P<noun>[a-z]{4,})(?: that)? (?:you|we) (?:just )?"
        r"(?:mentioned|said|described|named|suggested|listed)"
    ),
}
_QUOTE = {
    "ja": re.compile(
        r"[「『](?P<said>[^」』]{2,60})[」』]"
        r"(?:と(?:おっしゃ|書いて(?:あり|い)|言(?:い|って)|あり(?:まし|ます))|とのこと|って(?:言|書))"
    ),
    "en": re.compile(
        r"(?:you|the answer|your answer) (?:said|wrote|mentioned|says?|called it)(?: that)?,? "
        r"[\"“](?P<said>[^\"”]{3,80})[\"”]"
    ),
}
_ORDINAL = {
    "ja": re.compile(
        r"(?P<n>[二三四五六七八九]|[2-9])(?:つ|番|点|個|項)目の(?:方法|やり方|手順|点|理由|案|例|ポイント|項目|ステップ|注意|こつ|コツ|条件)"
    ),
    "en": re.compile(
        r"\b(?:the|your) (?P<n>second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
        r" (?:step|point|reason|option|example|tip|item|way|method|idea|condition|bullet)\b"
    ),
}
_EN_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_ITEM = re.compile(r"^[ \t]*(?:[-*+・•●○]|[(\[]?\d{1,2}[)\].:、．]|[①-⑳])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Antecedent:
    """Keep records whose text points at nothing but what was said.

    Four signs, each decided by what stands in the dialogue:

    * the first text begins with a pronoun (それは…, Why does it…), and brings no text of its own to point at;
    * その, 先ほどの, "the … you mentioned" before a noun that was not said, shares no kanji with anything that was, and is
      none of the general nouns that may stand for something else (方法, 植物: ``data/general_words.tsv``);
    * a quotation put into the other's mouth (「…」とおっしゃいましたが, you said "…") that was not said;
    * the third step, the fifth point, of a text that has fewer sentences and list items, and never says the number.

    Not covered: who 彼 is, and whether それ means the one thing or the other.

    Reasons: ``no_antecedent`` (measured: what points).
    Cost: linear in the texts.
    Source: ours.

    >>> keep = Antecedent("text", of="earlier", language="ja")
    >>> keep(Record("a", (1,), {"text": "それはなぜですか。", "earlier": []}))
    Reject(reason='no_antecedent', measured='それ', limit=None, note=None)
    """

    field: str
    """A text."""
    of: str
    """The field with the earlier texts."""
    language: str
    """``ja`` or ``en``."""
    reasons: ClassVar[tuple[str, ...]] = ("no_antecedent",)

    def __post_init__(self) -> None:
        """Refuse a language it does not know."""
        check_language(self.language, self)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field, self.of)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        earlier = [part.text for part in parts_of(record, self.of)]
        for part in parts_of(record, self.field):
            found = next(
                _pointing(part.text, [text for text in earlier if text.strip()], self.language), None
            )
            if found is not None:
                return Reject("no_antecedent", found, None, part.note())
        return record


def _pointing(text: str, earlier: list[str], language: str) -> Iterator[str]:
    """Yield what points at nothing."""
    said = normalise(text)
    if not earlier:
        opens = _OPENS[language].match(said)
        if opens and not _BRINGS_ITS_OWN.search(text.strip()):
            yield opens.group()
        return
    before = normalise("\n".join(earlier))
    for noun in _NOUN[language].finditer(said):
        if not _is_known(noun["noun"], before + said[: noun.start()], language):
            yield noun.group()
    for quote in _QUOTE[language].finditer(said):
        if quote["said"].strip(" .,。、…") not in before:
            yield quote.group()
    for ordinal in _ORDINAL[language].finditer(said):
        n = _number(ordinal["n"])
        if n > _n_items(earlier) and not re.search(
            rf"{ordinal['n']}|{n}|{'〇一二三四五六七八九'[n]}", before
        ):
            yield ordinal.group()


def _is_known(noun: str, before: str, language: str) -> bool:
    if language == "en":
        return noun.removesuffix("s") in _general_nouns("en") or noun[:5] in before
    if any(word in noun for word in _general_nouns("ja")):
        return True
    return noun in before if re.match(r"[ァ-ヴー]", noun) else any(letter in before for letter in noun)


def _number(told: str) -> int:
    if told in _EN_ORDINALS:
        return _EN_ORDINALS.index(told) + 1
    return int(read_numeral(told) if not told.isascii() or told.isdigit() else read_words([told]))


def _n_items(earlier: list[str]) -> int:
    """Return how many things the texts could have counted up: the most sentences or list items of one of them."""
    return max(max(len(split_sentences(text)), len(_ITEM.findall(text))) for text in earlier)


@lru_cache(maxsize=2)
def _general_nouns(language: str) -> frozenset[str]:
    rows = read_table("tanemaki.clean.filters", "general_words")
    return frozenset(
        word
        for row in rows
        if row["language"] == language and row["use"] == "noun"
        for word in row["words"].split()
    )
