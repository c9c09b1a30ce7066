"""Personas from texts, and more personas from each of them: the people around a person, hop by hop.

For: a wide and uneven population of personas as the seed of other recipes (persona_dialogue and the like).
Source: Persona-Hub (arXiv 2406.20094, section 2): text to persona, persona to
persona along relations up to six hops, MinHash on 1-grams (128 permutations, 0.9), then similarity 0.9 again. Columns
beside those of FinePersonas. Differs: relations are drawn from a table and not chosen by the model, so that
friends and colleagues do not crowd out the rest; every row has ``parent_id``, ``hop`` and ``relation``; a bad link
ends its chain and is named; a link that says again what an earlier one of its chain said is ``near_copy``; the second
level of de-duplication is lexical (cosine of character trigrams) instead of embeddings, so it needs no second model
and finds no paraphrases; rows that differ in numbers, negation or names are kept.
"""

from __future__ import annotations

from typing import Literal

from tanemaki.clean.dedup.near_duplicate import NearDuplicate
from tanemaki.clean.filters.boilerplate import Boilerplate
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.length import Length
from tanemaki.clean.filters.near_copy import NearCopy
from tanemaki.clean.filters.opening import Opening
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.clean.filters.several_items import SeveralItems
from tanemaki.clean.filters.unfilled import Unfilled
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe
from tanemaki.generate.relate import MOST_HOPS, Relate, SoundLink

_MARKERS = {"ja": "人物：", "en": "Persona:"}
_CHARS = {"ja": (15, 200), "en": (30, 450)}  # one or two sentences; Persona-Hub's have 60 to 300 letters


def build(
    language: str,
    *,
    start: Literal["text", "persona"] = "text",
    hops: int = MOST_HOPS,
    similarity: float = 0.9,
) -> Recipe:
    """Return the recipe: a chain of ``hops`` links begins with the field ``text`` (0 to 6) or ``persona`` (1 to 6)."""
    if not (start == "persona") <= hops <= MOST_HOPS or not 0 < similarity <= 1:
        raise SetupError(
            "a chain has at most 6 hops, at least 1 where it begins with a persona; similarity is above 0 and at most 1",
            where="options",
            got=f"start {start}, hops {hops}, similarity {similarity}",
            next="e.g. hops: 6, similarity: 0.9",
        )
    low, high = _CHARS[language]
    chain = Relate(
        "related_persona",
        of="writer",
        hops=hops,
        persona="persona" if start == "persona" else None,
        text="text" if start == "text" else None,
        filters=(
            Refusal("text", language),
            Language("text", language),
            Opening("text", _MARKERS[language]),
            Refusal("text", language),  # behind the marker, too
            Boilerplate("text", language),
            Unfilled("text", language),
            SeveralItems("text"),
            Length("text", min_chars=low, max_chars=high),
            NearCopy("text", of="earlier"),
            NearCopy("text", of="examples"),
        ),
        sampling=Sampling(
            temperature=0.7, top_p=0.95, max_tokens=512
        ),  # Persona-Hub's scripts: 0.7 or 0.6, 0.95
    )
    return Recipe(
        needs=(start,),
        steps=(
            chain,
            SoundLink(chain.faults),
            NearDuplicate("related_persona", by="words", max_similarity=similarity),
            NearDuplicate("related_persona", by="trigrams", max_similarity=similarity),
        ),
        hidden=("fault",),
    )
