"""What passes the tests of a task, what does not, and that a pass cannot be faked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tanemaki.core.errors import DataError
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.verify.code.check import Failure, check, check_reply, codes_in, is_same
from tanemaki.verify.code.fault_in_code import fault_in
from tanemaki.verify.code.steps import NotProven, Passes, Proven
from tanemaki.verify.code.task import Case, Task, answer_text, make
from tanemaki.verify.sandbox import Limits

SQUARES = [Case([2], 4), Case([3], 9), Case([-1], 1)]


def reason(code: str, tests: list[Case] = SQUARES) -> str | None:
    failure = check(code, "f", tests, Limits(time_s=0.2))
    return failure.reason if failure else None


def test_right_code_passes() -> None:
    assert check("def f(n):\n    return n * n\n", "f", SQUARES) is None


def test_the_first_call_that_went_wrong_is_told() -> None:
    failure = check("def f(n):\n    return n + n\n", "f", SQUARES)
    assert failure == Failure("tests_failed", 1, 3, "f(3) returned 6, not 9")
    failure = check("def f(n):\n    return 4 // (n - 3) or 4\n", "f", SQUARES)
    assert failure is not None
    assert failure.note == "f(2) returned -4, not 4"
    failure = check("def f(n):\n    raise ValueError('いいえ')\n", "f", SQUARES)
    assert failure is not None
    assert failure.note == "f(2) raised ValueError: いいえ, not 4"


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("def f(n):\n    return n * n", None),
        ("def g(n):\n    return n * n", "tests_failed"),
        ("def f(n)\n    return n * n", "broken"),
        ("import numpy\ndef f(n):\n    return n * n", "broken"),
        ("import sys\nsys.exit(0)\ndef f(n):\n    return n * n", "broken"),
        ("import os\nos._exit(0)", "broken"),
        ("def f(n):\n    while True: pass", "limit"),
        ("def f(n):\n    return 'x' * 10 ** 10", "limit"),
        ("def f(n):\n    print('x' * 10 ** 6)\n    return n * n", "limit"),
        ("open('/etc/passwd')\ndef f(n):\n    return n * n", "refused"),
        ("def f(n):\n    open('/tmp/x', 'w')\n    return n * n", "refused"),
        ("def f(n):\n    return str(n * n)", "tests_failed"),
        ("def f(n):\n    return float(n * n)", None),
        ("def f(n):\n    return [n * n]", "tests_failed"),
        ("def f(n):\n    return n * n if n != 3 else 8", "tests_failed"),
    ],
)
def test_every_end_has_its_reason(code: str, wanted: str | None) -> None:
    assert reason(code) == wanted


class Equal:
    """An object that says it equals everything, as code to be tested would write it."""

    SOURCE = "class E:\n    def __eq__(self, other): return True\n    __hash__ = None\n    __ne__ = lambda s, o: False\n"


FAKES = {
    "an object that equals everything": Equal.SOURCE + "def f(n):\n    return E()\n",
    "an int that equals everything": Equal.SOURCE.replace("class E:", "class E(int):")
    + "def f(n):\n    return E(0)\n",
    "a text that equals everything": Equal.SOURCE.replace("class E:", "class E(str):")
    + "def f(n):\n    return E('x')\n",
    "results of one's own on the channel": "import os\nos.write(3, b'{\"value\": 4}\\n' * 3)\nos._exit(0)\n",
    "results before the real ones": "import os\nos.write(3, b'{\"value\": 4}\\n' * 3)\ndef f(n):\n    return 0\n",
    "the driver's own frames": (
        "import sys, gc\nfound = [o for o in gc.get_objects() if isinstance(o, dict) and 'expected' in o]\n"
        "def f(n):\n    return found[0]['expected']\n"
    ),
    "another json": "import json\njson.dumps = lambda *a, **k: '{\"value\": 4}'\ndef f(n):\n    return 0\n",
    "the end at once": "import os\nos._exit(0)\n",
    "a handler that says all is well": "import sys\nsys.excepthook = print\nraise SystemExit(0)\n",
    "nothing but what was shown": "def f(n):\n    return {2: 4, 3: 9}.get(n)\n",
}


@pytest.mark.parametrize("what", FAKES)
def test_a_pass_is_not_faked(what: str) -> None:
    assert reason(FAKES[what]) in ("broken", "tests_failed")


def test_true_is_no_number_and_order_counts() -> None:
    assert reason("def f(n):\n    return True", [Case([1], 1)]) == "tests_failed"
    assert reason("def f(n):\n    return 1", [Case([1], True)]) == "tests_failed"
    assert not is_same([1, 2], [2, 1])
    assert not is_same({"a": 1}, {"a": 1, "b": 2})
    assert is_same(None, None)
    assert not is_same(None, 0)
    assert not is_same("", [])


@pytest.mark.parametrize(
    ("reply", "codes"),
    [
        ("```python\ndef f(n):\n    return 1\n```", ["def f(n):\n    return 1\n"]),
        ("説明\n```\ndef f(n):\n    return 1\n```\nおわり", ["def f(n):\n    return 1\n"]),
        ("def f(n):\n    return 1\n", ["def f(n):\n    return 1\n"]),
        (
            "```python\ndef f(n):\n    return 1\n```\n直すと\n```python\ndef f(n):\n    return 2\n```",
            ["def f(n):\n    return 1\n", "def f(n):\n    return 2\n"],
        ),
        (
            "```python\ndef f(n):\n    return 1\n```\n```python\nprint(f(1))\n```",
            ["def f(n):\n    return 1\n"],
        ),
        ("```python\ndef g(n):\n    return 1\n```", []),
        ("```python\nclass A:\n    def f(self):\n        return 1\n```", []),
        ("f(n) は1です。", []),
        ("", []),
    ],
)
def test_the_code_of_a_reply_is_found(reply: str, codes: list[str]) -> None:
    assert codes_in(reply, "f") == codes


def test_a_wrong_first_try_is_not_kept_beside_a_right_second_one() -> None:
    right, wrong = (f"```python\ndef f(n):\n    return n {sign} n\n```\n" for sign in "*+")
    assert check_reply(right, "f", SQUARES) is None
    assert check_reply(right + "短くすると\n" + right, "f", SQUARES) is None
    for reply in (wrong + "直すと\n" + right, right + wrong):
        failure = check_reply(reply, "f", SQUARES)
        assert failure is not None
        assert failure.note == "f(3) returned 6, not 9"
    assert check_reply("f(n) は1です。", "f", SQUARES) == Failure("no_code", 0, 3, "no function f")


def row(task: Task) -> dict[str, Any]:
    return {
        "family": task.family,
        "level": task.level,
        "parameters": dict(task.parameters),
        "prompt": task.prompt,
        "function": task.function,
        "answer": task.code,
        "tests": [{"arguments": one.arguments, "expected": one.expected} for one in task.tests],
    }


TASK = make("run_length", seed=1, k=1, language="ja")


def test_a_reference_that_fails_ends_the_run_and_is_no_verdict() -> None:
    fields = {**row(TASK), "answer": f"def {TASK.function}(text):\n    return text\n"}
    with pytest.raises(NotProven, match=r"run_length .*tests_failed"):
        Proven()(Record("a", (1,), fields))
    assert Proven()(Record("a", (1,), row(TASK))) == {"verified_by": "sandbox"}


def test_a_reference_that_is_stopped_fails_its_row() -> None:
    fields = {**row(TASK), "answer": f"def {TASK.function}(text):\n    while True: pass\n"}
    with pytest.raises(DataError, match="too busy"):
        Proven()(Record("a", (1,), fields))


def test_a_reply_is_kept_as_it_is_or_rejected_with_the_call() -> None:
    kept = Record("a", (1,), {**row(TASK), "response": answer_text(TASK, 2)})
    assert Passes("response")(kept) is kept
    told = Passes("response")(
        kept.with_fields(response=f"```python\ndef {TASK.function}(text):\n    return 7\n```")
    )
    assert isinstance(told, Reject)
    assert (told.reason, told.measured, told.limit) == ("tests_failed", 0, len(TASK.tests))


def test_a_finished_row_holds_until_somebody_changes_it() -> None:
    good = row(TASK)
    assert fault_in(good) is None
    assert (
        fault_in({**good, "tests": json.dumps(good["tests"]), "parameters": json.dumps(good["parameters"])})
        is None
    )
    assert fault_in({**good, "response": answer_text(TASK, 1)}) is None
    changed = [dict(one) for one in good["tests"]]
    changed[-1]["expected"] = "x"
    found = [
        fault_in({**good, "family": "run_lengths"}),
        fault_in({**good, "prompt": good["prompt"] + "。"}),
        fault_in({**good, "tests": changed}),
        fault_in({**good, "answer": good["answer"].replace("1", "2")}),
        fault_in({**good, "response": "できません。"}),
    ]
    assert [one.reason for one in found if one is not None] == [
        "unknown_family", "changed_problem", "wrong_test", "wrong_answer", "wrong_response",
    ]  # fmt: skip


def test_rows_of_both_languages_hold() -> None:
    for language in ("ja", "en"):
        for name in ("count_business_days", "turn_table", "roman_numbers"):
            for k in range(5):
                assert fault_in(row(make(name, seed=2, k=k, language=language))) is None
