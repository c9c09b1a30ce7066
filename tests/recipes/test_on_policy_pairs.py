"""What only pairs of one's own answers promise: fresh prompts, the verifier first, and nothing dropped without a name."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

import pytest

from support.pairs import Made, assert_nothing_chosen, assert_sound, make_pairs, read, run_roles, said_of
from support.recipe_runs import without_lineage
from support.replies import Said
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Model, Reply, Request
from tanemaki.core.recipe import Trial
from tanemaki.core.seeding import Draw
from tanemaki.datasets.disjoint import check_disjoint, check_splits
from tanemaki.judge.candidates import MAX_SIMILARITY, similarity
from tanemaki.models.scripted import Scripted
from tanemaki.recipes import catalogue

NAME = "on_policy_pairs"
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
N = 6  # answers of a prompt
TEXTS: Mapping[str, Mapping[str, str]] = {
    "ja": {
        "asked": "{k}番の畑に{a}本ずつ{b}列の苗を植えます。苗は何本要りますか。"
        "最後の行に「答え：」に続けて数だけを書いてください。",
        "short": "{a}×{b}です。\n答え：{n}",
        "long": "一列に{a}本の苗があり、それが{b}列ならびますから、かけ算をすればよいことになります。\n答え：{n}本",
        "open": "{a}本の列が{b}列ですから、だいたい{n}本くらいではないかと思います。",
    },
    "en": {
        "asked": "Field {k} gets {b} rows of {a} plants. How many plants is that? "
        'Write the number after "Answer:" on the last line.',
        "short": "That is {a} times {b}.\nAnswer: {n}",
        "long": "Every row holds {a} plants and there are {b} of these rows, so that both have to be multiplied.\n"
        "Answer: {n} plants",
        "open": "With {a} plants in each of {b} rows it will be about {n}, I think.",
    },
}
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_FIELD = re.compile(r"(\d+)番の畑|Field (\d+)")
_FINAL = re.compile(r"(?:答え：|Answer: )(\d+)")
REASON_OF_KIND = {
    2: ("prompt", "no_prompt"),
    3: ("has_answer_key", "no_answer_key"),
    4: ("first_asked", "asked_before"),
    5: ("pair", "too_few_answers"),
    6: ("pair", "all_right"),
    7: ("pair", "all_wrong"),
    8: ("pair", "undecided"),
}
"""Of every nine prompts, seven are spoilt: what is planted, and where it lands."""


def kind_of(k: int) -> int:
    return k % 9


def sizes(k: int) -> tuple[int, int]:
    return k % 7 + 3, k % 5 + 4


def questions(language: str, n: int) -> list[dict[str, Any]]:
    rows = []
    for k in range(1, n + 1):
        a, b = sizes(k)
        rows.append(
            {"instruction": TEXTS[language]["asked"].format(k=k, a=a, b=b), "expected": a * b, "mine": k}
        )
    return rows


def spoilt(language: str, n: int) -> list[dict[str, Any]]:
    rows = questions(language, n)
    for row in rows:
        k = row["mine"]
        if kind_of(k) == 2:
            row["instruction"] = " 　\n"
        elif kind_of(k) == 3:
            row["expected"] = [None, " "]
        elif kind_of(k) == 4:  # three rows before, with its digits in full width
            row["instruction"] = rows[k - 4]["instruction"].translate(WIDE)
    return rows


def number_of(text: str) -> int:
    [found, *_] = _FIELD.findall(text)
    return int(found[0] or found[1])


def answers(k: int, seed: int, language: str) -> Said:
    """What the policy says, drawn of the prompt and the request's seed."""
    a, b = sizes(k)
    draw, texts = Draw("policy", k, seed), TEXTS[language]
    luck = draw.below(10)
    if kind_of(k) == 5 or (kind_of(k) == 1 and luck == 0):
        return {"content": "…", "finish_reason": "length"} if draw.below(2) else {"content": " "}
    if kind_of(k) == 8:
        return texts["open"].format(a=a, b=b, n=a * b)
    right = kind_of(k) == 6 or (kind_of(k) != 7 and luck < 5)
    n = a * b if right else draw.choose((a + b, a + b, a * b + 1))
    return texts[draw.choose(("short", "long"))].format(a=a, b=b, n=n)


def policy(language: str) -> Any:
    def say(body: Mapping[str, Any]) -> Said:
        return answers(number_of(body["messages"][-1]["content"]), int(body["seed"]), language)

    return say


def right_of(text: str, row: Mapping[str, Any]) -> bool:
    """By another path than the recipe's."""
    [found] = _FINAL.findall(text)
    return int(found) == int(row["expected"])


@EACH_LANGUAGE
def test_planted_faults_over_http_land_in_their_reasons_and_none_in_the_data(
    language: str, tmp_path: Path
) -> None:
    """Fault 8: a verification that failed was stored and exported all the same."""
    made = make_pairs(
        *(NAME, tmp_path / "r", language, spoilt(language, 72), policy(language)),
        faults={"429": 0.05, "500": 0.05},
        options={"answers": N},
    )
    kept = {row["mine"]: row for row in made.accepted}
    gone = {
        row["mine"]: (row["step"], row["reason"])
        for row in made.rejected
        if "mine" in row and row["step"] != "answer"
    }
    assert set(kept) | set(gone) == set(range(1, 73)), "every prompt is a pair or has a reason"
    for k in range(1, 73):
        if kind_of(k) in REASON_OF_KIND:
            assert gone[k] == REASON_OF_KIND[kind_of(k)]
        elif k in gone:  # by chance all of its answers were right, or all wrong
            assert gone[k] in (("pair", "all_right"), ("pair", "all_wrong"))
    assert len(kept) >= 14
    assert_sound(made.accepted, exact=True)
    assert_nothing_chosen(made.folder)
    for row in kept.values():
        assert right_of(said_of(row["chosen"]), row)
        assert not right_of(said_of(row["rejected"]), row)


@EACH_LANGUAGE
def test_every_answer_is_counted_and_what_did_not_arrive_is_named(language: str, tmp_path: Path) -> None:
    """Prompts with fewer than K answers were dropped without a word by the published loop."""
    made = make_pairs(
        *(NAME, tmp_path / "r", language, spoilt(language, 54), policy(language)), options={"answers": N}
    )
    missing = Counter(row["mine"] for row in made.rejected if row["step"] == "answer")
    assert {row["reason"] for row in made.rejected if row["step"] == "answer"} == {"cut", "empty"}
    answered = [*made.accepted, *(row for row in made.rejected if row["step"] == "pair")]
    assert len(answered) == 54 * 6 // 9
    for row in answered:
        said = [one["answer"] for one in read(row["answers"])]
        assert row["n_answers"] == len(said) == N - row["n_missing"]
        assert row["n_missing"] == missing[row["mine"]]
        right = [right_of(text, row) for text in said if _FINAL.search(text)]
        assert row["pass_rate"] == row["mean_score"] == (fmean(right) if right else None)
        assert row["best_score"] == (max(right) if right else None)
        assert row["decided_by"] == ("answer_key" if right else None)
    assert any(row["n_missing"] for row in made.accepted), "a prompt that lost an answer still makes a pair"


@EACH_LANGUAGE
def test_chosen_is_the_shortest_right_answer_and_rejected_the_commonest_wrong_one(
    language: str, tmp_path: Path
) -> None:
    made = make_pairs(
        *(NAME, tmp_path / "r", language, questions(language, 60), policy(language)), options={"answers": N}
    )
    digits = 0
    for row in made.accepted:
        said = [one["answer"] for one in read(row["answers"])]
        chosen, rejected = said_of(row["chosen"]), said_of(row["rejected"])
        assert len(chosen) == min(len(text) for text in said if right_of(text, row))
        wrong = Counter(_FINAL.findall(text)[0] for text in said if not right_of(text, row))
        assert wrong[_FINAL.findall(rejected)[0]] == max(wrong.values())
        assert (row["score_chosen"], row["score_rejected"], row["margin"]) == (1, 0, 1)
        assert (row["answerer_chosen"], row["answerer_rejected"]) == ("policy", "policy")
        digits += similarity(chosen, rejected) > 0.5
    assert digits >= 3, "answers of one wording differ in their digits alone, and make a pair"


def test_three_rounds_share_no_prompt_and_together_are_the_source(tmp_path: Path) -> None:
    """Fault 20: no prompt in two rounds, and none of a test set in a round; proved by hash."""
    source = questions("ja", 60)
    rounds: dict[str, Path] = {}
    kept: dict[int, list[str]] = {}
    for number in (1, 2, 3):
        options = {"answers": 4, "round": number, "rounds": 3}
        order = source[::-1] if number == 2 else source
        made = make_pairs(
            *(NAME, tmp_path / str(number), "ja", order, policy("ja")), options=options, seed=number
        )
        others = [row for row in made.rejected if row["reason"] == "other_round"]
        assert {row["limit"] for row in others} == {str(number)}
        kept[number] = [
            row["instruction"] for row in source if row["mine"] not in {one["mine"] for one in others}
        ]
        asked = {body["messages"][-1]["content"] for body in made.bodies}
        assert asked == set(kept[number]), "nothing is paid for a prompt of another round"
        rounds[f"round {number}"] = made.folder
    assert sorted(chain.from_iterable(kept.values())) == sorted(row["instruction"] for row in source)
    proof = check_disjoint({**rounds, "test": questions("ja", 70)[60:]})
    assert [len(both.shared) for both in proof] == [0] * 6
    with pytest.raises(SetupError, match="prompts of 'test' are in 'round 1', too"):
        check_disjoint({"round 1": rounds["round 1"], "test": source})


def test_splits_of_a_round_share_no_prompt(tmp_path: Path) -> None:
    """Fault 20: the test split of a loop's own data is not what it trains on."""
    made = make_pairs(
        *(NAME, tmp_path / "r", "ja", questions("ja", 50), policy("ja")),
        options={"answers": 4},
        splits={"test": 0.3},
    )
    [both] = check_splits(made.folder)
    assert (both.first, both.second, both.shared) == ("test", "train", ())
    assert both.n_second == len(made.accepted), "what is read there is the split train"
    assert both.n_first >= 3


SCORES = (9, 8, 8, 7, 6, 6, 5, 2)


def tastes(text: str) -> int:
    """What the judge thinks of an answer: a score drawn of its text."""
    return Draw("taste", text).choose(SCORES)


def letters(k: int, seed: int) -> str:
    draw = Draw("letter", k, seed)
    if draw.below(8) == 0:  # near copies: the same but for its signs
        return f"{k}番の畑の土は、春になったら深く耕します{draw.choose(('。', '！', '…'))}"
    crops = draw.sample(["豆", "麦", "芋", "葱", "瓜", "茄子", "大根", "胡麻", "南瓜", "牛蒡"], 4)
    return f"{k}番の畑には{crops[0]}と{crops[1]}をまき、{crops[2]}のあとに{crops[3]}を植えるとよいでしょう。"


def judged_by_taste(body: Mapping[str, Any]) -> Said:
    text = body["messages"][-1]["content"]
    k = number_of(text)
    if body["model"] == "policy":
        return letters(k, int(body["seed"]))
    answer = text.split("ここから】\n")[1].split("\n【")[0]
    if Draw("silent", answer).below(9) == 0 or kind_of(k) == 3:
        return "何とも言えません。"
    return f"読みました。\n[[{5 if kind_of(k) == 4 else tastes(answer)}]]"


def test_without_a_key_the_rejected_answer_lies_near_two_sigma_below_the_mean(tmp_path: Path) -> None:
    """Faults 14 and 19: a verdict that could not be read is no score, and what makes no pair has no chosen side."""
    source = [
        {"instruction": f"{k}番の畑に何を植えるとよいか、一文で教えてください。", "mine": k}
        for k in range(1, 61)
    ]
    made = make_pairs(
        *(NAME, tmp_path / "r", "ja", source, judged_by_taste),
        faults={"429": 0.05, "500": 0.05},
        options={"answers": N, "judge": "single", "answer_key": False},
    )
    assert_sound(made.accepted)
    assert_nothing_chosen(made.folder)
    assert len(made.accepted) >= 35
    for row in made.accepted:
        scored = [one for one in read(row["answers"]) if one["score"] is not None]
        assert all(one["score"] == tastes(one["answer"]) for one in scored)
        scores = [one["score"] for one in scored]
        assert (row["score_chosen"], row["best_score"], row["mean_score"]) == (
            max(scores),
            max(scores),
            fmean(scores),
        )
        assert (row["decided_by"], row["pass_rate"]) == ("judge", None)
        chosen = said_of(row["chosen"])
        aim = fmean(scores) - 2 * pstdev(scores)
        apart = [
            abs(one["score"] - aim)
            for one in scored
            if one["score"] < max(scores) and similarity(chosen, one["answer"]) <= MAX_SIMILARITY
        ]
        assert abs(row["score_rejected"] - aim) == min(apart)
    reasons = Counter(row["reason"] for row in made.rejected)
    assert reasons["unscored"] >= 6
    assert reasons["tied"] >= 4
    silent = next(row for row in made.rejected if row["reason"] == "unscored")
    assert {one["score_parts"]["why"] for one in read(silent["answers"])} == {"no_verdict"}
    assert silent["note"] == "no_verdict"


def test_the_judge_is_asked_only_about_what_the_key_leaves_open(tmp_path: Path) -> None:
    def say(body: Mapping[str, Any]) -> Said:
        if body["model"] == "policy":
            return answers(number_of(body["messages"][-1]["content"]), int(body["seed"]), "ja")
        return "読みました。\n[[7]]"

    for rejected, judged in (("commonest", {8}), ("sweet_spot", set(range(9)) - {2, 4})):
        made = make_pairs(
            *(NAME, tmp_path / rejected, "ja", spoilt("ja", 27), say),
            options={"answers": 4, "judge": "single", "rejected": rejected},
        )
        asked = [
            number_of(body["messages"][-1]["content"]) for body in made.bodies if body["model"] == "judge"
        ]
        # kind 3 has no key: its answers are open, too; of kind 5 nothing arrives
        assert {kind_of(k) for k in asked} == {*judged, 3} - {5}


def test_the_policy_gets_the_prompt_alone_at_temperature_one(tmp_path: Path) -> None:
    made = make_pairs(*(NAME, tmp_path / "r", "ja", questions("ja", 4), policy("ja")), options={})
    assert {(body["temperature"], body["max_tokens"]) for body in made.bodies} == {(1.0, 2048)}
    assert {len(body["messages"]) for body in made.bodies} == {1}
    asked = {(body["messages"][0]["content"], body["seed"]) for body in made.bodies}
    assert Counter(text for text, _ in asked) == {row["instruction"]: 8 for row in questions("ja", 4)}
    assert len({seed for _, seed in asked}) == 32, "the same request, each time with a seed of its own"


def scripted(language: str) -> Model:
    def reply(request: Request) -> Reply:
        said = answers(number_of(str(request.messages[-1]["content"])), int(request.seed or 0), language)
        if isinstance(said, str):
            return Reply(said)
        return Reply(said["content"], said.get("finish_reason", "stop"))

    return Scripted(reply)


def made_with(folder: Path, source: list[dict[str, Any]], **more: Any) -> Made:
    return run_roles(NAME, folder, "ja", source, {"policy": scripted("ja")}, options={"answers": N}, **more)


def test_the_same_rows_at_any_concurrency_and_in_reverse(tmp_path: Path) -> None:
    told = []
    source = questions("ja", 54)
    for name, rows, n in (("one", source, 1), ("eight", source, 8), ("back", source[::-1], 8)):
        made = made_with(tmp_path / name, rows, concurrency=n)
        told.append(
            {
                key: {k: v for k, v in row.items() if k not in ("ordinal", "sources")}
                for key, row in without_lineage(made.accepted).items()
            }
        )
    assert len(told[0]) > 10
    assert told[0] == told[1] == told[2]


def test_neighbouring_seeds_share_no_answers_beyond_chance_and_no_round_moves(tmp_path: Path) -> None:
    pairs: dict[int, dict[int, str]] = defaultdict(dict)
    for seed in (7, 8):
        made = made_with(tmp_path / str(seed), questions("ja", 54), seed=seed)
        for row in [*made.accepted, *(one for one in made.rejected if one["step"] == "pair")]:
            pairs[seed][row["mine"]] = "".join(str(one["answer"]) for one in read(row["answers"]))
    mixed = [k for k in pairs[7] if kind_of(k) in (0, 2, 3, 4)]
    alike = sum(pairs[7][k] == pairs[8][k] for k in mixed)
    assert len(mixed) == 24
    assert alike <= 1, "six drawn answers of five wordings each are seldom the same"


@pytest.mark.parametrize("judge", ["single", "expected", "reward"])
def test_a_model_that_judges_is_tried_before_it_ranks(judge: str) -> None:
    recipe = catalogue.load(NAME, "ja", {"judge": judge}).recipe
    assert recipe.trials == (Trial("judge_bench", {"judge": judge}),)
    assert set(recipe.roles) == {"policy", "judge"}
    assert catalogue.load(NAME, "ja").recipe.trials == ()


def test_a_judge_that_gives_all_the_same_score_does_not_rank_and_nothing_is_answered(tmp_path: Path) -> None:
    asked: Counter[str] = Counter()

    def say(body: Mapping[str, Any]) -> Said:
        asked[body["model"]] += 1
        return "読みました。\n[[7]]"

    with pytest.raises(SetupError, match="may not rank"):
        make_pairs(
            *(NAME, tmp_path / "r", "ja", questions("ja", 4), say),
            options={"judge": "single"},
            trial="require",
        )
    assert asked["judge"] > 0
    assert asked["policy"] == 0


@pytest.mark.parametrize(
    ("options", "told", "advice"),
    [
        ({"answers": 1}, "a prompt gets 2 to 64 answers", "e.g. answers: 8"),
        ({"answers": 65}, "a prompt gets 2 to 64 answers", "e.g. answers: 8"),
        (
            {"answer_key": False},
            "nobody says which answer is better",
            "take judge: single, expected or reward",
        ),
        (
            {"answer_key": False, "judge": "single", "strict": True},
            "strict is how the answer key is read",
            "leave strict out",
        ),
        ({"rejected": "sweet_spot"}, "the sweet spot goes by a judge's scores", "or rejected: commonest"),
        ({"round": 4, "rounds": 3}, "there is no such round", "a round from 1 to 3"),
        ({"round": 0}, "there is no such round", "a round from 1 to 1"),
        ({"rounds": 0}, "there is no such round", "rounds: 1 or more"),
        ({"judge": "pairwise"}, "option 'judge'", "the default is 'none'"),
        ({"rejects": "commonest"}, "has no option 'rejects'", "did you mean 'rejected'?"),
    ],
)
def test_options_that_cannot_be_are_told_before_any_call(
    options: dict[str, Any], told: str, advice: str
) -> None:
    with pytest.raises(SetupError, match=told) as caught:
        catalogue.load(NAME, "ja", options)
    assert advice in str(caught.value.next)
