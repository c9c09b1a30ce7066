"""Small scenes for recipes that make pairs: questions about a kitchen, good and bad answers of either length, and judges."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from support.judging import answers_in
from tanemaki.core.model import Request
from tanemaki.core.seeding import Draw

TEXTS: Mapping[str, Mapping[str, str]] = {
    "ja": {
        "instruction": "{k}番の棚の味噌を長もちさせるしまい方を教えてください。",
        "good_long": "{k}番の棚の味噌は、表面に紙をぴたりと貼って空気を断ち、ふたをして冷蔵庫の奥に置きます。"
        "出し入れのたびに平らにならすと、色も香りも変わりにくくなります。",
        "good_short": "空気に触れないように包み、{k}番の味噌は冷蔵庫へ入れます。",
        "bad_long": "{k}番の味噌なら、日の当たる窓ぎわにふたをあけたまま並べましょう。"
        "ときどき水を足してかき混ぜ、夏のあいだは外に出しておくのがこつだと思います。",
        "bad_short": "とりあえず{k}番の入れ物ごと窓ぎわに置きます。",
        "foreign": "Wrap the miso on shelf {k} tightly and keep it in the back of the refrigerator at all times.",
        "loop": "{k}番の味噌は" + "冷やして、" * 40 + "おきます。",
    },
    "en": {
        "instruction": "How should I store the butter of shelf {k} so that it keeps?",
        "good_long": "Wrap the butter of shelf {k} tightly in paper, put it into a closed box and keep it in the fridge, "
        "away from onions and cheese, because fat takes on smells within a day or two.",
        "good_short": "Keep the butter from shelf {k} wrapped, and in the fridge.",
        "bad_long": "Put the butter of shelf {k} on a sunny window sill without any cover and turn it over every evening; "
        "a little water poured around it keeps the flies busy and the colour bright all summer.",
        "bad_short": "Just leave block {k} lying out on the window sill.",
        "foreign": "{k}番の棚のバターは、紙でぴったりと包んで箱に入れ、"
        "においの強いものから離して冷蔵庫の奥にしまってください。",
        "loop": "Keep the butter of shelf {k} " + "cold and dry and " * 40 + "safe.",
    },
}
_GOOD = re.compile("冷蔵庫|fridge")
_SHELF = re.compile(r"(\d+)番の棚|shelf (\d+)")


def questions(language: str, n: int) -> list[dict[str, Any]]:
    """Return n rows with an instruction each."""
    return [{"instruction": TEXTS[language]["instruction"].format(k=k)} for k in range(1, n + 1)]


def text_of(body: Mapping[str, Any]) -> str:
    """Return everything that a model is shown."""
    return "\n".join(str(message["content"]) for message in body["messages"])


def body_of(request: Request) -> dict[str, Any]:
    """Return a request in the form in which a server gets it."""
    return {"messages": list(request.messages), "seed": request.seed}


def shelf_of(body: Mapping[str, Any]) -> int:
    """Return the number of the question that a body is about."""
    [found, *_] = _SHELF.findall(text_of(body))
    return int(found[0] or found[1])


def is_judged(body: Mapping[str, Any]) -> bool:
    """Whether a judge is asked to compare."""
    return bool(answers_in(text_of(body)))


def is_good(text: str) -> bool:
    """Whether an answer is right, whatever its length."""
    return bool(_GOOD.search(text))


def answer(body: Mapping[str, Any], language: str, quality: str) -> str:
    """Return a good or a bad answer, the length of which is drawn."""
    k = shelf_of(body)
    length = Draw("length", k, quality, int(body.get("seed") or 0)).choose(("long", "short"))
    return TEXTS[language][f"{quality}_{length}"].format(k=k)


Voice = Callable[[Mapping[str, Any]], str]


def first(body: Mapping[str, Any]) -> str:
    """Prefer what is shown first."""
    return answers_in(text_of(body))[0][0]


def longer(body: Mapping[str, Any]) -> str:
    """Prefer the longer answer."""
    return max(answers_in(text_of(body)), key=lambda one: len(one[1]))[0]


def oracle(noise: float = 0.0) -> Voice:
    """Prefer the good answer, but for a share of the calls, drawn of what is shown."""

    def voice(body: Mapping[str, Any]) -> str:
        shown = answers_in(text_of(body))
        right = next(name for name, text in shown if is_good(text))
        wrong = next(name for name, text in shown if name != right)
        return wrong if Draw("noise", text_of(body)).uniform() < noise else right

    return voice
