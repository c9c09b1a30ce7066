"""What each stage of the hot path costs, one after the other, on the functions that the engine itself calls.

A request passes all of them once; ``whole`` is a run of the same rows from source to Parquet, so the difference between it
and the sum is what walks, tasks and the event loop cost. Microseconds of CPU of this process, threads included.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import uvloop

from benchmarks.contestants import Work, fresh, run_file
from benchmarks.server.handle import Endpoint
from benchmarks.server.service import text_of
from tanemaki import Record, Request, Run
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.length import Length
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.core.model import Reply, Sampling, Usage
from tanemaki.core.prompt import Prompt
from tanemaki.core.seeding import Draw
from tanemaki.engine.bound import Bound
from tanemaki.engine.call import Address, Call, call_of
from tanemaki.engine.closing import Closer
from tanemaki.engine.intake import Intake
from tanemaki.engine.journal import Journal
from tanemaki.engine.limits import Budget, Prices, Spend, worst_case
from tanemaki.engine.prefix import Prefix
from tanemaki.engine.root import CallNote, Root
from tanemaki.engine.scratch import Scratch
from tanemaki.engine.stats import Stats
from tanemaki.engine.stopping import Stop
from tanemaki.engine.stored import dump
from tanemaki.models.scripted import Scripted
from tanemaki.run.execute import closing_reader
from tanemaki.run.export import export

GROUP = 128
"""Rows a commit, as a busy run has them."""


class Stages:
    """Times the stages; ``figures`` holds (stage, µs, what it is)."""

    def __init__(self, n: int, folder: Path, rows: Path) -> None:
        self._n = n
        self._folder = fresh(folder)
        self._rows = rows
        self.figures: list[tuple[str, float, str]] = []
        self._prompt = Prompt("answer", "en", "(row {{ number }}) {{ prompt }}")
        self._bound = Bound("writer", Scripted(["x"]), sampling=Sampling(max_tokens=256))
        self._reply = Reply(text_of(b"1", 128).decode(), model="bench", usage=Usage(170, 128))

    def _note(self, stage: str, seconds: float, what: str, n: int | None = None) -> None:
        self.figures.append((stage, seconds / (n or self._n) * 1e6, what))

    def _time(self, stage: str, what: str, work: Callable[[int], object]) -> None:
        started = time.process_time()
        for i in range(self._n):
            work(i)
        self._note(stage, time.process_time() - started, what)

    def _call(self, i: int) -> Call:
        return call_of(Address(i, "", "answer", 0, 0), f"{i:016x}", self._bound, self._request)

    def run(self) -> None:
        """Time everything."""
        self._read()
        values = {"number": "1", "prompt": "why the mill grinds more flour in autumn " * 14}
        self._request = self._bound.complete(Request(self._prompt.render(values)), lambda: 7)
        self._time("render", "a prompt with two slots", lambda _: self._prompt.render(values))
        self._time("seed", "the call's own seed", lambda i: Draw(0, "r", "s", f"{i:x}", "call", 0, 0).bits())
        messages = self._request.messages
        self._time(
            "complete", "the role's sampling", lambda _: self._bound.complete(Request(messages), lambda: 7)
        )
        self._time("hash", "body as JSON and its hash", self._call)
        uvloop.run(self._engine())
        self._judge()

    def _read(self) -> None:
        run = Run(**run_file(Work("http://127.0.0.1/v1", self._rows, self._folder)))
        scratch = Scratch()
        started = time.process_time()
        n = sum(1 for _ in Intake(run.order.source, scratch, self._n))
        self._note(
            "read", time.process_time() - started, "a row from the JSONL file, its id, its occurrences", n
        )
        scratch.close()

    async def _engine(self) -> None:
        await self._reserve()
        await self._journal()
        await self._http()

    async def _reserve(self) -> None:
        budget = Budget(usd=1e9, stop=Stop())
        call, prices = self._call(1), Prices(0.1, 0.4)
        started = time.process_time()
        for _ in range(self._n):
            worst = worst_case(call.request, prices, call.body)
            await budget.reserve(worst)
            budget.settle(worst, Spend(1, 300, 0.0001))
        self._note("reserve", time.process_time() - started, "worst case set aside, given back")

    async def _journal(self) -> None:
        journal = Journal(self._folder / "journal")
        call, queued_s, committed_s, closed_s, ended_s = self._call(1), 0.0, 0.0, 0.0, 0.0
        closer = _closer(journal)
        for first in range(0, self._n, GROUP):
            started = time.process_time()
            for i in range(first, first + GROUP):
                self._put(journal, call, i)
            queued = time.process_time()
            await journal.durable()
            queued_s, committed_s = queued_s + queued - started, committed_s + time.process_time() - queued
            started = time.process_time()
            for i in range(first, first + GROUP):
                closer.close(self._root(i + 1))
            closed = time.process_time()
            await journal.durable()
            closed_s, ended_s = closed_s + closed - started, ended_s + time.process_time() - closed
        await journal.close()
        n = -(-self._n // GROUP) * GROUP
        self._note("journal put", queued_s, "the three rows of a call, queued", n)
        self._note(
            "journal commit", committed_s, f"those rows to the disk, {GROUP} calls a commit, synced", n
        )
        self._note("close", closed_s, "a record's end: its row with lineage, counts, prefix", n)
        self._note("close commit", ended_s, "that row and its closure to the disk", n)

    def _put(self, journal: Journal, call: Call, root: int) -> None:
        send = journal.next_send()
        journal.put("sends", (send, root, 900, 0.01))
        journal.put("settled", (send, 170, 128, 0.001))
        where = (send, root, "", call.record, "answer", 0, 0, call.hash)
        asked = ("writer", "bench", 256, 1, 0.2, time.time(), call.body)
        journal.put("calls", (*where, *asked, dump(self._reply.to_json())))

    def _root(self, number: int) -> Root:
        fields = {"number": str(number), "prompt": "p" * 600, "answer": self._reply.text}
        record = Record(f"{number:016x}", (number,), fields)
        root = Root(number, record)
        told = {
            "id": "0" * 32,
            "step": "answer",
            "role": "writer",
            "model": "bench",
            "prompts": {},
            "seed": 7,
        }
        root.calls.append(CallNote((number,), 0, 0, 0, told))
        root.end(record, "accepted", step_place=1)
        return root

    async def _http(self) -> None:
        with Endpoint() as endpoint:
            endpoint.behave()
            run = Run(**run_file(Work(endpoint.url, self._rows, self._folder)))
            model = run.order.models["writer"]
            await model.open()
            numbers = iter(range(self._n))

            async def worker() -> None:
                for _ in numbers:
                    await model.reply(self._request)

            started = time.process_time()
            await asyncio.gather(*(worker() for _ in range(256)))
            self._note(
                "send", time.process_time() - started, "aiohttp and JSON: request out, reply read and parsed"
            )
            await model.close()

    def _judge(self) -> None:
        record = Record("a", (1,), {"answer": self._reply.text})
        filters = (
            Length("answer", min_chars=20, max_chars=8_000),
            Refusal("answer", "en"),
            Language("answer", "en"),
        )
        for judge in filters:
            assert judge(record) is record
            self._time(
                f"verdict: {type(judge).__name__.lower()}", "on a reply of 128 words", judge_of(judge, record)
            )


def judge_of(judge: Callable[[Record], object], record: Record) -> Callable[[int], object]:
    """Return the verdict as a stage."""
    return lambda _: judge(record)


def _closer(journal: Journal) -> Closer:
    return Closer(
        journal=journal,
        plan=1,
        prefix=Prefix(None),
        stats=Stats(),
        stop=Stop(),
        failed_share=None,
        accepted_share=None,
    )


def export_of(rows: Path, n: int, folder: Path) -> tuple[float, float]:
    """Return CPU seconds of a run by a scripted model, and of its export alone."""
    from benchmarks.clients.scripted_rows import answer

    fresh(folder)
    run = Run(
        recipe=Path(__file__).parent / "recipes" / "one_call",
        source={"kind": "jsonl", "path": str(rows)},
        models={"writer": Scripted(answer)},
        language="en",
        output=str(folder / "run"),
        limit=n,
    )
    started = time.process_time()
    run.start()
    ran = time.process_time()
    with closing_reader(run.folder) as db:
        (plan,) = db.execute("SELECT max(id) FROM plans").fetchone()
        export(run.order, db, plan)
    return ran - started, time.process_time() - ran
