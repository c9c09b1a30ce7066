"""What follows from "all" and "none" about one person? 三段論法.

Level 1 has a chain of two rules, level 2 three, level 3 four. What is told of the person is at one end of the chain, what is
asked at the other; it must be true, must be false, or cannot be told, each in a third of the problems.

Source: Aristotle, Prior Analytics I (Barbara, Celarent and the fallacies of affirming the consequent and denying the
antecedent), with one person for the minor term.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_SCENES = ("school", "town", "office")
_TRAITS = 6
"""Traits of a scene."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the chain, whether its last rule is a "none", and what is told of which end."""
    traits = draw.sample(range(1, _TRAITS + 1), level + 2)
    rules: list[Json] = [["all", one, two] for one, two in pairwise(traits)]
    last_is_none, told_first, holds = draw.choose(_BY_ANSWER[draw.below(3)])
    if last_is_none:
        rules[-1] = ["none", traits[-2], traits[-1]]
    return {
        "scene": draw.choose(_SCENES),
        "people": draw.sample(range(36), 1),
        "rules": draw.sample(rules, len(rules)),
        "told": traits[0] if told_first else traits[-1],
        "holds": holds,
        "asked": traits[-1] if told_first else traits[0],
    }


_BY_ANSWER = (
    ((False, True, True),),  # must be true
    ((True, True, True), (False, False, False), (True, False, True)),  # must be false
    ((False, False, True), (False, True, False), (True, True, False), (True, False, False)),
)
"""Is the last rule a "none", is the first trait told, does it hold? In three groups, by the answer."""


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Return the rules, what is told and what is asked, as sentences."""
    rules = [
        words[f"rule_{kind}"].format(words[f"is_{one}"], words[f"is_{two}"]) for kind, one, two in p["rules"]
    ]
    holds = "is" if p["holds"] else "not"
    return {
        "rules": words["inline"].join(rules)
        if p["frame"] % 2
        else "\n".join(f"{words['bullet']}{rule}" for rule in rules),
        "fact": words[f"fact_{holds}"].format(
            words["a"], words[f"is_{p['told']}"], words[f"not_{p['told']}"]
        ),
        "asked": words[f"is_{p['asked']}"],
    }


def solve(p: Parameters, method: str) -> Worked:
    """Go along the chain, or put sets into sets."""
    chain = _chain(p)
    told_first = chain[0][1] == p["told"]
    steps, answer = (
        _by_sets(p, chain)
        if method == "sets"
        else _by_chain(p, chain if told_first else chain[::-1], told_first)
    )
    return Worked((*steps, Step(f"so_{answer}", slots={"x": Who("a"), **_trait("p", p["asked"])})), answer)


_Chain = list[tuple[str, int, int]]


def _chain(p: Parameters) -> _Chain:
    """Return the rules in the order in which they hang together."""
    after = {one: (kind, one, two) for kind, one, two in p["rules"]}
    start = next(one for one in after if all(two != one for _, _, two in after.values()))
    chain = [after[start]]
    while chain[-1][2] in after:
        chain.append(after[chain[-1][2]])
    return chain


def _trait(slot: str, number: int) -> dict[str, object]:
    return {slot: Who(f"is_{number}"), f"not_{slot}": Who(f"not_{number}")}


def _by_chain(p: Parameters, chain: _Chain, told_first: bool) -> tuple[list[Step], str]:  # noqa: FBT001 - one place calls it
    """Take rule after rule; where one says nothing, all that lies behind it stays open."""
    state: bool | None = p["holds"]
    steps = []
    for kind, one, two in chain:
        told = {"x": Who("a"), **_trait("p", one), **_trait("q", two)}
        if told_first and state:
            state = kind == "all"
            steps.append(Step(f"forward_{kind}", slots=told))
        elif not told_first and state is (kind == "none"):
            state = False
            steps.append(Step(f"backward_{kind}", slots=told))
        else:
            state = None
            steps.append(Step("open_forward" if told_first else f"open_backward_{kind}", slots=told))
    return steps, {True: "yes", False: "no", None: "unknown"}[state]


def _by_sets(p: Parameters, chain: _Chain) -> tuple[list[Step], str]:
    """The first set lies in all of the others, but outside the last where the last rule is a "none"."""
    steps = [Step(f"set_{kind}", slots={**_trait("p", one), **_trait("q", two)}) for kind, one, two in chain]
    first, last = chain[0][1], chain[-1][2]
    inside = chain[-1][0] == "all"
    name = "inside" if inside else "apart"
    steps.append(Step(f"ends_{name}", slots={**_trait("p", first), **_trait("q", last)}))
    place = "in" if p["holds"] else "out"
    end = "first" if p["told"] == first else "last"
    steps.append(
        Step(f"{name}_{end}_{place}", slots={"x": Who("a"), **_trait("p", first), **_trait("q", last)})
    )
    if p["told"] == first:
        return steps, ("yes" if inside else "no") if p["holds"] else "unknown"
    return steps, "no" if p["holds"] is not inside else "unknown"


FAMILY = Family(kind="name", draw=draw, solve=solve, methods=("chain", "sets"), scenes=_SCENES, slots=slots)
