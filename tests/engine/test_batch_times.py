"""When batches are closed and looked after, in simulated time: a day costs nothing here."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from support.runs import echo, files, numbers
from support.simulated import Weather, execute_simulated
from support.slow_batches import BatchedOrder, SlowBatches, batched_order
from support.steps import Best, Draft, FromPool, Keep, Top, Unlike, answer
from tanemaki.config.schema import Limits, ModelSettings
from tanemaki.core.batch import BatchTerms
from tanemaki.core.errors import LimitReached
from tanemaki.core.model import Reply, Request, Sampling, Usage
from tanemaki.core.recipe import Recipe
from tanemaki.core.step import Asker
from tanemaki.models.batch_file import BatchFile
from tanemaki.models.scripted import Scripted
from tanemaki.run.execute import execute
from tanemaki.run.order import order_of
from tanemaki.run.pulse import Progress
from tanemaki.run.report import Report
from tanemaki.sources.given import Given

A_WEEK = Limits(minutes=7 * 24 * 60)
"""So that a run that waits for ever ends with an error."""


async def first(question: str, *, judge: Asker) -> str:
    return str((await judge(question)).text)


async def second(first: str, *, writer: Asker) -> str:
    return str((await writer(first)).text)


LIVE_THEN_BATCH = Recipe(needs=("question",), steps=(first, second), name="mixed")


def mixed(folder: Path, service: SlowBatches, terms: BatchTerms | None = None, n: int = 60) -> BatchedOrder:
    """Return an order whose first step is live and takes up to 1,000 s, and whose second goes by batch."""
    models = {"judge": Weather(latency_s=(0.0, 1000.0)), "writer": Scripted(echo)}
    return batched_order(
        LIVE_THEN_BATCH,
        Given(numbers(n)),
        models,
        folder,
        services={"writer": service},
        terms=terms,
        limits=A_WEEK,
    )


def test_a_batch_waits_for_all_live_rows_that_can_still_reach_it_and_no_longer(tmp_path: Path) -> None:
    service = SlowBatches()
    order = mixed(tmp_path, service, BatchTerms(age_s=86_400))
    execute_simulated(order)
    judge = order.models["judge"]
    assert isinstance(judge, Weather)
    assert service.sizes == [60]
    last_reply = max(judge.answered_at.values())
    assert last_reply <= service.made_at[0] <= last_reply + 5


def test_a_batch_is_closed_when_its_first_request_has_waited_long_enough(tmp_path: Path) -> None:
    service = SlowBatches()
    execute_simulated(mixed(tmp_path, service, BatchTerms(age_s=200)))
    assert sum(service.sizes) == 60
    assert len(service.sizes) > 3
    assert service.made_at[0] <= 215


def test_a_batch_of_a_day_is_looked_after_with_pauses_that_grow_up_to_ten_minutes(tmp_path: Path) -> None:
    service = SlowBatches(takes_s=(86_400.0, 86_400.0))
    execute_simulated(mixed(tmp_path, service, BatchTerms(age_s=86_400), n=3))
    [looks] = service.looked_at
    pauses = [later - before for before, later in pairwise(looks)]
    assert pauses[:3] == pytest.approx([15.0, 22.5, 33.75])
    assert [round(pause) for pause in pauses] == sorted(round(pause) for pause in pauses)
    assert max(pauses) == pytest.approx(600)
    assert len(looks) < 160


def test_what_is_out_when_there_are_enough_rows_is_taken_up_by_a_run_of_more(tmp_path: Path) -> None:
    service = SlowBatches(takes_s=(3600.0, 36_000.0), seed=2)
    told: list[str] = []
    for rows in (3, 4):
        order = batched_order(
            Recipe(needs=("question",), steps=(answer,), name="few"),
            Given(numbers(20)),
            {"writer": Scripted(echo)},
            tmp_path,
            services={"writer": service},
            terms=BatchTerms(size=1),
            rows=rows,
            limits=A_WEEK,
        )
        progress = Progress()
        report = execute_simulated(order, progress=progress)
        assert report.accounting.accepted == rows
        told += [note for note in progress.notes if "still out" in note]
    asked = [line["body"]["messages"][0]["content"] for lines in service.uploaded for line in lines]
    assert (
        "of role 'writer' is still out with 1 requests: nothing was cancelled, and a run of more rows"
        in told[0]
    )
    assert len(asked) == len(set(asked)) > 3


EVERY_KIND = Recipe(
    needs=("question",),
    steps=(
        Draft(3),
        Keep("draft", 0.7),
        Best(),
        FromPool("unlike", 8),
        Unlike("grown", 64, 2),
        Keep("grown", 0.8, name="last"),
        answer,
        Top("answer", 20),
    ),
    name="kinds",
)
WITHOUT_SET = Recipe(needs=EVERY_KIND.needs, steps=EVERY_KIND.steps[:-1], name="kinds")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("rows", [None, 12])
def test_steps_of_every_kind_give_the_same_bytes_by_batch_as_live(
    seed: int, rows: int | None, tmp_path: Path
) -> None:
    recipe = EVERY_KIND if rows is None else WITHOUT_SET
    more: dict[str, Any] = {"rows": rows, "limit": 40 if rows is None else None, "limits": A_WEEK}
    service = SlowBatches(takes_s=(60.0, 3600.0), seed=seed)
    terms = BatchTerms(size=[50_000, 7, 16, 1][seed])
    order = batched_order(
        recipe,
        Given(numbers(60)),
        {"writer": Scripted(echo)},
        tmp_path / "batch",
        services={"writer": service},
        terms=terms,
        **more,
    )
    execute_simulated(order)
    execute(order_of(recipe, Given(numbers(60)), {"writer": Scripted(echo)}, tmp_path / "live", **more))
    assert max(service.sizes) <= terms.size
    assert files(tmp_path / "batch") == files(tmp_path / "live")


def test_requests_in_a_file_that_nobody_asks_for_any_more_are_not_waited_for(tmp_path: Path) -> None:
    """They stay charged at their worst, and cannot give anything back while this process runs."""
    short = Sampling(max_tokens=50)

    def recipe(opening: str) -> Recipe:
        async def first(question: str, *, writer: Asker) -> str:
            asked = Request([{"role": "user", "content": opening + question}], sampling=short)
            return str((await writer(asked)).text)

        async def second(first: str, *, judge: Asker) -> str:
            asked = Request([{"role": "user", "content": first}], sampling=short)
            return str((await judge(asked)).text)

        return Recipe(needs=("question",), steps=(first, second), name="by_hand")

    def start(opening: str, tokens: int) -> Report:
        settings = ModelSettings(kind="batch-file", name="tane")
        hand = BatchFile("judge", settings)
        hand.write_to(tmp_path / "requests.jsonl")
        writer = Scripted(lambda request: replace(echo(request), usage=Usage(5, 5)))
        order = order_of(
            recipe(opening),
            Given(numbers(6)),
            {"writer": writer, "judge": hand},
            tmp_path / "run",
            settings={"judge": settings},
            limits=Limits(tokens=tokens),
        )
        return execute_simulated(order)

    assert sum(start("", 1900).written.values()) == 6
    with pytest.raises(LimitReached, match="the limit tokens is used up"):
        start("別の", 1300)
    assert start("別の", 10_000).state == "waiting"


def test_live_calls_that_wait_for_a_budget_which_a_batch_holds_do_not_keep_it_open(tmp_path: Path) -> None:
    short = Sampling(max_tokens=50)

    async def slow(question: str, *, writer: Asker) -> str:
        return str((await writer(Request([{"role": "user", "content": question}], sampling=short))).text)

    async def quick(question: str, *, judge: Asker) -> str:
        return str((await judge(Request([{"role": "user", "content": question}], sampling=short))).text)

    def frugal(request: Request) -> Reply:
        return replace(echo(request), usage=Usage(5, 5))

    recipe = Recipe(needs=("question",), steps=(slow, quick), name="starved")
    service = SlowBatches(answer=frugal)
    models = {"judge": Weather(latency_s=(0.0, 50.0), answer=frugal), "writer": Scripted(frugal)}
    # a few requests at once by their worst case, all of them by what they cost
    limits = Limits(tokens=1600, minutes=A_WEEK.minutes)
    order = batched_order(
        recipe,
        Given(numbers(40)),
        models,
        tmp_path,
        services={"writer": service},
        terms=BatchTerms(age_s=10**7),
        limits=limits,
    )
    report = execute_simulated(order)
    assert report.accounting.accepted == 40
    assert len(service.sizes) > 3
    assert max(service.sizes) < 20
