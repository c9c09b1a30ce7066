"""A source that never ends, and no number of rows: the run goes on until its requests or its time are used up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.runs import dataset
from tanemaki import Recipe, Request, Run, Scripted
from tanemaki.core.errors import LimitReached, ModelError, SetupError
from tanemaki.core.record import Json


async def greeting(persona: str, *, writer: Any) -> str:
    return str((await writer(f"{persona}に、朝のあいさつを一文で。")).text)


def hello(request: Request) -> str:
    return f"おはようございます。今日は{len(str(request.messages[0]['content']))}字分よい日です。"


def endless(folder: Path, answer: Any = hello, **limits: Json) -> Run:
    """Return the run; an error as answer is raised for each row."""
    says = (lambda _: answer) if isinstance(answer, ModelError) else answer
    return Run(
        recipe=Recipe(needs=("persona",), steps=(greeting,), name="greetings"),
        source={"kind": "personas"},
        models={"writer": Scripted(says)},
        language="ja",
        limits=limits,
        output=str(folder),
    )


def test_it_ends_well_when_the_requests_are_used_up_and_goes_on_with_more(tmp_path: Path) -> None:
    first = endless(tmp_path / "r", requests=30).start()
    assert (first.state, first.exit_code, first.accounting.accepted) == ("complete", 0, 30)
    assert len(dataset(tmp_path / "r")) == 30
    again = endless(tmp_path / "r", requests=45).start()
    assert (again.state, again.accounting.accepted, again.stats.n_sent) == ("complete", 45, 15)
    endless(tmp_path / "whole", requests=45).start()
    assert sorted(row["id"] for row in dataset(tmp_path / "r")) == sorted(
        row["id"] for row in dataset(tmp_path / "whole")
    )


def test_it_ends_well_when_the_time_is_up(tmp_path: Path) -> None:
    report = endless(tmp_path / "r", minutes=0.01).start()
    assert (report.state, report.exit_code) == ("complete", 0)
    assert report.accounting.balances
    assert len(dataset(tmp_path / "r")) == report.accounting.accepted > 0


def test_it_must_be_said_what_ends_it(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"never ends(.|\n)*limits.minutes, requests, tokens or cost_usd"):
        endless(tmp_path / "r")


def test_too_many_failures_are_no_good_end(tmp_path: Path) -> None:
    with pytest.raises(LimitReached, match="rows failed") as caught:
        endless(tmp_path / "r", ModelError("no", fault="bad_request"), requests=100).start()
    assert caught.value.used_up is None
