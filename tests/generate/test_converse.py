"""Dialogues turn by turn: what each call is shown, and where a bad turn ends the row."""

import asyncio

import pytest

from support.context import Asked, ScriptedContext, in_order
from tanemaki.core.errors import ModelError
from tanemaki.core.model import Reply, Sampling
from tanemaki.core.prompt import Prompt, Texts
from tanemaki.core.record import Record
from tanemaki.core.step import spec_of
from tanemaki.core.verdict import Reject
from tanemaki.generate.converse import Converse

PROMPTS = {
    "question": "[user]\n手本\n[assistant]\n質問：手本の問い\n[user]\n{{ persona }}の最初の質問",
    "follow_up": "[user]\n{{ persona }}\n{{ messages }}\n次の質問",
    "answer": "[system]\n{{ level }}に答える",
}
TEXTS = Texts("ja", {name: Prompt(name, "ja", text) for name, text in PROMPTS.items()}, {})


class Shorten:
    """A cleaner and a filter in one, so that a test sees what a turn's record holds."""

    reasons = ("forbidden",)

    def __init__(self) -> None:
        self.seen: list[Record] = []

    def __call__(self, record: Record) -> Record | Reject:
        self.seen.append(record)
        if "禁" in record["text"]:
            return Reject("forbidden", "禁", None, "見つけた語")
        return record.with_fields(text=record["text"].removeprefix("質問："))


def step(question: Shorten | None = None, answer: Shorten | None = None) -> Converse:
    return Converse(
        "messages",
        user="asker",
        assistant="helper",
        given={"question": ("persona",), "follow_up": ("persona",), "answer": ("level",)},
        question_filters=(question,) if question else (),
        answer_filters=(answer,) if answer else (),
        question_sampling=Sampling(temperature=1),
        answer_sampling=Sampling(temperature=0),
        speakers=("問：", "答："),
    )


def record(turns: int) -> Record:
    return Record("a1", (1,), {"persona": "茶農家", "level": "大人", "turns": turns})


def run(one: Converse, turns: int, replies: list[Reply | str]) -> tuple[object, list[Asked]]:
    context = ScriptedContext(TEXTS, in_order(replies))
    return asyncio.run(one(record(turns), context)), context.captured


def test_every_call_holds_the_rows_whole_history_in_its_own_form() -> None:
    outcome, asked = run(step(Shorten()), 2, ["質問：霜は？", "覆います。", "質問：いつ？", "夜です。"])
    assert outcome == {
        "messages": [
            {"role": "user", "content": "霜は？"},
            {"role": "assistant", "content": "覆います。"},
            {"role": "user", "content": "いつ？"},
            {"role": "assistant", "content": "夜です。"},
        ]
    }
    assert [(one.role, one.request.sampling.temperature) for one in asked] == [
        ("asker", 1),
        ("helper", 0),
        ("asker", 1),
        ("helper", 0),
    ]
    assert [list(one.request.messages) for one in asked] == [
        [
            {"role": "user", "content": "手本"},
            {"role": "assistant", "content": "質問：手本の問い"},
            {"role": "user", "content": "茶農家の最初の質問"},
        ],
        [{"role": "system", "content": "大人に答える"}, {"role": "user", "content": "霜は？"}],
        [{"role": "user", "content": "茶農家\n問：霜は？\n答：覆います。\n次の質問"}],
        [
            {"role": "system", "content": "大人に答える"},
            {"role": "user", "content": "霜は？"},
            {"role": "assistant", "content": "覆います。"},
            {"role": "user", "content": "いつ？"},
        ],
    ]


@pytest.mark.parametrize("turns", [1, 3, 7])
def test_a_dialogue_has_as_many_turns_as_its_row_says(turns: int) -> None:
    replies: list[Reply | str] = [f"発言{k}" for k in range(2 * turns)]
    outcome, asked = run(step(), turns, replies)
    assert isinstance(outcome, dict)
    assert [message["content"] for message in outcome["messages"]] == replies
    assert [message["role"] for message in outcome["messages"]] == ["user", "assistant"] * turns
    assert len(asked) == 2 * turns


def test_filters_see_the_turn_with_what_was_said_before_and_the_prompts_examples() -> None:
    question, answer = Shorten(), Shorten()
    run(step(question, answer), 2, ["質問：霜は？", "覆います。", "質問：いつ？", "夜です。"])
    assert [(r["text"], r["earlier"]) for r in question.seen] == [
        ("質問：霜は？", []),
        ("質問：いつ？", ["霜は？", "覆います。"]),
    ]
    assert [r["examples"] for r in question.seen] == [["質問：手本の問い"], []]
    assert [(r["text"], r["earlier"]) for r in answer.seen] == [
        ("覆います。", ["霜は？"]),
        ("夜です。", ["霜は？", "覆います。", "いつ？"]),
    ]


@pytest.mark.parametrize(
    ("replies", "reject", "n_calls"),
    [
        (
            [Reply("質問：霜", finish_reason="length")],
            Reject("cut", None, None, "turn 1, question: …質問：霜"),
            1,
        ),
        (["質問：霜は？", " "], Reject("empty", 0, 1, "turn 1, answer"), 2),
        (["霜は？", "覆う。", "禁句"], Reject("forbidden", "禁", None, "turn 2, question: 見つけた語"), 3),
    ],
)
def test_a_bad_turn_ends_the_row_before_anything_further_is_paid(
    replies: list[Reply | str], reject: Reject, n_calls: int
) -> None:
    outcome, asked = run(step(Shorten(), Shorten()), 3, replies)
    assert outcome == reject
    assert len(asked) == n_calls


def test_thinking_never_enters_the_history() -> None:
    replies: list[Reply | str] = [
        Reply("霜は？", thinking="ひそかな考え"),
        "覆う。",
        Reply("いつ？", thinking="ひそか"),
        "夜。",
    ]
    outcome, asked = run(step(), 2, replies)
    assert "ひそか" not in str(outcome)
    assert all("ひそか" not in one.text for one in asked)


def test_a_reply_cut_while_thinking_fails_the_row_and_names_the_turn() -> None:
    with pytest.raises(ModelError) as caught:
        run(step(), 1, [Reply("", finish_reason="length", thinking="まだ")])
    assert (caught.value.fault, caught.value.where) == ("cut_while_thinking", "turn 1, question")


def test_its_reasons_are_its_own_and_its_filters_each_once() -> None:
    one = step(Shorten(), Shorten())
    assert spec_of(one).reasons == ("cut", "empty", "forbidden")
    assert spec_of(one).reads == ("persona", "level", "turns")
    assert spec_of(one).prompts == {
        "question": frozenset({"persona"}),
        "follow_up": frozenset({"persona", "messages"}),
        "answer": frozenset({"level"}),
    }
    assert list(spec_of(one).roles) == ["asker", "helper"]


def test_one_role_that_plays_both_is_named_once() -> None:
    assert Converse("messages", user="writer", assistant="writer").roles == ("writer",)
