"""A walk without haste ends every record as the engine does, whatever the engine does side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from support.context import Asked, End, walk_all
from support.runs import Captured, dataset, echo, numbers, order_for, table
from support.steps import Best, Draft, FromPool, Keep, Top, Unlike, answer
from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import DataError, RecipeError
from tanemaki.core.prompt import Texts
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import Children, Record, show_ordinal
from tanemaki.core.step import spec_of
from tanemaki.core.verdict import Reject
from tanemaki.run.execute import execute
from tanemaki.run.preview import first_records

NO_TEXTS = Texts("ja", {}, {})


def split(grown: str) -> Children:
    """Make two of one, none of every fourth."""
    if int(grown[-1], 16) < 4:
        return Children.of()
    return Children.of({"split": grown[-3:]}, {"split": grown[-6:-3]})


def fan(step: object) -> object:
    """Say of a plain function that it makes several of one."""
    spec = spec_of(step)
    return replace(spec, fans_out=True, writes={spec.name: "text"})


EVERYTHING = Recipe(
    needs=("question",),
    steps=(
        FromPool("unlike", epoch=4),
        Draft(3),
        Keep("draft", 0.7, name="keep_draft"),
        Best(),
        Unlike("grown", k=9),
        Top("best", 12),
        answer,
        fan(split),
        Unlike("split", k=12, most=2, name="unlike_split"),
        Keep("split", 0.8, name="keep_split"),
    ),
)
SHAPES = {
    "everything": EVERYTHING,
    "a group of drafts": Recipe(needs=("question",), steps=(Draft(2), Keep("draft", 0.5), Best(), answer)),
    "children of children": Recipe(
        needs=("question",), steps=(FromPool("unlike", 3), Draft(2), fan(split), Unlike("grown", k=5, most=4))
    ),
}


def walked(recipe: Recipe, records: list[Record], captured: list[Asked] | None = None) -> list[End]:
    return asyncio.run(
        walk_all(recipe, NO_TEXTS, records, lambda asked: echo(asked.request), captured, seed=7)
    )


def shown(fields: Mapping[str, object], recipe: Recipe) -> dict[str, object]:
    return {name: fields.get(name) for name in ("question", *recipe.writes)}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("concurrency", [1, 8])
def test_it_ends_every_record_as_the_engine_does(tmp_path: Path, name: str, concurrency: int) -> None:
    recipe = SHAPES[name]
    model = Captured(echo, slow=f"{name} {concurrency}")
    settings = {"writer": ModelSettings(kind="scripted", file="-", concurrency=concurrency)}
    order = order_for(recipe, numbers(24), tmp_path, model, seed=7, settings=settings)
    execute(order)
    records, _ = first_records(order, 24)
    captured: list[Asked] = []
    ends = walked(recipe, records, captured)

    accepted = {end.record.id: shown(end.record.fields, recipe) for end in ends if end.reject is None}
    assert {row["id"]: shown(row, recipe) for row in dataset(tmp_path)} == accepted
    assert len(accepted) > 5
    rejected = {
        (end.record.id, end.step, end.reject.reason, end.reject.note)
        for end in ends
        if end.reject is not None
    }
    assert {
        (row["id"], row["step"], row["reason"], row["note"]) for row in table(tmp_path / "rejected.parquet")
    } == rejected
    assert rejected
    assert sorted(map(str, (request.to_wire() for request in model.requests))) == sorted(
        str(asked.request.to_wire()) for asked in captured
    )


def test_replies_are_asked_for_record_by_record_and_child_by_child() -> None:
    async def review(draft: str, *, writer: Any) -> str:
        return str((await writer(f"評 {draft}")).text)

    recipe = Recipe(needs=("question",), steps=(Draft(2), review, Best(), Top("best", 9), answer))
    captured: list[Asked] = []
    records = [Record(f"r{n}", (n,), {"question": f"問い{n}"}) for n in (1, 2)]
    walked(recipe, records, captured)
    first = ["r1 draft", "r1 draft", "child review", "child review"]
    second = ["r2 draft", "r2 draft", "child review", "child review"]
    told = [f"{one.record_id if one.record_id in ('r1', 'r2') else 'child'} {one.step}" for one in captured]
    assert told == [*first, *second, "r1 answer", "r2 answer"]


def test_ends_stand_in_the_order_of_ordinals_and_a_childless_record_is_rejected() -> None:
    recipe = Recipe(needs=("grown",), steps=(fan(split), Keep("split", 0.6)))
    records = [Record(f"r{n}", (n,), {"grown": f"{n:06x}"}) for n in (7, 1, 9)]
    ends = walked(recipe, records)
    assert [show_ordinal(end.record.ordinal) for end in ends] == ["1", "7.1", "7.2", "9.1", "9.2"]
    assert (ends[0].step, ends[0].reject) == ("split", Reject("no_children", 0, 1))


def test_an_undeclared_reason_and_a_wrong_type_are_told() -> None:
    def bad(question: Any) -> int:
        return cast("int", question)

    record = Record("r", (1,), {"question": "問い"})
    with pytest.raises(RecipeError, match="wrote"):
        walked(Recipe(needs=("question",), steps=(bad,)), [record])

    async def worse(question: str, *, writer: object) -> int:
        return cast("int", question)

    with pytest.raises(DataError, match="the field 'worse' holds"):
        walked(Recipe(needs=("question",), steps=(worse,)), [record])
