"""Which two answers make a pair, and which never do."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanemaki.core.errors import SetupError
from tanemaki.core.seeding import Draw
from tanemaki.core.verdict import Reject
from tanemaki.judge.candidates import MAX_SIMILARITY, Candidate, Picked, similarity
from tanemaki.judge.policies import POLICIES, Policy, StrongWeak, near_sigma, policy_of, reasons_of

DRAW = Draw("policies")
# Five answers to one question, each with words of its own.
SAID = (
    "葛は根からとれる澱粉で、冷めると濁ります。",
    "寒天は海藻のテングサから作られます。",
    "ゼラチンは動物の骨や皮のコラーゲンです。",
    "アガーは海藻とマメの種が原料です。",
    "片栗粉はじゃがいもから作る粉です。",
)
ANSWERERS = ("strong", "weak")


def scored(*scores: float, exact: bool = False) -> list[Candidate]:
    return [
        Candidate(text, score, ANSWERERS[i % 2], exact)
        for i, (text, score) in enumerate(zip(SAID, scores, strict=False))
    ]


def made(name: str) -> Policy:
    return policy_of(name, 2.0 if name == "margin" else 0.0, ANSWERERS)


@pytest.mark.parametrize(
    ("name", "scores", "picked"),
    [
        ("best_worst", (5, 9, 2, 7), Picked(1, 2)),
        ("margin", (5, 9, 2, 7), Picked(1, 3)),
        ("sweet_spot", (10, 9, 8, 2, 1), Picked(0, 4)),  # µ 6, σ 3.74: aims at -1.5
        ("sweet_spot", (4, 5, 5, 5, 6), Picked(4, 0)),
        ("right_wrong", (0, 1, 0, 1), Picked(1, 0)),
        ("strong_weak", (5, 4, 9, 2), Picked(2, 1)),
    ],
)
def test_a_policy_picks_what_its_source_says(name: str, scores: tuple[float, ...], picked: Picked) -> None:
    candidates = scored(*scores, exact=name == "right_wrong")
    if name == "right_wrong":  # of two right ones the shorter; the commonest of the wrong ones
        candidates = [*candidates, Candidate(f"　{SAID[0]} ", 0, "weak", exact=True)]
        assert policy_of(name, 0)(candidates, DRAW) in (Picked(3, 0), Picked(3, 4))
        return
    assert made(name)(candidates, DRAW) == picked


def test_what_wrong_answers_come_to_decides_which_is_the_commonest() -> None:
    said = ("12", "27", "6", "27")
    candidates = [
        Candidate(text, float(place == 0), "policy", exact=True, said=one)
        for place, (text, one) in enumerate(zip(SAID, said, strict=False))
    ]
    picked = {policy_of("right_wrong", 0)(candidates, Draw("said", n)) for n in range(50)}
    assert picked == {Picked(0, 1), Picked(0, 3)}


@pytest.mark.parametrize(
    ("scores", "among", "n_sigmas", "at"),
    [
        ((10, 9, 8, 2, 1), (1, 2, 3, 4), 2.0, 4),  # µ 6, σ 3.74: aims at -1.5
        ((10, 9, 8, 2, 1), (1, 2, 3), 2.0, 3),
        ((10, 9, 8, 2, 1), (1, 2, 3, 4), 0.0, 2),  # aims at 6: 8 is 2 away, 2 is 4
        ((8, 4, 6), (1, 2), 1.0, 1),  # µ 6, σ 1.63: aims at 4.37
        ((5, 3, 1), (0, 2), 0.0, 2),  # aims at 3, both 2 away: the lower
        ((5, 5, 5), (1,), 2.0, 1),  # no spread
    ],
)
def test_near_sigma_is_nearest_to_the_mean_less_so_many_deviations(
    scores: tuple[float, ...], among: tuple[int, ...], n_sigmas: float, at: int
) -> None:
    assert near_sigma(scores, among, DRAW, n_sigmas) == at


def test_the_best_is_paired_with_any_lower_one_equally_often() -> None:
    candidates = scored(9, 3, 5, 1, 9)
    policy = policy_of("best_random", 0)
    found = Counter(policy(candidates, Draw("best_random", i)) for i in range(1200))
    assert {one.chosen for one in found if isinstance(one, Picked)} == {0, 4}
    assert {one.rejected for one in found if isinstance(one, Picked)} == {1, 2, 3}
    expected = 1200 / 6
    assert sum((n - expected) ** 2 / expected for n in found.values()) < 20.5  # χ², 5 degrees, p 0.001


def test_a_longer_answer_does_not_win_by_its_length_nor_a_worse_one_by_being_short() -> None:
    policy = policy_of("length_penalty", 0)
    long = Candidate("とても長い前置きのある答えです。" * 20, 8.2)  # 320 characters: 0.32 off
    short, poor = Candidate("葛は根からとれます。", 8.0), Candidate("知りません、ごめんなさい。", 2.0)
    assert policy([long, short, poor], DRAW) == Picked(1, 2)
    assert policy([long, short], DRAW) == Reject("tied", 8.0, None, "2 answers, none is lower")


@pytest.mark.parametrize("name", POLICIES)
def test_one_answer_or_none_is_no_pair(name: str) -> None:
    policy = made(name)
    for n in (0, 1):
        verdict = policy(scored(*[5.0] * n), DRAW)
        assert isinstance(verdict, Reject)
        assert verdict.reason == ("side_missing" if name == "strong_weak" else "too_few_answers")


@pytest.mark.parametrize("name", POLICIES)
def test_equal_scores_are_never_a_pair(name: str) -> None:
    """Fault 25: all ties ended in a division by zero."""
    verdict = made(name)(scored(7, 7, 7, 7, exact=name == "right_wrong"), DRAW)
    assert isinstance(verdict, Reject)
    assert verdict.reason == ("all_wrong" if name == "right_wrong" else "tied")
    assert verdict.reason in reasons_of(made(name))


@pytest.mark.parametrize("name", [name for name in POLICIES if name != "right_wrong"])
@pytest.mark.parametrize(
    "other",
    [
        "葛は根からとれる澱粉で、冷めると濁ります！",
        "  葛は根からとれる澱粉で，冷めると濁ります",
        "葛は根からとれる澱粉で、冷めると濁ります。",
    ],
)
def test_near_identical_answers_are_never_a_pair(name: str, other: str) -> None:
    verdict = made(name)([Candidate(SAID[0], 9, "strong"), Candidate(other, 1, "weak")], DRAW)
    assert verdict == Reject("not_distinct", 1.0, MAX_SIMILARITY)


def test_one_digit_sets_two_answers_apart_for_an_exact_verifier_alone() -> None:
    right = (
        "時速4キロで3時間歩くと12キロ進みます。途中で30分休むと、着くのは3時間半後です。答えは12キロです。"
    )
    wrong = right.replace("答えは12", "答えは13")
    assert similarity(right, wrong) > MAX_SIMILARITY
    by_judge = [Candidate(right, 10), Candidate(wrong, 1)]
    refused = policy_of("best_worst", 0)(by_judge, DRAW)
    assert isinstance(refused, Reject)
    assert refused.reason == "not_distinct"
    exact = [Candidate(right, 1, exact=True), Candidate(wrong, 0, exact=True)]
    assert policy_of("right_wrong", 0)(exact, DRAW) == Picked(0, 1)
    same = [Candidate(right, 1, exact=True), Candidate(right + "\n", 0, exact=True)]
    assert policy_of("right_wrong", 0)(same, DRAW) == Reject("not_distinct", 1.0, MAX_SIMILARITY)


def test_all_right_and_all_wrong_are_told_apart() -> None:
    policy = policy_of("right_wrong", 0)
    assert policy(scored(1, 1, 1, exact=True), DRAW) == Reject("all_right", 3)
    assert policy(scored(0, 0, 0, exact=True), DRAW) == Reject("all_wrong", 3)


def test_a_strong_model_that_answers_worse_makes_no_pair_where_somebody_judged() -> None:
    candidates = scored(3, 8)
    assert made("strong_weak")(candidates, DRAW) == Reject("weak_is_better", -5, 0)
    assert StrongWeak("strong", "weak", judged=False)(candidates, DRAW) == Picked(0, 1)


@pytest.mark.parametrize("name", ["best_worst", "best_random", "margin"])
def test_a_small_difference_is_no_pair_where_a_margin_is_asked_for(name: str) -> None:
    policy = policy_of(name, 3)
    assert policy(scored(7, 6, 5), DRAW) == Reject("low_margin", 2, 3)
    assert "low_margin" in reasons_of(policy)


@pytest.mark.parametrize(
    ("name", "margin", "answerers", "message"),
    [
        ("best_wurst", 0, (), "there is no pair policy 'best_wurst'"),
        ("margin", 0, (), "policy 'margin' needs a least difference of the scores"),
        ("best_worst", -1, (), "a margin is 0 or more"),
        ("sweet_spot", 1, (), "policy 'sweet_spot' knows no margin"),
        ("strong_weak", 0, ("a",), "policy 'strong_weak' needs two answerers, the strong one first"),
    ],
)
def test_what_cannot_be_done_is_refused(
    name: str, margin: float, answerers: tuple[str, ...], message: str
) -> None:
    with pytest.raises(SetupError, match=message) as caught:
        policy_of(name, margin, answerers)
    assert caught.value.next


_TEXTS = st.sampled_from(
    [*SAID, SAID[0] + "。", "ＡＢＣ", "abc", "🌱", "→", "←", "", " ", "はい", "ﾊｲ", "Yes.", "yes"]
)


@given(
    st.lists(st.tuples(_TEXTS, st.integers(0, 3), st.booleans()), max_size=7),
    st.sampled_from(POLICIES),
    st.integers(0, 99),
)
def test_no_policy_ever_pairs_equal_or_wrongly_ordered_sides(
    told: list[tuple[str, int, bool]], name: str, seed: int
) -> None:
    exact = name == "right_wrong"
    candidates = [
        Candidate(text, min(score, 1) if exact else score, ANSWERERS[strong], exact)
        for text, score, strong in told
    ]
    picked = made(name)(candidates, Draw("any", seed))
    if isinstance(picked, Reject):
        assert picked.reason in reasons_of(made(name))
        return
    chosen, rejected = candidates[picked.chosen], candidates[picked.rejected]
    assert chosen.score > rejected.score
    assert chosen.text.strip() != rejected.text.strip()
    assert exact or similarity(chosen.text, rejected.text) <= MAX_SIMILARITY


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("", "", 1.0),
        ("", "はい", 0.0),
        ("🌱", "🌱🌱", 0.0),
        ("→", "→", 1.0),
        ("ﾊｲ", "ハイ", 1.0),
        ("ＡＩです", "AIです。", 1.0),
        ("Yes", "No", 0.0),
        ("あ" * 100_000, "あ" * 99_000, 1.0),
    ],
)
def test_likeness_of_texts_of_all_kinds(one: str, other: str, alike: float) -> None:
    assert similarity(one, other) == similarity(other, one) == alike
