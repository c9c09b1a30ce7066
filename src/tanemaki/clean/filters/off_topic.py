"""Follow-ups that leave the dialogue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from tanemaki.clean.filters.parts import check_language, parts_of
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import normalise
from tanemaki.text.tables import read_table

_RUN = re.compile(r"[一-鿿々]+|[ァ-ヴー]{2,}|[a-z]+(?:'[a-z]+)?")
_STEM_CHARS = 5  # plant, plants and planting are one word
_WORD_CHARS = 4  # shorter English words that are no function words hardly name a subject
_LINK = {
    "ja": re.compile(
        r"それ(?!ぞれ|で?は)|その|そこ(?!で)|これ(?!から|まで)|この|先ほど|さきほど|さっき|今の|いまの|おっしゃ|お話"
    ),
    "en": re.compile(
        r"\b(?:it|its|that|those|these|this|them|they|their|such|you (?:said|mentioned|wrote))\b"
    ),
}
_TURN_AWAY = {
    "ja": re.compile(r"ところで|話は変わ|話が変わ|全然別|まったく別|関係ない"),
    "en": re.compile(
        r"\b(?:by the way|on another note|unrelated|changing the subject|something else entirely)\b"
    ),
}
# How many words may be new where none is shared: Japanese leaves its topic out, English says it or points at it.
# Set on tests/clean/filters/follow_up_pairs.tsv.
_LIMITS = {"ja": (2, 5), "en": (1, 5)}


@dataclass(frozen=True, slots=True)
class OnTopic:
    """Keep records whose text shares a content word with what was said before, or brings hardly any of its own.

    Content words are runs of kanji or katakana and English words, without those that any follow-up may say (例, 理由,
    example, reason: ``data/general_words.tsv``). Shared is a word that stands in the earlier texts; of kanji it is enough
    that two in a row do, most of them, or one as a word of its own (初冠雪, 雪).

    A text without a shared word is kept while it holds at most two new ones (English: one), or, where it points back
    (それ, that), at most five; one that says itself that it turns away (ところで) may hold one. The first text of
    a dialogue has nothing to leave.

    Reasons: ``off_topic`` (measured and limit in content words that are new; the note lists them).
    Cost: linear in the texts.
    Source: ours; the published sets had follow-ups that drift to another subject.

    >>> earlier = ["富士山の雪はいつ消えますか。", "夏にはほとんど消えます。"]
    >>> OnTopic("text", of="earlier", language="ja")(
    ...     Record("a", (1,), {"text": "確定申告の書類と印鑑は税務署に持参しますか。", "earlier": earlier})
    ... ).reason
    'off_topic'
    """

    field: str
    """A text."""
    of: str
    """The field with the earlier texts."""
    language: str
    """``ja`` or ``en``."""
    reasons: ClassVar[tuple[str, ...]] = ("off_topic",)

    def __post_init__(self) -> None:
        """Refuse a language it does not know."""
        check_language(self.language, self)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field, self.of)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        before = normalise(" ".join(part.text for part in parts_of(record, self.of)))
        if not before:
            return record
        for part in parts_of(record, self.field):
            said = normalise(part.text)
            words = content_words(said)
            if any(_is_said(word, before) for word in words):
                continue
            plain, pointing = _LIMITS[self.language]
            limit = pointing if _LINK[self.language].search(said) else plain
            limit = 1 if _TURN_AWAY[self.language].search(said) else limit
            if len(words) > limit:
                return Reject("off_topic", len(words), limit, part.note("new: " + ", ".join(words)))
        return record


def content_words(text: str) -> list[str]:
    """Return the words of a text that name a subject, each once, in their order; English ones by their first letters.

    >>> (
    ...     content_words("冷蔵庫に入れた場合の例を一つ教えてください。"),
    ...     content_words("Why do seedlings need frost cloth?"),
    ... )
    (['冷蔵庫'], ['seedl', 'frost', 'cloth'])
    """
    pieces, english = _general()
    words: dict[str, None] = {}
    for run in _RUN.findall(normalise(text)):
        if run[0].isascii():
            word = run.removesuffix("'s")
            if len(word) >= _WORD_CHARS and word not in english:
                words[word[:_STEM_CHARS]] = None
        else:
            words.update(dict.fromkeys(piece for piece in pieces.split(run) if piece))
    return list(words)


def _is_said(word: str, text: str) -> bool:
    if word[0].isascii():
        return re.search(rf"\b{re.escape(word)}", text) is not None
    if word in text:
        return True
    if len(word) == 1 or re.match(r"[ァ-ヴー]", word):
        return False
    in_text = [letter for letter in word if letter in text]
    return (
        2 * len(in_text) > len(word)
        or any(word[at : at + 2] in text for at in range(len(word) - 1))
        or any(re.search(rf"(?<![一-鿿々]){letter}(?![一-鿿々])", text) for letter in in_text)
    )


@lru_cache(maxsize=1)
def _general() -> tuple[re.Pattern[str], frozenset[str]]:
    rows = read_table("tanemaki.clean.filters", "general_words")
    pieces = {
        word
        for row in rows
        if row["language"] == "ja" and row["use"] == "ask"
        for word in row["words"].split()
    }
    english = {
        word
        for row in rows
        if row["language"] == "en" and row["use"] == "ask"
        for word in row["words"].split()
    }
    functions = {
        word
        for row in read_table("tanemaki.text", "function_words")
        if row["language"] == "en"
        for word in row["words"].split()
    }
    longest_first = sorted(map(re.escape, pieces), key=len, reverse=True)
    return re.compile("|".join(longest_first)), frozenset(english | functions)
