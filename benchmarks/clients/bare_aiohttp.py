"""A bare aiohttp loop with orjson on uvloop: no journal, no retries, no checks. What the HTTP client alone costs."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import uvloop


async def _ask(session: aiohttp.ClientSession, url: str, text: str) -> str:
    body = {"model": "bench", "messages": [{"role": "user", "content": text}], "max_tokens": 256}
    async with session.post(url, data=orjson.dumps(body)) as answer:
        raw = await answer.read()
        if answer.status != 200:
            raise RuntimeError(answer.status)
        said: str = orjson.loads(raw)["choices"][0]["message"]["content"]
        return said


async def _chain(session: aiohttp.ClientSession, url: str, row: dict[str, Any]) -> dict[str, Any]:
    n, text = row["number"], row["prompt"]
    question = await _ask(session, url, f"(row {n}.1) Write one question about this text. {text}")
    answer = await _ask(session, url, f"(row {n}.2) Answer this question. {question}")
    score = await _ask(
        session, url, f"(row {n}.3) Rate the answer from 1 to 5. Question: {question} Answer: {answer}"
    )
    return {**row, "question": question, "answer": answer, "score": score}


async def _main(read: argparse.Namespace) -> None:
    url = read.url + "/chat/completions"
    rows: Iterator[dict[str, Any]] = (orjson.loads(line) for line in read.rows.open("rb"))
    connector = aiohttp.TCPConnector(limit=0)
    headers = {"Content-Type": "application/json"}
    with read.out.open("wb") as out:
        async with aiohttp.ClientSession(connector=connector, headers=headers) as session:

            async def worker() -> None:
                for row in rows:
                    if read.steps == 3:
                        done = await _chain(session, url, row)
                    else:
                        done = {**row, "answer": await _ask(session, url, row["prompt"])}
                    out.write(orjson.dumps(done) + b"\n")

            await asyncio.gather(*(worker() for _ in range(read.concurrency)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--concurrency", type=int, default=256)
    parser.add_argument("--steps", type=int, default=1)
    uvloop.run(_main(parser.parse_args()))
