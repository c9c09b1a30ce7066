"""The course's first rung: an instruction and its answer from nothing but a topic. Runs offline with scripted replies."""
# ruff: noqa: INP001, T201 - an example is a script that prints

import tempfile
from typing import Any

from tanemaki import Recipe, Run, Scripted


async def instruction(topic: str, *, writer: Any) -> str:
    """Ask for something that a person would ask for."""
    reply = await writer(f"「{topic}」について、アシスタントへの頼みごとを一文で書いてください。")
    return str(reply.text)


async def response(instruction: str, *, writer: Any) -> str:
    """Answer it."""
    return str((await writer(instruction)).text)


WRITER = Scripted(
    {
        "「梅干し」について": "梅干しを長もちさせる保存の仕方を教えてください。",
        "「俳句」について": "夏の朝を詠んだ俳句を一句つくってください。",
        "梅干しを長もちさせる": "塩気の強いものなら、ふたのできる容器に入れて涼しい所に置きます。",
        "夏の朝を詠んだ": "朝顔の紺より明けて露の庭",
    }
)

with tempfile.TemporaryDirectory() as folder:
    run = Run(
        recipe=Recipe(needs=("topic",), steps=(instruction, response)),
        source=[{"topic": "梅干し"}, {"topic": "俳句"}],
        models={"writer": WRITER},
        language="ja",
        output=f"{folder}/plain",
    )
    run.start()
    for row in run.rows():
        print(f"{row['instruction']} → {row['response']}")

# prints
# 梅干しを長もちさせる保存の仕方を教えてください。 → 塩気の強いものなら、ふたのできる容器に入れて涼しい所に置きます。
# 夏の朝を詠んだ俳句を一句つくってください。 → 朝顔の紺より明けて露の庭
