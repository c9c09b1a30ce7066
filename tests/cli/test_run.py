from __future__ import annotations

import re

import pytest

from support.cli import GOOD, Work, lay_out, run_file
from support.runs import dataset


def test_a_run_ends_with_its_accounting_and_the_next_command(work: Work) -> None:
    done = work("run", "run.yaml")
    assert done.code == 0
    assert "Complete: 5 rows accepted, 83% of the rows that ended." in done.out
    assert "in 6 + children 0 = accepted 5 + rejected 1 + failed 0 + surplus 0" in done.out
    assert "rejected  1  wrong_language  step language" in done.out
    assert "Next:    tanemaki view runs/a" in done.out
    assert [row["answer"] for row in dataset(work.folder / "runs/a")] == [GOOD] * 5


def test_the_same_run_again_pays_for_nothing(work: Work) -> None:
    work("run", "run.yaml")
    again = work("run", "run.yaml")
    assert again.code == 0
    assert "Complete before: 5 rows are there" in again.out
    assert "Nothing was sent, nothing was paid." in again.out


def test_the_result_for_machines_is_one_document(work: Work) -> None:
    done = work("run", "run.yaml", "--json")
    assert done.json["state"] == "complete"
    assert done.json["balances"] is True
    assert done.json["accounting"]["reasons"] == {"language: wrong_language": 1}
    assert "writing the dataset" in done.err


def test_progress_goes_to_standard_error_alone(work: Work) -> None:
    done = work("run", "run.yaml")
    assert "writing the dataset\n" in done.err
    assert "writing the dataset" not in done.out


def test_fewer_rows_than_wanted_is_exit_code_4(work: Work) -> None:
    done = work("run", "run.yaml", "--rows", "50")
    assert done.code == 4
    assert "Too few: 5 of 50 wanted rows" in done.out


def test_a_run_that_its_limit_ended_says_so_and_not_that_the_source_is_used_up(work: Work) -> None:
    done = work("run", "run.yaml", "--rows", 4, "--limit", 2)
    assert done.code == 4
    assert "Limit of 2 reached: 2 of 4 wanted rows, 100% of the rows that ended" in done.out
    assert "a higher limit, or none, goes on from here." in done.out
    rest = work("run", "run.yaml", "--rows", 4)
    assert rest.code == 0
    assert "Complete: 4 rows accepted" in rest.out


def test_a_column_that_the_recipe_writes_makes_way_and_is_named(work: Work) -> None:
    (work.folder / "old.jsonl").write_text(
        '{"question": "霧はなぜ出るのですか。", "answer": "湿っているからです。"}\n', encoding="utf-8"
    )
    done = work("run", "run.yaml", "--source.path", "old.jsonl")
    assert done.code == 0, done.err
    assert "note: column 'answer' is kept as 'source_answer': the recipe writes 'answer'" in done.err
    [row] = dataset(work.folder / "runs/a")
    assert row["source_answer"] == "湿っているからです。"
    assert row["answer"] == GOOD


def test_a_source_without_rows_is_told_as_that_and_not_as_a_missing_column(work: Work) -> None:
    (work.folder / "empty.jsonl").write_text("", encoding="utf-8")
    done = work("run", "run.yaml", "--source.path", "empty.jsonl")
    assert done.code == 2
    assert "  got     no row that can be read, so no columns\n" in done.err
    assert "  next    give it rows\n" in done.err


def test_one_row_is_told_as_one(work: Work) -> None:
    assert (
        "Complete: 1 row accepted, 100% of the rows that ended." in work("run", "run.yaml", "--rows", 1).out
    )
    assert "Complete before: 1 row is there" in work("run", "run.yaml", "--rows", 1).out


def test_limit_tries_so_many_rows_of_the_source(work: Work) -> None:
    done = work("run", "run.yaml", "--limit", 2, "--output", "runs/trial", "--json")
    assert done.json["accounting"]["in"] == 2


def test_flags_alone_are_enough(work: Work) -> None:
    words = ["--recipe", "./one", "--language=ja", "--source.kind", "jsonl", "--source.path", "q.jsonl"]
    model = ["--models.writer.kind", "scripted", "--models.writer.file", "r.jsonl"]
    done = work("run", *words, *model, "--output", "runs/b", "--rows", "2")
    assert done.code == 0, done.err
    assert len(dataset(work.folder / "runs/b")) == 2


def test_explain_names_the_origin_of_every_value_and_starts_nothing(work: Work) -> None:
    done = work("run", "run.yaml", "--seed", "9", "--explain", "--json")
    told = {row["key"]: (row["value"], row["origin"]) for row in done.json}
    assert told["seed"] == (9, "--seed")
    assert told["language"] == ("ja", "run.yaml:2")
    assert told["rows"] == (None, "default")
    assert "key" in work("run", "run.yaml", "--explain").out.splitlines()[0]
    assert not (work.folder / "runs").exists()


def test_a_grid_runs_one_after_the_other(work: Work) -> None:
    work.write("grid.yaml", (work.folder / "run.yaml").read_text("utf-8") + "grid: {seed: [1, 2]}\n")
    done = work("run", "grid.yaml", "--json")
    assert [run["state"] for run in done.json["runs"]] == ["complete", "complete"]
    folders = [run["folder"] for run in done.json["runs"]]
    assert len(set(folders)) == 2
    assert "seed" in work("run", "grid.yaml").out.splitlines()[0]


def test_an_edited_prompt_is_told_before_it_is_paid_again(work: Work) -> None:
    work("run", "run.yaml")
    work.write("one/prompts/ja/answer.md", "<!-- t -->\n\n短く答えてください。{{ question }}\n")
    done = work("run", "run.yaml")
    assert done.code == 0
    assert "note: prompt 'answer' of step 'answer' changed" in done.err
    assert "note: paid again: up to 6 replies of step 'answer'" in done.err


def test_more_rows_pay_only_for_the_new_ones(work: Work) -> None:
    work("run", "run.yaml", "--limit", "2")
    done = work("run", "run.yaml", "--limit", "4", "--json")
    assert done.json["this_start"]["requests_sent"] == 2


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("true", True),
        ("yes", True),
        ("on", True),
        ("false", False),
        ("no", False),
        ("off", False),
        ("False", False),
    ],
)
def test_fault_22_a_boolean_flag_means_what_it_says(work: Work, said: str, sent: bool) -> None:  # noqa: FBT001 - a row of the matrix
    work("run", "run.yaml", "--models.writer.send_seed", said, "--limit", "1")
    [row] = [work("view", "runs/a", "--id", "1", "--json").json]
    assert ("seed" in row["calls"][0]["request"]) is sent


def test_fault_22_a_boolean_flag_without_a_value_is_refused(work: Work) -> None:
    done = work("run", "run.yaml", "--models.writer.send_seed")
    assert done.code == 2
    assert "the flag --models.writer.send_seed needs a value" in done.err


def test_most_rows_in_the_wrong_language_are_told_as_such(work: Work) -> None:
    lay_out(
        work.folder,
        n_rows=100,
        replies=[{"reply": "It is blue because of the light of the sun.", "repeat": True}],
    )
    done = work("run", "run.yaml", "--rows", "50")
    assert done.code == 4
    assert (
        "LimitReached: the model of 'writer' (scripted) does not write Japanese, the language of the run"
        in done.err
    )
    assert "wrong_language 64" in done.err
    assert "--part rejected` shows what it wrote" in done.err
    assert "Traceback" not in done.err
    assert not (work.folder / "runs/a/data").exists()


def test_a_finished_run_says_so_too_where_most_rows_were_in_another_language(work: Work) -> None:
    done = work("run", "run.yaml", "--source.path", "q.jsonl", "--language", "en")
    assert done.code == 0
    assert (
        "Most rows were rejected for their language: the model of 'writer' (scripted) does not write English."
        in done.out
    )


def test_explain_tells_each_value_of_each_endpoint(work: Work) -> None:
    model = """{name: tane, endpoints: [
    {endpoint: "http://a.test/v1"},
    {endpoint: "http://b.test/v1", concurrency: 4}]}"""
    work.write("run.yaml", run_file(model))
    done = work("run", "run.yaml", "--explain", "--json")
    told = {row["key"]: (row["value"], row["origin"]) for row in done.json}
    assert told["models.writer.endpoints[0].endpoint"] == ("http://a.test/v1", "run.yaml:6")
    assert told["models.writer.endpoints[1].concurrency"] == (4, "run.yaml:7")
    assert told["models.writer.endpoints[0].concurrency"] == (None, "default")
    assert "models.writer.endpoints" not in told
    shown = work("run", "run.yaml", "--explain").out
    assert "EndpointSettings" not in shown
    assert max(map(len, shown.splitlines())) < 100


def test_a_level_of_events_without_a_file_for_them_would_do_nothing(work: Work) -> None:
    done = work("run", "run.yaml", "--events-level", "rows")
    assert done.code == 2
    assert "--events-level belongs to --events" in done.err
    assert not (work.folder / "runs").exists()


def test_one_failed_row_is_told_as_one(work: Work) -> None:
    questions = work.folder / "q.jsonl"
    questions.write_text(questions.read_text("utf-8") + "これは JSON ではない\n", encoding="utf-8")
    done = work("run", "run.yaml")
    assert "tanemaki retry runs/a  (does the failed row again)" in done.out


def test_several_failed_rows_are_counted(work: Work) -> None:
    questions = work.folder / "q.jsonl"
    questions.write_text(questions.read_text("utf-8") + "これは JSON ではない\n" * 2, encoding="utf-8")
    done = work("run", "run.yaml")
    assert "tanemaki retry runs/a  (does the 2 failed rows again)" in done.out


def test_a_change_of_a_model_that_has_not_answered_yet_costs_nothing(work: Work) -> None:
    work("run", "run.yaml", "--limits.requests", "0")
    done = work("run", "run.yaml", "--models.writer.sampling.temperature", "0.5")
    assert "model or sampling of role 'writer' changed" in done.err
    assert "paid again" not in done.err


def test_a_limit_says_how_many_replies_are_kept_beside_the_rows(work: Work) -> None:
    done = work("run", "run.yaml", "--limits.requests", "3")
    assert done.code == 4
    assert re.search(
        r"^Kept so far: \d accepted rows and 3 replies of this start in runs/a$", done.err, re.MULTILINE
    )


def test_a_run_that_asks_nobody_tells_of_no_requests(work: Work) -> None:
    work("run", "run.yaml")
    done = work("run", "run.yaml", "--output", "runs/b", "--reuse", "runs/a")
    assert re.search(r"^  re-used +6 replies of runs/a$", done.out, re.MULTILINE)
    assert not re.search(r"^  requests", done.out, re.MULTILINE)


def test_what_a_step_prints_does_not_get_into_the_result(work: Work) -> None:
    recipe = work.folder / "one/recipe.py"
    text = recipe.read_text("utf-8").replace(
        '        steps=(Ask("answer", of="writer", given=("question",)), Language("answer", language)),',
        '        steps=(Ask("answer", of="writer", given=("question",)), length),',
    )
    step = "\n\ndef length(answer: str) -> int:\n    print('数えました')\n    return len(answer)\n"
    recipe.write_text(text + step, encoding="utf-8")
    done = work("run", "run.yaml", "--json")
    assert done.json["state"] == "complete"
    assert done.err.count("数えました") == 6
