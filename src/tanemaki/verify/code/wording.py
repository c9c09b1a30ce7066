"""What a family of code tasks says in one language: frames, rules, comments and the way, from one TOML file.

==============  ==========================================================================================================
section         holds
==============  ==========================================================================================================
``[frames]``    form → at least four openings that ask for the same
``[rules]``     key → one sentence of the specification
``[doc]``       form → the docstring of the reference
``[comments]``  key → a comment in the reference
``[way]``       key → a sentence of the explanation
``[choices]``   what parameters stand for: ``left`` → 左
==============  ==========================================================================================================
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tanemaki.verify.problems.template import Template
from tanemaki.verify.problems.wording import Language


@dataclass(frozen=True, slots=True)
class CodeWording:
    """The sentences of one family in one language, compiled."""

    frames: Mapping[str, tuple[Template, ...]]
    rules: Mapping[str, Template]
    doc: Mapping[str, Template]
    comments: Mapping[str, Template]
    way: Mapping[str, Template]
    choices: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Layouts:
    """How a task and its answer are laid out, whatever the family."""

    tasks: tuple[Template, ...]
    answers: tuple[Template, ...]
    example: tuple[Template, ...]
    """One for each layout of a task."""
    bullet: tuple[str, ...]
    """What stands before each rule; nothing where they are one paragraph."""
    space: str
    """What stands between two sentences."""


@cache
def code_wording(topic: str, name: str, language: Language) -> CodeWording:
    """Return the wording of a family, read once."""
    found = _read(f"tanemaki.verify.code.{topic}", language, name)
    return CodeWording(
        frames={form: tuple(map(Template, frames)) for form, frames in found["frames"].items()},
        rules=_templates(found["rules"]),
        doc=_templates(found["doc"]),
        comments=_templates(found.get("comments", {})),
        way=_templates(found["way"]),
        choices=found.get("choices", {}),
    )


@cache
def layouts(language: Language) -> Layouts:
    """Return the layouts of a language, read once."""
    found = _read("tanemaki.verify.code", language, "layouts")
    return Layouts(
        tasks=tuple(Template(one["text"]) for one in found["tasks"]),
        answers=tuple(map(Template, found["answers"])),
        example=tuple(Template(one["example"]) for one in found["tasks"]),
        bullet=tuple(one["bullet"] for one in found["tasks"]),
        space=found["space"],
    )


def _read(package: str, language: str, name: str) -> dict[str, Any]:
    path = files(package).joinpath("wording", language, f"{name}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _templates(found: Mapping[str, str]) -> dict[str, Template]:
    return {key: Template(text) for key, text in found.items()}
