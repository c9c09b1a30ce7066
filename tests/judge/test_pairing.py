"""The steps that make a pair: what a judge says becomes two sides, or a named reason, and nothing else."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from support.context import ScriptedContext, in_order
from tanemaki.core.judging import COMPARISON, Opinion, Scale
from tanemaki.core.model import Capability
from tanemaki.core.prompt import Texts
from tanemaki.core.record import Json, Record
from tanemaki.core.step import Context, spec_of
from tanemaki.core.verdict import Reject
from tanemaki.judge.comparing import CompareAnswers
from tanemaki.judge.gathering import GatherAnswers
from tanemaki.judge.pairing import PairByComparison, PairByScore
from tanemaki.judge.policies import policy_of

ANSWERS = (
    "葛の澱粉です。",
    "テングサという海藻から作ります。",
    "牛や豚の骨からとります。",
    "じゃがいもの粉です。",
)
PROMPT = [{"role": "user", "content": "寒天の原料は？"}]
TEXTS = Texts("ja", {}, {})


@dataclass(frozen=True)
class Knows:
    """A judge that compares by a rule of its own, without a model."""

    rule: Callable[[str, str], Opinion]
    name: str = "knows"
    scale: Scale = COMPARISON
    reads: tuple[str, ...] = ("prompt", "first", "second")
    reasons: tuple[str, ...] = ("order_dependent", "no_verdict")
    roles: ClassVar[Mapping[str, frozenset[Capability]]] = {}
    prompts: ClassVar[Mapping[str, frozenset[str]]] = {}

    async def judge(self, values: Mapping[str, Json], context: Context, sample: int = 0) -> Opinion:
        del context, sample
        assert values["prompt"] == PROMPT
        return self.rule(values["first"], values["second"])


def longer(first: str, second: str) -> Opinion:
    return Opinion(0.5 if len(first) == len(second) else float(len(first) > len(second)))


def context_of(record_id: str) -> ScriptedContext:
    return ScriptedContext(TEXTS, in_order([]), record_id=record_id)


def gathered(*answers: str, record_id: str = "p", **fields: list[Any]) -> Record:
    """The prompt's record once its children have come together."""
    children = [
        Record(f"c{i}", (1, i + 1), {"prompt": PROMPT, "answer": answer, "answerer": f"m{i}"}).with_fields(
            **{name: values[i] for name, values in fields.items()}
        )
        for i, answer in enumerate(answers)
    ]
    score, *also = fields or (None,)
    parent = Record(record_id, (1,), {"prompt": PROMPT})
    step = GatherAnswers(score, tuple(also))
    return parent.with_fields(**asyncio.run(step(parent, children, context_of(record_id))))


def scored(step: PairByScore, record: Record) -> Any:
    return step(record, context_of(record.id))


def compared(judge: Knows, record: Record) -> Record | Reject:
    found = asyncio.run(CompareAnswers(judge)(record, context_of(record.id)))
    return found if isinstance(found, Reject) else record.with_fields(**found)


def paired(judge: Knows, record: Record) -> Any:
    found = compared(judge, record)
    return found if isinstance(found, Reject) else PairByComparison(judge)(found)


def said(messages: list[dict[str, str]]) -> str:
    [message] = messages
    assert message["role"] == "assistant"
    return message["content"]


def test_answers_are_gathered_with_who_wrote_them_their_score_and_what_is_wanted_besides() -> None:
    record = gathered(*ANSWERS[:2], single=[3, 9], single_rationale=["海藻ではない。", "正しい。"])
    assert record["answers"] == [
        {"answer": ANSWERS[0], "answerer": "m0", "score": 3, "single_rationale": "海藻ではない。"},
        {"answer": ANSWERS[1], "answerer": "m1", "score": 9, "single_rationale": "正しい。"},
    ]
    assert gathered(ANSWERS[0])["answers"] == [{"answer": ANSWERS[0], "answerer": "m0", "score": None}]
    assert gathered()["answers"] == []
    assert spec_of(GatherAnswers()).kind == "group"
    assert spec_of(GatherAnswers()).reasons == ()


def test_scores_become_a_pair_with_its_margin_and_who_wrote_it() -> None:
    step = PairByScore(policy_of("best_worst", 0), scale=Scale(1, 10))
    pair = scored(step, gathered(*ANSWERS, single=[3, 9, 1, 5]))
    assert (said(pair["chosen"]), said(pair["rejected"])) == (ANSWERS[1], ANSWERS[2])
    assert (pair["score_chosen"], pair["score_rejected"], pair["margin"]) == (9, 1, 8)
    assert (pair["answerer_chosen"], pair["answerer_rejected"]) == ("m1", "m2")
    assert set(pair) == set(step.writes)


def test_of_a_scale_where_lower_is_better_the_lowest_is_chosen() -> None:
    step = PairByScore(policy_of("best_worst", 0), scale=Scale(0, 9, higher_is_better=False))
    pair = scored(step, gathered(*ANSWERS, faults=[3, 9, 1, 5]))
    assert (pair["score_chosen"], pair["score_rejected"], pair["margin"]) == (1, 9, 8)


def test_without_a_judge_the_pair_has_no_scores() -> None:
    step = PairByScore(policy_of("strong_weak", 0, ("m1", "m0"), judged=False))
    pair = scored(step, gathered(*ANSWERS[:2]))
    assert (pair["answerer_chosen"], pair["answerer_rejected"]) == ("m1", "m0")
    assert (pair["score_chosen"], pair["score_rejected"], pair["margin"]) == (None, None, None)
    assert spec_of(step).reasons == ("side_missing", "not_distinct")


def test_an_exact_verifier_may_set_apart_what_differs_in_a_digit() -> None:
    record = gathered("答えは12です。", "答えは13です。", exact=[1.0, 0.0])
    alike = gathered(
        "計算すると、答えは12本になります。" * 3, "計算すると、答えは12本になります！" * 3, exact=[1.0, 0.0]
    )
    assert (
        said(scored(PairByScore(policy_of("right_wrong", 0), exact=True), record)["chosen"])
        == "答えは12です。"
    )
    assert scored(PairByScore(policy_of("best_worst", 0)), alike) == Reject("not_distinct", 1.0, 0.9)


def test_what_the_policy_refuses_has_no_chosen_side() -> None:
    """Fault 19: rows that were skipped still carried chosen and rejected."""
    found = scored(PairByScore(policy_of("best_worst", 0)), gathered(*ANSWERS, single=[4, 4, 4, 4]))
    assert found == Reject("tied", 4, None, "4 answers, none is lower")


def test_two_answers_are_compared_in_an_order_that_is_drawn() -> None:
    seen: Counter[str] = Counter()

    def first_is_asked(first: str, second: str) -> Opinion:
        seen[first] += 1
        return longer(first, second)

    pair: dict[str, Any] = {}
    for i in range(200):
        pair = paired(Knows(first_is_asked), gathered(*ANSWERS[:2], record_id=f"p{i}"))
        assert (said(pair["chosen"]), said(pair["rejected"])) == (ANSWERS[1], ANSWERS[0])
    assert 70 < seen[ANSWERS[0]] < 130, "each answer comes first about as often"
    assert (pair["score_chosen"], pair["score_rejected"], pair["margin"]) == (1.0, 0.0, 1.0)


def test_a_comparison_tells_places_winner_and_every_verdict() -> None:
    found = compared(Knows(lambda *_: Opinion(1.0, rationale="海藻が正しい。")), gathered(*ANSWERS[:2]))
    assert isinstance(found, Record)
    [one] = found["comparisons"]
    assert {one["first"], one["second"]} == {0, 1}
    assert (one["winner"], one["score"], one["why"], one["rationale"]) == (
        one["first"], 1.0, None, "海藻が正しい。",
    )  # fmt: skip
    assert [verdict["rationale"] for verdict in one["verdicts"]] == ["海藻が正しい。"]


@pytest.mark.parametrize(
    ("opinion", "reason"),
    [
        (Opinion(0.5), "tie"),
        (Opinion(None, "order_dependent"), "order_dependent"),
        (Opinion(None, "no_verdict", "どちらもよい。"), "no_verdict"),
    ],
)
def test_a_tie_and_no_verdict_are_rejected_by_name_and_choose_nobody(opinion: Opinion, reason: str) -> None:
    """Faults 8 and 19: verification stored but not used; skip rows with both sides filled."""
    judge = Knows(lambda *_: opinion)
    found = compared(judge, gathered(*ANSWERS[:2]))
    assert isinstance(found, Record)
    assert {"answers", "comparisons"} < set(found.fields), "the rejected row shows what the judge said"
    verdict = PairByComparison(judge)(found)
    assert isinstance(verdict, Reject)
    assert (verdict.reason, verdict.note) == (reason, opinion.rationale or None)
    assert reason in PairByComparison(judge).reasons


def test_of_many_answers_the_chosen_one_beat_the_rejected_one_itself() -> None:
    found = compared(Knows(longer), gathered(*ANSWERS))
    assert isinstance(found, Record)
    assert len(found["comparisons"]) == 6
    pair = paired(Knows(longer), gathered(*ANSWERS))
    assert (said(pair["chosen"]), said(pair["rejected"])) == (ANSWERS[1], ANSWERS[0])
    assert (pair["score_chosen"], pair["score_rejected"]) == (1.0, 0.0)


def test_a_judge_that_goes_round_in_circles_decides_nothing() -> None:
    beats = {(0, 1), (1, 2), (2, 0)}
    place = {text: i for i, text in enumerate(ANSWERS)}
    circle = Knows(lambda first, second: Opinion(float((place[first], place[second]) in beats)))
    assert paired(circle, gathered(*ANSWERS[:3])) == Reject("undecided", 3, 3)
    always_first = Knows(lambda *_: Opinion(None, "order_dependent"))
    assert paired(always_first, gathered(*ANSWERS[:3])) == Reject("undecided", 0, 3)


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ((), Reject("too_few_answers", 0, 2)),
        (("葛です。",), Reject("too_few_answers", 1, 2)),
        (("葛です。", "葛です！"), Reject("not_distinct", 1.0, 0.9)),
        (("", " "), Reject("not_distinct", 1.0, 0.9)),
    ],
)
def test_answers_that_say_the_same_are_not_even_compared(answers: tuple[str, ...], verdict: Reject) -> None:
    def asked(*_: str) -> Opinion:
        raise AssertionError("nothing is to be compared")

    assert compared(Knows(asked), gathered(*answers)) == verdict
    assert verdict.reason in CompareAnswers(Knows(asked)).reasons


def test_copies_of_an_answer_are_left_out_and_the_others_compared() -> None:
    found = compared(Knows(longer), gathered(ANSWERS[0], ANSWERS[0] + "！", ANSWERS[1]))
    assert isinstance(found, Record)
    assert len(found["comparisons"]) == 2
    assert said(paired(Knows(longer), found)["chosen"]) == ANSWERS[1]


def test_very_long_answers_are_told_apart_at_once() -> None:
    one, other = ("".join(f"{first}の話その{n}。" for n in range(10_000)) for first in ("春", "秋"))
    assert len(one) > 70_000
    pair = paired(Knows(longer), gathered(one, other + "。おわり"))
    assert said(pair["chosen"]).startswith("秋")
    assert paired(Knows(longer), gathered(one, one + "！")) == Reject("not_distinct", 1.0, 0.9)


def test_an_answer_without_a_score_is_no_side_of_a_pair_and_no_nought() -> None:
    """Fault 14: what was not said had a value made up."""
    record = gathered(*ANSWERS[:3], single=[-2.0, None, -5.0])
    step = PairByScore(policy_of("best_worst", 0.0))
    made = scored(step, record)
    assert (made["score_chosen"], made["score_rejected"]) == (-2.0, -5.0)
    assert made["chosen"][0]["content"] == ANSWERS[0]
    lone = gathered(*ANSWERS[:2], single=[3.0, None])
    assert scored(step, lone) == Reject("too_few_answers", 1, 2)
