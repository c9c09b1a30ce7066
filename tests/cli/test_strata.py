"""Quotas on the command line: the run file, the table at the end and in status, the way to a larger run."""

from __future__ import annotations

import json

import pytest

from support.cli import Work, run_file
from support.runs import dataset

ROWS = [("甲", 1), ("乙", 2), ("甲", 4), ("甲", 5), ("丙", 6), ("乙", 7)]


@pytest.fixture
def graded(work: Work) -> Work:
    lines = [
        json.dumps({"question": f"問い{i}。空は？", "grade": grade}, ensure_ascii=False) for grade, i in ROWS
    ]
    work.write("q.jsonl", "\n".join(lines) + "\n")
    work.write("run.yaml", run_file("{kind: scripted, file: r.jsonl, concurrency: 1}") + STRATA)
    return work


STRATA = "strata: {by: grade, rows: {甲: 2, 乙: 2}}\n"


def test_a_run_with_quotas_shows_each_stratum(graded: Work) -> None:
    done = graded("run", "run.yaml")
    assert done.code == 0, done.err
    assert [row["grade"] for row in dataset(graded.folder / "runs/a")] == ["甲", "乙", "甲", "乙"]
    table = (
        "  stratum  wanted  accepted  tried  acceptance  surplus\n"
        "  甲       2       2         2      100%        0\n"
        "  乙       2       2         2      100%        0\n"
    )
    assert "in 6 + children 0 = accepted 4 + rejected 0 + failed 0 + surplus 0 + passed over 2" in done.out
    assert table in done.out
    assert table in graded("status", "runs/a").out
    card = (graded.folder / "runs/a/README.md").read_text(encoding="utf-8")
    assert "## Rows of each value of `grade`" in card
    assert "| 乙 | 2 | 2 | 2 | 100% |" in card
    told = graded("status", "runs/a", "--json").json
    assert told["strata"]["乙"] == {"wanted": 2, "accepted": 2, "tried": 2, "acceptance": 1.0, "surplus": 0}
    assert told["accounting"]["passed_over"] == 2
    assert told["balances"] is True


def test_what_is_lacking_is_named_and_the_files_are_written(graded: Work) -> None:
    done = graded("run", "run.yaml", "--strata.rows.乙", "5")
    assert done.code == 4
    assert (
        "Too few: 4 of 7 wanted rows, 100% of the rows that ended; the source is used up. 乙 lacks 3."
        in done.out
    )
    assert len(dataset(graded.folder / "runs/a")) == 4
    again = graded("run", "run.yaml", "--strata.rows.乙", "5", "--json")
    assert (again.code, again.json["state"], again.json["this_start"]["requests_sent"]) == (4, "short", 0)


def test_the_run_in_a_folder_can_be_exported_and_looked_at(graded: Work) -> None:
    graded("run", "run.yaml")
    assert "4 accepted rows." in graded("export", "runs/a").out
    assert len(graded("view", "runs/a", "--json").out.splitlines()) > 1
    assert "strata:" in (graded.folder / "runs/a/run.yaml").read_text(encoding="utf-8")
    retried = graded("retry", "runs/a")
    assert retried.code == 0, retried.err


def test_a_field_that_no_row_has_is_refused_with_the_nearest_name(graded: Work) -> None:
    done = graded("run", "run.yaml", "--strata.by", "grde")
    assert done.code == 2
    assert "strata.by names a field that no row of the dataset has: 'grde'" in done.err
    assert "did you mean 'grade'?" in done.err
