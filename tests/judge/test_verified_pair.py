"""Pairs of a policy's own answers: the verifier before the judge, and what makes no pair named."""

from __future__ import annotations

from collections import Counter
from statistics import fmean, pstdev
from typing import Any

import pytest

from support.context import ScriptedContext, in_order
from tanemaki.core.prompt import Texts
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.judge.verified_pair import Tally, VerifiedPair

TEXTS = Texts("ja", {}, {})
WAYS = (
    "葛は根の澱粉です。",
    "寒天は海藻から作ります。",
    "骨と皮のコラーゲンです。",
    "じゃがいもの粉を使います。",
    "海藻とマメの種です。",
)


def answers(*given: tuple[str, float | None, float | None]) -> list[dict[str, Any]]:
    """Text, what the verifier says, what the judge says."""
    return [
        {
            "answer": text,
            "answerer": "policy",
            "correct": correct,
            "score": score,
            "score_parts": {"why": "no_verdict"} if score is None else {},
        }
        for text, correct, score in given
    ]


def picked(step: VerifiedPair, given: list[dict[str, Any]], record_id: str = "a") -> Any:
    record = Record(record_id, (1,), {"answers": given})
    return step(record, ScriptedContext(TEXTS, in_order([]), record_id=record_id))


def sides(step: VerifiedPair, given: list[dict[str, Any]], record_id: str = "a") -> tuple[str, str]:
    pair = picked(step, given, record_id)
    return pair["chosen"][0]["content"], pair["rejected"][0]["content"]


KEYED = VerifiedPair()
JUDGED = VerifiedPair(keyed=False, judged=True)
BOTH = VerifiedPair(judged=True)
SWEET = VerifiedPair("sweet_spot", judged=True)


def test_the_shortest_right_answer_is_chosen_and_the_commonest_wrong_one_rejected() -> None:
    given = answers(
        ("3個と9個を足すので、3+9=12です。\n答え：12", 1, None),
        ("足して\n答え：12個", 1, None),
        ("3×9を計算します。\n答え：27", 0, None),
        ("9から3を引いて\n答え：6", 0, None),
        ("かけ算をします。三九、二十七。\n答え：２７個", 0, None),
        ("3×9です。\n答え：27", 0, None),
    )
    drawn = Counter(sides(KEYED, given, f"r{n}") for n in range(200))
    assert {chosen for chosen, _ in drawn} == {"足して\n答え：12個"}
    rejected = {low for _, low in drawn}
    assert rejected == {given[2]["answer"], given[4]["answer"], given[5]["answer"]}, (
        "6 is said once; 27 three times, however it is written, and any of them may stand for it"
    )
    # each equally often: χ² with 2 degrees of freedom, one in a thousand
    assert sum((n - 200 / 3) ** 2 / (200 / 3) for n in drawn.values()) < 13.8
    pair = picked(KEYED, given)
    assert (pair["score_chosen"], pair["score_rejected"], pair["margin"]) == (1, 0, 1)
    assert (pair["answerer_chosen"], pair["answerer_rejected"]) == ("policy", "policy")
    assert set(pair) == set(KEYED.writes)


def test_one_digit_sets_verified_answers_apart_and_never_judged_ones() -> None:
    way = "".join(f"{n}段目には石を{n * n}個ならべ、次の段へ進みます。" for n in range(1, 12))
    one, other = f"{way}\n答え：7", f"{way}\n答え：8"
    assert sides(KEYED, answers((one, 1, None), (other, 0, None))) == (one, other)
    rejected = picked(JUDGED, answers((one, None, 9.0), (other, None, 2.0)))
    assert (rejected.reason, rejected.limit) == ("not_distinct", 0.9)


@pytest.mark.parametrize(
    ("given", "reason", "measured", "note"),
    [
        ([(WAYS[0], 1.0), (WAYS[1], 1.0)], "all_right", 2, None),
        ([(WAYS[0], 0.0), (WAYS[1], 0.0), (WAYS[2], 0.0)], "all_wrong", 3, None),
        ([(WAYS[0], None), (WAYS[1], None)], "undecided", 2, None),
        ([(WAYS[0], 1.0), (WAYS[1], None)], "undecided", 1, "1 right, 0 wrong"),
        ([(WAYS[0], None), (WAYS[1], None), (WAYS[2], 0.0)], "undecided", 2, "0 right, 1 wrong"),
        ([(WAYS[0], 1.0)], "too_few_answers", 1, None),
        ([], "too_few_answers", 0, None),
    ],
)
def test_a_prompt_that_teaches_nothing_is_set_aside_by_name(
    given: list[tuple[str, float | None]], reason: str, measured: int, note: str | None
) -> None:
    found = picked(KEYED, answers(*((text, correct, None) for text, correct in given)))
    assert found == Reject(reason, measured, 2 if reason == "too_few_answers" else None, note)
    assert reason in KEYED.reasons


def test_answers_of_which_the_verifier_knows_nothing_are_no_side() -> None:
    given = answers((WAYS[0], 1, None), ("葛", None, None), (WAYS[1], 0, None))
    assert sides(KEYED, given) == (WAYS[0], WAYS[1])


def test_by_scores_the_rejected_one_is_nearest_to_two_sigma_below_the_mean() -> None:
    scores = (9.0, 8.0, 7.0, 6.5, 1.0)
    aim = fmean(scores) - 2 * pstdev(scores)  # 6.3 - 2 · 2.805 = 0.69
    nearest = min(range(1, 5), key=lambda i: abs(scores[i] - aim))
    given = answers(*((text, None, score) for text, score in zip(WAYS, scores, strict=True)))
    assert sides(JUDGED, given) == (WAYS[0], WAYS[nearest]) == (WAYS[0], WAYS[4])
    pair = picked(JUDGED, given)
    assert (pair["score_chosen"], pair["score_rejected"], pair["margin"]) == (9.0, 1.0, 8.0)


def test_many_answers_leave_the_very_worst_alone() -> None:
    many = [
        f"{n}番目の答えは、{'あいうえおかきくけこさしすせそたちつてと'[n]}から始まる話です。"
        for n in range(20)
    ]
    scores = [9.0, 8.0, 7.0] + [5.0] * 14 + [3.0, 2.0, -20.0]
    aim = fmean(scores) - 2 * pstdev(scores)  # 3.95 - 2 · 5.68 = -7.41
    assert aim == pytest.approx(-7.41, abs=0.01)
    given = answers(*((text, None, score) for text, score in zip(many, scores, strict=True)))
    assert sides(JUDGED, given) == (many[0], many[18]), "2 is 9.41 away, -20 is 12.59"


def test_with_a_verifier_the_sweet_spot_is_looked_for_among_the_wrong_ones() -> None:
    given = answers(
        (WAYS[0], 1, 3.0),
        (WAYS[1], 0, 9.0),
        (WAYS[2], 0, 5.0),
        (WAYS[3], 0, 4.0),
        (WAYS[4], 0, None),
    )
    scores = [3.0, 9.0, 5.0, 4.0]
    aim = fmean(scores) - 2 * pstdev(scores)  # 5.25 - 2 · 2.278 = 0.69: nearest is 4, of the wrong ones
    assert abs(4 - aim) < abs(5 - aim)
    assert sides(SWEET, given) == (WAYS[0], WAYS[3])
    pair = picked(SWEET, given)
    assert (pair["score_chosen"], pair["score_rejected"]) == (1, 0), "what decided is the verifier"


def test_the_judge_is_second_and_the_two_are_never_mixed_in_one_pair() -> None:
    known = answers((WAYS[0], 1, None), (WAYS[1], 0, None), (WAYS[2], None, 9.0), (WAYS[3], None, 1.0))
    assert sides(BOTH, known) == (WAYS[0], WAYS[1])
    unknown = answers((WAYS[0], None, 4.0), (WAYS[1], None, 8.0), (WAYS[2], None, None))
    assert sides(BOTH, unknown) == (WAYS[1], WAYS[0])


@pytest.mark.parametrize(
    ("step", "given", "expected"),
    [
        (JUDGED, [(None, 8.0), (None, None), (None, None)], Reject("unscored", 1, 2, "no_verdict")),
        (SWEET, [(1.0, 8.0), (0.0, None), (0.0, None)], Reject("unscored", 0, 1, "no_verdict")),
        (JUDGED, [(None, 5.0), (None, 5.0)], Reject("tied", 5.0, None, "2 answers, none is lower")),
    ],
)
def test_a_verdict_that_could_not_be_read_makes_no_pair(
    step: VerifiedPair, given: list[tuple[float | None, float | None]], expected: Reject
) -> None:
    """Fault 14: what has no score is none, and no value in the middle."""
    found = picked(step, answers(*((WAYS[i], *one) for i, one in enumerate(given))))
    assert found == expected
    assert expected.reason in step.reasons


def test_each_step_names_the_reasons_that_it_may_have() -> None:
    assert KEYED.reasons == ("too_few_answers", "all_right", "all_wrong", "undecided")
    assert JUDGED.reasons == ("too_few_answers", "unscored", "tied", "not_distinct")
    assert set(BOTH.reasons) == {*KEYED.reasons, *JUDGED.reasons}


@pytest.mark.parametrize(
    ("given", "decided_by", "numbers"),
    [
        ([(1.0, None), (0.0, None), (0.0, None), (None, 7.0)], "answer_key", (1 / 3, 1 / 3, 1.0)),
        ([(None, 4.0), (None, 8.0), (None, None)], "judge", (None, 6.0, 8.0)),
        ([(None, None)], None, (None, None, None)),
        ([], None, (None, None, None)),
    ],
)
def test_a_tally_counts_what_came_and_what_did_not(
    given: list[tuple[float | None, float | None]], decided_by: str | None, numbers: tuple[float | None, ...]
) -> None:
    """Prompts with fewer answers than asked for were dropped without a word; here they are counted."""
    told = Tally(8)(Record("a", (1,), {"answers": answers(*(("x", *one) for one in given))}))
    assert (told["n_answers"], told["n_missing"], told["decided_by"]) == (
        len(given),
        8 - len(given),
        decided_by,
    )
    assert (told["pass_rate"], told["mean_score"], told["best_score"]) == numbers
    assert set(told) == set(Tally.writes)
