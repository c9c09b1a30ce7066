"""Function problems in Python with tests, whose reference solutions were executed before they were kept.

For: instruction tuning and rewards for code in Japanese and English; tests come along, so that any reply can be checked.
Source: code tasks of the S2 talk (units of a Python course × levels, answered by a model and never executed); functional
correctness by hidden tests as in "Evaluating Large Language Models Trained on Code" (arXiv 2107.03374).
Differs: tasks are made from families with parameters that vary the specification; expected values are computed by a second
implementation; every solution is executed in a sandbox, and what does not pass reaches no dataset.
"""

from __future__ import annotations

from typing import Any, Literal

from tanemaki.clean.dedup.exact_copy import ExactCopy
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe
from tanemaki.generate.as_messages import AsMessages
from tanemaki.generate.ask import Ask
from tanemaki.generate.ask_fields import AskFields
from tanemaki.generate.pick import Pick
from tanemaki.recipes.options import chosen
from tanemaki.verify.code.catalogue import TOPICS, code_families
from tanemaki.verify.code.family import LEVELS
from tanemaki.verify.code.fault_in_code import ResolvedCode
from tanemaki.verify.code.steps import Passes, PoseCode, Proven
from tanemaki.verify.code.well_made import WRITTEN, WellMade

_MAKING = Sampling(temperature=0.9, max_tokens=2048)  # tasks should differ; what they hold is executed
_ANSWERING = Sampling(temperature=0.7, max_tokens=1024)  # as rejection sampling of solutions is commonly done


def build(
    language: str,  # noqa: ARG001 - the tasks know theirs from the run
    *,
    topics: tuple[str, ...] = (),
    families: tuple[str, ...] = (),
    levels: tuple[int, ...] = (),
    problems: Literal["drawn", "own", "model"] = "drawn",
    answers: Literal["reference", "model"] = "reference",
) -> Recipe:
    """Return the recipe.

    ``topics`` and ``families`` choose tasks (all of both), ``levels`` 1 to 3 how many rules they have. ``problems: own``
    takes the rows of an earlier run, ``problems: model`` lets a writer make task, reference and tests. With ``answers:
    model`` a writer answers, and only what passes every test is kept.
    """
    known = code_families()
    if topics:
        chosen("topics", topics, TOPICS)
    if families:
        chosen("families", families, tuple(known))
    wrong = next((level for level in levels if not 1 <= level <= LEVELS), None)
    if wrong is not None:
        raise SetupError(
            f"levels go from 1 to {LEVELS}",
            where="options.levels",
            got=str(wrong),
            next="e.g. levels: [1, 2]",
        )
    drawn = tuple(
        name
        for name, topic in known.items()
        if not (topics or families) or topic in topics or name in families
    )
    if problems != "drawn" and (topics or families or levels):
        raise SetupError(
            "topics, families and levels choose among the tasks that a program poses",
            where="options",
            got=f"problems: {problems}",
            next="leave them out, or problems: drawn",
        )
    posed = PoseCode(drawn, tuple(levels) or tuple(range(1, LEVELS + 1)))
    begin: dict[str, list[Any]] = {"drawn": [posed, Proven()], "own": [ResolvedCode()], "model": _BY_A_MODEL}
    steps = list(begin[problems])
    if answers == "model":
        steps += [Ask("response", of="writer", given=("prompt",), sampling=_ANSWERING), Passes("response")]
    said = "response" if answers == "model" else "solution"
    steps += [ExactCopy("prompt"), AsMessages("messages", user="prompt", assistant=said)]
    return Recipe(
        needs=ResolvedCode.reads if problems == "own" else ("number",),
        steps=tuple(steps),
        hidden=("written_tests",) if problems == "model" else (),
    )


def solution(answer: str, explanation: str) -> str:
    """Give code and explanation as an assistant gives them."""
    code = answer if "```" in answer else f"```python\n{answer.strip()}\n```"
    return f"{code}\n\n{explanation}"


_BY_A_MODEL: list[Any] = [
    Pick("theme", table="themes"),
    Pick("hardness", table="hardness"),
    AskFields("task", of="writer", schema=WRITTEN, given=("theme", "hardness"), sampling=_MAKING),
    WellMade(),
    solution,
]
