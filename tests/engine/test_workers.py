"""Worker processes: the same dataset for any number of them, whatever becomes of them."""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

import tanemaki
from support import heavy_steps
from support.heavy_steps import (
    DiesOnce,
    Lucky,
    Spread,
    broken,
    deadly,
    forgotten,
    luck,
    place,
    signature,
    unsendable,
)
from support.runs import Captured, dataset, echo, files, numbers, run, table
from support.steps import Keep, Unlike, answer
from tanemaki.core.errors import RecipeError, SetupError
from tanemaki.core.prompt import Texts
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import Record
from tanemaki.core.step import heavy, spec_of
from tanemaki.engine.parcel import Workplace, framed, pack_step
from tanemaki.engine.stopping import Stop, Stopped
from tanemaki.engine.workers import MOST_DEATHS, Workers
from tanemaki.run.pulse import Progress
from tanemaki.run.session import Run

MANY = Recipe(
    needs=("question",),
    steps=(signature, luck, answer, heavy(Keep("answer", 0.8)), Spread(), Lucky(0.7), Unlike("half", 64, 3)),
    name="many",
)


def no_model() -> Captured:
    return Captured(echo)


def alone(step: Any) -> Recipe:
    return Recipe(needs=("question",), steps=(step,), name="alone")


def test_any_number_of_workers_gives_the_same_dataset(tmp_path: Path) -> None:
    seen = []
    for workers in (0, 1, 3):
        folder = tmp_path / str(workers)
        report = run(MANY, numbers(60), folder, no_model(), workers=workers)
        assert report.accounting.balances
        seen.append(files(folder))
    assert seen[0] == seen[1] == seen[2]
    assert {row["told"] is None for row in dataset(tmp_path / "3")} == {True, False}
    rejected = table(tmp_path / "3" / "rejected.parquet")
    assert {"残念"} == {row["note"] for row in rejected if row["step"] == "lucky"}
    failed = table(tmp_path / "3" / "failed.parquet")
    assert {(row["step"], row["fault"], row["message"]) for row in failed} == {
        ("luck", "DataError", "unlucky in ja; choose another")
    }


def test_a_run_goes_on_with_another_number_of_workers(tmp_path: Path) -> None:
    run(MANY, numbers(60), tmp_path / "whole", no_model(), rows=40)
    for workers, rows in ((3, 7), (0, 15), (1, 40)):
        model = no_model()
        run(MANY, numbers(60), tmp_path / "parts", model, rows=rows, workers=workers)
    assert files(tmp_path / "parts") == files(tmp_path / "whole")


def test_what_a_killed_worker_held_is_done_again(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    progress = Progress()
    for name, workers in (("killed", 2), ("whole", 0)):
        recipe = alone(DiesOnce(str(marks)))
        run_with(progress if workers else Progress(), recipe, tmp_path / name, workers=workers)
    assert files(tmp_path / "killed") == files(tmp_path / "whole")
    assert len(dataset(tmp_path / "killed")) == 40
    assert sorted(int(path.name) for path in marks.iterdir()) == [3, 13, 23, 33]
    told = "a worker process ended (SIGKILL): what it held is done again"
    assert [note for note in progress.notes if note == told]


def run_with(progress: Progress, recipe: Recipe, folder: Path, *, workers: int) -> None:
    Run(recipe=recipe, source=numbers(40), language="ja", output=str(folder), workers=workers).start(
        progress=progress
    )


def test_a_record_that_ends_its_worker_again_and_again_has_failed(tmp_path: Path) -> None:
    report = run(alone(deadly), numbers(30), tmp_path / "r", no_model(), workers=2)
    assert (report.accounting.accepted, report.accounting.failed) == (29, 1)
    (row,) = table(tmp_path / "r" / "failed.parquet")
    assert row["ordinal"] == "5"
    assert row["fault"] == "worker_died"
    assert row["message"] == f"step 'deadly' ended its worker process {MOST_DEATHS} times (exit code 7)"


@pytest.mark.parametrize(
    ("step", "error", "says"),
    [(broken, ZeroDivisionError, "by zero"), (heavy_steps.odd, RuntimeError, "OddError: 奇妙1番目の問い")],
)
def test_an_exception_in_a_worker_ends_the_run_with_its_traceback(
    step: Any, error: type[Exception], says: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=says) as caught:
        run(alone(step), numbers(4 if step is broken else 1), tmp_path / "r", no_model(), workers=1)
    (note,) = caught.value.__notes__
    assert note.startswith("in worker process ")
    assert f"{Path(heavy_steps.__file__).name}" in note
    assert f"in {step.__name__}" in note


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (forgotten, "step 'forgotten' gave back a coroutine"),
        (unsendable, "step 'unsendable' gave back what is no outcome"),
    ],
)
def test_what_is_no_outcome_is_refused_as_in_one_process(step: Any, says: str, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=says):
        run(alone(step), numbers(1), tmp_path / "r", no_model(), workers=1)


def test_a_step_that_no_other_process_can_have_is_refused_before_anything_starts(tmp_path: Path) -> None:
    @heavy
    def inner(question: str) -> str:
        return question

    with pytest.raises(SetupError, match="the heavy step 'inner' cannot be sent to a worker") as caught:
        run(alone(inner), numbers(1), tmp_path / "r", no_model(), workers=1)
    assert "defined inside a function" in str(caught.value.got)
    assert "set workers: 0" in str(caught.value.next)
    assert not (tmp_path / "r").exists()
    assert run(alone(inner), numbers(1), tmp_path / "r", no_model()).state == "complete"


@pytest.mark.parametrize(("step", "got"), [(answer, "it asks a model"), (Unlike("a", 2), "kind 'ordered'")])
def test_a_step_that_is_not_pure_cannot_be_heavy(step: Any, got: str) -> None:
    with pytest.raises(RecipeError, match="is heavy, but worker processes do only what is pure") as caught:
        heavy(spec_of(step))
    assert caught.value.got == got


def test_workers_without_a_heavy_step_are_told_of(tmp_path: Path) -> None:
    progress = Progress()
    run_with(progress, alone(Keep("question", 0.9)), tmp_path / "r", workers=2)
    assert "workers have nothing to do: recipe 'alone' has no heavy step" in progress.notes


def test_workers_live_apart_from_terminal_and_standard_input(tmp_path: Path, capfd: Any) -> None:
    run(alone(place), numbers(8), tmp_path / "r", no_model(), workers=2)
    told = [json.loads(row["place"]) for row in dataset(tmp_path / "r")]
    assert {(one["ignores"], one["input"]) for one in told} == {(True, "")}
    sessions = {one["session"] for one in told}
    assert len(sessions) <= 2
    assert os.getsid(0) not in sessions
    said = capfd.readouterr()
    assert said.out == ""
    assert "8番目の問い" in said.err


def test_workers_serve_a_run_inside_a_running_loop(tmp_path: Path) -> None:
    async def cell() -> str:
        return run(alone(signature), numbers(9), tmp_path / "r", no_model(), workers=2).state

    assert asyncio.run(cell()) == "complete"


RECIPE = """
from dataclasses import dataclass
from typing import ClassVar
from tanemaki.core.recipe import Recipe
from tanemaki.core.step import heavy
from tanemaki.core.verdict import Reject

def turned(text):
    return text[::-1]

@heavy
def mirror(question, *, draw) -> str:
    return turned(question) + str(draw.below(100))

@dataclass(frozen=True)
class Short:
    most: int
    heavy: ClassVar[bool] = True
    reads: ClassVar = ("mirror",)
    reasons: ClassVar = ("too_long",)

    def __call__(self, record):
        n = len(record["mirror"])
        return record if n <= self.most else Reject("too_long", n, self.most)

RECIPE = Recipe(needs=("question",), steps=(mirror, Short(8)))
"""


def test_a_recipe_folder_outside_the_package_has_workers_too(tmp_path: Path) -> None:
    folder = tmp_path / "my_recipe"
    folder.mkdir()
    (folder / "recipe.py").write_text(RECIPE, encoding="utf-8")
    for workers in (0, 2):
        made = Run(
            recipe=folder,
            source=numbers(30),
            language="ja",
            output=str(tmp_path / str(workers)),
            workers=workers,
        )
        made.preview()  # loads the recipe again: its classes are others then
        report = made.start()
        assert (report.accounting.accepted, report.accounting.rejected) != (30, 0)
    assert files(tmp_path / "0") == files(tmp_path / "2")


SCRIPT = """
import sys
sys.path[:0] = {path}
import tanemaki
from tanemaki.core.step import heavy

@heavy
def mirror(question):
    return question[::-1]

def main():
    run = tanemaki.Run(recipe=tanemaki.Recipe(steps=(mirror,), needs=("question",)), source=[{{"question": "しんぶん"}}],
                       language="ja", output={output!r}, workers=1)
    run.start()
    print([row["mirror"] for row in run.rows()])

{end}
"""


def run_script(folder: Path, end: str) -> subprocess.CompletedProcess[str]:
    path = folder / "script.py"
    roots = [str(Path(tanemaki.__file__).parents[1])]
    path.write_text(SCRIPT.format(path=roots, output=str(folder / "out"), end=end), encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, check=False, timeout=60
    )


def test_a_script_may_hold_heavy_steps(tmp_path: Path) -> None:
    ended = run_script(tmp_path, "if __name__ == '__main__':\n    main()")
    assert (ended.stdout, ended.returncode) == ("['んぶんし']\n", 0), ended.stderr


def test_a_script_that_starts_its_run_when_it_is_loaded_is_told_how_to_mend_it(tmp_path: Path) -> None:
    ended = run_script(tmp_path, "main()")
    assert ended.returncode == 1
    assert "was told by that file to start a run" in ended.stderr
    assert "if __name__ == '__main__':" in ended.stderr


def test_workers_that_end_before_they_are_ready_end_the_run(tmp_path: Path) -> None:
    ended = run_script(tmp_path, "if __name__ == '__main__':\n    main()\nelse:\n    import os; os._exit(9)")
    assert ended.returncode == 1
    assert "SetupError: worker processes end before they can work" in ended.stderr
    assert "got     exit code 9" in ended.stderr


def test_workers_serve_the_standard_loop_and_each_record_gets_its_own_outcome() -> None:
    async def work() -> list[tuple[Any, Any]]:
        stop = Stop()
        workplace = Workplace("r", 1, Texts("ja", {}, {}), {0: pack_step(spec_of(place))})
        workers = Workers(2, workplace, stop, print)
        records = [Record(str(i), (i,), {"question": f"{i}番目"}) for i in range(400)]
        try:
            told = await asyncio.gather(*[workers.call(0, spec_of(place), record) for record in records])
            stop.request()
            with pytest.raises(Stopped):
                await workers.call(0, spec_of(place), records[0])
        finally:
            await workers.close()
        return [(one["place"]["session"], one["place"]["question"]) for one in told if isinstance(one, dict)]

    told = asyncio.run(work())
    assert [question for _, question in told] == [f"{i}番目" for i in range(400)]
    assert os.getsid(0) not in {session for session, _ in told}


def test_a_worker_whose_run_was_killed_ends_without_a_word() -> None:
    ours, theirs = socket.socketpair()
    workplace = Workplace("r", 1, Texts("ja", {}, {}), {0: pack_step(spec_of(place))})
    start = "from tanemaki.engine.worker_main import main; main()"
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-c", start], stdin=theirs.fileno(), stderr=subprocess.PIPE
        )
    with ours:
        ours.shutdown(socket.SHUT_RD)  # what it says finds nobody, before it hears that nobody is there
        ours.sendall(framed(pickle.dumps(workplace)))
        _, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (0, b"")


def test_ctrl_c_lets_a_record_finish_and_a_second_one_ends_the_run(tmp_path: Path) -> None:
    process = start_endless(tmp_path)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    assert process.stderr.readline() == "stopping\n"
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    assert (out, process.returncode) == ("stopped\n", 0)


def test_no_worker_outlives_a_run_that_is_killed_while_it_computes(tmp_path: Path) -> None:
    process = start_endless(tmp_path)
    process.kill()
    process.communicate(timeout=20)  # ends when nobody holds the other end any more: neither run nor worker
    assert process.returncode == -9


def start_endless(tmp_path: Path) -> subprocess.Popen[str]:
    """Start a run whose three workers never finish, and wait until all of them have begun."""
    tests = str(Path(heavy_steps.__file__).parents[1])
    program = textwrap.dedent(f"""
        import sys
        sys.path[:0] = [{tests!r}, {str(Path(tanemaki.__file__).parents[1])!r}]
        from support.heavy_steps import endless
        from support.runs import numbers
        import functools
        import tanemaki
        from tanemaki.run.execute import execute
        recipe = tanemaki.Recipe(steps=(endless,), needs=("question",))
        run = tanemaki.Run(recipe=recipe, source=numbers(9), language="ja", output={str(tmp_path / "r")!r}, workers=3)
        told = functools.partial(print, "stopping", file=sys.stderr, flush=True)
        print(execute(run.order, on_stopping=told).state)
    """)
    command = [sys.executable, "-c", program]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    begun = [process.stderr.readline() for _ in range(3)]
    assert all(line.startswith("begun ") for line in begun)
    return process
