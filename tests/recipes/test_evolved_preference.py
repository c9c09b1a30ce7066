"""What only evolved pairs promise: both sides answer the evolved prompt, the judge bears them out, lineage stays."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.pairs import assert_nothing_chosen, assert_sound, make_pairs, read, run_roles
from support.recipe_runs import accepted, rejected, without_lineage
from support.runs import table
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply
from tanemaki.core.seeding import Draw
from tanemaki.judge.borne_out import claimed_of
from tanemaki.models.scripted import Scripted
from tanemaki.recipes import catalogue
from tanemaki.report.judge_trust import report

NAME = "evolved_preference"
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
FIVE = ("add_constraints", "deepen", "concretise", "add_reasoning_steps", "broaden")
CRITICAL_4 = 18.467  # χ² with 4 degrees of freedom, p = 0.001
SAID: dict[str, dict[str, str]] = {
    "ja": {
        "seed": "{k}番の畑に植える野菜を選んでください。",
        "evolved": "指示：{parent}ただし、場所は{a}番の丘、相手は{b}さん。",
        "gained": "条件が加わっている。\n判定：進化",
        "strong": "{a}番の畑には里芋を植えます。水を好み、{b}日の雨にも負けないからです。",
        "weak": "野菜は何でもよく育つので、{a}番の店で聞いて、{b}円のものを買いましょう。",
        "apology": "条件が多く、{a}番は選べません。すみません。",
    },
    "en": {
        "seed": "Choose a vegetable for field {k}.",
        "evolved": "Instruction: {parent} It lies on hill {a} and belongs to farmer {b}.",
        "gained": "There is a new condition.\nVerdict: evolved",
        "strong": "Plant celeriac in field {a}. It likes water and stands {b} days of rain without harm.",
        "weak": "Any vegetable will do, so ask in shop {a} and buy whatever costs {b}.",
        "apology": "Sorry, there is nothing that grows in field {a}.",
    },
}
VERDICTS = {
    "claim_refuted": ("[[{weak}]]", "[[{weak}]]"),
    "tie": ("[[C]]", "[[C]]"),
    "order_dependent": ("[[A]]", "[[A]]"),
    "no_verdict": ("…", "[[{strong}]]"),
    "two_verdicts": ("[[A]] [[B]]", "[[{strong}]]"),
    "empty": ("", "[[{strong}]]"),
    "cut": ("…", "[[{strong}]]"),
}
"""Reason → what the judge says with the strong answer shown first, and with it shown second."""
WEAK = ("cut", "empty", "equal_sides", "not_distinct")


def seeds(language: str, n: int) -> list[dict[str, Any]]:
    return [{"instruction": SAID[language]["seed"].format(k=k), "mine": k} for k in range(1, n + 1)]


class Farm:
    """Evolves, answers and judges by role. What goes wrong hangs on the evolved instruction alone."""

    def __init__(self, language: str, *, faults: bool = True) -> None:
        self.language, self.faults, self.said = language, faults, SAID[language]

    def __call__(self, body: dict[str, Any]) -> dict[str, Any]:
        """Answer the body of a request that names the role as its model."""
        shown, role = str(body["messages"][-1]["content"]), body["model"]
        if role == "writer":
            return self.told(self.fill("evolved", shown, parent=shown.rsplit("\n\n", maxsplit=1)[-1]))
        if role == "judge":
            compares = any(one in shown for one in ("アシスタントA", "assistant A"))
            return self.judged(shown) if compares else self.told(self.said["gained"])
        strong = self.fill("apology" if self.fault(shown) == "short_apology" else "strong", shown)
        return self.told(strong) if role == "strong" else self.weak(shown, strong)

    def told(self, text: str, finish_reason: str = "stop") -> dict[str, Any]:
        return {"content": text, "finish_reason": finish_reason}

    def fill(self, what: str, key: str, **more: str) -> str:
        draw = Draw(what, key)
        return self.said[what].format(a=draw.below(10**6), b=draw.below(10**6), **more)

    def weak(self, asked: str, strong: str) -> dict[str, Any]:
        fault = self.fault(asked)
        if fault == "weak:cut":
            return self.told("…", "length")
        twin = strong.replace("。", "！").replace(".", "!")
        said = {"weak:empty": " ", "weak:equal_sides": strong, "weak:not_distinct": twin}
        return self.told(said.get(fault or "", self.fill("weak", asked)))

    def fault(self, asked: str) -> str | None:
        """Return what goes wrong with an evolved instruction."""
        draw = Draw("fault", asked)
        if not self.faults or draw.below(2):
            return None
        return draw.choose(
            ("short_apology", *(f"weak:{one}" for one in WEAK), *VERDICTS, *("claim_refuted",) * 3)
        )

    def judged(self, shown: str) -> dict[str, Any]:
        asked = self.instruction(shown)
        strong_first = shown.index(self.fill("strong", asked)) < shown.index(self.fill("weak", asked))
        names = dict(zip(("strong", "weak"), "AB" if strong_first else "BA", strict=True))
        fault = self.fault(asked)
        said = VERDICTS[fault][not strong_first] if fault in VERDICTS else "[[{strong}]]"
        cut = fault == "cut" and strong_first
        return self.told(said.format(**names), "length" if cut else "stop")

    def instruction(self, shown: str) -> str:
        """Return the evolved instruction that a judge is shown."""
        return next(line for line in shown.splitlines() if self.fill("strong", line) in shown)


def grow(
    folder: Path, language: str, source: list[dict[str, Any]], *, concurrency: int = 16, **options: Any
) -> list[dict[str, Any]]:
    """Run without a server, a scripted model for each role and nothing going wrong; return the rows."""
    farm = Farm(language, faults=False)

    def model(role: str) -> Scripted:
        return Scripted(lambda asked: Reply(farm({"messages": asked.messages, "model": role})["content"]))

    roles = catalogue.load(NAME, language, options).recipe.roles
    models = {role: model(role) for role in roles}
    return run_roles(
        NAME, folder, language, source, models, options=options, concurrency=concurrency
    ).accepted


@EACH_LANGUAGE
def test_planted_faults_land_in_their_reasons_over_http_and_none_in_the_data(
    language: str, tmp_path: Path
) -> None:
    farm = Farm(language)
    made = make_pairs(NAME, tmp_path, language, seeds(language, 130), farm, faults={"429": 0.05, "500": 0.05})
    kept, gone = made.accepted, made.rejected
    assert len(kept) >= 50
    assert len(kept) + len(gone) == 130
    assert_sound(kept)
    assert_nothing_chosen(tmp_path)
    assert [row for row in kept if farm.fault(row["evolved_instruction"])] == []
    for row in gone:
        fault = farm.fault(row["evolved_instruction"])
        assert fault is not None
        assert row["reason"] == fault.removeprefix("weak:")
    steps = {(row["step"], row["reason"]) for row in gone}
    assert steps == {
        ("survives", "short_apology"),
        *(("weak_answer", one) for one in WEAK[:3]),
        ("apart", "not_distinct"),
        *(("borne_out", one) for one in VERDICTS),
    }
    for row in kept:
        assert [row[side][0]["content"] for side in ("prompt", "chosen", "rejected")] == [
            row["evolved_instruction"],
            row["answer"],
            row["weak_answer"],
        ]
        assert row["winner"] == "first"
        assert {one["winner"] for one in read(row["comparison"])["verdicts"]} == {"first"}


def test_both_sides_get_the_same_messages_and_the_judge_no_names(tmp_path: Path) -> None:
    made = make_pairs(NAME, tmp_path, "ja", seeds("ja", 20), Farm("ja", faults=False))
    asked = {
        role: [one["messages"] for one in made.bodies if one["model"] == role] for role in ("strong", "weak")
    }
    assert sorted(asked["strong"], key=str) == sorted(asked["weak"], key=str)
    judged = [str(one["messages"]) for one in made.bodies if one["model"] == "judge"]
    assert len(judged) == 20 * 3, "once about the evolution, twice about the pair"
    assert not [text for text in judged if "strong" in text or "weak" in text]


@EACH_LANGUAGE
def test_operator_generation_and_parent_are_columns_in_parquet_and_the_history_is_as_long(
    language: str, tmp_path: Path
) -> None:
    """Fault 31: operator and generation lost at export. Fault 17: a history that the child had changed."""
    grow(tmp_path, language, seeds(language, 20), generations=3, include_original=True)
    [path] = (tmp_path / "data").glob("*.parquet")
    rows = {row["id"]: row for row in table(path)}
    assert Counter(row["generation"] for row in rows.values()) == {0: 20, 1: 20, 2: 20, 3: 20}
    for row in rows.values():
        assert len(row["history"]) == len(row["operators"]) == row["generation"]
        if row["generation"]:
            assert row["operator"] == row["operators"][-1]
            assert row["operator"] in FIVE
            assert row["history"][0] == row["instruction"]
        if row["generation"] > 1:
            parent = rows[row["parent_id"]]
            assert (parent["generation"], parent["root_id"]) == (row["generation"] - 1, row["root_id"])
            assert parent["evolved_instruction"] == row["history"][-1]


def test_no_root_is_on_both_sides_of_a_split(tmp_path: Path) -> None:
    """Fault 16: the last thousand rows after a shuffle were the test, so that siblings stood on both sides."""
    options = {"generations": 3, "verdicts": "none"}
    make_pairs(
        NAME,
        tmp_path,
        "ja",
        seeds("ja", 50),
        Farm("ja", faults=False),
        options=options,
        splits={"test": 0.3},
        trial="off",
    )
    roots = {
        split: {
            row["root_id"] for path in (tmp_path / "data").glob(f"{split}-*.parquet") for row in table(path)
        }
        for split in ("train", "test")
    }
    assert roots["train"] & roots["test"] == set()
    assert len(roots["train"]) + len(roots["test"]) == 50
    assert len(roots["test"]) >= 5


def test_recorded_verdicts_tell_how_often_the_chosen_side_is_the_worse_one(tmp_path: Path) -> None:
    farm = Farm("ja")
    make_pairs(NAME, tmp_path, "ja", seeds("ja", 130), farm, options={"verdicts": "recorded"})
    kept = accepted(tmp_path)
    assert {row["step"] for row in rejected(tmp_path)} == {"survives", "weak_answer", "apart"}
    faults = Counter(farm.fault(row["evolved_instruction"]) for row in kept)
    wrong, right = faults["claim_refuted"], faults[None]
    assert wrong >= 3
    told = report(claimed_of(kept, "evolved_instruction", "answer", "weak_answer"))
    labels = told.judges[0].labels
    assert (labels.right.hits, labels.right.n) == (right, right + wrong)
    assert labels.n_labelled == len(kept)


def test_the_same_estimate_comes_of_required_verdicts_with_the_rejected_rows(tmp_path: Path) -> None:
    farm = Farm("ja")
    make_pairs(NAME, tmp_path, "ja", seeds("ja", 80), farm)
    raw = [*accepted(tmp_path), *table(tmp_path / "rejected.parquet")]
    labels = report(claimed_of(raw, "evolved_instruction", "answer", "weak_answer")).judges[0].labels
    wrong = sum(row["reason"] == "claim_refuted" for row in rejected(tmp_path))
    assert (labels.right.hits, labels.right.n) == (len(accepted(tmp_path)), len(accepted(tmp_path)) + wrong)


@EACH_LANGUAGE
def test_the_same_rows_at_any_concurrency_and_in_reverse(language: str, tmp_path: Path) -> None:
    source, told = seeds(language, 50), []
    for label, given, n in (("one", source, 1), ("eight", source, 8), ("back", source[::-1], 8)):
        grow(tmp_path / label, language, given, concurrency=n)
        gone = {row["id"]: (row["reason"], row["step"]) for row in rejected(tmp_path / label)}
        told.append((without_lineage(accepted(tmp_path / label)), gone))
    assert len(told[0][0]) == 50
    assert told[0] == told[1] == told[2]


def drawn(seed: int, k: int) -> str:
    return Draw(seed, NAME, "evolved_instruction", f"row-{k}", "operator", 1).choose(FIVE)


def test_operators_of_a_run_are_uniform_and_drawn_by_their_names(tmp_path: Path) -> None:
    rows = grow(tmp_path, "ja", seeds("ja", 60), generations=3, verdicts="none")
    counts = Counter(row["operator"] for row in rows)
    assert set(counts) == set(FIVE)
    assert sum((n - 36) ** 2 / 36 for n in counts.values()) < CRITICAL_4
    for row in rows:
        if row["round"] == 1:
            draw = Draw(7, NAME, "evolved_instruction", row["root_id"], "operator", 1)
            assert row["operator"] == draw.choose(FIVE)


def test_neighbouring_seeds_share_no_more_operators_than_chance() -> None:
    """Fault 10: adjacent seeds that make runs repeat each other."""
    same = sum(drawn(7, k) == drawn(8, k) for k in range(2500))
    assert 420 <= same <= 580, "one in five: 500, four deviations"


def test_the_prompts_are_those_of_evol_instruct_and_not_copies() -> None:
    mine, its = catalogue.texts_of(catalogue.find(NAME)), catalogue.texts_of(catalogue.find("evol_instruct"))
    for language in ("ja", "en"):
        assert {name: mine[language].prompts[name] for name in its[language].prompts} == its[language].prompts
        assert mine[language].tables == its[language].tables


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"operators": ["deepn"]}, "did you mean 'deepen'"),
        ({"operators": ["deepen", "deepen"]}, "each named once"),
        ({"generations": 0}, "at least one generation"),
        ({"verdicts": "some"}, "option 'verdicts'"),
        ({"repeats": 0}, "repeats goes from 1 to 32"),
        ({"verdicts": "none", "repeats": 3}, "nobody is asked"),
    ],
)
def test_options_that_cannot_be_are_told_before_any_call(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SetupError, match=message):
        catalogue.load(NAME, "ja", options)


def test_a_judge_is_tried_only_where_one_compares() -> None:
    [trial] = catalogue.load(NAME, "ja", {"repeats": 3}).recipe.trials
    assert (trial.recipe, trial.role) == ("judge_bench", "judge")
    assert trial.options == {"judge": "pairwise", "names": False, "repeats": 3}
    assert catalogue.load(NAME, "ja", {"verdicts": "none"}).recipe.trials == ()
