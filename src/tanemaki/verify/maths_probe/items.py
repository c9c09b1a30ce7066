"""The probe's questions, posed in one of several wordings from ``prompts/<language>.toml``, each with its key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from tanemaki.core.seeding import Draw
from tanemaki.verify.maths_probe.events import ENUMERABLE, Event
from tanemaki.verify.problems.template import Template

Form = Literal["concept", "free", "enumerate", "complement"]
FORMS: tuple[Form, ...] = ("concept", "free", "enumerate", "complement")
Language = Literal["ja", "en"]
_AN = (8, 11)
"""Faces that would want another article in English."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the probe."""

    form: Form
    language: Language
    prompt: str
    key: str
    """A fraction in lowest terms; of the concept the number of the right option."""
    options: tuple[str, ...] = ()
    """What the concept's options say, in their order."""
    event: Event | None = None
    """What the chance is asked of; None for the concept."""


def repeat(seed: int, k: int, language: Language) -> tuple[Item, ...]:
    """Return the four questions of repeat ``k``: one event in three forms, and the concept.

    >>> [(item.form, item.key) for item in repeat(7, 0, "ja")][1:]
    [('free', '13/16'), ('enumerate', '13/16'), ('complement', '13/16')]
    """
    draw = Draw("tanemaki.maths_probe", seed, k)
    event = draw.choose(ENUMERABLE)
    wordings = Draw("tanemaki.maths_probe", seed, k, language)
    concept = ask_concept(draw, language, wordings.below(n_wordings("concept", language)))
    return (
        concept,
        *(ask(event, form, language, wordings.below(n_wordings(form, language))) for form in FORMS[1:]),
    )


def n_wordings(form: Form, language: Language) -> int:
    """Return how many wordings a form has."""
    return len(_read(language)["forms"][form])


def ask(event: Event, form: Form, language: Language, wording: int) -> Item:
    """Return the question for an event's chance in one form and wording.

    >>> print(ask(Event(2, 6, "sum_at_least", 3), "free", "en", 0).prompt)
    Two dice, each with the faces 1 to 6, are rolled. Find the probability that the sum of the numbers is at least 3.
    """
    found = _read(language)
    slots: dict[str, object] = {"n": event.n_dice, "sides": event.sides, "limit": event.limit}
    slots["count"] = found["counts"][str(event.n_dice)]
    slots["event"] = Template(found["events"][event.kind]).fill(slots)
    prompt = Template(found["forms"][form][wording]).fill(slots)
    return Item(form, language, prompt, str(event.chance), event=event)


def ask_concept(draw: Draw, language: Language, wording: int) -> Item:
    """Return the question what a probability means: five options, one of them right, in random order."""
    found = _read(language)
    sides = draw.between(4, 12)
    hundreds = 100 * draw.between(2, 9)
    slots: Mapping[str, object] = {
        "sides": sides,
        "face": draw.choose([face for face in range(1, sides + 1) if face not in _AN]),
        "fewer": sides - 1,
        "tenfold": 10 * sides,
        "many": hundreds * sides,
        "about": hundreds,
    }
    right, wrong = found["concept"]["right"], found["concept"]["wrong"]
    order: Sequence[str] = draw.sample([right, *wrong], len(wrong) + 1)
    options = tuple(Template(one).fill(slots) for one in order)
    listed = "\n".join(f"{number}. {one}" for number, one in enumerate(options, 1))
    prompt = Template(found["forms"]["concept"][wording]).fill({**slots, "options": listed})
    return Item("concept", language, prompt, str(order.index(right) + 1), options)


@cache
def _read(language: Language) -> dict[str, Any]:
    path = files("tanemaki.verify.maths_probe").joinpath("prompts", f"{language}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
