"""Tanemaki's engine without a network: a scripted model in this process, one step, replies of 1 kB, journal on, export."""

from __future__ import annotations

import argparse
from pathlib import Path

from tanemaki import Reply, Request, Run, Scripted

_BODY = " ".join(f"word{i % 97}" for i in range(200))[:980]


def answer(request: Request) -> Reply:
    """Return 1 kB that belongs to the request."""
    asked = str(request.messages[-1]["content"])
    return Reply(f"{asked[:40]} {_BODY}"[:1000])


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    read = parser.parse_args()
    report = Run(
        recipe=Path(__file__).parents[1] / "recipes" / "one_call",
        source={"kind": "jsonl", "path": str(read.rows)},
        models={"writer": Scripted(answer)},
        language="en",
        output=str(read.folder / "run"),
    ).start()
    print(report.accounting.equation())


if __name__ == "__main__":
    main()
