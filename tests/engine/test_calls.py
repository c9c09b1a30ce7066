"""Which of several replies to one call counts when a run goes on."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from tanemaki.core.model import FinishReason, Reply, Request, Sampling, Usage
from tanemaki.engine.bound import Bound
from tanemaki.engine.call import Address, Call, call_of
from tanemaki.engine.calls import Caller, KnownCalls
from tanemaki.engine.journal import Journal
from tanemaki.engine.limits import Budget
from tanemaki.engine.opening import connect
from tanemaki.engine.stats import Stats
from tanemaki.engine.stopping import Stop
from tanemaki.engine.stored import dump
from tanemaki.models.scripted import Scripted

HERE = Address(3, "", "answer", 0, 0)


def call(max_tokens: int) -> Call:
    bound = Bound("writer", Scripted(lambda _: "新しい答え"), sampling=Sampling(max_tokens=max_tokens))
    return call_of(HERE, "r3", bound, Request([{"role": "user", "content": "問い"}], sampling=bound.sampling))


async def asked(
    folder: Path, max_tokens: int, told: list[tuple[str, int, int, FinishReason]]
) -> tuple[str, int]:
    """Return the reply to a call whose journal holds these already, and how many requests were sent."""
    journal, stop, stats = Journal(folder), Stop(), Stats()
    for send, (text, limit, used, finish) in enumerate(told, start=1):
        one = call(limit)
        reply = dump(Reply(text, finish, usage=Usage(9, used)).to_json())
        address = (send, *HERE[:2], "r3", *HERE[2:])
        journal.put("calls", (*address, one.hash, "writer", "scripted", limit, 1, 0.1, 0.0, one.body, reply))
    await journal.durable()
    one = call(max_tokens)
    caller = Caller(roles=[one.bound], journal=journal, budget=Budget(stop=stop), stats=stats, stop=stop)
    with closing(connect(journal.path, read_only=True)) as db:
        reply_now = await caller.ask(one, KnownCalls(db, {}).of(3))
    await journal.close()
    return reply_now.text, stats.n_sent


WHOLE, CUT = ("先の答え", 200, 150, "stop"), ("切れた", 100, 100, "length")


@pytest.mark.parametrize(
    ("max_tokens", "told", "expected"),
    [
        (200, [WHOLE, ("後の答え", 200, 20, "stop")], ("先の答え", 0)),  # later steps may have seen the first
        (200, [CUT, WHOLE], ("先の答え", 0)),
        (200, [WHOLE, CUT], ("先の答え", 0)),
        (100, [WHOLE, CUT], ("切れた", 0)),  # paid for under this limit: not once more at every start
        (100, [WHOLE, ("短い答え", 100, 80, "stop")], ("短い答え", 0)),
        (300, [CUT], ("新しい答え", 1)),
        (100, [WHOLE], ("新しい答え", 1)),
    ],
)
def test_of_several_replies_the_first_whole_one_counts_that_holds_under_the_present_limit(
    max_tokens: int,
    told: list[tuple[str, int, int, FinishReason]],
    expected: tuple[str, int],
    tmp_path: Path,
) -> None:
    assert asyncio.run(asked(tmp_path, max_tokens, told)) == expected
