"""Measures reasoning-gym in its own environment: items a second, and distinct items of neighbouring seeds."""

from __future__ import annotations

import json
import sys
import time

import reasoning_gym


def main() -> None:
    """Read names and a number of items from the command line; print a JSON object."""
    n, names = int(sys.argv[1]), sys.argv[2:]
    found = {}
    for name in names:
        reasoning_gym.create_dataset(name, size=3, seed=1)[0]  # what it loads once is not an item's cost
        best = 0.0
        for turn in range(3):
            made = reasoning_gym.create_dataset(name, size=n, seed=100_000 * turn)
            began = time.process_time()
            for k in range(n):
                made[k]
            best = max(best, n / max(1e-9, time.process_time() - began))
        seeds = [reasoning_gym.create_dataset(name, size=500, seed=seed) for seed in range(42, 47)]
        questions = [one[k]["question"] for one in seeds for k in range(500)] if best > 1_000 else []
        found[name] = {"per_s": best, "items": len(questions), "distinct": len(set(questions))}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
