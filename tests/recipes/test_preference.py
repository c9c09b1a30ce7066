"""What only pairs promise: a verdict that holds, or a named reason and nothing chosen; and nobody is judged by a name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from support.judging import answers_in
from support.kitchen import (
    TEXTS,
    answer,
    body_of,
    first,
    is_good,
    is_judged,
    oracle,
    questions,
    shelf_of,
    text_of,
)
from support.pairs import Made, assert_nothing_chosen, assert_sound, make_pairs, read, run_roles, said_of
from support.recipe_runs import without_lineage
from support.replies import Said
from support.runs import Captured, table
from tanemaki.config.schema import Limits
from tanemaki.core.errors import ModelError, SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.models.scripted import Scripted
from tanemaki.recipes import catalogue

NAME = "preference"
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
WRITER, STRONG_WEAK = "writer", ["strong", "weak"]
CLAIM = {"ja": "二つの回答を比べました。", "en": "I compared the two answers."}
SAID_OF_KIND = {7: "[[C]]", 8: "[[A]] [[B]]", 9: "", 10: "[[a]]"}
REASON_OF_KIND = {
    1: ("prompt", "no_prompt"),
    2: ("comparisons", "too_few_answers"),
    3: ("comparisons", "not_distinct"),
    4: ("comparisons", "too_few_answers"),
    5: ("comparisons", "too_few_answers"),
    6: ("pair", "order_dependent"),
    7: ("pair", "tie"),
    8: ("pair", "two_verdicts"),
    9: ("pair", "no_verdict"),
    10: ("pair", "no_verdict"),
}
"""Of every twelve questions, ten are spoilt: what is planted, and where it lands."""


def kind_of(k: int) -> int:
    return k % 12


def writes(body: Mapping[str, Any], language: str) -> Said:
    """Answer as the strong or the weak model does, but for the planted faults."""
    k = shelf_of(body)
    texts = TEXTS[language]
    strong = body["model"] == "strong"
    planted: dict[int, Said] = {
        2: {"content": "…", "finish_reason": "length"},
        3: texts["good_short"].format(k=k),
        4: texts["foreign"].format(k=k) if strong else texts["bad_short"].format(k=k),
        5: texts["loop"].format(k=k) if strong else texts["bad_short"].format(k=k),
    }
    return planted.get(kind_of(k)) or answer(body, language, "good" if strong else "bad")


def judges(body: Mapping[str, Any], language: str) -> str:
    kind = kind_of(shelf_of(body))
    letter = f"[[{first(body) if kind == 6 else oracle()(body)}]]"
    return f"{CLAIM[language]}\n{SAID_OF_KIND.get(kind, letter)}"


def spoilt(language: str, n: int) -> list[dict[str, Any]]:
    return [
        {"instruction": " 　\n"} if kind_of(k) == 1 else row
        for k, row in enumerate(questions(language, n), 1)
    ]


@EACH_LANGUAGE
def test_planted_faults_over_http_land_in_their_reasons_and_none_in_the_data(
    language: str, tmp_path: Path
) -> None:
    """Faults 8, 12 and 14: what was not verified is no pair; nothing but a verdict is one; no verdict is no tie."""

    def say(body: dict[str, Any]) -> Said:
        return judges(body, language) if body["model"] == "judge" else writes(body, language)

    made = make_pairs(
        NAME,
        tmp_path / "r",
        language,
        spoilt(language, 72),
        say,
        faults={"429": 0.05, "500": 0.05},
        options={"answerers": STRONG_WEAK},
    )
    assert_sound(made.accepted)
    assert sorted(number_of(row) for row in made.accepted) == [
        k for k in range(1, 73) if kind_of(k) in (0, 11)
    ]
    assert all(
        is_good(said_of(row["chosen"])) and not is_good(said_of(row["rejected"])) for row in made.accepted
    )
    assert {(row["answerer_chosen"], row["answerer_rejected"]) for row in made.accepted} == {
        ("strong", "weak")
    }
    gone = Counter((row["step"], row["reason"]) for row in made.rejected)
    prompts = Counter(REASON_OF_KIND[kind_of(k)] for k in range(1, 73) if kind_of(k) in REASON_OF_KIND)
    assert gone == prompts + Counter(
        {("answer", "cut"): 12, ("answer", "wrong_language"): 6, ("answer", "loop"): 6}
    )


def number_of(row: Mapping[str, Any]) -> int:
    return shelf_of({"messages": [{"content": row["instruction"]}]})


@EACH_LANGUAGE
def test_what_was_skipped_has_no_chosen_side_and_shows_every_word_of_the_judge(
    language: str, tmp_path: Path
) -> None:
    """Fault 19: skip rows were filled with a chosen and a rejected side."""
    made = strong_and_weak(tmp_path / "r", language, spoilt(language, 48), oracle_at=None)
    assert_nothing_chosen(made.folder)
    columns = set(table(made.folder / "rejected.parquet")[0])
    assert columns == {
        "id", "ordinal", "step", "reason", "measured", "limit", "note", "fields", "sources", "lineage",
    }  # fmt: skip
    judged = [row for row in made.rejected if row["step"] == "pair"]
    assert len(judged) == 20
    for row in judged:
        [comparison] = row["comparisons"]
        assert (comparison["winner"], comparison["why"]) == (None, row["reason"])
        assert [one["condition"] for one in comparison["verdicts"]] == ["asked", "swapped"]
        assert all(one["rationale"].startswith(CLAIM[language]) for one in comparison["verdicts"])
        assert row["note"].startswith(CLAIM[language])
        assert len(row["answers"]) == 2


def strong_and_weak(
    folder: Path, language: str, source: list[dict[str, Any]], *, oracle_at: float | None = 0.0, **more: Any
) -> Made:
    """Run with a strong and a weak model; the judge is an oracle with this noise, or the one with planted faults."""

    def judge(request: Request) -> Reply:
        body = body_of(request)
        if oracle_at is None:
            return Reply(judges(body, language))
        return Reply(f"{CLAIM[language]}\n[[{oracle(oracle_at)(body)}]]")

    def model(role: str) -> Captured:
        def reply(request: Request) -> Reply:
            said = writes({**body_of(request), "model": role}, language)
            return Reply(said) if isinstance(said, str) else Reply("…", finish_reason="length")

        return Captured(reply, slow=role)

    options = {"answerers": STRONG_WEAK, **more.pop("options", {})}
    models = {role: model(role) for role in STRONG_WEAK} | {"judge": Captured(judge, slow="judge")}
    return run_roles(NAME, folder, language, source, models, options=options, **more)


@EACH_LANGUAGE
def test_the_judge_is_told_no_names_and_sees_either_model_first_as_often(
    language: str, tmp_path: Path
) -> None:
    shown: list[str] = []

    def judge(request: Request) -> Reply:
        body = body_of(request)
        shown.append(text_of(body))
        return Reply(f"[[{oracle()(body)}]]")

    models = {
        "alpha-7b": Captured(lambda request: Reply(answer(body_of(request), language, "good"))),
        "beta-13b": Captured(lambda request: Reply(answer(body_of(request), language, "bad"))),
        "judge": Captured(judge),
    }
    source = questions(language, 200)
    made = run_roles(
        NAME, tmp_path / "r", language, source, models, options={"answerers": ["alpha-7b", "beta-13b"]}
    )
    assert len(made.accepted) == 200
    assert not [text for text in shown if "alpha" in text or "beta" in text or "7b" in text or "13b" in text]
    drawn = [read(row["comparisons"])[0] for row in made.accepted]
    answerers = [
        read(row["answers"])[one["first"]]["answerer"] for row, one in zip(made.accepted, drawn, strict=True)
    ]
    n_alpha = answerers.count("alpha-7b")
    assert (n_alpha - 100) ** 2 / 100 + (200 - n_alpha - 100) ** 2 / 100 < 10.8  # χ², one degree, p 0.001
    assert sum(is_good(answers_in(text)[0][1]) for text in shown) == 200, (
        "both orders of every pair were shown"
    )


def test_a_pool_in_which_one_model_fails_goes_on_with_the_others(tmp_path: Path) -> None:
    """Three models, one of which fails a fifth of its calls: names and answers stay together."""

    def reply(role: str) -> Scripted:
        def say(request: Request) -> Reply:
            k = shelf_of(body_of(request))
            if role == "gamma" and k % 5 == 0:
                raise ModelError("the endpoint refused the call", fault="bad_request")
            return Reply(
                f"{role}は、{TEXTS['ja']['good_long' if role == 'alpha' else 'bad_long'].format(k=k)}"
            )

        return Scripted(say, name=role)

    pool = ["alpha", "beta", "gamma"]
    judge = Scripted(lambda request: Reply(f"[[{longest(body_of(request))}]]"))
    models = {**{role: reply(role) for role in pool}, "judge": judge}
    limits = Limits(failed_share=None)
    two = run_roles(
        NAME, tmp_path / "two", "ja", questions("ja", 100), models, options={"answerers": pool}, limits=limits
    )
    failed = table(two.folder / "failed.parquet")
    few = [row for row in two.rejected if row["reason"] == "too_few_answers"]
    assert len(few) == len(failed) == len({row["ordinal"].split(".")[0] for row in failed}) > 5
    assert {row["measured"] for row in few} == {"1"}
    assert [len(row["answers"]) for row in few] == [1] * len(few), "the one that came is kept"
    for row in two.accepted:
        assert all(one["answer"].startswith(one["answerer"]) for one in read(row["answers"]))
    three = run_roles(
        NAME,
        tmp_path / "three",
        "ja",
        questions("ja", 50),
        models,
        limits=limits,
        options={"answerers": pool, "answers": 3},
    )
    assert len(three.accepted) == 50
    assert Counter(len(read(row["answers"])) for row in three.accepted) == {3: 40, 2: 10}
    assert_sound(two.accepted)
    assert_sound(three.accepted)


def longest(body: Mapping[str, Any]) -> str:
    return max(answers_in(text_of(body)), key=lambda one: (len(one[1]), one[1]))[0]


def test_one_model_answers_a_prompt_several_times_and_copies_make_no_pair(tmp_path: Path) -> None:
    def say(body: dict[str, Any]) -> Said:
        return f"[[{longest(body)}]]" if is_judged(body) else answer(body, "ja", "good")

    made = make_pairs(NAME, tmp_path / "r", "ja", questions("ja", 60), say)
    reasons = Counter(row["reason"] for row in made.rejected)
    assert set(reasons) == {"not_distinct"}
    assert 15 < reasons["not_distinct"] < 45, (
        "two of two answers, long or short, are the same half of the time"
    )
    assert len(made.accepted) == 60 - reasons["not_distinct"]
    assert_sound(made.accepted)
    written = [body for body in made.bodies if not is_judged(body)]
    assert {body["temperature"] for body in written} == {0.7}
    assert len({(shelf_of(body), body["seed"]) for body in written}) == 120, (
        "every answer has a seed of its own"
    )
    assert {body["temperature"] for body in made.bodies if is_judged(body)} == {0.0}


@EACH_LANGUAGE
def test_rows_are_the_same_at_any_concurrency_and_in_reverse(language: str, tmp_path: Path) -> None:
    source = spoilt(language, 60)
    one = strong_and_weak(tmp_path / "one", language, source, oracle_at=None, concurrency=1)
    eight = strong_and_weak(tmp_path / "eight", language, source, oracle_at=None)
    back = strong_and_weak(tmp_path / "back", language, source[::-1], oracle_at=None)
    data = "data/train-00000-of-00001.parquet"
    assert (one.folder / data).read_bytes() == (eight.folder / data).read_bytes()
    assert (one.folder / "rejected.parquet").read_bytes() == (eight.folder / "rejected.parquet").read_bytes()
    assert without_lineage(one.accepted) == without_lineage(back.accepted)


def test_neighbouring_seeds_share_no_more_draws_than_chance(tmp_path: Path) -> None:
    drawn = []
    for seed in (7, 8):
        made = strong_and_weak(tmp_path / str(seed), "ja", questions("ja", 72 * 2), seed=seed, oracle_at=0.0)
        drawn.append({number_of(row): read(row["comparisons"])[0]["first"] for row in made.accepted})
    shared = drawn[0].keys() & drawn[1].keys()
    equal = sum(drawn[0][k] == drawn[1][k] for k in shared)
    n = len(shared)
    assert n > 60
    assert (equal - n / 2) ** 2 / (n / 4) < 10.8  # χ², one degree, p 0.001


def test_messages_are_answered_as_they_are_and_the_pair_goes_on_with_them(tmp_path: Path) -> None:
    asked = questions("ja", 50)
    before = [{"role": "system", "content": "台所の相談員です。"}]
    source = [
        {"instruction": [*before, {"role": "user", "content": row["instruction"]}], "mine": "列"}
        for row in asked
    ]
    made = strong_and_weak(tmp_path / "r", "ja", source)
    assert len(made.accepted) > 25
    for row in made.accepted:
        prompt = [dict(one) for one in row["prompt"]]
        assert [one["role"] for one in prompt] == ["system", "user"]
        assert row["mine"] == "列"
    assert_sound(made.accepted)


def test_no_prompt_is_in_two_splits(tmp_path: Path) -> None:
    """Fault 16: siblings of one seed on both sides of the split."""
    source = [row for row in questions("ja", 60) for _ in range(2)]

    def say(body: dict[str, Any]) -> Said:
        if body["model"] == "judge":
            return f"[[{oracle()(body)}]]"
        return answer(body, "ja", "good" if body["model"] == "strong" else "bad")

    made = make_pairs(
        NAME, tmp_path / "r", "ja", source, say, options={"answerers": STRONG_WEAK}, splits={"test": 0.2}
    )
    sides = {
        split: {row["instruction"] for row in table(made.folder / "data" / f"{split}-00000-of-00001.parquet")}
        for split in ("train", "test")
    }
    assert len(sides["train"]) + len(sides["test"]) == 60
    assert 3 <= len(sides["test"]) <= 23
    assert not sides["train"] & sides["test"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"answers": 1}, "a prompt gets 2 to 32 answers"),
        ({"answers": 33}, "a prompt gets 2 to 32 answers"),
        ({"answerers": []}, "answerers are one or more roles"),
        ({"answerers": ["a", "a"]}, "answerers are one or more roles"),
        ({"judge": "pairwize"}, "option 'judge'"),
        ({"judge": "panel", "judges": ["one"]}, "a panel needs two judges or more"),
        ({"judge": "panel", "judges": ["one", "one"]}, "a panel needs two judges or more"),
        ({"judges": ["one", "two"]}, "judges are the roles of a panel"),
        ({"policy": "best_worst"}, "policy goes by scores, and the judge 'pairwise' compares"),
        ({"min_margin": 2.0}, "min_margin goes by scores, and the judge 'pairwise' compares"),
        ({"judge": "single", "policy": "best_wurst"}, "did you mean 'best_worst'"),
        ({"judge": "single", "policy": "margin"}, "needs a least difference of the scores"),
        ({"judge": "single", "names": True}, "the judge 'single' has no names"),
        ({"judge": "rubric", "reference": True}, "the judge 'rubric' has no reference"),
        ({"judge": "exact", "repeats": 3}, "the judge 'exact' asks no model"),
        ({"judge": "none"}, "policy 'strong_weak' needs two answerers"),
        ({"judge": "none", "policy": "best_worst"}, "goes by scores, and no judge gives any"),
        ({"repeats": 0}, "repeats goes from 1 to 32"),
        ({"judge": "panel", "judges": ["one", "two"], "repeats": 33}, "repeats goes from 1 to 32"),
    ],
)
def test_what_cannot_be_combined_is_told_before_any_call(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SetupError, match=message) as told:
        catalogue.load(NAME, "ja", options)
    assert "next" in str(told.value)


@pytest.mark.parametrize("judge", ["pairwise", "single", "aspects", "rubric", "expected", "reward"])
def test_a_judge_that_is_a_model_passes_a_trial_of_its_own_kind_before_it_ranks(judge: str) -> None:
    loaded = catalogue.load(NAME, "ja", {"judge": judge, **({"repeats": 3} if judge == "pairwise" else {})})
    [trial] = loaded.recipe.trials
    assert (trial.recipe, trial.role, trial.options["judge"]) == ("judge_bench", "judge", judge)
    bench = catalogue.load("judge_bench", "ja", trial.options)
    assert prompts_of(loaded) == prompts_of(bench), "the trial asks what the run asks"


def prompts_of(loaded: catalogue.Loaded) -> dict[str, str]:
    names = {name for spec in loaded.recipe.specs for name in spec.prompts}
    return {name: loaded.texts.prompts[name].text for name in names}


def test_each_judge_of_a_panel_passes_a_trial_of_its_own() -> None:
    options = {"judge": "panel", "judges": ["mild", "strict"], "names": True, "reference": True}
    trials = catalogue.load(NAME, "ja", options).recipe.trials
    assert [(one.role, one.options) for one in trials] == [
        (role, {"judge": "pairwise", "names": True, "repeats": 1, "plain": False})
        for role in ("mild", "strict")
    ]


@pytest.mark.parametrize("options", [{"judge": "exact"}, {"judge": "none", "answerers": ["a", "b"]}])
def test_where_no_model_judges_there_is_no_trial(options: dict[str, Any]) -> None:
    assert catalogue.load(NAME, "ja", options).recipe.trials == ()


def test_golden_rows_hold_no_chosen_side_where_there_is_no_pair() -> None:
    lines = (catalogue.find(NAME).path / "golden.jsonl").read_text(encoding="utf-8").splitlines()
    ends = [end for line in lines for end in json.loads(line)["ends"]]
    assert sum("expected" in end for end in ends) >= 6
    assert_sound(
        [{"id": str(n), **end["expected"]} for n, end in enumerate(ends) if "expected" in end], exact=True
    )
