"""From a seed and a number to one problem, posed and solved in words.

Item k of a family is a pure function of the family's name, the seed and k: hashed, never added, so that neighbouring seeds
share nothing beyond chance. The parameters are the same in every language; the sentence frame is drawn for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tanemaki.core.errors import SetupError
from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.catalogue import family_of
from tanemaki.verify.problems.family import Family, Kind, Parameters
from tanemaki.verify.problems.solution import Line, Style, lines_of, write
from tanemaki.verify.problems.wording import Language, Wording, people, wording_of

_LETTERS = "abcdefghij"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem with its answer."""

    family: str
    language: Language
    level: int
    parameters: Parameters
    prompt: str
    """The problem as it is asked."""
    kind: Kind
    value: Json
    """The answer in no language; what the second solver must find, too."""
    answer: str
    """The answer as a key: ``12``, ``3/4``, ``さくら``, ``3, 7, 9``."""
    answer_text: str
    """The answer as it is said: ``12匹``."""


@dataclass(frozen=True, slots=True)
class Solution:
    """A problem's way to its answer, in words."""

    method: str
    style: Style
    text: str
    n_steps: int
    """Lines that find something: the measured difficulty."""


def make(name: str, *, seed: int, k: int, language: Language, level: int | None = None) -> Problem:
    """Return item ``k`` of a family; its level is drawn where none is given.

    Raises ``SetupError`` for a family or a level that is not there.

    >>> make("cranes_and_turtles", seed=7, k=3, language="ja", level=1).answer
    '29'
    """
    family = family_of(name)
    draw = Draw("tanemaki.problems", name, seed, k)
    if level is None:
        level = draw.between(1, family.levels)
    elif not 1 <= level <= family.levels:
        raise SetupError(
            f"the family {name!r} has no such level", got=str(level), next=f"1 to {family.levels}"
        )
    parameters = family.draw(draw, level)
    frames = wording_of(family.topic, name, language).frames[parameters.get("form", "plain")]
    parameters["frame"] = Draw("tanemaki.problems", name, seed, k, language).below(len(frames))
    return pose(family, parameters, language, level)


def pose(family: Family, parameters: Parameters, language: Language, level: int) -> Problem:
    """Return the problem of these parameters: the same for the same ones, so that a text can be compared with them."""
    wording = wording_of(family.topic, family.name, language)
    slots = _slots(family, wording, parameters, language)
    value = family.solve(parameters, family.methods[0]).answer
    answer, said = _answer(family, wording, parameters, value, slots)
    return Problem(
        family=family.name,
        language=language,
        level=level,
        parameters=parameters,
        prompt=wording.frames[parameters.get("form", "plain")][parameters["frame"]].fill(slots),
        kind=family.kind,
        value=value,
        answer=answer,
        answer_text=said,
    )


def solve(problem: Problem, *, method: str, style: Style, variant: int = 0) -> Solution:
    """Return a problem's solution by one of its family's methods, in one of the styles.

    ``variant`` chooses among connectives that mean the same. Raises ``SetupError`` for a method that the family lacks.

    >>> found = make("cranes_and_turtles", seed=7, k=3, language="ja", level=1)
    >>> solve(found, method="assume_all_one", style="short").n_steps > 1
    True
    """
    lines = solve_lines(problem, method)
    text = write(lines, problem.answer_text, problem.language, style, variant)
    return Solution(method, style, text, len(lines))


def solve_lines(problem: Problem, method: str) -> list[Line]:
    """Return a problem's steps in words, in no style. Raises ``SetupError`` for a method that the family lacks."""
    family = family_of(problem.family)
    if method not in family.methods:
        raise SetupError(
            f"the family {problem.family!r} has no method {method!r}",
            next=f"one of {', '.join(family.methods)}",
        )
    wording = wording_of(family.topic, family.name, problem.language)
    worked = family.solve(problem.parameters, method)
    slots = _slots(family, wording, problem.parameters, problem.language)
    return lines_of(worked.steps, wording, {**wording.choices, **slots})


def key_of(family: Family, parameters: Parameters, language: Language, value: Json) -> str:
    """Return the key that an answer without language has in a language; what a second solver finds is compared by it.

    >>> key_of(family_of("cranes_and_turtles"), {"scene": "crane", "form": "many"}, "ja", 12)
    '12'
    """
    wording = wording_of(family.topic, family.name, language)
    return _answer(family, wording, parameters, value, _slots(family, wording, parameters, language))[0]


def choices_of(problem: Problem) -> list[str]:
    """Return answers as they are said that a hasty reader might give, the right one among them; none where there are none.

    Whole numbers have neighbours, names the other names; whatever else an answer is has no other one that is surely wrong.

    >>> found = make("cranes_and_turtles", seed=7, k=3, language="ja", level=1)
    >>> found.answer_text in choices_of(found), len(choices_of(found)) > 4
    (True, True)
    """
    family = family_of(problem.family)
    wording = wording_of(family.topic, family.name, problem.language)
    value = problem.value
    values: list[Json] = []
    if isinstance(value, int):
        near = (value + 1, value - 1, value + 2, value - 2, 2 * value, value + 10, value - 10, 10 * value)
        values = [value, *(one for one in near if one >= min(0, value) and one != value)]
    elif problem.kind == "name":
        people_there = _LETTERS[: len(problem.parameters.get("people", ()))]
        values = list(people_there if value in people_there else wording.choices)
    slots = slots_of(problem)
    said = [_answer(family, wording, problem.parameters, one, slots)[1] for one in values]
    return list(dict.fromkeys(said))


def slots_of(problem: Problem) -> Mapping[str, object]:
    """Return what the slots of a problem's sentences hold."""
    family = family_of(problem.family)
    wording = wording_of(family.topic, family.name, problem.language)
    return _slots(family, wording, problem.parameters, problem.language)


def _slots(
    family: Family, wording: Wording, parameters: Parameters, language: Language
) -> Mapping[str, object]:
    words = dict(wording.words)
    scene = parameters.get("scene")
    if scene is not None:
        words.update(wording.scenes[scene])
    numbers = parameters.get("people")
    if numbers is not None:
        known = people(language)
        for letter, number in zip(_LETTERS, numbers, strict=False):
            words[letter] = known[number]
    return {**words, **family.slots(parameters, words)}


def _answer(
    family: Family, wording: Wording, parameters: Parameters, value: Json, slots: Mapping[str, object]
) -> tuple[str, str]:
    """Return the answer as a key and as it is said."""
    template = wording.answers[parameters.get("form", "plain")]
    if isinstance(value, list):
        parts = [_shown(one, wording, slots) for one in value]
        told = {f"answer_{place}": part for place, part in enumerate(parts, 1)}
        return ", ".join(parts), template.fill(
            {**slots, **told, "answer": wording.words["comma"].join(parts)}
        )
    key = _shown(value, wording, slots)
    if family.kind == "date":
        year, month, day = map(int, key.split("-"))
        said = {"year": year, "month": month, "day": day, "month_name": wording.words[f"month_{month}"]}
    elif family.kind == "time":
        hour, minute = map(int, key.split(":"))
        said = {"hour": hour, "minute": minute}
    else:
        said = {}
    return key, template.fill({**slots, **said, "answer": key})


def _shown(value: Json, wording: Wording, slots: Mapping[str, object]) -> str:
    if isinstance(value, str):
        if value in wording.choices:
            return wording.choices[value]
        if len(value) == 1 and value in _LETTERS and value in slots:
            return str(slots[value])
    return str(value)
