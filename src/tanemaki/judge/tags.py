"""Tags of an instruction: what is asked, how hard it is, how well it is put, of what kind, in what language, how safe.

Most are a model's: each schema below is the form of one reply, for the step ``AskFields`` with a prompt of its name. The
words are the same in every language of the prompts, so that sets can be joined. The recipe ``tag`` puts them on any existing
set; to have them in a recipe of one's own, copy its prompts and write, say, ``AskFields("difficulty", of="judge",
given=("instruction",), schema=DIFFICULTY, sampling=GREEDY)``. A reply that is not exactly of the form is repaired once, then
the row fails by name: no tag is guessed, and none has a default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.core.errors import DataError, RecipeError, nearest, shorten
from tanemaki.core.model import Sampling
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.verdict import Reject
from tanemaki.text.language import guess_language

DIFFICULTIES = ("very easy", "easy", "medium", "hard", "very hard")
QUALITIES = ("very poor", "poor", "average", "good", "excellent")
CATEGORIES = (
    *(
        "Information seeking",
        "Reasoning",
        "Planning",
        "Editing",
        "Coding & Debugging",
        "Math",
        "Role playing",
    ),
    *("Data analysis", "Creative writing", "Advice seeking", "Brainstorming", "Others"),
)
"""The twelve task tags of Magpie, as its sets spell them."""
HAZARDS = (
    *("violence", "crime", "weapons", "sexual content", "child safety", "self-harm", "hate"),
    *("privacy", "defamation", "deception", "dangerous advice"),
)
GREEDY = Sampling(temperature=0.0, max_tokens=1024)  # unitag.py


def _form(title: str, **properties: Json) -> dict[str, Json]:
    return {
        "title": title,
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _some_of(names: tuple[str, ...], most: int) -> dict[str, Json]:
    return {
        "type": "array",
        "items": {"type": "string", "enum": list(names)},
        "uniqueItems": True,
        "maxItems": most,
    }


_TEXT: dict[str, Json] = {"type": "string", "minLength": 1, "maxLength": 600}
DIFFICULTY = _form(
    "difficulty", intent=_TEXT, knowledge=_TEXT, difficulty={"type": "string", "enum": list(DIFFICULTIES)}
)
"""Intent and needed knowledge come first: they are what the level is judged by."""
QUALITY = _form(
    "quality", quality_explanation=_TEXT, input_quality={"type": "string", "enum": list(QUALITIES)}
)
"""The reason comes before the rating."""
CATEGORY = _form(
    "category",
    task_category={"type": "string", "enum": list(CATEGORIES)},
    other_task_category=_some_of(CATEGORIES, 3),
)
SAFETY = _form("safety", hazards=_some_of(HAZARDS, 4), safety={"type": "string", "enum": ["safe", "unsafe"]})


@dataclass(frozen=True, slots=True)
class LanguageTag:
    """Write the language of a text: ``ja``, ``en``, ``other``, or ``undetermined`` where numbers and names do not tell.

    Cost: no call.
    Source: "Magpie" (arXiv 2406.08464) has the column. Differs: :mod:`tanemaki.text.language` knows two languages, and says
    where it does not know.

    >>> LanguageTag("instruction")(Record("a", (1,), {"instruction": "葛湯の作り方は？"}))
    {'language': 'ja'}
    """

    field: str
    """A text."""
    writes_to: str = "language"
    """The field that is written; the step's name is made of it."""

    @property
    def name(self) -> str:
        """The step's name."""
        return f"{self.writes_to}_tag"

    @property
    def reads(self) -> tuple[str, ...]:
        """The field that it looks at."""
        return (self.field,)

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The field that it adds."""
        return {self.writes_to: "text"}

    def __call__(self, record: Record) -> Mapping[str, Json]:
        """Give the language."""
        return {self.writes_to: guess_language(str(record[self.field] or "")).language}


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Keep records whose tag is at least as high on its scale as ``lowest``.

    Raises: ``DataError`` for a tag that is not on the scale: a missing tag is no low one.

    Reasons: ``below`` (measured: the tag; limit: the lowest that is kept).
    Source: "Magpie" (arXiv 2406.08464; ``data_sft/data_filter.ipynb``) keeps good and excellent instructions.

    >>> keep = AtLeast("input_quality", QUALITIES, "good")
    >>> keep(Record("a", (1,), {"input_quality": "average"}))
    Reject(reason='below', measured='average', limit='good', note=None)
    """

    field: str
    """The field with the tag; the step's name is made of it."""
    scale: tuple[str, ...]
    """All tags, from the lowest to the highest."""
    lowest: str
    reasons: ClassVar[tuple[str, ...]] = ("below",)

    def __post_init__(self) -> None:
        """Refuse a limit that is not on the scale."""
        if self.lowest not in self.scale:
            near = nearest(self.lowest, self.scale)
            raise RecipeError(
                f"AtLeast({self.field!r}): {self.lowest!r} is not on the scale",
                got=", ".join(self.scale),
                next=f"did you mean {near!r}?" if near else None,
            )

    @property
    def name(self) -> str:
        """The step's name."""
        return f"{self.field}_at_least"

    @property
    def reads(self) -> tuple[str, ...]:
        """The field with the tag."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        tag = record[self.field]
        if tag not in self.scale:
            raise DataError(
                f"the tag {self.field!r} is not on its scale",
                where=f"record {record.id}",
                got=shorten(tag),
                next=f"one of {', '.join(self.scale)}",
            )
        if self.scale.index(tag) < self.scale.index(self.lowest):
            return Reject("below", tag, self.lowest)
        return record
