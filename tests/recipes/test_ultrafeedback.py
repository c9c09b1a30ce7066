"""What only UltraFeedback promises: drawn principles, strict ratings, an alarm, and pairs that no tie ever makes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from support.context import Asked, End, in_order, walk_all
from support.pairs import Made, assert_nothing_chosen, assert_sound, make_pairs, read
from support.recipe_runs import accepted, rejected, run_recipe, without_lineage
from support.runs import Captured
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.core.record import Record
from tanemaki.core.seeding import Draw, hex_id
from tanemaki.judge.aspects import ASPECTS
from tanemaki.models.scripted import Scripted
from tanemaki.recipes import catalogue

NAME = "ultrafeedback"
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
TWO = ("honesty", "helpfulness")
UNREADABLE = ("cut", "empty", "no_verdict", "two_verdicts", "off_scale", "not_whole", "not_applicable")
SPOILT = {
    "cut": "",
    "empty": " \n",
    "no_verdict": "score: ten",
    "two_verdicts": "[[2]] [[4]]",
    "off_scale": "10/1",
    "not_whole": "3.5",
    "not_applicable": "N/A",
}
"""Reason → what a judge says; all but the first end by themselves."""
SAID = {
    "ja": {
        "asked": "{k}番の畑に植える野菜は何がよいですか。",
        "answer": "{k}番の畑なら、{a}番の種と{b}番の土が合います{end}",
    },
    "en": {
        "asked": "What should I plant in field {k}?",
        "answer": "For field {k} take seed {a} and soil {b}{end}",
    },
}
JUDGES = {"ja": ("公平な審査員", "上手な先生"), "en": ("impartial judge", "teacher who is good")}


def questions(language: str, n: int) -> list[dict[str, Any]]:
    return [{"instruction": SAID[language]["asked"].format(k=k), "mine": k} for k in range(1, n + 1)]


class Pool:
    """Answers, rates and criticises. What it thinks of an answer, and which fault it commits, hangs on the text alone."""

    def __init__(self, language: str, *, faults: bool = True) -> None:
        self.language, self.faults = language, faults

    def __call__(self, request: Request) -> Reply:
        system, shown = (str(request.messages[at]["content"]) for at in (0, -1))
        rates, criticises = (phrase in system for phrase in JUDGES[self.language])
        if not rates and not criticises:
            return self.answer(shown, hex_id(system, shown, str(request.seed)))
        text = shown.rsplit("\n", 2)[1]
        fault = self.fault(text)
        aspect = (
            next(one for one in ("honesty", "helpfulness", "overall") if self.is_about(one, shown))
            if rates
            else None
        )
        if fault and fault[0] == ("overall_score" if criticises else aspect):
            return Reply("…", "length") if fault[1] == "cut" else Reply(SPOILT[fault[1]])
        if rates:
            return Reply(f"x\n[[{self.rating(text, str(aspect))}]]")
        return Reply(f"x\n[[{self.overall(text)}/10]]")

    def is_about(self, aspect: str, shown: str) -> bool:
        titles = {"ja": {"honesty": "誠実さ", "helpfulness": "役立ち", "overall": "総合"}, "en": {}}
        return titles[self.language].get(aspect, aspect) in shown.splitlines()[0]

    def answer(self, asked: str, key: str) -> Reply:
        k = int("".join(letter for letter in asked if letter.isdecimal()))
        draw = Draw("answer", key)
        if self.faults and draw.below(12) == 0:
            return draw.choose([Reply("…", "length"), Reply(" ")])
        a, b = (0, 0) if k % 6 == 0 else (draw.below(10**6), draw.below(10**6))
        return Reply(
            SAID[self.language]["answer"].format(k=k, a=a, b=b, end=draw.choose(["。", "！", "？", "…"]))
        )

    def fault(self, text: str) -> tuple[str, str] | None:
        """Return which of the judge's requests about a text is answered badly, and how."""
        draw = Draw("fault", text)
        if not self.faults or draw.below(3):
            return None
        at = draw.choose(("honesty", "overall_score", "fit"))
        return (at, "scores_disagree") if at == "fit" else (at, draw.choose(UNREADABLE))

    def rating(self, text: str, aspect: str) -> int:
        return (
            1
            if self.fault(text) == ("fit", "scores_disagree")
            else Draw("rating", aspect, text).between(1, 5)
        )

    def overall(self, text: str) -> int:
        """Never far from the ratings, unless it is the planted fault."""
        if self.fault(text) == ("fit", "scores_disagree"):
            return 10
        return round(2 * fmean(self.ratings(text)))

    def ratings(self, text: str) -> list[int]:
        """The ratings that count: one that is not applicable is left out."""
        left_out = "honesty" if self.fault(text) == ("honesty", "not_applicable") else None
        return [self.rating(text, one) for one in TWO if one != left_out]

    def reason(self, text: str) -> tuple[str, str] | None:
        """Return the step and reason in which a text must end; a single aspect that is not applicable is no fault."""
        fault = self.fault(text)
        if fault is None or fault == ("honesty", "not_applicable"):
            return None
        return {"honesty": "aspects", "overall_score": "overall_score", "fit": "scores_fit"}[fault[0]], fault[
            1
        ]


def serve(folder: Path, language: str, source: list[dict[str, Any]], pool: Pool, **options: Any) -> Made:
    """Run to the end against a server, every tenth try of which ends with 429 or 500."""

    def said(body: dict[str, Any]) -> dict[str, Any]:
        reply = pool(Request(messages=body["messages"], seed=body.get("seed")))
        return {"content": reply.text, "finish_reason": reply.finish_reason}

    return make_pairs(
        NAME, folder, language, source, said, faults={"429": 0.05, "500": 0.05}, options=options
    )


def ends_as(texts: list[str], pool: Pool) -> str:
    """Return in which reason a prompt with these answers must end, by another path than the recipe's."""
    left = [text for text in texts if pool.reason(text) is None]
    if len(left) < 2:
        return "too_few_answers"
    scores = {text: fmean(pool.ratings(text)) for text in left}
    best = max(scores.values())
    if all(score == best for score in scores.values()):
        return "tied"
    bare = {text.rstrip("。！？….") for text in left}
    return "not_distinct" if len(bare) == 1 else "accepted"


def sides(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["chosen"][0]["content"], row["rejected"][0]["content"]


@EACH_LANGUAGE
def test_planted_faults_land_in_their_reasons_over_http_and_none_in_the_data(
    language: str, tmp_path: Path
) -> None:
    pool = Pool(language)
    serve(tmp_path, language, questions(language, 60), pool, aspects=list(TWO))
    kept, gone = accepted(tmp_path), rejected(tmp_path)
    assert_sound(kept)
    assert_nothing_chosen(tmp_path)
    answers = [row for row in gone if row["step"] not in ("pair", "prompt")]
    for row in answers:
        if row["step"] != "answer":
            assert (row["step"], row["reason"]) == pool.reason(row["answer"])
    seen = {(row["step"], row["reason"]) for row in gone}
    rated = {("aspects", one) for one in UNREADABLE[:-1]}
    criticised = {("overall_score", one) for one in UNREADABLE}
    asked = {("answer", "cut"), ("answer", "empty")}
    paired = {
        ("pair", "not_distinct"),
        ("pair", "tied"),
        ("pair", "too_few_answers"),
        ("scores_fit", "scores_disagree"),
    }
    assert seen == rated | criticised | asked | paired
    assert len(kept) + sum(row["step"] == "pair" for row in gone) == 60
    for row in gone:
        if row["step"] == "pair":
            texts = [one["answer"] for one in read(row["answers"])]
            assert row["reason"] == ends_as(texts, pool)
    for row in kept:
        completions = read(row["completions"])
        texts = [one["response"] for one in completions]
        assert ends_as(texts, pool) == "accepted"
        assert not [text for text in texts if pool.reason(text)]
        assert row["models"] == [one["model"] for one in completions]
        for one in completions:
            assert one["fine_grained_score"] == fmean(pool.ratings(one["response"]))
            assert one["overall_score"] == pool.overall(one["response"])
        chosen, less = sides(row)
        scores = {one["response"]: one["fine_grained_score"] for one in completions}
        assert scores[chosen] == max(scores.values()) == row["score_chosen"]
        assert row["score_chosen"] - row["score_rejected"] == row["margin"] > 0
        assert scores[less] == row["score_rejected"]
        assert chosen.rstrip("。！？….") != less.rstrip("。！？….")
        assert row["pair_policy"] == "best_random"
        assert row["mine"]


@EACH_LANGUAGE
def test_the_same_rows_at_any_concurrency_and_in_reverse(language: str, tmp_path: Path) -> None:
    source, told = questions(language, 50), []
    for label, given, n in (("one", source, 1), ("eight", source, 8), ("back", source[::-1], 8)):
        options = {"aspects": ["overall"], "critique": False}
        model = Scripted(Pool(language, faults=False))
        run_recipe(NAME, tmp_path / label, language, given, model, concurrency=n, options=options)
        gone = {row["id"]: (row["reason"], row["step"]) for row in rejected(tmp_path / label)}
        told.append((without_lineage(accepted(tmp_path / label)), gone))
    assert len(told[0][0]) > 20
    assert told[0] == told[1] == told[2]


def drawn(language: str, seed: int, n: int, **options: Any) -> list[str]:
    """Return the principles of n rows with four answers each."""
    loaded = catalogue.load(NAME, language, {"aspects": ["overall"], "critique": False, **options})
    principles = {row["system"]: row["principle"] for row in loaded.texts.tables["principles"]}
    found: list[str] = []

    def said(asked: Asked) -> str:
        if asked.role != "judge":
            found.append(principles[str(asked.request.messages[0]["content"])])
        return "[[3]]"

    records = [Record(f"r{k}", (k,), {"instruction": "問い"}, parents=(f"r{k}",)) for k in range(1, n + 1)]
    asyncio.run(walk_all(loaded.recipe, loaded.texts, records, said, seed=seed))
    return found


def test_principles_are_drawn_for_each_answer_by_the_published_shares() -> None:
    """Fault 9: a choice made once for a process, or for a prompt, instead of for each answer."""
    found = drawn("ja", 7, 250)
    expected = {"helpfulness": 600, "truthfulness": 200, "honesty": 180, "verbalized_calibration": 20}
    counts = Counter(found)
    assert set(counts) == set(expected)
    assert sum((counts[name] - n) ** 2 / n for name, n in expected.items()) < 16.3, (
        "χ², 3 degrees, one in a thousand"
    )
    per_row = [len(set(found[at : at + 4])) for at in range(0, 1000, 4)]
    assert sum(n > 1 for n in per_row) > 150, "the answers of one prompt have principles of their own"


def test_neighbouring_seeds_share_no_more_principles_than_chance() -> None:
    """Fault 10: adjacent seeds that make runs repeat each other."""
    seven, eight = drawn("en", 7, 150), drawn("en", 8, 150)
    chance = 0.6**2 + 0.2**2 + 0.18**2 + 0.02**2
    alike = sum(one == other for one, other in zip(seven, eight, strict=True))
    assert abs(alike - 600 * chance) < 4 * (600 * chance * (1 - chance)) ** 0.5


@EACH_LANGUAGE
def test_harmlessness_is_drawn_only_where_it_is_asked_for(language: str) -> None:
    assert "harmlessness" not in drawn(language, 7, 100)
    assert set(drawn(language, 7, 10, principles=["harmlessness"])) == {"harmlessness"}


@EACH_LANGUAGE
def test_the_judge_sees_neither_who_answered_nor_the_principle_nor_other_answers(
    language: str, tmp_path: Path
) -> None:
    model = Captured(Pool(language, faults=False))
    run_recipe(NAME, tmp_path, language, questions(language, 12), model, options={"aspects": list(TWO)})
    wordings = {
        row["system"] for row in catalogue.texts_of(catalogue.find(NAME))[language].tables["principles"]
    }
    texts = {one["response"] for row in accepted(tmp_path) for one in read(row["completions"])}
    judged = [one for one in model.requests if one.messages[0]["content"] not in wordings]
    assert len(judged) == 12 * 4 * 3
    for request in judged:
        shown = "\n".join(str(message["content"]) for message in request.messages)
        assert not [word for word in (*wordings, "strong", "weak") if word in shown]
        assert sum(text in shown for text in texts) <= 1
        assert (request.sampling.temperature, request.sampling.max_tokens) == (0.0, 1024)
    answered = [one for one in model.requests if one not in judged]
    assert {(one.sampling.temperature, one.sampling.top_p, one.sampling.max_tokens) for one in answered} == {
        (1.0, 1.0, 1024)
    }


def walked(replies: list[Reply | str], language: str = "ja", **options: Any) -> list[End]:
    loaded = catalogue.load(NAME, language, {"answers": 2, **options})
    record = Record("r", (1,), {"instruction": "虹は何色ですか。"}, parents=("r",))
    return asyncio.run(walk_all(loaded.recipe, loaded.texts, [record], in_order(replies)))


@pytest.mark.parametrize(
    ("said", "score", "reason"),
    [
        ("1/10", 1, None),
        ("10/1", None, "off_scale"),
        ("8.5", None, "not_whole"),
        ("N/A", None, "not_applicable"),
        ("該当なし", None, "not_applicable"),
        ("score: ten", None, "no_verdict"),
        ("評価：８", 8, None),
        ("８／１０", 8, None),
        ("評価：八", 8, None),
        ("[[8]]", 8, None),
        ("0.1", None, "not_whole"),
        ("[[1]] [[10]]", None, "two_verdicts"),
        ("100点", None, "off_scale"),
    ],
)
def test_no_score_is_silently_ten(said: str, score: int | None, reason: str | None) -> None:
    """Fault 13: the published reading made 10 of "1/10" and of fractions."""
    first = ["七色と言われます。", "[[1]]" if score == 1 else "[[4]]", said]
    other = ["国によって五色とも六色とも数えます。", "[[3]]", "[[7]]"]
    ends = walked([*first, *other], aspects=["helpfulness"], rank_by="overall_score", policy="best_worst")
    gone = [(end.step, end.reject.reason) for end in ends if end.reject and end.step != "pair"]
    if reason is not None:
        assert gone == [("overall_score", reason)]
        return
    assert gone == []
    told = {one["response"]: one["overall_score"] for one in ends[0].record["completions"]}
    assert told == {first[0]: score, other[0]: 7}


def test_an_overall_ten_beside_ratings_of_one_raises_the_alarm_and_makes_no_pair() -> None:
    bad = ["虹は三色です。", "[[1]]", "[[1]]", "[[1]]", "[[1]]", "すばらしい。\n[[10]]"]
    good = [
        "国や時代によって数え方が違い、日本では七色と言われます。",
        "[[5]]",
        "[[5]]",
        "[[4]]",
        "[[5]]",
        "よい。\n[[9]]",
    ]
    ends = walked([*bad, *good])
    assert [(end.step, end.reject and end.reject.reason) for end in ends] == [
        ("pair", "too_few_answers"),
        ("scores_fit", "scores_disagree"),
    ]
    alarm = ends[1].reject
    assert alarm is not None
    assert (alarm.measured, alarm.limit) == (10, 1)
    assert alarm.note == "instruction_following 1, honesty 1, truthfulness 1, helpfulness 1"
    assert [one["response"] for one in ends[0].record["completions"]] == [good[0]], (
        "what was paid for is kept"
    )


def test_a_rating_that_does_not_apply_is_none_and_leaves_the_mean() -> None:
    one = ["七色です。", "[[N/A]]", "[[2]]", "[[4]]"]
    other = ["日本では七色、アメリカでは六色と数えることが多いです。", "[[5]]", "[[4]]", "[[8]]"]
    [end] = walked([*one, *other], aspects=["honesty", "helpfulness"], policy="best_worst")
    assert end.reject is None
    rated = {each["response"]: each for each in end.record["completions"]}
    assert rated[one[0]]["annotations"]["honesty"] == {"rating": None, "rationale": ""}
    assert rated[one[0]]["fine_grained_score"] == 2
    assert (end.record["score_chosen"], end.record["score_rejected"], end.record["margin"]) == (4.5, 2, 2.5)


@pytest.mark.parametrize("policy", ["best_random", "best_worst", "sweet_spot", "length_penalty"])
def test_ties_make_no_pair_whatever_the_policy(policy: str, tmp_path: Path) -> None:
    """Fault 25: all ties are a defined result, not a division by zero."""
    pool = Pool("ja", faults=False)

    def said(request: Request) -> Reply:
        judged = JUDGES["ja"][0] in str(request.messages[0]["content"])
        return Reply("[[4]]") if judged else pool(request)

    options = {"aspects": ["overall"], "critique": False, "policy": policy}
    report = run_recipe(NAME, tmp_path, "ja", questions("ja", 10), Scripted(said), options=options)
    assert report.accounting.balances
    assert accepted(tmp_path) == []
    assert [row["reason"] for row in rejected(tmp_path)] == ["tied"] * 10


def test_best_random_takes_any_lower_answer_and_best_worst_the_lowest(tmp_path: Path) -> None:
    lowest = {}
    for policy in ("best_random", "best_worst"):
        options = {"aspects": ["overall"], "critique": False, "policy": policy}
        model = Scripted(Pool("ja", faults=False))
        run_recipe(NAME, tmp_path / policy, "ja", questions("ja", 60), model, options=options)
        rows = accepted(tmp_path / policy)
        assert {row["pair_policy"] for row in rows} == {policy}
        worst = [
            row["score_rejected"] == min(one["fine_grained_score"] for one in read(row["completions"]))
            for row in rows
        ]
        lowest[policy] = sum(worst) / len(worst)
    assert lowest["best_worst"] == 1
    assert 0.3 < lowest["best_random"] < 0.9


def test_a_prompt_with_a_system_message_of_its_own_gets_the_principle_before_it() -> None:
    asked = [{"role": "system", "content": "関西弁で話す。"}, {"role": "user", "content": "虹は何色ですか。"}]
    loaded = catalogue.load(NAME, "ja", {"answers": 2, "aspects": ["overall"], "critique": False})
    captured: list[Asked] = []
    replies = ["七色やで。", "[[4]]", "知らんけど、六色ちゃうかな。", "[[2]]"]
    record = Record("r", (1,), {"instruction": asked}, parents=("r",))
    [end] = asyncio.run(walk_all(loaded.recipe, loaded.texts, [record], in_order(replies), captured))
    assert end.record["prompt"] == asked
    for one in captured[::2]:
        roles = [message["role"] for message in one.request.messages]
        assert roles == ["system", "user"]
        assert str(one.request.messages[0]["content"]).endswith("\n\n関西弁で話す。")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"answerers": ["strong", "judge"]}, "the judge is none of them"),
        ({"answerers": []}, "each named once"),
        ({"answerers": ["a", "a"]}, "each named once"),
        ({"answers": 1}, "2 to 32 answers"),
        ({"answers": 33}, "2 to 32 answers"),
        ({"aspects": ["honest"]}, "did you mean 'honesty'"),
        ({"aspects": ["overall", "honesty"]}, "aspects names none that the recipe has"),
        ({"aspects": ["honesty", "honesty"]}, "rated once"),
        ({"principles": ["helpfullness"]}, "did you mean 'helpfulness'"),
        ({"critique": False, "rank_by": "overall_score"}, "no answer has an overall score"),
        ({"policy": "right_wrong"}, "option 'policy'"),
        ({"policy": "margin"}, "needs a least difference"),
        ({"policy": "strong_weak", "answerers": ["a", "b", "c"]}, "needs two answerers"),
        ({"min_margin": -1.0}, "0 or more"),
    ],
)
def test_options_that_cannot_be_are_told_before_any_call(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SetupError, match=message):
        catalogue.load(NAME, "ja", options)


@pytest.mark.parametrize(
    ("options", "judge", "means"),
    [
        ({}, "aspects", {"aspects": ASPECTS}),
        ({"aspects": ["helpfulness"]}, "aspects", {"aspects": ("helpfulness",)}),
        ({"aspects": ["overall"]}, "aspects", {"aspects": ()}),
        ({"rank_by": "overall_score"}, "single", {}),
    ],
)
def test_the_judge_that_ranks_is_the_one_that_is_tried(
    options: dict[str, Any], judge: str, means: dict[str, Any]
) -> None:
    [trial] = catalogue.load(NAME, "ja", options).recipe.trials
    assert (trial.recipe, trial.options, trial.role) == ("judge_bench", {"judge": judge, **means}, "judge")
    bench = catalogue.load(trial.recipe, "ja", trial.options).recipe
    asked = {prompt for spec in bench.specs for prompt in spec.prompts}
    assert asked == {"aspect" if judge == "aspects" else "single"}
    prompts = catalogue.texts_of(catalogue.find(NAME))["ja"].prompts
    assert {"aspects": "aspect", "single": "single"}[judge] in prompts, "tried with the prompt that ranks"


def test_a_judge_that_rates_by_chance_is_refused_with_the_critics_own_prompt_before_anybody_answers(
    tmp_path: Path,
) -> None:
    asked: list[dict[str, Any]] = []

    def said(body: dict[str, Any]) -> str:
        asked.append(body)
        return f"x\n[[{Draw('chance', str(body['messages'])).between(1, 10)}]]"

    options = {"rank_by": "overall_score"}
    with pytest.raises(SetupError, match="the judge 'judge' may not rank") as refused:
        make_pairs(NAME, tmp_path, "ja", questions("ja", 3), said, options=options, trial="require")
    assert "60 planted pairs" in str(refused.value)
    assert {body["model"] for body in asked} == {"judge"}
    assert all(JUDGES["ja"][1] in str(body["messages"][0]["content"]) for body in asked)
