"""The benchmark's endpoint: what it draws belongs to the row, and its books are right; else every figure would be wrong."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from support.source_tree import ROOT


class Endpoint:
    """The endpoint as a process, spoken to as a client of any framework would."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        port, self._desk = process.stdout.readline().split()
        self.url = f"http://127.0.0.1:{port}/v1"

    async def say(self, **told: Any) -> dict[str, Any]:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(self._desk))
        writer.write(json.dumps(told).encode() + b"\n")
        figures: dict[str, Any] = json.loads(await reader.readline())
        writer.close()
        return figures

    async def ask(self, row: str, **more: Any) -> tuple[int, Any]:
        """Return status and reply; -1 and the exception's name where the connection broke."""
        body = {"model": "m", "messages": [{"role": "user", "content": f"(row {row}) 種とは？"}], **more}
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.post(
                    f"{self.url}/chat/completions", json=body, timeout=aiohttp.ClientTimeout(total=0.3)
                ) as answer,
            ):
                return answer.status, await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, json.JSONDecodeError) as error:
            return -1, type(error).__name__


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Endpoint(process)
        process.terminate()


async def behave(endpoint: Endpoint, **behaviour: Any) -> None:
    await endpoint.say(behave=behaviour, reset=True)


def test_a_reply_belongs_to_its_row_and_is_counted_once(endpoint: Endpoint) -> None:
    async def scene() -> None:
        await behave(endpoint)
        (status, first), (_, again), (_, other) = [await endpoint.ask(row) for row in ("1.2", "1.2", "3")]
        assert status == 200
        said = first["choices"][0]["message"]["content"]
        assert len(said.split()) == 128
        assert said == again["choices"][0]["message"]["content"] != other["choices"][0]["message"]["content"]
        assert first["usage"]["completion_tokens"] == 128
        seen = await endpoint.say()
        figures = {key: seen[key] for key in ("requests", "answered", "rows", "answered_twice", "in_flight")}
        assert figures == {"requests": 3, "answered": 3, "rows": 2, "answered_twice": 1, "in_flight": 0}

    asyncio.run(scene())


def test_max_tokens_cuts_a_reply_and_says_so(endpoint: Endpoint) -> None:
    async def scene() -> None:
        await behave(endpoint)
        _, cut = await endpoint.ask("1", max_tokens=5)
        assert cut["choices"][0]["finish_reason"] == "length"
        assert cut["usage"]["completion_tokens"] == 5

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("fault", "first"),
    [
        ("overloaded", 429),
        ("broken", 500),
        ("reset", "ServerDisconnectedError"),
        ("hang", "TimeoutError"),
        ("cut", "ClientPayloadError"),
        ("malformed", "JSONDecodeError"),
    ],
)
def test_a_fault_meets_the_first_attempt_alone(endpoint: Endpoint, fault: str, first: int | str) -> None:
    async def scene() -> None:
        await behave(endpoint, **{fault: 1.0})
        status, said = await endpoint.ask("1")
        assert first in (status, said) or (fault == "reset" and status == -1)
        assert (await endpoint.ask("1"))[0] == 200
        seen = await endpoint.say()
        assert (seen["faults"], seen["answered"], seen["in_flight"]) == ({fault: 1}, 1, 0)

    asyncio.run(scene())


def test_a_poisoned_row_fails_at_every_attempt(endpoint: Endpoint) -> None:
    async def scene() -> None:
        await behave(endpoint, poison=1.0)
        assert [(await endpoint.ask("1"))[0] for _ in range(3)] == [500, 500, 500]

    asyncio.run(scene())


def test_more_than_the_slots_queue_and_what_is_given_up_is_counted_apart(endpoint: Endpoint) -> None:
    async def scene() -> None:
        await behave(endpoint, latency_ms=200, slots=2)
        statuses = [
            status for status, _ in await asyncio.gather(*(endpoint.ask(str(row)) for row in range(4)))
        ]
        assert sorted(statuses) == [
            -1,
            -1,
            200,
            200,
        ]  # the second two would have waited 0.4 s; they gave up at 0.3
        seen = await endpoint.say()
        assert (seen["peak_in_flight"], seen["peak_queue"], seen["aborted"], seen["answered"]) == (4, 2, 2, 2)
        assert seen["aborted_completion_tokens"] == 256
        assert sum(seen["busy_by_tick"]) == pytest.approx(2 * 0.3, abs=0.15)

    asyncio.run(scene())


def test_an_endpoint_that_died_answers_nobody_until_it_is_told_to_behave(endpoint: Endpoint) -> None:
    async def scene() -> None:
        await behave(endpoint, die_after=1)
        assert (await endpoint.ask("1"))[0] == 200
        assert (await endpoint.ask("2"))[0] == -1
        assert (await endpoint.say())["died_at"] > 0
        await behave(endpoint)
        assert (await endpoint.ask("3"))[0] == 200

    asyncio.run(scene())
