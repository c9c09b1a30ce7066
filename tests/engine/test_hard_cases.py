"""Cases that a hostile reader found: each hung, lost, paid twice or lied once."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from support.runs import Captured, dataset, echo, files, numbers, order_for, run, table
from support.steps import Draft, Keep, Top, Unlike, answer
from tanemaki.config.schema import Limits, ModelSettings
from tanemaki.core.errors import LimitReached, ModelError, RecipeError
from tanemaki.core.model import Reply, Request
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import Children, FieldType, Origin, Record
from tanemaki.core.source import BadItem, Item
from tanemaki.core.step import Asker
from tanemaki.core.verdict import Reject
from tanemaki.engine.stored import dump, load
from tanemaki.models.scripted import Scripted, last_text
from tanemaki.run.execute import execute
from tanemaki.sources.given import Given

ONE = Recipe(needs=("question",), steps=(answer,), name="one")


@dataclass(frozen=True)
class Bug:
    """Fail on the first child only."""

    name: str = "bug"
    reads: ClassVar[tuple[str, ...]] = ("draft",)

    def __call__(self, record: Record) -> Record:
        if record.ordinal == (1, 1):
            raise ZeroDivisionError
        return record


def test_a_run_ends_though_a_sibling_waits_at_an_ordered_step(tmp_path: Path) -> None:
    recipe = Recipe(needs=("question",), steps=(Draft(2), Bug(), Unlike("draft", 50)), name="waits")
    with pytest.raises(ZeroDivisionError):
        run(recipe, numbers(3), tmp_path / "r", Captured(echo))


def leaves(question: str) -> str:
    """Leave as a program does that wants to end."""
    raise SystemExit(0) if question.startswith("2") else SystemExit("終わり")


async def leaves_while_it_asks(question: str, *, writer: Asker) -> str:
    await writer(question)
    raise SystemExit(0)


class LeavesInOrder(Unlike):
    def decide(self, state: dict[int, int], record: Record) -> Record | Reject:
        del state, record
        raise SystemExit(0)


@pytest.mark.parametrize(
    ("step", "name"),
    [
        (leaves, "leaves"),
        (leaves_while_it_asks, "leaves_while_it_asks"),
        (LeavesInOrder("question", 3), "unlike"),
    ],
    ids=["pure", "asking", "ordered"],
)
def test_a_step_that_leaves_the_program_is_told_as_a_bug_and_ends_no_run_as_if_it_were_done(
    step: Any, name: str, tmp_path: Path
) -> None:
    recipe = Recipe(needs=("question",), steps=(answer, step), name="leaves")
    with pytest.raises(RecipeError, match=f"step '{name}' tried to end the program") as caught:
        run(recipe, numbers(3), tmp_path / "r", Captured(echo))
    assert caught.value.next is not None
    assert "Reject" in caught.value.next


def test_half_a_surrogate_pair_stops_no_run(tmp_path: Path) -> None:
    async def odd(question: str, *, writer: Asker) -> str | Reject:
        text: str = (await writer(question)).text
        return Reject("odd", note=text) if question.startswith("2") else text

    recipe = Recipe(needs=("question",), steps=(odd,), name="halves")
    run(recipe, numbers(3), tmp_path / "r", Captured(lambda _: "half \ud83d"))
    assert [row["odd"] for row in dataset(tmp_path / "r")] == ["half \ufffd"] * 2
    assert table(tmp_path / "r" / "rejected.parquet")[0]["note"] == "half ?"


def test_a_step_that_catches_everything_cannot_hide_a_limit(tmp_path: Path) -> None:
    async def safe(question: str, *, writer: Asker) -> str:
        try:
            return str((await writer(question)).text)
        except RuntimeError:
            return "FALLBACK"

    recipe = Recipe(needs=("question",), steps=(safe,), name="safe")
    with pytest.raises(LimitReached):
        run(recipe, numbers(10), tmp_path / "r", Captured(echo), limits=Limits(requests=3))
    run(recipe, numbers(10), tmp_path / "r", Captured(echo))
    assert not [row for row in dataset(tmp_path / "r") if row["safe"] == "FALLBACK"]


def test_quick_rejections_do_not_stop_a_run_whose_good_rows_are_slow(tmp_path: Path) -> None:
    async def slow(request: Request) -> Reply:
        for _ in range(400):
            await asyncio.sleep(0)
        return echo(request)

    recipe = Recipe(needs=("question",), steps=(Keep("question", 0.4), answer), name="quick")
    assert run(recipe, numbers(1000), tmp_path / "r", Scripted(slow), rows=60).state == "complete"


def test_rejections_before_a_set_step_are_no_sign_of_a_bad_run(tmp_path: Path) -> None:
    recipe = Recipe(needs=("question",), steps=(Keep("question", 0.3), answer, Top("answer", 20)), name="set")
    assert run(recipe, numbers(200), tmp_path / "r", Captured(echo), rows=10).accounting.accepted == 10


class Malformed(Given):
    """Every second row cannot be read."""

    def items(self, start: int = 0) -> Iterator[Item | BadItem]:
        for place, item in enumerate(super().items(start)):
            yield item if place % 2 else BadItem("no JSON", f"rows.jsonl:{place + 1}", "{")


def test_malformed_rows_are_counted_and_never_fatal(tmp_path: Path) -> None:
    report = run(
        ONE, Malformed(numbers(100)), tmp_path / "r", Captured(echo), limits=Limits(failed_share=0.1)
    )
    assert (report.accounting.accepted, report.accounting.failed) == (50, 50)
    assert report.accounting.balances
    assert table(tmp_path / "r" / "failed.parquet")[0]["message"] == "rows.jsonl:1: no JSON"
    report = run(ONE, Malformed(numbers(100)), tmp_path / "n", Captured(echo), rows=7)
    assert (report.accounting.accepted, report.accounting.failed) == (7, 7)


def test_a_value_of_the_wrong_type_is_found_before_the_export(tmp_path: Path) -> None:
    def length(answer: str) -> int:
        return len(answer)

    del length.__annotations__["return"]  # a user forgot it

    async def sometimes(question: str, *, writer: Asker) -> object:
        reply = await writer(question)
        return reply.text if question.startswith("1") else 7

    recipe = Recipe(needs=("question",), steps=(answer, length), name="typed")
    with pytest.raises(RecipeError, match="wrote an integer instead of a text into the field 'length'"):
        run(recipe, numbers(3), tmp_path / "r", Captured(echo))

    sometimes.__annotations__["return"] = str
    recipe = Recipe(needs=("question",), steps=(sometimes,), name="sometimes")
    run(recipe, numbers(3), tmp_path / "s", Captured(echo), limits=Limits(failed_share=None))
    assert len(dataset(tmp_path / "s")) == 1
    assert "holds an integer instead of a text" in table(tmp_path / "s" / "failed.parquet")[0]["message"]


def test_a_pure_step_that_gives_a_coroutine_is_told_to_wait(tmp_path: Path) -> None:
    def forgot(question: str, *, writer: Asker) -> object:
        return writer(question)

    recipe = Recipe(needs=("question",), steps=(forgot,), name="forgot")
    with pytest.raises(RecipeError, match="gave back a coroutine"):
        run(recipe, numbers(1), tmp_path / "r", Captured(echo))


def test_a_lowered_limit_shows_fewer_rows(tmp_path: Path) -> None:
    for recipe, name in (
        (ONE, "chain"),
        (Recipe(needs=("question",), steps=(answer, Top("answer", 2)), name="t"), "set"),
    ):
        run(recipe, numbers(9), tmp_path / name, Captured(echo), limit=6)
        run(recipe, numbers(9), tmp_path / name, Captured(echo), limit=3)
        run(recipe, numbers(9), tmp_path / f"{name}-fresh", Captured(echo), limit=3)
        assert files(tmp_path / name) == files(tmp_path / f"{name}-fresh")


class Broken(Given):
    """Fails at the hundred and fiftieth row."""

    def items(self, start: int = 0) -> Iterator[Item | BadItem]:
        for place, item in enumerate(super().items(start)):
            if place == 149:
                raise OSError("the disk was pulled out")
            yield item


def test_replies_in_flight_arrive_though_the_source_breaks(tmp_path: Path) -> None:
    model = Captured(echo, slow="s")
    with pytest.raises(OSError, match="pulled out"):
        run(ONE, Broken(numbers(200)), tmp_path / "r", model)
    db = sqlite3.connect(tmp_path / "r" / "journal.sqlite")
    held = db.execute("SELECT count(*) FROM calls").fetchone()[0]
    db.close()
    assert held == len(model.requests) > 0


def test_going_back_to_an_earlier_filter_or_prompt_pays_for_nothing(tmp_path: Path) -> None:
    def told(prefix: str) -> Recipe:
        async def first(question: str, *, writer: Asker) -> str:
            return str((await writer(prefix + question)).text)

        return Recipe(needs=("question",), steps=(first, Unlike("first", 40)), name="back")

    model = Captured(echo)
    for prefix, paid in (("甲", 5), ("乙", 10), ("甲", 10), ("乙", 10)):
        run(told(prefix), numbers(5), tmp_path / "r", model)
        assert len(model.requests) == paid


def test_retry_asks_again_only_for_what_failed(tmp_path: Path) -> None:
    broken = True

    def reply(request: Request) -> Reply:
        if broken and last_text(request).startswith("乙"):
            raise ModelError("not now", fault="bad_request")
        return echo(request)

    async def two(question: str, *, writer: Asker) -> str:
        first = (await writer("甲" + question)).text
        return first + str((await writer("乙" + question)).text)

    model = Captured(reply)
    recipe = Recipe(needs=("question",), steps=(two,), name="two")
    limits = Limits(failed_share=None)
    execute(order_for(recipe, numbers(3), tmp_path / "r", model, limits=limits))
    assert len(model.requests) == 6
    broken = False
    execute(order_for(recipe, numbers(3), tmp_path / "r", model, limits=limits), retry=True)
    assert [text[0] for text in model.texts[6:]] == ["乙"] * 3
    assert len(dataset(tmp_path / "r")) == 3


def test_a_slow_row_makes_no_endless_surplus(tmp_path: Path) -> None:
    async def slow_first(request: Request) -> Reply:
        for _ in range(6000 if last_text(request).startswith("1番") else 1):
            await asyncio.sleep(0)
        return echo(request)

    recipe = Recipe(needs=("question",), steps=(answer, Keep("answer", 0.5)), name="slow")
    report = run(recipe, numbers(500), tmp_path / "r", Scripted(slow_first), rows=5)
    assert report.accounting.surplus <= 5
    assert report.stats.n_sent < 40


def test_enough_rows_are_enough_though_the_look_ahead_met_a_limit(tmp_path: Path) -> None:
    def reply(request: Request) -> Reply:
        return Reply("bad" if last_text(request).startswith("1番") else "good")

    def good(answer: str) -> bool:
        return answer == "good"

    class Good:
        name = "only_good"
        reads = ("answer",)
        reasons = ("bad",)

        def __call__(self, record: Record) -> Record | Reject:
            return record if good(record["answer"]) else Reject("bad", 0, 1)

    recipe = Recipe(needs=("question",), steps=(answer, Good()), name="enough")
    report = run(recipe, numbers(9), tmp_path / "r", Captured(reply), rows=2, limits=Limits(requests=3))
    assert report.state == "complete"
    assert len(dataset(tmp_path / "r")) == 2


def test_huge_integers_survive_the_journal(tmp_path: Path) -> None:
    assert load(dump({"n": 10**30})) == {"n": 10**30}
    run(ONE, [{"question": "一", "facts": {"n": 10**30}}], tmp_path / "r", Captured(echo))
    assert "1000000000000000000000000000000" in dataset(tmp_path / "r")[0]["facts"]


def test_a_record_that_makes_no_children_is_rejected_by_name(tmp_path: Path) -> None:
    class Barren:
        name = "barren"
        fans_out = True
        reads = ("question",)
        writes: ClassVar[Mapping[str, FieldType]] = {"part": "text"}

        def __call__(self, record: Record) -> Children:
            n = int(str(record["question"])[0]) % 2
            return Children(tuple({"part": str(i)} for i in range(n)))

    report = run(
        Recipe(needs=("question",), steps=(Barren(),), name="b"), numbers(5), tmp_path / "r", Captured(echo)
    )
    assert report.accounting.balances
    assert report.accounting.reasons == {("barren", "no_children"): 2}


def test_a_step_sees_what_it_waits_for_and_nothing_else(tmp_path: Path) -> None:
    seen: list[set[str]] = []

    class Whole:
        name = "whole"
        reads = ("question",)

        def __call__(self, record: Record) -> Record:
            return record

    def beside(question: str) -> str:
        return question[::-1]

    async def alone(question: str, *, writer: Any, record: Record) -> str:
        seen.append(set(record.fields))
        return str((await writer(question)).text)

    recipe = Recipe(needs=("question",), steps=(Whole(), beside, alone), name="line")
    run(recipe, numbers(2), tmp_path / "r", Captured(echo))
    assert [sorted(row) for row in dataset(tmp_path / "r")] == [
        ["alone", "beside", "id", "lineage", "question", "sources"]
    ] * 2
    assert seen == [{"question"}] * 2


def test_a_child_may_say_which_part_of_its_source_it_is(tmp_path: Path) -> None:
    class Halves:
        name = "halves"
        fans_out = True
        reads = ("question",)
        writes: ClassVar[Mapping[str, FieldType]] = {"part": "text"}

        def __call__(self, record: Record) -> Children:
            places = ("chars 0-2", "chars 2-4")
            return Children(
                ({"part": "前"}, {"part": "後"}),
                sources=tuple((Origin("本.txt", "CC0-1.0", None, place),) for place in places),
            )

    run(Recipe(needs=("question",), steps=(Halves(),), name="h"), numbers(1), tmp_path / "r", Captured(echo))
    told = [(row["part"], [origin["span"] for origin in row["sources"]]) for row in dataset(tmp_path / "r")]
    assert told == [("前", ["chars 0-2"]), ("後", ["chars 2-4"])]
    with pytest.raises(ValueError, match="2 children with the sources of 1"):
        Children(({}, {}), sources=((),))


@pytest.mark.parametrize("origins", [({"id": "本.txt"},), Origin("本.txt")])
def test_a_child_that_does_not_say_properly_where_it_came_from_is_named(origins: Any, tmp_path: Path) -> None:
    class Careless:
        name = "careless"
        fans_out = True
        reads = ("question",)
        writes: ClassVar[Mapping[str, FieldType]] = {"part": "text"}

        def __call__(self, record: Record) -> Children:
            return Children(({"part": str(record["question"])},), sources=(origins,))

    recipe = Recipe(needs=("question",), steps=(Careless(),), name="c")
    with pytest.raises(RecipeError, match="step 'careless' says of a child where it came from"):
        run(recipe, numbers(1), tmp_path / "r", Captured(echo))


def test_a_set_step_inside_a_group_is_refused_before_any_call(tmp_path: Path) -> None:
    from support.steps import Best

    model = Captured(echo)
    recipe = Recipe(needs=("question",), steps=(Draft(2), Top("draft", 2), Best()), name="inside")
    with pytest.raises(RecipeError, match="stands between a step that makes several records and its group"):
        run(recipe, numbers(3), tmp_path / "r", model)
    assert model.requests == []


@pytest.mark.parametrize("extra", [{"max_completion_tokens": 9999}, {"n": 4}])
def test_extra_body_cannot_pass_a_token_limit(extra: dict[str, Any], tmp_path: Path) -> None:
    settings = ModelSettings.model_validate(
        {"kind": "scripted", "file": "-", "extra_body": extra, "sampling": {"max_tokens": 10}}
    )
    model = Captured(echo)
    with pytest.raises(ValueError, match="cannot hold while extra_body sets"):
        run(ONE, numbers(2), tmp_path / "r", model, settings={"writer": settings}, limits=Limits(tokens=5000))
    assert model.requests == []


def test_files_that_were_taken_away_are_written_again(tmp_path: Path) -> None:
    model = Captured(echo)
    run(ONE, numbers(4), tmp_path / "r", model)
    whole = files(tmp_path / "r")
    for path in (tmp_path / "r" / "data").iterdir():
        path.unlink()
    run(ONE, numbers(4), tmp_path / "r", model)
    assert files(tmp_path / "r") == whole
    assert len(model.requests) == 4


async def forgets_to_await(question: str, *, writer: Asker) -> Any:
    return writer(question)


def test_a_forgotten_await_is_a_bug_of_the_recipe_and_not_one_failed_row_after_the_other(
    tmp_path: Path,
) -> None:
    recipe = Recipe(needs=("question",), steps=(forgets_to_await,), name="forgets")
    with pytest.raises(RecipeError, match="step 'forgets_to_await' gave back a coroutine") as caught:
        run(recipe, numbers(3), tmp_path / "r", Captured(echo))
    assert caught.value.next == "write `await` before the model"
