"""``--estimate`` from Python: the sample is the run's own, the forecast holds what the run becomes, the report tells so."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

import pytest

from support.runs import Captured, dataset, files, numbers
from support.steps import Draft, Top, Unlike, answer
from tanemaki.config.schema import Limits, ModelSettings
from tanemaki.core.errors import LimitReached, ModelError, SetupError
from tanemaki.core.model import Model, Reply, Request, Usage
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import Json, Record
from tanemaki.core.seeding import Draw
from tanemaki.core.source import BadItem, Item
from tanemaki.core.step import Asker
from tanemaki.core.verdict import Reject
from tanemaki.models.scripted import Scripted, last_text
from tanemaki.run.estimate import Estimate, estimate, seconds_of
from tanemaki.run.execute import execute
from tanemaki.run.forecast import Interval, Projection, Took
from tanemaki.run.foretold import Foretold, compare, keep
from tanemaki.run.look import status
from tanemaki.run.order import Order, order_of
from tanemaki.run.report import Report
from tanemaki.run.sampled import Sample
from tanemaki.run.session import Run
from tanemaki.run.worst import worst_of
from tanemaki.sources.given import Given


class Untold:
    """A source that has an end and does not say where."""

    kind = "untold"
    size = None
    unlimited = False
    distinct = False

    def __init__(self, rows: list[dict[str, Json]]) -> None:
        self._given = Given(rows)
        self.fingerprint = self._given.fingerprint
        self.columns = self._given.columns

    def items(self, start: int = 0) -> Iterator[Item | BadItem]:
        return self._given.items(start)


PRICED = {"kind": "scripted", "file": "said", "price": {"input": 1, "output": 5}, "concurrency": 16}


class Luck:
    """Keep a share of the records, by a draw from their question."""

    name = "luck"
    reads: ClassVar[tuple[str, ...]] = ("question", "answer")
    reasons: ClassVar[tuple[str, ...]] = ("unlucky",)

    def __init__(self, share: float) -> None:
        self.share = share

    def __call__(self, record: Record) -> Record | Reject:
        kept = Draw("luck", str(record["question"])).uniform() < self.share
        return record if kept else Reject("unlucky", 0, 1)


async def title(answer: str, *, writer: Asker) -> str:
    """Ask for a title of an answer."""
    return (await writer(f"題を付けてください。{answer}")).text


def reply(request: Request) -> Reply:
    """Answer with token counts that belong to the request: log-normal ones for what is written."""
    draw = Draw("tokens", last_text(request))
    z = math.sqrt(-2 * math.log(1 - draw.uniform())) * math.cos(2 * math.pi * draw.uniform())
    usage = Usage(40 + draw.below(40), round(math.exp(5 + 0.7 * z)))
    return Reply(f"答え {last_text(request)}", usage=usage)


def order(folder: Path, share: float = 0.6, model: Model | None = None, **more: Any) -> Order:
    """Return a run of two asking steps with a filter between, over 2,000 questions where nothing else is said."""
    said: Mapping[str, Any] = {
        "rows": 100,
        "settings": {"writer": ModelSettings.model_validate(PRICED)},
        **more,
    }
    recipe = said.get("recipe") or Recipe(steps=(answer, Luck(share), title), needs=("question",))
    source = Given(said.get("source") or [{"question": f"{folder.name}の{i}"} for i in range(2000)])
    kept = {name: value for name, value in said.items() if name not in ("recipe", "source")}
    return order_of(recipe, source, {"writer": model or Scripted(reply)}, folder, **kept)


def both(folder: Path, **more: Any) -> tuple[Estimate, Report]:
    return estimate(order(folder, **more)), execute(order(folder, **more))


def test_the_run_goes_on_with_the_sample_and_its_files_are_those_of_a_run_without_one(tmp_path: Path) -> None:
    asked = [Captured(reply), Captured(reply), Captured(reply)]
    estimate(order(tmp_path / "q" / "a", model=asked[0]))
    execute(order(tmp_path / "q" / "a", model=asked[1]))
    execute(order(tmp_path / "p" / "a", model=asked[2]))
    assert not {*asked[0].texts} & {*asked[1].texts}, "nothing of the sample is paid twice"
    assert len(asked[0].texts) == len({*asked[0].texts}) > 24
    assert files(tmp_path / "q" / "a") == files(tmp_path / "p" / "a")


def test_the_sample_is_the_first_rows_and_writes_no_dataset(tmp_path: Path) -> None:
    told = estimate(order(tmp_path / "a"), 16)
    assert (told.sample.n_closed, told.accounting.roots, told.stats.n_in) == (16, 16, 16)
    assert told.accounting.accepted + told.accounting.rejected == 16
    assert not (tmp_path / "a" / "data").exists()
    assert status(tmp_path / "a").state == "unfinished"
    first, second = told.sample.steps
    assert (first.step, first.calls, second.step, second.calls) == (
        "answer",
        16,
        "title",
        told.sample.n_accepted,
    )
    with closing(sqlite3.connect(tmp_path / "a" / "journal.sqlite")) as db:
        charged = db.execute(
            "SELECT count(*), sum(prompt_tokens), sum(completion_tokens), sum(usd) FROM settled"
        ).fetchone()
    assert told.sample.charged == pytest.approx(charged)
    assert sum(row.amounts[0] for row in told.sample.took) == charged[0] == told.stats.n_sent


def test_the_report_says_how_well_the_forecast_did(tmp_path: Path) -> None:
    told, report = both(tmp_path / "a")
    compared = {one.name: one for one in report.foretold}
    assert [*compared] == ["requests", "prompt_tokens", "completion_tokens", "usd"]
    for name, one in compared.items():
        assert (one.low, one.middle, one.high) == pytest.approx(tuple(told.whole[name])), name
        assert one.inside == (one.low <= one.actual <= one.high), name
    spent = status(tmp_path / "a")
    assert compared["requests"].actual == spent.n_requests == told.stats.n_sent + report.stats.n_sent
    assert compared["usd"].actual == pytest.approx(spent.cost_usd)
    assert report.to_json()["forecast"]["requests"]["actual"] == spent.n_requests


def test_a_forecast_of_another_run_is_not_compared(tmp_path: Path) -> None:
    estimate(order(tmp_path / "a"))
    assert execute(order(tmp_path / "a", rows=60)).foretold == ()
    assert execute(order(tmp_path / "b")).foretold == (), "none was made"
    assert execute(order(tmp_path / "b")).to_json()["forecast"] is None


def rest_of(n_rows: float) -> Projection:
    """Return a rest of so many rows of the source with two requests each."""
    same = Interval(n_rows, n_rows, n_rows)
    return Projection(same, same, (same.times(2), same, same, same))


def test_time_is_forecast_from_latency_and_concurrency(tmp_path: Path) -> None:
    took = [Took(1, (2, 0, 0, 0))] * 20
    sample = Sample(took, 20, 20, latency_s={"writer": 40.0}, busy_s=5.0, row_s=2.0)
    # 800 rows of 2 s each with 16 at once are 100 s; at the sample's pace of 4 rows/s they are 200 s
    assert seconds_of(order(tmp_path), sample, rest_of(800)) == (100.0, 200.0)
    assert seconds_of(order(tmp_path), sample, rest_of(2)) == (2.0, 2.0), "no run is faster than one row"
    assert seconds_of(order(tmp_path), sample, rest_of(0)) == (0.0, 0.0)
    slow = {"kind": "openai", "endpoint": "http://localhost:1/v1", "name": "m", "requests_per_minute": 120}
    settings = {"writer": ModelSettings.model_validate(slow)}
    # 1,600 requests at two a second
    assert seconds_of(order(tmp_path, settings=settings), sample, rest_of(800)) == (800.0, 800.0)


def test_time_is_not_forecast_for_models_that_answer_at_once_and_for_batch_files(tmp_path: Path) -> None:
    sample = Sample([Took(1, (2, 0, 0, 0))] * 20, 20, 20, latency_s={"writer": 1.0}, busy_s=0.05, row_s=0.05)
    assert seconds_of(order(tmp_path), sample, rest_of(800)) is None
    assert estimate(order(tmp_path / "a")).time_s is None


def test_the_time_is_compared_only_where_one_start_made_the_whole_rest(tmp_path: Path) -> None:
    told = estimate(order(tmp_path / "a"))
    kept = Foretold(dict(told.whole), (1.0, 5.0), 24, told.stats.n_sent)
    keep(order(tmp_path / "a"), kept)
    report = execute(order(tmp_path / "a"))
    with closing(sqlite3.connect(tmp_path / "a" / "journal.sqlite")) as db:
        meta = dict(db.execute("SELECT key, value FROM meta"))
    n_sent = report.stats.n_sent
    one = compare(order(tmp_path / "a"), meta, n_sent, 6.0)[-1]
    assert one.to_json() == {"low": 1.0, "forecast": None, "high": 5.0, "actual": 6.0, "inside": False}
    assert compare(order(tmp_path / "a"), meta, n_sent, 5.0)[-1].inside
    names = [one.name for one in compare(order(tmp_path / "a"), meta, n_sent - 1, 6.0)]
    assert names == ["requests", "prompt_tokens", "completion_tokens", "usd"]


def test_none_accepted_is_no_forecast_but_the_reasons(tmp_path: Path) -> None:
    told = estimate(order(tmp_path / "a", share=0.0))
    assert (told.whole, told.exit_code) == ({}, 4)
    assert dict(told.accounting.reasons) == {("luck", "unlucky"): 24}
    assert told.to_json()["forecast"] is None
    assert execute(order(tmp_path / "a", share=0.0, rows=None, limit=24)).foretold == ()


def test_none_accepted_of_a_source_that_is_used_up_is_a_forecast_all_the_same(tmp_path: Path) -> None:
    told = estimate(order(tmp_path / "a", share=0.0, rows=None, source=numbers(200)))
    assert told.exit_code == 0
    assert told.whole["requests"].middle == pytest.approx(200, rel=0.02)


def test_a_sample_that_is_the_whole_run_leaves_no_doubt(tmp_path: Path) -> None:
    told = estimate(order(tmp_path / "a", rows=5))
    assert told.whole["accepted"] == pytest.approx((told.sample.n_accepted,) * 3)
    assert told.whole["requests"] == pytest.approx((told.stats.n_sent,) * 3)
    short = estimate(order(tmp_path / "b", rows=100, source=numbers(10)))
    assert short.whole["rows"] == Interval(10, 10, 10)
    assert short.whole["accepted"].high == short.sample.n_accepted < 10


def test_a_source_of_unknown_length_is_forecast_for_a_thousand_rows(tmp_path: Path) -> None:
    source = Untold([{"question": f"問い{i}"} for i in range(300)])
    recipe = Recipe(steps=(answer,), needs=("question",))
    told = estimate(order_of(recipe, source, {"writer": Scripted(reply)}, tmp_path / "a"))
    assert told.whole["rows"] == Interval(1000, 1000, 1000)
    assert any("for 1,000 of them" in note for note in told.notes)
    few = Untold([{"question": f"問い{i}"} for i in range(10)])
    told = estimate(order_of(recipe, few, {"writer": Scripted(reply)}, tmp_path / "b"))
    assert told.whole["rows"] == Interval(10, 10, 10), "the sample has found its end"


def test_a_second_estimate_sends_nothing_and_a_larger_one_only_the_new_rows(tmp_path: Path) -> None:
    first = estimate(order(tmp_path / "a", share=1.0), 10)
    again = estimate(order(tmp_path / "a", share=1.0), 10)
    more = estimate(order(tmp_path / "a", share=1.0), 15)
    assert [one.stats.n_sent for one in (first, again, more)] == [20, 0, 10]
    assert first.whole == again.whole


def test_an_edited_step_is_forecast_without_what_its_old_prompt_took(tmp_path: Path) -> None:
    async def answer(question: str, *, writer: Asker) -> str:
        return (await writer(f"短く。{question}")).text

    def of(step: Any) -> Estimate:
        recipe = Recipe(steps=(step,), needs=("question",))
        return estimate(order(tmp_path / "a", recipe=recipe, rows=None, limit=100))

    old = of(globals()["answer"])
    new = of(answer)
    assert (old.whole["requests"].middle, new.whole["requests"].middle) == pytest.approx((100, 124))
    assert [step.calls for step in new.sample.steps] == [24]


def test_the_forecast_ends_before_a_step_that_looks_at_all_records(tmp_path: Path) -> None:
    recipe = Recipe(steps=(answer, Top("answer", 3), title), needs=("question",))
    asked = Captured(reply)
    told = estimate(order(tmp_path / "a", model=asked, recipe=recipe, rows=None, source=numbers(100)))
    assert told.ends_before == "top"
    assert [step.step for step in told.sample.steps] == ["answer"]
    assert told.whole["requests"].middle == pytest.approx(100)
    assert "step 'top' looks at all records" in told.notes[0]
    report = execute(order(tmp_path / "a", model=asked, recipe=recipe, rows=None, source=numbers(100)))
    assert report.accounting.accepted == 3
    assert report.foretold == (), "what was forecast is not the whole"
    assert len(asked.texts) == len({*asked.texts}) == 103


def test_only_a_set_step_is_nothing_to_forecast(tmp_path: Path) -> None:
    recipe = Recipe(steps=(Top("question", 3), answer), needs=("question",))
    with pytest.raises(SetupError, match="no model is asked before it"):
        estimate(order(tmp_path / "a", recipe=recipe, rows=None, source=numbers(100)))


def test_steps_that_compare_with_earlier_rows_are_forecast_with_a_warning(tmp_path: Path) -> None:
    recipe = Recipe(steps=(answer, Unlike("answer", 200, most=9), title), needs=("question",))
    told = estimate(order(tmp_path / "a", recipe=recipe, rows=50))
    assert told.whole["accepted"] == Interval(50, 50, 50)
    assert any("'unlike' compares with earlier rows" in note for note in told.notes)


def test_a_row_with_children_may_give_several_accepted_rows(tmp_path: Path) -> None:
    recipe = Recipe(steps=(Draft(3),), needs=("question",))
    told, report = both(tmp_path / "a", recipe=recipe, rows=120)
    # 24 rows give 72, and 48 are wanted: 16 rows, three calls each
    assert told.whole["rows"].holds(40)
    assert told.whole["requests"].low <= 120 <= told.whole["requests"].high
    assert report.accounting.accepted == 120


def test_failed_rows_and_lost_tries_are_part_of_what_rows_take(tmp_path: Path) -> None:
    def lossy(request: Request) -> Reply:
        if Draw("lost", last_text(request)).uniform() < 0.3:
            raise ModelError("refused", fault="content_refused")
        return reply(request)

    told = estimate(order(tmp_path / "a", share=1.0, model=Scripted(lossy), limits=Limits(failed_share=None)))
    assert told.accounting.failed > 0
    n_calls = sum(step.calls for step in told.sample.steps)
    assert sum(row.amounts[0] for row in told.sample.took) == told.stats.n_sent > n_calls


def test_a_limit_that_ends_the_sample_leaves_a_forecast_of_what_there_is(tmp_path: Path) -> None:
    told = estimate(order(tmp_path / "a", share=1.0, limits=Limits(requests=40)))
    assert 2 <= told.sample.n_closed < 24
    assert told.notes[0] == "the sample ended early: the limit requests is used up"
    assert any(note.startswith("limits.requests (40) will probably end the run") for note in told.notes)
    with pytest.raises(LimitReached):
        estimate(order(tmp_path / "b", limits=Limits(requests=1)))


@pytest.mark.parametrize("n_rows", [-1, 0, 1])
def test_a_sample_of_fewer_than_two_rows_is_refused(tmp_path: Path, n_rows: int) -> None:
    with pytest.raises(SetupError, match="a sample of at least two rows") as caught:
        estimate(order(tmp_path / "a"), n_rows)
    assert "tanemaki preview" in str(caught.value.next)
    assert not (tmp_path / "a").exists()


def test_what_the_sample_costs_at_worst_is_told_before_it(tmp_path: Path) -> None:
    free = order(tmp_path / "a", settings={})
    assert not worst_of(free).is_paid
    unbound = worst_of(order(tmp_path / "a"))
    assert unbound.is_paid
    assert unbound.told == (
        "What the sample of 24 rows costs is not bound: set sampling.max_tokens, or limits.cost_usd with it."
    )
    bound = {**PRICED, "sampling": {"max_tokens": 1000}}
    settings = {"writer": ModelSettings.model_validate(bound)}
    told = worst_of(order(tmp_path / "a", settings=settings), 10).told
    # ten replies of 1,000 tokens at 5 USD a million, and some 150 bytes of prompt each at 1 USD a million
    assert told.startswith("The first requests of the sample of 10 rows cost at most $0.051")
    assert told.endswith("what follows them depends on the replies, and limits.cost_usd is not set.")
    limited = order(tmp_path / "a", settings=settings, limits=Limits(cost_usd=2))
    assert worst_of(limited, 10).told.endswith("and all of it at most $2.0000: what limits.cost_usd leaves.")
    spent = estimate(limited, 10).sample.charged[-1]
    assert worst_of(limited, 10).told.endswith(f"at most ${2 - spent:,.4f}: what limits.cost_usd leaves.")


def test_a_role_that_is_asked_by_hand_has_no_sample(tmp_path: Path) -> None:
    settings = {"writer": ModelSettings.model_validate({"kind": "batch-file", "name": "m"})}
    with pytest.raises(SetupError, match="carried by hand"):
        estimate(order(tmp_path / "a", settings=settings))


def test_a_run_of_python_objects_is_estimated_and_goes_on(tmp_path: Path) -> None:
    run = Run(
        recipe=Recipe(steps=(answer,), needs=("question",)),
        source=numbers(60),
        models={"writer": Scripted(reply)},
        language="ja",
        output=str(tmp_path / "a"),
        rows=50,
    )
    told = run.estimate(sample=12)
    assert told.whole["accepted"] == Interval(50, 50, 50)
    assert run.start().stats.n_sent == 50 - 12
    assert len(dataset(tmp_path / "a")) == 50


@pytest.mark.long
def test_forecasts_of_real_runs_hold_in_nine_of_ten(tmp_path: Path) -> None:
    # 100 runs at 0.9: mean 90, standard deviation sqrt(100 x 0.9 x 0.1) = 3; three of them below the mean are 81
    inside = dict.fromkeys(("requests", "prompt_tokens", "completion_tokens", "usd"), 0)
    for number in range(100):
        _, report = both(tmp_path / f"r{number}", rows=150)
        for one in report.foretold:
            inside[one.name] += one.inside
    assert all(81 <= n <= 100 for n in inside.values()), inside


def test_replies_of_another_run_cost_nothing_and_are_told(tmp_path: Path) -> None:
    recipe = Recipe(steps=(answer,), needs=("question",))
    source = numbers(100)
    execute(order(tmp_path / "old", recipe=recipe, rows=None, limit=12, source=source))
    told = estimate(
        order(tmp_path / "new", recipe=recipe, rows=None, source=source, reuse=[tmp_path / "old"])
    )
    assert (told.stats.n_sent, told.sample.n_lent) == (12, 12)
    assert "12 calls of the sample were answered by other runs: the same share is forecast" in told.notes
    assert told.whole["requests"].holds(50), "half of 100"


def test_a_complete_run_has_nothing_left_to_forecast(tmp_path: Path) -> None:
    report = execute(order(tmp_path / "a", rows=40))
    told = estimate(order(tmp_path / "a", rows=40))
    assert told.stats.n_sent == 0
    assert told.whole["requests"] == Interval(*(report.stats.n_sent,) * 3)
    assert execute(order(tmp_path / "a", rows=40)).state == "nothing_to_do", (
        "the forecast has not opened it again"
    )


def test_another_price_pays_nothing_again(tmp_path: Path) -> None:
    execute(order(tmp_path / "a", rows=20))
    dearer = ModelSettings.model_validate(
        {**PRICED, "price": {"input": 100, "output": 500, "origin": "p, version 2"}}
    )
    assert execute(order(tmp_path / "a", rows=20, settings={"writer": dearer})).state == "nothing_to_do"
    told = execute(order(tmp_path / "a", rows=25, settings={"writer": dearer}))
    assert told.stats.n_reused == 0
    assert 0 < told.stats.n_sent < 40
