"""What a family says, in one language: its frames, scenes, goals, statements and answers, from one TOML file.

==============  ==========================================================================================================
section         holds
==============  ==========================================================================================================
``[frames]``    form → at least four sentence frames that ask the same
``[answer]``    form → how the answer is said: ``{answer}匹``; of a list also ``{answer_1}``, ``{answer_2}`` …
``[scenes.x]``  the nouns of scene ``x``; the same keys in every scene
``[goals]``     key → the noun phrase of what an equation finds (in English singular, without capital: "the number of legs")
``[units]``     key of a goal → its unit, shown in brackets behind the equation
``[says]``      key → a statement: in Japanese ``{polite = "…です。", plain = "…である。"}``, in English one sentence
``[words]``     words that the family's ``slots`` need: headings of a table, names of shapes
``[choices]``   key → text of answers that come from a closed list: yes and no, the days of the week
==============  ==========================================================================================================
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from tanemaki.verify.problems.template import Template

Language = Literal["ja", "en"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence in the two styles that Japanese has; in English both are the same."""

    polite: Template
    plain: Template


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of one family in one language, compiled."""

    frames: Mapping[str, tuple[Template, ...]]
    answers: Mapping[str, Template]
    scenes: Mapping[str, Mapping[str, str]]
    goals: Mapping[str, Template]
    units: Mapping[str, Template]
    says: Mapping[str, Statement]
    words: Mapping[str, str]
    choices: Mapping[str, str]


@cache
def wording_of(topic: str, name: str, language: Language) -> Wording:
    """Return the wording of a family, read once."""
    found = _read(f"tanemaki.verify.problems.{topic}", language, name)
    return Wording(
        frames={form: tuple(map(Template, frames)) for form, frames in found["frames"].items()},
        answers=_templates(found["answer"]),
        scenes=found.get("scenes", {}),
        goals=_templates(found.get("goals", {})),
        units=_templates(found.get("units", {})),
        says={key: _statement(told) for key, told in found.get("says", {}).items()},
        words={
            **_read("tanemaki.verify.problems", language, "words"),
            **found.get("words", {}),
            "language": language,
        },
        choices=found.get("choices", {}),
    )


@cache
def people(language: Language) -> tuple[str, ...]:
    """Return the names of the people in problems; number k of one language stands where number k of the other does."""
    return tuple(_read("tanemaki.verify.problems", language, "people")["people"])


@cache
def styles(language: Language) -> Mapping[str, Any]:
    """Return the frames of the styles of a solution: ``plain``, ``textbook``, ``dialogue``, ``short``."""
    return _read("tanemaki.verify.problems", language, "styles")


def _read(package: str, language: str, name: str) -> dict[str, Any]:
    path = files(package).joinpath("wording", language, f"{name}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _templates(found: Mapping[str, str]) -> dict[str, Template]:
    return {key: Template(text) for key, text in found.items()}


def _statement(told: str | Mapping[str, str]) -> Statement:
    if isinstance(told, str):
        return Statement(Template(told), Template(told))
    return Statement(Template(told["polite"]), Template(told["plain"]))
