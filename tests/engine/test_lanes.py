"""Several endpoints of a role: which of them a request goes to, when, and what becomes of a sick one."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from support.runs import dataset, numbers
from support.server import Server
from support.simulated import execute_simulated, pass_time, simulate
from support.slots import SlotModel
from support.steps import answer
from tanemaki.config.schema import EndpointSettings, ModelSettings
from tanemaki.core.errors import ModelError, ModelFault
from tanemaki.core.model import Reply, Request
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import Json
from tanemaki.engine.buckets import Buckets
from tanemaki.engine.health import GONE_AFTER, SICK_AFTER
from tanemaki.engine.lanes import Lane, Lanes, Trip
from tanemaki.models import open_model
from tanemaki.models.scripted import Scripted
from tanemaki.run.execute import execute
from tanemaki.run.order import Order, order_of
from tanemaki.run.pulse import Progress
from tanemaki.run.report import Report
from tanemaki.sources.given import Given


def lane(name: str = "a", limit: int | None = 2, buckets: Buckets | None = None) -> Lane:
    return Lane(Scripted([], name=name), limit=limit, name=name, buckets=buckets)


def failed(fault: ModelFault) -> ModelError:
    return ModelError("no luck", fault=fault, retryable=True)


async def fail(lanes: Lanes, n: int, fault: ModelFault = "transport", attempt: int = 1) -> None:
    for _ in range(n):
        lanes.give(await lanes.take(), error=failed(fault), attempt=attempt)


def test_where_there_is_room_taking_waits_for_nothing() -> None:
    async def work() -> None:
        lanes = Lanes([lane()])
        taking = lanes.take()
        with pytest.raises(StopIteration) as taken:
            taking.send(None)
        assert isinstance(taken.value.value, Trip)

    simulate(work)


def test_who_waits_is_served_in_turn() -> None:
    async def work() -> list[int]:
        lanes, served = Lanes([lane(limit=1)]), list[int]()

        async def go(number: int) -> None:
            trip = await lanes.take()
            served.append(number)
            await pass_time(1)
            lanes.give(trip)

        await asyncio.gather(*(go(i) for i in range(20)))
        return served

    assert simulate(work) == list(range(20))


@pytest.mark.parametrize("after_its_turn_came", [False, True])
def test_a_cancelled_waiter_passes_its_turn_on(after_its_turn_came: bool) -> None:  # noqa: FBT001 - a parameter of the test
    async def work() -> None:
        lanes = Lanes([lane(limit=1)])
        held = await lanes.take()
        first, second = asyncio.ensure_future(lanes.take()), asyncio.ensure_future(lanes.take())
        await asyncio.sleep(0)
        if after_its_turn_came:
            lanes.give(held)
        first.cancel()
        await asyncio.wait((first,))
        if not after_its_turn_came:
            lanes.give(held)
        trip = await asyncio.wait_for(second, 1)
        assert first.cancelled()
        lanes.give(trip)
        assert lanes.all[0].in_flight == 0

    simulate(work)


def test_the_endpoint_that_answers_sooner_gets_the_request() -> None:
    async def work() -> None:
        quick, slow = lane("quick", 4), lane("slow", 4)
        lanes = Lanes([slow, quick])
        quick.latency_s, slow.latency_s = 1.0, 3.0
        trips = [await lanes.take() for _ in range(6)]
        assert [trip.lane.name for trip in trips] == ["quick"] * 4 + ["slow"] * 2

    simulate(work)


def test_requests_that_share_a_prefix_go_to_one_endpoint_until_that_costs_time() -> None:
    async def work() -> None:
        lanes = Lanes([lane("a", 8), lane("b", 8)])
        homes = {(await lanes.take(f"指示{i}")).lane.name for i in range(8)}
        assert homes == {"a", "b"}
        fresh = Lanes([lane("a", 8), lane("b", 8)])
        taken = [(await fresh.take("同じ指示")).lane.name for _ in range(16)]
        home = taken[0]
        assert taken[:3] == [home] * 3
        assert taken.count(home) == 8

    simulate(work)


def test_a_second_try_goes_to_another_endpoint_and_never_waits() -> None:
    async def work() -> None:
        lanes = Lanes([lane("a", 1), lane("b", 2)])
        first = await lanes.take()
        others = [lanes.take_besides(first.lane) for _ in range(3)]
        assert all(
            one is not None and one.lane is not first.lane for one in others[: 3 - lanes.all[0].in_flight]
        )
        assert others[-1] is None

    simulate(work)


def test_a_second_try_takes_the_same_endpoint_where_there_is_no_other() -> None:
    async def work() -> None:
        lanes = Lanes([lane(limit=2)])
        trip = await lanes.take()
        again = lanes.take_besides(trip.lane)
        assert again is not None
        assert again.lane is trip.lane
        assert lanes.take_besides(trip.lane) is None

    simulate(work)


def test_a_sick_endpoint_rests_and_is_asked_by_one_request_before_it_gets_more() -> None:
    async def work() -> None:
        lanes = Lanes([lane(limit=8)])
        sick = lanes.all[0]
        await fail(lanes, SICK_AFTER)
        assert sick.is_resting
        waiting = [asyncio.ensure_future(lanes.take()) for _ in range(4)]
        await pass_time(0.2)
        assert not any(one.done() for one in waiting)
        await pass_time(0.1)
        assert [one.done() for one in waiting] == [True, False, False, False]
        lanes.give(waiting[0].result())
        await asyncio.sleep(0)
        assert lanes.limit > 1
        assert [one.done() for one in waiting] == [True, True, True, False]
        lanes.give(waiting[1].result())
        lanes.give(waiting[2].result())
        lanes.give(await waiting[3])

    simulate(work)


def test_rests_grow_until_the_endpoint_counts_as_gone() -> None:
    async def work() -> list[float]:
        lanes = Lanes([lane("a"), lane("b")])
        loop = asyncio.get_running_loop()
        probes: list[float] = []
        for trip in [await lanes.take() for _ in range(2)]:
            lanes.give(trip, error=failed("transport"))
        while not lanes.is_gone:
            trip = await lanes.take()
            probes.append(loop.time())
            lanes.give(trip, error=failed("transport"))
        return probes

    probes = simulate(work)
    assert len(probes) >= 2 * GONE_AFTER
    assert 3 <= probes[-1] <= 20


@pytest.mark.parametrize(
    ("fault", "attempt"), [("server", 2), ("timeout", 3), ("malformed", 2), ("empty", 1)]
)
def test_a_row_that_fails_again_and_again_does_not_rest_a_healthy_endpoint(
    fault: ModelFault, attempt: int
) -> None:
    async def work() -> None:
        lanes = Lanes([lane("a"), lane("b")])
        await fail(lanes, 40, fault, attempt)
        assert not any(one.is_resting for one in lanes.all)

    simulate(work)


def test_the_last_endpoint_that_answers_does_not_rest_for_errors_of_the_server() -> None:
    async def work() -> None:
        lanes = Lanes([lane("a"), lane("b")])
        await fail(lanes, 40, "server")
        assert sorted(one.is_resting for one in lanes.all) == [False, True]
        assert not lanes.is_gone

    simulate(work)


@pytest.mark.parametrize("fault", ["overloaded", "malformed", "cut_body"])
def test_an_endpoint_that_lives_and_gives_nothing_rests_where_another_does_the_work(
    fault: ModelFault,
) -> None:
    async def work() -> None:
        lanes = Lanes([lane("a"), lane("b")])
        await fail(lanes, 40, fault)
        assert sorted(one.is_resting for one in lanes.all) == [False, True]
        assert not lanes.is_gone
        alone = Lanes([lane("a")])
        await fail(alone, 40, fault)
        assert not alone.all[0].is_resting

    simulate(work)


def test_refusals_that_the_load_may_have_caused_rest_no_endpoint() -> None:
    async def work() -> None:
        lanes = Lanes([lane("a", 64), lane("b", 64)])
        trips = [await lanes.take() for _ in range(128)]
        for trip in trips:
            lanes.give(trip, error=failed("overloaded") if trip.n > 1 else None)
        assert not any(one.is_resting for one in lanes.all)

    simulate(work)


@pytest.mark.parametrize(
    ("fault", "retry_after_s", "retryable"),
    [
        ("overloaded", None, True),
        ("overloaded", 1.0, True),
        ("malformed", None, False),
        ("cut_body", None, True),
    ],
)
def test_an_endpoint_that_says_no_at_once_does_not_draw_the_rows_of_the_other_to_itself(
    fault: ModelFault, retry_after_s: float | None, *, retryable: bool, tmp_path: Path
) -> None:
    async def refuse(_: Request) -> Reply:
        await pass_time(0.005)
        raise ModelError("no", fault=fault, retryable=retryable, retry_after_s=retry_after_s)

    well = SlotModel("well", 8, 1.0)
    made = order(tmp_path / "r", numbers(300), [well, Scripted(refuse, name="refusing")], concurrency=8)
    report = execute_simulated(made)
    assert (report.accounting.accepted, report.accounting.failed) == (300, 0)
    assert max(well.arrivals) <= 300 / 8 / 0.9


def test_while_one_endpoint_rests_the_other_does_its_work() -> None:
    async def work() -> None:
        lanes = Lanes([lane("a", 4), lane("b", 4)])
        sick, well = lanes.all
        sick.health.begin_sick()
        trip = await lanes.take()
        assert trip.lane is sick
        trips = [await lanes.take() for _ in range(4)]
        assert {one.lane for one in trips} == {well}
        assert lanes.has_other(sick)
        assert not lanes.has_other(well)

    simulate(work)


def test_a_stop_lets_everybody_go_who_waits_for_a_resting_endpoint() -> None:
    async def work() -> float:
        lanes = Lanes([lane(limit=1)])
        lanes.all[0].pace.paused_until = 500.0
        waiting = [asyncio.ensure_future(lanes.take()) for _ in range(3)]
        await pass_time(1)
        lanes.release()
        for one in waiting:
            lanes.give(await one, sent=False)
        return asyncio.get_running_loop().time()

    assert simulate(work) == pytest.approx(1.0)


def test_a_rate_that_is_stated_is_kept_and_what_waits_goes_out_as_soon_as_it_may() -> None:
    async def work() -> float:
        lanes = Lanes([lane(limit=100, buckets=Buckets.of(120, None))])

        async def go() -> None:
            lanes.give(await lanes.take(), tokens_used=3)

        await asyncio.gather(*(go() for _ in range(230)))
        return asyncio.get_running_loop().time()

    assert 110 <= simulate(work) <= 125


def test_room_that_grows_is_told() -> None:
    async def work() -> int:
        told: list[int] = []
        lanes = Lanes([lane(limit=None)])
        lanes.on_growth(lambda: told.append(lanes.limit))
        for _ in range(6):
            trips = [await lanes.take() for _ in range(lanes.all[0].limit)]
            await pass_time(1)
            for trip in trips:
                lanes.give(trip)
        assert told == sorted(told)
        return told[-1]

    assert simulate(work) >= 256


def order(folder: Path, rows: Sequence[dict[str, Json]], models: Sequence[Scripted], **more: Any) -> Order:
    """Return an order whose writer has several endpoints, which are models in this process."""
    endpoints = [EndpointSettings(endpoint=f"http://127.0.0.1:{9001 + i}/v1") for i in range(len(models))]
    settings = ModelSettings(name="tane", endpoints=endpoints, hedge_share=0.0, **more)
    recipe = Recipe(steps=(answer,), needs=("question",), name="several")
    made = order_of(recipe, Given(rows), {"writer": models[0]}, folder, settings={"writer": settings})
    return replace(made, others={"writer": models[1:]})


@pytest.mark.parametrize("dying", ["quick", "slow"])
def test_two_endpoints_one_slower_one_dying_give_nine_tenths_of_what_they_can_and_lose_no_row(
    tmp_path: Path, dying: str
) -> None:
    dies_at, slots, n_rows = 40.5, 16, 1200
    quick = SlotModel("quick", slots, 1.0, dies_at if dying == "quick" else math.inf)
    slow = SlotModel("slow", slots, 3.0, dies_at if dying == "slow" else math.inf)
    report = execute_simulated(order(tmp_path / "r", numbers(n_rows), [quick, slow]))
    ideal_s = (n_rows - 40 * slots) / slots * 3.0 if dying == "quick" else (n_rows - 13 * slots) / slots
    assert report.accounting.accepted == n_rows
    assert report.accounting.failed == 0
    assert max(quick.arrivals + slow.arrivals) <= ideal_s / 0.9
    assert quick.n_replies + slow.n_replies == n_rows


def test_an_endpoint_that_cannot_be_reached_at_the_start_rests_and_the_others_do_the_work(
    tmp_path: Path,
) -> None:
    with Server(captures=False) as server:
        report, notes = run_at(tmp_path, [server.url, "http://127.0.0.1:9/v1"], n_rows=40)
    assert report.accounting.accepted == 40
    assert [note for note in notes if "127.0.0.1:9/v1: the server cannot be reached" in note]


def test_where_no_endpoint_can_be_reached_the_run_ends_at_once(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be reached"):
        run_at(tmp_path, ["http://127.0.0.1:9/v1", "http://127.0.0.1:19/v1"], n_rows=4)


def run_at(folder: Path, urls: Sequence[str], n_rows: int) -> tuple[Report, list[str]]:
    """Run one step on so many rows over endpoints of which only the addresses are known."""
    progress = Progress()
    settings = ModelSettings(name="tane", endpoints=[EndpointSettings(endpoint=url) for url in urls])
    models = [open_model("writer", one, folder) for one in settings.each()]
    recipe = Recipe(steps=(answer,), needs=("question",), name="several")
    made = order_of(
        recipe, Given(numbers(n_rows)), {"writer": models[0]}, folder / "r", settings={"writer": settings}
    )
    return execute(replace(made, others={"writer": models[1:]}), progress=progress), progress.notes


def test_a_server_that_queues_is_filled_and_not_drowned_for_real(tmp_path: Path) -> None:
    with Server(latency_s=(0.02, 0.04), slots=24, queues=True, captures=False) as server:
        report, _ = run_at(tmp_path, [server.url], n_rows=1500)
    assert report.accounting.accepted == 1500
    assert server.service.in_work_peak == 24
    assert server.service.in_flight_peak <= 8 * 24


def test_a_role_is_known_by_its_own_name_whatever_the_model_is_called_at_an_endpoint(tmp_path: Path) -> None:
    with Server(models=("tane-fp8",)) as server:
        settings = ModelSettings(
            name="tane", endpoints=[EndpointSettings(endpoint=server.url, name="tane-fp8")]
        )
        model = open_model("writer", settings, tmp_path)
        recipe = Recipe(steps=(answer,), needs=("question",), name="several")
        made = order_of(
            recipe, Given(numbers(3)), {"writer": model}, tmp_path / "r", settings={"writer": settings}
        )
        execute(made)
        assert {body["model"] for body in server.captured} == {"tane-fp8"}
    assert model.name == "tane"
    assert '"model":"tane"' in str(dataset(tmp_path / "r")[0]["lineage"]).replace(" ", "")
