"""What only back-translation promises: the text stays as it is, and no score is ever guessed."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from support.context import Asked, End, in_order, walk
from support.over_http import over_http
from support.runs import dataset, table
from support.runs import run as run_objects
from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Request
from tanemaki.core.record import Record
from tanemaki.core.seeding import Draw
from tanemaki.models.scripted import Scripted
from tanemaki.recipes import catalogue

NAME = "back_translation"
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
N = 60
TEXT = {
    "ja": "第{k}倉庫の鍵は、{k}番の棚に置いてあります。\r\n使い終わったら、札を裏返してから\t元の場所へ戻してください。　\n"
    "棚は毎週月曜日の朝に見回り、鍵がないときは当番が名簿を見て、最後に借りた人へ電話をかけます。返し忘れが三度続いた人には、しばらく鍵を貸しません。",
    "en": "The key of store {k} lies on shelf {k}.\r\nWhen you have finished, turn the tag over\tand put the key back.  \n"
    "The shelf is checked on Mondays, and if a key is gone, whoever is on duty calls the last borrower in the book.",
}
SAID = {
    "ja": "指示：第{k}倉庫を使う人のために、鍵の置き場所と返し方の決まりを短くまとめてください。",
    "en": "Instruction: Sum up for users of store {k} how they borrow and return its key, in a few plain sentences.",
}
SCORE = {"ja": "きまりがはっきり書かれている。\n点数：{n}", "en": "The rules are clear.\nScore: {n}"}
FAULTS = ("low_score", "no_score", "no_marker", "copied_run", "points_at_passage", "empty")


def fault_of(k: int) -> str | None:
    draw = Draw("planted", NAME, k)
    return draw.choose(FAULTS) if draw.uniform() < 0.4 else None


def answer(language: str, request: Request) -> str:
    ja = language == "ja"
    shown = str(request.messages[-1]["content"])
    k = next(k for k in range(N, 0, -1) if (f"第{k}倉庫" if ja else f"store {k} ") in shown)
    fault = fault_of(k)
    if ("答え：" if ja else "Answer:") in shown:
        return SCORE[language].format(n={"low_score": "4", "no_score": "8/10"}.get(fault or "", "5"))
    said = SAID[language].format(k=k)
    if fault == "no_marker":
        return said.split("：" if ja else ": ", 1)[1]
    if fault == "copied_run":
        return said + (
            "鍵がないときは当番が名簿を見て最後に借りた人へ電話をかけます。"
            if ja
            else " The key of store lies on shelf: turn the tag over and put the key back. The shelf is checked on Mondays."
        )
    if fault == "points_at_passage":
        return (
            said.replace("：", "：この文章のように、")
            if ja
            else said.replace(": ", ": As in the given text, ")
        )
    return "" if fault == "empty" else said


@EACH_LANGUAGE
def test_a_run_puts_every_planted_fault_under_its_reason_and_leaves_the_texts_alone(
    tmp_path: Path, language: str
) -> None:
    loaded = catalogue.load(NAME, language)
    told = []
    for concurrency, order in ((1, range(1, N + 1)), (8, range(N, 0, -1))):
        folder = tmp_path / str(concurrency)
        settings = {
            role: ModelSettings(kind="scripted", file="-", concurrency=concurrency)
            for role in loaded.recipe.roles
        }
        source = [{"text": TEXT[language].format(k=k), "mine": k} for k in order]
        with over_http(Scripted(lambda request: answer(language, request))) as model:
            run_objects(
                loaded.recipe, source, folder, model, texts=loaded.texts, settings=settings, language=language
            )
        rows = sorted(dataset(folder), key=lambda row: int(row["mine"]))
        told.append([(row["mine"], row["instruction"], row["response"], row["score"]) for row in rows])
        wanted = Counter(fault for k in range(1, N + 1) if (fault := fault_of(k)))
        assert Counter(row["reason"] for row in table(folder / "rejected.parquet")) == wanted
        assert len(wanted) == len(FAULTS)
        for row in rows:
            text = TEXT[language].format(k=row["mine"])
            assert row["response"] == row["messages"][1]["content"] == row["text"] == text
            assert row["messages"][0]["content"] == row["instruction"]
            assert row["score"] == 5
            assert row["score_rationale"] == SCORE[language].split("\n")[0]
    assert told[0] == told[1]
    assert len(told[0]) > 25


def end_of(
    language: str,
    replies: list[str],
    options: dict[str, int] | None = None,
    captured: list[Asked] | None = None,
) -> End:
    loaded = catalogue.load(NAME, language, options or {})
    record = Record("a", (1,), {"text": TEXT[language].format(k=1)})
    return asyncio.run(walk(loaded.recipe, loaded.texts, record, in_order(replies), captured))


@EACH_LANGUAGE
@pytest.mark.parametrize("score", ["1/10", "4.5", "10", "", "3-4", "good"])
def test_a_score_that_cannot_be_read_is_never_a_middle_one(language: str, score: str) -> None:
    """Faults 13 and 14."""
    end = end_of(language, [SAID[language].format(k=1), SCORE[language].format(n=score)], {"keep_from": 1})
    assert end.reject is not None
    assert (end.step, end.reject.reason) == ("score", "no_score")


@EACH_LANGUAGE
@pytest.mark.parametrize(
    ("score", "keep_from", "kept"), [(5, 5, True), (4, 5, False), (4, 4, True), (3, 4, False), (1, 1, True)]
)
def test_rows_are_kept_from_the_score_of_the_option_on(
    language: str, score: int, keep_from: int, *, kept: bool
) -> None:
    end = end_of(
        language, [SAID[language].format(k=1), SCORE[language].format(n=score)], {"keep_from": keep_from}
    )
    assert (end.reject is None) is kept
    if not kept:
        assert end.reject is not None
        assert (end.reject.reason, end.reject.measured, end.reject.limit) == ("low_score", score, keep_from)
        assert SCORE[language].split("\n")[0] in str(end.reject.note)


@EACH_LANGUAGE
def test_the_judge_sees_the_instruction_and_the_whole_text(language: str) -> None:
    captured: list[Asked] = []
    end = end_of(language, [SAID[language].format(k=1), SCORE[language].format(n=5)], None, captured)
    assert [asked.role for asked in captured] == ["writer", "judge"]
    assert end.record["instruction"] in captured[1].text
    assert TEXT[language].format(k=1) in captured[1].text
    assert captured[1].request.sampling.temperature == 0


@pytest.mark.parametrize(
    "options", [{"keep_from": 0}, {"keep_from": 6}, {"chars_min": 200, "chars_max": 100}]
)
def test_options_off_the_scale_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(SetupError, match="scores go from 1 to 5"):
        catalogue.load(NAME, "ja", options)
