"""The course's second rung: instructions from seed texts, with a filter between the calls. Runs offline."""
# ruff: noqa: INP001, T201 - an example is a script that prints

import tempfile
from typing import Any

from tanemaki import Recipe, Record, Reject, Run, Scripted

SEEDS = [
    {"seed": "味噌汁は煮立たせると香りが飛ぶため、味噌は火を止める直前に溶き入れる。"},
    {"seed": "自転車の空気は、タイヤの横に書かれた範囲まで月に一度は入れる。"},
]


async def instruction(seed: str, *, writer: Any) -> str:
    """Ask for a question that the seed answers."""
    reply = await writer(f"次の文が答えになる質問を一つ書いてください。\n{seed}")
    return str(reply.text)


class NoAnswerInside:
    """Refuse a question that gives its own answer away."""

    reads = ("seed", "instruction")
    reasons = ("answer_inside",)

    def __call__(self, record: Record) -> Record | Reject:
        """Look for eight characters in a row of the seed."""
        seed, asked = record["seed"], record["instruction"]
        copied = any(seed[at : at + 8] in asked for at in range(len(seed) - 7))
        return Reject("answer_inside") if copied else record


async def response(instruction: str, seed: str, *, writer: Any) -> str:
    """Answer from the seed; a rejected row costs no second call."""
    return str((await writer(f"{seed}\nこの文をもとに答えてください。{instruction}")).text)


WRITER = Scripted(
    {
        "書いてください。\n味噌汁": "味噌は、いつ鍋に入れるとよいですか。",
        "書いてください。\n自転車": "自転車の空気は、タイヤの横に書かれた範囲まで入れればよいですか。",
        "この文をもとに答えてください。味噌は": "火を止める直前です。煮立たせると香りが飛んでしまいます。",
    }
)

with tempfile.TemporaryDirectory() as folder:
    run = Run(
        recipe=Recipe(needs=("seed",), steps=(instruction, NoAnswerInside(), response)),
        source=SEEDS,
        models={"writer": WRITER},
        language="ja",
        output=f"{folder}/seeds",
    )
    run.start()
    for row in run.rows():
        print(f"採用：{row['instruction']} → {row['response']}")
    for rejected in run.rejected():
        print(f"不採用（{rejected.reason}）：{rejected.fields['instruction']}")

# prints
# 採用：味噌は、いつ鍋に入れるとよいですか。 → 火を止める直前です。煮立たせると香りが飛んでしまいます。
# 不採用（answer_inside）：自転車の空気は、タイヤの横に書かれた範囲まで入れればよいですか。
