from __future__ import annotations

import os
import pty
import subprocess
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console

from support.cli import environment, lay_out
from tanemaki.cli.columns import cut, pad, table, width
from tanemaki.cli.live import Pace, _render, figures, one_line
from tanemaki.run.execute import Progress


def progress() -> Progress:
    found = Progress(phase="running")
    stats = found.stats
    stats.wanted, stats.accepted, stats.rejected, stats.n_in = 20, 10, 10, 20
    stats.reasons["messages", "near_copy"] = 7
    stats.reasons["messages", "cut"] = 3
    stats.n_sent, stats.n_reused, stats.n_retries = 44, 2, 1
    stats.prompt_tokens, stats.completion_tokens, stats.usd = 12_000, 3_400, 0.0125
    stats.in_flight["writer"] = 6
    return found


def pace(accepted_before: int = 0) -> Pace:
    clock = iter([0.0, 60.0, 60.0])
    found = Pace(lambda: next(clock))
    found.measure(accepted_before, 20)
    return found


def test_the_figures_tell_rows_pace_requests_money_and_reasons() -> None:
    assert figures(progress(), pace()) == [
        ("rows", "10 of 20 rows accepted (50% of those that ended)"),
        ("pace", "10.0 rows/min, about 1 min 0 s to go"),
        ("in flight", "writer 6"),
        ("requests", "44 sent, 2 from the journal, 1 tried again; tokens 12,000 in, 3,400 out; $0.0125"),
        ("not kept", "near_copy 7, cut 3"),
    ]


def test_the_pace_is_that_of_this_start_alone() -> None:
    assert dict(figures(progress(), pace(accepted_before=8)))["pace"] == "2.0 rows/min, about 5 min 0 s to go"


def test_a_run_that_stops_has_no_time_to_go() -> None:
    found = progress()
    found.phase = "stopping: waiting for what is in flight (Ctrl-C again stops at once)"
    assert "pace" not in dict(figures(found, pace()))


def test_before_the_first_row_nothing_is_made_up() -> None:
    assert one_line(Progress(), Pace(lambda: 0.0)) == "getting ready · 0 rows accepted"


def test_the_block_in_a_terminal_holds_notes_phase_bar_and_figures() -> None:
    found = progress()
    found.notes.append("prompt 'answer' of step 'answer' changed")
    console = Console(file=StringIO(), width=100)
    console.print(_render(found, pace()))
    assert isinstance(console.file, StringIO)
    shown = console.file.getvalue().splitlines()
    assert shown[0].strip() == "prompt 'answer' of step 'answer' changed"
    assert shown[1].strip() == "running"
    assert "━" in shown[2]
    assert "near_copy 7, cut 3" in shown[-1]


def test_a_run_in_a_terminal_leaves_only_its_result(tmp_path: Path) -> None:
    lay_out(tmp_path)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "tanemaki.cli.main", "run", "run.yaml"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment(TERM="xterm"),
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        check=False,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other end of a terminal is closed so on Linux
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert done.returncode == 0
    assert done.stdout.startswith("Complete: 5 rows accepted")
    assert "\x1b" not in done.stdout
    assert b"\x1b[" in shown


def test_no_colour_is_shown_where_it_is_not_wanted(tmp_path: Path) -> None:
    lay_out(tmp_path)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "tanemaki.cli.main", "run", "run.yaml"]
    plain = environment(TERM="xterm", NO_COLOR="1")
    subprocess.run(command, cwd=tmp_path, env=plain, stdout=subprocess.PIPE, stderr=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 65536)
    os.close(ours)
    assert b"\x1b[3" not in shown.replace(b"\x1b[?25", b"").replace(b"\x1b[2K", b"")


def test_columns_are_as_wide_as_they_look() -> None:
    assert (width("ｶﾅ"), width("カナ"), width("🙂"), width("か\u3099")) == (2, 4, 2, 2)
    assert pad("種", 4) + "|" == "種  |"
    assert cut("一 二\n三", 20) == "一 二 三"
    assert cut("", 5) == ""
    assert table([]) == ""
    assert table([("a", "一"), ("bbb", "二", "三")], indent=0) == "a    一\nbbb  二  三"
