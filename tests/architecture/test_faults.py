"""The faults that published systems really had each have a test here, which says the fault's number in its docstring."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
FAULTS = {
    3: "the cleaned text was computed and the uncleaned one written",
    4: "a repetition rule refused every long Japanese text",
    5: "a repetition rule saw half-width punctuation alone",
    6: "a second answer without history, or with another row's",
    7: "a prompt without the chat template",
    8: "a verification that was stored and not used",
    9: "a choice made once for a process and not for a row",
    10: "constant or neighbouring seeds made jobs repeat each other",
    11: "a leak pattern that left the answer",
    12: "'ends with' was 'contains'",
    13: "a rating of 1/10 was read as 10",
    14: "a missing score became one in the middle",
    15: "a score from digits without their probabilities",
    16: "siblings of one seed on both sides of a split",
    17: "a list of ancestors that the child changed",
    18: "uneven batches cut to the shortest",
    19: "skipped rows that carried a chosen side",
    20: "a test set that was the training set",
    21: "a rule on the first letter refused all Japanese",
    23: "a file that the next run overwrote",
    25: "all ties, or an empty text, divided by zero",
    26: "a template example without its end token",
    27: "an upload of another generator's folder",
    28: "only the first message was scored",
    29: "a seed of None crashed",
    31: "operator and generation lost at the export",
    32: "a window that cut a solution in half",
    33: "an endless loop without a stop",
    34: "a filter that dropped every line with a common word",
}
_NAMED = re.compile(r"\bfaults? (\d+(?:(?:, and|,| and) \d+)*)", re.IGNORECASE)


@cache
def docstrings() -> tuple[tuple[str, str, str], ...]:
    """Return file, name and docstring of every test."""
    return tuple(
        (path.relative_to(TESTS).as_posix(), node.name, ast.get_docstring(node) or "")
        for path in sorted(TESTS.rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


def numbers_in(text: str) -> set[int]:
    """Return the numbers of faults that a docstring names."""
    return {int(number) for said in _NAMED.findall(text) for number in re.findall(r"\d+", said)}


@pytest.mark.parametrize("number", FAULTS, ids=FAULTS.values())
def test_a_fault_of_the_catalogue_has_a_test_of_its_own(number: int) -> None:
    assert any(number in numbers_in(text) for _, _, text in docstrings())


def test_no_test_names_a_fault_that_is_not_in_the_catalogue() -> None:
    named = {number: (file, name) for file, name, text in docstrings() for number in numbers_in(text)}
    assert {number: named[number] for number in set(named) - set(FAULTS)} == {}


def test_a_name_with_the_number_of_a_fault_and_its_docstring_say_the_same() -> None:
    numbered = [(name, text) for _, name, text in docstrings() if re.match(r"test_fault_\d+_", name) and text]
    assert len(numbered) > 10
    for name, text in numbered:
        assert int(name.split("_")[2]) in numbers_in(text), name
