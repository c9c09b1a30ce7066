"""The course's fourth rung: two models answer, the stronger one's answer is chosen. Runs offline with scripted replies."""
# ruff: noqa: INP001, T201 - an example is a script that prints

import tempfile
from typing import Any

from tanemaki import Recipe, Record, Reject, Run, Scripted


async def chosen(prompt: str, *, strong: Any) -> str:
    """Ask the stronger model."""
    return str((await strong(prompt)).text)


async def rejected(prompt: str, *, weak: Any) -> str:
    """Ask the weaker one, at the same time."""
    return str((await weak(prompt)).text)


class Differ:
    """Two equal answers make no pair."""

    reads = ("chosen", "rejected")
    reasons = ("equal_sides",)

    def __call__(self, record: Record) -> Record | Reject:
        """Compare them."""
        return Reject("equal_sides") if record["chosen"] == record["rejected"] else record


STRONG = Scripted(
    {
        "冷蔵庫": "霜が厚くなると冷えにくくなるので、五ミリほどついたら電源を切って溶かしましょう。",
        "七かける八": "56です。",
    }
)
WEAK = Scripted({"冷蔵庫": "冷蔵庫は冷やす機械です。", "七かける八": "56です。"})

with tempfile.TemporaryDirectory() as folder:
    run = Run(
        recipe=Recipe(needs=("prompt",), steps=(chosen, rejected, Differ())),
        source=[{"prompt": "冷蔵庫の霜はいつ取ればよいですか。"}, {"prompt": "七かける八はいくつですか。"}],
        models={"strong": STRONG, "weak": WEAK},
        language="ja",
        output=f"{folder}/pairs",
    )
    run.start()
    for row in run.rows():
        print(f"{row['prompt']}\n  選ばれた答え：{row['chosen']}\n  選ばれなかった答え：{row['rejected']}")
    for gone in run.rejected():
        print(f"不採用（{gone.reason}）：{gone.fields['prompt']}")

# prints
# 冷蔵庫の霜はいつ取ればよいですか。
#   選ばれた答え：霜が厚くなると冷えにくくなるので、五ミリほどついたら電源を切って溶かしましょう。
#   選ばれなかった答え：冷蔵庫は冷やす機械です。
# 不採用（equal_sides）：七かける八はいくつですか。
