"""The fixed menu: what every recipe must show, with scripted replies and in each of its languages.

A new recipe folder is collected by itself: its golden file says what is to come out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from support.context import Asked, End, in_order, walk_all
from tanemaki.core.model import Reply
from tanemaki.core.plan import plan_of
from tanemaki.core.record import Record
from tanemaki.recipes import catalogue
from tanemaki.recipes.golden import Golden, golden

FOLDERS = {name: catalogue.find(name) for name in catalogue.names()}
ROWS = [(name, row) for name, folder in FOLDERS.items() for row in golden(folder.path)]
EACH_RECIPE = pytest.mark.parametrize("name", FOLDERS)
EACH_ROW = pytest.mark.parametrize(("name", "row"), ROWS, ids=[f"{name}-{row.name}" for name, row in ROWS])
Place = tuple[str, str, int, int]


def place_of(asked: Asked) -> Place:
    return asked.record_id, asked.step, asked.place, asked.sample


def ends_of(
    name: str,
    row: Golden,
    captured: list[Asked] | None = None,
    records: Sequence[Record] | None = None,
) -> list[End]:
    loaded = catalogue.load(name, row.language, row.options)
    script = in_order(row.replies)
    return asyncio.run(walk_all(loaded.recipe, loaded.texts, records or row.records, script, captured))


@EACH_RECIPE
def test_a_recipe_fits_together_in_all_of_its_languages(name: str) -> None:
    texts = catalogue.texts_of(FOLDERS[name])
    for language in texts:
        catalogue.load(name, language).recipe.check(texts)


@EACH_ROW
def test_a_golden_row_becomes_what_it_says(name: str, row: Golden) -> None:
    captured: list[Asked] = []
    ends = ends_of(name, row, captured)
    assert len(ends) == len(row.ends)
    for end, wanted in zip(ends, row.ends, strict=True):
        if wanted.expected is not None:
            assert end.reject is None
            assert dict(end.record.fields) == wanted.expected
        else:
            assert wanted.rejected is not None
            assert end.reject is not None
            assert (end.reject.reason, end.step) == (wanted.rejected["reason"], wanted.rejected["step"])
            assert (end.reject.note or "").startswith(wanted.rejected.get("note", ""))
    assert len(captured) == len(row.replies), (
        "every scripted reply is asked for, and nothing after a rejection"
    )


@EACH_RECIPE
def test_every_reason_of_a_recipe_has_a_planted_failure_in_each_language(name: str) -> None:
    for language in catalogue.texts_of(FOLDERS[name]):
        rows = [row for recipe, row in ROWS if recipe == name and row.language == language]
        variants = [
            catalogue.load(name, language, options).recipe for options in ({}, *(row.options for row in rows))
        ]
        named = {
            (spec.name, reason) for one in variants for spec in one.specs for reason in spec.reasons or ()
        }
        ends = [end for row in rows for end in row.ends]
        planted = {(end.rejected["step"], end.rejected["reason"]) for end in ends if end.rejected}
        assert planted == named
        assert sum(end.expected is not None for end in ends) >= 3
        assert 1 <= sum(all(end.rejected is None for end in row.ends) for row in rows) <= 5


@EACH_RECIPE
def test_a_recipe_gives_its_fields_and_keeps_the_users(name: str) -> None:
    for recipe, row in ROWS:
        if recipe != name or row.expected is None:
            continue
        loaded = catalogue.load(name, row.language, row.options)
        plan = plan_of(loaded.recipe.specs)
        merged = {
            name for fan, group in plan.groups.items() for one in plan.specs[fan:group] for name in one.writes
        }
        mine = [replace(one, fields={**one.fields, "my_column": "私の列"}) for one in row.records]
        for end, wanted in zip(ends_of(name, row, records=mine), row.ends, strict=True):
            if wanted.expected is None:
                continue
            assert dict(end.record.fields) == {**wanted.expected, "my_column": "私の列"}
            assert {*loaded.recipe.needs, *loaded.recipe.writes} - merged <= set(wanted.expected)


@EACH_RECIPE
def test_rows_come_out_the_same_side_by_side_and_in_reverse(name: str) -> None:
    rows = [row for recipe, row in ROWS if recipe == name]

    async def all_of(these: list[Golden]) -> dict[tuple[str, str], list[End]]:
        async def one(row: Golden) -> list[End]:
            loaded = catalogue.load(name, row.language, row.options)
            replies = in_order(row.replies)

            async def slowly(asked: Asked) -> Reply | str:
                said = replies(asked)  # as asked: the calls of one step may be in flight side by side
                for _ in range(len(asked.text) % 7):
                    await asyncio.sleep(0)
                assert isinstance(said, Reply | str)
                return said

            return await walk_all(loaded.recipe, loaded.texts, row.records, slowly)

        told = ((row.language, row.name) for row in these)
        return dict(zip(told, await asyncio.gather(*map(one, these)), strict=True))

    alone = {(row.language, row.name): ends_of(name, row) for row in rows}
    assert len(alone) == len(rows), "the golden rows of a language have names of their own"
    assert asyncio.run(all_of(rows)) == alone
    assert asyncio.run(all_of(rows[::-1])) == alone


@EACH_RECIPE
def test_records_that_do_not_look_at_one_another_end_the_same_in_reverse(name: str) -> None:
    for recipe, row in ROWS:
        if recipe != name or len(row.records) == 1:
            continue
        loaded = catalogue.load(name, row.language, row.options)
        if plan_of(loaded.recipe.specs).looks_across:
            continue
        captured: list[Asked] = []
        ends = ends_of(name, row, captured)
        said: dict[Place, Reply] = dict(zip(map(place_of, captured), row.replies, strict=True))
        reverse = [replace(one, ordinal=(place,)) for place, one in enumerate(reversed(row.records), 1)]
        turned = asyncio.run(
            walk_all(loaded.recipe, loaded.texts, reverse, lambda asked: said[place_of(asked)])  # noqa: B023 - called at once
        )
        assert {end.record.id: (end.record.fields, end.reject, end.step) for end in turned} == {
            end.record.id: (end.record.fields, end.reject, end.step) for end in ends
        }
