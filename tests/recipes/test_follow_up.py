"""What only follow-ups promise: each row's own history, drawn casts and stances, and checks across the turns."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from support.context import Asked, End, in_order, walk
from support.over_http import over_http
from support.runs import Captured, dataset, table
from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.core.record import Record
from tanemaki.recipes import catalogue
from tanemaki.run.execute import execute
from tanemaki.run.order import order_of
from tanemaki.sources.given import Given

NAME = "follow_up"
LANGUAGES = ("ja", "en")
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
ONE = {"follow_ups_min": 1, "follow_ups_max": 1}
STANCE = {"ja": "向き：", "en": "Stance: "}
SAID = {
    "ja": {
        "question": "質問：{k}号の畑で霜が降りる前に、苗をどう守ればよいですか。",
        "follow_up": "質問：{k}号の畑の苗に掛ける布は、{t}回目の霜のときにはどう留めればよいですか。",
        "answer": "{k}号の畑では、夕方のうちに苗へ布を掛け、霜に備えて{t}か所を石で押さえてください。",
    },
    "en": {
        "question": "Question: How do I save the seedlings in field K{k} before the frost?",
        "follow_up": "Question: How do I fasten the cloth over the seedlings in field K{k} when frost comes {t} times?",
        "answer": "In field K{k}, cover the seedlings with cloth before the evening and put {t} stones on its edges.",
    },
}
FAULTS: dict[str, dict[str, tuple[str, Reply]]] = {
    "ja": {
        "cut": ("follow_up", Reply("質問：畑の苗に掛ける布は", finish_reason="length")),
        "empty": ("late answer", Reply(" ")),
        "refusal": ("answer", Reply("申し訳ありませんが、そのご質問にはお答えできません。")),
        "wrong_language": ("answer", Reply("Cover the seedlings with cloth in the evening.")),
        "no_marker": ("question", Reply("霜が降りる前に、畑の苗をどう守ればよいですか。")),
        "off_topic": ("follow_up", Reply("質問：確定申告の書類と印鑑は税務署に持参しますか。")),
        "no_antecedent": ("follow_up", Reply("質問：先ほどのミキサーは、畑の苗にも使えますか。")),
        "unfinished": ("late answer", Reply("苗に掛けた布の留め方は次のとおりです：")),
        "number_contradiction": (
            "late answer",
            Reply("そこは石で留めます。畑の苗には、夕方のうちに布を9枚掛けてください。"),
        ),
        "loop": ("answer", Reply("布を掛けます。" * 12)),
    },
    "en": {
        "cut": ("follow_up", Reply("Question: How do I fasten the cloth", finish_reason="length")),
        "empty": ("late answer", Reply(" ")),
        "refusal": ("answer", Reply("I'm sorry, but I can't help with that request.")),
        "wrong_language": ("answer", Reply("夕方のうちに、苗へ布を掛けておいてください。")),
        "no_marker": ("question", Reply("How do I save the seedlings before the frost?")),
        "off_topic": ("follow_up", Reply("Question: Which documents do I need for a passport application?")),
        "no_antecedent": (
            "follow_up",
            Reply("Question: Does the refrigerator you mentioned help the seedlings?"),
        ),
        "unfinished": ("late answer", Reply("Fasten the cloth over the seedlings in this way:")),
        "number_contradiction": (
            "late answer",
            Reply("Use stones. Cover the seedlings with 9 sheets of cloth before evening."),
        ),
        "loop": ("answer", Reply("Cover them with cloth. " * 12)),
    },
}
SHEETS = {
    "ja": "畑の苗には、夕方のうちに布を4枚掛けてください。",
    "en": "Cover the seedlings with 4 sheets of cloth before evening.",
}


def persona(k: int) -> dict[str, Any]:
    return {"persona": f"<persona {k}>"}


class Farmer(Captured):
    """Plays both sides from what it is shown alone; the rows of ``faults`` meet one fault each, at its turn."""

    def __init__(self, language: str, faults: dict[int, str], slow: str | None = None) -> None:
        self._language, self._faults = language, faults
        super().__init__(self._say, slow=slow)

    def _say(self, request: Request) -> Reply:
        shown = [str(message["content"]) for message in request.messages]
        last = shown[-1]
        if (asker := re.search(r"<persona (\d+)>", last)) is not None:
            kind, k, t = "question", int(asker[1]), 1
        elif STANCE[self._language] in last:
            kind, k = "follow_up", _row(last)
            t = 1 + len(re.findall(r"^(?:相談者：|Person: )", last, re.MULTILINE))
        else:
            kind, k, t = "answer", _row(last), sum(message["role"] == "user" for message in request.messages)
        fault = self._faults.get(k)
        place, said = FAULTS[self._language][fault] if fault else ("", Reply(""))
        if place == kind or (place == "late answer" and kind == "answer" and t == 2):
            return said
        if fault == "number_contradiction" and kind == "answer":
            return Reply(f"{SAID[self._language]['answer'].format(k=k, t=t)} {SHEETS[self._language]}")
        return Reply(SAID[self._language][kind].format(k=k, t=t))


def _row(text: str) -> int:
    found = re.search(r"(?:K(\d+)|(\d+)号)", text)
    assert found is not None
    return int(found[1] or found[2])


def run_rows(
    language: str, folder: Path, rows: Sequence[int], n: int, faults: dict[int, str], **options: Any
) -> Farmer:
    loaded = catalogue.load(NAME, language, options)
    farmer = Farmer(language, faults, slow=f"{n}")
    settings = ModelSettings.model_validate({"kind": "scripted", "file": "x", "concurrency": n})
    with over_http(farmer) as served:
        order = order_of(
            loaded.recipe,
            Given([persona(k) for k in rows]),
            {"writer": served if faults else farmer},
            folder,
            texts=loaded.texts,
            language=language,
            settings={"writer": settings},
        )
        execute(order)
    return farmer


@EACH_LANGUAGE
@pytest.mark.parametrize("n", [1, 7, 64])
def test_every_call_holds_exactly_its_own_rows_history(language: str, n: int, tmp_path: Path) -> None:
    """Fault 6: a second answer without history, or with the history of another row."""
    model = run_rows(language, tmp_path / "r", range(100, 164), n, {}, follow_ups_min=1, follow_ups_max=3)
    rows = dataset(tmp_path / "r")
    assert len(rows) == 64
    assert min(n, 32) <= model.most_in_flight <= n, "the rows were really beside one another"
    histories = {_row(row["messages"][0]["content"]): row["messages"] for row in rows}
    asked: Counter[int] = Counter()
    for request in model.requests:
        shown = "\n".join(str(message["content"]) for message in request.messages)
        personas = re.findall(r"<persona (\d+)>", shown)
        k = int(personas[0]) if personas else _row(shown)
        assert {*map(int, personas), *(int(a or b) for a, b in re.findall(r"(?:K(\d+)|(\d+)号)", shown))} == {
            k
        }
        said = [message["content"] for message in histories[k]][: asked[k]]
        if asked[k] % 2:
            assert [message["content"] for message in request.messages[1:]] == said
        else:
            last = str(request.messages[-1]["content"])
            assert [last.find(text) for text in said] == sorted(last.index(text) for text in said)
        asked[k] += 1
    assert asked == {k: len(messages) for k, messages in histories.items()}
    assert {row["follow_ups"] for row in rows} == {1, 2, 3}


@EACH_LANGUAGE
def test_planted_faults_land_in_their_reasons_and_nowhere_else(language: str, tmp_path: Path) -> None:
    """Fault 28: only the first message was looked at; here the faults sit in every turn of a dialogue."""
    names = [*FAULTS[language], *FAULTS[language]]
    faults = dict(zip(range(101, 101 + 3 * len(names), 3), names, strict=True))
    run_rows(language, tmp_path / "r", range(100, 165), 8, faults, **ONE)
    kept = dataset(tmp_path / "r")
    thrown = table(tmp_path / "r" / "rejected.parquet")
    assert Counter(row["reason"] for row in thrown) == Counter(names)
    assert len(kept) == 65 - len(names)
    for row in kept:
        assert [message["role"] for message in row["messages"]] == ["user", "assistant"] * 2
        assert _row(row["messages"][0]["content"]) not in faults
    again = {}
    for n, rows in ((1, range(100, 165)), (8, range(164, 99, -1))):
        run_rows(language, tmp_path / f"again{n}", rows, n, faults, **ONE)
        again[n] = {row["id"]: row for row in dataset(tmp_path / f"again{n}")}
    fields = [name for name in kept[0] if name not in ("sources", "lineage")]
    for row in kept:
        for n in again:
            assert [again[n][row["id"]][name] for name in fields] == [row[name] for name in fields]


def talk(
    language: str, replies: Sequence[Reply | str], options: dict[str, Any] | None = None, **fields: Any
) -> End:
    loaded = catalogue.load(NAME, language, {**ONE, **(options or {})})
    record = Record("t", (1,), fields or persona(1))
    return asyncio.run(walk(loaded.recipe, loaded.texts, record, in_order(replies)))


LONG = (
    "梅干しは、六月に出回る黄色く熟した梅で作ります。まず竹串でへたを取り、水で洗ってから、一粒ずつ布巾で水気をふきます。"
    "塩は梅の重さの一割八分ほどを量り、消毒した容器に梅と交互に入れていきます。上のほうほど塩を多めにするのがこつです。"
    "重しをのせて涼しい所に置くと、数日で澄んだ汁が上がってきます。これを白梅酢と呼び、料理にも使えます。"
    "赤じそは葉だけを摘み、砂が残らないように何度か水を替えて洗います。塩でもむと黒っぽい汁が出るので、これは捨てます。"
    "二度もんだ葉に白梅酢を注ぐと、あざやかな紅色に変わります。葉を梅の上に広げ、汁ごと容器に戻しましょう。"
    "土用を過ぎて晴れの続くころを選び、ざるに並べて三日三晩干します。昼に一度ずつ裏返すと、皮が破れにくくなります。"
    "夜露に当てると皮がやわらかくなるとも言われますが、雨の心配があれば軒下へ入れてください。"
    "雨に遭わせてしまった実は、焼酎を吹きかけて清め、もう一日よけいに干せば心配ありません。かびの白い点を見つけたら、"
    "その一粒だけでなく、触れ合っていた周りの粒も取り除き、残った汁をいったん煮立てて冷まします。容器は熱湯でよくすすぎ、"
    "日なたで完全に乾かしてから戻してください。減塩にしたい場合は、重さの八分まで塩を下げられますが、そのぶん冷蔵庫での保管が"
    "欠かせません。初めての年は欲張らず、一キロほどの小さな量で手順を覚えるのがおすすめです。漬けた日付と塩の割合を紙に書いて"
    "貼っておけば、翌年の味の調整に役立ちます。台所の匂いが気になる人は、口の広い硝子瓶に袋を二重にして漬けるとよいでしょう。"
    "近所の農園が開く講習会に参加すれば、熟し具合の見分け方を実物で教えてもらえます。"
    "干し上がった実は、そのまま壺に収めても、梅酢にくぐらせてから収めても構いません。半年ほど置くと塩の角が取れます。"
)

CUSTOMS = """\
紀州 睦月 晴れた 祖母 重し
信州 如月 曇った 父 樽
越後 弥生 乾いた 母 布巾
加賀 卯月 蒸した 叔父 ざる
土佐 皐月 涼しい 叔母 壺
伊予 水無月 暖かな 長男 竹串
薩摩 文月 風の強い 次女 塩
陸奥 葉月 霧の深い 隣人 縄
出羽 長月 雪のやんだ 親方 桶
丹波 神無月 雨あがりの 弟子 火
近江 霜月 明るい 女将 水
駿河 師走 静かな 板前 薪
甲斐 正月 冷えた 村長 杓子
上野 早春 穏やかな 僧侶 蓋
下総 晩春 晴れた 漁師 秤
武蔵 初夏 曇った 農夫 包丁
相模 盛夏 乾いた 大工 板
三河 晩夏 蒸した 商人 籠
美濃 初秋 涼しい 教師 瓶
飛騨 晩秋 暖かな 学生 紐
播磨 初冬 風の強い 医師 鍋
備前 真冬 霧の深い 職人 臼"""


def test_an_ordinary_japanese_answer_of_two_thousand_letters_is_kept() -> None:
    """Fault 4: any letter that occurs forty times was a repetition, so that の alone refused long texts."""
    parts = [LONG]
    for old, new, extra in (
        (
            "梅干し",
            "らっきょう漬け",
            "甘酢は砂糖を先に煮溶かし、冷ましてから注ぎます。唐辛子は種を抜いて輪切りにしておきます。",
        ),
        (
            "梅干し",
            "ぬか漬け",
            "床は毎日底から返し、しんなりした野菜は早めに引き上げます。辛子や昆布を足すと味が締まります。",
        ),
        (
            "梅干し",
            "味噌",
            "大豆は一晩水に浸し、指でつぶれるまで煮ます。麹と塩をよく混ぜ、空気を抜きながら樽へ詰めます。",
        ),
        (
            "梅干し",
            "干し柿",
            "渋柿は枝を丁字に残して皮をむき、熱湯にくぐらせてから軒につるします。十日たったら指でもみます。",
        ),
    ):
        parts.append(
            f"次に{new}について述べます。{extra}{old}との違いは、漬ける期間と床の手入れの多さにあります。"
        )
    form = "{}では{}の{}日に仕込む家が多く、{}が{}を受け持つ習わしが残っています。"
    sentences = [form.format(*line.split()) for line in CUSTOMS.splitlines()]
    answer = (
        "".join(parts)
        + "".join(sentences)
        + "家ごとの工夫を聞いて回ると、季節の手仕事の奥深さがわかるでしょう。"
    )
    assert len(answer) >= 2000, len(answer)
    assert max(Counter(answer).values()) >= 40, "a letter occurs as often as the old rule forbade"
    question = "質問：梅干しをはじめとする保存食の作り方を、土地ごとの習わしも含めて詳しく教えてください。"
    end = talk(
        "ja",
        [
            question,
            answer,
            "質問：梅干しの重しは、いつ外せばよいですか。",
            "白い汁が実の上まで上がったら、重しを半分に減らします。",
        ],
    )
    assert end.reject is None
    assert end.record["messages"][1]["content"] == answer


@EACH_LANGUAGE
@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_talk_that_was_cut_anywhere_is_no_row(language: str, place: int) -> None:
    said = SAID[language]
    replies: list[Reply | str] = [
        said[kind].format(k=1, t=n // 2 + 1)
        for n, kind in enumerate(("question", "answer", "follow_up", "answer"))
    ]
    replies[place:] = [Reply(str(replies[place])[:20], finish_reason="length")]
    end = talk(language, replies)
    assert end.reject is not None
    assert end.reject.reason == "cut"
    assert "messages" not in end.record.fields


@EACH_LANGUAGE
def test_the_tables_are_as_large_as_their_sources_or_larger_and_hold_nothing_twice(language: str) -> None:
    tables = catalogue.texts_of(catalogue.find(NAME))[language].tables
    least = {"stances": 31, "styles": 4, "moves": 46, "checks": 12, "jobs": 60, "characters": 40, "tasks": 31}
    for name, rows in tables.items():
        (column,) = rows[0]
        assert len(rows) >= least.get(name, 30), name
        assert len({row[column] for row in rows}) == len(rows), name
        assert all(row[column] and row[column].rstrip("。.") == row[column] for row in rows), name
    assert len(tables["checks"]) == 12


CLAIM = {
    "ja": (
        "発言：{m}と私は考えます。理由は家計が助かるからです。どう思われますか。",
        "家計だけで決めるのは早いと思います。まずは困る人の話を聞きましょう。",
    ),
    "en": (
        "Speech: {m}. It helps the budget. What do you think?",
        "A budget alone should not decide. Let us first hear from those who would lose.",
    ),
}


@EACH_LANGUAGE
def test_both_sides_of_a_debate_are_drawn_for_each_row_and_their_prompts_show_them(language: str) -> None:
    """Fault 9: job, character and turns were drawn once per process."""
    loaded = catalogue.load(NAME, language, {**ONE, "variant": "debate"})
    casts, moves = Counter[tuple[str, ...]](), Counter[str]()
    for k in range(200):
        captured: list[Asked] = []
        record = Record(f"d{k}", (k,), persona(k))
        end = asyncio.run(
            walk(
                loaded.recipe,
                loaded.texts,
                record,
                in_order([CLAIM[language][0].format(m="X"), CLAIM[language][1], " "]),
                captured,
            )
        )
        claim, counter, argue = (asked.text for asked in captured)
        assert end.reject is not None
        cast = tuple(_cast_of(claim, counter, argue, loaded.texts.tables, language))
        casts[cast] += 1
        moves.update(row["move"] for row in loaded.texts.tables["moves"] if f"{row['move']}\n" in counter)
    assert len(casts) >= 199
    assert len({cast[0] for cast in casts}) > 60, "of 80 jobs"
    assert len(moves) > 40
    assert moves.total() == 200


def _cast_of(claim: str, counter: str, argue: str, tables: Any, language: str) -> list[str]:
    sign = {"ja": ("話す人：", "あなた：", "。"), "en": ("Speaker: ", "You: ", ". ")}[language]
    user = claim.rsplit(sign[0], maxsplit=1)[-1].split("\n", maxsplit=1)[0]
    assistant = counter.split(sign[1])[1].split("\n", maxsplit=1)[0]
    assert f"{sign[0]}{user}" in argue, "the same person goes on"
    cells = [*user.split(sign[2], 1), *assistant.split(sign[2], 1)]
    for cell, (name, column) in zip(cells, [("jobs", "job"), ("characters", "character")] * 2, strict=True):
        assert cell in {row[column] for row in tables[name]}
    return cells


@EACH_LANGUAGE
def test_mixed_rows_follow_each_plan_as_often(language: str) -> None:
    loaded = catalogue.load(NAME, language, {**ONE, "variant": "mixed"})
    seen = Counter(
        asyncio.run(
            walk(loaded.recipe, loaded.texts, Record(f"m{k}", (k,), persona(k)), in_order([" "]))
        ).record["variant"]
        for k in range(600)
    )
    assert set(seen) == {"talk", "debate", "verify"}
    assert sum((n - 200) ** 2 / 200 for n in seen.values()) < 13.8  # χ², 2 degrees of freedom, p = 0.001


def test_two_neighbouring_seeds_share_no_more_draws_than_chance() -> None:
    """Fault 10: adjacent seeds made jobs repeat each other."""
    loaded = catalogue.load(NAME, "ja", ONE)

    def subjects(seed: int) -> list[str]:
        found = []
        for k in range(400):
            captured: list[Asked] = []
            record = Record(f"s{k}", (k,), persona(k))
            asyncio.run(walk(loaded.recipe, loaded.texts, record, in_order([" "]), captured, seed))
            found.append(captured[0].text.split("してほしいこと：")[-1])
        return found

    shared = sum(a == b for a, b in zip(subjects(7), subjects(8), strict=True))
    assert shared < 26  # of 400 draws from 40 rows 10 agree by chance; more than 25 once in ten thousand


@EACH_LANGUAGE
def test_a_dialogue_of_the_users_own_is_gone_on_from_and_stays_as_it_was(language: str) -> None:
    said = SAID[language]
    mine = [
        {
            "role": ("user", "assistant")[n % 2],
            "content": said[("question", "answer")[n % 2]].format(k=1, t=n).split("：")[-1],
        }
        for n in range(2)
    ]
    replies = [said["follow_up"].format(k=1, t=2), said["answer"].format(k=1, t=2)]
    end = talk(language, replies, {"first": "messages"}, messages=mine)
    assert end.reject is None
    assert end.record["messages"] == mine
    assert end.record["dialogue"][:2] == mine
    assert len(end.record["dialogue"]) == 4


def test_an_instruction_without_an_answer_is_answered_first() -> None:
    said = SAID["en"]
    replies = [said[kind].format(k=1, t=t) for kind, t in (("answer", 1), ("follow_up", 2), ("answer", 2))]
    end = talk("en", replies, {"first": "instruction"}, instruction="How do I save the seedlings?")
    assert end.reject is None
    assert [message["role"] for message in end.record["messages"]] == ["user", "assistant"] * 2
    assert end.record["messages"][0]["content"] == "How do I save the seedlings?"


@EACH_LANGUAGE
def test_history_turns_bounds_what_a_turn_is_shown(language: str) -> None:
    loaded = catalogue.load(NAME, language, {"follow_ups_min": 3, "follow_ups_max": 3, "history_turns": 1})
    captured: list[Asked] = []
    replies = [
        SAID[language][kind].format(k=1, t=t)
        for t in range(1, 5)
        for kind in ("question" if t == 1 else "follow_up", "answer")
    ]
    end = asyncio.run(
        walk(loaded.recipe, loaded.texts, Record("h", (1,), persona(1)), in_order(replies), captured)
    )
    assert end.reject is None
    messages = end.record["messages"]
    assert list(captured[7].request.messages)[1:] == messages[4:7]
    assert messages[5]["content"] in captured[6].text
    assert messages[3]["content"] not in captured[6].text


@pytest.mark.parametrize(
    "options", [{"follow_ups_min": 0}, {"follow_ups_min": 3, "follow_ups_max": 2}, {"history_turns": 0}]
)
def test_impossible_numbers_are_a_setup_error(options: dict[str, int]) -> None:
    with pytest.raises(SetupError, match="the number of follow-ups goes from follow_ups_min, 1 or more"):
        catalogue.load(NAME, "ja", options)


def test_thinking_enters_neither_history_nor_dataset() -> None:
    replies = [
        Reply(SAID["ja"][kind].format(k=1, t=t), thinking="ひそかな考え")
        for kind, t in (("question", 1), ("answer", 1), ("follow_up", 2), ("answer", 2))
    ]
    end = talk("ja", replies)
    assert end.reject is None
    assert "ひそかな" not in str(end.record.fields)
