"""The course's sixth rung: a judge criticises a response, and the mended one makes a pair with it. Runs offline."""
# ruff: noqa: INP001, T201 - an example is a script that prints

import tempfile

from tanemaki import Run, Scripted

CRITIQUE = """\
正確さ：「必ず三度ちょうど」とまで言える根拠はない。
充実：乾かさない工夫がわからない。湿らせた紙で包むことを補う。
判定：要修正"""
MENDED = "書き直し：湿らせた紙で根元を包み、口を軽く開けた袋に入れて、葉を上にして野菜室に立てます。温度は低めにします。"

with tempfile.TemporaryDirectory() as folder:
    run = Run(
        recipe="critique_rewrite",
        options={"axes": ["accuracy", "completeness"], "pairs": True},
        source=[
            {
                "instruction": "ほうれん草を野菜室で長もちさせるには、どうしまえばよいですか。",
                "response": "袋に入れて野菜室にしまってください。温度は必ず三度ちょうどに保つ必要があります。",
            }
        ],
        models={
            "judge": Scripted([CRITIQUE, "根拠のない温度が消え、包み方が補われた。\n判定：改善"]),
            "writer": Scripted([MENDED]),
        },
        language="ja",
        output=f"{folder}/mended",
    )
    print(run.start().accounting.equation())
    for row in run.rows():
        for axis, finding in row["findings"].items():
            print(f"{axis}：{finding}")
        print(f"選ばれた答え：{row['chosen'][0]['content']}")

# prints
# in 1 + children 0 = accepted 1 + rejected 0 + failed 0 + surplus 0
# accuracy：「必ず三度ちょうど」とまで言える根拠はない。
# completeness：乾かさない工夫がわからない。湿らせた紙で包むことを補う。
# 選ばれた答え：湿らせた紙で根元を包み、口を軽く開けた袋に入れて、葉を上にして野菜室に立てます。温度は低めにします。
