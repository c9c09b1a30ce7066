"""Sets made elsewhere before judges of known behaviour: told apart, corrected, doubted, decided, and compared."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from support.cli import Done, Work
from support.judge_voices import GOOD, fair, name, pairs, place, served, ties, write_lines
from tanemaki.datasets import ColumnType, write_parquet

OUT = Path("runs/judge-pairs")


def told(done: Done) -> Any:
    assert done.code == 0, done.err
    return done.json["tables"]


def by(table: list[dict[str, str]], column: str) -> dict[str, dict[str, str]]:
    return {row[column]: row for row in table}


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_three_judges_are_told_apart_and_the_labels_are_corrected_for_their_errors(work: Work) -> None:
    write_lines(work.folder / "pairs.jsonl", pairs(20, noise=0.2))
    n_wrong = sum(GOOD not in row["chosen"] for row in pairs(20, noise=0.2))
    with served(place=place, name=name, fair=fair) as (flags, servers):
        done = work("judge", "pairs.jsonl", *flags, "--json")
        assert {role: len(one.service.captured) for role, one in servers.items()} == dict.fromkeys(
            servers, 240
        )
        tables = told(done)
        held = by(tables["Do the labels hold?"], "judge")
        assert [held[one]["may rank"] for one in ("fair-30b", "name-30b", "place-30b")] == ["yes", "no", "no"]
        assert held["place-30b"]["settled"].startswith("0 % ")
        assert held["place-30b"]["labels that are wrong"] == "not told: the judge settled none of the rows"
        assert held["fair-30b"]["labels that are wrong"].startswith(f"{100 * n_wrong / 20:.3g} % (")
        numbers = by(tables["On this set: numbers"], "")
        assert [
            numbers["Leans to the name A"][one].split(" (")[0]
            for one in ("place-30b", "name-30b", "fair-30b")
        ] == [
            "0 %",
            "100 %",
            "0 %",
        ]
        assert numbers["Same winner with places exchanged"]["fair-30b"].startswith("100 %")
        (first, *_) = done.json["judges"]
        assert (first["judge"], first["may_rank"]) == ("fair-30b", True)
        wrong = first["labels_wrong"]
        assert wrong["low"] < wrong["value"] < wrong["high"]
        assert wrong["value"] == pytest.approx(n_wrong / 20)
        assert done.json["doubtful"] == n_wrong, (
            "only the believed judge makes pairs doubtful: those against its verdict"
        )
        queue = lines(work.folder / OUT / "doubtful.jsonl")
        assert {tuple(row["reasons"]) for row in queue} == {("against_label",)}
        again = work("judge", "pairs.jsonl", *flags)
        assert again.code == 0, again.err
        assert all(len(one.service.captured) == 240 for one in servers.values()), "nothing is paid twice"
    assert "Do the labels hold?" in again.out
    assert f"Decide:  {OUT / 'doubtful.jsonl'}" in again.out
    page = (work.folder / OUT / "report.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "On pairs of known truth: may they rank?" in page
    assert (
        (work.folder / OUT / "report.md")
        .read_text("utf-8")
        .startswith("# What the labels of this set are worth")
    )


def test_decisions_of_people_come_back_count_and_are_kept(work: Work) -> None:
    write_lines(work.folder / "pairs.jsonl", pairs(24, noise=0.3))
    with served(fair=fair) as (flags, _):
        assert work("judge", "pairs.jsonl", *flags, "--trial", "off").code == 0
    path = work.folder / OUT / "doubtful.jsonl"
    queue = lines(path)
    assert len(queue) > 3
    right = {row["id"]: "first" if GOOD in row["first"] else "second" for row in queue}
    for row, choice in zip(queue, ["right", "tie", "discard"], strict=False):
        row |= {"decision": right[row["id"]] if choice == "right" else choice, "who": "花子"}
    write_lines(path, queue)
    refused = work("judge", "pairs.jsonl")
    assert refused.code == 2
    assert "the queue in the folder holds decisions, which a new queue would overwrite" in refused.err
    done = work("judge", "pairs.jsonl", "--decisions", OUT / "doubtful.jsonl", "--json")
    agreed = told(done)["How far the opinions agree"]
    (between,) = [
        row for row in agreed if (row["first"], row["second"]) == ("the set's labels", "people's decisions")
    ]
    assert between["pairs with both"] == "2", "the discarded pair is gone"
    assert between["percent"].startswith("0 %")
    assert done.json["doubtful"] == len(queue) - 3
    decided = {row["prompt"]: row for row in lines(work.folder / OUT / "decided.jsonl")}
    assert len(decided) == 24 - 2, "neither the tie nor the discarded pair has a chosen side"
    mended = decided[queue[0]["prompt"]]
    assert (GOOD in mended["chosen"], mended["decided_by"]) == (True, "花子")
    later = work("judge", "pairs.jsonl", "--json")
    assert later.json["doubtful"] == len(queue) - 3, "decisions are kept"
    wrong = write_lines(work.folder / "wrong.jsonl", [{**queue[3], "decision": "fist", "who": "花子"}])
    refused = work("judge", "pairs.jsonl", "--decisions", wrong)
    assert refused.code == 2
    assert "did you mean 'first'?" in refused.err


def test_a_judge_that_fails_its_trial_is_refused_where_that_is_asked_for(work: Work) -> None:
    write_lines(work.folder / "pairs.jsonl", pairs(6))
    with served(place=place) as (flags, servers):
        done = work("judge", "pairs.jsonl", *flags, "--trial", "require")
        assert done.code == 2
        assert "the judge 'place-30b' may not rank" in done.err
        assert "same winner with places exchanged 0.0 %" in done.err
        assert len(servers["place"].service.captured) == 180, "the trial alone"


def test_all_ties_have_a_defined_result(work: Work) -> None:
    """Fault 25: all ties divided by zero."""
    write_lines(work.folder / "pairs.jsonl", pairs(12))
    with served(ties=ties) as (flags, _):
        tables = told(work("judge", "pairs.jsonl", *flags, "--json"))
    (held,) = tables["Do the labels hold?"]
    assert (held["may rank"], held["labels hold, as judged"]) == ("no", "no rate (n = 0)")
    (agree,) = tables["How far the opinions agree"]
    assert agree["percent"].startswith("0 %")


def test_labels_are_compared_with_a_column_and_with_a_file_without_any_model(work: Work) -> None:
    rows = [
        {
            "question": f"問い{k}",
            "answer_a": f"甲{k}",
            "answer_b": f"乙{k}",
            "label": "AB"[k % 2],
            "second_label": "AB"[k % 3 == 0],
        }
        for k in range(12)
    ]
    with (work.folder / "set.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    turned = [
        {
            "prompt": row["question"],
            "response_a": row["answer_b"],
            "response_b": row["answer_a"],
            "winner": "BA"[row["label"] == "B"],
        }
        for row in rows[:6]
    ]
    write_lines(work.folder / "crowd.jsonl", turned)
    done = work("judge", "set.csv", "--against", "second_label", "--against", "crowd.jsonl", "--json")
    between = {(row["first"], row["second"]): row for row in told(done)["How far the opinions agree"]}
    assert between["the set's labels", "crowd.jsonl"]["percent"].startswith("100 %"), (
        "the sides stand the other way round"
    )
    assert between["the set's labels", "crowd.jsonl"]["pairs with both"] == "6"
    same = sum(row["label"] == row["second_label"] for row in rows)
    assert between["the set's labels", "second_label"]["percent"].startswith(f"{100 * same / 12:.3g} %")
    assert done.json["doubtful"] == 12 - same
    assert done.json["folder"] == "runs/judge-set"
    text = work("judge", "set.csv", "--against", "second_label", "--output", "runs/b").out
    assert "Both, over 12 pairs with two opinions: percent" in text


def test_scores_of_single_answers_are_read_and_ordered_against_the_sets_own(work: Work) -> None:
    rows = [{"instruction": f"{k}番", "output": f"{GOOD} {k}", "score": k} for k in range(1, 11)]
    write_lines(work.folder / "answers.jsonl", rows)

    def score(text: str) -> str:
        return next((str(k) for k in range(10, 0, -1) if f"{GOOD} {k}\n" in text + "\n"), "5")

    with served(judge=score) as (flags, _):
        refused = work("judge", "answers.jsonl", *flags)
        assert refused.code == 2
        assert "these rows hold one answer each, and the judge 'pairwise' compares two" in refused.err
        done = work("judge", "answers.jsonl", *flags, "--judge", "single", "--trial", "off", "--json")
    (line,) = told(done)["Scores"]
    assert (line["answers"], line["read"], line["mean"]) == ("10", "100 %", "5.50")
    (order,) = told(done)["Whether they order the answers alike"]
    assert order["rank correlation"].startswith("1.000")
    assert done.json["folder"] == "runs/judge-answers-single"


def test_a_run_folder_parquet_and_a_file_of_settings_are_taken(work: Work) -> None:
    folder = work.folder / "made/data"
    folder.mkdir(parents=True)
    columns: dict[str, ColumnType] = dict.fromkeys(("prompt", "chosen", "rejected"), "text")
    write_parquet(pairs(8), columns, folder / "train.parquet")
    with served(fair=fair) as (flags, servers):
        settings = {
            "models": {"fair": {"endpoint": servers["fair"].url, "name": "fair-30b"}},
            "options": {"names": False},
        }
        (work.folder / "judges.yaml").write_text(json.dumps(settings), encoding="utf-8")
        done = work("judge", "made", "--from", "judges.yaml", "--trial", "off", "--json")
        (held,) = told(done)["Do the labels hold?"]
        assert held["labels hold, as judged"].startswith("100 %")
        assert held["may rank"] == "not tried"
        assert held["labels hold, corrected"].startswith("not told: the judge was not tried on pairs")
        assert len(servers["fair"].service.captured) == 16, "two orders, no exchanged names, no trial"
        ran = work("run", "runs/judge-made/fair.yaml", "--json")
        assert ran.json["state"] == "nothing_to_do", "the run file repeats the same"
        other = work("judge", "made", "--from", "judges.yaml", "--options.repeats", 2)
        assert other.code == 2
        assert "the judge's run file is there already, and the flags say something else" in other.err
        guess = work(
            "judge", "made", *flags, "--output", "runs/e", "--trial", "off", "--estimate", "4", "--json"
        )
        assert guess.code == 0, guess.err
        assert guess.json["fair"]["sample"]["rows"] == 4


def test_a_limit_ends_it_and_a_higher_one_goes_on_without_paying_twice(work: Work) -> None:
    write_lines(work.folder / "pairs.jsonl", pairs(10))
    with served(fair=fair) as (flags, servers):
        words = ("judge", "pairs.jsonl", *flags, "--trial", "off")
        stopped = work(*words, "--limits.requests", "12")
        assert stopped.code == 4
        assert "raise limits.requests" in stopped.err
        assert not (work.folder / OUT / "report.html").exists()
        done = work(*words, "--limits.requests", "30", "--json")
        (held,) = told(done)["Do the labels hold?"]
        assert held["settled"].endswith("n = 10)")
        assert len(servers["fair"].service.captured) == 30
        part = work(*words, "--output", "runs/part", "--limit", "4")
    assert "Both, over 4 pairs with two opinions" in part.out


def test_rows_that_cannot_be_read_and_copies_are_left_out_with_their_place(work: Work) -> None:
    second = pairs(2)[1]
    rows = [
        *pairs(4),
        pairs(1)[0],
        {**second, "chosen": second["rejected"], "rejected": second["chosen"]},
        {"prompt": "問い", "chosen": "同じ", "rejected": "同じ"},
        {"prompt": "問い"},
    ]
    path = write_lines(work.folder / "pairs.jsonl", rows)
    path.write_text(path.read_text("utf-8") + "これは JSON ではない\n", encoding="utf-8")
    with served(fair=fair) as (flags, _):
        done = work("judge", "pairs.jsonl", *flags, "--trial", "off")
    assert "4 pairs of pairs.jsonl, read as 'preference' from prompt, chosen, rejected." in done.out
    assert "5 rows were left out" in done.out
    left = {row["row"]: row["why"] for row in lines(work.folder / OUT / "left_out.jsonl")}
    assert left["pairs.jsonl:5"] == "the same as pairs.jsonl:1"
    assert left["pairs.jsonl:6"] == "the same as pairs.jsonl:2, with another label"
    assert left["pairs.jsonl:7"].startswith("both answers are the same")
    assert left["pairs.jsonl:9"].startswith("not JSON")


def test_a_label_of_a_further_column_that_is_no_side_is_counted_and_the_row_stays(work: Work) -> None:
    seconds = ["chosen", "rejected", "tie", "", "わからない", "chosen", "chosen"]
    write_lines(
        work.folder / "pairs.jsonl",
        [{**row, "second": one} for row, one in zip(pairs(7), seconds, strict=True)],
    )
    done = work("judge", "pairs.jsonl", "--against", "second", "--json")
    assert "1 of the labels in 'second' are no side, and count as none." in done.json["facts"]
    (between,) = told(done)["How far the opinions agree"]
    assert between["pairs with both"] == "5"
    assert between["percent"].startswith("60 %")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nothing.jsonl"], "there is no such file"),
        (["pairs.jsonl"], "nothing is named that the labels could be compared with"),
        (["pairs.jsonl", "--against", "promt"], "did you mean 'prompt'?"),
        (["pairs.jsonl", "--against", "judge"], "--models.judge.endpoint URL"),
        (["pairs.jsonl", "--against", "prompt"], "the labels do not say which side is better"),
        (["pairs.jsonl", "--columns", "chosen"], "--columns holds what is no WORD=COLUMN"),
        (["pairs.jsonl", "--columns", "chosn=chosen"], "did you mean 'chosen'?"),
        (["pairs.jsonl", "--labels", "fist=1"], "did you mean first=…?"),
        (["pairs.jsonl", "--rows", "5"], "the key 'rows' is filled in by this command"),
        (["pairs.jsonl", "--yes"], "--yes belongs to --estimate"),
        (["pairs.jsonl", "--price", "a=1/2"], "--price belongs to --study"),
        (["pairs.jsonl", "more.jsonl"], "a set is one file"),
        (["pairs.jsonl", "--judge", "duel"], "duel"),
        (["pairs.jsonl", "--study"], "an annotation has no 'item_id'"),
        (["odd.xlsx"], "the kind of file is not known by its name"),
        (["empty.jsonl"], "the file holds no row that can be read"),
        (["plain.jsonl"], "the columns are those of no set that is known"),
        (["bare.jsonl", "--against", "pairs.jsonl"], "the set holds no labels of its own"),
    ],
)
def test_what_cannot_be_is_told_before_any_call(words: list[str], says: str, work: Work) -> None:
    write_lines(work.folder / "pairs.jsonl", pairs(3))
    write_lines(work.folder / "plain.jsonl", [{"本文": "文"}])
    write_lines(work.folder / "bare.jsonl", [{"prompt": "問い", "first": "甲", "second": "乙"}])
    for empty in ("odd.xlsx", "empty.jsonl"):
        (work.folder / empty).write_text("", encoding="utf-8")
    done = work("judge", *words)
    assert done.code == 2
    assert says in done.err
    assert not list(work.folder.glob("runs/*/*.yaml"))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--judge", "single"], "--judge does nothing here"),
        (["--limits.requests", "5"], "--limits does nothing here"),
        (["--from", "more.yaml"], "--from does nothing here"),
    ],
)
def test_what_would_do_nothing_without_a_model_is_refused(words: list[str], says: str, work: Work) -> None:
    write_lines(work.folder / "pairs.jsonl", [{**row, "second": "chosen"} for row in pairs(3)])
    work.write("more.yaml", "language: ja\n")
    done = work("judge", "pairs.jsonl", "--against", "second", *words)
    assert done.code == 2
    assert says in done.err


def test_flags_hold_for_the_judges_of_an_earlier_start(work: Work) -> None:
    write_lines(work.folder / "pairs.jsonl", pairs(8))
    with served(fair=fair) as (flags, servers):
        assert work("judge", "pairs.jsonl", *flags, "--trial", "off", "--limits.requests", "9").code == 4
        assert work("judge", "pairs.jsonl", "--limits.requests", "12").code == 4
        done = work("judge", "pairs.jsonl", "--limits.requests", "24", "--json")
        assert told(done)["Do the labels hold?"][0]["settled"].endswith("n = 8)")
        assert len(servers["fair"].service.captured) == 24
    other = work("judge", "pairs.jsonl", "--judge", "single", "--output", OUT)
    assert other.code == 2
    assert "an earlier start judged with 'pairwise'" in other.err


def test_a_role_with_the_name_of_a_column_is_unclear(work: Work) -> None:
    write_lines(work.folder / "pairs.jsonl", pairs(3))
    with served(prompt=fair) as (flags, _):
        done = work("judge", "pairs.jsonl", *flags, "--against", "prompt")
    assert done.code == 2
    assert "give the model another role: --models.other_prompt" in done.err
