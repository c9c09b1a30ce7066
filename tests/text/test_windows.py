"""Windows lie on boundaries, cover the text, and cut no solution."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from tanemaki.core.seeding import Draw
from tanemaki.text.windows import cut_windows, draw_window, pieces_of

SOLUTIONS = {
    "marker on its own line": "【解答】\nまず両辺に2を足します。\n\n次に3で割ると、x は7になります。\n\nよって答えは7です。",
    "marker in the line": "解答：まず両辺に2を足して式を整え、そのうえで全体を3で割ると、求める値が出てきます。"
    "\n\nよって x は7です。",
    "problem and solution": "問題 3\nx を求めなさい。\n\n解き方\n3で割ります。\n\n答えは7です。".replace(
        "解き方", "解法"
    ),
    "proof": "証明\n背理法を使います。\n\n仮定に反するので、示されました。∎",
    "English": "## Solution\nAdd 2 to both sides.\n\nDivide by 3. So x is 7.",
    "full width": "［解答］\n２を足します。\n\n３で割ると７です。",
    "code": "```python\nfor x in range(3):\n    print(x)\n\nprint('end')\n```",
    "table": "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
    "formula": "$$\nx = 1\n\n+ 2\n$$",
    "question and answer": "Q: 海はなぜ青いの？\nA: 光が散るからです。",
}
PROSE = {"ja": "海は青く、空は高い。", "en": "The sea is blue and the sky is high. "}


def page(block: str, language: str = "ja") -> str:
    prose = PROSE[language]
    return "\n\n".join(["# 一", prose * 12, prose * 7, block, "# 二", prose * 15])


@pytest.mark.parametrize("language", PROSE)
@pytest.mark.parametrize("block", SOLUTIONS.values(), ids=list(SOLUTIONS))
def test_fault_32_no_window_begins_or_ends_inside_a_solution(block: str, language: str) -> None:
    """Fault 32: a window cuts a solution in half."""
    text = page(block, language)
    start = text.index(block)
    end = start + len(block)
    drawn = [draw_window(text, 60, 400, Draw(n)) for n in range(200)]
    windows = [window for window in drawn if window] + cut_windows(text, 60, 400)
    assert len(windows) > 200
    for window in windows:
        assert not start < window.start < end, text[window.start : window.end]
        assert not start < window.end < end, text[window.start : window.end]
    assert any(window.start <= start and end <= window.end for window in windows)


@pytest.mark.parametrize("language", PROSE)
def test_every_window_begins_and_ends_with_a_sentence_and_has_its_length(language: str) -> None:
    text = page("", language)
    for n in range(200):
        window = draw_window(text, 100, 300, Draw("w", n))
        assert window is not None
        part = text[window.start : window.end]
        assert 100 <= len(part) <= 300
        assert part == part.strip()
        assert part.endswith((".", "。"))
        assert part.startswith(("海", "The", "#"))


def test_places_and_lengths_are_drawn_and_depend_on_the_draw_alone() -> None:
    text = page("", "ja") * 3
    spans = [draw_window(text, 60, 400, Draw(n)) for n in range(100)]
    assert spans == [draw_window(text, 60, 400, Draw(n)) for n in range(100)]
    assert len({one.start for one in spans if one}) > 20
    assert len({one.end - one.start for one in spans if one}) > 10


def test_a_block_that_is_longer_than_a_window_is_in_none_of_them() -> None:
    block = "解答\n" + "計算をします。\n\n" * 60
    text = page(block.strip())
    for window in cut_windows(text, 60, 300):
        assert "計算" not in text[window.start : window.end]
    covering = cut_windows(text, 60, 300, cover=True)
    assert any("計算" in text[one.start : one.end] for one in covering)


@pytest.mark.parametrize("language", PROSE)
def test_covering_windows_hold_every_letter_once(language: str) -> None:
    text = page(SOLUTIONS["problem and solution"], language) + "\n\n短い。"
    windows = cut_windows(text, 100, 300, cover=True)
    assert "".join("".join(text[one.start : one.end].split()) for one in windows) == "".join(text.split())
    assert all(one.end <= other.start for one, other in pairwise(windows))


def test_a_stronger_boundary_is_preferred_to_a_longer_window() -> None:
    text = "春です。" * 20 + "\n\n# 夏\n\n" + "夏です。" * 20
    first = cut_windows(text, 40, 100)[0]
    assert text[first.start : first.end] == "春です。" * 20


def test_a_short_answer_on_its_line_is_over_at_the_blank_line() -> None:
    text = "問題：3+4は？\n解答：7です。\n\n夏です。"
    assert [text[one.start : one.end] for one in pieces_of(text)] == [
        "問題：3+4は？\n解答：7です。",
        "夏です。",
    ]


def test_a_wrapped_english_line_is_no_boundary_and_a_heading_keeps_its_first_sentence() -> None:
    text = "# Sea\n\nThe sea is\nblue. It is deep.\nTokyo lies there."
    assert [text[one.start : one.end] for one in pieces_of(text)] == [
        "# Sea\n\nThe sea is\nblue.",
        "It is deep.",
        "Tokyo lies there.",
    ]


@pytest.mark.parametrize("text", ["", " \n\n", "短い。", "。" * 3, "あ" * 5000, "🍎"])
def test_texts_without_a_window_have_none(text: str) -> None:
    assert draw_window(text, 400, 2000, Draw(1)) is None
    assert cut_windows(text, 400, 2000) == []


def test_a_window_tells_its_span() -> None:
    text = "　海は青い。\n" * 10
    first = cut_windows(text, 20, 40)[0]
    assert first.span == f"chars {first.start}-{first.end}"
    assert first.start == 1


@pytest.mark.parametrize("unit", [" ", "|", "#", "> ", "解答\n", "```", "\n", "-", "a "])
def test_a_very_long_text_is_cut_in_under_two_seconds(unit: str) -> None:
    started = time.process_time()
    cut_windows((unit * 20_000)[:20_000], 400, 2000)
    assert time.process_time() - started < 2
