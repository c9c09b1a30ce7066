"""Rows of exact problems hold when everything is done again, and every planted fault is found by its name."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.verify.problems.catalogue import families, family_of
from tanemaki.verify.problems.problem import make, pose, solve
from tanemaki.verify.problems.solution import STYLES, Style
from tanemaki.verify.problems.wording import Language
from tanemaki.verify.resolved import REASONS, Resolved, fault_in
from tanemaki.verify.written_equations import find_equations, wrong_equation


def row(
    name: str = "cranes_and_turtles",
    k: int = 3,
    language: Language = "ja",
    style: Style = "plain",
    method: int = 0,
) -> dict[str, Any]:
    problem = make(name, seed=7, k=k, language=language)
    solution = solve(problem, method=family_of(name).methods[method], style=style, variant=k)
    return {
        "family": name, "topic": family_of(name).topic, "level": problem.level, "n_steps": solution.n_steps,
        "method": solution.method, "style": style, "prompt": problem.prompt, "answer": problem.answer,
        "answer_kind": problem.kind, "solution": solution.text, "parameters": dict(problem.parameters),
    }  # fmt: skip


def reason(changed: dict[str, Any]) -> str | None:
    fault = fault_in(changed)
    return None if fault is None else fault.reason


@pytest.mark.parametrize("name", sorted(families()))
def test_rows_of_every_family_hold_in_every_style_and_by_every_method(name: str) -> None:
    for language in ("ja", "en"):
        for style in STYLES:
            for method in range(len(family_of(name).methods)):
                for k in range(6):
                    assert fault_in(row(name, k, language, style, method)) is None


@pytest.mark.parametrize("name", sorted(families()))
def test_every_equation_of_a_solution_is_read_back_out_of_its_sentences(name: str) -> None:
    for language in ("ja", "en"):
        for k in range(6):
            problem = make(name, seed=8, k=k, language=language)
            for method in family_of(name).methods:
                steps = family_of(name).solve(problem.parameters, method).steps
                for style in STYLES:
                    text = solve(problem, method=method, style=style, variant=k).text
                    read = "\n".join(find_equations(text))
                    for step in steps:
                        for part in re.split(r",(?![^(]*\))", step.equation):
                            assert part.strip() in read, (part, text)


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("family", "cranes", "unknown_family"),
        ("family", None, "unknown_family"),
        ("level", 9, "changed_problem"),
        ("level", "hard", "changed_problem"),
        ("level", [1], "changed_problem"),
        ("parameters", {"heads": 3}, "changed_problem"),
        ("parameters", "heads", "changed_problem"),
        ("prompt", "鶴と亀が合わせて3匹います。", "changed_problem"),
        ("answer", "3", "wrong_answer"),
        ("answer", 3, "wrong_answer"),
        ("answer_kind", "text", "wrong_answer"),
        ("method", "guess", "wrong_equation"),
        ("solution", "3 × 4 = 13\n答え：3匹", "wrong_equation"),
        ("solution", "3 × z = 12\n答え：3匹", "wrong_equation"),
        ("solution", "", "other_final_answer"),
        ("solution", "3 × 4 = 12\n答え：1000匹", "other_final_answer"),
    ],
)
def test_a_planted_fault_has_its_name(column: str, value: object, expected: str) -> None:
    assert reason({**row(), column: value}) == expected
    assert expected in REASONS


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", sorted(families()))
def test_a_number_of_the_problem_or_of_an_equation_cannot_be_changed_unseen(
    name: str, language: Language
) -> None:
    for k in range(6):
        good = row(name, k, language)
        for match in re.finditer(r"\d+", good["prompt"]):
            other = (
                good["prompt"][: match.start()] + str(int(match.group()) + 1) + good["prompt"][match.end() :]
            )
            assert reason({**good, "prompt": other}) == "changed_problem"
        equation = next(find_equations(good["solution"]), None)
        if equation is not None and re.fullmatch(r"[\d ×÷+\-=()]+", equation):
            wrong = re.sub(r"\d+$", lambda found: str(int(found.group()) + 1), equation)
            changed = good["solution"].replace(equation, wrong, 1)
            assert wrong == equation or reason({**good, "solution": changed}) == "wrong_equation"


def test_letters_are_worth_what_the_family_says() -> None:
    good = row(method=1, style="short")
    first = next(one for one in find_equations(good["solution"]) if one.startswith("x + y = "))
    wrong = first[:-1] + str((int(first[-1]) + 1) % 10)
    assert reason({**good, "solution": good["solution"].replace(first, wrong)}) == "wrong_equation"


def test_ratios_are_equations_too() -> None:
    assert wrong_equation("120:27=40:9なので", {}) is None
    assert wrong_equation("120:27=40:8なので", {}) == "120:27=40:8: the ratios differ"


def test_the_filter_gives_the_record_or_what_was_found() -> None:
    good = Record("a", (1,), row())
    assert Resolved()(good) is good
    assert Resolved()(good.with_fields(answer="99")) == Reject(
        "wrong_answer", "'99'", str(good["answer"]), "kind number"
    )


@pytest.mark.parametrize("name", ["cranes_and_turtles", "discount", "dice_sum"])
def test_parameters_that_no_family_draws_are_a_fault_and_no_traceback(name: str) -> None:
    good = row(name)
    for key in good["parameters"]:
        strange: Any
        for strange in (None, "x", [], {"a": 1}):
            parameters = {**good["parameters"], key: strange}
            assert reason({**good, "parameters": parameters}) in {
                None,
                "changed_problem",
                "wrong_answer",
                "wrong_equation",
            }
        parameters = {one: value for one, value in good["parameters"].items() if one != key}
        assert reason({**good, "parameters": parameters}) in {None, "changed_problem"}


@pytest.mark.parametrize(("name", "key"), [("ages", "times"), ("ages", "child")])
def test_a_solver_that_finds_nothing_is_a_fault_and_no_traceback(name: str, key: str) -> None:
    for k in range(20):
        good = row(name, k)
        if key in good["parameters"]:
            parameters = {**good["parameters"], key: good["parameters"][key] * 1000}
            posed = pose(family_of(name), parameters, "ja", good["level"])
            assert reason({**good, "parameters": parameters, "prompt": posed.prompt}) == "changed_problem"


def test_another_wording_with_the_same_numbers_is_told_apart_from_an_edited_number() -> None:
    one = make("cranes_and_turtles", seed=7, k=3, language="ja")
    way = solve(one, method="equations", style="plain")
    row = {
        "family": one.family,
        "level": one.level,
        "parameters": one.parameters,
        "prompt": one.prompt,
        "answer": one.answer,
        "answer_kind": one.kind,
        "method": way.method,
        "solution": way.text,
    }
    worded = fault_in({**row, "prompt": f"よく読んで答えてください。{one.prompt}"})
    assert worded is not None
    assert (worded.reason, worded.note) == (
        "changed_problem",
        "the numbers agree: worded anew, or by another version of Tanemaki",
    )
    heads = str(one.parameters["heads"])
    edited = fault_in({**row, "prompt": one.prompt.replace(heads, f"1{heads}")})
    assert edited is not None
    assert (edited.reason, edited.note) == ("changed_problem", None)
