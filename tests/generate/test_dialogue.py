"""Dialogues by a plan: whose turn it is, what each call is shown, what is drawn, and where a bad turn ends the row."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from support.context import Asked, ScriptedContext, in_order
from tanemaki.core.model import Reply, Sampling
from tanemaki.core.prompt import Prompt, Texts
from tanemaki.core.record import Message, Record
from tanemaki.core.step import spec_of
from tanemaki.core.verdict import Reject
from tanemaki.generate.dialogue import Dialogue, Plan
from tanemaki.generate.open_with import OpenWith
from tanemaki.generate.turns import Turn

PROMPTS = {
    "ask": "[user]\n{{ subject }}の質問",
    "more": "[user]\n{{ messages }}\n{{ stance }}",
    "say": "[system]\n{{ style }}で",
    "lone": "[user]\n前を見ない",
}
TABLES = {
    "stances": tuple({"stance": f"向き{n}"} for n in range(5)),
    "styles": tuple({"style": f"調子{n}"} for n in range(3)),
    "subjects": tuple({"subject": f"話題{n}"} for n in range(4)),
}
TEXTS = Texts("ja", {name: Prompt(name, "ja", text) for name, text in PROMPTS.items()}, TABLES)
ASK = Turn("ask", "user", of="asker", given=("subject",), history="none", sampling=Sampling(temperature=1))
MORE = Turn(
    "more", "user", of="asker", draws={"stance": "stances"}, history="shown", speakers=("問：", "答：")
)
SAY = Turn("say", "assistant", of="helper", draws={"style": "styles"}, sampling=Sampling(temperature=0))
LONE = Turn("lone", "assistant", of="helper", history="none")
TALK = Plan((ASK, SAY), (MORE, SAY), cast={"subject": "subjects.subject"})
STEP = Dialogue("messages", plans={"talk": TALK, "short": Plan((ASK, LONE), (MORE, LONE))})
U, A = "user", "assistant"


def record(n: int, opening: Sequence[Message] = (), variant: str = "talk", name: str = "a1") -> Record:
    return Record(name, (1,), {"variant": variant, "follow_ups": n, "opening": list(opening)})


def run(one: Dialogue, row: Record, replies: list[Reply | str]) -> tuple[Any, list[Asked]]:
    context = ScriptedContext(TEXTS, in_order(replies), record_id=row.id)
    return asyncio.run(one(row, context)), context.captured


def said(*texts: str) -> list[Message]:
    return [{"role": (U, A)[n % 2], "content": text} for n, text in enumerate(texts)]


def test_each_turn_is_asked_of_its_role_with_the_history_that_it_names() -> None:
    outcome, asked = run(STEP, record(1), ["霜は？", "覆う。", "いつ？", "夜。"])
    stance, (first, second) = outcome["stances"][0], outcome["styles"]
    assert outcome["messages"] == said("霜は？", "覆う。", "いつ？", "夜。")
    assert [(one.role, list(one.request.messages)) for one in asked] == [
        ("asker", [{"role": U, "content": f"{outcome['subject']}の質問"}]),
        ("helper", [{"role": "system", "content": f"{first}で"}, *said("霜は？")]),
        ("asker", [{"role": U, "content": f"問：霜は？\n答：覆う。\n{stance}"}]),
        ("helper", [{"role": "system", "content": f"{second}で"}, *said("霜は？", "覆う。", "いつ？")]),
    ]
    assert [one.request.sampling.temperature for one in asked] == [1, 0, None, 0]


@pytest.mark.parametrize(("last", "shown"), [(None, 5), (5, 5), (4, 3), (3, 3), (2, 1), (1, 1)])
def test_a_chat_that_is_cut_short_still_begins_with_the_user(last: int | None, shown: int) -> None:
    turn = Turn("lone", "assistant", of="helper", last=last)
    context = ScriptedContext(TEXTS, in_order(["夜。"]))
    history = said("一", "二", "三", "四", "五")
    asyncio.run(turn.say(history, {}, record(0), context, "here"))
    assert list(context.captured[0].request.messages)[1:] == history[5 - shown :]


@pytest.mark.parametrize(
    ("opening", "n", "n_calls"),
    [((), 0, 2), (("問",), 0, 1), (("問", "答"), 0, 0), (("問", "答"), 2, 4), (("問", "答", "問"), 1, 3)],
)
def test_a_dialogue_goes_on_from_wherever_the_source_left_it(
    opening: tuple[str, ...], n: int, n_calls: int
) -> None:
    outcome, asked = run(STEP, record(n, said(*opening)), [f"言{k}" for k in range(n_calls)])
    assert len(asked) == n_calls
    assert outcome["messages"] == said(*opening, *(f"言{k}" for k in range(n_calls)))
    assert (len(outcome["stances"]), len(outcome["styles"])) == (
        n,
        (n_calls - n + (not opening and -1)) if n_calls else 0,
    )
    assert (outcome["subject"] is None) == bool(opening), "what nobody was shown is not told"


def test_nothing_is_drawn_twice_until_the_table_is_used_up() -> None:
    outcome, _ = run(STEP, record(12), [f"言{k}" for k in range(26)])
    assert len(set(outcome["stances"][:5])) == len(set(outcome["stances"][5:10])) == 5
    assert Counter(outcome["styles"][:12]) == dict.fromkeys([row["style"] for row in TABLES["styles"]], 4)


def test_draws_are_the_records_own_and_even() -> None:
    """Fault 9: a random choice that was made once per process instead of per row."""
    seen = Counter(
        (out["subject"], out["stances"][0])
        for k in range(2000)
        for out in [run(STEP, record(1, name=f"r{k}"), ["a", "b", "c", "d"])[0]]
    )
    assert len(seen) == 20
    chi2 = sum((n - 100) ** 2 / 100 for n in seen.values())
    assert chi2 < 43.8  # χ² of 19 degrees of freedom passes it once in a thousand


def test_the_plan_is_the_records_and_what_another_plan_uses_is_empty() -> None:
    outcome, asked = run(
        Dialogue("messages", plans={"talk": TALK, "lone": Plan((LONE,), (LONE,))}),
        record(0, said("問"), "lone"),
        ["答"],
    )
    assert outcome == {"messages": said("問", "答"), "subject": None, "stances": [], "styles": []}
    assert [one.text for one in asked] == ["前を見ない"]


class Forbid:
    """Refuses one letter."""

    @property
    def reasons(self) -> tuple[str, ...]:
        return ("forbidden",)

    def __call__(self, record: Record) -> Record | Reject:
        return Reject("forbidden", "禁", None, "見つけた") if "禁" in record["text"] else record


@pytest.mark.parametrize(
    ("replies", "reject"),
    [
        ([Reply("霜", finish_reason="length")], Reject("cut", None, None, "turn 1, ask: …霜")),
        (["霜は？", " "], Reject("empty", 0, 1, "turn 1, say")),
        (["霜は？", "覆う。", "禁句"], Reject("forbidden", "禁", None, "turn 2, more: 見つけた")),
        (
            ["霜は？", "覆う。", "夜？", Reply("夜に", finish_reason="length")],
            Reject("cut", None, None, "turn 2, say: …夜に"),
        ),
    ],
)
def test_a_talk_without_its_end_is_never_kept(replies: list[Reply | str], reject: Reject) -> None:
    more = Turn("more", "user", of="asker", draws={"stance": "stances"}, history="shown", filters=(Forbid(),))
    one = Dialogue("messages", plans={"talk": Plan((ASK, SAY), (more, SAY), cast=TALK.cast)})
    outcome, asked = run(one, record(3), replies)
    assert outcome == reject
    assert len(asked) == len(replies)
    assert spec_of(one).reasons == ("cut", "empty", "forbidden")


def test_what_it_reads_writes_and_needs_is_read_off_its_plans() -> None:
    spec = spec_of(STEP)
    assert spec.reads == ("variant", "follow_ups", "opening")
    assert spec.writes == {"messages": "messages", "subject": "text", "styles": "texts", "stances": "texts"}
    assert spec.tables["subjects"] == {"subject"}
    assert spec.prompts["more"] == {"messages", "stance"}
    assert list(spec.roles) == ["asker", "helper"]


PAIR = {"instruction": "葛とは？", "output": "根の澱粉です。"}


@pytest.mark.parametrize(
    ("first", "fields", "opening"),
    [
        ("persona", {"persona": "茶農家"}, []),
        ("instruction", {"instruction": "葛とは？"}, said("葛とは？")),
        ("pair", PAIR, said("葛とは？", "根の澱粉です。")),
        ("pair", {**PAIR, "input": "三十字で。"}, said("葛とは？\n\n三十字で。", "根の澱粉です。")),
        ("pair", {**PAIR, "input": " "}, said("葛とは？", "根の澱粉です。")),
        ("messages", {"messages": said("一", "二", "三", "四")}, said("一", "二", "三", "四")),
    ],
)
def test_a_dialogue_is_opened_with_what_the_row_brings(
    first: Any, fields: dict[str, Any], opening: list[Message]
) -> None:
    step = OpenWith("opening", first=first)
    assert step(Record("a", (1,), fields)) == {"opening": opening, "asker": fields.get("persona", "")}


@pytest.mark.parametrize(
    ("first", "fields", "measured"),
    [
        ("persona", {"persona": " "}, "no persona"),
        ("instruction", {"instruction": None}, "message 1 says nothing"),
        ("pair", {**PAIR, "output": "　"}, "message 2 says nothing"),
        ("messages", {"messages": None}, "no messages"),
        (
            "messages",
            {"messages": [{"role": "system", "content": "x"}]},
            "message 1 is not a plain turn of the user",
        ),
        ("messages", {"messages": said("一") * 2}, "message 2 is not a plain turn of the assistant"),
        (
            "messages",
            {"messages": [*said("一"), {"role": A, "content": "x", "tool_calls": [{}]}]},
            "message 2 is not a plain turn of the assistant",
        ),
    ],
)
def test_what_cannot_be_gone_on_from_is_named(first: Any, fields: dict[str, Any], measured: str) -> None:
    assert OpenWith("opening", first=first)(Record("a", (1,), fields)) == Reject("bad_opening", measured)
