"""A wording model that alters one number in twenty is caught every time, and an honest one is hardly ever suspected."""

from __future__ import annotations

import pytest

from support.families import LANGUAGES
from support.rewording import altered, honest, kanji, swapped, words
from tanemaki.core.record import Record
from tanemaki.core.seeding import Draw
from tanemaki.core.verdict import Reject
from tanemaki.verify.problems.catalogue import families
from tanemaki.verify.problems.problem import Problem, make
from tanemaki.verify.problems.wording import people
from tanemaki.verify.same_problem import SameProblem, changed_in

CRANES = "鶴と亀が合わせて20匹います。足の数を全部数えると64本でした。亀は何匹いますか。"
SHARED = "さくらさんは3個、けんたさんは15個のみかんを持っています。2人の差は何個ですか。"
WALK = "A path is 1.5 km long. Emma walks 60 m in 1 minute. How many minutes does she need?"
NUMBER_REASONS = {"changed_number", "lost_number", "new_number", "leaked_answer"}


def rows(name: str, n: int) -> list[Problem]:
    return [make(name, seed=19, k=k, language=language) for language in LANGUAGES for k in range(n)]


def found(problem: Problem, text: str) -> Reject | None:
    return changed_in(text, problem.prompt, problem.answer, problem.language)


@pytest.mark.parametrize("name", sorted(families()))
def test_every_altered_number_is_caught_in_every_family_and_language(name: str) -> None:
    for k, problem in enumerate(rows(name, 20)):
        draw = Draw("wording model", name, problem.language, k)
        same = honest(problem.prompt, problem.language, draw)
        text = altered(same, problem.language, draw)
        fault = found(problem, text)
        if text != same:
            assert fault is not None, (problem.prompt, text)
            assert fault.reason in NUMBER_REASONS


def test_one_row_in_twenty_is_altered_and_those_alone_are_caught() -> None:
    n_rows = n_altered = n_alarms = 0
    for name in sorted(families()):
        for k, problem in enumerate(rows(name, 20)):
            draw = Draw("one in twenty", name, problem.language, k)
            text = honest(problem.prompt, problem.language, draw)
            n_rows += 1
            if draw.below(20) == 0:
                wrong = altered(text, problem.language, draw)
                n_altered += wrong != text
                assert wrong == text or found(problem, wrong) is not None, (problem.prompt, wrong)
            else:
                n_alarms += found(problem, text) is not None
    assert n_rows > 40 * n_alarms
    assert n_alarms <= 0.01 * n_rows
    assert n_altered > 0.03 * n_rows


@pytest.mark.parametrize("name", sorted(families()))
def test_a_problem_is_the_same_as_itself(name: str) -> None:
    for problem in rows(name, 25):
        assert found(problem, problem.prompt) is None


def test_numbers_that_change_places_are_mostly_caught() -> None:
    caught = n_swapped = 0
    for name in sorted(families()):
        for problem in rows(name, 10):
            text = swapped(problem.prompt)
            if text != problem.prompt:
                n_swapped += 1
                caught += found(problem, text) is not None
    assert caught > 0.6 * n_swapped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("足が全部で六十四本見えます。鶴と亀は合わせて二十匹。亀は何匹いるでしょうか。", None),
        ("鶴と亀、合わせて２０匹の足は６４本だ。亀の数を求めよう。亀は何匹か。", None),
        ("鶴と亀が合わせて21匹います。足は64本でした。亀は何匹いますか。", "changed_number"),
        ("鶴と亀が合わせて二十一匹います。足は64本でした。亀は何匹いますか。", "changed_number"),
        ("鶴と亀がいます。足は64本でした。亀は何匹いますか。", "lost_number"),
        (
            "鶴と亀が合わせて20匹います。足は64本でした。庭は30平方メートルです。亀は何匹いますか。",
            "new_number",
        ),
        ("鶴と亀が合わせて20匹います。足は64本で、亀は12匹です。亀は何匹いますか。", "leaked_answer"),
        ("鶴と亀が合わせて64匹います。足は20本でした。亀は何匹いますか。", "changed_number"),
        ("鶴と亀が合わせて20匹います。足は64本でした。", "lost_question"),
        ("鶴と亀が合わせて20匹います。足は64本でした。足は何本ですか。", "changed_question"),
    ],
)
def test_what_a_wording_did_to_cranes_and_turtles_has_its_name(text: str, expected: str | None) -> None:
    record = Record("a", (1,), {"prompt": CRANES, "answer": "12", "reworded": text})
    outcome = SameProblem("reworded", "ja")(record)
    assert (outcome.reason if isinstance(outcome, Reject) else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "みかんをさくらさんは三個、けんたさんは十五個持っています。二人の差は何個でしょう。差を答えなさい。",
            None,
        ),
        ("さくらさんは15個、けんたさんは3個のみかんを持っています。2人の差は何個ですか。", "changed_number"),
        ("けんたさんは3個、さくらさんは15個のみかんを持っています。2人の差は何個ですか。", "changed_number"),
        ("さくらさんは3個、たくやさんは15個のみかんを持っています。2人の差は何個ですか。", "changed_name"),
    ],
)
def test_people_keep_their_numbers(text: str, expected: str | None) -> None:
    fault = changed_in(named(text), named(SHARED), "12", "ja")
    assert (fault.reason if fault else None) == expected


def named(text: str) -> str:
    """The text with people of the shared table."""
    first, second, third = people("ja")[:3]
    return text.replace("さくら", first).replace("けんた", second).replace("たくや", third)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "A path has a length of 1500 m. In one minute Emma walks sixty metres. How many minutes does she need?",
            None,
        ),
        (
            "A path is 1.6 km long. Emma walks 60 m in 1 minute. How many minutes does she need?",
            "changed_number",
        ),
        (
            "A path is 1600 m long. Emma walks 60 m in 1 minute. How many minutes does she need?",
            "changed_number",
        ),
        (
            "A path is 1.5 m long. Emma walks 60 m in 1 minute. How many minutes does she need?",
            "changed_number",
        ),
        (
            "A path is 1.5 km long. Emma walks 60 m in 25 minutes. How many minutes does she need?",
            "changed_number",
        ),
        ("A path is 1.5 km long. Emma walks 60 m a minute. How many minutes does she need?", "lost_number"),
    ],
)
def test_units_are_part_of_the_quantity(text: str, expected: str | None) -> None:
    fault = changed_in(text, WALK, "25", "en")
    assert (fault.reason if fault else None) == expected


def test_a_word_that_is_the_answer_is_a_leak() -> None:
    source = "5月3日は金曜日です。10日後は何曜日ですか。"
    text = "5月3日は金曜日で、10日後は月曜日です。10日後は何曜日ですか。"
    fault = changed_in(text.replace("10日後は月曜日です。", "月曜日が近いです。"), source, "月曜日", "ja")
    assert fault is not None
    assert fault.reason == "leaked_answer"


def test_a_fraction_turned_over_is_another_number() -> None:
    assert changed_in("Find 4/3 of 60.", "Find 3/4 of 60.", "45", "en") is not None
    assert changed_in("60の四分の三を求めなさい。", "60の3/4を求めなさい。", "45", "ja") is None


def test_the_scripted_models_write_numbers_as_people_do() -> None:
    assert [kanji(n) for n in (7, 10, 21, 305, 1550)] == ["七", "十", "二十一", "三百五", "千五百五十"]
    assert [words(n) for n in (3, 15, 20, 47)] == ["three", "fifteen", "twenty", "forty-seven"]


@pytest.mark.parametrize(
    ("source", "one", "other", "language"),
    [
        ("兄は弟より3個多いみかんを持っています。弟は何個ですか。", "多い", "少ない", "ja"),
        ("3年前の年齢の和は20才です。兄は何才ですか。", "年前", "年後", "ja"),
        ("水を20g加えます。濃度は何%ですか。", "加え", "蒸発させ", "ja"),
        ("5以上の目が出る確率を求めなさい。", "以上", "以下", "ja"),
        ("目の積が奇数になる確率を求めなさい。", "奇数", "偶数", "ja"),
        ("玉を戻さずに2個取り出します。赤が2個出る確率を求めなさい。", "戻さずに", "戻して", "ja"),
        ("少なくとも1枚が表になる確率を求めなさい。", "少なくとも", "ちょうど", "ja"),
        ("午前8時から30分後は何時何分ですか。", "午前", "午後", "ja"),
        ("Emma has 3 more pears than Noah. How many pears has Emma?", "more", "fewer", "en"),
        ("Three years before, Emma was 7. How old is Emma?", "before", "after", "en"),
        ("Find the probability of at least 2 heads.", "at least", "at most", "en"),
        (
            "Two balls are drawn without replacement. Find the probability of 2 red ones.",
            "without",
            "with",
            "en",
        ),
        ("Find the probability that the sum is odd.", "odd", "even", "en"),
        ("A shop sells 3 hats and later buys 5 hats. How many hats more has it?", "sells", "buys", "en"),
    ],
)
def test_a_relation_is_not_turned_round(source: str, one: str, other: str, language: str) -> None:
    fault = changed_in(source.replace(one, other, 1), source, "999", language)
    assert fault is not None
    assert fault.reason == "changed_relation"
    assert changed_in(source, source, "999", language) is None
