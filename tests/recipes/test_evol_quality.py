"""What only better responses promise: the whole response is shown, drift and length are caught, both sides are kept."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.editors import Edited
from support.pairs import assert_nothing_chosen, assert_sound, run_roles
from support.recipe_runs import accepted, rejected
from support.runs import Captured
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.core.seeding import Draw
from tanemaki.recipes import catalogue

NAME = "evol_quality"
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
FIVE = ("helpfulness", "relevance", "depth", "creativity", "detail")
CRITICAL_4 = 18.467  # χ² with 4 degrees of freedom, p = 0.001
JUDGED = ("improved", ("no_improvement", "off"))
WRITTEN = ("better", ("drifted", "grew_too_much", "unchanged"))
EDITED = Edited(
    NAME,
    {
        "ja": {"grew_too_much": "書き直し：{k}番の畑の里芋に水をやります。"},
        "en": {"grew_too_much": "Rewritten: Water the celeriac in field {k}."},
    },
    {"ja": {"【B】": JUDGED, "": WRITTEN}, "en": {"[B]": JUDGED, "": WRITTEN}},
)
pairs, edit = EDITED.pairs, EDITED.run


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
    EDITED.check_order(tmp_path, language)


@EACH_LANGUAGE
def test_a_server_with_faults_of_its_own_gives_the_same_rows(language: str, tmp_path: Path) -> None:
    EDITED.check_served(tmp_path, language)


@EACH_LANGUAGE
def test_pairs_with_a_required_verdict_are_those_that_the_judge_bears_out(
    language: str, tmp_path: Path
) -> None:
    editor = EDITED.editor(language)
    first_sides = {re.findall(r"\d+", row["response"])[0]: row["response"] for row in pairs(language, 60)}

    def answer(request: Request) -> Reply:
        shown = str(request.messages[-1]["content"])
        second = {"ja": "アシスタントBの回答　ここから", "en": "Start of assistant B"}[language]
        if second not in shown:
            return editor.answer_to(request)
        k = re.findall(r"(?:field |】\n)(\d+)", shown)[0]
        original_is_b = first_sides[k] in shown.partition(second)[2]
        said = {0: "AB"[original_is_b], 1: "C", 2: "A"}.get(int(k) % 5, "BA"[original_is_b])
        return Reply(f"x\n[[{said}]]")

    loaded = catalogue.load(NAME, language, {"pairs": True, "verdicts": "required"})
    models = dict.fromkeys(loaded.recipe.roles, Captured(answer))
    made = run_roles(
        NAME, tmp_path, language, pairs(language, 60), models, options={"pairs": True, "verdicts": "required"}
    )
    assert_sound(made.accepted)
    assert_nothing_chosen(tmp_path)
    whys = {0: "claim_refuted", 1: "tie", 2: "order_dependent"}
    judged = [row for row in made.rejected if row["step"] == "borne_out"]
    assert {row["reason"] for row in judged} == set(whys.values())
    for row in judged:
        assert row["reason"] == whys[int(re.findall(r"\d+", row["response"])[0]) % 5]
    assert {int(re.findall(r"\d+", row["response"])[0]) % 5 for row in made.accepted} == {3, 4}
    assert {row["winner"] for row in made.accepted} == {"first"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"axes": ["helpfullness"]}, "did you mean 'helpfulness'"),
        ({"generations": 0}, "at least one generation"),
        ({"max_growth": 0.5}, "how many times as long"),
        ({"include_original": True, "pairs": True}, "no pair with itself"),
        ({"verdicts": "required"}, "about the two sides of a pair"),
        ({"pairs": True, "repeats": 2}, "nobody is asked"),
    ],
)
def test_options_that_make_no_sense_are_setup_errors(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SetupError, match=message):
        catalogue.load(NAME, "ja", options)


def _drawn(seed: int, k: int) -> str:
    return Draw(seed, NAME, "evolved_response", f"row-{k}", "operator", 1).choose(FIVE)
