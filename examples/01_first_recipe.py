"""A recipe of two plain functions, run offline with scripted replies: answer a question, keep short answers only."""
# ruff: noqa: INP001, T201 - an example is a script that prints

import tempfile
from typing import Any

from tanemaki import Recipe, Reject, Run, Scripted


async def answer(question: str, *, writer: Any) -> str:
    """Ask the model."""
    reply = await writer(f"一文で答えてください。{question}")
    return str(reply.text)


def length(answer: str) -> int | Reject:
    """Refuse what is long; keep the number of characters as a column."""
    n_chars = len(answer)
    return Reject("too_long", measured=n_chars, limit=20) if n_chars > 20 else n_chars  # noqa: PLR2004 - the example's limit


with tempfile.TemporaryDirectory() as folder:
    run = Run(
        recipe=Recipe(steps=(answer, length), needs=("question",)),
        source=[{"question": "空はなぜ青いのですか。"}, {"question": "虹はなぜできるのですか。"}],
        models={
            "writer": Scripted(
                {
                    "空": "青い光がよく散るからです。",
                    "虹": "雨粒の中で太陽の光が曲がり、色ごとに分かれて目に届くからです。",
                }
            )
        },
        language="ja",
        output=f"{folder}/first",
    )
    print(run.start().accounting.equation())
    for row in run.rows():
        print(f"採用：{row['answer']}（{row['length']}字）")
    for rejected in run.rejected():
        print(f"不採用：{rejected.reason}、{rejected.measured}字")

# prints
# in 2 + children 0 = accepted 1 + rejected 1 + failed 0 + surplus 0
# 採用：青い光がよく散るからです。（13字）
# 不採用：too_long、31字
