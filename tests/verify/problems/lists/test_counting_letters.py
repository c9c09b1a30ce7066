from __future__ import annotations

import pytest

from tanemaki.verify.problems.lists.counting_letters import FAMILY

KNOWN = [
    ("one", "strawberry", ["r"], 3),
    ("one", "mississippi", ["s"], 4),
    ("more", "banana", ["a", "n"], 1),
    ("three", "banana", ["a", "n", "b"], 6),
]


@pytest.mark.parametrize(("form", "word", "letters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_letters_of_real_words_are_counted(
    form: str, word: str, letters: list[str], answer: int, method: str
) -> None:
    assert FAMILY.solve({"form": form, "word": word, "letters": letters}, method).answer == answer
