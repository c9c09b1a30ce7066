"""Japanese and English side by side: each text with its translation, checked, in either order.

For: pre-training on parallel text, which carries knowledge from one language to the other; translation data as a by-product.
Source: "Method A'" of tanukis: a second call translates, and both sides become one text.
Differs: the run's language is the source's, in both directions; every pair is checked for language, length, numbers,
addresses, names, paragraphs and remainders, and goes as a whole or not at all; long texts are cut at their own boundaries.
"""

from __future__ import annotations

from typing import Literal

from tanemaki.clean.filters.boilerplate import Boilerplate
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.opening import Opening
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.clean.filters.repetition import Repetition
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe
from tanemaki.generate.ask import Ask
from tanemaki.generate.sides import JoinSides, Order
from tanemaki.generate.window import TakeWindow
from tanemaki.verify.translation import Translated

_MARKERS = {"ja": ("Translation:", "English translation:"), "en": ("訳文：", "翻訳：", "日本語訳：")}


def build(language: str, *, order: Order = "either", min_chars: int = 20, max_chars: int = 1200) -> Recipe:
    """Return the recipe that translates from ``language`` into the other one.

    ``order`` is that of the two sides in the joined text. A text longer than ``max_chars`` becomes several pairs.
    """
    if not 1 <= min_chars <= max_chars:
        raise SetupError(
            "a text is cut to lengths from min_chars, 1 or more, up to max_chars",
            where="options",
            got=f"min_chars {min_chars}, max_chars {max_chars}",
            next="e.g. min_chars: 20, max_chars: 1200",
        )
    into: Literal["ja", "en"] = "en" if language == "ja" else "ja"
    return Recipe(
        needs=("text",),
        steps=(
            TakeWindow("passage", of="text", min_chars=min_chars, max_chars=max_chars, every=True),
            Language("passage", language),
            Ask(
                "translation",
                of="translator",
                given=("passage",),
                filters=(
                    Refusal("text", into),
                    Boilerplate("text", into, asked="passage"),
                    Opening("text", _MARKERS[language]),
                    Refusal("text", into),  # both behind the marker, too
                    Boilerplate("text", into, asked="passage"),
                    Repetition("text"),
                ),
                sampling=Sampling(
                    temperature=0.1, max_tokens=2048
                ),  # as the rewriting before it (method A); method A' states none
            ),
            Translated("translation", of="passage", into=into),
            JoinSides("parallel", source="passage", target="translation", language=language, order=order),
        ),
        hidden=("passage", "translation"),
    )
