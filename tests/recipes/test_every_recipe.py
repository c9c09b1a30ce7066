"""The fixed menu: what every recipe must show, with scripted replies and in each of its languages.

A new recipe folder is collected by itself: its golden file says what is to come out.
"""

from __future__ import annotations

import asyncio

import pytest

from support.context import Asked, End, in_order, walk
from tanemaki.core.model import Reply
from tanemaki.core.record import Record
from tanemaki.recipes import catalogue
from tanemaki.recipes.golden import Golden, golden

FOLDERS = {name: catalogue.find(name) for name in catalogue.names()}
ROWS = [(name, row) for name, folder in FOLDERS.items() for row in golden(folder.path)]
EACH_RECIPE = pytest.mark.parametrize("name", FOLDERS)
EACH_ROW = pytest.mark.parametrize(("name", "row"), ROWS, ids=[f"{name}-{row.name}" for name, row in ROWS])


def end_of(name: str, row: Golden, captured: list[Asked] | None = None) -> End:
    loaded = catalogue.load(name, row.language, row.options)
    return asyncio.run(walk(loaded.recipe, loaded.texts, row.record, in_order(row.replies), captured))


@EACH_RECIPE
def test_a_recipe_fits_together_in_all_of_its_languages(name: str) -> None:
    texts = catalogue.texts_of(FOLDERS[name])
    for language in texts:
        catalogue.load(name, language).recipe.check(texts)


@EACH_ROW
def test_a_golden_row_becomes_what_it_says(name: str, row: Golden) -> None:
    captured: list[Asked] = []
    end = end_of(name, row, captured)
    if row.expected is not None:
        assert end.reject is None
        assert dict(end.record.fields) == row.expected
    else:
        assert row.rejected is not None
        assert end.reject is not None
        assert (end.reject.reason, end.step) == (row.rejected["reason"], row.rejected["step"])
        assert (end.reject.note or "").startswith(row.rejected["note"])
    assert len(captured) == len(row.replies), (
        "every scripted reply is asked for, and nothing after a rejection"
    )


@EACH_RECIPE
def test_every_reason_of_a_recipe_has_a_planted_failure_in_each_language(name: str) -> None:
    for language in catalogue.texts_of(FOLDERS[name]):
        specs = catalogue.load(name, language).recipe.specs
        named = {(spec.name, reason) for spec in specs for reason in spec.reasons or ()}
        rows = [row for recipe, row in ROWS if recipe == name and row.language == language]
        planted = {(row.rejected["step"], row.rejected["reason"]) for row in rows if row.rejected}
        assert planted == named
        assert 3 <= sum(row.expected is not None for row in rows) <= 5


@EACH_RECIPE
def test_a_recipe_gives_its_fields_and_keeps_the_users(name: str) -> None:
    for recipe, row in ROWS:
        if recipe != name or row.expected is None:
            continue
        loaded = catalogue.load(name, row.language, row.options)
        mine = Record(row.record.id, row.record.ordinal, {**row.record.fields, "my_column": "私の列"})
        end = asyncio.run(walk(loaded.recipe, loaded.texts, mine, in_order(row.replies)))
        assert dict(end.record.fields) == {**row.expected, "my_column": "私の列"}
        assert set(loaded.recipe.needs) | set(loaded.recipe.writes) <= set(row.expected)


@EACH_RECIPE
def test_rows_come_out_the_same_side_by_side_and_in_reverse(name: str) -> None:
    rows = [row for recipe, row in ROWS if recipe == name]

    async def all_of(these: list[Golden]) -> dict[str, End]:
        async def one(row: Golden) -> End:
            loaded = catalogue.load(name, row.language, row.options)
            replies = in_order(row.replies)

            async def slowly(asked: Asked) -> Reply | str:
                for _ in range(len(asked.text) % 7):
                    await asyncio.sleep(0)
                said = replies(asked)
                assert isinstance(said, Reply | str)
                return said

            return await walk(loaded.recipe, loaded.texts, row.record, slowly)

        return dict(zip((row.name for row in these), await asyncio.gather(*map(one, these)), strict=True))

    alone = {row.name: end_of(name, row) for row in rows}
    assert asyncio.run(all_of(rows)) == alone
    assert asyncio.run(all_of(rows[::-1])) == alone
