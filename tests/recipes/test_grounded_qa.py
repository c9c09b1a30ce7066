"""What only grounded questions promise: evidence with its place, nothing made up, no answer where there is none."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import tanemaki
from support.context import Asked, End, ScriptedContext, in_order, walk, walk_all
from support.over_http import over_http
from support.runs import dataset, table
from support.runs import run as run_objects
from support.small_documents import pdf_bytes
from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Request
from tanemaki.core.record import Record
from tanemaki.core.seeding import Draw, hex_id
from tanemaki.core.step import spec_of
from tanemaki.models.scripted import Scripted, last_text
from tanemaki.recipes import catalogue
from tanemaki.text.quotes import find_quote

NAME = "grounded_qa"
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
N = 70
FORM = {
    "ja": (
        "根拠：{quote}\n質問：{question}\n答え：{answer}",
        "第{k}倉庫の鍵は、{k}番の棚に置いてある。棚は毎週見回る。",
    ),
    "en": (
        "Evidence: {quote}\nQuestion: {question}\nAnswer: {answer}",
        "The key of store {k} lies on shelf {k}. It is checked weekly.",
    ),
}
ASKED = {"ja": "第{k}倉庫の鍵は、どこに置いてありますか。", "en": "Where does the key of store {k} lie?"}
ANSWERED = {"ja": "{k}番の棚に置いてあります。", "en": "On shelf {k}, and somebody checks it weekly."}
FAULTS = (
    "quote_not_in_source",
    "number_not_in_source",
    "points_at_passage",
    "near_copy",
    "no_marker",
    "nothing_to_ask",
    "wrong_language",
    "refusal",
)


def passage(k: int, language: str) -> str:
    return FORM[language][1].format(k=k)


def reply(k: int, language: str, fault: str | None) -> str:
    ja = language == "ja"
    quote = passage(k, language).split("。" if ja else ". ")[0] + ("。" if ja else ".")
    question, answer = ASKED[language].format(k=k), ANSWERED[language].format(k=k)
    if fault == "quote_not_in_source":
        quote = quote.replace("鍵は", "鍵を").replace("lies", "is lying")
    elif fault == "number_not_in_source":
        answer = answer.replace(str(k), str(k + 1000))
    elif fault == "points_at_passage":
        question = ("この文章によると、" if ja else "According to the passage, ") + question
    elif fault == "near_copy":
        answer = question
    elif fault == "nothing_to_ask":
        return "質問：なし" if ja else "Question: none"
    elif fault == "wrong_language":
        question = ASKED["en" if ja else "ja"].format(k=k)
    elif fault == "refusal":
        answer = "申し訳ありませんが、お答えできません。" if ja else "I'm sorry, but I can't help with that."
    text = FORM[language][0].format(quote=quote, question=question, answer=answer)
    return text.replace("質問：" if ja else "Question:", "", 1) if fault == "no_marker" else text


def fault_of(k: int) -> str | None:
    draw = Draw("planted", k)
    return draw.choose(FAULTS) if draw.uniform() < 0.4 else None


def write_documents(folder: Path, language: str) -> None:
    """One document a passage: every third a PDF, every third a Markdown file, the rest texts."""
    folder.mkdir()
    for k in range(1, N + 1):
        text = passage(k, language)
        if k % 3 == 0:
            (folder / f"{k:03}.pdf").write_bytes(pdf_bytes([[text]], title=f"文書{k}"))
        else:
            ending = "md" if k % 3 == 1 else "txt"
            (folder / f"{k:03}.{ending}").write_text(text, encoding="utf-8")


def model(language: str) -> Scripted:
    def answer(request: Request) -> str:
        shown = last_text(request)
        k = next(k for k in range(N, 0, -1) if passage(k, language) in shown)
        return reply(k, language, fault_of(k))

    return Scripted(answer)


def run(folder: Path, language: str, **more: Any) -> Any:
    with over_http(model(language)) as served:
        return tanemaki.Run(
            recipe=NAME,
            language=language,
            source={"kind": "documents", "path": str(folder.parent / "docs"), "licence": "CC0-1.0"},
            models={"writer": served},
            output=str(folder),
            **more,
        ).start()


@EACH_LANGUAGE
def test_a_run_over_documents_puts_every_planted_fault_under_its_reason(
    tmp_path: Path, language: str
) -> None:
    write_documents(tmp_path / "docs", language)
    run(tmp_path / "one", language)
    rows = dataset(tmp_path / "one")
    rejected = table(tmp_path / "one" / "rejected.parquet")
    wanted = Counter(fault for k in range(1, N + 1) if (fault := fault_of(k)))
    assert len(wanted) == len(FAULTS), "each fault is planted"
    assert Counter(row["reason"] for row in rejected) == wanted
    assert len(rows) == N - wanted.total() > 30
    for row in rows:
        k = int(row["file"][:3])
        evidence = json.loads(row["evidence"])
        assert len(evidence) == 1
        assert evidence[0]["quote"] == row["quote"]
        assert row["quote"] in row["text"] == passage(k, language)
        start, end = map(int, evidence[0]["span"].removeprefix("chars ").split("-"))
        assert row["text"][start:end] == row["quote"]
        assert evidence[0]["page"] == (1 if k % 3 == 0 else None)
        assert row["messages"][0]["content"].count(row["text"]) == 1
        assert row["messages"][1]["content"] == row["answer"]
        assert row["sources"][0]["licence"] == "CC0-1.0"
        assert row["sources"][0]["id"] == row["file"]
        assert str(row["sources"][0]["span"]).endswith(f"chars 0-{len(row['text'])}")


@pytest.mark.parametrize("reverse", [False, True])
def test_the_rows_are_the_same_one_by_one_side_by_side_and_in_reverse(
    tmp_path: Path, *, reverse: bool
) -> None:
    loaded = catalogue.load(NAME, "ja", {"questions": 2})
    told = []
    for concurrency, rows in ((1, range(1, 41)), (8, range(40, 0, -1) if reverse else range(1, 41))):
        folder = tmp_path / str(concurrency)
        source = [{"text": passage(k, "ja")} for k in rows]
        settings = {"writer": ModelSettings(kind="scripted", file="-", concurrency=concurrency)}
        run_objects(
            loaded.recipe, source, folder, model("ja"), texts=loaded.texts, settings=settings, language="ja"
        )
        told.append(
            sorted(json.dumps([row["text"], row["kinds"], row["messages"]]) for row in dataset(folder))
        )
    assert told[0] == told[1]
    assert len(told[0]) > 20


def record(k: int = 1, language: str = "ja", **more: Any) -> Record:
    return Record(f"r{k}", (k,), {"text": passage(k, language), **more})


def end_of(
    language: str,
    options: dict[str, Any],
    replies: list[str],
    captured: list[Asked] | None = None,
    row: Record | None = None,
) -> End:
    loaded = catalogue.load(NAME, language, options)
    return asyncio.run(
        walk(loaded.recipe, loaded.texts, row or record(1, language), in_order(replies), captured)
    )


@EACH_LANGUAGE
def test_the_evidence_is_kept_as_the_source_writes_it(language: str) -> None:
    said = reply(1, language, None)
    mangled = said.replace("第1倉庫の鍵は、", "第１倉庫の\n鍵は､", 1).replace(
        "The key of store", "The key\nof  store", 1
    )
    end = end_of(language, {}, [mangled])
    assert end.reject is None
    assert end.record["quote"] in passage(1, language)
    assert find_quote(end.record["quote"], passage(1, language)) is not None


@EACH_LANGUAGE
def test_every_turn_sees_the_passage_and_exactly_its_own_dialogue(language: str) -> None:
    """Fault 6: a second answer without history, or with another row's."""
    options = {"turns_min": 2, "turns_max": 2}
    follow = {
        "ja": "根拠：棚は毎週見回る。\n質問：それはどのくらいの間隔で見回りますか。\n答え：毎週です。",
        "en": "Evidence: It is checked weekly.\nQuestion: And how often does somebody look there?\nAnswer: Every week.",
    }[language]
    captured: list[Asked] = []
    end = end_of(language, options, [reply(1, language, None), follow], captured)
    assert end.reject is None
    assert [message["role"] for message in end.record["messages"]] == ["user", "assistant"] * 2
    assert [one["turn"] for one in end.record["evidence"]] == [1, 2]
    assert all(passage(1, language) in asked.text for asked in captured)
    last = str(captured[1].request.messages[-1]["content"])
    assert end.record["question"] in last
    assert end.record["answer"] in last
    assert end.record["kinds"][1] == end.record["evidence"][1]["kind"]


@EACH_LANGUAGE
def test_an_unanswerable_question_says_so_has_no_quote_and_is_looked_at_by_the_judge(language: str) -> None:
    options = {"unanswerable_share": 1.0}
    asked = {
        "ja": "質問：第1倉庫の鍵は、だれが作りましたか。",
        "en": "Question: Who made the key of store 1?",
    }[language]
    verdict = {"ja": "判定：書かれていない", "en": "Verdict: not answered"}[language]
    captured: list[Asked] = []
    end = end_of(language, options, [asked, verdict], captured)
    assert end.reject is None
    assert [one.role for one in captured] == ["writer", "judge"]
    assert end.record["answerable"] is False
    assert (end.record["quote"], end.record["evidence"]) == (None, [])
    wordings = {row["answer"] for row in catalogue.load(NAME, language).texts.tables["no_answer"]}
    assert end.record["answer"] in wordings
    assert len(wordings) >= 10


@pytest.mark.parametrize(
    ("check", "roles", "n_calls"),
    [("none", {"writer"}, 1), ("unanswerable", {"writer"}, 1), ("all", {"writer", "judge"}, 2)],
)
def test_the_judge_is_needed_only_where_it_is_asked(check: str, roles: set[str], n_calls: int) -> None:
    loaded = catalogue.load(NAME, "ja", {"check": check})
    assert set(loaded.recipe.roles) == roles
    captured: list[Asked] = []
    end = end_of("ja", {"check": check}, [reply(1, "ja", None), "判定：裏付けあり"], captured)
    assert end.reject is None
    assert len(captured) == n_calls


def test_without_context_the_question_stands_alone() -> None:
    end = end_of("ja", {"context": False}, [reply(1, "ja", None)])
    assert end.record["messages"] == [
        {"role": "user", "content": end.record["question"]},
        {"role": "assistant", "content": end.record["answer"]},
    ]


def test_passages_that_stand_together_are_asked_across_and_their_places_are_kept() -> None:
    passages: list[dict[str, Any]] = [
        {
            "text": passage(k, "ja"),
            "section": None,
            "page": k,
            "page_last": k,
            "start": 100 * k,
            "end": 100 * k + 30,
        }
        for k in (3, 7)
    ]
    row = record(text="\n\n".join(one["text"] for one in passages), passages=passages)
    both = (
        "根拠：第3倉庫の鍵は、3番の棚に置いてある。\n根拠：第7倉庫の鍵は、7番の棚に置いてある。\n"
        "質問：第3倉庫と第7倉庫の鍵は、同じ棚に置いてありますか。\n答え：いいえ。3番の棚と7番の棚に分けて置いてあります。"
    )
    captured: list[Asked] = []
    end = end_of("ja", {"multi_passage": True}, [both], captured, row)
    assert end.reject is None
    assert [(one["passage"], one["page"], one["span"]) for one in end.record["evidence"]] == [
        (1, 3, "chars 300-319"),
        (2, 7, "chars 700-719"),
    ]
    assert "[1] 第3倉庫" in captured[0].text
    assert "[2] 第7倉庫" in captured[0].text


@EACH_LANGUAGE
def test_several_questions_about_one_passage_ask_for_different_things(language: str) -> None:
    loaded = catalogue.load(NAME, language, {"questions": 5})
    ends = asyncio.run(
        walk_all(loaded.recipe, loaded.texts, [record(1, language)], lambda _: reply(1, language, None))
    )
    assert len({end.record["kind"] for end in ends}) == 5


def drawn(language: str, n: int, seed: int = 0) -> list[str]:
    loaded = catalogue.load(NAME, language)
    step = spec_of(loaded.recipe.steps[0]).step
    return [
        step(record(k), ScriptedContext(loaded.texts, lambda _: "", [], NAME, "kind", f"r{k}", seed))["kind"]
        for k in range(n)
    ]


@EACH_LANGUAGE
def test_kinds_come_by_their_weights(language: str) -> None:
    rows = catalogue.load(NAME, language).texts.tables["kinds"]
    total = sum(float(row["weight"]) for row in rows)
    n = 4_000
    seen = Counter(drawn(language, n))
    square = sum(
        (seen[row["kind"]] - n * float(row["weight"]) / total) ** 2 / (n * float(row["weight"]) / total)
        for row in rows
    )
    assert len(rows) == 12
    assert square < 31.3, "χ² with 11 degrees of freedom: one run in a thousand is above"


def test_neighbouring_seeds_share_no_more_draws_than_chance() -> None:
    """Fault 10: adjacent seeds make jobs repeat each other."""
    one, other = drawn("ja", 2_000, seed=1), drawn("ja", 2_000, seed=2)
    shares = [count / 2_000 for count in Counter(one).values()]
    chance = sum(share**2 for share in shares)
    assert abs(sum(a == b for a, b in zip(one, other, strict=True)) / 2_000 - chance) < 0.03


def test_the_share_of_unanswerable_questions_is_the_one_asked_for() -> None:
    loaded = catalogue.load(NAME, "ja", {"unanswerable_share": 0.2})
    step = spec_of(loaded.recipe.steps[0]).step
    contexts = [
        ScriptedContext(loaded.texts, lambda _: "", [], NAME, "kind", hex_id(k)) for k in range(2_000)
    ]
    share = sum(not step(record(), context)["answerable"] for context in contexts) / 2_000
    assert 0.17 < share < 0.23


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"questions": 0}, "questions and turns are 1 or more"),
        ({"turns_min": 3, "turns_max": 2}, "questions and turns are 1 or more"),
        ({"unanswerable_share": 1.5}, "questions and turns are 1 or more"),
        ({"unanswerable_share": 0.1, "context": False}, "a question without an answer means nothing"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], what: str) -> None:
    with pytest.raises(SetupError, match=what):
        catalogue.load(NAME, "ja", options)


@EACH_LANGUAGE
def test_the_prompts_own_examples_keep_their_rules(language: str) -> None:
    """The evidence of each worked example stands in the example's document, and the prompt copies are near-copies."""
    texts = catalogue.load(NAME, language).texts
    for name in ("question", "across", "follow_up"):
        messages = texts.prompts[name].render(dict.fromkeys(texts.prompts[name].slots, "x"))
        for shown, said in zip(messages[1::2], messages[2::2], strict=False):
            lines = [
                line for line in said["content"].splitlines() if line.startswith(("根拠：", "Evidence: "))
            ]
            assert lines
            for line in lines:
                assert find_quote(line.split("：" if language == "ja" else ": ", 1)[1], shown["content"])


def test_a_row_without_text_worth_asking_about_is_rejected_before_anything_is_paid() -> None:
    captured: list[Asked] = []
    end = end_of("ja", {"multi_passage": True}, [], captured, record(text="一文だけの資料である。"))
    assert end.reject is not None
    assert end.reject.reason == "one_passage"
    assert captured == []


@EACH_LANGUAGE
def test_a_reply_that_goes_on_with_a_passage_of_its_own_is_not_kept(language: str) -> None:
    more = {"ja": "\n\n資料：\n別の倉庫の話。", "en": "\n\nDocument:\nAnother store."}[language]
    end = end_of(language, {}, [reply(1, language, None) + more])
    assert end.reject is not None
    assert end.reject.reason == "several_questions"
    assert end.reject.note == "turn 1, goes on with a passage of its own"
