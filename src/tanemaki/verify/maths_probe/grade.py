"""Is a reply right, and by which technique? Exact, and certain or no: a count is not a probability."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tanemaki.text.answer_reading import is_key, stated_answers
from tanemaki.text.normalise import fold_width, nfkc
from tanemaki.text.tables import read_patterns
from tanemaki.verify.maths_probe.events import Event
from tanemaki.verify.maths_probe.items import Form, Item

Technique = Literal["complement", "enumeration"]
_TECHNIQUES: tuple[Technique, ...] = ("complement", "enumeration")
_ROUNDED = re.compile(
    r"[（(]\s*(?:約|およそ|≈|≒|about |approximately |approx\.? ?|\\approx)[^()（）\n]{0,40}[)）]"
    r"|[,、]?\s*(?:≈|≒|\\approx|(?:which is |or )(?:about|approximately|roughly))\s*[\d.]+(?:\s*\\?[%％])?"
    r"|=\s*0\.\d+(?:\.{2,}|…)",
    re.IGNORECASE,
)
"""What a reply adds to an exact value so that one sees how large it is."""
_LEAD = re.compile(
    r".*(?:確率[はが](?:、)?|probability[^.\n]{0,160} (?:is|equals|=)\s)", re.DOTALL | re.IGNORECASE
)
_DIGIT = re.compile(r"(?<![\d/.])[1-5](?![\d/]|\.\d)")
_UNSURE = re.compile(r"[1-5]\D{0,6}(?:か(?!ら)|または|or|and|と)\D{0,6}[1-5]|\bnot\b|ではな|でない")


@dataclass(frozen=True, slots=True)
class Graded:
    """A reply to one question of the probe."""

    form: Form
    is_right: bool
    techniques: frozenset[Technique]


def grade(item: Item, reply: str) -> Graded:
    """Return whether a reply is right, and the techniques that it shows.

    Where all cases are to be written down, a reply that goes by the complement alone is not right, whatever it says at
    the end.

    >>> from tanemaki.verify.maths_probe.events import Event
    >>> from tanemaki.verify.maths_probe.items import ask
    >>> told = ask(Event(2, 6, "sum_at_least", 3), "complement", "ja", 0)
    >>> grade(told, "36 - 1 = 35なので、35通り").is_right, grade(told, "1 - 1/36 = 35/36").is_right
    (False, True)
    """
    shown = techniques(reply, item.event)
    is_right = _chooses(item, reply) if item.form == "concept" else _states(item, reply)
    if item.form == "enumerate" and shown == {"complement"}:
        is_right = False
    return Graded(item.form, is_right, shown)


def techniques(reply: str, event: Event | None = None) -> frozenset[Technique]:
    """Return the techniques of which a reply shows a sign; none is no sign of either.

    With the event, taking the number of its other outcomes from that of all (36 - 1) is a sign of the complement.

    >>> sorted(techniques("余事象は使わず、(1, 2)、(2, 1) と書き出すと"))
    ['enumeration']
    """
    text = fold_width(reply).replace("−", "-").replace("–", "-")
    for pattern in _signs("disclaimer"):
        text = pattern.sub("", text)
    shown = {one for one in _TECHNIQUES if any(pattern.search(text) for pattern in _signs(one))}
    if event and re.search(rf"(?<!\d){event.n_outcomes} ?- ?{event.n_others}(?!\d)", text):
        shown.add("complement")
    return frozenset(shown)


def _signs(technique: str) -> tuple[re.Pattern[str], ...]:
    return read_patterns("tanemaki.verify.maths_probe", "technique_signs", ("ja", "en"), technique=technique)


def _states(item: Item, reply: str) -> bool:
    """Return whether all that a reply states as its answer is the key; behind 確率は it may have said the count."""
    stated = stated_answers(_ROUNDED.sub("", reply), item.prompt)
    return bool(stated) and all(
        is_key(one, item.key, "number", question=item.prompt)
        or is_key(_LEAD.sub("", one), item.key, "number", question=item.prompt)
        for one in stated
    )


def _chooses(item: Item, reply: str) -> bool:
    """Return whether a reply chooses the right option and no other one, by its number or by what it says."""
    numbers = set()
    stated = stated_answers(reply, item.prompt)
    for one in stated:
        text = nfkc(one)
        named = {
            str(place) for place, option in enumerate(item.options, 1) if nfkc(option).rstrip("。.") in text
        }
        for option in item.options:
            text = text.replace(nfkc(option).rstrip("。."), "")
        if _UNSURE.search(text):
            return False
        found = set(_DIGIT.findall(text)) | named
        if len(found) != 1:
            return False
        numbers |= found
    return numbers == {item.key}
