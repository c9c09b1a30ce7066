"""Which option a reply chooses: as a person would say, in every family, and nothing where it is not certain."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanemaki.core.errors import ModelError
from tanemaki.core.model import Reply
from tanemaki.core.seeding import Draw
from tanemaki.verify.format_tax.choice import WHY, Choice, choice_of, chosen_in
from tanemaki.verify.format_tax.options import N_OPTIONS, five_of, listable, numbered
from tanemaki.verify.format_tax.ways import Way, in_form
from tanemaki.verify.problems.catalogue import families, family_of
from tanemaki.verify.problems.problem import make, solve
from tanemaki.verify.problems.solution import STYLES
from tanemaki.verify.problems.wording import Language

LISTS = {
    "ja": ["43脚", "33脚", "53脚", "45脚", "44脚"],
    "en": ["70 turtles", "80 turtles", "68 turtles", "60 turtles", "71 turtles"],
    "days": ["月曜日", "火曜日", "水曜日", "木曜日", "金曜日"],
    "about": ["およそ324枚", "およそ325枚", "およそ323枚", "およそ648枚", "およそ314枚"],
    "root": ["x = 17", "x = 18", "x = 16", "x = 34", "x = 7"],
    "numbers": ["105", "106", "104", "107", "210"],
}
LINES = Path(__file__).with_name("replies_said.tsv").read_text(encoding="utf-8").splitlines()[4:]
SAID = [line.split("\t") for line in LINES]
QUICK: dict[Language, tuple[str, ...]] = {
    "ja": (
        "{k}",
        "{o}",
        "答え：{k}",
        "答えは{o}です。",
        "選択肢{k}が正解です。",
        "{k}番の「{o}」です。",
        "よって、正解は{k}. {o} です。",
        "**{k}. {o}**",
        "したがって、**{o}**（選択肢{k}）が正しい答えです。\n\nほかの選択肢は条件に合いません。",
    ),
    "en": (
        "{k}",
        "{o}",
        "Answer: {k}",
        "The answer is {o}.",
        "Option {k} is correct.",
        "{k}. {o}",
        "The correct option is {k}. {o}",
        "**{k}) {o}**",
        "Therefore, the correct answer is **{o}** (option {k}).\n\nThe other options do not fit.",
    ),
}


@pytest.mark.parametrize(("options", "reply", "chosen"), SAID)
def test_replies_are_read_as_a_person_reads_them(options: str, reply: str, chosen: str) -> None:
    place, why = chosen_in(reply.replace("\\n", "\n"), LISTS[options])
    assert str(place or why) == chosen
    assert (place is None) == (why in WHY)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", families())
def test_a_right_solution_in_any_style_chooses_the_right_option_and_quick_replies_the_one_they_name(
    name: str, language: Language
) -> None:
    for k in range(2):
        problem = make(name, seed=3, k=k, language=language)
        told = listable(problem)
        if problem.answer_text not in told or len(told) < N_OPTIONS:
            continue
        draw = Draw("test", name, k)
        options = five_of(told, problem.answer_text, draw)
        right = options.index(problem.answer_text) + 1
        for style in STYLES:
            method = draw.choose(family_of(name).methods)
            text = solve(problem, method=method, style=style).text
            assert chosen_in(text, options, problem.prompt) == (right, None), text
            listed = f"{problem.prompt}\n{numbered(options)}\n\n{text}"
            assert chosen_in(listed, options, problem.prompt) == (right, None), listed
        for place, option in enumerate(options, 1):
            for said in QUICK[language]:
                reply = said.format(k=place, o=option)
                assert chosen_in(reply, options, problem.prompt) == (place, None), reply


@pytest.mark.parametrize(
    ("text", "way", "place"),
    [
        ("3", "strict", 3),
        (" 3\n", "strict", 3),
        ("３", "strict", None),
        ("③", "strict", None),
        ("3.", "strict", None),
        ("3番", "strict", None),
        ("6", "strict", None),
        ("0", "strict", None),
        ("13", "strict", None),
        ("3\n3", "strict", None),
        ("", "strict", None),
        ("理由\n答え：3", "reasoned", 3),
        ("理由\n\n答え: 3 \n", "reasoned", 3),
        ("Reasons.\nAnswer: 3", "reasoned", 3),
        ("答え：3", "reasoned", None),
        ("理由\n答え：３", "reasoned", None),
        ("理由\n**答え：3**", "reasoned", None),
        ("理由\n答え：3\n以上です。", "reasoned", None),
        ("理由\n答え：3番", "reasoned", None),
        ("Reasons.\nThe answer is 3.", "reasoned", None),
        ("3", "free", None),
    ],
)
def test_a_form_is_obeyed_exactly_or_not_at_all(text: str, way: Way, place: int | None) -> None:
    assert in_form(text, way) == place


def test_a_reply_in_form_says_it_there_whatever_stands_before() -> None:
    options = LISTS["ja"]
    assert choice_of(Reply("はじめは2番が答えだと思いました。\n答え：1"), "reasoned", options) == Choice(
        1, None, obeyed=True
    )
    assert choice_of(Reply("3番"), "strict", options) == Choice(3, None, obeyed=False)
    assert choice_of(Reply("3"), "free", options) == Choice(3, None, obeyed=False)


def test_what_was_cut_or_is_empty_chooses_nothing() -> None:
    options = LISTS["ja"]
    assert choice_of(Reply("3", finish_reason="length"), "strict", options) == Choice(None, "cut")
    assert choice_of(Reply(" \n"), "strict", options) == Choice(None, "empty")
    with pytest.raises(ModelError, match="still thinking"):
        choice_of(Reply("", finish_reason="length", thinking="三本脚が"), "strict", options)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "よって、答えは{n}脚です。"),
        ("ja", "{n}"),
        ("en", "The answer is {n} turtles."),
        ("en", "So there are {n}."),
    ],
)
def test_an_answer_that_is_no_option_is_no_choice(language: str, said: str) -> None:
    numbers = {int(one.split()[0].rstrip("脚")) for one in LISTS[language]}
    for n in range(6, 500):
        if n not in numbers:
            assert chosen_in(said.format(n=n), LISTS[language]) == (None, "no_choice"), n


@pytest.mark.parametrize(
    "text", ["", "　", "\n\n", "🙂", "3" * 5_000, "あ" * 50_000, "\\boxed{" * 500, "ﾖﾝ", "(((" * 300]
)
def test_whatever_is_written_is_read_without_a_fault(text: str) -> None:
    assert chosen_in(text, LISTS["ja"])[0] is None


def test_a_copy_of_the_problem_says_nothing() -> None:
    question = "43脚と33脚では、どちらの答えは3番ですか。"
    assert chosen_in(question, LISTS["ja"], question) == (None, "no_choice")
