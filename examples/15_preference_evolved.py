"""The course's fifth rung: a response evolves along one axis, and makes a pair with what it was. Runs offline."""
# ruff: noqa: INP001, T201 - an example is a script that prints

import tempfile

from tanemaki import Run, Scripted

BETTER = (
    "書き直し：両面に塩を振って十分ほど置き、出てきた水気をふき取ります。臭みは余分な水分と一緒に抜けます。"
)
WRITER = Scripted([BETTER])
JUDGE = Scripted(["手順と理由が加わり、そのまま試せる。\n判定：改善"])

with tempfile.TemporaryDirectory() as folder:
    run = Run(
        recipe="evol_quality",
        options={"axes": ["helpfulness"], "pairs": True, "max_growth": 4.0},
        source=[
            {
                "instruction": "焼き魚の臭みを取るには？",
                "response": "塩を振ってしばらく置くと、臭みが取れます。",
            }
        ],
        models={"writer": WRITER, "judge": JUDGE},
        language="ja",
        output=f"{folder}/pairs",
    )
    print(run.start().accounting.equation())
    for row in run.rows():
        print(f"{row['prompt'][0]['content']}（{row['axis']}、{row['length_difference_chars']:+}字）")
        print(f"  選ばれた答え：{row['chosen'][0]['content']}")
        print(f"  選ばれなかった答え：{row['rejected'][0]['content']}")

# prints
# in 1 + children 0 = accepted 1 + rejected 0 + failed 0 + surplus 0
# 焼き魚の臭みを取るには？（helpfulness、+25字）
#   選ばれた答え：両面に塩を振って十分ほど置き、出てきた水気をふき取ります。臭みは余分な水分と一緒に抜けます。
#   選ばれなかった答え：塩を振ってしばらく置くと、臭みが取れます。
