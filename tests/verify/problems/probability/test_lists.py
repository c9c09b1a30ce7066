"""Statements are no equations, so what they list is counted here."""

from __future__ import annotations

import re

import pytest

from support.families import items
from tanemaki.verify.problems.catalogue import family_of

LISTING = ("cards", "dice_product", "dice_sum", "digit_cards")


@pytest.mark.parametrize("name", LISTING)
def test_a_step_lists_as_many_as_it_says(name: str) -> None:
    family = family_of(name)
    n_lists = 0
    for problem in items(name, "ja", 300):
        for method in family.methods:
            for step in family.solve(problem.parameters, method).steps:
                listed = step.slots.get("found", step.slots.get("values"))
                if listed is not None:
                    found = re.findall(r"\([^)]*\)", listed) or listed.split(", ")
                    assert len(set(found)) == len(found) == step.slots["n"], step
                    n_lists += 1
    assert n_lists > 300


def test_the_numbers_of_a_row_add_up_to_its_cases() -> None:
    for problem in items("dice_sum", "en", 300):
        if problem.parameters["form"] == "two":
            steps = family_of("dice_sum").solve(problem.parameters, "enumeration").steps
            listed = sum(step.slots["n"] for step in steps if step.say in ("row", "listed"))
            total = problem.parameters["sides_1"] * problem.parameters["sides_2"]
            above, _, below = problem.answer.partition("/")
            assert listed * int(below) == total * int(above), problem
