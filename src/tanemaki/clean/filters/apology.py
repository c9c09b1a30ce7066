"""Short replies that apologise instead of answering."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import check_language, text_of, with_english
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import n_chars, normalise
from tanemaki.text.tables import read_patterns

_QUOTED = re.compile(r"「[^」]*」|『[^』]*』|\"[^\"\n]*\"|“[^”]*”")


@dataclass(frozen=True, slots=True)
class Apology:
    """Keep records whose answer is not a short one with an apology in it.

    A word of ``data/apologies.tsv`` anywhere in a text of at most ``max_chars`` characters says that the instruction was too
    much for the model, even where the reply does not decline outright. What somebody is quoted as saying does not count, and
    nothing does where the instruction itself is about apologies: a letter of apology may apologise.

    Reasons: ``short_apology`` (measured: the word; limit: characters of a text that is short).
    Source: "WizardLM" (arXiv 2304.12244, §3.2, the second elimination): "sorry" in fewer than 80 words. Differs: characters;
    quotations and instructions about apologies are let through.

    >>> turn = {"text": "すみません、条件が多くて解けませんでした。", "instruction": "次の式を解いて。"}
    >>> Apology("text", "ja", asked="instruction")(Record("a", (1,), turn))
    Reject(reason='short_apology', measured='すみません', limit=160, note=None)
    """

    field: str
    """The answer, a text."""
    language: str
    """``ja`` (which knows English words, too) or ``en``."""
    asked: str
    """The field with the instruction."""
    max_chars: int | None = None
    """Longest text that is short; None is 160 for ``ja`` and 400 for ``en``, which is what 80 words come to."""
    reasons: ClassVar[tuple[str, ...]] = ("short_apology",)

    def __post_init__(self) -> None:
        """Refuse a language it does not know."""
        check_language(self.language, self)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field, self.asked)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        text = text_of(record, self.field)
        # 80 English words of five letters and a space, and what a translator makes of them in Japanese
        limit = self.max_chars if self.max_chars is not None else {"ja": 160, "en": 400}[self.language]
        if n_chars(text) > limit:
            return record
        patterns = read_patterns("tanemaki.clean.filters", "apologies", with_english(self.language))
        asked = normalise(text_of(record, self.asked))
        if any(pattern.search(asked) for pattern in patterns):
            return record
        said = normalise(_QUOTED.sub(" ", text))
        found = next(filter(None, (pattern.search(said) for pattern in patterns)), None)
        return Reject("short_apology", found.group(), limit) if found else record
