"""Placeholders: what is protected, that it comes back byte for byte, and what a model may do to the marks."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tanemaki.text.protect import Fault, find_fault, find_marks, protect, restore

TEXTS = (
    "Ann pays $18 for 3 tickets, so 18 / 3 = 6.",
    "Use `print(n)`:\n\n```python\nfor i in range(3):\n    print(i)  # 三回\n```\n\nDone.",
    "~~~\nunclosed fence of `code`",
    "面積は $S = \\frac{1}{2}ab$、周は\\(2(a+b)\\)です。\n\n\\[ x^2 = 0 \\]\n\\begin{align}\na &= b\n\\end{align}",
    "詳しくは https://example.com/a?b=1&c=2 と someone@example.org を見て、<b>太字</b>にする。",
    "３個のりんごを x 円で買い、25％引きで 1,200円。⟦7⟧ という印と ⟦ もある。",
    "😀 がんばって 2 回 ｶﾞｸｾｲ　全角　スペース",
    "",
    "印のない文です。",
)


@pytest.mark.parametrize("text", TEXTS)
def test_what_was_protected_comes_back_byte_for_byte(text: str) -> None:
    marked = protect(text)
    assert restore(marked.text, marked.pieces) == text
    assert find_marks(marked.text) == list(range(1, len(marked.pieces) + 1))
    later = protect(text, first=40)
    assert restore(later.text, later.pieces, first=40) == text


@given(some.text(alphabet="ab12 .,$`~\\(){}[]⟦⟧=+-*/_xn\n三数。^<>:", max_size=80))
def test_any_text_comes_back(text: str) -> None:
    marked = protect(text)
    assert restore(marked.text, marked.pieces) == text


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Let x be such that 2x + 5 = 17. Find f(x) = x^2 - 3.", ("x", "2x + 5 = 17", "f(x) = x^2 - 3")),
        ("She pays $5 and he pays $6.", ("$5", "$6")),
        ("Janet sells <<16-3-4=9>>9 eggs. #### 18", ("<<16-3-4=9>>", "9", "18")),
        ("n人に my_sum と maxValue と x_1 を渡す。", ("n", "my_sum", "maxValue", "x_1")),
        ("2026-11-21 の 3:40 に、1,200円の25％を払う。", ("2026-11-21", "3:40", "1,200", "25％")),
        ("``a ` b`` と `c`", ("``a ` b``", "`c`")),
        ("⟦3⟧ は前からある印。", ("⟦3⟧",)),
        ("√は \\sqrt{2}、分数は \\frac{1}{2}。", ("\\sqrt{2}", "\\frac{1}{2}")),
    ],
)
def test_each_kind_is_found_and_the_outermost_hides_the_rest(text: str, pieces: tuple[str, ...]) -> None:
    assert protect(text).pieces == pieces


@pytest.mark.parametrize(
    "text",
    [
        "A well-known e-mail, e.g. this, i.e. that and/or a man; I agree. He's Tom's friend, I'd say.",
        "彼は3万円の品を三つ買った。",
        "U.S. and p.m. and 15km and 3rd.",
        "ふつうの文です。",
    ],
)
def test_ordinary_words_and_numbers_that_need_translation_are_left(text: str) -> None:
    assert protect(text).pieces == ()


def test_only_what_stands_on_lines_of_its_own_is_a_block() -> None:
    marked = protect("次の式\n\n$$a^2$$\n\nと、文中の $$b$$ と\n```\ncode\n```\n")
    assert marked.pieces == ("$$a^2$$", "$$b$$", "```\ncode\n```")
    assert marked.blocks == {1, 3}


SOURCE = "⟦1⟧個と⟦2⟧個がある。⟦3⟧円を払う。"
FORMULA = "まず⟦1⟧を見る。\n⟦2⟧\n次に⟦3⟧を見る。"


@pytest.mark.parametrize(
    ("after", "fault"),
    [
        ("There are ⟦2⟧ and ⟦1⟧. Pay ⟦3⟧ yen.", None),
        ("There are ⟦ 1 ⟧ and ⟦２⟧. Pay ⟦3⟧ yen.", None),
        ("There are ⟦1⟧ and 2. Pay ⟦3⟧ yen.", Fault("lost_placeholder", "⟦2⟧")),
        ("There are [1] and 【2】. Pay ⟦3⟧ yen.", Fault("lost_placeholder", "⟦1⟧ ⟦2⟧")),
        ("There are ⟦1⟧ and ⟦2⟧, ⟦2⟧. Pay ⟦3⟧ yen.", Fault("doubled_placeholder", "⟦2⟧")),
        ("There are ⟦1⟧ and ⟦2⟧. Pay ⟦3⟧ of ⟦4⟧ yen.", Fault("invented_placeholder", "⟦4⟧")),
        ("There are ⟦1⟧ and ⟦2⟧. Pay ⟦3⟧ yen ⟦.", Fault("invented_placeholder", "⟦")),
        ("There are ⟦1⟧ and ⟦2⟧. Pay ⟦3⟧ yen ⟦x⟧.", Fault("invented_placeholder", "⟦⟧")),
        ("Pay ⟦3⟧ yen. There are ⟦1⟧ and ⟦2⟧.", Fault("reordered_placeholder", "⟦1⟧ ⟦2⟧")),
        ("", Fault("lost_placeholder", "⟦1⟧ ⟦2⟧ ⟦3⟧")),
    ],
)
def test_each_fault_of_the_marks_is_named(after: str, fault: Fault | None) -> None:
    assert find_fault(SOURCE, after) == fault


def test_nothing_passes_a_block() -> None:
    blocks = frozenset({2})
    assert find_fault(FORMULA, "First ⟦1⟧.\n⟦2⟧\nThen ⟦3⟧.", blocks=blocks) is None
    moved = find_fault(FORMULA, "First ⟦1⟧, then ⟦3⟧.\n⟦2⟧", blocks=blocks)
    assert moved == Fault("reordered_placeholder", "⟦2⟧")


def test_a_block_stays_on_a_line_of_its_own_and_stands_once() -> None:
    blocks = frozenset({2})
    for repeats in (False, True):
        inside = find_fault(FORMULA, "First ⟦1⟧, see ⟦2⟧.\nThen ⟦3⟧.", blocks=blocks, repeats=repeats)
        assert inside == Fault("reordered_placeholder", "⟦2⟧")
        twice = find_fault(FORMULA, "First ⟦1⟧.\n⟦2⟧\n ⟦2⟧\nThen ⟦3⟧.", blocks=blocks, repeats=repeats)
        assert twice == Fault("doubled_placeholder", "⟦2⟧")
        assert find_fault(FORMULA, "First ⟦1⟧.\n\n ⟦ 2 ⟧ \nThen ⟦3⟧.", blocks=blocks, repeats=repeats) is None


def test_where_marks_may_repeat_only_lost_and_invented_ones_count() -> None:
    assert find_fault(SOURCE, "⟦3⟧? Yes, ⟦3⟧: ⟦2⟧ and ⟦1⟧.", repeats=True) is None
    assert find_fault(SOURCE, "⟦3⟧ ⟦2⟧", repeats=True) == Fault("lost_placeholder", "⟦1⟧")
    assert find_fault(SOURCE, "⟦1⟧⟦2⟧⟦3⟧⟦8⟧", repeats=True) == Fault("invented_placeholder", "⟦8⟧")


def test_marks_without_a_piece_stay() -> None:
    assert restore("⟦1⟧と⟦9⟧", ("x",)) == "xと⟦9⟧"


@pytest.mark.parametrize(
    "text", ["a + " * 12_000, "`" * 20_000, "$" * 20_000, "x_" * 20_000, "(" * 20_000, "1." * 20_000]
)
def test_a_very_long_text_takes_no_more_than_its_length(text: str) -> None:
    begun = time.perf_counter()
    marked = protect(text)
    assert restore(marked.text, marked.pieces) == text
    assert time.perf_counter() - begun < 5
