"""``tanemaki verify``: a whole set is verified again, and what does not hold is named, shown and written out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from support.cli import Work
from tanemaki.cli.verify import progress as told_by
from tanemaki.datasets import ColumnType, write_parquet
from tanemaki.run.verified import verify_set
from tanemaki.verify.code.task import make as make_code
from tanemaki.verify.problems.catalogue import families, family_of
from tanemaki.verify.problems.problem import make, pose, solve
from tanemaki.verify.problems.solution import STYLES
from tanemaki.verify.problems.wording import Language

COLUMNS: Mapping[str, ColumnType] = {
    "family": "text", "level": "integer", "method": "text", "prompt": "text", "answer": "text",
    "answer_kind": "text", "solution": "text", "parameters": "json",
}  # fmt: skip


def exact(k: int, **changed: Any) -> dict[str, Any]:
    """A row of the k-th family."""
    names = sorted(families())
    name = names[k % len(names)]
    language: Language = "ja" if k % 2 else "en"
    problem, family = make(name, seed=3, k=k, language=language), family_of(name)
    solution = solve(problem, method=family.methods[0], style=STYLES[k % len(STYLES)], variant=k)
    row = {
        "family": name, "level": problem.level, "method": solution.method, "prompt": problem.prompt,
        "answer": problem.answer, "answer_kind": problem.kind, "solution": solution.text,
        "parameters": dict(problem.parameters),
    }  # fmt: skip
    return {**row, **changed}


def crane(**changed: Any) -> dict[str, Any]:
    return exact(sorted(families()).index("cranes_and_turtles"), **changed)


def ordered(text: str) -> dict[str, Any]:
    three = {"name": "bullets_exactly", "parameters": {"n": 3}}
    return {
        "constraints": [three],
        "messages": [{"role": "user", "content": "?"}, {"role": "assistant", "content": text}],
    }


def coded(body: str) -> dict[str, Any]:
    code = f"def twice(n):\n    return {body}\n"
    tests = [{"arguments": [2], "expected": 4}, {"arguments": [5], "expected": 10}]
    return {"function": "twice", "code": code, "answer": f"```python\n{code}```", "tests": tests}


def lay(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_set_that_holds_is_verified_row_by_row(work: Work) -> None:
    n = 2 * len(families())
    lay(work.folder / "rows.jsonl", [exact(k) for k in range(n)])
    done = work("verify", "rows.jsonl", "--json")
    assert done.code == 0, done.out
    assert done.json == {
        "rows": n, "verified": {"exact": n}, "wrong": {}, "unchecked": {"rows": 0, "first": []},
        "unreadable": {"rows": 0, "first": []}, "holds": True,
    }  # fmt: skip
    assert f"{n} rows: {n} verified, 0 wrong" in work("verify", "rows.jsonl").out


def test_what_does_not_hold_is_named_shown_and_written_out(work: Work) -> None:
    rows = [
        crane(),
        crane(answer="99"),
        crane(prompt="亀は何匹いますか。"),
        crane(solution="1 + 1 = 3\n答え：2匹"),
    ]
    rows += [
        crane(answer="98"),
        crane(family="cranes"),
        crane(reworded="亀は何匹ですか。"),
        crane(response="1 + 1 = 3"),
        crane(response=["1 + 1 = 2"]),
    ]
    lay(work.folder / "rows.jsonl", rows)
    done = work("verify", "rows.jsonl", "--rejected", "wrong.jsonl", "--json")
    assert done.code == 4
    assert {reason: told["rows"] for reason, told in done.json["wrong"].items()} == {
        "exact: wrong_answer": 3,
        "exact: changed_problem": 1,
        "exact: wrong_equation": 1,
        "exact: unknown_family": 1,
        "exact: lost_number": 1,
        "exact: not_a_text": 1,
    }
    first = done.json["wrong"]["exact: wrong_answer"]["first"][0]
    assert (first["where"], first["measured"], first["limit"]) == ("rows.jsonl:2", "'99'", crane()["answer"])
    lines = [json.loads(line) for line in (work.folder / "wrong.jsonl").read_text("utf-8").splitlines()]
    assert [line["where"] for line in lines] == [f"rows.jsonl:{n}" for n in range(2, 10)]
    assert lines[0]["row"] == rows[1]
    again = work("verify", "rows.jsonl", "--rejected", "wrong.jsonl")
    assert again.code == 2
    assert "is there already" in again.err
    assert "--to" not in again.err
    nowhere = work("verify", "rows.jsonl", "--rejected", "nowhere/wrong.jsonl")
    assert nowhere.code == 2
    assert "there is no such folder" in nowhere.err


def test_a_page_for_people_says_where_and_why(work: Work) -> None:
    lay(work.folder / "rows.jsonl", [crane(), crane(answer="99"), {"question": "?"}])
    with (work.folder / "rows.jsonl").open("a", encoding="utf-8") as file:
        file.write("{no json\n")
    done = work("verify", "rows.jsonl")
    assert done.code == 4
    assert "4 rows: 1 verified, 1 wrong, 1 not to be checked" in done.out
    assert "exact: wrong_answer  1 row\n  rows.jsonl:2\n    measured  '99'" in done.out
    assert "nothing to check in 1 row, the first at rows.jsonl:3\n  it has the columns question" in done.out
    assert "unreadable: 1 row\n  rows.jsonl:4" in done.out


def test_a_set_of_which_nothing_can_be_checked_is_not_called_verified(work: Work) -> None:
    lay(work.folder / "rows.jsonl", [{"question": "?", "answer": "!"}] * 3)
    done = work("verify", "rows.jsonl", "--json")
    assert (done.code, done.json["holds"], done.json["unchecked"]["rows"]) == (4, False, 3)


@pytest.mark.parametrize("folder", ["data", "rows/data"])
def test_parquet_and_folders_keep_their_json_columns(work: Work, folder: str) -> None:
    path = work.folder / folder / "train.parquet"
    path.parent.mkdir(parents=True)
    write_parquet([crane(), crane(answer="99")], COLUMNS, path)
    done = work("verify", folder.partition("/")[0], "--json")
    assert done.code == 4
    assert (done.json["verified"], list(done.json["wrong"])) == ({"exact": 1}, ["exact: wrong_answer"])


def test_format_orders_are_held_against_every_reply(work: Work) -> None:
    good, bad = ordered("・春\n・夏\n・秋"), ordered("・春\n・夏")
    strange = [
        {**good, "constraints": told} for told in ([{"name": "sing", "parameters": {}}], [1], {"a": 1})
    ]
    lay(work.folder / "rows.jsonl", [good, bad, *strange])
    done = work("verify", "rows.jsonl", "--json")
    assert done.json["verified"] == {"format": 1}
    assert {reason: told["rows"] for reason, told in done.json["wrong"].items()} == {
        "format: wrong_list": 1,
        "format: unknown_order": 3,
    }


def test_an_ordered_reply_to_an_exact_problem_says_the_answer(work: Work) -> None:
    told = crane()
    order = {"name": "json", "parameters": {"fence": False}}
    rows = [
        {**told, "constraints": [order], "response": json.dumps({"answer": answer})}
        for answer in (told["answer"], "999")
    ]
    rows.append({**told, "constraints": [order], "response": told["answer"] + "}"})
    lay(work.folder / "rows.jsonl", rows)
    done = work("verify", "rows.jsonl", "--json")
    assert done.json["verified"] == {"exact": 1}
    assert sorted(done.json["wrong"]) == ["exact: wrong_answer", "exact: wrong_form"]


def test_code_is_executed_against_its_tests(work: Work) -> None:
    rows = [
        coded("n * 2"),
        coded("n + 2"),
        {**coded("n * 2"), "answer": "```python\ndef twice(n):\n    return 4\n```"},
    ]
    rows += [{**coded("n * 2"), "tests": tests} for tests in ([], [{"arguments": 2, "expected": 4}])]
    rows += [{**coded("n * 2"), "answer": "二倍します。"}]
    lay(work.folder / "rows.jsonl", rows)
    done = work("verify", "rows.jsonl", "--json")
    assert done.json["verified"] == {"code": 1}
    assert {reason: told["rows"] for reason, told in done.json["wrong"].items()} == {
        "code: tests_failed": 2,
        "code: unknown_tests": 2,
        "code: no_code": 1,
    }


def test_a_code_task_of_a_family_is_posed_and_computed_again(work: Work) -> None:
    task = make_code("rotate_list", seed=7, k=3, language="ja", level=1)
    row = {
        "family": task.family, "level": task.level, "parameters": dict(task.parameters), "prompt": task.prompt,
        "function": task.function, "answer": task.code,
        "tests": [{"arguments": one.arguments, "expected": one.expected} for one in task.tests],
    }  # fmt: skip
    lay(
        work.folder / "rows.jsonl",
        [row, {**row, "prompt": "?"}, {**row, "parameters": {}}, {**row, "answer": "def f(): 1"}],
    )
    done = work("verify", "rows.jsonl", "--json")
    assert done.json["verified"] == {"code": 1}
    assert {reason: told["rows"] for reason, told in done.json["wrong"].items()} == {
        "code: changed_problem": 2,
        "code: wrong_answer": 1,
    }


def test_a_file_that_is_not_there_is_a_mistake_of_set_up(work: Work) -> None:
    done = work("verify", "nothing.jsonl")
    assert done.code == 2
    assert "there is no such file" in done.err


def test_the_help_teaches_what_is_checked(work: Work) -> None:
    told = work("verify", "--help").out
    for word in (
        "family",
        "parameters",
        "reworded",
        "response",
        "tests",
        "constraints",
        "--rejected",
        "Exit codes",
    ):
        assert word in told


def test_progress_is_told_every_two_seconds_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    clock = iter([0.0, 1.0, 2.5, 3.0, 5.0])
    tick = told_by(lambda: next(clock))
    for n in (10, 25, 30, 50):
        tick(n)
    assert capsys.readouterr().err == "25 rows, 10 a second\n50 rows, 10 a second\n"


def test_a_run_that_wrote_no_dataset_yet_is_told_so(work: Work) -> None:
    (work.folder / "runs/a").mkdir(parents=True)
    (work.folder / "runs/a/run.yaml").write_text("recipe: exact_maths\n", encoding="utf-8")
    done = work("verify", "runs/a")
    assert done.code == 2
    assert "the run has written no dataset yet" in done.err


def test_an_ordered_list_of_names_is_read_out_of_its_document(work: Work) -> None:
    names = sorted(families())
    k = next(k for k in range(names.index("liars"), 90_000, len(names)) if ", " in exact(k)["answer"])
    told, order = exact(k), {"name": "json", "parameters": {"fence": False}}
    said = told["answer"].replace(", ", "、") if k % 2 else told["answer"]
    rows = [
        {**told, "constraints": [order], "response": json.dumps({"a": text})} for text in (said, said[:-1])
    ]
    lay(work.folder / "rows.jsonl", rows)
    done = work("verify", "rows.jsonl", "--json")
    assert (done.json["verified"], list(done.json["wrong"])) == ({"exact": 1}, ["exact: wrong_answer"])


def test_numbers_that_would_keep_the_solver_busy_for_ever_are_a_fault(tmp_path: Path) -> None:
    told = crane()
    parameters = {**told["parameters"], "heads": 10**12}
    posed = pose(family_of("cranes_and_turtles"), parameters, "ja" if "亀" in told["prompt"] else "en", 1)
    rows = [{**told, "parameters": parameters, "prompt": posed.prompt, "answer": posed.answer}, told]
    found = verify_set(lay(tmp_path / "rows.jsonl", rows), longest_s=0.2)
    assert (found.verified["exact"], list(found.wrong)) == (1, ["exact: changed_problem"])
    assert found.wrong["exact: changed_problem"].first[0]["note"] == "not solved within 0.2 s"


def test_the_conversation_that_is_trained_on_is_a_verified_text(work: Work) -> None:
    """The columns beside it may be right while it says something else."""
    told = crane()

    def asked(question: str, said: str) -> dict[str, Any]:
        turns = [{"role": "user", "content": question}, {"role": "assistant", "content": said}]
        return {**told, "messages": turns}

    good = asked(told["prompt"], told["solution"])
    rows = [
        good,
        asked(told["prompt"], told["solution"].replace(told["answer"], "99")),
        asked("亀は何匹ですか。", told["solution"]),
        {**good, "messages": json.dumps(good["messages"])},
        {**good, "messages": ["亀は何匹ですか。"]},
        {**good, "messages": [{"role": "system", "content": "答えてください。"}, *good["messages"]]},
    ]
    lay(work.folder / "rows.jsonl", rows)
    done = work("verify", "rows.jsonl", "--json")
    assert (done.code, done.json["verified"]) == (4, {"exact": 3})
    assert done.json["wrong"]["exact: changed_messages"]["rows"] == 3


def test_a_request_with_orders_asks_the_problem(work: Work) -> None:
    told = {**crane(), "constraints": [{"name": "one_line", "parameters": {}}], "response": crane()["answer"]}
    rows = [
        {**told, "request": f"{question}\n\n一行で。"} for question in (told["prompt"], "亀は何匹ですか。")
    ]
    lay(work.folder / "rows.jsonl", rows)
    done = work("verify", "rows.jsonl", "--json")
    assert (done.json["verified"], list(done.json["wrong"])) == ({"exact": 1}, ["exact: changed_problem"])


def test_of_a_row_with_orders_both_the_response_and_the_conversation_obey(work: Work) -> None:
    obeyed = {**ordered("・春"), "response": "・春\n・夏\n・秋"}
    lay(work.folder / "rows.jsonl", [obeyed])
    assert list(work("verify", "rows.jsonl", "--json").json["wrong"]) == ["format: wrong_list"]


def test_the_solution_of_a_code_task_is_executed_too(work: Work) -> None:
    task = make_code("rotate_list", seed=7, k=3, language="ja", level=1)
    row = {
        "family": task.family, "level": task.level, "parameters": dict(task.parameters), "prompt": task.prompt,
        "function": task.function, "answer": task.code, "solution": f"```python\n{task.code}```",
        "tests": [{"arguments": one.arguments, "expected": one.expected} for one in task.tests],
    }  # fmt: skip
    other = f"```python\ndef {task.function}(*_):\n    return 0\n```"
    turns = [{"role": "user", "content": task.prompt}, {"role": "assistant", "content": other}]
    lay(work.folder / "rows.jsonl", [row, {**row, "solution": other}, {**row, "messages": turns}])
    done = work("verify", "rows.jsonl", "--json")
    assert (done.json["verified"], sorted(done.json["wrong"])) == (
        {"code": 1},
        ["code: changed_messages", "code: wrong_answer"],
    )


@pytest.mark.parametrize("names", [("data.jsonl",), ("data.train.jsonl", "data.test.jsonl")])
def test_a_run_that_wrote_json_lines_is_read_where_they_lie(work: Work, names: tuple[str, ...]) -> None:
    folder = work.folder / "runs/lines"
    folder.mkdir(parents=True)
    (folder / "run.yaml").write_text("recipe: exact_maths\n", encoding="utf-8")
    for k, name in enumerate(names):
        (folder / name).write_text(json.dumps(exact(k)) + "\n", encoding="utf-8")
    (folder / "rejected.jsonl").write_text('{"reason": "exact_copy"}\n', encoding="utf-8")
    done = work("verify", "runs/lines")
    assert done.code == 0, done.err
    assert f"{len(names)} verified" in done.out
