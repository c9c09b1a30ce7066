from __future__ import annotations

import json
import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from support.four_ends import SAID, four_ends
from support.runs import files, numbers, order_for
from tanemaki.core.errors import LimitReached, SetupError
from tanemaki.core.recipe import Recipe
from tanemaki.core.verdict import Reject
from tanemaki.run.events import EventLog
from tanemaki.run.pulse import FILE, Progress
from tanemaki.run.session import Run, start
from tanemaki.run.watching import Watch


async def answer(question: str, *, writer: Any) -> str | Reject:
    text = str((await writer(question)).text)
    return Reject("too_short", measured=len(text), limit=3) if len(text) < 3 else text


RECIPE = Recipe(steps=(answer,), needs=("question",), name="one")


def follow(folder: Path, **more: Any) -> list[dict[str, Any]]:
    events = folder / "events.jsonl"
    order = order_for(RECIPE, numbers(4), folder / "a", four_ends())
    start(order, watch=Watch(events, **more))
    return read(events)


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_reply_fault_and_row_is_told_between_start_and_end(tmp_path: Path) -> None:
    told = follow(tmp_path)
    assert Counter(one["event"] for one in told) == {
        "run_started": 1,
        "reply": 3,
        "fault": 2,
        "row_ended": 4,
        "run_ended": 1,
    }
    assert (told[0]["event"], told[-1]["event"]) == ("run_started", "run_ended")
    assert told[0]["seed"] == 0
    assert {one["v"] for one in told} == {1}
    assert [one["at"] for one in told] == sorted(one["at"] for one in told)


def test_a_row_says_how_it_ended_and_why(tmp_path: Path) -> None:
    rows = {one["ordinal"]: one for one in follow(tmp_path) if one["event"] == "row_ended"}
    told = {ordinal: (one["status"], one["step"], one["reason"]) for ordinal, one in rows.items()}
    assert told == {
        "1": ("accepted", None, None),
        "2": ("rejected", "answer", "too_short"),
        "3": ("failed", "answer", "content_refused"),
        "4": ("accepted", None, None),
    }


def test_a_reply_tells_whose_it_is_and_what_it_took(tmp_path: Path) -> None:
    told = follow(tmp_path)
    again = next(one for one in told if one["event"] == "reply" and one["ordinal"] == "4")
    assert (again["step"], again["role"], again["model"], again["attempt"]) == (
        "answer",
        "writer",
        "scripted",
        2,
    )
    assert (again["prompt_tokens"], again["completion_tokens"], again["finish_reason"]) == (7, 5, "stop")
    assert again["latency_s"] >= 0
    lost = [(one["ordinal"], one["attempt"], one["fault"]) for one in told if one["event"] == "fault"]
    assert sorted(lost) == [("3", 1, "content_refused"), ("4", 1, "overloaded")]


def test_the_stream_holds_neither_prompts_nor_replies_nor_messages_of_servers(tmp_path: Path) -> None:
    follow(tmp_path)
    text = (tmp_path / "events.jsonl").read_text(encoding="utf-8")
    assert "番目の問い" not in text
    assert SAID not in text


def test_the_level_of_rows_leaves_out_single_calls(tmp_path: Path) -> None:
    assert {one["event"] for one in follow(tmp_path, level="rows")} == {
        "run_started",
        "row_ended",
        "run_ended",
    }


def test_the_end_holds_the_report(tmp_path: Path) -> None:
    end = follow(tmp_path)[-1]
    assert (end["state"], end["balances"]) == ("complete", True)
    assert (end["accounting"]["accepted"], end["this_start"]["retries"]) == (2, 1)


def test_a_limit_is_told_before_the_end(tmp_path: Path) -> None:
    run = Run(
        recipe=RECIPE,
        source=numbers(4),
        models={"writer": four_ends()},
        language="ja",
        output=str(tmp_path / "a"),
        limits={"requests": 1},
    )
    with pytest.raises(LimitReached):
        run.start(events=tmp_path / "e.jsonl")
    limit, end = read(tmp_path / "e.jsonl")[-2:]
    assert (limit["event"], limit["what"]) == ("limit_reached", "the limit requests is used up")
    assert (end["event"], end["state"], end["error"]["exit_code"]) == ("run_ended", "failed", 4)
    run = Run(
        recipe=RECIPE,
        source=numbers(4),
        models={"writer": four_ends()},
        language="ja",
        output=str(tmp_path / "a"),
    )
    run.start(events=tmp_path / "e.jsonl", level="rows")
    begins = [one for one in read(tmp_path / "e.jsonl") if one["event"] == "run_started"]
    assert [one["resumes"] for one in begins] == [False, True]


def test_looking_on_changes_nothing_of_the_dataset_and_leaves_nothing_in_the_folder(tmp_path: Path) -> None:
    start(order_for(RECIPE, numbers(4), tmp_path / "alone", four_ends()))
    follow(tmp_path)
    assert files(tmp_path / "a") == files(tmp_path / "alone")
    assert not (tmp_path / "a" / FILE).exists()


def test_the_stream_may_lie_in_the_runs_own_folder(tmp_path: Path) -> None:
    order = order_for(RECIPE, numbers(1), tmp_path / "a", four_ends())
    start(order, watch=Watch(tmp_path / "a" / "events.jsonl"))
    assert read(tmp_path / "a" / "events.jsonl")[-1]["state"] == "complete"


def test_a_stream_that_cannot_be_opened_stops_the_run_before_anything_is_paid(tmp_path: Path) -> None:
    model = four_ends()
    with pytest.raises(SetupError) as caught:
        start(order_for(RECIPE, numbers(1), tmp_path / "a", model), watch=Watch(tmp_path / "no" / "e.jsonl"))
    assert caught.value.what == "the event stream cannot be written"
    assert caught.value.got == "No such file or directory"


def test_a_stream_that_breaks_later_is_told_and_ends_nothing(tmp_path: Path) -> None:
    progress = Progress()
    order = order_for(RECIPE, numbers(4), tmp_path / "a", four_ends())
    report = start(order, progress=progress, watch=Watch(Path("/dev/full")))
    assert report.state == "complete"
    assert progress.notes[-1] == "11 events could not be written to /dev/full"


def test_half_a_line_of_a_run_that_was_killed_spoils_only_itself(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_text('{"v":1,"ev', encoding="utf-8")
    order = order_for(RECIPE, numbers(1), tmp_path / "a", four_ends())
    start(order, watch=Watch(tmp_path / "events.jsonl"))
    lines = (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert lines[0] == '{"v":1,"ev'
    assert [json.loads(line)["event"] for line in lines[1:]] == [
        "run_started",
        "reply",
        "row_ended",
        "run_ended",
    ]


def test_a_name_that_is_no_text_is_told_all_the_same(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "e.jsonl")
    log.run_started({"recipe": "半分\ud83d"})
    log.run_ended({"state": "complete"}, None)
    assert read(tmp_path / "e.jsonl")[0]["recipe"] == "半分\ud83d"


def test_lines_of_two_threads_are_never_mixed_or_lost(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "e.jsonl")
    log.run_started({})
    over = threading.Event()

    def flush() -> None:
        while not over.is_set():
            log.flush()

    thread = threading.Thread(target=flush)
    thread.start()
    for n in range(2000):
        log.batch("writer", f"{n}", "submitted", n)
    over.set()
    thread.join()
    log.run_ended(None, None)
    told = [one["requests"] for one in read(tmp_path / "e.jsonl") if one["event"] == "batch"]
    assert told == list(range(2000))


@pytest.mark.parametrize(
    ("more", "piece"),
    [
        ({"events": Path("-")}, "events cannot go to a standard stream"),
        ({"level": "row"}, "did you mean 'rows'?"),
    ],
)
def test_what_cannot_be_watched_is_refused(more: dict[str, Any], piece: str) -> None:
    with pytest.raises(SetupError) as caught:
        Watch(**more)
    assert piece in str(caught.value)


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[int]:
    """A named pipe ``events`` whose reader is there and reads nothing by itself."""
    os.mkfifo(tmp_path / "events")
    reader = os.open(tmp_path / "events", os.O_RDONLY | os.O_NONBLOCK)
    yield reader
    os.close(reader)


def drained(reader: int) -> bytes:
    found = b""
    with suppress(BlockingIOError):
        while chunk := os.read(reader, 1 << 16):
            found += chunk
    return found


def test_a_reader_that_falls_behind_holds_nobody_up_and_misses_nothing(tmp_path: Path, pipe: int) -> None:
    log = EventLog(tmp_path / "events")
    log.run_started({})
    for n in range(5000):
        log.batch("writer", f"{n}", "sent", n)
    found = b""
    while len(found.splitlines()) < 5001:
        log.flush()
        found += drained(pipe)
    log.run_ended(None, None)
    told = [json.loads(line) for line in (found + drained(pipe)).splitlines()]
    assert [one["requests"] for one in told[1:-1]] == list(range(5000))
    assert log.n_lost == 0


def test_a_reader_that_stands_still_costs_events_and_neither_time_nor_memory(
    tmp_path: Path, pipe: int
) -> None:
    log = EventLog(tmp_path / "events", most_bytes=200_000, patience_s=0.01)
    log.run_started({})
    for n in range(5000):
        log.batch("writer", f"{n}", "sent", n)
    log.run_ended(None, None)
    n_read = len(drained(pipe).splitlines())
    assert 0 < n_read < 2000
    assert log.n_lost == pytest.approx(5002 - n_read, abs=1), "the line that was cut is lost, too"


def test_a_named_pipe_without_a_reader_is_told_before_anything_is_paid(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "events")
    with pytest.raises(SetupError) as caught:
        EventLog(tmp_path / "events").run_started({})
    assert caught.value.got == "nobody reads from it"
    assert caught.value.next == "start the reader of the named pipe first"
