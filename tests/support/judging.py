"""The shared prompts of the judges as a recipe gets them, and judges with a known liking."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import tanemaki.judge
from support.context import Asked, Script, ScriptedContext
from tanemaki.core.judging import Judge, Opinion
from tanemaki.core.prompt import Prompt, Texts
from tanemaki.core.record import Json

PROMPTS = Path(tanemaki.judge.__file__).parent / "prompts"
VALUES: Mapping[str, Mapping[str, Json]] = {
    "ja": {
        "prompt": "葛湯の作り方を教えて。",
        "answer": "葛粉を水で溶き、弱火で透きとおるまで練ります。",
        "first": "葛粉を水で溶き、弱火で透きとおるまで練ります。",
        "second": "お湯で。",
        "reference": "葛粉を水で溶いてから、火にかけて練る。",
    },
    "en": {
        "prompt": "How do I make mint tea?",
        "answer": "Pour boiling water over a handful of fresh mint and wait five minutes.",
        "first": "Pour boiling water over a handful of fresh mint and wait five minutes.",
        "second": "With water.",
        "reference": "Steep fresh mint in boiling water for about five minutes.",
    },
}


@cache
def shared_texts(language: str) -> Texts:
    """Return every shared prompt in one language."""
    prompts = {
        path.stem: Prompt.parse(path.stem, language, path.read_text(encoding="utf-8"), path.name)
        for path in sorted((PROMPTS / language).glob("*.md"))
    }
    return Texts(language, prompts, {})


def opinion_of(
    judge: Judge,
    script: Script,
    language: str = "ja",
    captured: list[Asked] | None = None,
    **values: Json,
) -> Opinion:
    """Ask a judge about the example of a language, or about these values in its place."""
    context = ScriptedContext(shared_texts(language), script, captured if captured is not None else [])
    return asyncio.run(judge.judge({**VALUES[language], **values}, context))


_SHOWN = re.compile(
    r"(?:【アシスタント(?P<ja>[AB])の回答　ここから】|\[Start of assistant (?P<en>[AB])'s answer\])\n(?P<text>.*?)\n"
    r"(?:【アシスタント[AB]の回答　ここまで】|\[End of assistant [AB]'s answer\])",
    re.DOTALL,
)


def shown_answers(asked: Asked) -> list[tuple[str, str]]:
    """Return name and text of the two answers, in the order in which a prompt shows them."""
    return answers_in(asked.text)


def answers_in(text: str) -> list[tuple[str, str]]:
    """Return name and text of the two answers that a judge's prompt shows; none where it shows none."""
    return [(match["ja"] or match["en"], match["text"]) for match in _SHOWN.finditer(text)]


def longer_of(text: str) -> str | None:
    """Return the verdict for the longer one of the answers in a pairwise prompt; None where it is no such prompt."""
    shown = answers_in(text)
    if not shown:
        return None
    (one, first), (other, second) = shown
    return f"[[{'C' if len(first) == len(second) else one if len(first) > len(second) else other}]]"


def always_first(asked: Asked) -> str:
    """Say that what is shown first is better."""
    return f"[[{shown_answers(asked)[0][0]}]]"


def always_a(asked: Asked) -> str:
    """Say that A is better, whoever is called so."""
    return "[[A]]"


def longer(asked: Asked) -> str:
    """Say that the longer answer is better; a tie for equal lengths."""
    return longer_of(asked.text) or ""
