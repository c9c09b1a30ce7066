from __future__ import annotations

import pytest

from tanemaki.verify.problems.template import Template


@pytest.mark.parametrize(
    ("text", "slots", "filled"),
    [
        ("{n}本の木", {"n": 3}, "3本の木"),
        ("{n:apple|apples}", {"n": 1}, "1 apple"),
        ("{n:apple|apples}", {"n": 0}, "0 apples"),
        ("{n:apple|apples}", {"n": "1"}, "1 apple"),
        ("{n:apple|apples}", {"n": "1.5"}, "1.5 apples"),
        ("{n:{one}|{many}} here", {"n": 2, "one": "sheep", "many": "sheep"}, "2 sheep here"),
        ("{a} and {a:cat|cats}", {"a": 1}, "1 and 1 cat"),
        ("no slot", {}, "no slot"),
        ("{{braces}} {n}", {"n": "{m}"}, "{braces} {m}"),
        ("", {}, ""),
    ],
)
def test_slots_are_filled_and_nouns_are_counted(text: str, slots: dict[str, object], filled: str) -> None:
    assert Template(text).fill(slots) == filled


def test_the_slots_are_known_before_anything_is_filled() -> None:
    assert Template("{n:{one}|{many}} of {whole}").slots == {"n", "one", "many", "whole"}


def test_a_slot_without_a_value_is_a_fault() -> None:
    with pytest.raises(KeyError, match="whole"):
        Template("{n} of {whole}").fill({"n": 3})
