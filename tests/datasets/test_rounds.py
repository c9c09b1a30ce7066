"""Rounds: prompts of their own for each, by a hash of the prompt alone."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tanemaki.core.errors import SetupError
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.datasets.rounds import FirstAsked, InRound, prompt_hash, round_of

PROMPTS = [f"{n}本の木を{n % 7 + 2}人で植えます。一人何本ですか。" for n in range(600)]


def asked(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def record(prompt: Any, name: str = "a") -> Record:
    return Record(name, (1,), {"prompt": prompt})


def test_three_rounds_share_no_prompt_and_together_are_the_source() -> None:
    kept = [
        {text for text in PROMPTS if not isinstance(InRound("prompt", n, 3)(record(text)), Reject)}
        for n in (1, 2, 3)
    ]
    assert set().union(*kept) == set(PROMPTS)
    assert sum(map(len, kept)) == len(PROMPTS)
    # χ² with 2 degrees of freedom, one in a thousand: 13.8
    assert sum((len(one) - 200) ** 2 / 200 for one in kept) < 13.8


def test_a_prompt_of_another_round_is_named_with_its_round() -> None:
    own = round_of("葛とは？", 5)
    wanted = own % 5 + 1
    assert InRound("prompt", wanted, 5)(record(asked("葛とは？"))) == Reject("other_round", own, wanted)


def test_rounds_are_those_of_ever() -> None:
    """Computed once and written down: another value would let a later round of a running loop repeat prompts."""
    assert [round_of(f"問い{n}", 4) for n in range(12)] == [1, 3, 4, 4, 4, 4, 4, 2, 3, 4, 3, 2]


def test_the_number_of_rounds_is_part_of_the_split() -> None:
    pairs = Counter((round_of(text, 2), round_of(text, 3)) for text in PROMPTS)
    assert len(pairs) == 6


@pytest.mark.parametrize(
    "same",
    [
        "葛とは?",
        " 葛 とは？\n",
        asked("葛とは？"),
        [{"role": "user", "content": [{"type": "text", "text": "葛とは？"}]}],
    ],
)
def test_width_white_space_and_form_do_not_make_another_prompt(same: Any) -> None:
    assert prompt_hash(same) == prompt_hash("葛とは？")


def test_a_digit_makes_another_prompt_and_so_does_an_earlier_turn_of_the_user() -> None:
    turns = [*asked("寒天とは？"), {"role": "assistant", "content": "海藻です。"}, *asked("葛とは？")]
    images = [
        [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}]
        for url in ("a", "b")
    ]
    hashes = [prompt_hash(one) for one in ("3本", "4本", asked("葛とは？"), turns, *images, "", "😀")]
    assert len(set(hashes)) == len(hashes)


@pytest.mark.parametrize(
    ("number", "rounds", "told"),
    [(0, 3, "a round from 1 to 3"), (4, 3, "a round from 1 to 3"), (1, 0, "rounds: 1 or more")],
)
def test_a_round_that_there_is_not_is_refused(number: int, rounds: int, told: str) -> None:
    with pytest.raises(SetupError, match="there is no such round") as caught:
        InRound("prompt", number, rounds)
    assert (caught.value.got, caught.value.next) == (f"round {number} of {rounds}", told)


def test_only_the_first_of_equal_prompts_is_kept_and_alike_ones_stay() -> None:
    step = FirstAsked("prompt")
    seen = step.start(None)
    told = [
        step.decide(seen, record(prompt, name))
        for name, prompt in (
            ("a", "3本の木"),
            ("b", "４本の木"),
            ("c", asked("３本の木")),
            ("d", "3本の木。"),
        )
    ]
    assert [isinstance(one, Reject) for one in told] == [False, False, True, False]
    assert told[2] == Reject("asked_before", "a", None, "3本の木")
    assert step.decide(seen, record("3本の木", "a")) == record("3本の木", "a"), "a row is no copy of itself"
