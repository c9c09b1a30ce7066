from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from support.cli import environment, lay_out
from tanemaki.cli.columns import cut, pad, table, width
from tanemaki.cli.figures import figures, one_line
from tanemaki.cli.live import LINE_EVERY_S, render, tell_lines
from tanemaki.engine.stats import Stats
from tanemaki.run.pulse import Endpoint, Gauge, Progress, Pulse

PULSE = Pulse(
    phase="running",
    at=0.0,
    pid=1,
    started_at=0.0,
    elapsed_s=125.0,
    wanted=10_000,
    most_items=None,
    n_in=5_800,
    live=640,
    accepted=5_432,
    rejected=350,
    failed=18,
    rows_per_s=48.2,
    requests_per_s=96.1,
    prompt_tokens_per_s=12_300.0,
    completion_tokens_per_s=4_510.0,
    eta_s=95.0,
    n_sent=12_345,
    n_reused=120,
    n_retries=14,
    n_hedges=2,
    prompt_tokens=1_234_567,
    completion_tokens=456_789,
    cost_usd=1.23456,
    reserved_usd=0.31,
    limits={"cost_usd": 20},
    endpoints=[
        Endpoint("writer", "gpu1.example:8000", 64, 64),
        Endpoint("writer", "gpu2.example:8000", 12, 16),
        Endpoint("writer", "gpu3.example:8000", 0, 16, resting=True),
        Endpoint("judge", "api.example.com", 8, 32),
    ],
    reasons=[("messages", "near_copy", 312), ("answer", "too_short", 14), ("answer", "server", 18)],
    faults=[("overloaded", 12), ("timeout", 2)],
    batches={"judge": 2_000},
)


def shown(pulse: Pulse, columns: int, *notes: str, colour: bool = False) -> list[str]:
    console = Console(
        file=StringIO(), width=columns, force_terminal=colour, color_system="truecolor" if colour else None
    )
    console.print(render(pulse, notes, console))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().splitlines()


def test_the_figures_tell_everything_that_is_known() -> None:
    assert figures(PULSE) == [
        ("rows", ["5,432 of 10,000 accepted", "94% of those that ended", "640 on their way"]),
        ("pace", ["48 rows/s", "96 requests/s", "about 1 min 35 s to go"]),
        ("tokens", ["in 1.23M (12,300/s)", "out 457k (4,510/s)"]),
        ("money", ["$1.23 of $20.00", "up to $0.31 in flight"]),
        ("requests", ["12,345 sent", "120 from the journal", "14 tried again", "2 sent twice"]),
        (
            "writer",
            [
                "gpu1.example:8000 64 of 64 in flight",
                "gpu2.example:8000 12 of 16 in flight",
                "gpu3.example:8000 resting",
            ],
        ),
        ("judge", ["8 of 32 in flight"]),
        ("batches", ["judge 2,000 requests out"]),
        ("not kept", ["near_copy 312", "server 18", "too_short 14"]),
        ("tries lost", ["overloaded 12", "timeout 2"]),
    ]


def test_before_the_first_row_nothing_is_made_up() -> None:
    pulse = Gauge().read("getting ready", Stats())
    assert figures(pulse) == [("rows", ["0 accepted"])]
    assert one_line(pulse) == "getting ready · 0 accepted"


def test_a_limit_of_money_is_shown_before_anything_is_spent() -> None:
    assert ("money", ["$0.0000 of $5.00"]) in figures(Gauge().read("running", Stats(limits={"cost_usd": 5})))


def test_rows_beyond_the_wanted_ones_are_surplus() -> None:
    rows = dict(figures(replace(PULSE, wanted=5_000)))["rows"]
    assert rows[:2] == ["5,000 of 5,000 accepted", "432 surplus"]


def test_many_endpoints_and_reasons_end_with_a_number() -> None:
    many = replace(
        PULSE,
        endpoints=[Endpoint("writer", f"gpu{i}", 1, 2) for i in range(30)],
        reasons=[("answer", f"reason_{i:02}", 40 - i) for i in range(20)],
    )
    told = dict(figures(many))
    assert told[""] == ["and 22 more endpoints"]
    assert told["not kept"][-2:] == ["reason_05 35", "and 14 more reasons"]
    assert len(shown(many, 80)) < 24


@pytest.mark.parametrize("columns", [40, 80, 120, 200])
def test_the_block_keeps_to_the_width_of_the_terminal(columns: int) -> None:
    lines = shown(PULSE, columns, "prompt 'answer' of step 'answer' changed")
    assert max(map(width, lines)) <= min(columns, 120)
    together = " ".join(" ".join(lines).split())
    for piece in ("5,432 of 10,000 accepted", "gpu3.example:8000 resting", "about 1 min 35 s to go", "54%"):
        assert piece in together


def test_the_block_in_a_terminal_of_80_columns() -> None:
    lines = [line.rstrip() for line in shown(PULSE, 80)]
    assert lines[0] == "running  2 min 5 s"
    assert lines[1].startswith("━━━")
    assert lines[1].endswith(" 54%")
    assert lines[2:5] == [
        "rows        5,432 of 10,000 accepted · 94% of those that ended",
        "            640 on their way",
        "pace        48 rows/s · 96 requests/s · about 1 min 35 s to go",
    ]
    assert lines[-1] == "tries lost  overloaded 12 · timeout 2"


def test_all_but_one_row_is_not_called_a_hundred_per_cent() -> None:
    assert shown(replace(PULSE, wanted=1000, accepted=999), 80)[1].rstrip().endswith("99%")


def test_only_what_needs_a_look_is_coloured() -> None:
    lines = shown(PULSE, 120, colour=True)
    yellow = "\x1b[33m"
    assert [line for line in lines if yellow in line] == [
        line for line in lines if "resting" in line or "overloaded" in line
    ]
    assert f"{yellow}gpu3.example:8000 resting" in "".join(lines)
    assert f"{yellow}gpu1" not in "".join(lines)


def test_the_one_line_of_a_log_has_the_same_figures() -> None:
    assert one_line(PULSE) == (
        "running · 5,432 of 10,000 accepted · 94% of those that ended · 640 on their way · 48 rows/s · 96 requests/s"
        " · about 1 min 35 s to go · in 1.23M (12,300/s) · out 457k (4,510/s) · $1.23 of $20.00"
        " · up to $0.31 in flight · 84 in flight · gpu3.example:8000 resting"
        " · not kept: near_copy 312, server 18, too_short 14 · tries lost: overloaded 12, timeout 2"
    )


def test_where_no_terminal_is_phases_and_notes_come_at_once_and_figures_now_and_then(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = Progress(phase="running", notes=["prompt 'answer' changed"])
    over = threading.Event()
    told_at = iter(range(10))

    def clock() -> float:
        turn = next(told_at)
        if turn == 2:
            found.phase = "closing"
            over.set()
        return turn * LINE_EVERY_S

    tell_lines(found, over, clock)
    assert capsys.readouterr().err.splitlines() == [
        "note: prompt 'answer' changed",
        "running",
        "running · 0 accepted",
        "closing",
    ]


def in_a_terminal(folder: Path, **variables: str) -> tuple[str, bytes]:
    """Run with standard error on a terminal; return what standard output and the terminal got."""
    lay_out(folder)
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "tanemaki.cli.main", "run", "run.yaml"],
        cwd=folder,
        env=environment(TERM="xterm", **variables),
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        check=True,
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other end of a terminal is closed so on Linux
            break
        if not piece:
            break
        seen += piece
    os.close(ours)
    return done.stdout, seen


def test_a_run_in_a_terminal_leaves_only_its_result(tmp_path: Path) -> None:
    out, seen = in_a_terminal(tmp_path)
    assert out.startswith("Complete: 5 rows accepted")
    assert "\x1b" not in out
    assert b"\x1b[" in seen


def test_no_colour_is_shown_where_it_is_not_wanted(tmp_path: Path) -> None:
    _, seen = in_a_terminal(tmp_path, NO_COLOR="1")
    assert b"\x1b[3" not in seen.replace(b"\x1b[?25", b"").replace(b"\x1b[2K", b"")


def test_columns_are_as_wide_as_they_look() -> None:
    assert (width("ｶﾅ"), width("カナ"), width("🙂"), width("か\u3099")) == (2, 4, 2, 2)
    assert pad("種", 4) + "|" == "種  |"
    assert cut("一 二\n三", 20) == "一 二 三"
    assert cut("", 5) == ""
    assert table([]) == ""
    assert table([("a", "一"), ("bbb", "二", "三")], indent=0) == "a    一\nbbb  二  三"
