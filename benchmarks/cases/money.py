"""A limit in USD under 512 requests in flight, with replies of random length, faults, retries and hedges."""

from __future__ import annotations

from benchmarks.bench import Bench, Table
from benchmarks.contestants import OURS, Work

PRICE = {"input": 1.0, "output": 4.0}
BEHAVIOUR = {
    "latency_ms": 50,
    "sigma": 1.0,
    "slots": 512,
    "words_least": 1,
    "words": 256,
    "overloaded": 0.01,
    "retry_after_s": 0.2,
    "broken": 0.01,
    "reset": 0.01,
    "hang": 0.005,
    "cut": 0.005,
    "every_attempt": True,
}


def money(bench: Bench) -> Table:
    """Measure 10."""
    n = bench.size(6_000, least=1_000)
    mean_usd = (170 * PRICE["input"] + 128 * PRICE["output"]) / 1e6
    table = Table(
        title="A limit in money holds",
        what=f"{n:,} rows, 512 in flight, replies of 1 to 256 tokens, log-normal latency, faults at any "
        "attempt, retries and hedges "
        f"on; {PRICE['input']:g} and {PRICE['output']:g} USD a million tokens. The endpoint counts by itself, "
        "and counts in full "
        "what the client gave up while a slot worked on it.",
        bar="never passed by one cent",
        columns=(
            "limit USD",
            "spent, endpoint's count",
            "of the limit",
            "of it given up",
            "passed",
            "requests",
            "exit",
        ),
    )
    with bench.endpoints() as endpoints:
        for seed, share in enumerate((0.1, 0.4, 0.8), start=1):
            limit = round(n * mean_usd * share, 4)
            endpoints[0].behave(**BEHAVIOUR, seed=seed)
            more = {"model": {"price": PRICE}, "limits": {"cost_usd": limit}, "seed": seed}
            work = Work(
                endpoints[0].url, bench.rows(n), bench.work / "money" / OURS, 1, 512, timeout_s=10, more=more
            )
            told = bench.run(OURS, work, endpoints)
            seen = told["seen"]
            given_up = _usd(seen["aborted_prompt_tokens"], seen["aborted_completion_tokens"])
            spent = _usd(seen["prompt_tokens"], seen["completion_tokens"]) + given_up
            table.rows.append(
                (
                    *(f"{limit:.4f}", f"{spent:.4f}", f"{spent / limit:.1%}", f"{given_up:.4f}"),
                    *("yes" if spent > limit else "no", seen["requests"], told["exit"]),
                )
            )
    return table


def _usd(prompt_tokens: int, completion_tokens: int) -> float:
    return (prompt_tokens * PRICE["input"] + completion_tokens * PRICE["output"]) / 1e6
