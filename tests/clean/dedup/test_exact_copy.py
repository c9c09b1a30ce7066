from __future__ import annotations

import pytest

from support.context import ScriptedContext, in_order
from tanemaki.clean.dedup.exact_copy import ExactCopy
from tanemaki.core.prompt import Texts
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject

NOTHING = ScriptedContext(Texts("ja", {}, {}), in_order([]))


def decided(*texts: str) -> list[str | None]:
    """What each text was rejected as a copy of; None where it was kept."""
    step = ExactCopy("text")
    state = step.start(NOTHING)
    found = [step.decide(state, Record(f"r{n}", (n,), {"text": text})) for n, text in enumerate(texts, 1)]
    assert all(one.reason == "exact_copy" for one in found if isinstance(one, Reject))
    return [str(one.measured) if isinstance(one, Reject) else None for one in found]


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("りんごを3個買いました。", "りんごを3個買いました。"),
        ("りんごを3個買いました。", "りんごを３個買いました。\n"),
        ("ﾊﾞｽは10時に出ます。", "バスは１０時に出ます。"),
        ("How many  apples?", "how many apples?"),
        ("🍎は3個", "🍎は3個"),
        ("", ""),
        ("あ" * 100_000, "あ" * 100_000),
    ],
)
def test_the_same_text_is_a_copy_of_the_first_that_had_it(text: str, again: str) -> None:
    assert decided("別の文", text, "また別の文", again, again) == [None, None, None, "r2", "r2"]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("りんごを3個買いました。", "りんごを4個買いました。"),
        ("りんごを3個買いました。", "りんごを3個買いませんでした。"),
        ("1 + 2 × 3", "1 + 2 + 3"),
        ("さくらさんは何円持っていますか。", "健太さんは何円持っていますか。"),
        ("🍎は3個", "🍊は3個"),
    ],
)
def test_whatever_differs_is_kept(text: str, other: str) -> None:
    assert decided(text, other) == [None, None]
