"""How a Japanese reply speaks, です・ます or だ・である, and in which language any reply is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.text.language import guess_language, strip_code
from tanemaki.text.scripts import count_scripts
from tanemaki.text.sentences import split_sentences
from tanemaki.verify.formats.order import Failure, Family, Order

_QUOTED = re.compile(r"「[^「」]*」|『[^『』]*』|（[^（）]*）|\([^()]*\)|“[^”]*”|\"[^\"\n]*\"")
_AFTER = re.compile(r"[^ぁ-ゖァ-ヺー一-鿿々A-Za-z0-9]+\Z")
_PARTICLES = r"(?:か|ね|よ|よね|が|から|ので|けど|けれど|けれども|し|もの)?\Z"
_POLITE = re.compile(
    r"(?:です|でした|でしょう|ます|ません|ませんでした|ました|ましょう|ください|下さい|ございます|なさい)"
    + _PARTICLES
)
_PLAIN = re.compile(r"(?:だ|[うくぐすつぬぶむる]|い|た|ぬ|まい|べき)" + _PARTICLES)
_ENDED = re.compile(r"[。．.！!？?]")


def count_styles(text: str) -> tuple[int, int]:
    """Return the sentences that end politely (です・ます) and those that end plainly (だ・である, a bare verb).

    Quotations, code and sentences that end in a noun are neither; so is a line without a full stop (a heading).

    >>> count_styles("春です。海は青い。「行くぞ。」と言いました。以上。")
    (2, 1)
    """
    polite = plain = 0
    for sentence in split_sentences(_QUOTED.sub("", strip_code(text))):
        ending = _AFTER.search(sentence)
        if ending is None or not _ENDED.search(ending[0]):
            continue
        said = sentence[: ending.start()]
        if _POLITE.search(said):
            polite += 1
        elif _PLAIN.search(said):
            plain += 1
    return polite, plain


@dataclass(frozen=True, slots=True)
class PoliteStyle(Order):
    """Every sentence is in です・ます; noun endings are allowed.

    Source: ours.

    >>> PoliteStyle().check("春です。海は青い。").message
    '1 sentences in だ・である'
    """

    name: ClassVar[str] = "polite_style"
    family: ClassVar[Family] = "style"
    languages: ClassVar[tuple[str, ...]] = ("ja",)
    slot: ClassVar[str | None] = "style"
    not_with: ClassVar[frozenset[str]] = frozenset({"bullets_exactly", "bullets_at_least", "numbered"})

    def forbids(self, fragment: str) -> bool:
        """Whether a sentence of it is plain."""
        return count_styles(fragment)[1] > 0

    def check(self, text: str) -> Failure | None:
        """Count both styles."""
        polite, plain = count_styles(text)
        if plain:
            return self._fails(plain, 0, f"{plain} sentences in だ・である")
        return None if polite else self._fails(0, 1, "no sentence in です・ます")


@dataclass(frozen=True, slots=True)
class PlainStyle(Order):
    """Every sentence is in だ・である; noun endings are allowed.

    Source: ours.

    >>> PlainStyle().check("春である。海は青い。") is None
    True
    """

    name: ClassVar[str] = "plain_style"
    family: ClassVar[Family] = "style"
    languages: ClassVar[tuple[str, ...]] = ("ja",)
    slot: ClassVar[str | None] = "style"
    not_with: ClassVar[frozenset[str]] = frozenset({"bullets_exactly", "bullets_at_least", "numbered"})

    def forbids(self, fragment: str) -> bool:
        """Whether a sentence of it is polite."""
        return count_styles(fragment)[0] > 0

    def check(self, text: str) -> Failure | None:
        """Count both styles."""
        polite, plain = count_styles(text)
        if polite:
            return self._fails(polite, 0, f"{polite} sentences in です・ます")
        return None if plain else self._fails(0, 1, "no sentence in だ・である")


@dataclass(frozen=True, slots=True)
class ReplyLanguage(Order):
    """The reply is in the language, ``ja`` or ``en``; what cannot be told (numbers, names) is not held against it.

    Source: arXiv 2311.07911 (``response_language``). Differs: two languages, told apart without a model.

    >>> ReplyLanguage("en").check("春です。").measured
    'ja'
    """

    language: str
    name: ClassVar[str] = "reply_language"
    family: ClassVar[Family] = "language"
    slot: ClassVar[str | None] = "language"
    in_documents: ClassVar[bool] = True
    not_with: ClassVar[frozenset[str]] = frozenset(
        {"style", "letters", "rating", "postscript", "title", "wrapped", "json_schema"}
    )

    def __post_init__(self) -> None:
        """Refuse a language that cannot be told."""
        if self.language not in {"ja", "en"}:
            raise ValueError(f"ReplyLanguage knows ja and en, got {self.language!r}")

    def forbids(self, fragment: str) -> bool:
        """Whether the fragment is in another language."""
        written_in_japanese = (
            count_scripts(fragment).japanese > 0
        )  # kanji alone tell no language, but they are not English
        return self.check(fragment) is not None or (self.language == "en" and written_in_japanese)

    def check(self, text: str) -> Failure | None:
        """Tell the language."""
        told = guess_language(text).language
        if told in {self.language, "undetermined"}:
            return None
        return self._fails(told, self.language, f"written in {told}, {self.language} wanted")
