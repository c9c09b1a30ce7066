"""Quotas per stratum: what is asked and what is not, what is told, and when a run ends without them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from support.batched import order_for as batch_order
from support.graded import CHAIN, LATE, SPREAD, Hanging, graded, strata
from support.runs import Captured, dataset, echo, files, order_for, run, table
from support.server import Server
from support.simulated import Weather, execute_simulated
from support.steps import answer
from tanemaki.config.schema import Limits, ModelSettings, StrataSettings
from tanemaki.core.errors import LimitReached, ModelError, SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.source import BadItem, Item
from tanemaki.core.verdict import Reject
from tanemaki.models.scripted import last_text
from tanemaki.run.execute import execute
from tanemaki.run.look import status
from tanemaki.run.report import Report
from tanemaki.sources.given import Given

PLAIN = Recipe(needs=("question",), steps=(answer,), name="plain")
QUOTAS = {"小学1年": 5, "小学2年": 4}


@dataclass(frozen=True)
class Refuse:
    """Reject every answer that has this text in it."""

    text: str
    name: str = "refuse"
    reads: ClassVar[tuple[str, ...]] = ("answer",)
    reasons: ClassVar[tuple[str, ...]] = ("refused",)

    def __call__(self, record: Record) -> Record | Reject:
        return Reject("refused", 1, 0) if self.text in record["answer"] else record


def as_asked(request: Request) -> Reply:
    return Reply(f"答え {last_text(request)}")


def of_grades(*grades: Json, field: str = "grade") -> list[dict[str, Json]]:
    return [{"question": f"{i}番目の問い", field: grade} for i, grade in enumerate(grades, 1)]


def one_by_one(**more: Any) -> dict[str, ModelSettings]:
    return {"writer": ModelSettings(kind="scripted", file="-", concurrency=1, **more)}


def test_the_dataset_holds_the_first_rows_of_each_stratum_and_the_rest_costs_nothing(tmp_path: Path) -> None:
    rows = of_grades(*["小1"] * 30, *["中1"] * 500, *["小2"] * 30)
    model = Captured(echo)
    report = run(
        PLAIN, rows, tmp_path / "r", model, strata=strata("grade", 小1=3, 小2=4), settings=one_by_one()
    )
    assert report.state == "complete"
    assert [row["question"] for row in dataset(tmp_path / "r")] == [
        *(f"{i}番目の問い" for i in range(1, 4)),
        *(f"{i}番目の問い" for i in range(531, 535)),
    ]
    assert len(model.requests) == 7
    assert report.accounting.equation() == (
        "in 534 + children 0 = accepted 7 + rejected 0 + failed 0 + surplus 0 + passed over 527"
    )
    assert report.accounting.balances


def test_what_a_full_stratum_was_asked_for_is_surplus_and_never_rejected(tmp_path: Path) -> None:
    settings = {"writer": ModelSettings(kind="scripted", file="-", concurrency=64)}
    report = run(
        CHAIN,
        graded(300),
        tmp_path / "r",
        Captured(echo),
        strata=strata("grade", **QUOTAS),
        settings=settings,
    )
    assert {name: one.accepted for name, one in report.strata.items()} == QUOTAS
    kept: Counter[str] = Counter()
    last = {"小学1年": 0, "小学2年": 0}
    for row in dataset(tmp_path / "r"):
        kept[row["grade"]] += 1
        last[row["grade"]] = int(row["question"].split("番")[0])
    for row in table(tmp_path / "r/rejected.parquet"):
        grade = next(name for name in last if name in row["fields"])
        assert int(row["ordinal"]) < last[grade]
    assert dict(kept) == QUOTAS


def test_a_stratum_that_is_nearly_full_does_not_hold_up_the_others(tmp_path: Path) -> None:
    """The last row of one stratum hangs for an hour; those of the other are all asked meanwhile."""
    model = Hanging("3番")
    rows = of_grades(*["小1"] * 3, *["小1", "小2"] * 20)
    settings = {"writer": ModelSettings(kind="scripted", file="-", concurrency=4)}
    quotas = strata("grade", 小1=3, 小2=20)
    order = order_for(PLAIN, rows, tmp_path / "r", model, strata=quotas, settings=settings)
    assert execute_simulated(order).state == "complete"
    assert len(model.asked_at) == 23
    assert max(model.asked_at.values()) < 60


@pytest.mark.parametrize("by", ["grade", "topic"])
def test_a_raised_quota_pays_only_for_what_is_missing(by: str, tmp_path: Path) -> None:
    names = ("小学1年", "小学2年") if by == "grade" else ("話題1", "話題2")
    small = StrataSettings(by=by, rows=dict.fromkeys(names, 4))
    large = StrataSettings(by=by, rows={names[0]: 4, names[1]: 9})
    first, again, fresh = Captured(echo), Captured(echo), Captured(echo)
    run(LATE, graded(200), tmp_path / "r", first, strata=small, settings=one_by_one())
    report = run(LATE, graded(200), tmp_path / "r", again, strata=large, settings=one_by_one())
    run(LATE, graded(200), tmp_path / "fresh", fresh, strata=large, settings=one_by_one())
    assert report.state == "complete"
    assert files(tmp_path / "r") == files(tmp_path / "fresh")
    assert again.requests
    assert not set(again.texts) & set(first.texts)
    assert len(again.requests) < 25
    if by == "grade":
        assert {int(text.split("番")[0]) for text in again.texts} <= {
            i for i, row in enumerate(graded(200), 1) if row["grade"] == "小学2年"
        }
    idle = Captured(echo)
    assert run(LATE, graded(200), tmp_path / "r", idle, strata=large).state == "nothing_to_do"
    assert not idle.requests


def test_quotas_may_be_given_up_and_taken_up_again(tmp_path: Path) -> None:
    """What was passed over under other quotas is no end: a run for all rows asks it."""
    rows = graded(60)
    run(CHAIN, rows, tmp_path / "r", Captured(echo), strata=strata("grade", 小学2年=3), settings=one_by_one())
    run(CHAIN, rows, tmp_path / "r", Captured(echo), settings=one_by_one())
    run(CHAIN, rows, tmp_path / "whole", Captured(echo), settings=one_by_one())
    assert files(tmp_path / "r") == files(tmp_path / "whole")
    last = Captured(echo)
    run(CHAIN, rows, tmp_path / "r", last, strata=strata("grade", 小学2年=3), settings=one_by_one())
    run(
        CHAIN,
        rows,
        tmp_path / "few",
        Captured(echo),
        strata=strata("grade", 小学2年=3),
        settings=one_by_one(),
    )
    assert files(tmp_path / "r") == files(tmp_path / "few")
    assert not last.requests


def test_a_source_that_ends_too_soon_says_which_strata_lack_how_many(tmp_path: Path) -> None:
    report = run(
        PLAIN, of_grades(*"AABAB"), tmp_path / "r", Captured(echo), strata=strata("grade", A=2, B=5, C=1)
    )
    assert (report.state, report.exit_code) == ("short", 4)
    assert {name: one.lacking for name, one in report.strata.items()} == {"A": 0, "B": 3, "C": 1}
    assert [row["grade"] for row in dataset(tmp_path / "r")] == ["A", "A", "B", "B"]
    assert status(tmp_path / "r").strata == report.strata
    assert status(tmp_path / "r").state == "short"
    assert report.to_json()["strata"]["B"] == {
        "wanted": 5,
        "accepted": 2,
        "tried": 2,
        "acceptance": 1.0,
        "surplus": 0,
    }


def odd_and_even(n: int) -> list[dict[str, Json]]:
    kinds = ["奇数" if i % 2 else "偶数" for i in range(1, n + 1)]
    return [{"question": f"{kind}の問い{i}", "grade": kind} for i, kind in enumerate(kinds, 1)]


def test_a_stratum_that_never_passes_ends_the_run_with_its_reasons(tmp_path: Path) -> None:
    recipe = Recipe(needs=("question",), steps=(answer, Refuse("奇数")), name="picky")
    model = Captured(as_asked)
    quotas = strata("grade", 偶数=400, 奇数=400)
    with pytest.raises(LimitReached) as caught:
        run(recipe, odd_and_even(1000), tmp_path / "r", model, strata=quotas, settings=one_by_one())
    assert caught.value.what == (
        "only 0 of 64 rows were accepted with 'grade': '奇数', of which 400 are wanted: the run stops here"
    )
    assert caught.value.got == "refused 64 (step refuse)"
    assert "limits.accepted_share" in str(caught.value.next)
    assert len(model.requests) < 200


def test_a_stratum_that_the_recipe_never_writes_ends_the_run_and_says_what_it_writes(tmp_path: Path) -> None:
    quotas = strata("topic", 話題1=50, 話題９=50)
    with pytest.raises(LimitReached) as caught:
        run(LATE, graded(900), tmp_path / "r", Captured(echo), strata=quotas, settings=one_by_one())
    assert caught.value.what.startswith(
        "only 0 of 128 rows were accepted with 'topic': '話題9', of which 50 are"
    )
    assert "unlucky" in str(caught.value.got)
    assert "values of 'topic' without a quota: '話題" in str(caught.value.got)
    assert "was '話題" in str(caught.value.got)


def test_no_limit_means_that_the_source_is_tried_to_its_end(tmp_path: Path) -> None:
    quotas = strata("topic", 話題1=5, 話題9=5)
    limits = Limits(accepted_share=None)
    report = run(LATE, graded(300), tmp_path / "r", Captured(echo), strata=quotas, limits=limits)
    assert (report.state, report.accounting.roots) == ("short", 300)


class Endless:
    """A source that gives 甲 ten times and then 乙 for ever."""

    kind = "endless"
    fingerprint = "endless"
    columns: Mapping[str, FieldType] = {"question": "text", "grade": "text"}
    size = None
    unlimited = True
    distinct = False

    def items(self, start: int = 0) -> Iterator[Item | BadItem]:
        n = start
        while True:
            n += 1
            yield Item({"question": f"問い{n}", "grade": "甲" if n <= 10 else "乙"})


def test_a_source_without_end_that_gives_nothing_wanted_any_more_ends_the_run(tmp_path: Path) -> None:
    quotas = strata("grade", 甲=20)
    model = Captured(echo)
    order = order_for(PLAIN, Endless(), tmp_path / "r", model, strata=quotas, settings=one_by_one())
    with pytest.raises(LimitReached) as caught:
        execute(order)
    assert (
        caught.value.what
        == "the source gave 50,000 rows in a row of which none is wanted: the run stops here"
    )
    assert str(caught.value.got).startswith("'甲' lacks 10; values of 'grade' without a quota: '乙' 50")
    assert len(model.requests) == 10
    told = status(tmp_path / "r")
    assert told.accounting.passed_over >= 50_000
    assert told.accounting.balances


@pytest.mark.parametrize(
    ("values", "quotas"),
    [
        ([1, 2, 1, 1, 2], {"１": 2, "2": 1}),
        ([True, False, True, True], {"true": 2, "False": 1}),
        (["小学１年", "ﾊﾝｶｸ", "小学1年", "ハンカク"], {"小学1年": 2, "ハンカク": 1}),
        (["", "🌱", "", "a" * 50_000, "🌱"], {"": 2, "🌱": 1, "a" * 50_000: 1}),
        (["mixed 混在", None, "mixed 混在"], {"mixed　混在": 1}),
    ],
)
def test_values_are_compared_as_people_read_them(
    values: list[Json], quotas: dict[str, int], tmp_path: Path
) -> None:
    said = StrataSettings(by="grade", rows=quotas)
    report = run(
        PLAIN, of_grades(*values), tmp_path / "r", Captured(echo), strata=said, settings=one_by_one()
    )
    assert report.state == "complete"
    assert len(dataset(tmp_path / "r")) == sum(quotas.values())


def test_rows_that_the_source_could_not_read_and_huge_integers_are_no_trouble(tmp_path: Path) -> None:
    rows = of_grades("甲", "乙", "甲", "甲")
    rows[2]["学籍番号"] = 10**30
    report = run(
        PLAIN, rows, tmp_path / "r", Captured(echo), strata=strata("grade", 甲=3), settings=one_by_one()
    )
    assert [one.accepted for one in report.strata.values()] == [3]
    by_number = [{"question": f"問い{i}", "学年": "甲", "n": 10**30} for i in range(3)]
    report = run(
        PLAIN, by_number, tmp_path / "n", Captured(echo), strata=strata("学年", 甲=2), settings=one_by_one()
    )
    assert [one.accepted for one in report.strata.values()] == [2]


@pytest.mark.parametrize(
    ("said", "what", "next_"),
    [
        ({"by": "grad", "rows": {"甲": 1}}, "strata.by names a field that no row of the dataset has: 'grad'", "'grade'?"),
        ({"by": "n", "rows": {"甲": 1}}, "strata names a value that the field 'n' cannot have", "write a whole number"),
        ({"by": "ok", "rows": {"甲": 1}}, "strata names a value that the field 'ok' cannot have", "write true or false"),
        ({"by": "x", "rows": {"1": 1}}, "the field 'x' cannot be what strata are made by", "text, integer or boolean"),
        ({"by": "grade", "rows": {"1": 1, "１": 2}}, "strata names one value of 'grade' twice", "keep one of them"),
    ],
)  # fmt: skip
def test_strata_that_no_row_can_have_are_refused(
    said: dict[str, Any], what: str, next_: str, tmp_path: Path
) -> None:
    rows: list[dict[str, Json]] = [{"question": "問い", "grade": "甲", "n": 1, "ok": True, "x": 0.5}]
    with pytest.raises(SetupError) as caught:
        order_for(PLAIN, rows, tmp_path / "r", Captured(echo), strata=StrataSettings.model_validate(said))
    assert caught.value.what == what
    assert next_ in str(caught.value.next)
    assert not (tmp_path / "r").exists()


def test_batches_ask_for_the_need_of_each_stratum_and_the_margin(tmp_path: Path) -> None:
    """Only the stratum that lacks is asked for in the second batch."""
    quotas = strata("grade", 小学1年=12, 小学2年=6)
    with Server() as server:

        def order(name: str, batches: Any) -> Any:
            made = batch_order(tmp_path / name, server.url, recipe=CHAIN, batches=batches)
            return replace(made, source=Given(graded(200)), strata=quotas, rows=18)

        execute(order("live", {}))
        report = execute(order("batch", {"writer": {"margin": 0.25}}))
        sizes = [batch["request_counts"]["total"] for batch in server.service.batches.batches.values()]
    assert report.state == "complete"
    assert files(tmp_path / "batch") == files(tmp_path / "live")
    assert sizes[0] == 15 + 8
    assert sum(sizes) == report.stats.n_sent < 60


def test_failed_rows_are_done_again_and_quotas_still_hold(tmp_path: Path) -> None:
    def flaky(request: Request) -> Reply:
        if last_text(request).startswith(("2番", "5番", "9番")):
            raise ModelError("no", fault="bad_request")
        return as_asked(request)

    rows = of_grades(*["甲", "乙"] * 20)
    quotas = strata("grade", 甲=6, 乙=5)
    limits = Limits(failed_share=None)
    more: dict[str, Any] = {"strata": quotas, "limits": limits, "settings": one_by_one()}
    first = run(PLAIN, rows, tmp_path / "r", Captured(flaky), **more)
    assert first.accounting.failed == 3
    model = Captured(as_asked)
    order = order_for(PLAIN, rows, tmp_path / "r", model, **more)
    report = execute(order, retry=True)
    assert len(model.requests) == 3
    run(PLAIN, rows, tmp_path / "fresh", Captured(as_asked), **more)
    assert files(tmp_path / "r") == files(tmp_path / "fresh")
    assert report.accounting.surplus == first.accounting.surplus + 3


def test_replies_of_another_run_are_taken_and_the_rest_is_passed_over(tmp_path: Path) -> None:
    rows = of_grades(*["甲", "乙"] * 20)
    run(PLAIN, rows, tmp_path / "old", Captured(echo), rows=10)
    model = Captured(echo)
    more: dict[str, Any] = {"strata": strata("grade", 甲=2, 乙=8), "settings": one_by_one()}
    run(PLAIN, rows, tmp_path / "r", model, reuse=[tmp_path / "old"], **more)
    run(PLAIN, rows, tmp_path / "fresh", Captured(echo), **more)
    assert files(tmp_path / "r") == files(tmp_path / "fresh")
    assert 3 <= len(model.requests) <= 4


def test_children_are_cut_in_the_middle_of_a_root(tmp_path: Path) -> None:
    rows = of_grades(*"甲甲乙甲乙")
    recipe = Recipe(needs=("question",), steps=(SPREAD.steps[0],), name="children")
    report = run(
        recipe,
        rows,
        tmp_path / "r",
        Captured(echo),
        strata=strata("grade", 甲=4, 乙=2),
        settings=one_by_one(),
    )
    assert [row["grade"] for row in dataset(tmp_path / "r")] == ["甲"] * 4 + ["乙"] * 2
    one = report.strata["甲"]
    assert (one.accepted, one.beyond, one.tried, one.acceptance) == (4, 2, 6, 1.0)
    assert one.surplus >= 2
    assert report.accounting.balances
    card = (tmp_path / "r/README.md").read_text(encoding="utf-8")
    assert "| 甲 | 4 | 4 | 6 | 100% |" in card
    assert "| beyond a quota | 2 |" in card


def test_the_look_ahead_follows_each_stratum_by_itself(tmp_path: Path) -> None:
    """Of the good stratum hardly more is asked than it needs, though most rows of the other one are rejected."""
    recipe = Recipe(needs=("question",), steps=(answer, Refuse("奇数の問い1")), name="picky")
    weather = Weather(3, latency_s=(1.0, 3.0), answer=as_asked)
    settings = {"writer": ModelSettings(kind="scripted", file="-", concurrency=32)}
    order = order_for(
        recipe,
        odd_and_even(400),
        tmp_path / "r",
        weather,
        strata=strata("grade", 偶数=30, 奇数=30),
        settings=settings,
    )
    report: Report = execute_simulated(order)
    assert report.state == "complete"
    assert sum(one.text.startswith("偶数") for one in weather.seen) == 30
    assert report.strata["偶数"].surplus == 0
