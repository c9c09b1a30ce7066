"""Heavy steps: pure ones that compute, and ones that end or trouble the process in which they run."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from support.steps import chance
from tanemaki.core.errors import DataError
from tanemaki.core.record import Children, FieldType, Json, Record
from tanemaki.core.seeding import Draw
from tanemaki.core.step import Context, heavy
from tanemaki.core.verdict import Reject
from tanemaki.text.similarity import minhash, shingles


@heavy
def signature(question: str) -> list[int]:
    """Compute what a search for near-duplicates compares."""
    return list(minhash(shingles(question), 16))


@heavy
def luck(question: str, *, draw: Draw, language: str) -> float:
    """Draw; where a text is unlucky the record has failed."""
    if chance(question) < 0.05:
        raise DataError(f"unlucky in {language}", next="choose another")
    return draw.uniform()


@dataclass(frozen=True)
class Spread:
    """Make two children, some of which the next step rejects."""

    heavy: ClassVar[bool] = True
    fans_out: ClassVar[bool] = True
    reads: ClassVar[tuple[str, ...]] = ("question",)
    writes: ClassVar[Mapping[str, FieldType]] = {"half": "text", "told": "json"}

    def __call__(self, record: Record) -> Children:
        question = str(record["question"])
        told = {"長さ": len(question), "nested": [None, True, 0.1, {"片": "\udc80ｶﾅ🍵"}]}
        return Children.of({"half": question[:4], "told": told}, {"half": question[4:], "told": None})


@heavy
@dataclass(frozen=True, slots=True)
class Lucky:
    """Keep a share of the records, told with reason, value, limit and note."""

    share: float
    reads: ClassVar[tuple[str, ...]] = ("half",)
    reasons: ClassVar[tuple[str, ...]] = ("unlucky",)

    def __call__(self, record: Record, context: Context) -> Record | Reject:
        drawn = context.draw("half").uniform()
        return record if drawn < self.share else Reject("unlucky", drawn, self.share, "残念")


@heavy
@dataclass(frozen=True)
class DiesOnce:
    """End the process at each record, once: what is in the folder has ended one before."""

    folder: str
    reads: ClassVar[tuple[str, ...]] = ("question",)
    writes: ClassVar[Mapping[str, FieldType]] = {"n_letters": "integer"}

    def __call__(self, record: Record) -> dict[str, Json]:
        mark = Path(self.folder) / str(record.ordinal[0])
        if record.ordinal[0] % 10 == 3 and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return {"n_letters": len(str(record["question"]))}


@heavy
def deadly(question: str, *, record: Record) -> str:
    """End the process at the fifth record, always."""
    if record.ordinal == (5,):
        os._exit(7)
    return question[::-1]


class OddError(Exception):
    """Cannot be made again of what pickle keeps of it."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


@heavy
def broken(question: str, *, record: Record) -> str:
    """Divide by zero at the fourth record."""
    return question[: 1 // (record.ordinal[0] - 4)]


@heavy
def odd(question: str) -> NoReturn:
    """Raise an exception that cannot be sent."""
    raise OddError("奇妙", question)


@heavy
def forgotten(question: str) -> Any:
    """Give back what must be awaited."""

    async def later() -> str:
        return question

    return later()


@heavy
def unsendable(question: str) -> Any:
    """Give back what no other process can have."""
    return lambda: question


@heavy
def place(question: str) -> dict[str, Json]:
    """Tell of the process: its session, and what it does at Ctrl-C."""
    print(question)  # noqa: T201 - must not reach the run's messages or its standard output
    return {
        "question": question,
        "session": os.getsid(0),
        "ignores": signal.getsignal(signal.SIGINT) is signal.SIG_IGN,
        "input": sys.stdin.read(),
    }


@heavy
def endless(question: str) -> NoReturn:
    """Compute for ever."""
    print("begun", question, file=sys.stderr, flush=True)  # noqa: T201 - tells the test that a worker is at work
    while True:
        pass
