"""status, view, retry, export, push: what can be done with a run that is there."""

from __future__ import annotations

import json

import pytest

from support.cli import ENGLISH, GOOD, Work, lay_out
from support.runs import dataset


@pytest.fixture
def done(work: Work) -> Work:
    assert work("run", "run.yaml").code == 0
    return work


def test_status_tells_how_far_it_is(done: Work) -> None:
    told = done("status", "runs/a").out
    assert "state       complete" in told
    assert "rows        5 accepted (83% of those that ended)" in told
    assert "in 6 + children 0 = accepted 5 + rejected 1 + failed 0 + surplus 0" in told
    assert "models      writer: scripted" in told
    assert "replies     answer 6" in told


def test_status_for_machines(done: Work) -> None:
    told = done("status", "runs/a", "--json").json
    assert (told["state"], told["recipe"], told["language"], told["balances"]) == (
        "complete",
        "one",
        "ja",
        True,
    )


def test_view_shows_why_a_row_was_rejected(done: Work) -> None:
    told = done("view", "runs/a", "--part", "rejected").out
    assert told.startswith("#3  rejected  id ")
    assert "step 'language': wrong_language, measured en, limit ja" in told
    assert ENGLISH in told


def test_view_of_one_row_shows_the_prompt_as_sent_and_the_reply(done: Work) -> None:
    told = done("view", "runs/a", "--id", "1").out
    assert "Request of step 'answer' to 'writer' (scripted" in told
    assert "[user]\n    次の問いに一文で答えてください。問い1。空はなぜ青いのですか。" in told
    assert f"replied (stop):\n    {GOOD}" in told


def test_view_shows_what_the_model_thought(work: Work) -> None:
    thought = {"text": GOOD, "thinking": "光の散乱を説明する。"}
    lay_out(work.folder, n_rows=1, replies=[{"reply": thought}])
    work("run", "run.yaml")
    assert "thought:\n    光の散乱を説明する。" in work("view", "runs/a", "--id", "1").out


def test_view_for_machines_is_a_row_a_line(done: Work) -> None:
    lines = done("view", "runs/a", "--json", "--n", "3").out.splitlines()
    assert [json.loads(line)["ordinal"] for line in lines] == ["1", "2", "3"]
    one = done("view", "runs/a", "--json", "--id", json.loads(lines[0])["id"][:8]).json
    assert one["calls"][0]["reply"]["text"] == GOOD


@pytest.mark.parametrize(
    ("words", "piece"),
    [
        (("--part", "rejectd"), "did you mean 'rejected'?"),
        (("--reason", "wrong_langage"), "did you mean 'wrong_language'?"),
        (("--id", "99"), "no row '99' in this run"),
    ],
)
def test_view_of_what_is_not_there(done: Work, words: tuple[str, str], piece: str) -> None:
    told = done("view", "runs/a", *words)
    assert told.code == 2
    assert piece in told.err


def test_retry_does_the_failed_rows_again_and_nothing_else(work: Work) -> None:
    lay_out(work.folder, replies=[{"match": "問い1。", "reply": GOOD, "repeat": True}])
    work("run", "run.yaml", "--limits.failed_share", "1")
    before = work("status", "runs/a", "--json").json
    assert (before["accounting"]["accepted"], before["accounting"]["failed"]) == (1, 5)
    work.write("r.jsonl", json.dumps({"reply": GOOD, "repeat": True}) + "\n")
    told = work("retry", "runs/a", "--json").json
    assert told["accounting"]["accepted"] == 6
    assert told["this_start"]["requests_sent"] == 5


def test_retry_without_failed_rows_says_so(done: Work) -> None:
    told = done("retry", "runs/a")
    assert (told.code, told.out) == (0, "No row of this run failed: nothing to do again.\n")


def test_export_writes_the_same_files_again(done: Work) -> None:
    folder = done.folder / "runs/a"
    before = {path: path.read_bytes() for path in sorted(folder.rglob("*.parquet"))} | {
        folder / "README.md": (folder / "README.md").read_bytes()
    }
    for path in before:
        path.unlink()
    told = done("export", "runs/a")
    assert told.code == 0
    assert {path: path.read_bytes() for path in before} == before


def test_export_needs_neither_key_nor_replies(done: Work) -> None:
    (done.folder / "r.jsonl").unlink()
    assert done("export", "runs/a", "--json").json["accounting"]["accepted"] == 5


def test_export_of_a_form_that_trainers_read(done: Work) -> None:
    assert done("export", "runs/a", "--format", "alpaca").out == "5 rows in runs/a/alpaca.jsonl\n"
    lines = (done.folder / "runs/a/alpaca.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[0]) == {
        "instruction": "問い1。空はなぜ青いのですか。",
        "input": "",
        "output": GOOD,
    }
    refused = done("export", "runs/a", "--format", "alpaca")
    assert refused.code == 2
    assert "is not overwritten" in refused.err
    assert done("export", "runs/a", "--format", "alpaca", "--replace").code == 0


def test_export_as_jsonl_keeps_the_columns_of_the_dataset(done: Work) -> None:
    done("export", "runs/a", "--format", "jsonl", "--to", "rows.jsonl")
    first = json.loads((done.folder / "rows.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert list(first) == ["id", "question", "answer"]
    assert first["id"] == dataset(done.folder / "runs/a")[0]["id"]


@pytest.mark.parametrize(
    ("words", "piece"),
    [
        (("--format", "alpacca"), "did you mean 'alpaca'?"),
        (("--format", "preference"), "do not fit the format 'preference'"),
        (("--to", "x.jsonl"), "--to and --replace belong to --format"),
    ],
)
def test_export_that_cannot_be(done: Work, words: tuple[str, ...], piece: str) -> None:
    told = done("export", "runs/a", *words)
    assert told.code == 2
    assert piece in told.err


def test_push_without_a_token_says_how_to_get_one(done: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    told = done("push", "runs/a", "someone/blue")
    assert told.code == 2
    assert "token" in told.err


def test_push_of_a_folder_without_a_dataset(work: Work) -> None:
    told = work("push", "runs/none", "someone/blue")
    assert told.code == 2
    assert "holds no dataset" in told.err


def test_a_dataset_in_another_form_leaves_no_older_one_beside_it(done: Work) -> None:
    folder = done.folder / "runs/a"
    other = done("run", "run.yaml", "--limit", "2", "--formats", "jsonl")
    assert other.code == 0, other.err
    assert len((folder / "data.jsonl").read_text("utf-8").splitlines()) == 2
    assert not (folder / "data").exists(), "load_dataset() would take the rows of before"
    done("run", "run.yaml")
    assert len(dataset(folder)) == 5
    assert not (folder / "data.jsonl").exists()


def test_rows_without_a_conversation_are_told_which_fields_make_one(work: Work) -> None:
    recipe = work.folder / "one/recipe.py"
    recipe.write_text(recipe.read_text("utf-8").replace('"answer"', '"note"'), encoding="utf-8")
    for prompt in work.folder.glob("one/prompts/*/answer.md"):
        prompt.rename(prompt.with_name("note.md"))
    assert work("run", "run.yaml").code == 0
    done = work("export", "runs/a", "--format", "messages")
    assert done.code == 2
    assert "the row holds no conversation" in done.err
    assert (
        "next    a conversation is a field `messages`, or question and answer, prompt and completion"
        in done.err
    )
