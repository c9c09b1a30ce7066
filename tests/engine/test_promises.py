"""The engine's promises, one by one, on small recipes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from support.runs import Captured, dataset, echo, files, numbers, run, table
from support.steps import Best, Draft, FromPool, Keep, Top, Unlike, answer
from tanemaki.config.schema import Limits, ModelSettings
from tanemaki.core.errors import LimitReached, ModelError, RecipeError
from tanemaki.core.model import Reply, Request, Sampling, Usage
from tanemaki.core.prompt import Prompt, Texts
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import Record
from tanemaki.core.seeding import Draw
from tanemaki.core.step import Asker
from tanemaki.core.verdict import Reject
from tanemaki.generate.ask import Ask
from tanemaki.models.scripted import last_text
from tanemaki.sources.given import Given

CHAIN = Recipe(needs=("question",), steps=(answer, Keep("answer", 0.6)), name="chain")
GROUPED = Recipe(
    needs=("question",),
    steps=(Draft(3), Keep("draft", 0.7), Best(), Keep("best", 0.8, name="last")),
    name="grouped",
)
SPREAD = Recipe(needs=("question",), steps=(Draft(3), Keep("draft", 0.7)), name="spread")
ORDERED = Recipe(
    needs=("question",), steps=(answer, Unlike("answer", 24), Keep("answer", 0.9)), name="ordered"
)
IN_GROUP = Recipe(needs=("question",), steps=(Draft(3), Unlike("draft", 60), Best()), name="in_group")
POOLED = Recipe(
    needs=("question",),
    steps=(FromPool("unlike", 5), Keep("grown", 0.8), Unlike("grown", 200)),
    name="pooled",
)
SELECTED = Recipe(needs=("question",), steps=(answer, Keep("answer", 0.8), Top("answer", 9)), name="selected")
ALL = [CHAIN, GROUPED, SPREAD, ORDERED, IN_GROUP, POOLED, SELECTED]


def settings_with(**more: Any) -> ModelSettings:
    return ModelSettings.model_validate({"kind": "scripted", "file": "unused", **more})


def scripted_settings(concurrency: int) -> dict[str, ModelSettings]:
    return {"writer": settings_with(concurrency=concurrency)}


@pytest.mark.parametrize("recipe", ALL, ids=lambda recipe: recipe.name)
def test_every_row_is_accounted_for(recipe: Recipe, tmp_path: Path) -> None:
    report = run(recipe, numbers(40), tmp_path / "r", Captured(echo))
    figures = report.accounting
    assert figures.roots == 40
    assert figures.balances
    assert figures.accepted == len(dataset(tmp_path / "r"))
    assert figures.rejected == len(table(tmp_path / "r" / "rejected.parquet"))
    assert figures.rejected > 0 < figures.accepted
    for row in table(tmp_path / "r" / "rejected.parquet"):
        assert row["step"]
        assert row["reason"]
        assert row["measured"] is not None
        assert row["limit"] is not None


@pytest.mark.parametrize("recipe", ALL, ids=lambda recipe: recipe.name)
def test_the_dataset_does_not_depend_on_concurrency_or_speed(recipe: Recipe, tmp_path: Path) -> None:
    """Promise 3, and fault 10 (adjacent or shared seeds): the same prompts and rows at concurrency 1, 7 and 64."""
    seen = []
    for concurrency in (1, 7, 64):
        folder = tmp_path / str(concurrency)
        model = Captured(echo, slow=str(concurrency))
        more = {} if recipe is SELECTED else {"rows": 12}
        run(recipe, numbers(60), folder, model, settings=scripted_settings(concurrency), **more)
        assert model.most_in_flight <= concurrency
        seen.append((files(folder), set(model.texts) if recipe is SELECTED else None))
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize("recipe", [CHAIN, GROUPED, SPREAD], ids=lambda recipe: recipe.name)
def test_a_reversed_source_gives_the_same_content_for_the_same_record(recipe: Recipe, tmp_path: Path) -> None:
    rows = numbers(30)
    for name, source in (("ahead", rows), ("back", rows[::-1])):
        run(recipe, source, tmp_path / name, Captured(echo))
    ahead, back = ({row["id"]: row for row in dataset(tmp_path / name)} for name in ("ahead", "back"))
    assert ahead.keys() == back.keys()
    for key, row in ahead.items():
        for field in row.keys() - {"lineage"}:
            assert row[field] == back[key][field]


def test_a_group_step_gets_its_own_children_and_gives_one_record(tmp_path: Path) -> None:
    run(GROUPED, numbers(30), tmp_path / "r", Captured(echo, slow="a"))
    rows = dataset(tmp_path / "r")
    assert {row["n_drafts"] for row in rows} <= {1, 2, 3}
    assert len({row["id"] for row in rows}) == len(rows)
    assert "draft" not in rows[0] or rows[0]["draft"] is None


def test_a_pool_is_read_as_it_stood_when_the_epoch_began(tmp_path: Path) -> None:
    model = Captured(echo, slow="b")
    run(POOLED, numbers(23), tmp_path / "r", model)
    rows = {row["question"]: row["n_seen"] for row in dataset(tmp_path / "r")}
    by_place = [rows[question] for question in (row["question"] for row in numbers(23)) if question in rows]
    assert by_place[0] == 0
    assert by_place == sorted(by_place)
    kept_in_first_epoch = sum(1 for n in by_place if n == 0)
    assert kept_in_first_epoch <= 5
    assert sorted(set(by_place))[1] == kept_in_first_epoch


def test_a_set_step_sees_all_records_and_the_others_are_rejected_with_their_rank(tmp_path: Path) -> None:
    report = run(SELECTED, numbers(40), tmp_path / "r", Captured(echo))
    assert report.accounting.accepted == 9
    assert sorted(row["rank"] for row in dataset(tmp_path / "r")) == list(range(1, 10))
    ranks = [
        r["measured"]
        for r in table(tmp_path / "r" / "rejected.parquet")
        if r["reason"] == "not_among_the_best"
    ]
    assert sorted(map(int, ranks)) == list(range(10, 10 + len(ranks)))


def test_exactly_n_rows_come_from_the_shortest_prefix(tmp_path: Path) -> None:
    """Promise 7 and fault 18 (301 rows instead of 300)."""
    everything = tmp_path / "all"
    run(CHAIN, numbers(80), everything, Captured(echo))
    accepted = [row["id"] for row in dataset(everything)]
    for n in (1, 7, 30):
        folder = tmp_path / str(n)
        report = run(CHAIN, numbers(80), folder, Captured(echo, slow="c"), rows=n)
        assert [row["id"] for row in dataset(folder)] == accepted[:n]
        assert report.accounting.balances
        assert report.state == "complete"


def test_the_cut_may_fall_between_the_children_of_one_record(tmp_path: Path) -> None:
    everything = tmp_path / "all"
    run(SPREAD, numbers(20), everything, Captured(echo))
    accepted = [row["id"] for row in dataset(everything)]
    for n in (1, 2, 3, 4, 5):
        run(SPREAD, numbers(20), tmp_path / str(n), Captured(echo), rows=n)
        assert [row["id"] for row in dataset(tmp_path / str(n))] == accepted[:n]


def test_fewer_rows_than_wanted_is_said(tmp_path: Path) -> None:
    report = run(CHAIN, numbers(20), tmp_path / "r", Captured(echo), rows=50)
    assert report.state == "short"
    assert report.exit_code == 4
    assert len(dataset(tmp_path / "r")) == report.accounting.accepted < 20


def test_the_look_ahead_follows_the_acceptance(tmp_path: Path) -> None:
    model = Captured(lambda _: Reply("ok"))
    run(
        Recipe(needs=("question",), steps=(answer,), name="sure"),
        numbers(500),
        tmp_path / "r",
        model,
        rows=40,
    )
    assert len(model.requests) == 40


def test_a_finished_run_pays_for_nothing_and_more_rows_pay_only_for_themselves(tmp_path: Path) -> None:
    model = Captured(echo)
    run(CHAIN, numbers(80), tmp_path / "r", model, rows=10)
    first = len(model.requests)
    assert run(CHAIN, numbers(80), tmp_path / "r", model, rows=10).state == "nothing_to_do"
    assert len(model.requests) == first
    run(CHAIN, numbers(80), tmp_path / "r", model, rows=20)
    assert len(set(model.texts)) == len(model.texts)
    fresh = tmp_path / "fresh"
    run(CHAIN, numbers(80), fresh, Captured(echo), rows=20)
    assert files(fresh) == files(tmp_path / "r")


def prompts(question: str, answer: str) -> Texts:
    return Texts(
        "ja",
        {"first": Prompt("first", "ja", question), "second": Prompt("second", "ja", answer)},
        {},
    )


TWO = Recipe(
    needs=("question",),
    steps=(Ask("first", of="writer", given=("question",)), Ask("second", of="writer", given=("first",))),
    name="two",
)


def test_an_edited_prompt_pays_again_for_its_step_and_what_depends_on_it(tmp_path: Path) -> None:
    model = Captured(lambda request: f"返{len(last_text(request))}{last_text(request)[:3]}")
    folder = tmp_path / "r"
    run(TWO, numbers(10), folder, model, texts=prompts("甲{{ question }}", "乙{{ first }}"))
    assert len(model.requests) == 20
    run(TWO, numbers(10), folder, model, texts=prompts("甲{{ question }}", "丙{{ first }}"))
    assert [text[0] for text in model.texts[20:]] == ["丙"] * 10
    run(TWO, numbers(10), folder, model, texts=prompts("丁{{ question }}", "丙{{ first }}"))
    assert sorted(text[0] for text in model.texts[30:]) == ["丁"] * 10 + ["丙"] * 10
    assert (
        run(TWO, numbers(10), folder, model, texts=prompts("甲{{ question }}", "乙{{ first }}")).state
        == "complete"
    )
    assert len(model.requests) == 50


def test_a_raised_max_tokens_pays_again_only_for_replies_that_were_cut(tmp_path: Path) -> None:
    def cut_some(request: Request) -> Reply:
        long = "3" in last_text(request)
        limit = request.sampling.max_tokens or 0
        return Reply("x", "length" if long and limit < 50 else "stop", usage=Usage(10, min(limit, 40)))

    model = Captured(cut_some)
    recipe = Recipe(needs=("question",), steps=(Ask("first", of="writer", given=("question",)),), name="cut")
    texts = Texts("ja", {"first": Prompt("first", "ja", "{{ question }}")}, {})
    small = {"writer": settings_with(sampling={"max_tokens": 40})}
    large = {"writer": settings_with(sampling={"max_tokens": 90})}
    report = run(recipe, numbers(12), tmp_path / "r", model, texts=texts, settings=small)
    assert report.accounting.reasons == {("first", "cut"): 1}
    report = run(recipe, numbers(12), tmp_path / "r", model, texts=texts, settings=large)
    assert model.texts[12:] == ["3番目の問い"]
    assert report.accounting.accepted == 12


def test_a_slow_record_holds_up_no_other(tmp_path: Path) -> None:
    """Promise 5: while the first record's first call hangs, all the others go through all their steps."""
    gate = asyncio.Event()
    done: list[str] = []

    async def slow_first(request: Request) -> str:
        text = last_text(request)
        if text.startswith("甲1番"):
            await gate.wait()
        done.append(text)
        if len(done) == 2 * 9:
            gate.set()
        return "次" + text[1:3]

    from tanemaki.models.scripted import Scripted

    texts = prompts("甲{{ question }}", "乙{{ first }}")
    run(TWO, numbers(10), tmp_path / "r", Scripted(slow_first), texts=texts)
    assert [text[:2] for text in done[-2:]] == ["甲1", "乙次"]


def test_steps_that_do_not_need_each_other_run_side_by_side(tmp_path: Path) -> None:
    both = asyncio.Barrier(2)

    async def left(question: str, *, writer: Asker) -> str:
        return (await writer("左" + question)).text

    async def right(question: str, *, writer: Asker) -> str:
        return (await writer("右" + question)).text

    async def meet(request: Request) -> str:
        await both.wait()
        return last_text(request)[0]

    from tanemaki.models.scripted import Scripted

    recipe = Recipe(needs=("question",), steps=(left, right), name="sides")
    run(recipe, numbers(1), tmp_path / "r", Scripted(meet))
    assert dataset(tmp_path / "r")[0]["left"] == "左"


def test_of_two_endings_the_first_listed_one_counts_whichever_is_faster(tmp_path: Path) -> None:
    async def left(question: str, *, writer: Asker) -> Reject:
        await writer("左" + question)
        return Reject("left", 1, 0)

    async def right(question: str, *, writer: Asker) -> Reject:
        await writer("右" + question)
        return Reject("right", 1, 0)

    for slow in ("左", "右"):

        async def reply(request: Request, slow: str = slow) -> str:
            for _ in range(50 if last_text(request).startswith(slow) else 0):
                await asyncio.sleep(0)
            return "-"

        from tanemaki.models.scripted import Scripted

        folder = tmp_path / slow
        run(
            Recipe(needs=("question",), steps=(left, right), name="ends"), numbers(5), folder, Scripted(reply)
        )
        assert {row["reason"] for row in table(folder / "rejected.parquet")} == {"left"}


def priced(**limits: Any) -> dict[str, Any]:
    settings = settings_with(price={"input": 1.0, "output": 2.0}, sampling={"max_tokens": 100})
    return {"settings": {"writer": settings}, "limits": Limits(**limits)}


def test_limits_hold_and_the_run_goes_on_when_they_are_raised(tmp_path: Path) -> None:
    """Promise 6 and fault 33 (no stop)."""
    recipe = Recipe(needs=("question",), steps=(answer,), name="paid")
    model = Captured(lambda _: Reply("a", usage=Usage(20, 10)), slow="d")
    with pytest.raises(LimitReached, match="requests is used up"):
        run(recipe, numbers(30), tmp_path / "r", model, **priced(requests=7))
    assert len(model.requests) == 7
    with pytest.raises(LimitReached, match="cost_usd is used up") as caught:
        run(recipe, numbers(30), tmp_path / "r", model, **priced(cost_usd=0.0008))
    assert "raise limits.cost_usd" in str(caught.value)
    spent = len(model.requests) * (20 * 1.0 + 10 * 2.0) / 1e6
    assert 0.0004 < spent <= 0.0008
    report = run(recipe, numbers(30), tmp_path / "r", model, **priced(cost_usd=1.0))
    assert report.state == "complete"
    assert len(model.requests) == 30


def test_a_token_limit_without_max_tokens_ends_before_the_first_call(tmp_path: Path) -> None:
    model = Captured(echo)
    with pytest.raises(ValueError, match="needs max_tokens for role 'writer'"):
        run(CHAIN, numbers(3), tmp_path / "r", model, limits=Limits(tokens=1000))
    assert model.requests == []


def test_too_many_failed_rows_end_the_run(tmp_path: Path) -> None:
    def fail_most(request: Request) -> Reply:
        if "5" in last_text(request):
            return Reply("ok")
        raise ModelError("no", fault="bad_request")

    with pytest.raises(LimitReached, match="rows failed, more than limits"):
        run(CHAIN, numbers(200), tmp_path / "r", Captured(fail_most))


def test_hardly_any_accepted_rows_end_the_run_with_the_reasons_ranked(tmp_path: Path) -> None:
    recipe = Recipe(needs=("question",), steps=(answer, Keep("answer", -1.0)), name="never")
    model = Captured(echo)
    with pytest.raises(LimitReached, match="only 0 of 64 rows were accepted") as caught:
        run(recipe, numbers(5000), tmp_path / "r", model, rows=100)
    assert "unlucky 64 (step keep)" in str(caught.value)
    assert len(model.requests) < 300


def test_a_bad_row_is_a_failed_row_and_its_neighbours_go_on(tmp_path: Path) -> None:
    def fail_seven(request: Request) -> Reply:
        if last_text(request) == "7番目の問い":
            raise ModelError("the server does not like this", fault="bad_request")
        return echo(request)

    report = run(CHAIN, numbers(20), tmp_path / "r", Captured(fail_seven))
    [row] = table(tmp_path / "r" / "failed.parquet")
    assert (row["ordinal"], row["step"], row["fault"]) == ("7", "answer", "bad_request")
    assert "the server does not like this" in row["message"]
    assert report.accounting.failed == 1
    assert report.accounting.balances


def test_failed_rows_are_done_again_alone(tmp_path: Path) -> None:
    from support.runs import order_for
    from tanemaki.run.execute import execute

    broken = True

    def sometimes(request: Request) -> Reply:
        if broken and last_text(request).startswith(("3番", "4番")):
            raise ModelError("not now", fault="bad_request")
        return echo(request)

    model = Captured(sometimes)
    order = order_for(CHAIN, numbers(30), tmp_path / "r", model)
    execute(order)
    first = len(model.requests)
    broken = False
    report = execute(order_for(CHAIN, numbers(30), tmp_path / "r", model), retry=True)
    assert sorted(model.texts[first:]) == ["3番目の問い", "4番目の問い"]
    assert report.accounting.failed == 0
    fresh = tmp_path / "fresh"
    run(CHAIN, numbers(30), fresh, Captured(echo))
    assert files(fresh) == files(tmp_path / "r")


def test_an_exception_in_a_pure_filter_ends_the_run_visibly(tmp_path: Path) -> None:
    class Broken:
        name = "broken"
        reads = ("answer",)

        def __call__(self, record: Record) -> Record:
            raise ZeroDivisionError(record["answer"])

    with pytest.raises(ZeroDivisionError):
        run(
            Recipe(needs=("question",), steps=(answer, Broken()), name="bug"),
            numbers(5),
            tmp_path / "r",
            Captured(echo),
        )


def test_a_reason_that_was_not_declared_ends_the_run(tmp_path: Path) -> None:
    class Sloppy:
        name = "sloppy"
        reads = ("answer",)
        reasons = ("known",)

        def __call__(self, record: Record) -> Reject:
            return Reject("unknown")

    with pytest.raises(RecipeError, match="rejects for the reason 'unknown'"):
        run(
            Recipe(needs=("question",), steps=(answer, Sloppy()), name="s"),
            numbers(2),
            tmp_path / "r",
            Captured(echo),
        )


def test_equal_rows_have_different_ids_by_their_occurrence(tmp_path: Path) -> None:
    rows = [{"question": "同じ"}, {"question": "違う"}, {"question": "同じ"}]
    run(Recipe(needs=("question",), steps=(answer,), name="e"), rows, tmp_path / "r", Captured(echo))
    ids = [row["id"] for row in dataset(tmp_path / "r")]
    assert len(set(ids)) == 3


def test_a_reply_cut_while_thinking_is_a_failure_of_its_own_class(tmp_path: Path) -> None:
    model = Captured(lambda _: Reply("", "length", thinking="ええと……"))
    recipe = Recipe(needs=("question",), steps=(answer,), name="t")
    run(recipe, numbers(3), tmp_path / "r", model, limits=Limits(failed_share=None))
    assert {row["fault"] for row in table(tmp_path / "r" / "failed.parquet")} == {"cut_while_thinking"}


def test_a_call_that_failed_is_tried_again_on_its_own_clock(tmp_path: Path) -> None:
    failing = {"2番目の問い": 2}

    def flaky(request: Request) -> Reply:
        text = last_text(request)
        if failing.get(text, 0) > 0:
            failing[text] -= 1
            raise ModelError("busy", fault="overloaded", retryable=True, retry_after_s=0.0)
        return echo(request)

    model = Captured(flaky)
    report = run(Recipe(needs=("question",), steps=(answer,), name="f"), numbers(4), tmp_path / "r", model)
    assert report.accounting.accepted == 4
    assert model.texts.count("2番目の問い") == 3
    assert report.stats.n_retries == 2


class Dying(Captured):
    """An endpoint that is there when the run begins, and then is gone."""

    def __init__(self) -> None:
        super().__init__(self._refuse)
        self.is_gone = False

    async def open(self) -> None:
        if self.is_gone:
            raise self._refused()

    def _refuse(self, request: Request) -> Reply:
        del request
        self.is_gone = True
        raise self._refused()

    def _refused(self) -> ModelError:
        return ModelError("connection refused", fault="transport", retryable=True, retry_after_s=0.0)


def test_an_endpoint_that_is_gone_ends_the_run_and_fails_no_row(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="connection refused"):
        run(CHAIN, numbers(10), tmp_path / "r", Dying())
    report = run(CHAIN, numbers(10), tmp_path / "r", Captured(echo))
    assert report.accounting.failed == 0


def test_each_draw_belongs_to_its_row(tmp_path: Path) -> None:
    """Fault 9: a choice made once per process instead of once per row; fault 10: neighbouring seeds repeat each other."""

    def dice(question: str, *, draw: Draw) -> int:
        del question
        return int(draw.below(1000))

    recipe = Recipe(needs=("question",), steps=(dice,), name="dice")
    drawn = []
    for seed in (1, 2):
        run(recipe, numbers(200), tmp_path / str(seed), Captured(echo), seed=seed)
        drawn.append([row["dice"] for row in dataset(tmp_path / str(seed))])
    assert len(set(drawn[0])) > 150
    assert sum(a == b for a, b in zip(*drawn, strict=True)) < 5


def test_a_seed_of_zero_and_no_seed_are_the_same_and_work(tmp_path: Path) -> None:
    """Fault 29: seed None crashes."""
    for name, more in (("default", {}), ("zero", {"seed": 0})):
        run(CHAIN, numbers(5), tmp_path / name, Captured(echo), **more)
    assert files(tmp_path / "default") == files(tmp_path / "zero")


def test_user_columns_survive(tmp_path: Path) -> None:
    recipe = Recipe(needs=("question",), steps=(answer,), name="u")
    rows: list[dict[str, Any]] = [
        {"question": "一", "tag": "国語", "n": 3},
        {"question": "二", "tag": None, "n": None},
    ]
    run(recipe, Given(rows, licence="CC0-1.0"), tmp_path / "r", Captured(echo))
    found = dataset(tmp_path / "r")
    assert [(row["tag"], row["n"]) for row in found] == [("国語", 3), (None, None)]
    assert found[0]["sources"] == [{"id": "given", "licence": "CC0-1.0", "url": None, "span": None}]


def test_sampling_of_the_run_file_is_over_that_of_the_step(tmp_path: Path) -> None:
    model = Captured(echo)
    recipe = Recipe(
        needs=("question",),
        steps=(
            Ask("first", of="writer", given=("question",), sampling=Sampling(temperature=0.9, max_tokens=7)),
        ),
        name="s",
    )
    texts = Texts("ja", {"first": Prompt("first", "ja", "{{ question }}")}, {})
    settings = {"writer": settings_with(sampling={"temperature": 0.0})}
    run(recipe, numbers(1), tmp_path / "r", model, texts=texts, settings=settings)
    assert model.requests[0].sampling.temperature == 0.0
    assert model.requests[0].sampling.max_tokens == 7


def test_a_key_added_to_every_body_is_a_part_of_what_is_asked(tmp_path: Path) -> None:
    recipe = Recipe(needs=("question",), steps=(answer,), name="x")
    model = Captured(echo)
    for thinking in (False, True, True):
        settings = {
            "writer": settings_with(extra_body={"chat_template_kwargs": {"enable_thinking": thinking}})
        }
        run(recipe, numbers(3), tmp_path / "r", model, settings=settings)
    assert len(model.requests) == 6
    assert model.requests[0].extra == {"chat_template_kwargs": {"enable_thinking": False}}
