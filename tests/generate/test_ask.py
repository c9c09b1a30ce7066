"""One call, one field; several calls, several children."""

import asyncio

import pytest

from support.context import Asked, ScriptedContext, in_order
from tanemaki.core.model import Reply, Sampling
from tanemaki.core.prompt import Prompt, Texts
from tanemaki.core.record import Children, Record
from tanemaki.core.step import spec_of
from tanemaki.core.verdict import Reject
from tanemaki.generate.ask import Ask
from tanemaki.generate.several import AskSeveral, Complete

TEXTS = Texts("ja", {"answer": Prompt("answer", "ja", "[system]\n短く。\n[user]\n{{ question }}")}, {})
RECORD = Record("a1", (1,), {"question": "葛とは？", "secret": "見せない"})


def test_it_sends_its_own_prompt_with_its_inputs_and_sampling_and_writes_the_stripped_text() -> None:
    context = ScriptedContext(TEXTS, in_order(["\n 根の澱粉です。 \n"]))
    step = Ask("answer", of="judge", given=("question",), sampling=Sampling(temperature=0, max_tokens=9))
    assert asyncio.run(step(RECORD, context)) == {"answer": "根の澱粉です。"}
    (asked,) = context.captured
    assert asked.role == "judge"
    assert asked.request.to_wire() == {
        "messages": [{"role": "system", "content": "短く。"}, {"role": "user", "content": "葛とは？"}],
        "temperature": 0,
        "max_tokens": 9,
    }


@pytest.mark.parametrize(
    ("reply", "reason"), [(Reply("根の", finish_reason="length"), "cut"), (Reply(" "), "empty")]
)
def test_a_reply_that_cannot_be_used_is_rejected_by_name(reply: Reply, reason: str) -> None:
    step = Ask("answer", of="writer", given=("question",))
    outcome = asyncio.run(step(RECORD, ScriptedContext(TEXTS, in_order([reply]))))
    assert isinstance(outcome, Reject)
    assert outcome.reason == reason
    assert reason in step.reasons


def test_the_engine_reads_off_it_what_it_needs() -> None:
    spec = spec_of(Ask("answer", of="writer", given=("question",)))
    assert (spec.name, spec.reads, dict(spec.writes)) == ("answer", ("question",), {"answer": "text"})
    assert spec.prompts == {"answer": frozenset({"question"})}
    assert spec.roles == {"writer": frozenset({"chat"})}
    assert spec.is_async
    assert spec.takes_context


def test_several_answers_become_children_in_the_order_of_their_samples() -> None:
    def script(asked: Asked) -> Reply:
        return Reply(f"答え{asked.sample}", finish_reason="length" if asked.sample == 1 else "stop")

    context = ScriptedContext(TEXTS, script)
    step = AskSeveral("answer", of="writer", given=("question",), n=3)
    assert asyncio.run(step(RECORD, context)) == Children.of(
        {"answer": "答え0", "answer_finish": "stop"},
        {"answer": "答え1", "answer_finish": "length"},
        {"answer": "答え2", "answer_finish": "stop"},
    )
    assert [asked.sample for asked in context.captured] == [0, 1, 2]
    assert len({str(asked.request.to_wire()) for asked in context.captured}) == 1
    assert spec_of(step).fans_out


def test_no_child_vanishes_the_cut_and_the_empty_one_are_rejected_by_name() -> None:
    def child(text: str, finish: str) -> Record:
        return Record("a1", (1, 1), {"answer": text, "answer_finish": finish})

    complete = Complete("answer")
    kept = child("根の澱粉です。", "stop")
    assert complete(kept) is kept
    assert complete(child("根の", "length")) == Reject("cut", None, None, "…根の")
    assert complete(child("", "stop")) == Reject("empty", 0, 1, None)
    assert complete.reasons == ("cut", "empty")


def test_less_than_one_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="needs n of at least 1, got 0"):
        AskSeveral("answer", of="writer", given=(), n=0)
