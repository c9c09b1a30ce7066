"""``tanemaki run FILE --estimate`` as a user meets it, and what the run says of it afterwards."""

from __future__ import annotations

import errno
import os
from typing import Any

import pytest

from support.cli import ENGLISH, GOOD, Work, environment, lay_out, process
from tanemaki.cli.estimate import split_estimate

PRICE = "{kind: scripted, file: r.jsonl, price: {input: 1, output: 5}, sampling: {max_tokens: 200}}"


@pytest.fixture
def long_work(work: Work) -> Work:
    """Return a workplace with 200 questions, one of ten answered in the wrong language, and a price."""
    english = {"text": ENGLISH, "usage": [21, 9]}
    said: list[dict[str, Any]] = [
        {"match": f"問い{n}。", "reply": english, "repeat": True} for n in range(5, 200, 10)
    ]
    lay_out(work.folder, 200, [*said, {"reply": {"text": GOOD, "usage": [20, 15]}, "repeat": True}])
    text = (work.folder / "run.yaml").read_text("utf-8").replace("{kind: scripted, file: r.jsonl}", PRICE)
    work.write("run.yaml", text + "rows: 90\n")
    return work


def on_a_terminal(work: Work, said: str, *words: str) -> tuple[int, str]:
    """Run a command whose input and errors are a terminal, at which a person says something; return its code and errors."""
    person, terminal = os.openpty()
    with process(
        work.folder, *words, stdin=terminal, stderr=terminal, env=environment(TERM="dumb")
    ) as command:
        os.close(terminal)
        os.write(person, said.encode())
        shown = b""
        try:
            while piece := os.read(person, 65_536):
                shown += piece
        except OSError as error:  # how a terminal tells that nobody writes to it any more
            assert error.errno == errno.EIO  # noqa: PT017 - any other one is a failure
        command.communicate(timeout=60)
        os.close(person)
        return command.returncode, shown.decode("utf-8", "replace")


def test_a_forecast_shows_sample_steps_intervals_and_the_next_command(long_work: Work) -> None:
    done = long_work("run", "run.yaml", "--estimate", "30")
    assert done.code == 0, done.err
    assert "Sample: 30 rows of the source · 30 sent · 1,035 tokens" in done.out
    lines = [line.split() for line in done.out.splitlines()]
    assert ["answer", "1.00", "20", "14"] in [line[:4] for line in lines]
    assert "Accepted: 27 of 30 rows that ended" in done.out
    assert "rejected  3  wrong_language  step language" in done.out
    [requests] = [line for line in lines if line[:1] == ["requests"]]
    assert 90 <= int(requests[1]) <= 100 <= int(requests[3])
    [money] = [line for line in lines if line[:1] == ["money"]]
    assert all(cell.startswith("$0.0") for cell in money[1:])
    assert "Next:    tanemaki run run.yaml  (goes on with the sample: nothing is paid twice)" in done.out
    assert "The first requests of the sample of 30 rows cost at most $0.03" in done.err


def test_the_run_goes_on_and_tells_how_well_the_forecast_did(long_work: Work) -> None:
    long_work("run", "run.yaml", "--estimate", "30")
    done = long_work("run", "run.yaml")
    assert "Complete: 90 rows accepted" in done.out
    assert "figures lie inside their intervals" in done.out
    [told] = [line for line in done.out.splitlines() if "became" in line and "requests" in line]
    assert told.split()[-1] == "inside"
    again = long_work("run", "run.yaml", "--json")
    assert again.json["state"] == "nothing_to_do"


def test_the_forecast_for_machines_is_one_document(long_work: Work) -> None:
    told = long_work("run", "run.yaml", "--estimate", "30", "--json").json
    assert told["sample"]["rows"] == 30
    assert told["sample"]["steps"][0]["calls_per_row"] == 1
    # 27 replies of 20 and 15 tokens, 3 of 21 and 9, at 1 and 5 USD a million
    assert told["charged"]["requests"] == 30
    assert (told["charged"]["prompt_tokens"], told["charged"]["completion_tokens"]) == (603, 432)
    assert told["charged"]["usd"] == pytest.approx((603 + 5 * 432) / 1e6)
    assert set(told["forecast"]) == {
        "rows",
        "accepted",
        "requests",
        "prompt_tokens",
        "completion_tokens",
        "usd",
    }
    low, middle, high = (told["forecast"]["requests"][end] for end in ("low", "middle", "high"))
    assert low < middle < high
    done = long_work("run", "run.yaml", "--json").json
    assert done["forecast"]["requests"]["low"] == low
    assert done["forecast"]["requests"]["inside"] is (low <= done["forecast"]["requests"]["actual"] <= high)


def test_the_run_file_may_stand_behind_the_flag(work: Work) -> None:
    done = work("run", "--estimate", "run.yaml", "--json")
    assert done.code == 0, done.err
    assert done.json["sample"]["rows"] == 6
    assert split_estimate("-3", ("run.yaml",)) == (-3, ("run.yaml",))


@pytest.mark.parametrize("n", ["0", "1"])
def test_no_sample_is_no_forecast(work: Work, n: str) -> None:
    done = work("run", "run.yaml", "--estimate", n)
    assert done.code == 2
    assert "a forecast needs a sample of at least two rows" in done.err
    assert not (work.folder / "runs").exists()


@pytest.mark.parametrize(
    ("flags", "what"),
    [
        (["--yes"], "--yes belongs to --estimate"),
        (["--estimate", "5", "--otel"], "--estimate tells no events"),
        (["--estimate", "--events", "e.jsonl"], "--estimate tells no events"),
    ],
)
def test_a_switch_that_would_do_nothing_is_refused(work: Work, flags: list[str], what: str) -> None:
    done = work("run", "run.yaml", *flags)
    assert done.code == 2
    assert what in done.err
    assert not (work.folder / "runs").exists()


def test_none_accepted_says_so_with_the_reasons_and_exit_code_4(work: Work) -> None:
    lay_out(work.folder, 20, [{"reply": ENGLISH, "repeat": True}])
    done = work("run", "run.yaml", "--estimate", "--rows", "500")
    assert done.code == 4
    assert "No forecast: none of the sample was accepted" in done.out
    assert "rejected  20  wrong_language  step language" in done.out


def test_every_run_of_a_grid_has_its_forecast(work: Work) -> None:
    work.write("grid.yaml", (work.folder / "run.yaml").read_text("utf-8") + "grid: {seed: [1, 2]}\n")
    told = work("run", "grid.yaml", "--estimate", "--json").json
    assert len({one["folder"] for one in told["runs"]}) == 2
    assert work("run", "grid.yaml", "--estimate").out.count("Sample: 6 rows") == 2


@pytest.mark.parametrize(("said", "code"), [("n\n", 2), ("\n", 0)])
def test_a_person_is_asked_before_money_is_spent(long_work: Work, said: str, code: int) -> None:
    ended, shown = on_a_terminal(long_work, said, "run", "run.yaml", "--estimate", "10", "--json")
    assert ended == code, shown
    assert "The first requests of the sample of 10 rows cost at most $0.01" in shown
    assert "Take the sample? [Y/n]" in shown
    assert (long_work.folder / "runs/a").exists() is (code == 0)


@pytest.mark.parametrize(
    "flags", [["--yes"], ["--models.writer.price.input", "0", "--models.writer.price.output", "0"]]
)
def test_who_is_sure_or_pays_nothing_is_not_asked(long_work: Work, flags: list[str]) -> None:
    code, shown = on_a_terminal(long_work, "n\n", "run", "run.yaml", "--estimate", "10", *flags)
    assert code == 0, shown
    assert "Take the sample?" not in shown


def test_explain_shows_where_a_price_came_from(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(work.folder / "config"))
    work.write(
        "config/tanemaki/prices.yaml",
        "version: 2026-12-01\nprices:\n  - {name: m-*, input: 0.25, output: 2}\n",
    )
    model = ("--models.writer.kind", "openai", "--models.writer.endpoint", "http://localhost:8000/v1")
    flags = (*model, "--models.writer.name", "m-7b", "--limits.cost-usd", "1")
    done = work("run", "run.yaml", *flags, "--explain", "--json")
    told = {row["key"]: (row["value"], row["origin"]) for row in done.json}
    assert told["models.writer.price.output"] == (2, f"{work.folder / 'config/tanemaki/prices.yaml'}:3")
