"""Late requests are raced, hung ones given up, faults tried again; the dataset does not show it, and the money holds."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from support.replies import hash_of
from support.runs import Captured, dataset, echo, files, numbers, order_for, table
from support.server import Server
from support.simulated import Weather, execute_simulated, pass_time, simulate
from support.steps import answer
from tanemaki.config.schema import Limits, ModelSettings
from tanemaki.core.errors import LimitReached, ModelError
from tanemaki.core.model import Reply, Request, Sampling, Usage
from tanemaki.core.recipe import Recipe
from tanemaki.core.seeding import Draw
from tanemaki.engine.bound import Bound
from tanemaki.engine.call import Address, call_of
from tanemaki.engine.calls import spent_so_far
from tanemaki.engine.journal import Journal
from tanemaki.engine.limits import Budget, Prices, Spend
from tanemaki.engine.sending import Sender
from tanemaki.engine.stats import Stats
from tanemaki.engine.stopping import Stop
from tanemaki.engine.waiting import Patience
from tanemaki.models.openai_compatible import OpenAICompatible
from tanemaki.models.scripted import Scripted, last_text
from tanemaki.run.execute import execute
from tanemaki.run.order import Order, order_of
from tanemaki.run.report import Report
from tanemaki.sources.given import Given

ONE = Recipe(needs=("question",), steps=(answer,), name="one")


def endpoint(**more: Any) -> ModelSettings:
    """Return the settings of an endpoint, which a scripted model stands for."""
    return ModelSettings.model_validate(
        {"endpoint": "http://localhost:1/v1", "name": "scripted", "concurrency": 16, **more}
    )


def order(folder: Path, model: Scripted, n: int = 200, limits: Limits | None = None, **more: Any) -> Order:
    return order_for(
        ONE,
        numbers(n),
        folder,
        model,
        settings={"writer": endpoint(**more)},
        limits=limits or Limits(failed_share=None),
    )


def lines(folder: Path, query: str) -> list[Any]:
    db = sqlite3.connect(folder / "journal.sqlite")
    try:
        return db.execute(query).fetchall()
    finally:
        db.close()


class Timed(Scripted):
    """Answers after what a function says of (text, number of the try) in seconds, and counts what came."""

    def __init__(
        self, takes_s: Callable[[str, int], float], answer: Callable[[Request], Reply] = echo
    ) -> None:
        self.tries: Counter[str] = Counter()
        self.ended_at: dict[str, float] = {}
        self.in_flight = 0

        async def reply(request: Request) -> Reply:
            text = last_text(request)
            self.tries[text] += 1
            self.in_flight += 1
            try:
                await pass_time(takes_s(text, self.tries[text]))
                self.ended_at[text] = asyncio.get_running_loop().time()
                return answer(request)
            finally:
                self.in_flight -= 1

        super().__init__(reply)


def hanging(*numbers_of_rows: int, tries: int = 1, else_s: float = 1.0) -> Callable[[str, int], float]:
    """Return latencies where the first tries of some rows hang for an hour."""
    names = {f"{number}番目の問い" for number in numbers_of_rows}
    return lambda text, number: 3600.0 if text in names and number <= tries else else_s


def test_a_hung_request_is_raced_by_a_second_one_and_the_data_do_not_show_it(tmp_path: Path) -> None:
    model = Timed(hanging(100, 101, 150))
    report = execute_simulated(order(tmp_path / "r", model))
    assert (report.accounting.accepted, report.stats.n_hedges, report.stats.n_sent) == (200, 3, 203)
    assert max(model.ended_at.values()) < 25
    assert model.in_flight == 0
    assert report.stats.in_flight == {"writer": 0}
    assert report.stats.faults == {"outrun": 3}
    quiet = Timed(hanging())
    execute_simulated(order(tmp_path / "quiet", quiet))
    assert files(tmp_path / "r") == files(tmp_path / "quiet")


def test_the_journal_shows_the_hedge_and_the_loser_stays_charged(tmp_path: Path) -> None:
    said = Usage(100, 10)
    limits = Limits(tokens=10**6, failed_share=None)
    model = Timed(hanging(120), lambda request: Reply(echo(request).text, usage=said))
    report = execute_simulated(
        order(tmp_path / "r", model, limits=limits, sampling={"max_tokens": 50}),
    )
    assert report.stats.n_hedges == 1
    assert lines(tmp_path / "r", "SELECT fault, message FROM faults") == [
        ("outrun", "an equal request was answered first")
    ]
    unsettled = lines(
        tmp_path / "r", "SELECT worst_tokens FROM sends WHERE id NOT IN (SELECT send FROM settled)"
    )
    assert len(unsettled) == 1
    assert unsettled[0][0] > 110


def test_a_first_request_that_comes_back_before_its_hedge_counts(tmp_path: Path) -> None:
    model = Timed(lambda text, n: 4.0 if text.startswith("99番") and n == 1 else 30.0 if n > 1 else 1.0)
    report = execute_simulated(order(tmp_path / "r", model))
    assert (report.stats.n_hedges, report.stats.faults, report.accounting.accepted) == (1, {"outrun": 1}, 200)
    assert model.ended_at["99番目の問い"] < 15


@pytest.mark.parametrize("share", [0.0, 0.02, 0.1])
def test_hedges_keep_the_stated_share_however_many_requests_hang(share: float, tmp_path: Path) -> None:
    model = Weather(seed=3, latency_s=(0.5, 1.0), hangs=0.3)
    report = execute_simulated(order(tmp_path / "r", model, n=300, hedge_share=share, concurrency=150))
    assert report.stats.n_hedges <= share * report.stats.n_sent + 2
    assert (report.stats.n_hedges >= 4) if share else (report.stats.n_hedges == 0)
    assert report.accounting.accepted + report.accounting.failed == 300


def test_without_hedges_a_hung_request_is_given_up_long_before_the_run_files_limit(tmp_path: Path) -> None:
    model = Timed(hanging(100, 150))
    report = execute_simulated(order(tmp_path / "r", model, hedge_share=0.0))
    assert report.accounting.accepted == 200
    assert report.stats.faults == {"timeout": 2}
    assert max(model.ended_at.values()) < 45
    assert "many times what other replies took" in lines(tmp_path / "r", "SELECT message FROM faults")[0][0]


@pytest.mark.parametrize(("n", "n_hung", "timeout_s"), [(3, 3, 50.0), (3, 3, 0.05), (100, 1, 2.5)])
def test_the_run_files_time_limit_holds_whatever_is_known_of_latencies(
    n: int, n_hung: int, timeout_s: float, tmp_path: Path
) -> None:
    """Before any reply came, and where it is below what counts as late: nobody else looks at the clock."""
    model = Timed(hanging(*range(n - n_hung + 1, n + 1), tries=9))
    report = execute_simulated(
        order(tmp_path / "r", model, n=n, timeout_s=timeout_s, retries=0, hedge_share=0.0)
    )
    assert report.accounting.faults == Counter({("answer", "timeout"): n_hung})
    latest = lines(tmp_path / "r", "SELECT message FROM faults")
    assert all(f"nothing for {timeout_s:.1f} s" in message for (message,) in latest)
    assert all("raise timeout_s" in message for (message,) in latest)


def test_an_endpoint_that_pauses_as_a_whole_is_waited_for(tmp_path: Path) -> None:
    def takes(_text: str, _number: int) -> float:
        now = asyncio.get_running_loop().time()
        return 30.0 - now if 5.5 < now < 29 else 1.0

    model = Timed(takes)
    report = execute_simulated(order(tmp_path / "r", model))
    assert "timeout" not in report.stats.faults
    assert report.stats.n_hedges <= 0.02 * report.stats.n_sent + 2
    assert report.accounting.accepted == 200


def test_a_server_that_becomes_much_slower_is_not_timed_out_to_death(tmp_path: Path) -> None:
    numbered = count()
    model = Timed(lambda _text, _number: 0.05 if next(numbered) < 200 else 45.0)
    report = execute_simulated(order(tmp_path / "r", model, n=400))
    assert report.accounting.accepted == 400
    assert report.stats.faults.get("timeout", 0) <= 32


def test_a_late_request_that_fails_is_answered_by_its_hedge_without_another_try(tmp_path: Path) -> None:
    def reply(request: Request) -> Reply:
        if last_text(request).startswith("99番") and model.tries[last_text(request)] == 2 and not failed:
            failed.append(True)
            raise ModelError("boom", fault="server", retryable=True)
        return echo(request)

    failed: list[bool] = []
    # The first try fails after 5 s, 2 s after its hedge left, which answers after 4 s.
    model = Timed(
        lambda text, n: 5.0 if text.startswith("99番") and n == 1 else 4.0 if n == 2 else 1.0, reply
    )
    report = execute_simulated(order(tmp_path / "r", model))
    assert (report.stats.n_hedges, report.stats.n_retries, report.accounting.accepted) == (1, 0, 200)
    assert report.stats.faults == {"server": 1}


def test_models_on_this_machine_are_raced_only_if_that_is_asked_for(tmp_path: Path) -> None:
    for share, n_hedges in ((None, 0), (0.05, 1)):
        model = Timed(hanging(100, tries=1, else_s=1.0))
        scripted = ModelSettings.model_validate(
            {"kind": "scripted", "file": "-", "hedge_share": share, "concurrency": 16}
        )
        report = execute_simulated(
            order_for(ONE, numbers(200), tmp_path / str(share), model, settings={"writer": scripted})
        )
        assert (report.stats.n_hedges, report.accounting.accepted) == (n_hedges, 200)


def test_an_empty_reply_is_paid_asked_for_once_more_and_then_handed_to_the_step(tmp_path: Path) -> None:
    def reply(request: Request) -> Reply:
        text = last_text(request)
        is_empty = text.startswith("1番") or (text.startswith("2番") and model.tries[text] == 1)
        return Reply("　\n" if is_empty else "はい。", usage=Usage(20, 1))

    model = Timed(lambda _text, _number: 0.1, reply)
    report = execute_simulated(order(tmp_path / "r", model, n=4))
    assert dict(model.tries) == {"1番目の問い": 2, "2番目の問い": 2, "3番目の問い": 1, "4番目の問い": 1}
    assert [row["answer"] for row in dataset(tmp_path / "r")] == ["　\n", "はい。", "はい。", "はい。"]
    assert report.stats.faults == {"empty": 2}
    assert lines(tmp_path / "r", "SELECT count(*), sum(prompt_tokens), sum(usd) FROM settled") == [
        (6, 120, 0)
    ]
    alone = Timed(lambda _text, _number: 0.1, reply)
    execute_simulated(order_for(ONE, numbers(2), tmp_path / "alone", alone))
    assert alone.tries.total() == 2


def test_with_no_further_tries_allowed_an_empty_reply_is_a_reply(tmp_path: Path) -> None:
    model = Timed(lambda _text, _number: 0.1, lambda _: Reply(" "))
    report = execute_simulated(order(tmp_path / "r", model, n=3, retries=0))
    assert (model.tries.total(), report.accounting.accepted, report.stats.faults) == (3, 3, {})


@pytest.mark.parametrize(
    ("max_tokens", "said", "fault"),
    [(64, Usage(3900, 64), "cut_while_thinking"), (1024, Usage(3900, 196), "context_overflow")],
)
def test_a_reply_cut_by_the_context_is_told_from_one_cut_by_max_tokens(
    max_tokens: int, said: Usage, fault: str, tmp_path: Path
) -> None:
    model = Captured(lambda _: Reply("", "length", thinking="ええと……", usage=said))
    execute(order(tmp_path / "r", model, n=2, sampling={"max_tokens": max_tokens}))
    row = table(tmp_path / "r" / "failed.parquet")[0]
    assert row["fault"] == fault
    assert ("raising max_tokens will not help" in row["message"]) == (fault == "context_overflow")
    assert len(model.requests) == 2


class Dropping(Captured):
    """An endpoint that breaks the connection of one request, and may itself be gone."""

    def __init__(self, *, gone: bool) -> None:
        super().__init__(self._answer)
        self.n_opened = 0
        self._gone = gone

    async def open(self) -> None:
        self.n_opened += 1
        if self._gone and self.n_opened > 1:
            raise ModelError("the server cannot be reached", fault="transport", ends_run=True)

    def _answer(self, request: Request) -> Reply:
        if last_text(request).startswith("5番") or (self._gone and len(self.requests) > 8):
            raise ModelError("the connection broke", fault="transport", retryable=True)
        return echo(request)


def test_a_row_that_alone_drops_the_connection_fails_alone(tmp_path: Path) -> None:
    model = Dropping(gone=False)
    report = execute_simulated(order(tmp_path / "r", model, n=5, concurrency=1))
    assert (report.accounting.accepted, report.accounting.failed) == (4, 1)
    assert table(tmp_path / "r" / "failed.parquet")[0]["fault"] == "transport"
    assert (model.n_opened, model.texts.count("5番目の問い")) == (2, 6)


def test_an_endpoint_that_is_gone_ends_the_run_and_is_probed_once_for_all(tmp_path: Path) -> None:
    model = Dropping(gone=True)
    with pytest.raises(ModelError, match="the connection broke") as raised:
        execute_simulated(order(tmp_path / "r", model, n=40))
    assert raised.value.ends_run
    assert model.n_opened <= 4


def test_a_hedge_is_no_reason_to_pass_a_limit(tmp_path: Path) -> None:
    model = Timed(hanging(100))
    limits = Limits(requests=150, failed_share=None)
    with pytest.raises(LimitReached, match="the limit requests is used up"):
        execute_simulated(order(tmp_path / "r", model, n=150, limits=limits, hedge_share=0.1))
    assert lines(tmp_path / "r", "SELECT count(*) FROM sends") == [(150,)]
    assert model.tries.total() == 150


def interrupted(folder: Path, at_s: float) -> tuple[Timed, Report]:
    """Run with hung requests, and ask it to stop, and to stop at once, while they are raced."""
    from tanemaki.run.execute import _Start
    from tanemaki.run.pulse import Progress

    model = Timed(hanging(*range(60, 70), tries=9))
    start = _Start(order(folder, model), Progress(), retry=False, on_stopping=None)

    def ask() -> None:
        start.interrupt()  # known only once the run goes on

    stops = {at_s: ask, at_s + 1: ask}
    return model, simulate(start.run, at=stops)


@pytest.mark.parametrize("at_s", [5.0, 7.5, 9.0, 12.0])
def test_a_run_that_is_stopped_while_it_races_leaves_nothing_behind(at_s: float, tmp_path: Path) -> None:
    model, report = interrupted(tmp_path / "r", at_s)
    assert report.state == "stopped"
    assert model.in_flight == 0
    assert report.stats.in_flight == {"writer": 0}
    resumed = Timed(hanging())
    execute_simulated(order(tmp_path / "r", resumed))
    assert all(n <= 1 for n in resumed.tries.values())
    execute_simulated(order(tmp_path / "whole", Timed(hanging())))
    assert files(tmp_path / "r") == files(tmp_path / "whole")


class Billed(Weather):
    """Bills every request in full that reaches it, also one whose reply nobody waits for any more."""

    def __init__(self, seed: int, hangs: float, faults: Mapping[Any, float]) -> None:
        self.usd = 0.0
        super().__init__(seed, latency_s=(0.05, 6.0), hangs=hangs, faults=faults, answer=self._bill)

    def _bill(self, request: Request) -> Reply:
        return Reply(echo(request).text, usage=self._usage(request))

    def _usage(self, request: Request) -> Usage:
        draw = Draw("tokens", last_text(request))
        return Usage(20 + draw.below(20), 1 + draw.below(request.sampling.max_tokens or 1))

    async def reply(self, request: Request) -> Reply:
        usage = self._usage(request)
        self.usd += Prices(3.0, 11.0).cost(usage.prompt_tokens or 0, usage.completion_tokens or 0)
        return await super().reply(request)


async def send_all(sender: Sender, bound: Bound, n: int) -> list[Reply | BaseException]:
    calls = [
        call_of(
            Address(i, "", "answer", 0, 0),
            f"r{i}",
            bound,
            Request([{"role": "user", "content": f"{i}番目の問い"}], sampling=bound.sampling),
        )
        for i in range(n)
    ]
    return await asyncio.gather(*(sender.send(call) for call in calls), return_exceptions=True)


@settings(max_examples=20, deadline=None)
@given(
    seed=some.integers(0, 10**6),
    hangs=some.sampled_from([0.0, 0.02, 0.2]),
    broken=some.sampled_from([0.0, 0.05, 0.3]),
    share=some.sampled_from([0.0, 0.02, 0.5]),
    limit=some.floats(0.002, 0.2),
    concurrency=some.sampled_from([1, 8, 64]),
)
def test_the_money_limit_is_never_passed_by_one_cent(
    seed: int, hangs: float, broken: float, share: float, limit: float, concurrency: int
) -> None:
    """Even if the provider bills every request in full that was cut off, raced, timed out or broken on the way."""
    model = Billed(seed, hangs, {"transport": broken / 2, "cut_body": broken / 4, "malformed": broken / 4})
    bound = Bound(
        "writer",
        model,
        sampling=Sampling(max_tokens=40),
        prices=Prices(3.0, 11.0),
        concurrency=concurrency,
        patience=Patience(is_remote=True, timeout_s=600, hedge_share=share),
    )

    async def work(folder: Path) -> tuple[list[Reply | BaseException], Spend, Spend]:
        journal, stop = Journal(folder), Stop()
        budget = Budget(usd=limit, stop=stop)
        ended = await send_all(Sender(journal, budget, Stats(), stop), bound, 120)
        await journal.close()
        assert budget.reserved.requests == 0
        db = sqlite3.connect(folder / "journal.sqlite")
        noted = spent_so_far(db)
        db.close()
        return ended, budget.spent, noted

    with TemporaryDirectory() as name:
        ended, spent, noted = simulate(lambda: work(Path(name)))
    assert model.usd <= spent.usd + 1e-9 <= limit + 2e-9
    assert noted.usd == pytest.approx(spent.usd, abs=1e-9)
    assert {type(end) for end in ended} <= {Reply, LimitReached, ModelError}
    assert model.in_flight == 0


FAULTS = {"429": 0.02, "500": 0.01, "reset": 0.01, "hang": 0.01, "cut": 0.01}


def live(server: Server, folder: Path, n: int) -> Report:
    chosen = endpoint(endpoint=server.url, name="tane", concurrency=64)
    model = OpenAICompatible("writer", chosen)
    limits = Limits(failed_share=None)
    return execute(
        order_of(
            ONE, Given(numbers(n)), {"writer": model}, folder, settings={"writer": chosen}, limits=limits
        )
    )


def test_over_real_connections_all_rows_come_but_the_poisoned_and_none_is_paid_twice(tmp_path: Path) -> None:
    with Server(
        latency_s=(0.05, 0.05), faults=FAULTS, faults_once=True, poison=0.01, retry_after="1", seed=6
    ) as server:
        report = live(server, tmp_path / "r", 400)
        service = server.service
    poisoned = {hash_of(body) for body in server.captured if service.is_poisoned(hash_of(body))}
    assert len(poisoned) >= 2
    assert all(service.met[fault] for fault in FAULTS)
    assert report.accounting.failed == len(poisoned)
    assert report.accounting.accepted == 400 - len(poisoned)
    assert {row["fault"] for row in table(tmp_path / "r" / "failed.parquet")} == {"server"}
    assert report.stats.n_hedges <= 0.02 * report.stats.n_sent + 2
    # Every request was answered once, failed in its way, or was a hedge.
    n_met = sum(service.met.values())
    hung = service.met["hang"]
    assert service.by_content.total() == 400 - len(poisoned) + n_met + max(0, report.stats.n_hedges - hung)
    assert report.stats.faults.get("timeout", 0) == 0
    assert report.stats.elapsed_s < 8
