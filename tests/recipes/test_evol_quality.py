"""What only better responses promise: the whole response is shown, drift and length are caught, both sides are kept."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.recipe_runs import accepted, rejected, run_recipe, serve_recipe, without_lineage
from support.runs import Captured
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.core.seeding import Draw
from tanemaki.recipes import catalogue

NAME = "evol_quality"
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
FIVE = ("helpfulness", "relevance", "depth", "creativity", "detail")
CRITICAL_4 = 18.467  # χ² with 4 degrees of freedom, p = 0.001
SAID: dict[str, dict[str, str]] = {
    "ja": {
        "instruction": "{k}番の畑の里芋に水をやる時期と量を教えてください。",
        "response": "里芋は乾きに弱い野菜です。{k}番の畑では水をやりましょう。",
        "better": "書き直し：{k}番の畑の里芋は乾きに弱いので、七月から、土に染みる量の水を{a}日おきの朝にやります。",
        "drifted": "書き直し：京都の石庭では、砂利の紋様を眺めて縁側で過ごす人が{a}人いました。拝観料は受付で払います。",
        "grew_too_much": "書き直し：{k}番の畑の里芋に水をやります。",
        "unchanged": "書き直し：里芋は乾きに弱い野菜です。{k}番の畑では、水をやりましょう！",
        "improved": "時期と量がわかる。\n判定：改善",
        "no_improvement": "言い換えただけだ。\n判定：据え置き",
        "off": "条件を破っている。\n判定：逸脱",
    },
    "en": {
        "instruction": "When and how much should I water the celeriac in field {k}?",
        "response": "Celeriac does not like dry soil. Water field {k} in time.",
        "better": "Rewritten: Celeriac in field {k} suffers in dry soil, so water it deeply every {a} mornings in July.",
        "drifted": "Rewritten: Sit on the veranda of a stone garden in Kyoto and watch {a} shadows wander over the gravel.",
        "grew_too_much": "Rewritten: Water the celeriac in field {k}.",
        "unchanged": "Rewritten: Celeriac does not like dry soil; water field {k} in time!",
        "improved": "It tells when and how much.\nVerdict: improved",
        "no_improvement": "The same in other words.\nVerdict: same",
        "off": "It breaks a constraint.\nVerdict: drifted",
    },
}


class Editor(Captured):
    """Rewrites and judges; one call in six of each kind commits a fault, which it writes down under its reason."""

    def __init__(self, language: str, *, slow: str | None = None) -> None:
        self.planted: Counter[str] = Counter()
        self._said = SAID[language]
        self._b = "[B]" if language == "en" else "【B】"
        super().__init__(self.answer_to, slow=slow)

    def answer_to(self, request: Request) -> Reply:
        asked = request.messages[-1]["content"]
        draw = Draw("editor", request.seed or 0, asked)
        k = re.findall(r"(?:field |指示】\n)(\d+)", asked)[-1]
        judges = self._b in asked
        fault = (
            None
            if draw.below(6)
            else draw.choose(
                ("no_improvement", "off") if judges else ("drifted", "grew_too_much", "unchanged")
            )
        )
        if fault:
            self.planted["drifted" if fault == "off" else fault] += 1
        said = self._said[fault or ("improved" if judges else "better")].format(k=k, a=draw.between(2, 9))
        if fault == "grew_too_much":
            said += "".join(f" {k}-{draw.below(10**6)}" for _ in range(90))
        return Reply(said)


def pairs(language: str, n: int) -> list[dict[str, str]]:
    return [
        {name: SAID[language][name].format(k=k) for name in ("instruction", "response")}
        for k in range(1, n + 1)
    ]


def edit(
    folder: Path,
    language: str,
    source: list[dict[str, str]],
    *,
    concurrency: int = 16,
    slow: str | None = None,
    **options: Any,
) -> Editor:
    model = Editor(language, slow=slow)
    run_recipe(NAME, folder, language, source, model, concurrency=concurrency, options=options)
    return model


@EACH_LANGUAGE
def test_planted_failures_land_in_their_reasons_and_none_in_the_data(language: str, tmp_path: Path) -> None:
    model = edit(tmp_path / "r", language, pairs(language, 150))
    kept, gone = accepted(tmp_path / "r"), rejected(tmp_path / "r")
    assert len(kept) + len(gone) == 150
    assert Counter(row["reason"] for row in gone) == model.planted
    assert set(model.planted) == {"drifted", "grew_too_much", "unchanged", "no_improvement"}
    assert {row["note"].split(":")[0] for row in gone if row["reason"] == "drifted"} == {
        "round 1, response",
        "round 1, compare",
    }
    assert not [
        row for row in kept if "京都" in row["evolved_response"] or "Kyoto" in row["evolved_response"]
    ]


@EACH_LANGUAGE
def test_the_rewriter_is_shown_the_whole_response_of_its_own_row(language: str, tmp_path: Path) -> None:
    """A published rewriter was shown the response's last character; and fault 28 (only one message looked at)."""
    source = pairs(language, 50)
    model = edit(tmp_path / "r", language, source, slow="a")
    by_response = {row["response"]: row["instruction"] for row in source}
    asked = [request.messages[-1]["content"] for request in model.requests]
    shown = [[text for text in by_response if f"\n{text}" in one] for one in asked]
    assert [len(texts) for texts in shown] == [1] * len(asked)
    assert all(by_response[texts[0]] in one for texts, one in zip(shown, asked, strict=True))


@EACH_LANGUAGE
def test_both_sides_are_kept_with_their_axis_and_difference_in_length(language: str, tmp_path: Path) -> None:
    source = pairs(language, 50)
    edit(tmp_path / "r", language, source, pairs=True)
    kept = accepted(tmp_path / "r")
    first = {row["instruction"]: row["response"] for row in source}
    assert len(kept) > 20
    for row in kept:
        assert row["response"] == first[row["instruction"]]
        assert row["length_difference_chars"] == len(row["evolved_response"]) - len(row["response"])
        assert row["axis"] in FIVE
        assert [row[name][0]["content"] for name in ("prompt", "chosen", "rejected")] == [
            row["instruction"],
            row["evolved_response"],
            row["response"],
        ]


def test_axes_are_drawn_per_row_with_equal_probability(tmp_path: Path) -> None:
    """Fault 9: a choice made once per process (here: one random seed per batch gave every batch the same axes)."""
    edit(tmp_path / "r", "ja", pairs("ja", 300))
    drawn = Counter(row["axis"] for row in [*accepted(tmp_path / "r"), *rejected(tmp_path / "r")])
    assert set(drawn) == set(FIVE)
    assert sum((n - 60) ** 2 / 60 for n in drawn.values()) < CRITICAL_4
    axes = [[_drawn(seed, k) for k in range(2500)] for seed in (7, 8)]
    assert 420 <= sum(a == b for a, b in zip(*axes, strict=True)) <= 580, "one in five: 500, four deviations"


@EACH_LANGUAGE
def test_rounds_go_on_from_what_was_kept_and_grow_against_the_first_response(
    language: str, tmp_path: Path
) -> None:
    edit(tmp_path / "r", language, pairs(language, 50), generations=3, max_growth=1.5)
    kept, gone = accepted(tmp_path / "r"), rejected(tmp_path / "r")
    assert len(kept) + len(gone) == 150
    assert {row["generation"] for row in kept} == {1, 2, 3}
    assert all(row["generation"] == len(row["history"]) == len(row["axes"]) for row in kept)
    assert all(row["history"][0] == row["response"] for row in kept)
    most = {"ja": 250, "en": 600}[language]
    assert all(row["length_difference_chars"] <= most for row in kept)


@EACH_LANGUAGE
def test_rows_are_the_same_at_any_concurrency_and_in_reverse(language: str, tmp_path: Path) -> None:
    source = pairs(language, 50)
    edit(tmp_path / "one", language, source, concurrency=1)
    edit(tmp_path / "eight", language, source, concurrency=8, slow="x")
    edit(tmp_path / "back", language, source[::-1], concurrency=8)
    one = (tmp_path / "one" / "data" / "train-00000-of-00001.parquet").read_bytes()
    assert one == (tmp_path / "eight" / "data" / "train-00000-of-00001.parquet").read_bytes()
    assert without_lineage(accepted(tmp_path / "one")) == without_lineage(accepted(tmp_path / "back"))


@EACH_LANGUAGE
def test_a_server_with_faults_of_its_own_gives_the_same_rows(language: str, tmp_path: Path) -> None:
    source = pairs(language, 60)
    edit(tmp_path / "here", language, source)
    model = Editor(language)
    serve_recipe(NAME, tmp_path / "there", language, source, model.answer_to)
    here, there = tmp_path / "here", tmp_path / "there"
    assert without_lineage(accepted(here)) == without_lineage(accepted(there))
    assert Counter(row["reason"] for row in rejected(here)) == Counter(
        row["reason"] for row in rejected(there)
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"axes": ["helpfullness"]}, "did you mean 'helpfulness'"),
        ({"generations": 0}, "at least one generation"),
        ({"max_growth": 0.5}, "how many times as long"),
        ({"include_original": True, "pairs": True}, "no pair with itself"),
    ],
)
def test_options_that_make_no_sense_are_setup_errors(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SetupError, match=message):
        catalogue.load(NAME, "ja", options)


def _drawn(seed: int, k: int) -> str:
    return Draw(seed, NAME, "evolved_response", f"row-{k}", "operator", 1).choose(FIVE)
