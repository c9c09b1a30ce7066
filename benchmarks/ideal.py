"""The least time that drawn latencies allow: the same draws as the endpoint's, a client that costs nothing."""

from __future__ import annotations

import heapq

from benchmarks.server.draws import Behaviour, latency_s, units


def latencies(behaviour: Behaviour, n_rows: int, n_steps: int) -> list[list[float]]:
    """Return the seconds of each row's calls."""
    return [
        [
            latency_s(behaviour, units(behaviour.seed, f"{row}.{step}".encode(), 0))
            for step in range(1, n_steps + 1)
        ]
        for row in range(n_rows)
    ]


def greedy_floor_s(rows: list[list[float]], workers: int) -> float:
    """Return the span of so many workers that take rows in turn, each row one call after the other, without a barrier."""
    free_at = [0.0] * min(workers, len(rows))
    end = 0.0
    for calls in rows:
        done = heapq.heappop(free_at) + sum(calls)
        heapq.heappush(free_at, done)
        end = max(end, done)
    return end


def barrier_floor_s(rows: list[list[float]], workers: int) -> float:
    """Return the same with a barrier after every step."""
    return sum(greedy_floor_s([[calls[step]] for calls in rows], workers) for step in range(len(rows[0])))
