"""Does code do what its tests say? It is executed in the sandbox; what it returns is compared outside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tanemaki.core.errors import shorten
from tanemaki.core.record import Json
from tanemaki.verify.code.task import Case
from tanemaki.verify.sandbox import Limits, call

Reason = Literal["no_code", "broken", "refused", "limit", "tests_failed"]
_FENCE = re.compile(r"```[^\n`]*\n(.*?)```", re.DOTALL)
LIMITS = Limits(time_s=1.0)
"""For the tests of one function: they take milliseconds."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why code is not what was asked for."""

    reason: Reason
    """``no_code``: no function of that name; ``broken``: it does not even load; ``refused``: it wanted files, network or
    processes; ``limit``: time, memory or output; ``tests_failed``: it returned something else."""
    measured: int
    """Tests that were passed."""
    wanted: int
    """All tests."""
    note: str


def codes_in(reply: str, function: str) -> list[str]:
    """Return every block of a reply that defines a function; of a reply without blocks, the reply if it does.

    >>> codes_in("こう書けます。\\n```python\\ndef f(n):\\n    return n\\n```\\n", "f")
    ['def f(n):\\n    return n\\n']
    """
    blocks = _FENCE.findall(reply) or [reply]
    head = re.compile(rf"^def {re.escape(function)}\(", re.MULTILINE)
    return [block for block in blocks if head.search(block)]


def check_reply(reply: str, function: str, tests: Sequence[Case]) -> Failure | None:
    """Check all the code of a reply that defines the function; None where every block passes every test.

    A version that its own writer corrects further down is a failure, too: whoever learns from the reply would learn it.
    """
    codes = codes_in(reply, function)
    if not codes:
        return Failure("no_code", 0, len(tests), f"no function {function}")
    return next((failure for code in codes if (failure := check(code, function, tests)) is not None), None)


def check(code: str, function: str, tests: Sequence[Case], limits: Limits = LIMITS) -> Failure | None:
    """Execute code and compare what its function returns; None where every test is passed.

    Raises ``SetupError`` where there is no sandbox. Cost: about 3 ms.

    >>> check("def f(n):\\n    return n + n\\n", "f", [Case([2], 4), Case([3], 9)])
    Failure(reason='tests_failed', measured=1, wanted=2, note='f(3) returned 6, not 9')
    """
    told = call(code, function, [one.arguments for one in tests], limits=limits)
    shown = [f"{function}({', '.join(map(repr, one.arguments))})" for one in tests]
    returned = told.returned[: len(tests)]
    right = [
        one.error is None and is_same(one.value, test.expected)
        for one, test in zip(returned, tests, strict=False)
    ]
    passed = sum(right)
    if told.why in ("time", "memory", "output", "signal"):
        at = next((text for text, one in zip(shown, returned, strict=False) if one.error), None)
        at = at or (shown[len(returned)] if len(returned) < len(tests) else "the end")
        return Failure("limit", passed, len(tests), f"{told.why} at {at}"[:300])
    if told.why == "refused":
        errors = [one.error for one in returned if one.error] or [_last_line(told.stderr)]
        return Failure("refused", passed, len(tests), str(errors[0])[:300])
    if len(returned) < len(tests) or told.why != "ok":
        return Failure(
            "broken",
            passed,
            len(tests),
            _last_line(told.stderr) or f"it ended with exit code {told.exit_code}",
        )
    if len(told.returned) > len(tests):
        return Failure("broken", passed, len(tests), f"{len(told.returned)} results for {len(tests)} calls")
    if all(right):
        return None
    first = right.index(False)
    what = returned[first].error or f"returned {shorten(returned[first].value, 80)}"
    verb = "raised " if returned[first].error else ""
    return Failure(
        "tests_failed",
        passed,
        len(tests),
        f"{shown[first][:200]} {verb}{what}, not {shorten(tests[first].expected, 80)}",
    )


def is_same(one: Json, other: Json) -> bool:
    """Whether two values are equal, true and 1 apart: 1 and 1.0 are one number, but no truth value.

    >>> is_same([1, {"a": 2.0}], [1.0, {"a": 2}]), is_same(True, 1), is_same("1", 1)
    (True, False, False)
    """
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    return bool(one == other)


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip()[:300] if lines else ""
