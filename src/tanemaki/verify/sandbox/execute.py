"""Run a program, or call a function that it defines, in the sandbox."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from typing import Any

from tanemaki.core.errors import SetupError
from tanemaki.core.record import Json
from tanemaki.verify.sandbox.json_value import json_value
from tanemaki.verify.sandbox.outcome import Limits, Outcome, Returned, Why
from tanemaki.verify.sandbox.warm import Ended, Warm, give_back, take

_DEFAULT = Limits()
_OUT_OF_TIME = ("SIGPROF", "SIGXCPU")


def run(code: str, *, stdin: str = "", limits: Limits = _DEFAULT) -> Outcome:
    """Run a program in Python. Raises ``SetupError`` where no sandbox can be made.

    Cost: about 3 ms; 0.1 s for the first one.

    >>> run("print(input()[::-1])", stdin="しんぶんし\\n").stdout
    'しんぶんし\\n'
    >>> run("while True: pass", limits=Limits(time_s=0.1)).why
    'time'
    """
    return _execute({"code": code, "stdin": stdin, "function": "", "calls": []}, limits)


def call(
    code: str, function: str, arguments: Sequence[Sequence[Json]], *, limits: Limits = _DEFAULT
) -> Outcome:
    """Run a program and then call a function of it, once with each list of arguments, all in one process.

    Arguments and results are JSON; a result of another type is an error of that call. Raises ``SetupError`` as ``run`` does.

    >>> told = call("def twice(n):\\n    return 2 * n\\n", "twice", [[21], ["ab"], [None]])
    >>> [one.value for one in told.returned], told.returned[2].error
    ([42, 'abab', None], "TypeError: unsupported operand type(s) for *: 'int' and 'NoneType'")
    """
    calls = [list(one) for one in arguments]
    return _execute({"code": code, "stdin": "", "function": function, "calls": calls}, limits)


def _execute(order: dict[str, Any], limits: Limits) -> Outcome:
    sent = json.dumps({**order, **asdict(limits)}).encode("utf-8")
    for _ in range(2):  # a warm process may have been ended from outside since it was used last
        warm = take()
        try:
            outcome = _once(warm, sent, limits)
        except Ended:
            warm.close()
            continue
        except (
            BaseException
        ):  # interrupted in the middle: an answer that comes late must not be taken for another's
            warm.close()
            raise
        give_back(warm)
        return outcome
    raise SetupError(
        "the process for foreign code ends before it has told anything",
        next="see `tanemaki doctor`, and whether something on this machine ends processes",
    )


def _once(warm: Warm, sent: bytes, limits: Limits) -> Outcome:
    with ExitStack() as held:
        names = ("order", "stdout", "stderr", "returned")
        files = [held.enter_context(os.fdopen(os.memfd_create(name), "w+b", 0)) for name in names]
        files[0].write(sent)
        files[0].seek(0)
        status, cpu_s, killed = warm.execute([one.fileno() for one in files], limits.wait_s)
        texts = []
        for one in files[1:]:
            one.seek(0)
            texts.append(one.read(limits.output_bytes))
    code = os.waitstatus_to_exitcode(status)
    returned, whys = _told(texts[2])
    full = any(len(one) >= limits.output_bytes for one in texts)
    return Outcome(
        why=_why(code, whys, late=killed or cpu_s >= limits.time_s, full=full),
        exit_code=code if code >= 0 else None,
        stdout=texts[0].decode("utf-8", "replace"),
        stderr=texts[1].decode("utf-8", "replace"),
        returned=returned,
        cpu_s=cpu_s,
    )


def _told(text: bytes) -> tuple[tuple[Returned, ...], set[str]]:
    """Read the channel of results, on which foreign code may have written anything; a line that is cut off is left out."""
    returned: list[Returned] = []
    whys: set[str] = set()
    for line in text.decode("utf-8", "replace").split("\n")[:-1]:
        try:
            one = json_value(line)
        except ValueError as error:
            returned.append(Returned(error=f"a result that cannot be read: {error}"[:200]))
            continue
        if not isinstance(one, dict):
            continue
        whys.add(str(one.get("why")))
        if "error" in one:
            returned.append(Returned(error=str(one["error"])))
        elif "value" in one:
            returned.append(Returned(one["value"]))
    return tuple(returned), whys


def _why(code: int, whys: set[str], *, late: bool, full: bool) -> Why:
    name = signal.Signals(-code).name if code < 0 else ""
    if name in _OUT_OF_TIME or (late and name == "SIGKILL"):
        return "time"
    if full:
        return "output"
    if "memory" in whys:
        return "memory"
    if "refused" in whys:
        return "refused"
    if code < 0:
        return "signal"
    return "ok" if code == 0 else "error"
