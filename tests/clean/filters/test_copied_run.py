"""Runs of letters that two texts share."""

from __future__ import annotations

import pytest

from tanemaki.clean.filters.copied_run import CopiedRun
from tanemaki.core.errors import RecipeError
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject

ANSWER = "葛湯は、葛の根から取った澱粉を\n湯で溶いた飲み物です。Keep the lid loose, because gas builds up."


def judge(text: str, letters: int = 10) -> Record | Reject:
    return CopiedRun("text", of="answer", letters=letters)(
        Record("a", (1,), {"text": text, "answer": ANSWER})
    )


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("葛の根から取った澱粉を", "葛の根から取った澱粉を"),
        ("飲み物で、葛の根から取った澱粉を湯で溶いたものを", "葛の根から取った澱粉を湯で溶いた"),
        ("KEEP THE LID LOOSE!", "keepthelidloose"),
        ("ｸｽﾞの根から、 取 っ た 澱粉を湯で溶", "の根から取った澱粉を湯で溶"),
    ],
)
def test_a_run_is_found_in_any_dress_and_told_whole(text: str, run: str) -> None:
    judged = judge(text)
    assert isinstance(judged, Reject)
    assert (judged.reason, judged.measured, judged.limit) == ("copied_run", run, 10)


@pytest.mark.parametrize(
    "text", ["", "葛湯の作り方を教えて。", "葛の根から取った澱粉", "Tell me about lids 😀", "あ" * 50_000]
)
def test_shorter_runs_are_kept(text: str) -> None:
    assert isinstance(judge(text, letters=11), Record)


def test_a_limit_that_everything_reaches_is_refused() -> None:
    with pytest.raises(RecipeError):
        CopiedRun("text", of="answer", letters=0)
