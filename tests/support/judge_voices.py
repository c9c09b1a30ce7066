"""Judges of known behaviour behind the scripted server, which know the planted pairs, and a set of pairs for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from support.judging import answers_in
from support.server import Server
from tanemaki.core.seeding import Draw
from tanemaki.recipes import catalogue

Voice = Callable[[str], str]
"""The text of a pairwise prompt → a letter."""
GOOD = "正しい答えです"
BAD = "誤った答え。"


@cache
def better() -> frozenset[str]:
    """The better side of every planted pair, in either language."""
    texts = catalogue.texts_of(catalogue.find("judge_bench"))
    tables = [texts[language].tables["planted"] for language in ("ja", "en")]
    return frozenset(row["better"].replace("\\n", "\n").strip() for table in tables for row in table)


def place(text: str) -> str:
    """Whatever is shown first."""
    return answers_in(text)[0][0]


def name(text: str) -> str:
    """Whatever is called A."""
    return "A"


def fair(text: str) -> str:
    """The answer that is right: a tie where both are or neither is."""
    right = [letter for letter, answer in answers_in(text) if GOOD in answer or answer.strip() in better()]
    return right[0] if len(right) == 1 else "C"


def ties(text: str) -> str:
    """A tie, always."""
    return "C"


@contextmanager
def served(**voices: Voice) -> Iterator[tuple[list[str], dict[str, Server]]]:
    """Serve each judge under its name; yield the flags that bind it to a role of that name, and the servers."""
    with ExitStack() as stack:
        flags: list[str] = []
        servers = {}
        for role, voice in voices.items():
            model = f"{role}-30b"
            server = Server(reply=_saying(voice), models=(model,))
            servers[role] = stack.enter_context(server)
            flags += [f"--models.{role}.endpoint", server.url, f"--models.{role}.name", model]
        yield flags, servers


def _saying(voice: Voice) -> Callable[[dict[str, Any]], str]:
    return lambda body: f"理由を述べます。\n[[{voice(str(body['messages'][-1]['content']))}]]"


def pairs(n: int, noise: float = 0.0) -> list[dict[str, Any]]:
    """Pairs of the form of TRL, of which a share has its sides exchanged."""
    rows = []
    for k in range(n):
        sides = [f"{GOOD}。その理由も述べます。{k}", f"{BAD}{k}"]
        chosen, rejected = sides[::-1] if Draw("label noise", k).uniform() < noise else sides
        rows.append({"prompt": f"{k}番目の質問に答えてください。", "chosen": chosen, "rejected": rejected})
    return rows


def write_lines(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows as JSON lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path
