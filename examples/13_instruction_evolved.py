"""The course's third rung: seeds that evolve, with the recipe `evol_instruct`. Runs offline with scripted replies."""
# ruff: noqa: INP001, T201 - an example is a script that prints

import tempfile

from tanemaki import Run, Scripted

WRITER = Scripted(
    {
        "小学生の弟に双眼鏡なしで": "見つけやすい順に、月、木星、それから冬ならオリオン座です。",
        "夜空で見るとよい": "指示：夜空で見るとよいものを、小学生の弟に双眼鏡なしで見せられる順に、三つ教えて。",
    }
)
JUDGE = Scripted(["相手と道具と数が決まり、答えが絞られている。\n判定：進化"])

with tempfile.TemporaryDirectory() as folder:
    run = Run(
        recipe="evol_instruct",
        options={"generations": 1, "operators": ["add_constraints"]},
        source=[{"instruction": "夜空で見るとよいものを教えて。"}],
        models={"writer": WRITER, "judge": JUDGE},
        language="ja",
        output=f"{folder}/evolved",
    )
    print(run.start().accounting.equation())
    for row in run.rows():
        print(
            f"もと：{row['history'][0]}\n{row['operator']}：{row['evolved_instruction']}\n答え：{row['answer']}"
        )

# prints
# in 1 + children 0 = accepted 1 + rejected 0 + failed 0 + surplus 0
# もと：夜空で見るとよいものを教えて。
# add_constraints：夜空で見るとよいものを、小学生の弟に双眼鏡なしで見せられる順に、三つ教えて。
# 答え：見つけやすい順に、月、木星、それから冬ならオリオン座です。
