"""Whatever a recipe picks from a table comes up by the table's weights, and neighbouring seeds share no more than chance.

Every step ``Pick`` of every recipe is collected by itself, in both languages; the fields that narrow a draw are those of an
accepted golden row. What draws in its own way (modes, orders, operators, kinds of tools) has its test beside the step.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from math import sqrt

import pytest

from support.context import Asked, ScriptedContext
from support.phase1 import chi_square
from tanemaki.core.model import Reply
from tanemaki.core.prompt import Row
from tanemaki.core.record import Json, Record
from tanemaki.generate.pick import Pick
from tanemaki.recipes import catalogue
from tanemaki.recipes.golden import golden

N = 800
LANGUAGES = ("ja", "en")


@cache
def drawn_of(name: str, language: str) -> dict[str, Json]:
    """Return the fields of an accepted golden row, hidden ones among them."""
    rows = golden(catalogue.find(name).path)
    return next(
        (dict(row.expected) for row in rows if row.language == language and row.expected is not None), {}
    )


def picks(name: str, language: str) -> list[Pick]:
    steps = catalogue.load(name, language).recipe.steps
    return [
        step for step in steps if isinstance(step, Pick) and set(step.reads) <= set(drawn_of(name, language))
    ]


CASES = [
    pytest.param(name, language, place, id=f"{name}-{pick.field}-{language}")
    for name in catalogue.names()
    for language in LANGUAGES
    for place, pick in enumerate(picks(name, language))
]


def fits(row: Row, pick: Pick, fields: dict[str, Json]) -> bool:
    """Say whether a row may come up: its cell and the field that narrows the draw share a word, or the field says all."""
    for column, field in pick.where.items():
        words = str(fields[field]).split()
        if "*" not in words and not any(word in words for word in row[column].split()):
            return False
    return True


def silent(_: Asked) -> Reply:
    return Reply("")


@cache
def draws(name: str, language: str, place: int, seed: int) -> list[str]:
    pick, loaded = picks(name, language)[place], catalogue.load(name, language)
    fields = {key: drawn_of(name, language)[key] for key in pick.reads}
    found = []
    for number in range(N):
        of = f"r{number}"
        context = ScriptedContext(loaded.texts, silent, recipe=name, step=pick.name, record_id=of, seed=seed)
        told = pick(Record(of, (number + 1,), fields), context)
        found.append(str(told[pick.field]))
    return found


def weights_of(name: str, language: str, place: int) -> dict[str, float]:
    pick, fields = picks(name, language)[place], drawn_of(name, language)
    weights: dict[str, float] = {}
    for row in catalogue.load(name, language).texts.tables[pick.table]:
        cell, weight = row[pick.column or pick.field], float(row.get("weight", 1))
        if fits(row, pick, fields) and weight > 0:
            weights[cell] = weights.get(cell, 0) + weight
    return weights


def test_there_are_draws_to_look_at() -> None:
    assert len(CASES) > 30


@pytest.mark.parametrize(("name", "language", "place"), CASES)
def test_a_table_comes_up_by_its_weights(name: str, language: str, place: int) -> None:
    """Fault 9: a choice was made once for a process and not for a row."""
    seen, weights = Counter(draws(name, language, place, seed=7)), weights_of(name, language, place)
    assert set(seen) <= set(weights)
    degrees = len(weights) - 1
    assert chi_square(seen, weights) <= degrees + 5 * sqrt(2 * degrees), seen.most_common(5)


@pytest.mark.parametrize(("name", "language", "place"), CASES)
def test_neighbouring_seeds_share_no_more_draws_than_chance(name: str, language: str, place: int) -> None:
    """Fault 10: jobs with neighbouring seeds repeated each other."""
    one, other = (draws(name, language, place, seed) for seed in (7, 8))
    weights = weights_of(name, language, place).values()
    chance = sum((weight / sum(weights)) ** 2 for weight in weights)
    same = sum(a == b for a, b in zip(one, other, strict=True))
    assert abs(same - N * chance) <= 5 * sqrt(N * chance * (1 - chance)) + 1
