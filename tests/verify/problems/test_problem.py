"""The trunk: from a seed and a number to a problem, in two languages and four styles."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from support.families import LANGUAGES
from tanemaki.core.errors import SetupError
from tanemaki.verify.problems.catalogue import families, family_of
from tanemaki.verify.problems.problem import choices_of, key_of, make, pose, solve
from tanemaki.verify.problems.solution import STYLES
from tanemaki.verify.problems.wording import Language

NAME = "cranes_and_turtles"
SUNZI = {
    "scene": "crane",
    "form": "many",
    "few_legs": 2,
    "many_legs": 4,
    "heads": 35,
    "legs": 94,
    "frame": 0,
}
PLAIN_JA = """\
まず、全部が鶴だとしたときの足の数は、2 × 35 = 70（本）です。
続いて、実際の足の数との差は、94 - 70 = 24（本）です。
それから、鶴1羽を亀1匹に替えたときに増える足の数は、4 - 2 = 2（本）です。
最後に、亀の数は、24 ÷ 2 = 12（匹）です。
答えは12匹です。"""
SHORT_EN = """\
2 × 35 = 70 (legs)
94 - 70 = 24 (legs)
4 - 2 = 2 (legs)
24 ÷ 2 = 12
Answer: 12 turtles"""


@pytest.mark.parametrize(
    ("language", "prompt", "said"),
    [
        (
            "ja",
            "鶴と亀が合わせて35匹います。足の数を全部数えると94本でした。亀は何匹いますか。",
            "12匹",
        ),
        (
            "en",
            "There are 35 cranes and turtles in all. Together they have 94 legs. How many turtles are there?",
            "12 turtles",
        ),
    ],
)
def test_parameters_are_posed_in_either_language(language: Language, prompt: str, said: str) -> None:
    found = pose(family_of(NAME), SUNZI, language, 1)
    assert (found.prompt, found.answer, found.answer_text, found.value) == (prompt, "12", said, 12)


def test_a_solution_reads_as_its_style_wants() -> None:
    ja, en = (pose(family_of(NAME), SUNZI, language, 1) for language in LANGUAGES)
    assert solve(ja, method="assume_all_one", style="plain", variant=0).text == PLAIN_JA
    assert solve(en, method="assume_all_one", style="short").text == SHORT_EN
    texts = {solve(ja, method="assume_all_one", style=style).text for style in STYLES}
    assert len(texts) == len(STYLES)


def test_a_dialogue_lets_the_teacher_ask_and_the_pupil_answer_in_turn() -> None:
    text = solve(pose(family_of(NAME), SUNZI, "ja", 1), method="equations", style="dialogue").text
    speakers = [line.partition("：")[0] for line in text.splitlines()]
    assert speakers == ["先生", "生徒"] * 5 + ["先生"]


def test_names_that_do_not_exist_are_told_with_the_nearest_right_one() -> None:
    with pytest.raises(SetupError, match=f"did you mean '{NAME}'"):
        make("crane_and_turtles", seed=1, k=1, language="ja")
    with pytest.raises(SetupError, match="has no such level"):
        make(NAME, seed=1, k=1, language="ja", level=9)
    with pytest.raises(SetupError, match="one of assume_all_one, equations"):
        solve(make(NAME, seed=1, k=1, language="ja"), method="guess", style="plain")


def test_a_key_is_made_of_an_answer_without_language() -> None:
    assert key_of(family_of(NAME), SUNZI, "ja", 12) == key_of(family_of(NAME), SUNZI, "en", 12) == "12"


def test_the_right_answer_is_among_different_choices() -> None:
    for k in range(50):
        found = make(NAME, seed=1, k=k, language="en")
        assert found.answer_text in choices_of(found)
        assert len(set(choices_of(found))) == len(choices_of(found)) >= 5


def test_items_are_the_same_in_another_process_and_in_any_order() -> None:
    names = sorted(families())
    code = (
        "import json, sys\n"
        "from tanemaki.verify.problems.problem import make\n"
        "names = json.loads(sys.argv[1])\n"
        "print(json.dumps([make(n, seed=9, k=k, language='ja').prompt for n in names for k in (5, 3, 4)]))\n"
    )
    command = [sys.executable, "-c", code, json.dumps(names[::-1])]
    environment = {"PYTHONHASHSEED": "77", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    elsewhere = json.loads(done.stdout)
    here = {(name, k): make(name, seed=9, k=k, language="ja").prompt for k in (3, 4, 5) for name in names}
    assert elsewhere == [here[name, k] for name in names[::-1] for k in (5, 3, 4)]


def test_frames_are_drawn_by_hash_too_and_not_by_a_sum_of_seed_and_number() -> None:
    frames = [
        [make(NAME, seed=seed, k=k, language="ja").parameters["frame"] for k in range(201)]
        for seed in (40, 41)
    ]
    shifted = sum(one == other for one, other in zip(frames[0][1:], frames[1], strict=False))
    # Four frames or more: a quarter by chance, and all of them where both are added.
    assert shifted < 100
