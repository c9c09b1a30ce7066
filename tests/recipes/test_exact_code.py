"""What only the recipe of code promises: nothing unverified is written, and a model's code is executed before it is kept."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.recipe_runs import accepted, rejected, run_recipe
from support.runs import table
from tanemaki import Run
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.models.scripted import Scripted
from tanemaki.recipes import catalogue
from tanemaki.recipes.golden import golden
from tanemaki.verify.code.catalogue import code_families
from tanemaki.verify.code.fault_in_code import fault_in

EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])


def counted(n: int) -> list[dict[str, Any]]:
    return [{"number": k} for k in range(1, n + 1)]


@EACH_LANGUAGE
def test_rows_hold_when_they_are_checked_again(language: str, tmp_path: Path) -> None:
    run_recipe("exact_code", tmp_path, language, counted(150), Scripted([]))
    rows = accepted(tmp_path)
    assert len(rows) == 150
    assert table(tmp_path / "failed.parquet") == []
    assert [fault_in(row) for row in rows] == [None] * 150
    assert {row["verified_by"] for row in rows} == {"sandbox"}
    assert {row["topic"] for row in rows} == {"lists", "strings", "parsing", "dates"}
    assert len({row["family"] for row in rows}) > 15
    assert len({row["prompt"] for row in rows}) == 150
    for row in rows:
        assert [one["role"] for one in row["messages"]] == ["user", "assistant"]
        assert row["answer"].strip() in row["messages"][1]["content"]


def test_worker_processes_change_nothing(tmp_path: Path) -> None:
    told = []
    for workers in (0, 2):
        folder = tmp_path / str(workers)
        options: dict[str, Any] = {"topics": ["strings"]}
        counting: dict[str, Any] = {"kind": "count"}
        values: dict[str, Any] = {
            "language": "ja",
            "rows": 20,
            "seed": 5,
            "output": str(folder),
            "options": options,
            "workers": workers,
        }
        Run(recipe="exact_code", source=counting, **values).start()
        told.append([{key: row[key] for key in ("prompt", "answer", "tests")} for row in accepted(folder)])
    assert len(told[0]) == 20
    assert told[0] == told[1]


def test_a_models_code_is_kept_only_if_it_passes(tmp_path: Path) -> None:
    """Every third reply answers with a function that returns its argument; every fifth does not end."""
    first = tmp_path / "first"
    options = {"families": ["run_length", "change_case"]}
    run_recipe("exact_code", first, "en", counted(30), Scripted([]), options=options)
    solutions = {row["prompt"]: row for row in accepted(first)}

    def answer(request: Request) -> Reply:
        prompt = request.messages[-1]["content"]
        row = next(one for text, one in solutions.items() if text in prompt)
        if row["number"] % 3 == 0:
            return Reply(f"```python\ndef {row['function']}(text):\n    return text\n```")
        if row["number"] % 5 == 0:
            return Reply(f"```python\ndef {row['function']}(text):\n    return text * 10 ** 12\n```")
        return Reply(row["solution"])

    folder = tmp_path / "second"
    source = [
        {key: row[key] for key in catalogue.load("exact_code", "en", {"problems": "own"}).recipe.needs}
        for row in accepted(first)
    ]
    for one in source:
        one["parameters"], one["tests"] = json.loads(one["parameters"]), json.loads(one["tests"])
    run_recipe(
        "exact_code", folder, "en", source, Scripted(answer), options={"problems": "own", "answers": "model"}
    )
    assert Counter(row["reason"] for row in rejected(folder)) == {"tests_failed": 10, "limit": 4}
    kept = accepted(folder)
    assert len(kept) == 16
    assert [fault_in(row) for row in kept] == [None] * 16


def test_families_and_topics_are_chosen_together() -> None:
    options = {"topics": ["dates"], "families": ["run_length"]}
    posed = catalogue.load("exact_code", "ja", options).recipe.steps[0]
    dates = {name for name, topic in code_families().items() if topic == "dates"}
    assert set(posed.families) == {*dates, "run_length"}
    assert posed.levels == (1, 2, 3)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"topics": ["date"]}, "did you mean 'dates'?"),
        ({"families": ["run_lengths"]}, "did you mean 'run_length'?"),
        ({"levels": [4]}, "levels go from 1 to 3"),
        ({"problems": "own", "levels": [1]}, "choose among the tasks that a program poses"),
    ],
)
def test_a_wrong_option_is_told(options: dict[str, Any], said: str) -> None:
    with pytest.raises(SetupError) as told:
        catalogue.load("exact_code", "ja", options)
    assert said in str(told.value)


@EACH_LANGUAGE
def test_no_golden_row_that_is_kept_holds_code_that_fails(language: str) -> None:
    rows = golden(catalogue.find("exact_code").path)
    kept = [
        end.expected
        for row in rows
        if row.language == language
        for end in row.ends
        if end.expected is not None
    ]
    assert len(kept) >= 5
    assert [fault_in(row) for row in kept] == [None] * len(kept)


def made(*more: tuple[str, str], **fields: Any) -> dict[str, Any]:
    """Give what a model says when it makes a task, with tests of its own behind six good ones."""
    calls = [(json.dumps([n]), json.dumps(2 * n)) for n in range(6)]
    task = {
        "prompt": "Write `twice(n)`, which doubles `n`.",
        "function": "twice",
        "explanation": "Twice is double.",
    }
    task["answer"] = "def twice(n):\n    return 2 * n\n"
    tests = [{"arguments": arguments, "expected": expected} for arguments, expected in (*calls, *more)]
    return {**task, "written_tests": tests, **fields}


CORRECTED = (
    "```python\ndef twice(n):\n    return n\n```\nNo:\n```python\ndef twice(n):\n    return 2 * n\n```"
)
HOSTILE = {
    "arguments that are no number": (made(("[NaN]", "0")), "bad_tests"),
    "infinity": (made(("[1e308]", "1e999")), "bad_tests"),
    "half a character": (made((r'["\ud800"]', '"x"')), "bad_tests"),
    "brackets without end": (made(("[" * 3000, "0")), "bad_tests"),
    "many brackets": (made(("[" * 900 + "]" * 900, "0")), "bad_tests"),
    "many digits": (made((f"[{'9' * 5000}]", "0")), "bad_tests"),
    "a name that is part of a word": (
        made(function="rit", answer="def rit(n):\n    return 2 * n\n"),
        "unnamed",
    ),
    "a wrong first try": (made(answer=CORRECTED), "tests_failed"),
    "wrong code in the explanation": (made(explanation=CORRECTED), "tests_failed"),
    "a result that cannot be read": (
        made(answer="import sys\nsys.set_int_max_str_digits(0)\ndef twice(n):\n    return 10 ** 5000\n"),
        "tests_failed",
    ),
    "an exception that cannot be written": (
        made(answer="def twice(n):\n    raise ValueError('\\ud800')\n"),
        "tests_failed",
    ),
    "a channel that is spoilt": (
        made(answer="import os\nos.write(3, b'{x}\\n')\n" + made()["answer"]),
        "broken",
    ),
}


def test_a_hostile_task_is_a_rejection_and_ends_no_run(tmp_path: Path) -> None:
    replies = [json.dumps(made()), *(json.dumps(task) for task, _ in HOSTILE.values())]
    for place, (reply, wanted) in enumerate(
        zip(replies, [None, *(one for _, one in HOSTILE.values())], strict=True)
    ):
        folder = tmp_path / str(place)
        run_recipe("exact_code", folder, "en", counted(1), Scripted([reply]), options={"problems": "model"})
        assert [row["reason"] for row in rejected(folder)] == ([wanted] if wanted else []), reply[:300]
        assert len(accepted(folder)) == (wanted is None)
        assert table(folder / "failed.parquet") == []


@EACH_LANGUAGE
def test_a_task_that_a_model_makes_again_is_kept_once(language: str, tmp_path: Path) -> None:
    made = next(
        row for row in golden(catalogue.find("exact_code").path) if row.options == {"problems": "model"}
    )
    run_recipe(
        "exact_code",
        tmp_path,
        language,
        counted(90),
        Scripted(lambda _: made.replies[0]),
        options={"problems": "model"},
    )
    rows = [*accepted(tmp_path), *rejected(tmp_path)]
    assert Counter(row["reason"] for row in rejected(tmp_path)) == {"exact_copy": 89}
    assert len(rows) == 90
    assert len(accepted(tmp_path)) == 1
