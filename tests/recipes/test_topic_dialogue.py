"""What only dialogues on topics promise: lists, weights, draws per row, a budget of time, and a reason for each fault."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.context import Asked, End, walk
from support.runs import dataset
from support.server import Server
from support.simulated import Weather, execute_simulated
from tanemaki import Run
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.core.record import Record
from tanemaki.core.seeding import Draw
from tanemaki.recipes import catalogue

NAME = "topic_dialogue"
LANGUAGES = ("ja", "en")
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
LEAK = {"ja": "\n【解答】漏れた答えの中身です。", "en": "\n**Answer:** what leaked out.\nAnd its reason."}
FORMS = {
    "ja": (
        "{m}{topic}のことで、{k}番の紙に書かれた場面を考えています。ここではどう進めればよいでしょうか。",
        "{k}番の場面なら、{topic}をまず小さく分け、わかっていることから順に確かめていくのがよい進め方です。",
        "質問：では、{k}番の次に置かれた場面で{topic}の条件が一つ変わったら、どこを見直しますか。",
        "{k}番の次でも、変わった条件に関わるところだけを確かめれば、{topic}の残りはそのまま使えます。",
    ),
    "en": (
        "{m} I have sheet {k} in front of me and it is about {topic}. How should I go about it?",
        "For sheet {k} it helps to split {topic} into small parts and to begin with what is known already.",
        "Question: What would change on the sheet after {k} if one condition of {topic} were different?",
        "Only the part that the new condition touches has to be done again; the rest of {topic} on sheet {k} stays.",
    ),
}
JOINTS_JA = ("まず", "、それから", "、念のため", "、もう一度", "、仕上げに", "、終わりに")
JOINTS_EN = ("We first", ", after that", ", once more", ", for safety", ", at last", ", and finally")
RUNS_JA = (
    "".join(
        f"{one}紙に書かれた場面を小さく分けてから一つずつ順番に読んで印を付けて確かめて" for one in JOINTS_JA
    )
    + "ください。"
)
RUNS_EN = "".join(f"{one} split the sheet into small parts and put them in order" for one in JOINTS_EN) + "."
LONG_JA = (
    "質問："
    + "".join(f"{i}枚目には{i * 7}個の印と{i + 30}本の線があります。" for i in range(30))
    + "なぜですか。"
)
LONG_EN = (
    "Question: "
    + " ".join(f"Page {i} of it shows {i * 7} dots and {i + 30} lines." for i in range(40))
    + " Why?"
)
BAD: dict[str, dict[str, dict[str, Any]]] = {
    "ja": {
        "wrong_language": {"0": "Question: How should I go about sheet {k} when I have only ten minutes for it?"},
        "no_marker": {"0": "{topic}の{k}番は、どう進めればよいでしょうか。"},
        "leaked_solution": {"0": "質問：答え：{k}です。"},
        "several_questions": {"0": "質問：{k}番を見て答えてください。\n(1) 初めに何をしますか。\n(2) 次に何をしますか。"},
        "too_short": {"0": "質問：{topic:.1}は？"},
        "too_long": {"0": LONG_JA},
        "near_copy": {"2": FORMS["ja"][0].replace("{m}", "質問：")},
        "cut": {"1": {"content": "{k}番の場面なら、{topic}をまず小さく", "finish_reason": "length"}},
        "refusal": {"1": "申し訳ありませんが、そのご質問にはお答えできません。"},
        "speaks_for_other": {"1": "{topic}を小さく分けて考えます。\nユーザー：ありがとうございます。"},
        "loop": {"1": "まず" + "もう一度確かめてから、" * 9 + "終わりです。"},
        "repeated_sentences": {"1": "{topic}を小さく分けて考えます。次に順番を決めていきます。" * 3},
        "repeated_runs": {"1": RUNS_JA},
        "boilerplate": {"1": "はい、承知しました。以下に進め方を示します。{topic}を分けます。"},
        "unfinished": {"1": "{topic}の進め方は、次のとおりです："},
    },
    "en": {
        "wrong_language": {"0": "質問：{k}番の紙に書かれた場面では、どう進めればよいでしょうか。"},
        "no_marker": {"0": "How should I go about sheet {k}?"},
        "leaked_solution": {"0": "Question: Answer: {k}."},
        "several_questions": {"0": "Question: Look at sheet {k}.\n(a) What do you do first?\n(b) What do you do next?"},
        "too_short": {"0": "Question: Why so?"},
        "too_long": {"0": LONG_EN},
        "near_copy": {"2": FORMS["en"][0].replace("{m}", "Question:")},
        "cut": {"1": {"content": "For sheet {k} it helps to split {topic} into", "finish_reason": "length"}},
        "refusal": {"1": "I'm sorry, but I can't help with that request."},
        "speaks_for_other": {"1": "Split {topic} into small parts.\nUser: Thank you."},
        "loop": {"1": "First of all " + "we look at it again, " * 9 + "and stop."},
        "repeated_sentences": {"1": "Split {topic} into small parts. Then put the parts in order. " * 3},
        "repeated_runs": {"1": RUNS_EN},
        "boilerplate": {"1": "Sure! Here is the answer: split {topic} into small parts."},
        "unfinished": {"1": "To begin with {topic}, proceed as follows:"},
    },
}  # fmt: skip
REASONS = (*BAD["ja"], "empty")
MARKERS = {
    "ja": {"question": "質問：", "problem": "問題："},
    "en": {"question": "Question:", "problem": "Problem:"},
}


def sheet(topic: str, task: str) -> int:
    """The number by which this test tells what it does to a dialogue."""
    return Draw("sheet", topic, task).below(10**6)


def plant(k: int) -> str | None:
    """What is wrong with the dialogue about sheet ``k``: one in three has a fault, and some questions leak their answer."""
    place = k % 60
    return (*REASONS, "leak", "leak", "leak")[place] if place < len(REASONS) + 3 else None


class Author:
    """Says a dialogue about numbered sheets; knows topic and task from what it is asked."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.about: dict[str, tuple[str, int]] = {}
        """Question → topic and sheet."""

    def say(self, messages: list[dict[str, Any]]) -> str | dict[str, Any]:
        last = str(messages[-1]["content"])
        lines = last.splitlines()
        if lines[0].startswith(("話題：", "題材：", "Topic:", "Subject:")):
            topic, task = (line.replace("：", ":").split(":", 1)[1].strip() for line in lines)
            kind = "question" if lines[0].startswith(("話題", "Topic")) else "problem"
            return self._turn(0, topic, sheet(topic, task), MARKERS[self.language][kind])
        shown = next(self.about[said] for said in self.about if said in last or said in str(messages[1:]))
        if messages[-1]["content"] in self.about:
            return self._turn(1, *shown)
        place = 2 if any(mark in last for mark in ("次の質問を書いて", "next question about")) else 3
        return self._turn(place, *shown)

    def _turn(self, place: int, topic: str, k: int, marker: str = "") -> str | dict[str, Any]:
        wrong = plant(k)
        form = FORMS[self.language][place]
        if wrong == "empty" and place == 0:
            return ""
        said = BAD[self.language].get(wrong or "", {}).get(str(place), form)
        if isinstance(said, dict):
            return {**said, "content": said["content"].format(topic=topic, k=k)}
        text = str(said).format(topic=topic, k=k, m=marker)
        if place == 0:
            self.about[text.replace(marker, "", 1).strip()] = (topic, k)
            text += LEAK[self.language] if wrong == "leak" else ""
        return text


def planned(row: dict[str, Any]) -> str | None:
    """What the row's dialogue was planted with."""
    return plant(sheet(row["topic"], row["task"]))


def run_of(language: str, folder: Path, rows: list[dict[str, Any]], **more: Any) -> Run:
    author = Author(language)
    with Server(reply=lambda body: author.say(body["messages"])) as server:
        writer = {"endpoint": server.url, "name": "tane", "concurrency": more.pop("concurrency", 8)}
        run = Run(
            recipe=NAME, source=rows, models={"writer": writer}, language=language, output=str(folder),
            limits={"failed_share": None, "accepted_share": None}, **more,
        )  # fmt: skip
        run.start()
    return run


def numbered(n: int) -> list[dict[str, Any]]:
    return [{"number": k} for k in range(1, n + 1)]


def told(run: Run) -> dict[int, Any]:
    """The accepted and the rejected rows by their number, without ordinal."""
    kept = {one["number"]: (one["topic"], one["level"], one["messages"]) for one in run.rows()}
    return kept | {one.fields["number"]: (one.reason, one.note) for one in run.rejected()}


@EACH_LANGUAGE
def test_every_planted_fault_lands_in_its_reason_and_none_in_the_dataset(
    language: str, tmp_path: Path
) -> None:
    """Fault 11: the leak pattern removed the marker and left the answer. Fault 18: rows are neither lost nor doubled."""
    run = run_of(language, tmp_path / "r", numbered(160), seed=3)
    kept, rejected = dataset(tmp_path / "r"), list(run.rejected())
    assert len(kept) + len(rejected) == 160
    assert {planned(row) for row in kept} == {None, "leak"}
    assert all(planned(dict(one.fields)) == one.reason for one in rejected)
    assert {one.reason for one in rejected} == set(REASONS)
    tail = LEAK[language].strip(" \n")[-8:]
    assert tail not in str(kept)
    assert all(len(row["messages"]) == 4 for row in kept)
    assert all(row["topic_type"] in {"maths", "coding", "puzzle", "logic", "science", "society", "history",
                                     "language", "everyday", "situation"} for row in kept)  # fmt: skip


def test_the_same_rows_at_any_concurrency_and_in_reverse(tmp_path: Path) -> None:
    rows = numbered(64)
    one = told(run_of("ja", tmp_path / "one", rows, seed=3, concurrency=1))
    assert told(run_of("ja", tmp_path / "many", rows, seed=3, concurrency=64)) == one
    assert told(run_of("ja", tmp_path / "back", rows[::-1], seed=3, concurrency=8)) == one
    assert sorted(one) == list(range(1, 65))


def test_without_a_number_of_rows_it_runs_until_its_time_is_up(tmp_path: Path) -> None:
    """Fault 33: an infinite loop without a stop. Minutes are simulated; a further start goes on from there."""
    author = Author("ja")

    def answer(request: Request) -> Reply:
        said = author.say(list(request.messages))
        return Reply(said) if isinstance(said, str) else Reply(str(said["content"]), finish_reason="length")

    def until(minutes: float) -> list[Any]:
        weather = Weather(latency_s=(1.0, 20.0), answer=answer)
        run = Run(
            recipe=NAME, source={"kind": "count"}, models={"writer": weather}, language="ja",
            output=str(tmp_path / "r"), limits={"minutes": minutes}, seed=1,
        )  # fmt: skip
        report = execute_simulated(run.order)
        assert (report.state, report.exit_code) == ("complete", 0)
        assert max(one.at_s for one in weather.seen) <= 60 * minutes
        return [row["messages"] for row in dataset(tmp_path / "r")]

    kept = until(2)
    assert len(kept) > 20
    assert {len(messages) for messages in kept} == {4}
    more = until(1)
    assert len(more) > len(kept)
    assert all(messages in more for messages in kept)


def drawn(language: str, n: int, seed: int, **options: Any) -> list[End]:
    """Rows as far as their first question, which is empty."""
    loaded = catalogue.load(NAME, language, options)

    async def all_rows() -> list[End]:
        records = (Record(f"row-{k}", (k,), {}) for k in range(1, n + 1))
        return [await walk(loaded.recipe, loaded.texts, one, lambda _: "", seed=seed) for one in records]

    return asyncio.run(all_rows())


def weights(language: str, name: str) -> dict[str, float]:
    rows = catalogue.texts_of(catalogue.find(NAME))[language].tables[name]
    return {row[next(iter(row))]: float(row["weight"]) for row in rows}


def chi_squared(seen: Counter[str], weight: dict[str, float]) -> float:
    n, total = seen.total(), sum(weight.values())
    return sum((seen[one] - n * w / total) ** 2 / (n * w / total) for one, w in weight.items())


def test_families_tasks_and_topics_come_up_by_their_weights() -> None:
    """Fault 9: a choice made once per process instead of once per row would give one family alone."""
    rows = [end.record for end in drawn("ja", 2500, 0)]
    assert (
        chi_squared(Counter(row["family"] for row in rows), weights("ja", "families")) < 18.5
    )  # 4 df, p 0.001
    table_of = catalogue.texts_of(catalogue.find(NAME))["ja"].tables
    coding = {row["task"]: float(row["weight"]) for row in table_of["tasks"] if row["family"] == "coding"}
    seen = Counter(row["task"] for row in rows if row["family"] == "coding")
    assert chi_squared(seen, coding) < 24.3  # 7 df, p 0.001
    topics = {
        row["topic"]: float(row["weight"]) for row in table_of["topics"] if row["topic_type"] == "situation"
    }
    seen = Counter(row["topic"] for row in rows if row["family"] == "arithmetic")
    assert chi_squared(seen, topics) < 72.1  # 39 df, p 0.001
    assert [row["task"] for row in rows[:40]] != [rows[0]["task"]] * 40


def test_neighbouring_seeds_share_no_more_prompts_than_distant_ones() -> None:
    """Fault 10: two jobs with close seeds repeated each other."""

    def prompts(seed: int) -> list[tuple[str, ...]]:
        ends = drawn("ja", 500, seed)
        return [tuple(str(end.record[name]) for name in ("task", "topic", "level")) for end in ends]

    seven, eight, far = prompts(7), prompts(8), prompts(915_222)
    for other in (eight, far):
        assert (
            sum(a == b for a, b in zip(seven, other, strict=True)) <= 3
        )  # 500 rows, some thousand combinations
        assert sum(a == b for a, b in zip(seven[1:], other, strict=False)) <= 3
    near, distant = len(set(seven) & set(eight)), len(set(seven) & set(far))
    assert abs(near - distant) < 25


@EACH_LANGUAGE
def test_what_does_not_go_together_never_meets(language: str) -> None:
    tables = catalogue.texts_of(catalogue.find(NAME))[language].tables
    types = {row["task"]: set(row["topic_types"].split()) for row in tables["tasks"]}
    topics = {row["topic"]: row for row in tables["topics"]}
    grade = {row["level"]: row["grade"] for row in tables["levels"]}
    for end in drawn(language, 300, 5):
        row = end.record
        assert row["topic_type"] in types[row["task"]]
        assert row["topic_type"] == topics[row["topic"]]["topic_type"]
        assert grade[row["level"]] in topics[row["topic"]]["grades"].split()


@EACH_LANGUAGE
def test_the_lists_are_as_long_as_the_requirement_wants_and_hold_nothing_twice(language: str) -> None:
    tables = catalogue.texts_of(catalogue.find(NAME))[language].tables
    for name in ("families", "tasks", "topics", "levels"):
        firsts = [next(iter(row.values())) for row in tables[name]]
        assert len(set(firsts)) == len(firsts)
    n = Counter(row["topic_type"] for row in tables["topics"])
    assert len(tables["tasks"]) >= 40
    assert n["maths"] >= 120
    assert n["coding"] >= 150
    assert n["puzzle"] + n["logic"] >= 50
    assert n["everyday"] + n["science"] + n["society"] + n["history"] + n["language"] >= 150
    used = {kind for row in tables["tasks"] for kind in row["topic_types"].split()}
    assert set(n) == used
    assert not {row["topic"] for row in tables["topics"]} & {row["sample_topic"] for row in tables["tasks"]}
    grades = {grade for row in tables["topics"] for grade in row["grades"].split()}
    assert grades == {row["grade"] for row in tables["levels"]}
    families = {row["family"] for row in tables["tasks"]}
    assert families == {row["family"] for row in tables["families"]} == set(Counter(families))


@pytest.mark.parametrize(("family", "most"), [("basic", 512), ("arithmetic", 512), ("coding", 1024)])
def test_sampling_is_that_of_the_source(family: str, most: int) -> None:
    loaded = catalogue.load(NAME, "en", {"families": [family], "turns_min": 1, "turns_max": 1})
    captured: list[Asked] = []
    author = Author("en")

    def script(asked: Asked) -> str:
        return str(author.say(list(asked.request.messages)))

    for k in range(1, 7):
        asyncio.run(walk(loaded.recipe, loaded.texts, Record(f"r{k}", (k,), {}), script, captured))
    assert {one.request.sampling.temperature for one in captured} == {0.7}
    assert {one.request.sampling.max_tokens for one in captured} == {512, most}


def test_families_are_chosen_by_an_option_and_a_wrong_one_is_named() -> None:
    assert {end.record["family"] for end in drawn("en", 60, 0, families=["coding", "reasoning"])} == {
        "coding",
        "reasoning",
    }
    with pytest.raises(SetupError) as caught:
        catalogue.load(NAME, "en", {"families": ["codign"]})
    assert caught.value.next == "did you mean 'coding'?"
    with pytest.raises(SetupError, match="families leaves nothing to draw from"):
        catalogue.load(NAME, "en", {"families": []})


@pytest.mark.parametrize("options", [{"turns_min": 0}, {"turns_min": 3, "turns_max": 2}])
def test_an_impossible_number_of_turns_is_a_setup_error(options: dict[str, int]) -> None:
    with pytest.raises(SetupError, match="the number of turns goes from turns_min"):
        catalogue.load(NAME, "ja", options)


def test_no_helper_field_reaches_the_dataset() -> None:
    recipe = catalogue.load(NAME, "en").recipe
    assert list(recipe.writes) == ["family", "task", "topic", "topic_type", "level", "follow_ups", "messages"]
    assert recipe.needs == ()
