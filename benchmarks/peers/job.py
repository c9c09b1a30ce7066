"""The arguments, rows and prompts that the peers' programs share. Runs in their environments: standard library only."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

ONE = "{{ prompt }}"
QUESTION = "(row {{ number }}.1) Write one question about this text. {{ prompt }}"
ANSWER = "(row {{ number }}.2) Answer this question. {{ question }}"
SCORE = "(row {{ number }}.3) Rate the answer from 1 to 5. Question: {{ question }} Answer: {{ answer }}"


def read_arguments(*switches: str) -> argparse.Namespace:
    """Return the arguments; ``switches`` are a peer's own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=1)
    parser.add_argument("--concurrency", type=int, default=256)
    parser.add_argument("--timeout", type=float, default=60)
    for switch in switches:
        parser.add_argument(f"--{switch}")
    return parser.parse_args()


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a JSONL file."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def filled(prompt: str, row: dict[str, Any]) -> str:
    """Return a prompt with a row's fields in it, for peers that take a function and not a template."""
    for name, value in row.items():
        prompt = prompt.replace("{{ " + name + " }}", str(value))
    return prompt
