"""From a seed and a number to one code task: the specification in words, the reference, its explanation, and tests.

Item k of a family is a pure function of the family's name, the seed and k, as in :mod:`tanemaki.verify.problems.problem`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tanemaki.core.errors import SetupError
from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.catalogue import code_family_of
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters
from tanemaki.verify.code.wording import CodeWording, code_wording, layouts
from tanemaki.verify.problems.template import Template
from tanemaki.verify.problems.wording import Language

N_SHOWN = 2
"""So many of the tests stand in the task as examples."""
_MARK = re.compile(r"@(\w+)")
_SIGNATURE = re.compile(r"^def (\w+)\(.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Case:
    """One call and what it must return."""

    arguments: list[Json]
    expected: Json


@dataclass(frozen=True, slots=True)
class Task:
    """One task with everything that belongs to it."""

    family: str
    language: Language
    level: int
    parameters: Parameters
    prompt: str
    function: str
    """Name of the function that is wanted."""
    code: str
    """The reference, commented in the task's language."""
    explanation: str
    tests: tuple[Case, ...]
    """The first :data:`N_SHOWN` stand in the prompt."""
    n_rules: int
    """Sentences of the specification beyond the first: the measured difficulty."""


def make(name: str, *, seed: int, k: int, language: Language, level: int | None = None) -> Task:
    """Return item ``k`` of a family; its level is drawn where none is given.

    Raises ``SetupError`` for a family or a level that is not there.

    >>> found = make("rotate_list", seed=7, k=3, language="ja", level=1)
    >>> found.function, len(found.tests), found.tests[0].arguments[0] != found.tests[0].expected
    ('rotate_list', 7, True)
    """
    family = code_family_of(name)
    draw = Draw("tanemaki.code", name, seed, k)
    if level is None:
        level = draw.between(1, LEVELS)
    elif not 1 <= level <= LEVELS:
        raise SetupError(f"the family {name!r} has no such level", got=str(level), next=f"1 to {LEVELS}")
    parameters = family.draw(draw, level)
    wording = code_wording(family.topic, name, language)
    how = Draw("tanemaki.code", name, seed, k, language)
    parameters["frame"] = how.below(len(wording.frames[parameters.get("form", "plain")]))
    parameters["layout"] = how.below(len(layouts(language).tasks))
    inputs = family.inputs(parameters, Draw("tanemaki.code", name, seed, k, "inputs"))
    return pose(family, parameters, inputs, language, level)


def pose(
    family: CodeFamily, parameters: Parameters, inputs: list[list[Json]], language: Language, level: int
) -> Task:
    """Return the task of these parameters and inputs: the same for the same ones."""
    wording = code_wording(family.topic, family.name, language)
    form = parameters.get("form", "plain")
    source = family.source(parameters)
    signature = list(_SIGNATURE.finditer(source))[-1]
    slots = {**_said(parameters, wording), "function": signature[1]}
    tests = tuple(Case(one, family.expected(parameters, *one)) for one in inputs)
    rules = family.rules(parameters)
    layout = layouts(language)
    which = parameters["layout"]
    ways = [wording.way[key].fill(slots) for key in family.way(parameters)]
    bullet = layout.bullet[which]
    said = [bullet + wording.rules[key].fill(slots) for key in rules]
    calls = [
        layout.example[which].fill(
            {"call": f"{signature[1]}({', '.join(map(repr, one.arguments))})", "value": repr(one.expected)}
        )
        for one in tests[:N_SHOWN]
    ]
    prompt = layout.tasks[which].fill(
        {
            "statement": wording.frames[form][parameters["frame"]].fill(slots),
            "rules": ("\n" if bullet else layout.space).join(said),
            "signature": signature[0],
            "examples": "\n".join(calls),
        }
    )
    return Task(
        family=family.name,
        language=language,
        level=level,
        parameters=parameters,
        prompt=prompt,
        function=signature[1],
        code=_commented(source, wording, form, slots),
        explanation=layout.space.join(ways),
        tests=tests,
        n_rules=len(rules),
    )


def answer_text(task: Task, variant: int) -> str:
    """Return the reference with its explanation as an assistant would give them.

    >>> found = make("rotate_list", seed=7, k=3, language="en", level=1)
    >>> answer_text(found, 0).startswith("```python")
    True
    """
    answers = layouts(task.language).answers
    return answers[variant % len(answers)].fill(
        {"code": task.code.rstrip("\n"), "explanation": task.explanation, "function": task.function}
    )


def _said(parameters: Parameters, wording: CodeWording) -> dict[str, object]:
    return {
        key: wording.choices.get(value, value) if isinstance(value, str) else value
        for key, value in parameters.items()
    }


def _commented(source: str, wording: CodeWording, form: str, slots: Mapping[str, object]) -> str:
    """Put the wording's sentences where the marks are."""
    sentences: dict[str, Template] = {**wording.comments, "doc": wording.doc[form]}
    return _MARK.sub(lambda mark: sentences[mark[1]].fill(slots), source)
