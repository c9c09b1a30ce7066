"""Personas drawn from attribute tables: unlimited, distinct, and the same for the same seed.

A persona is drawn attribute by attribute: age, region, occupation, schooling, household, interests, temperament, concern.
Each row drawn gives tags, and what comes after must fit the age and the tags so far, so that no pensioner is twelve and no
fisherman lives in the mountains. A wording is drawn last. The Japanese and the English tables were written independently of
each other and lie in ``tables/personas/<language>``; their weights are rough guesses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import count
from typing import ClassVar

from tanemaki.core.errors import SetupError, nearest
from tanemaki.core.record import FieldType, Origin
from tanemaki.core.seeding import Draw, hex_id
from tanemaki.core.source import Item
from tanemaki.sources.attributes import Attribute, Table, read_table

LANGUAGES = ("en", "ja")
TABLES = (
    "ages",
    "regions",
    "occupations",
    "schooling",
    "households",
    "interests",
    "temperaments",
    "concerns",
    "frames",
)
_TWO_INTERESTS = 0.7  # share of personas with two interests rather than one: a guess, as all weights are
_SPOKEN_WITH_A_VOWEL = {8, 11, 18, *range(80, 90)}  # "an eleven-year-old"


@dataclass(frozen=True, slots=True)
class Drawn:
    """The rows that make one persona."""

    age: int
    region: Attribute
    occupation: Attribute
    schooling: Attribute
    household: Attribute
    interests: Sequence[Attribute]
    temperament: Attribute
    concern: Attribute


class Personas:
    """A source of personas that never ends: item k depends on language, seed and k alone.

    Fields: ``persona`` (one or two sentences), ``age`` in years, ``occupation``, ``region``, ``schooling``, ``household``,
    ``interests`` (one or two), ``temperament``, ``concern``. Two items may be equal by chance;
    the engine passes over the second. Raises ``SetupError`` for a language that has no tables.

    Source: ours, since no sampler was at hand whose Japanese attributes fit together.

    >>> item = next(Personas("ja", seed=3).items())
    >>> item.fields["age"], item.fields["occupation"], item.fields["region"]
    (9, '小学3年生', '沖縄県うるま市')
    >>> print(item.fields["persona"])
    トレーディングカードゲームが好きな9歳の小学3年生。沖縄県うるま市に住み、このところ将来の夢を聞かれるたびに、答えに迷っている。
    """

    kind: ClassVar[str] = "personas"
    columns: ClassVar[Mapping[str, FieldType]] = {
        "persona": "text",
        "age": "integer",
        "occupation": "text",
        "region": "text",
        "schooling": "text",
        "household": "text",
        "interests": "texts",
        "temperament": "text",
        "concern": "text",
    }
    size: ClassVar[int | None] = None
    unlimited: ClassVar[bool] = True
    distinct: ClassVar[bool] = True

    def __init__(self, language: str, seed: int) -> None:
        if language not in LANGUAGES:
            near = nearest(language, LANGUAGES)
            raise SetupError(
                "there are no persona tables for this language",
                where="source of kind personas",
                got=repr(language),
                next=f"did you mean {near!r}?" if near else f"choose one of {', '.join(LANGUAGES)}",
            )
        self.language = language
        self.seed = seed
        contents = {name: _content(language, name) for name in TABLES}
        self.tables = _tables(contents)
        self.fingerprint = hex_id("personas", language, seed, *contents.values(), length=32)
        self._sources = (Origin(f"tanemaki/personas/{language}", licence="Apache-2.0"),)

    def items(self, start: int = 0) -> Iterator[Item]:
        """Yield the personas from place ``start`` on, without end; starting anywhere costs nothing."""
        for k in count(start):
            yield self.item(k)

    def item(self, k: int) -> Item:
        """Return the persona at place ``k``."""
        drawn, tags = self._drawn(k)
        frame = self.tables["frames"].pick(self._draw(k, "wording"), drawn.age, tags)
        slots = slots_of(self.language, drawn)
        fields = {
            "persona": frame.text.format_map(slots),
            "age": drawn.age,
            "occupation": slots["occupation"],
            "region": drawn.region.text,
            "schooling": drawn.schooling.text,
            "household": drawn.household.text,
            "interests": [interest.text for interest in drawn.interests],
            "temperament": drawn.temperament.text,
            "concern": drawn.concern.text,
        }
        return Item(fields, self._sources)

    def _draw(self, k: int, place: str) -> Draw:
        return Draw(self.seed, "personas", self.language, k, place)

    def _drawn(self, k: int) -> tuple[Drawn, set[str]]:
        """Return the attributes of persona ``k`` and the tags that they gave."""
        tables, tags = self.tables, set[str]()
        # three streams rather than one per attribute: making one costs as much as seven numbers drawn from it
        life, character = self._draw(k, "life"), self._draw(k, "character")
        bands = tables["ages"].rows
        band = life.weighted(bands, [band.weight for band in bands])
        age = life.between(band.min_age, band.max_age)

        def pick(table: str, draw: Draw) -> Attribute:
            row = tables[table].pick(draw, age, tags)
            tags.update(row.gives)
            return row

        drawn = Drawn(
            age=age,
            region=pick("regions", life),
            occupation=pick("occupations", life),
            schooling=pick("schooling", life),
            household=pick("households", life),
            interests=[
                pick("interests", character) for _ in range(1 + (character.uniform() < _TWO_INTERESTS))
            ],
            temperament=pick("temperaments", character),
            concern=pick("concerns", character),
        )
        return drawn, tags


def _content(language: str, table: str) -> str:
    path = files("tanemaki.sources") / "tables" / "personas" / language / f"{table}.tsv"
    return path.read_text(encoding="utf-8")


def _tables(contents: Mapping[str, str]) -> dict[str, Table]:
    """Return the tables, with the levels of schooling that an occupation allows as tags that it gives."""
    rows = {name: read_table(content) for name, content in contents.items()}
    ladder = list(dict.fromkeys(row.cells["level"] for row in rows["schooling"]))
    rows["schooling"] = tuple(
        replace(row, needs=(*row.needs, frozenset({f"level:{row.cells['level']}"})))
        for row in rows["schooling"]
    )
    rows["occupations"] = tuple(
        replace(row, gives=row.gives | {f"level:{level}" for level in _allowed(row, ladder)})
        for row in rows["occupations"]
    )
    return {name: Table(table) for name, table in rows.items()}


def _allowed(occupation: Attribute, ladder: list[str]) -> list[str]:
    first, last = occupation.cells["schooling_from"], occupation.cells["schooling_to"]
    return ladder[ladder.index(first) : ladder.index(last) + 1]


def slots_of(language: str, drawn: Drawn) -> dict[str, str | int]:
    """Return the words for the slots of a wording in this language."""
    return _slots_ja(drawn) if language == "ja" else _slots_en(drawn)


def _slots_ja(drawn: Drawn) -> dict[str, str | int]:
    return {
        "age": drawn.age,
        "occupation": drawn.occupation.text,
        "region": drawn.region.text,
        "household": drawn.household.text,
        "interests": "と".join(interest.text for interest in drawn.interests),
        "temperament": drawn.temperament.text,
        "concern": drawn.concern.text,
        "clause": drawn.schooling.cells["clause"],
    }


def _slots_en(drawn: Drawn) -> dict[str, str | int]:
    """Return the words for the slots; those that may begin a sentence also with a capital, under a capital name."""
    article, _, occupation = drawn.occupation.text.partition(" ")
    aged = f"{'an' if drawn.age in _SPOKEN_WITH_A_VOWEL else 'a'} {drawn.age}-year-old"
    slots: dict[str, str] = {
        "occupation": occupation,
        "an_occupation": f"{article} {occupation}",
        "aged": aged,
        "region": drawn.region.text,
        "place": drawn.region.text + ("," if "," in drawn.region.text else ""),
        "schooling": drawn.schooling.text,
        "household": drawn.household.text,
        "interests": " and ".join(interest.text for interest in drawn.interests),
        "temperament": drawn.temperament.text,
        "concern": drawn.concern.text,
    }
    capital = {name.capitalize(): value[:1].upper() + value[1:] for name, value in slots.items()}
    return {"age": drawn.age, **slots, **capital}
