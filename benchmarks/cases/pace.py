"""A server whose slots nobody told, and a role of two endpoints."""

from __future__ import annotations

import time
from statistics import fmean
from typing import Any

from benchmarks.bench import Bench, Table
from benchmarks.contestants import OURS, Work
from benchmarks.ideal import latencies
from benchmarks.server.desk import TICKS_PER_S
from benchmarks.server.draws import Behaviour
from benchmarks.server.handle import Endpoint

WARM_S, STEADY_S = 10, 12
SLOTS = (16, 64, 512)


def slots(bench: Bench) -> Table:
    """Measure 5."""
    table = Table(
        title="Slots that nobody told",
        what="One call a row, log-normal latency (median 1 s, sigma 1), the server queues and never refuses; "
        "`concurrency` is left "
        f"out. Looked at for {STEADY_S} s after the first {WARM_S} s. The best fixed limit keeps every slot "
        "busy, so the share of "
        "slot time that was worked is the share of its throughput.",
        bar="≥ 90 % after 10 s; a queue of at most one slot-count",
        columns=(
            "slots",
            "slot time worked",
            "replies/s",
            "slots / mean latency",
            "peak queue / slots",
            "queue after 10 s / slots",
        ),
    )
    with bench.endpoints() as endpoints:
        for n_slots in SLOTS:
            seen = _watched(bench, endpoints[0], n_slots)
            window = slice(WARM_S * TICKS_PER_S, (WARM_S + STEADY_S) * TICKS_PER_S)
            worked = sum(seen["busy_by_tick"][window]) / (n_slots * STEADY_S)
            rate = sum(seen["replies_by_tick"][window]) / STEADY_S
            mean_s = fmean(calls[0] for calls in latencies(Behaviour(latency_ms=1_000, sigma=1.0), 20_000, 1))
            later = max(seen["queue_by_tick"][window], default=0)
            bench.say(
                f"  {n_slots} slots: {worked:.0%} worked, peak queue {seen['peak_queue']}, later {later}"
            )
            table.rows.append(
                (
                    *(n_slots, f"{worked:.0%}", f"{rate:.1f}", f"{n_slots / mean_s:.1f}"),
                    *(f"{seen['peak_queue'] / n_slots:.2f}", f"{later / n_slots:.2f}"),
                )
            )
    return table


def _watched(bench: Bench, endpoint: Endpoint, n_slots: int) -> dict[str, Any]:
    """Let ours run for the time looked at, and kill it."""
    endpoint.behave(latency_ms=1_000, sigma=1.0, slots=n_slots)
    work = Work(endpoint.url, bench.rows(n_slots * 40), bench.work / "slots" / OURS, 1, None)
    with bench.running(OURS, work, [endpoint]) as process:
        assert endpoint.wait_for_replies(1, within_s=60, process=process), "no reply within a minute"
        until = endpoint.seen()["first_at"] + WARM_S + STEADY_S + 0.2
        time.sleep(max(0.0, until - time.monotonic()))
        seen = endpoint.seen()
        process.terminate()
        process.communicate()
    return seen


def endpoints(bench: Bench) -> Table:
    """Measure 6."""
    n, n_slots = bench.size(6_000, least=1_000), 64
    table = Table(
        title="Two endpoints, one three times slower, one dying halfway",
        what=f"{n:,} rows of one call; 64 slots at 200 ms and 64 at 600 ms. What they can give: slots over "
        "latency, for as long as each "
        "is alive, from the first request to the last reply.",
        bar="≥ 90 % of the sum of what they can give; no row lost",
        columns=(
            "dies",
            "of what they can give",
            "span s",
            "replies fast",
            "replies slow",
            "rows out",
            "replies beyond the rows",
            "exit",
        ),
    )
    latency = (200, 600)
    with bench.endpoints(2) as two:
        for dying in (None, 1, 0):
            for i, endpoint in enumerate(two):
                share = 0.75 if i == 0 else 0.25
                die_after = round(n * share / 2) if dying == i else 0
                endpoint.behave(latency_ms=latency[i], slots=n_slots, die_after=die_after)
            more = {"model": {"endpoints": [{"endpoint": one.url, "concurrency": n_slots} for one in two]}}
            work = Work(two[0].url, bench.rows(n), bench.work / "endpoints" / OURS, 1, None, more=more)
            told = bench.run(OURS, work, two)
            books = [one.seen() for one in two]
            first = min(one["first_at"] for one in books if one["requests"])
            last = max(one["last_at"] for one in books)
            can = sum(
                n_slots / (latency[i] / 1000) * ((one["died_at"] or last) - first)
                for i, one in enumerate(books)
            )
            answered = sum(one["answered"] for one in books)
            table.rows.append(
                (
                    *(
                        {None: "none", 0: "the fast one", 1: "the slow one"}[dying],
                        f"{answered / can:.0%}",
                        f"{last - first:.1f}",
                    ),
                    *(
                        books[0]["answered"],
                        books[1]["answered"],
                        told["rows"],
                        f"{answered - n}",
                        told["exit"],
                    ),
                )
            )
    return table
