"""What only dialogues of personas promise: history, copies, combinations, and prompts that a person would write."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from pathlib import Path

import pytest

from support.context import Asked, End, in_order, walk
from support.over_http import over_http
from support.recipe_runs import accepted, rejected, run_recipe, without_lineage
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.core.record import Record
from tanemaki.core.seeding import Draw
from tanemaki.models.scripted import Scripted
from tanemaki.recipes import catalogue

NAME = "persona_dialogue"
LANGUAGES = ("ja", "en")
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
TWO = {"turns_min": 2, "turns_max": 2}
SAID = {
    "ja": (
        "質問：{k}番の畑で{t}月に霜が降りるとき、苗をどう守ればよいですか。",
        "{k}番の畑では、{t}月のあいだ夕方のうちに布を掛け、朝の日が当たってから外すとよいです。",
    ),
    "en": (
        "Question: How do I save the seedlings in field {k} when there is frost in month {t}?",
        "In field {k}, cover them with cloth in the evenings of month {t} and uncover them when the sun is up.",
    ),
}


def persona(k: int) -> Record:
    return Record(f"row-{k}", (k,), {"persona": f"<persona {k}>"})


@EACH_LANGUAGE
@pytest.mark.parametrize("n_rows", [1, 7, 64])
def test_every_call_of_every_row_holds_exactly_that_rows_own_history(language: str, n_rows: int) -> None:
    """Fault 6: a second answer without history, or with another row's."""
    loaded = catalogue.load(NAME, language, {"turns_min": 1, "turns_max": 4})
    captured: list[Asked] = []

    async def script(asked: Asked) -> str:
        draw = Draw("delay", n_rows, asked.record_id, asked.place)
        for _ in range(draw.below(9)):
            await asyncio.sleep(0)  # lets the other rows go on, a different number of times each
        form = SAID[language][asked.place % 2]
        return form.format(k=asked.record_id.removeprefix("row-"), t=asked.place // 2 + 1)

    async def all_rows() -> list[End]:
        rows = (walk(loaded.recipe, loaded.texts, persona(k), script, captured) for k in range(n_rows))
        return list(await asyncio.gather(*rows))

    ends = asyncio.run(all_rows())
    assert [end.reject for end in ends] == [None] * n_rows
    by_row: dict[str, list[Asked]] = {f"row-{k}": [] for k in range(n_rows)}
    for asked in captured:
        by_row[asked.record_id].append(asked)
    if n_rows > 1:
        order = [asked.record_id for asked in captured]
        assert order != sorted(order, key=lambda name: list(by_row).index(name)), (
            "the rows were really interleaved"
        )
    for k, end in enumerate(ends):
        calls, messages = by_row[f"row-{k}"], end.record["messages"]
        assert len(calls) == len(messages) == 2 * end.record["turns"]
        for place, asked in enumerate(calls):
            _holds_its_own_history(asked, messages[:place], k, n_rows)


def gardener(language: str, faults: dict[int, str], request: Request) -> str:
    """Play both sides from what is shown alone; the rows of ``faults`` say something else at their second question."""
    shown = [str(message["content"]) for message in request.messages]
    persona = re.search(r"<persona (\d+)>", shown[0])
    if persona is None:
        k = int(re.findall(r"(\d+)番の畑|field (\d+)", shown[1])[0][language == "en"])
        return SAID[language][1].format(k=k, t=len(shown) // 2)
    k, earlier = (
        int(persona[1]),
        shown[-1].count({"ja": "番の畑で", "en": "I save the seedlings in"}[language]),
    )
    t = earlier // {"ja": 2, "en": 1}[language] + 1
    return faults[k] if k in faults and t > 1 else SAID[language][0].format(k=k, t=t)


@EACH_LANGUAGE
def test_a_run_over_http_keeps_the_good_rows_in_any_order(language: str, tmp_path: Path) -> None:
    """Fault 28: only the first message was looked at; here the faults sit in the second."""
    other = SAID[{"ja": "en", "en": "ja"}[language]][0].format(k=1, t=2)
    marker = {"ja": "質問：", "en": "Question: "}[language]
    planted = {
        "empty": " ",
        "wrong_language": other,
        "no_marker": SAID[language][0].format(k=1, t=2).removeprefix(marker),
        "too_short": f"{marker}?",
    }
    reasons = dict(zip(range(3, 35, 4), [*planted, *planted], strict=True))
    faults = {k: planted[reason] for k, reason in reasons.items()}
    told = []
    with over_http(Scripted(lambda request: gardener(language, faults, request))) as served:
        for name, n, step in (("one", 1, 1), ("eight", 8, 1), ("back", 8, -1)):
            source = [{"persona": f"<persona {k}>"} for k in range(60)][::step]
            run_recipe(NAME, tmp_path / name, language, source, served, concurrency=n, options=TWO)
            told.append(without_lineage(accepted(tmp_path / name)))
            assert Counter(row["reason"] for row in rejected(tmp_path / name)) == Counter(reasons.values())
    assert told[0] == told[1] == told[2]
    assert len(told[0]) == 60 - len(reasons) > 50
    for row in told[0].values():
        k = int(row["persona"].strip("<persona>"))
        said = [SAID[language][n % 2].format(k=k, t=n // 2 + 1).removeprefix(marker) for n in range(4)]
        assert [message["content"] for message in row["messages"]] == said
        assert k not in faults


def _holds_its_own_history(asked: Asked, history: list[dict[str, str]], k: int, n_rows: int) -> None:
    said = [message["content"] for message in history]
    if asked.place % 2:
        assert [message["content"] for message in asked.request.messages[1:]] == said
        assert [message["role"] for message in asked.request.messages[1:]] == [one["role"] for one in history]
        assert asked.request.messages[0]["role"] == "system"
    else:
        assert f"<persona {k}>" in asked.text
        last = str(asked.request.messages[-1]["content"])
        places = [last.find(text) for text in said]
        assert -1 not in places
        assert places == sorted(places)
    for other in range(n_rows):
        if other != k:
            assert f"<persona {other}>" not in asked.text
            assert f"field {other} " not in asked.text
            assert f" {other}番の畑" not in asked.text.replace("：", " ").replace("\n", " ")


@EACH_LANGUAGE
def test_a_question_copied_from_the_prompts_own_examples_is_a_near_copy(language: str) -> None:
    loaded = catalogue.load(NAME, language, TWO)
    example = next(
        message["content"]
        for message in loaded.texts.prompts["question"].render(dict.fromkeys(_slots(language), "x"))
        if message["role"] == "assistant"
    )
    end = asyncio.run(walk(loaded.recipe, loaded.texts, persona(1), in_order([example])))
    assert end.reject is not None
    assert end.reject.reason == "near_copy"
    assert str(end.reject.note).startswith("turn 1, question")


def _slots(language: str) -> frozenset[str]:
    return catalogue.load(NAME, language).texts.prompts["question"].slots


@EACH_LANGUAGE
def test_nothing_after_a_solutions_marker_remains_anywhere(language: str) -> None:
    """Fault 11: the pattern removed the marker and left the answer."""
    leak = {
        "ja": "\n【解答】布を掛けます。理由は霜よけです。",
        "en": "\n**Answer:** Cover them.\nBecause of the frost.",
    }[language]
    loaded = catalogue.load(NAME, language, TWO)
    captured: list[Asked] = []

    def script(asked: Asked) -> str:
        text = SAID[language][asked.place % 2].format(k=1, t=asked.place // 2 + 1)
        return text if asked.place % 2 else text + leak

    end = asyncio.run(walk(loaded.recipe, loaded.texts, persona(1), script, captured))
    assert end.reject is None
    tail = leak.split("】" if language == "ja" else "**")[-1]
    assert tail not in str(end.record["messages"])
    assert all(tail not in asked.text for asked in captured)


@EACH_LANGUAGE
def test_the_number_of_turns_is_drawn_per_row_from_the_options(language: str) -> None:
    loaded = catalogue.load(NAME, language, {"turns_min": 2, "turns_max": 4})
    seen = Counter(
        asyncio.run(walk(loaded.recipe, loaded.texts, persona(k), in_order([""]))).record["turns"]
        for k in range(300)
    )
    assert set(seen) == {2, 3, 4}
    assert min(seen.values()) > 70


@pytest.mark.parametrize("options", [{"turns_min": 0}, {"turns_min": 3, "turns_max": 2}, {"turns_max": 0}])
def test_an_impossible_number_of_turns_is_a_setup_error(options: dict[str, int]) -> None:
    with pytest.raises(
        SetupError, match="the number of turns goes from turns_min, 1 or more, up to turns_max"
    ):
        catalogue.load(NAME, "ja", options)


@EACH_LANGUAGE
def test_tables_are_large_enough_without_repeats_and_every_kind_is_used(language: str) -> None:
    tables = catalogue.texts_of(catalogue.find(NAME))[language].tables
    for name, n_rows in {"tasks": 25, "topics": 150, "levels": 6}.items():
        cells = [row[name.removesuffix("s")] for row in tables[name]]
        assert len(cells) >= n_rows
        assert len(set(cells)) == len(cells)
        assert all(cell == cell.strip() and cell for row in tables[name] for cell in row.values())
    kinds = {kind for row in tables["topics"] for kind in row["kind"].split()}
    assert kinds == {kind for row in tables["tasks"] for kind in row["kinds"].split()}
    assert not {row["topic"] for row in tables["topics"]} & {row["sample_topic"] for row in tables["tasks"]}


@EACH_LANGUAGE
def test_tasks_and_topics_that_do_not_go_together_never_meet(language: str) -> None:
    loaded = catalogue.load(NAME, language, TWO)
    kind_of = {row["topic"]: set(row["kind"].split()) for row in loaded.texts.tables["topics"]}
    kinds_of = {row["task"]: set(row["kinds"].split()) for row in loaded.texts.tables["tasks"]}
    pairs = set()
    for k in range(400):
        fields = asyncio.run(walk(loaded.recipe, loaded.texts, persona(k), in_order([""]))).record
        assert kind_of[fields["topic"]] & kinds_of[fields["task"]]
        pairs.add((fields["task"], fields["topic"]))
    assert len(pairs) > 280, "400 rows are hardly ever about the same thing twice"


@EACH_LANGUAGE
def test_no_filter_sees_thinking_and_no_later_turn_holds_it(language: str) -> None:
    loaded = catalogue.load(NAME, language, TWO)
    captured: list[Asked] = []

    def script(asked: Asked) -> Reply:
        text = SAID[language][asked.place % 2].format(k=1, t=asked.place // 2 + 1)
        return Reply(text, thinking="User: 答え：ひそかな考え")

    end = asyncio.run(walk(loaded.recipe, loaded.texts, persona(1), script, captured))
    assert end.reject is None
    assert "ひそかな" not in str(end.record.fields)
    assert all("ひそかな" not in asked.text for asked in captured)


@EACH_LANGUAGE
def test_the_fields_that_only_serve_the_prompt_stay_out_of_the_dataset(language: str) -> None:
    recipe = catalogue.load(NAME, language).recipe
    assert list(recipe.writes) == ["task", "topic", "level", "turns", "messages"]
    assert recipe.needs == ("persona",)
