"""Evolution step by step: who is asked what, in which order, and what an eliminated child still tells."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from support.context import Asked, Script, ScriptedContext, in_order
from tanemaki.core.model import Reply
from tanemaki.core.prompt import Prompt, Texts
from tanemaki.core.record import Record
from tanemaki.core.seeding import hex_id
from tanemaki.core.verdict import Reject
from tanemaki.generate.evolve import Answer, Evolve
from tanemaki.generate.lineage import Lineage
from tanemaki.generate.looking import look, reasons_of
from tanemaki.generate.survives import Survives
from tanemaki.generate.verdicts import Confirm, Verdict

PROMPTS = {
    "deepen": "[system]\n深く書き直す。\n[user]\n例の指示\n[assistant]\n例の答え\n[user]\n{{ text }}",
    "compare": "[user]\n{{ text }}と{{ evolved }}",
    "answer": "[system]\n誠実に答える。",
}
TEXTS = Texts("ja", {name: Prompt.parse(name, "ja", text) for name, text in PROMPTS.items()}, {})
VERDICT = Verdict("compare", "judge", "判定：", {"evolved": "進化", "no_information_gain": "同等"})
ROOT = Record("r", (1,), {"text": "根", "mine": 1})


class Sees:
    """Keeps what the filters are shown."""

    reasons = ("bad",)

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def __call__(self, record: Record) -> Record | Reject:
        self.seen.append(dict(record.fields))
        return Reject("bad", 1, 0, "why") if "悪" in record["text"] else record


def step(**more: Any) -> Evolve:
    return Evolve("evolved", start="text", operators=("deepen",), of="writer", **{"rounds": 1, **more})


def grow(one: Evolve, replies: list[Reply | str] | Script) -> tuple[list[dict[str, Any]], list[Asked]]:
    asked: list[Asked] = []
    script = in_order(replies) if isinstance(replies, list) else replies
    context = ScriptedContext(TEXTS, script, asked, step=one.name, record_id="r")
    return [dict(child) for child in asyncio.run(one(ROOT, context)).fields], asked


def test_a_round_asks_writer_judge_and_writer_in_this_order() -> None:
    one = step(verdict=VERDICT, answer=Answer("writer"))
    children, asked = grow(one, ["深い根", "判定：進化", "答え"])
    assert [call.role for call in asked] == ["writer", "judge", "writer"]
    assert asked[1].request.messages[-1]["content"] == "根と深い根"
    assert [message["content"] for message in asked[2].request.messages] == ["誠実に答える。", "深い根"]
    assert children[0]["messages"] == [
        {"role": "user", "content": "深い根"},
        {"role": "assistant", "content": "答え"},
    ]
    assert children[0]["eliminated"] is None
    assert set(children[0]) == set(one.writes)


def test_an_eliminated_child_is_not_what_the_next_round_rewrites() -> None:
    sees = Sees()
    children, asked = grow(step(rounds=3, filters=(sees,)), ["良い根", "悪い根", "太い根"])
    assert [call.request.messages[-1]["content"] for call in asked] == ["根", "良い根", "良い根"]
    assert [child["generation"] for child in children] == [1, 2, 2]
    assert children[1]["eliminated"] == {
        "reason": "bad",
        "measured": 1,
        "limit": 0,
        "note": "round 2, text: why",
    }
    assert children[2]["history"] == ["根", "良い根"]
    assert children[2]["parent_id"] == hex_id("r", "evolved", 1)


def test_filters_see_the_parent_the_prompts_own_wording_and_its_examples() -> None:
    sees = Sees()
    grow(step(filters=(sees,)), [" 深い根\n"])
    assert sees.seen == [
        {
            "text": "深い根",
            "mine": 1,
            "parent": "根",
            "prompt": "深く書き直す。",
            "examples": ["例の指示", "例の答え"],
        }
    ]


def test_a_judge_who_gives_no_verdict_eliminates() -> None:
    for said, reason in (("どちらとも言えない", "no_verdict"), ("判定：同等", "no_information_gain")):
        children, asked = grow(step(verdict=VERDICT, answer=Answer("writer")), ["深い根", said])
        assert children[0]["eliminated"]["reason"] == reason
        assert len(asked) == 2, "what is eliminated is not answered"
        assert (children[0]["answer"], children[0]["messages"]) == (None, None)
    cut = Reply("判定：進化", finish_reason="length")
    children, _ = grow(step(verdict=VERDICT), ["深い根", cut])
    assert children[0]["eliminated"]["reason"] == "no_verdict"


def test_eliminations_are_a_closed_list_and_every_one_of_them_rejects_by_name() -> None:
    one = step(verdict=VERDICT, filters=(Sees(),))
    assert one.eliminations == ("cut", "empty", "bad", "no_information_gain", "no_verdict")
    survives = Survives(one.eliminations)
    kept = Record("a", (1, 1), {"eliminated": None})
    assert survives(kept) is kept
    told = {"reason": "bad", "measured": 1, "limit": 0, "note": "round 2, text"}
    assert survives(Record("a", (1, 1), {"eliminated": told})) == Reject("bad", 1, 0, "round 2, text")


@pytest.mark.parametrize("more", [{"rounds": 0}, {"operators": ()}])
def test_evolution_without_rounds_or_operators_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="at least one round and one operator"):
        Evolve(**{"field": "e", "start": "t", "operators": ("deepen",), "of": "writer", "rounds": 1, **more})


def test_a_child_cannot_change_its_parents_history() -> None:
    """Fault 17 at its root: the history is not a list that two generations share."""
    root = Lineage("根", "r", "r")
    first = root.child("deepen", "幹", "r-1")
    twins = [first.child("broaden", "枝", "r-2"), first.child("deepen", "葉", "r-3")]
    assert (root.history, first.history) == ((), ("根",))
    assert [twin.history for twin in twins] == [("根", "幹"), ("根", "幹")]
    columns = twins[0].columns(("operator", "operators"), 2, None)
    columns["history"].append("x")
    assert twins[0].history == ("根", "幹")


def test_look_judges_the_language_of_a_cut_text_first() -> None:
    class Language:
        reasons = ("wrong_language",)

        def __call__(self, record: Record) -> Record | Reject:
            return Reject("wrong_language") if record["text"].isascii() else record

    filters = (Language(), Sees())
    assert reasons_of(filters) == ("cut", "empty", "wrong_language", "bad")
    for text, reason in (("The sea", "wrong_language"), ("海は", "cut"), ("", "cut")):
        seen = look(Reply(text, finish_reason="length"), filters, ROOT)
        assert isinstance(seen, Reject)
        assert seen.reason == reason
    assert look(Reply(" 海 "), filters, ROOT) == "海"


def test_confirm_gives_the_record_back_or_the_verdict() -> None:
    prompts = {"guard": Prompt.parse("guard", "ja", "[user]\n{{ text }}")}
    labels = {"ok": "合格", "drifted": "逸脱"}
    one = Confirm("guard", Verdict("guard", "judge", "判定：", labels, ("text",)))
    assert one.prompts == {"guard": frozenset({"text"})}
    assert one.reasons == ("drifted", "no_verdict")
    for said, reason in (("判定：合格", None), ("判定：逸脱", "drifted"), ("", "no_verdict")):
        context = ScriptedContext(Texts("ja", prompts, {}), in_order([said]), step="guard")
        outcome = asyncio.run(one(ROOT, context))
        assert outcome is ROOT if reason is None else isinstance(outcome, Reject) and outcome.reason == reason
