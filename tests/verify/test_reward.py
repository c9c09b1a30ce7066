"""What texts say is right or worth nothing: the truth table, and texts that try to be paid for nothing."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tanemaki.core.errors import DataError
from tanemaki.text.answer_reading import KINDS
from tanemaki.verify.problems.catalogue import families, family_of
from tanemaki.verify.problems.problem import Problem, make, solve
from tanemaki.verify.problems.solution import STYLES
from tanemaki.verify.problems.wording import Language
from tanemaki.verify.reward import reward, score

TABLE = Path(__file__).parent / "answers_said.tsv"
LINES = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[3:]]
QUESTION = "鶴と亀が合わせて20匹います。足の数を全部数えると64本でした。亀は何匹いますか。"
ROW = {
    "answer": "12",
    "answer_kind": "number",
    "prompt": QUESTION,
    "solution": "20 - 8 = 12（匹）\n答え：12匹",
}


@pytest.mark.parametrize(
    ("verdict", "kind", "key", "shown", "question", "text"), LINES, ids=lambda cell: cell[:24] or "-"
)
def test_what_a_text_says_is_judged_as_the_table_has_it(
    verdict: str, kind: str, key: str, shown: str, question: str, text: str
) -> None:
    row = {"answer": key, "answer_kind": kind, "prompt": question, "solution": shown and f"答え：{shown}"}
    assert score(row, text.replace("\\n", "\n")) == {"right": 1.0, "wrong": 0.0}[verdict]


def test_the_table_has_both_verdicts_for_every_kind_and_both_languages() -> None:
    assert len(LINES) >= 400
    assert {(line[0], line[1]) for line in LINES} == {(v, kind) for v in ("right", "wrong") for kind in KINDS}
    assert sum(line[5].isascii() for line in LINES) > 150


@pytest.mark.parametrize(
    "text",
    [
        "\\boxed{12}" * 10_000,
        "答え：12\n" * 50_000,
        "\\boxed{" * 20_000,
        "x" * 10_000_000,
        "答え：" + "12," * 50_000,
        "<think>" * 30_000 + "答え：12",
        "12" * 90_000,
        "minus " * 30_000 + "12",
        "答えは" * 60_000,
        " ".join(map(str, range(20_000))),
        QUESTION,
        f"{QUESTION} {QUESTION}",
        "答え：" + "、".join(f"{n}匹" for n in range(1, 40)),
        "\\boxed{1}\\boxed{2}\\boxed{12}",
        "\u200b",
        "",
    ],
    ids=lambda text: text[:12] or "empty",
)
def test_what_tries_its_luck_gets_nothing_and_takes_no_time(text: str) -> None:
    began = time.process_time()
    assert score(ROW, text) == 0.0
    assert time.process_time() - began < 5  # a pattern that runs away takes minutes


def test_a_long_way_to_the_answer_is_right() -> None:
    assert score(ROW, "鶴を1羽ずつ亀に替えてみます。\n" * 5_000 + "答え：12匹") == 1.0
    assert score(ROW, " " * 190_000 + "答え：12匹") == 1.0


def test_thinking_is_not_the_answer() -> None:
    assert score(ROW, "<think>答え：13か</think>\n答え：12匹") == 1.0
    assert score(ROW, "まず13と考えた。答え：13</think>答え：12匹") == 1.0
    assert score(ROW, "<think>\n答え：12匹") == 0.0


@pytest.mark.parametrize("name", sorted(families()))
def test_every_solution_of_ours_is_right_and_is_not_the_answer_of_another_problem(name: str) -> None:
    for language in ("ja", "en"):
        earlier = None
        for k in range(12):
            problem = make(name, seed=21, k=k, language=language)
            for method in family_of(name).methods:
                for style in STYLES:
                    text = solve(problem, method=method, style=style, variant=k).text
                    row = {
                        "answer": problem.answer, "answer_kind": problem.kind,
                        "prompt": problem.prompt, "solution": text,
                    }  # fmt: skip
                    assert score(problem, text) == score(row, text) == 1.0, (problem.answer, text)
                    if earlier is not None and earlier.answer != problem.answer:
                        assert score(earlier, text) == 0.0, (earlier.answer_text, text)
            assert score(problem, problem.prompt) == 0.0
            earlier = problem


DRESSES: dict[Language, tuple[str, ...]] = {
    "ja": ("答え：{}", "答えは{}です。", "\\boxed{{{}}}", "よって、{}です。", "考えた結果、\n{}"),
    "en": ("The answer is {}.", "Answer: {}", "\\boxed{{{}}}", "So it is {}.", "After some thought:\n{}"),
}


def wrong_ones(problem: Problem, earlier: list[Problem]) -> set[str]:
    """What is near the answer, and not it: other problems' answers, the next number, a list's part, a list turned round."""
    shown, parts = problem.answer_text, problem.answer.split(", ")
    found = {one.answer_text for one in earlier if one.answer != problem.answer}
    number = re.search(r"\d+", shown)
    if number:
        found.add(shown[: number.start()] + str(int(number.group()) + 1) + shown[number.end() :])
    if len(parts) > 1:
        found.add(", ".join(parts[:-1]))
        if problem.kind in ("numbers", "names") and parts[::-1] != parts:
            found.add(", ".join(parts[::-1]))
    return found - {shown, problem.answer}


@pytest.mark.parametrize("name", sorted(families()))
def test_right_answers_are_right_in_every_dress_and_near_ones_are_wrong(name: str) -> None:
    for language, dresses in DRESSES.items():
        earlier: list[Problem] = []
        for k in range(8):
            problem = make(name, seed=77, k=k, language=language)
            solution = solve(problem, method=family_of(name).methods[0], style="short").text
            row = {
                "answer": problem.answer, "answer_kind": problem.kind, "prompt": problem.prompt, "solution": solution,
            }  # fmt: skip
            for dress in dresses:
                for right in (problem.answer_text, problem.answer):
                    assert score(row, dress.format(right)) == 1.0, (problem.answer, dress.format(right))
                for wrong in wrong_ones(problem, earlier):
                    assert score(row, dress.format(wrong)) == 0.0, (problem.answer, dress.format(wrong))
            earlier = [*earlier[-1:], problem]


def test_rewards_come_for_texts_and_for_conversations() -> None:
    said = [{"role": "assistant", "content": "The answer is 12."}]
    asked = [{"role": "user", "content": QUESTION}]
    prompts = [QUESTION, asked, asked]
    found = reward(["答え：12匹", said, []], ["12"] * 3, ["number"] * 3, prompts=prompts, level=[1, 2, 3])
    assert found == [1.0, 1.0, 0.0]


def test_a_row_without_a_key_is_no_row_to_score() -> None:
    with pytest.raises(DataError, match="an answer and its kind"):
        score({"answer": "12", "answer_kind": "amount"}, "12")
