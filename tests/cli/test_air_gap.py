"""A model without a line to it: requests out as a file, replies in as a file, and the dataset of a live run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from support.cli import GOOD, Work, run_file
from support.runs import dataset, files
from tanemaki.config.load import load
from tanemaki.core.seeding import Draw
from tanemaki.models.scripted import Scripted
from tanemaki.run.execute import execute
from tanemaki.run.order import order_from

DIALOGUES = """\
recipe: persona_dialogue
language: ja
rows: 8
seed: 3
source: {{kind: personas}}
models:
  writer: {model}
output: {output}
"""
BY_HAND = "{kind: batch-file, name: tane}"


def said(messages: list[Mapping[str, Any]]) -> str:
    """Return a question, or the answer to one; now and then an English one, which is rejected."""
    last = str(messages[-1]["content"])
    draw = Draw("said", json.dumps(messages, ensure_ascii=False))
    field, month = draw.below(10_000), draw.between(1, 12)
    if not last.endswith("苗をどう守ればよいですか。"):
        return f"質問：{field}番の畑で{month}月に霜が降りるとき、苗をどう守ればよいですか。"
    if draw.below(6) == 0:
        return "Cover them with cloth in the evening, and take it off when the sun is up."
    return f"{field}番の畑では、{month}月のあいだ夕方のうちに布を掛け、朝の日が当たってから外すとよいです。"


def answered(
    requests: Path, replies: Path, change: Callable[[dict[str, Any]], dict[str, Any]] = dict
) -> None:
    """Answer a file of requests in vLLM's form, in another order."""
    lines = [json.loads(line) for line in requests.read_text(encoding="utf-8").splitlines()]
    told = []
    for line in Draw("order", len(lines)).sample(lines, len(lines)):
        message = {"role": "assistant", "content": said(line["body"]["messages"])}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        body = {"id": "cmpl-1", "model": line["body"]["model"], "choices": [choice]}
        response = {"status_code": 200, "request_id": "vllm-batch-1", "body": body}
        told.append(
            change({"id": "vllm-1", "custom_id": line["custom_id"], "response": response, "error": None})
        )
    replies.write_text(
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in told), encoding="utf-8"
    )


def export(work: Work, *more: str) -> dict[str, Any]:
    done = work("export-requests", "run.yaml", "--to", "requests.jsonl", "--json", *more)
    assert done.code in (0, 4), done.err
    told: dict[str, Any] = done.json
    return told


def take_in(work: Work, folder: str = "runs/a") -> dict[str, Any]:
    done = work("import-replies", folder, "replies.jsonl", "--json")
    assert done.code == 0, done.err
    told: dict[str, Any] = done.json
    return told


def test_dialogues_by_hand_are_byte_for_byte_those_of_a_live_run(work: Work) -> None:
    live_file = work.write("live.yaml", DIALOGUES.format(model=BY_HAND, output="runs/live"))
    loaded = load(live_file, ())[0]
    writer = Scripted(lambda request: said(list(request.messages)), name="tane")
    execute(order_from(loaded.run, loaded.base, {"writer": writer}))

    work.write("run.yaml", DIALOGUES.format(model=BY_HAND, output="runs/hand"))
    rounds = []
    while (told := export(work))["state"] == "waiting":
        rounds.append(told["requests"]["requests.jsonl"])
        answered(work.folder / "requests.jsonl", work.folder / "replies.jsonl")
        assert take_in(work, "runs/hand")["taken"] == rounds[-1]
    assert told["state"] == "complete"
    assert len(rounds) >= 6  # three turns of two calls at most, and rows that take the place of rejected ones
    assert len(dataset(work.folder / "runs/hand")) == 8
    assert files(work.folder / "runs/hand") == files(work.folder / "runs/live")


def test_the_file_has_the_form_of_the_batch_interface(work: Work) -> None:
    work.write("run.yaml", run_file(BY_HAND))
    done = work("export-requests", "run.yaml", "--to", "requests.jsonl")
    lines = [
        json.loads(line) for line in (work.folder / "requests.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert done.code == 0
    assert len(lines) == 6
    assert {(line["method"], line["url"], line["body"]["model"]) for line in lines} == {
        ("POST", "/v1/chat/completions", "tane")
    }
    assert len({line["custom_id"] for line in lines}) == 6
    assert done.out.splitlines()[0] == "6 requests in requests.jsonl"
    assert "Answer: vllm run-batch -i requests.jsonl -o replies.jsonl --model tane" in done.out
    assert "Then:   tanemaki import-replies runs/a replies.jsonl" in done.out


def test_a_preview_names_the_command_that_goes_on(work: Work) -> None:
    work.write("run.yaml", run_file(BY_HAND))
    told = work("preview", "run.yaml").out.splitlines()[-1]
    assert told == "No model was asked. Next: tanemaki export-requests run.yaml --to requests.jsonl"


def test_exported_again_without_replies_it_is_the_same_file(work: Work) -> None:
    work.write("run.yaml", run_file(BY_HAND))
    export(work)
    first = (work.folder / "requests.jsonl").read_text(encoding="utf-8")
    export(work)
    second = (work.folder / "requests.jsonl").read_text(encoding="utf-8")
    assert sorted(first.splitlines()) == sorted(second.splitlines())


def good(line: dict[str, Any]) -> dict[str, Any]:
    line["response"]["body"]["choices"][0]["message"]["content"] = GOOD
    return line


def test_what_a_file_of_replies_holds_besides_is_told_with_counts(work: Work) -> None:
    work.write("run.yaml", run_file(BY_HAND))
    export(work)
    replies = work.folder / "replies.jsonl"
    answered(work.folder / "requests.jsonl", replies, good)
    lines = replies.read_text(encoding="utf-8").splitlines()
    send, _, digest = json.loads(lines[0])["custom_id"].partition("-")
    other = json.loads(lines[0])
    other["custom_id"] = f"{send}-{digest[::-1]}"
    lost = {
        **json.loads(lines[5]),
        "response": None,
        "error": {"code": "batch_expired", "message": "too late"},
    }
    mixed = [
        *lines[:5],
        lines[0],
        json.dumps(other),
        json.dumps({**other, "custom_id": f"999-{digest}"}),
        json.dumps({**other, "custom_id": "request-1"}),
        json.dumps({"response": {}}),
        "{",
        "[1]",
        json.dumps(lost),
        "",
    ]
    replies.write_text("\n".join(mixed), encoding="utf-8")
    done = work("import-replies", "runs/a", "replies.jsonl", "--json").json
    assert done == {
        "taken": 5,
        "again": 1,
        "failed": 0,
        "twice": 1,
        "foreign": 2,
        "unknown": 2,
        "broken": 2,
        "left": 1,
        "first_broken": "replies.jsonl:11: '{'",
        "lost": None,
    }
    told = work("import-replies", "runs/a", "replies.jsonl")
    assert "6  lines are of requests that had ended before" in told.out
    assert "1 requests are still without a reply." in told.out
    assert export(work)["requests"] == {"requests.jsonl": 1}
    answered(work.folder / "requests.jsonl", replies, good)
    take_in(work)
    assert export(work)["state"] == "complete"


def test_a_request_that_failed_is_exported_again_under_a_new_name_until_its_tries_are_used_up(
    work: Work,
) -> None:
    def fails_there(line: dict[str, Any]) -> dict[str, Any]:
        good(line)
        if line["custom_id"] in poisoned:
            line["response"] = {"status_code": 500, "request_id": "r", "body": None}
            line["error"] = {"message": "CUDA out of memory"}
        return line

    work.write("run.yaml", run_file("{kind: batch-file, name: tane, retries: 1}"))
    told = export(work)
    names = []
    counts: dict[str, Any] = {}
    while told["state"] == "waiting":
        lines = [
            json.loads(line)
            for line in (work.folder / "requests.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        poisoned = {
            line["custom_id"] for line in lines if "問い3。" in line["body"]["messages"][0]["content"]
        }
        names.append(poisoned)
        answered(work.folder / "requests.jsonl", work.folder / "replies.jsonl", fails_there)
        counts = take_in(work)
        assert take_in(work)["twice"] == len(lines)
        told = export(work)
    assert [len(name) for name in names] == [1, 1]
    assert names[0] != names[1]
    assert counts["failed"] == 1
    assert told["accounting"]["faults"] == {"answer: server": 1}
    assert told["accounting"]["accepted"] == 5
    retried = export(work, "--retry")
    assert retried["requests"] == {"requests.jsonl": 1}
    answered(work.folder / "requests.jsonl", work.folder / "replies.jsonl", good)
    take_in(work)
    assert export(work, "--retry")["accounting"]["accepted"] == 6


def test_a_run_by_hand_goes_on_live(work: Work) -> None:
    work.write("run.yaml", run_file(BY_HAND))
    export(work)
    answered(work.folder / "requests.jsonl", work.folder / "replies.jsonl", good)
    lines = (work.folder / "replies.jsonl").read_text(encoding="utf-8").splitlines()[:4]
    (work.folder / "replies.jsonl").write_text("\n".join(lines), encoding="utf-8")
    take_in(work)
    work.write("run.yaml", run_file("{kind: scripted, file: r.jsonl, name: tane}"))
    done = work("run", "run.yaml", "--json")
    assert done.json["this_start"]["replies_reused"] == 4
    assert done.json["this_start"]["requests_sent"] == 2
    assert "2 requests of role 'writer' still lie in a file of requests" in done.err


def test_roles_with_models_of_different_names_get_a_file_each(work: Work) -> None:
    work.write(
        "one/recipe.py",
        """from tanemaki.core.recipe import Recipe

async def answer(question, *, writer):
    return (await writer(question)).text

async def grade(question, *, judge):
    return (await judge(question)).text

RECIPE = Recipe(needs=("question",), steps=(answer, grade))
""",
    )
    text = run_file("{kind: batch-file, name: tane}\n  judge: {kind: batch-file, name: hakari}")
    work.write("run.yaml", text)
    told = export(work)
    assert told["requests"] == {"requests.writer.jsonl": 6, "requests.judge.jsonl": 6}
    work.write("run.yaml", text.replace("hakari", "tane").replace("runs/a", "runs/b"))
    assert export(work)["requests"] == {"requests.jsonl": 12}


@pytest.mark.parametrize(
    ("prepare", "words", "what"),
    [
        ("", ("export-requests", "run.yaml", "--to", "r.out"), "no model of this run is asked by hand"),
        (
            "hand",
            ("run", "run.yaml"),
            "the model of role 'writer' is asked through files, and `run` sends nothing",
        ),
        (
            "hand",
            ("export-requests", "run.yaml", "--to", "q.jsonl"),
            "a file that holds no requests would be",
        ),
        ("hand", ("export-requests", "run.yaml", "--to", "runs"), "the file of requests is a folder"),
        ("hand", ("export-requests", "run.yaml"), "Missing option '--to'"),
        ("hand", ("import-replies", "runs/none", "q.jsonl"), "no run lies here"),
        ("ran", ("import-replies", "runs/a", "none.jsonl"), "no file of replies lies here"),
        ("ran", ("import-replies", "runs/a", "runs"), "no file of replies lies here"),
        ("nameless", ("export-requests", "run.yaml", "--to", "r.out"), "kind 'batch-file' needs `name`"),
        (
            "endpoint",
            ("export-requests", "run.yaml", "--to", "r.out"),
            "`endpoint` does nothing for kind 'batch-file'",
        ),
        ("batch", ("run", "run.yaml"), "`batch` does nothing for kind 'scripted'"),
    ],
)
def test_what_cannot_work_is_told_before_anything_is_written(
    work: Work, prepare: str, words: tuple[str, ...], what: str
) -> None:
    (work.folder / "runs").mkdir()
    models = {
        "": "{kind: scripted, file: r.jsonl}",
        "nameless": "{kind: batch-file}",
        "endpoint": "{kind: batch-file, name: tane, endpoint: 'http://localhost/v1'}",
        "batch": "{kind: scripted, file: r.jsonl, batch: true}",
    }
    work.write("run.yaml", run_file(models.get(prepare, BY_HAND)))
    if prepare == "ran":
        export(work)
    before = (work.folder / "q.jsonl").read_bytes()
    done = work(*words)
    assert done.code == 2
    assert what in done.err
    assert (work.folder / "q.jsonl").read_bytes() == before


def test_the_file_of_requests_itself_is_not_taken_for_replies(work: Work) -> None:
    work.write("run.yaml", run_file(BY_HAND))
    export(work)
    done = work("import-replies", "runs/a", "requests.jsonl")
    assert done.code == 2
    assert "SetupError: this is a file of requests, not of replies" in done.err
    answered(work.folder / "requests.jsonl", work.folder / "replies.jsonl")
    assert take_in(work)["taken"] == 6, "nothing was noted as failed"


def test_what_a_power_loss_took_is_told_by_the_command_that_finds_it(work: Work) -> None:
    work.write("run.yaml", run_file(BY_HAND))
    export(work)
    answered(work.folder / "requests.jsonl", work.folder / "replies.jsonl")
    mark = work.folder / "runs/a/journal.mark"
    told = json.loads(mark.read_text(encoding="utf-8"))
    told["held"]["sends"] += 2
    mark.write_text(json.dumps(told), encoding="utf-8")
    done = work("import-replies", "runs/a", "replies.jsonl")
    assert "the journal lost its end" in done.out
    assert "2 charges" in done.out
    assert "lost its end" not in work("import-replies", "runs/a", "replies.jsonl").out
