"""A folder that cannot be written, a second process, SIGTERM, a clock that was set back: each told or survived."""

from __future__ import annotations

import ctypes
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from subprocess import Popen

import pytest

from support.cli import Work, lay_out, process, run_file
from support.runs import FILES
from support.server import ServerProcess

REPLY = "太陽の光が空気の粒にあたって散らばるからです。"
CAP_DAC_OVERRIDE, PR_CAPBSET_DROP = 1, 24


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server that takes its time, and a workplace whose run asks it."""
    path = tmp_path / "said.py"
    path.write_text(f"def reply(body):\n    return {REPLY!r}\n", encoding="utf-8")
    lay_out(tmp_path, n_rows=400)
    with ServerProcess("--latency-ms", "20", "60", "--script", str(path)) as server:
        (tmp_path / "run.yaml").write_text(
            run_file(f"{{endpoint: '{server.url}', name: tane}}"), encoding="utf-8"
        )
        yield server


def wait_until_it_runs(started: Popen[str]) -> None:
    assert started.stderr is not None
    for line in started.stderr:
        if line.startswith("running"):
            return


@pytest.mark.usefixtures("server")
def test_sigterm_waits_for_what_is_in_flight_as_ctrl_c_does_and_the_run_goes_on(tmp_path: Path) -> None:
    with process(tmp_path, "run", "run.yaml") as started:
        wait_until_it_runs(started)
        started.send_signal(signal.SIGTERM)
        out, err = started.communicate(timeout=60)
    assert started.returncode == 130, err
    assert "replies in flight are waited for and kept" in err
    assert "Traceback" not in err
    with process(tmp_path, "run", "run.yaml") as again:
        out, err = again.communicate(timeout=60)
    assert again.returncode == 0, err
    assert "in 400 + children 0 = accepted 400" in out
    with process(tmp_path, "run", "run.yaml", "--output", "runs/undisturbed") as whole:
        whole.communicate(timeout=60)
    for name in FILES:
        assert (tmp_path / "runs/a" / name).read_bytes() == (
            tmp_path / "runs/undisturbed" / name
        ).read_bytes()


def test_a_second_process_is_refused_with_the_first_ones_number(tmp_path: Path) -> None:
    lay_out(tmp_path)
    with ServerProcess("--fault", "hang", "1") as server:
        (tmp_path / "run.yaml").write_text(
            run_file(f"{{endpoint: '{server.url}', name: tane}}"), encoding="utf-8"
        )
        with process(tmp_path, "run", "run.yaml") as first:
            wait_until_it_runs(first)
            with process(tmp_path, "run", "run.yaml") as second:
                _, err = second.communicate(timeout=60)
            first.kill()
    assert second.returncode == 2, err
    assert "another process is working on this run" in err
    assert f"process {first.pid}" in err


def without_root_powers() -> None:
    """Let the new process obey the modes of files, also as root; elsewhere than on Linux nobody tests as root."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


@pytest.mark.parametrize("made", ["folder", "run"])
def test_a_folder_that_cannot_be_written_is_told_and_left_as_it_is(made: str, work: Work) -> None:
    folder = work.folder / "runs" / "a"
    if made == "run":
        assert work("run", "run.yaml").code == 0
        work.write("r.jsonl", '{"reply": "別の答えです。", "repeat": true}\n')
    else:
        folder.mkdir(parents=True)
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    folder.chmod(0o555)
    for path in before:
        path.chmod(0o444)
    try:
        words = ("run", "run.yaml", "--seed", "0")
        with process(work.folder, *words, preexec_fn=without_root_powers) as started:
            _, err = started.communicate(timeout=60)
        with process(work.folder, "status", "runs/a", preexec_fn=without_root_powers) as looked:
            told, complaint = looked.communicate(timeout=60)
    finally:
        folder.chmod(0o755)
    assert started.returncode == 2, err
    assert "SetupError: the output folder cannot be written" in err
    assert "next    choose another output" in err
    assert "Traceback" not in err
    assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    if made == "run":
        assert looked.returncode == 0, complaint
        assert "accepted 5" in told
    else:
        assert "no run lies here" in complaint


def test_an_output_below_a_file_is_told(work: Work) -> None:
    work.write("thesis.txt", "大切")
    done = work("run", "run.yaml", "--output", "thesis.txt/run")
    assert done.code == 2
    assert "cannot be written" in done.err
    assert (work.folder / "thesis.txt").read_text(encoding="utf-8") == "大切"


def test_a_clock_that_was_set_back_changes_nothing(work: Work) -> None:
    """The order of the starts and of the replies is that of their ids: what the clock said is for people to read."""
    assert work("run", "run.yaml").code == 0
    path = work.folder / "runs" / "a" / "journal.sqlite"
    with closing(sqlite3.connect(path)) as db, db:
        for table in ("plans", "calls"):
            db.execute(f"UPDATE {table} SET at = at + 4e9")
    work.write("one/prompts/ja/answer.md", "<!-- test -->\n\n二文で答えてください。{{ question }}\n")
    edited = work("run", "run.yaml")
    assert edited.code == 0
    assert "prompt 'answer' of step 'answer' changed" in edited.err
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT id FROM plans ORDER BY at").fetchall() == [(1,), (2,)]
        assert db.execute("SELECT count(*) FROM calls").fetchone() == (12,)
    shown = work("view", "runs/a", "--id", "1")
    assert "二文で" in shown.out
    again = work("run", "run.yaml")
    assert again.code == 0
    assert "changed" not in again.err
