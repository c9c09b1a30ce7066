"""Ctrl-C at any moment, and a disk that is full: nothing is lost, and the run goes on."""

from __future__ import annotations

import resource
import signal
import time
from pathlib import Path

import pytest

from support.cli import lay_out, process, run_file
from support.runs import FILES
from support.server import ServerProcess


def wait_for(path: Path, started: object) -> None:
    """Wait until a file is there; the test's own time-out is the loop's end."""
    until = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < until, started


def script(folder: Path) -> str:
    path = folder / "said.py"
    path.write_text(
        "def reply(body):\n    return '太陽の光が空気の粒にあたって散らばるからです。'\n", encoding="utf-8"
    )
    return str(path)


def test_ctrl_c_waits_for_what_is_in_flight_and_the_run_goes_on(tmp_path: Path) -> None:
    lay_out(tmp_path, n_rows=400)
    with ServerProcess("--latency-ms", "20", "60", "--script", script(tmp_path)) as server:
        (tmp_path / "run.yaml").write_text(
            run_file(f"{{endpoint: '{server.url}', name: tane}}"), encoding="utf-8"
        )
        with process(tmp_path, "run", "run.yaml") as started:
            assert started.stderr is not None
            for line in started.stderr:
                if line.startswith("running"):
                    break
            started.send_signal(signal.SIGINT)
            out, err = started.communicate(timeout=60)
        assert started.returncode == 130, err
        assert "replies in flight are waited for and kept" in err
        assert "Go on: tanemaki run run.yaml" in err
        assert "Traceback" not in err
        assert out == ""
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


def test_ctrl_c_while_the_judge_is_measured_says_so_and_the_trial_goes_on(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"instruction": "味噌をしまう方法は？"}\n', encoding="utf-8")
    with ServerProcess("--latency-ms", "50", "100", "--model", "tane") as server:
        model = f"{{endpoint: '{server.url}', name: tane, sampling: {{max_tokens: 64}}}}"
        (tmp_path / "run.yaml").write_text(
            "recipe: preference\nlanguage: ja\nsource: {kind: jsonl, path: rows.jsonl}\n"
            f"models:\n  writer: {model}\n  judge: {model}\noutput: runs/a\n",
            encoding="utf-8",
        )
        with process(tmp_path, "run", "run.yaml") as started:
            assert started.stderr is not None
            for line in started.stderr:
                if line.startswith("running"):
                    break
            started.send_signal(signal.SIGINT)
            out, err = started.communicate(timeout=60)
        assert (started.returncode, out) == (130, ""), err
        assert (
            "Stopped while the judge was measured; nothing that was paid for is lost: runs/a/trial/judge"
            in err
        )
        assert "Go on: tanemaki run run.yaml" in err
        assert "tanemaki export" not in err
        with process(tmp_path, "run", "run.yaml") as again:
            _, err = again.communicate(timeout=60)
        assert again.returncode == 2, "a judge that says nothing readable is refused"
        assert "may not rank" in err


def test_a_second_ctrl_c_does_not_wait(tmp_path: Path) -> None:
    lay_out(tmp_path)
    with ServerProcess("--fault", "hang", "1") as server:
        (tmp_path / "run.yaml").write_text(
            run_file(f"{{endpoint: '{server.url}', name: tane}}"), encoding="utf-8"
        )
        with process(tmp_path, "run", "run.yaml") as started:
            assert started.stderr is not None
            for line in started.stderr:
                if line.startswith("running"):
                    break
            started.send_signal(signal.SIGINT)
            for line in started.stderr:
                if "Ctrl-C again" in line:
                    break
            started.send_signal(signal.SIGINT)
            _, err = started.communicate(timeout=60)
    assert started.returncode == 130, err
    assert "Traceback" not in err


@pytest.mark.parametrize("most_bytes", [70_000, 150_000])
def test_a_full_disk_is_told_and_the_run_goes_on_when_there_is_room(tmp_path: Path, most_bytes: int) -> None:
    lay_out(tmp_path, n_rows=300)

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))

    with process(tmp_path, "run", "run.yaml", preexec_fn=fill) as started:
        _, err = started.communicate(timeout=120)
    assert started.returncode == 2, err
    assert "SetupError" in err
    assert "Traceback" not in err
    with process(tmp_path, "run", "run.yaml") as again:
        out, err = again.communicate(timeout=60)
    assert again.returncode == 0, err
    assert "in 300 + children 0 = accepted 299 + rejected 1 + failed 0" in out
