"""One sentence becomes a run file, five rows, and the data set; whatever is wrong is told, and nothing half is left."""

from __future__ import annotations

import json
import os
import pty
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import Popen, TimeoutExpired
from typing import Any

import pytest

from support.cli import Work, process
from support.runs import dataset
from support.server import Server, ServerProcess
from support.source_tree import ROOT
from support.wishes import EN, JA, is_plan, plan_of, reply

FRENCH = "Je voudrais deux cents lettres de clients d'un magasin de vélos, s'il vous plaît"
FILES = ("data/train-00000-of-00001.parquet", "README.md")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(reply=reply) as started:
        yield started


def model(url: str, role: str = "writer") -> list[str]:
    return [f"--models.{role}.endpoint", url, f"--models.{role}.name", "tane"]


def plans(server: Server) -> int:
    return sum(is_plan(body) for body in server.service.captured)


@pytest.mark.parametrize(("wish", "rows"), [(JA, 100), (EN, 200)])
def test_a_wish_becomes_a_file_a_preview_and_with_the_next_command_all_rows(
    wish: str, rows: int, work: Work, server: Server
) -> None:
    done = work("wish", wish, *model(server.url), "--output", "runs/x")
    assert done.code == 0, done.err
    assert "The run file is written: runs/x.yaml" in done.err
    assert f"the other {rows - 5} rows are made by: tanemaki run runs/x.yaml" in done.err
    assert [line for line in done.out.splitlines() if line.startswith("Row ")] == [
        f"Row {n}" for n in range(1, 6)
    ]
    first = dataset(work.folder / "runs/x")
    assert len(first) == 5
    text = (work.folder / "runs/x.yaml").read_text("utf-8")
    assert text.startswith(f"# A wish: {json.dumps(wish, ensure_ascii=False)}\n")
    assert plan_of(wish)["topics"][0] in text
    n_before = len(server.service.captured)
    whole = work("run", "runs/x.yaml", "--json")
    assert whole.json["accounting"]["accepted"] == rows
    assert whole.json["this_start"]["replies_reused"] >= 10
    assert dataset(work.folder / "runs/x")[:5] == first
    assert plans(server) == 1
    again = len(server.service.captured)
    assert work("run", "runs/x.yaml").code == 0
    assert len(server.service.captured) == again > n_before


def test_the_exported_file_gives_the_same_rows_in_a_fresh_folder(work: Work, server: Server) -> None:
    done = work("wish", JA, *model(server.url), "--output", "runs/a", "--rows", "40", "--yes")
    assert done.code == 0, done.err
    assert "Complete: 40 rows accepted" in done.out
    text = (work.folder / "runs/a.yaml").read_text("utf-8")
    work.write("elsewhere/again.yaml", text)
    assert work("run", "elsewhere/again.yaml", "--output", "runs/b").code == 0
    assert plans(server) == 1
    for name in FILES:
        assert (work.folder / "runs/a" / name).read_bytes() == (work.folder / "runs/b" / name).read_bytes()


def test_the_wish_a_second_time_asks_for_no_second_plan_and_changes_no_file(
    work: Work, server: Server
) -> None:
    words = ("wish", JA, *model(server.url), "--plan-only")
    assert work(*words).code == 0
    [file] = (work.folder / "runs").glob("*.yaml")
    file.write_text(file.read_text("utf-8").replace("rows: 100", "rows: 7"), encoding="utf-8")
    done = work("wish", JA, *model(server.url), "--yes", "--json")
    assert done.json["run"]["accounting"]["accepted"] == 7
    assert done.json["preview"]["accounting"]["accepted"] == len(done.json["samples"]) == 5
    assert plans(server) == 1


def test_a_removed_file_is_written_anew_from_the_plan_that_was_paid(work: Work, server: Server) -> None:
    assert work("wish", JA, *model(server.url), "--plan-only", "--output", "runs/a").code == 0
    refused = work("wish", JA, *model(server.url), "--output", "runs/a", "--rows", "9")
    assert refused.code == 2
    assert "the run file is there already, and the flags say something else" in refused.err
    assert "  got     --rows\n" in refused.err, "the flags that say the same are not named"
    (work.folder / "runs/a.yaml").unlink()
    assert work("wish", JA, *model(server.url), "--plan-only", "--output", "runs/a", "--rows", "9").code == 0
    assert "rows: 9\n" in (work.folder / "runs/a.yaml").read_text("utf-8")
    assert plans(server) == 1


def test_another_wish_does_not_take_the_file(work: Work, server: Server) -> None:
    assert work("wish", JA, *model(server.url), "--plan-only", "--output", "runs/a").code == 0
    done = work("wish", EN, *model(server.url), "--output", "runs/a")
    assert done.code == 2
    assert "the run file of another wish is there already" in done.err


def test_a_planner_of_its_own_plans_and_is_no_part_of_the_run(work: Work, server: Server) -> None:
    with Server(reply=reply) as other:
        done = work("wish", EN, *model(server.url), *model(other.url, "planner"), "--output", "runs/a")
        assert done.code == 0, done.err
        assert (plans(server), plans(other)) == (0, 1)
    assert "planner" not in (work.folder / "runs/a.yaml").read_text("utf-8")


def test_the_writers_sampling_does_not_cut_the_plan(work: Work, server: Server) -> None:
    short = ["--models.writer.sampling.max_tokens", "60"]
    assert work("wish", EN, *model(server.url), *short, "--plan-only", "--output", "runs/a").code == 0
    [asked] = [body for body in server.service.captured if is_plan(body)]
    assert (asked["max_tokens"], asked["temperature"]) == (4096, 0.8)
    assert "max_tokens: 60" in (work.folder / "runs/a.yaml").read_text("utf-8")


def test_documents_of_the_user_are_read_by_a_recipe_that_reads_them(work: Work) -> None:
    (work.folder / "docs").mkdir()
    work.write("docs/a.md", "# 鍵\n\n" + "第三倉庫の鍵は三番の棚に置いてある。棚は毎週見回る。" * 20)
    said = {**plan_of("小中学校の全教科から、問題と解説を500問"), "recipe": "grounded_qa", "rows": None}
    with Server(
        reply=lambda body: json.dumps(said, ensure_ascii=False) if is_plan(body) else reply(body)
    ) as server:
        source = ["--source.kind", "documents", "--source.path", "docs"]
        done = work(
            "wish",
            "手もとの文書への質問と回答",
            *model(server.url),
            *source,
            "--output",
            "runs/a",
            "--plan-only",
        )
        assert done.code == 0, done.err
        [asked] = [body for body in server.service.captured if is_plan(body)]
        assert "grounded_qa" in str(asked)
        assert "persona_dialogue" not in str(asked)
    text = (work.folder / "runs/a.yaml").read_text("utf-8")
    assert "recipe: grounded_qa" in text
    assert "path: ../docs" in text


BAD: list[tuple[dict[str, Any] | str, str]] = [
    ("I cannot plan this.", "wrong_schema"),
    ({"topics": ["海", "海"]}, "topics: 2 items, and 20 to 60 are wanted; topics: '海' stands there twice"),
    ({"examples": []}, "examples: 0 items, and 2 to 4 are wanted"),
    ({"recipe": "topic_dialogue"}, "recipe 'topic_dialogue' takes no lists"),
    ({"rows": 15}, "15; the wish: '小学生向け"),
]


@pytest.mark.parametrize(("changed", "told"), BAD, ids=[told for _, told in BAD])
def test_a_plan_that_does_not_hold_ends_with_its_fault_and_no_file(
    changed: dict[str, Any] | str, told: str, work: Work
) -> None:
    said = changed if isinstance(changed, str) else json.dumps({**plan_of(JA), **changed}, ensure_ascii=False)
    with Server(reply=lambda body: said if is_plan(body) else reply(body)) as server:
        done = work("wish", JA, *model(server.url), "--output", "runs/a", "--json")
    assert done.code == 3
    assert done.json["error"]["class"] == "ModelError"
    assert told in done.json["error"]["got"]
    assert "nothing was written" in done.json["error"]["what"]
    assert not (work.folder / "runs/a.yaml").exists()
    assert not (work.folder / "runs/a").exists()


def test_what_the_planner_said_is_shown_by_the_command_that_the_error_names(work: Work) -> None:
    with Server(reply=lambda body: "お手伝いできません。" if is_plan(body) else reply(body)) as server:
        done = work("wish", JA, *model(server.url), "--output", "runs/a")
    assert "a larger model plans better" in done.err
    shown = work(*done.err.partition("what it said: tanemaki ")[2].split())
    assert shown.code == 0, shown.err
    assert shown.out.count("お手伝いできません。") >= 2, "the plan and its repair"


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--models.writer.name", "nosuch"], "  where   models.writer.name, at "),
        (["--models.writer.name", "tane", "--models.writer.key_env", "NOT_SET"], "  where   models.writer.key_env\n"),
        ([], "  where   flags\n  got     models.writer\n"),
        (["--models.planner.name", "nosuch", "--models.writer.name", "tane"], "  got     models.planner\n"),
    ],
    ids=["no such model", "no key", "no name", "a planner"],
)  # fmt: skip
def test_an_error_of_planning_names_the_flag_that_was_given(
    flags: list[str], told: str, work: Work, server: Server
) -> None:
    done = work("wish", JA, "--models.writer.endpoint", server.url, *flags, "--output", "runs/a")
    assert done.code in (2, 3)
    assert told in done.err
    assert plans(server) == 0


def test_after_a_plan_that_failed_the_same_command_asks_once_more(work: Work) -> None:
    answers = iter(["no", "no", json.dumps(plan_of(JA), ensure_ascii=False)])
    with Server(reply=lambda body: next(answers) if is_plan(body) else reply(body)) as server:
        words = ("wish", JA, *model(server.url), "--output", "runs/a", "--plan-only")
        assert work(*words).code == 3
        assert work(*words).code == 0
    assert (work.folder / "runs/a.yaml").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["", "--models.writer.kind", "local"], "the wish is empty"),
        (["  \n", "--models.writer.kind", "local"], "the wish is empty"),
        (["節約の相談" * 2_000], "a wish has at most 2,000 characters"),
        ([FRENCH], "a wish is read in Japanese or in English"),
        (["--rows", "5", EN], "the wish comes first"),
        ([EN, "--rows", "5", "stray"], "a wish is one text"),
        ([EN], "no model is named that could write"),
        ([EN, "--models.writer.endpont", "http://x"], "unknown flag --models.writer.endpont"),
        ([EN, "--yes", "--plan-only"], "--yes and --plan-only exclude each other"),
        ([EN, "--recipe", "curiculum", "--models.writer.kind", "local"], "not become the recipe 'curiculum'"),
        ([EN, "--source.kind", "csv", "--models.writer.kind", "local"], "may become reads the source 'csv'"),
        ([EN, "--strata.by", "label"], "strata name what a plan is still to make up"),
    ],
    ids=range(12),
)  # fmt: skip
def test_what_cannot_be_a_wish_is_refused_before_any_cost(words: list[str], told: str, work: Work) -> None:
    done = work("wish", *words)
    assert done.code == 2
    assert told in done.err
    assert not (work.folder / "runs").exists()


def test_a_wish_in_another_language_is_taken_where_the_language_of_the_data_is_said(work: Work) -> None:
    said = json.dumps({**plan_of(EN), "rows": None})
    with Server(reply=lambda body: said if is_plan(body) else reply(body)) as server:
        done = work(
            "wish", FRENCH, *model(server.url), "--language", "en", "--output", "runs/a", "--plan-only"
        )
    assert done.code == 0, done.err
    assert "rows: 100" in (work.folder / "runs/a.yaml").read_text("utf-8")


def test_a_wish_for_five_rows_or_fewer_is_made_without_a_preview(work: Work, server: Server) -> None:
    done = work("wish", JA, *model(server.url), "--rows", "3", "--json")
    assert done.json["preview"] is None
    assert done.json["run"]["accounting"]["accepted"] == 3
    assert done.json["next"] is None


def test_the_result_for_machines_names_the_next_command(work: Work, server: Server) -> None:
    done = work("wish", EN, *model(server.url), "--output", "runs/a", "--json")
    assert done.json["file"] == "runs/a.yaml"
    assert done.json["plan"]["labels"][0]["name"] == "complaint"
    assert [sorted(row) for row in done.json["samples"]] == [
        ["angle", "label", "messages", "reader", "text", "topic"]
    ] * 5
    assert (done.json["run"], done.json["next"]) == (None, "tanemaki run runs/a.yaml")


def test_help_teaches(work: Work) -> None:
    done = work("wish", "--help")
    assert done.code == 0
    for told in (
        "小学生向けの節約の相談",
        "--plan-only",
        "--models.planner",
        "OUTPUT.yaml",
        "Exit codes: 0 done",
    ):
        assert told in done.out


def _hear_ctrl_c() -> None:
    """Take SIGINT even where the tests were started in the background, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _end(started: Popen[str], *, again: bool) -> str:
    """Wait for the end; with ``again`` press Ctrl-C until it is heard: Python misses one between its prompt and its read."""
    for _ in range(60):
        if again:
            started.send_signal(signal.SIGINT)
        with suppress(TimeoutExpired):
            return started.communicate(timeout=2)[1]
    started.kill()
    raise AssertionError(started.communicate()[1])


def asked(folder: Path, url: str, answer: bytes | None) -> tuple[int, str]:
    """Run a wish on a terminal and answer its question; None is Ctrl-C."""
    ours, theirs = pty.openpty()
    try:
        with process(
            folder,
            "wish",
            JA,
            *model(url),
            "--output",
            "runs/a",
            "--rows",
            "12",
            stdin=theirs,
            preexec_fn=_hear_ctrl_c,
        ) as started:
            assert started.stderr is not None
            seen = ""
            while "Make the other 7 rows?" not in seen:
                letter = started.stderr.read(1)
                assert letter, seen
                seen += letter
            if answer is not None:
                os.write(ours, answer)
            err = _end(started, again=answer is None)
    finally:
        os.close(ours)
        os.close(theirs)
    return started.returncode, err


def test_a_terminal_is_asked_once_and_ctrl_c_between_preview_and_run_loses_nothing(tmp_path: Path) -> None:
    with ServerProcess("--script", str(ROOT / "tests/support/wishes.py")) as server:
        code, err = asked(tmp_path, server.url, None)
        assert code == 130
        assert "Nothing is lost. Go on: tanemaki run runs/a.yaml" in err
        assert "Traceback" not in err
        assert len(dataset(tmp_path / "runs/a")) == 5
        code, err = asked(tmp_path, server.url, b"n\n")
        assert (code, len(dataset(tmp_path / "runs/a"))) == (0, 5)
        code, err = asked(tmp_path, server.url, b"\n")
        assert code == 0, err
        assert len(dataset(tmp_path / "runs/a")) == 12
