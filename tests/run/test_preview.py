from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from support.runs import Captured, echo, numbers, order_for
from support.steps import FromPool, Unlike
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import Children
from tanemaki.core.verdict import Reject
from tanemaki.models.scripted import Scripted
from tanemaki.recipes import catalogue
from tanemaki.run.execute import execute
from tanemaki.run.preview import preview, show_fields
from tanemaki.sources.given import Given


async def answer(question: str, *, writer: Any, draw: Any) -> str:
    said = await writer(f"{question} ({draw.below(1000)})")
    return str(said.text)


async def second(answer: str, *, writer: Any) -> str:
    return str((await writer(answer)).text)


def grade(question: str) -> str:
    return "short" if len(question) < 10 else "long"


RECIPE = Recipe(steps=(grade, answer, second), needs=("question",))


def test_the_prompts_are_those_that_the_run_then_sends(tmp_path: Path) -> None:
    model = Captured(echo)
    order = order_for(RECIPE, numbers(5), tmp_path / "a", model)
    shown = preview(order, n_rows=5)
    assert model.requests == []
    execute(order)
    first = [request.to_wire() for request in model.requests if "番目の問い" in str(request.messages)]
    asked = [one.request.to_wire() for row in shown.rows for one in row.asked]
    assert sorted(map(str, asked)) == sorted(map(str, first))
    assert [row.record.get("grade") for row in shown.rows] == ["short"] * 5
    assert shown.rows[0].left == ("answer", "second")


def test_nothing_is_written(tmp_path: Path) -> None:
    preview(order_for(RECIPE, numbers(2), tmp_path / "a", Scripted([])))
    assert list(tmp_path.iterdir()) == []


def test_a_row_that_is_rejected_before_any_request_says_so(tmp_path: Path) -> None:
    def grade(question: str) -> Reject:
        return Reject("too_easy", measured=1, limit=3)

    shown = preview(
        order_for(Recipe(steps=(grade, answer), needs=("question",)), numbers(1), tmp_path, Scripted([]))
    )
    assert "rejected by step 'grade': too_easy, before any request" in str(shown)
    assert shown.to_json()["rows"][0]["rejected"] == {"step": "grade", "reason": "too_easy"}


def test_of_several_children_the_first_goes_on_and_their_number_is_told(tmp_path: Path) -> None:
    class Split:
        reads, writes, fans_out = ("question",), {"part": "text"}, True

        def __call__(self, record: Any) -> Children:
            return Children.of({"part": "前半"}, {"part": "後半"})

    async def ask_on(part: str, *, writer: Any) -> str:
        return str((await writer(f"{part}について")).text)

    recipe = Recipe(steps=(Split(), ask_on), needs=("question",))
    shown = preview(order_for(recipe, numbers(1), tmp_path, Scripted([])))
    (end,) = shown.rows
    assert (end.record["part"], end.n_children, end.left) == ("前半", 2, ("ask_on",))
    assert [asked.request.messages[-1]["content"] for asked in end.asked] == ["前半について"]
    assert "the first of 2 that are made of it" in str(shown)


def test_a_step_that_asks_before_it_makes_several_records_of_one_is_left(tmp_path: Path) -> None:
    class Several:
        reads, writes, fans_out, roles = ("question",), {"answer": "text"}, True, ("writer",)

        async def __call__(self, record: Any, context: Any) -> Children:
            reply = await context.ask("writer", str(record["question"]))
            return Children.of({"answer": reply.text}, {"answer": reply.text})

    shown = preview(
        order_for(Recipe(steps=(Several(),), needs=("question",)), numbers(1), tmp_path, Scripted([]))
    )
    assert (shown.rows[0].left, shown.rows[0].n_children) == (("several",), 1)


@pytest.mark.parametrize(
    ("name", "options", "row"),
    [
        ("persona_expand", {"start": "persona"}, {"persona": "島の灯台を守る人"}),
        ("follow_up", {"first": "instruction"}, {"instruction": "柿の渋の抜き方を教えて。"}),
    ],
)
def test_a_golden_row_whose_source_is_another_is_no_sample(
    name: str, options: dict[str, Any], row: dict[str, str], tmp_path: Path
) -> None:
    loaded = catalogue.load(name, "ja", options)
    shown = preview(
        order_for(loaded.recipe, [row], tmp_path, Scripted([]), texts=loaded.texts), loaded.folder
    )
    assert shown.rows[0].asked or shown.rows[0].left
    assert shown.sample is None or set(row) <= set(shown.sample)


def test_rows_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "一つ目"}\n{broken\n{"question": "二つ目"}\n', encoding="utf-8")
    from tanemaki.config.schema import SourceSettings
    from tanemaki.sources import open_source

    source = open_source(SourceSettings(kind="jsonl", path="q.jsonl"), "ja", 0, tmp_path)
    shown = preview(order_for(RECIPE, source, tmp_path / "a", Scripted([])))
    assert len(shown.rows) == 2
    assert "q.jsonl:2" in shown.unreadable[0]


def test_it_works_inside_a_running_event_loop(tmp_path: Path) -> None:
    order = order_for(RECIPE, Given(numbers(2)), tmp_path, Scripted([]))

    async def notebook() -> int:
        return len(preview(order).rows)

    assert asyncio.run(notebook()) == 2


def test_the_sample_is_a_golden_row_in_the_runs_language(tmp_path: Path) -> None:
    loaded = catalogue.load("persona_dialogue", "ja")
    from tanemaki.run.order import order_of

    order = order_of(
        loaded.recipe,
        Given([{"persona": "山形県の農家"}]),
        {"writer": Scripted([])},
        tmp_path,
        texts=loaded.texts,
    )
    shown = preview(order, loaded.folder)
    assert shown.sample is not None
    assert shown.n_requests is not None
    assert shown.n_requests == len(shown.sample["messages"])


def test_long_texts_and_dialogues_stand_below_their_names() -> None:
    shown = show_fields(
        {"a": "短い", "b": "長" * 200, "c": [{"role": "user", "content": "一"}], "d": None, "e": "二\n三"}
    )
    assert shown.splitlines() == [
        "  a: 短い",
        "  b:",
        "    " + "長" * 200,
        "  c:",
        "    user: 一",
        "  d: ",
        "  e:",
        "    二",
        "    三",
    ]


def test_lists_of_mappings_are_told_apart_and_moved_to_the_right() -> None:
    labels = [{"name": "苦情", "places": ["店", "道"]}, {"name": "質問", "places": []}]
    shown = show_fields(
        {"labels": labels, "score": {"value": 4, "said": [{"role": "user", "content": "一"}]}}
    )
    assert shown.splitlines() == [
        "  labels:",
        "    - name: 苦情",
        "      places:",
        "        店",
        "        道",
        "    - name: 質問",
        "      places: ",
        "  score:",
        "    value: 4",
        "    said:",
        "      user: 一",
    ]


def test_draws_of_the_first_epoch_are_shown_as_the_run_makes_them(tmp_path: Path) -> None:
    recipe = Recipe(needs=("question",), steps=(FromPool("unlike", epoch=2), Unlike("grown", k=9)))
    model = Captured(echo)
    order = order_for(recipe, numbers(3), tmp_path / "a", model)
    shown = preview(order, n_rows=3)
    execute(order)
    sent = {str(request.to_wire()) for request in model.requests}
    asked = [{str(one.request.to_wire()) for one in row.asked} for row in shown.rows]
    assert [len(one) for one in asked] == [1, 1, 0]
    assert asked[0] | asked[1] <= sent
    assert shown.rows[2].left == ("from_pool", "unlike")
