"""Exact problems without a model: every row holds when it is verified again, and nothing depends on how it ran."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.over_http import over_http
from support.recipe_runs import accepted, rejected, run_recipe
from tanemaki import Run, Scripted
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.recipes import catalogue
from tanemaki.recipes.exact import LOGIC, MATHS, named_families
from tanemaki.recipes.mixed_verified.recipe import families_of_kinds
from tanemaki.run.verified import verify_set
from tanemaki.verify.problems.catalogue import TOPICS, families

EXACT = ("exact_maths", "exact_logic", "exact_format", "mixed_verified")
LANGUAGES = ("ja", "en")
ROWS = 300


def made(name: str, folder: Path, language: str, rows: int = ROWS, **more: Any) -> list[dict[str, Any]]:
    run = Run(
        recipe=name,
        language=language,
        rows=rows,
        seed=more.pop("seed", 7),
        source={"kind": "count"},
        output=str(folder),
        **more,
    )
    report = run.start()
    assert report.state == "complete"
    return list(run.rows())


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_of_a_set_holds_when_it_is_verified_again(name: str, language: str, tmp_path: Path) -> None:
    rows = made(name, tmp_path / "run", language)
    assert len(rows) == ROWS
    assert {row["verified_by"] for row in rows} <= {"second_solver", "sandbox"}
    found = verify_set(tmp_path / "run")
    assert (found.n_verified, found.n_wrong, found.unchecked, found.unreadable) == (ROWS, 0, 0, 0), (
        found.wrong
    )


@pytest.mark.parametrize("name", EXACT)
def test_a_conversation_asks_the_problem_and_gives_the_verified_solution(name: str, tmp_path: Path) -> None:
    for row in made(name, tmp_path / "run", "ja", 60):
        asked, said = row["messages"]
        assert (asked["role"], said["role"]) == ("user", "assistant")
        assert asked["content"] == (row.get("request") or row["prompt"])
        assert said["content"] == (row.get("response") or row["solution"])


def test_the_rows_are_the_same_with_workers_and_in_a_longer_run(tmp_path: Path) -> None:
    short = made("mixed_verified", tmp_path / "short", "ja", 40)
    long = made("mixed_verified", tmp_path / "long", "ja", 90, workers=2)
    assert [row["prompt"] for row in short] == [row["prompt"] for row in long][:40]


def test_neighbouring_seeds_share_no_problem(tmp_path: Path) -> None:
    prompts = [
        {row["prompt"] for row in made("exact_maths", tmp_path / str(seed), "ja", 200, seed=seed)}
        for seed in (7, 8, 9)
    ]
    assert not prompts[0] & prompts[1]
    assert not prompts[1] & prompts[2]


def test_topics_families_levels_and_styles_are_those_that_were_chosen(tmp_path: Path) -> None:
    chosen = {"topics": ["sets"], "families": ["dice_sum"], "levels": [2], "styles": ["short", "plain"]}
    rows = made("exact_maths", tmp_path / "run", "en", 80, options=chosen)
    assert {row["topic"] for row in rows} == {"sets", "probability"}
    assert {row["family"] for row in rows if row["topic"] == "probability"} == {"dice_sum"}
    assert {row["level"] for row in rows} == {2}
    assert {row["style"] for row in rows} == {"short", "plain"}


def test_the_kinds_of_a_mixture_come_by_their_weights(tmp_path: Path) -> None:
    options = {"maths": 6, "logic": 3, "formats": 1, "code": 0}
    kinds = Counter(
        row["kind"] for row in made("mixed_verified", tmp_path / "run", "ja", 500, options=options)
    )
    assert set(kinds) == {"maths", "logic", "formats"}
    # Within five standard deviations of a multinomial draw.
    assert abs(kinds["maths"] - 300) < 55
    assert abs(kinds["formats"] - 50) < 34


def test_a_kind_of_which_no_family_is_named_is_left_out(tmp_path: Path) -> None:
    options = {"families": ["dice_sum", "rotate_list"]}
    rows = made("mixed_verified", tmp_path / "run", "ja", 60, options=options)
    assert {row["kind"] for row in rows} == {"maths", "formats", "code"}
    assert families_of_kinds(("ordering",))["maths"] == ()


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("exact_maths", {"topics": ["probabilty"]}, "did you mean 'probability'"),
        ("exact_maths", {"families": ["ordering"]}, "families names none that the recipe has"),
        ("exact_maths", {"levels": [6]}, "levels go from 1 to 5"),
        ("exact_logic", {"styles": ["novel"]}, "styles names none that the recipe has"),
        ("exact_maths", {"problems": "own", "levels": [1]}, "nothing is chosen among them"),
        ("exact_format", {"shapes": ["xml"]}, "shapes names none that the recipe has"),
        ("mixed_verified", {"maths": 0, "logic": 0, "formats": 0, "code": 0}, "not all 0"),
        ("mixed_verified", {"code": -1}, "0 or more"),
        ("mixed_verified", {"code": 0, "families": ["rotate_list"]}, "no family that is named is of a kind"),
    ],
)
def test_options_that_cannot_be_are_told(name: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(SetupError, match=message):
        catalogue.load(name, "ja", options)


def test_every_topic_belongs_to_a_recipe() -> None:
    assert set(MATHS) | set(LOGIC) == set(TOPICS)
    assert set(named_families((), (), (*MATHS, *LOGIC))) == set(families())


def test_rows_of_an_earlier_run_are_solved_again_and_edited_ones_are_rejected(tmp_path: Path) -> None:
    rows = made("exact_maths", tmp_path / "first", "ja", 40)
    kept = [
        {key: value for key, value in row.items() if key not in ("id", "lineage", "sources")} for row in rows
    ]
    for row in kept:  # columns that the recipe writes itself
        row.pop("messages")
        row.pop("verified_by")
    edited = [{**row, "answer": f"{row['answer']}9"} for row in kept[:10]]
    run_recipe(
        "exact_maths",
        tmp_path / "again",
        "ja",
        [*edited, *kept[10:]],
        Scripted([]),
        options={"problems": "own"},
    )
    assert {row["prompt"] for row in accepted(tmp_path / "again")} == {row["prompt"] for row in kept[10:]}
    assert Counter(row["reason"] for row in rejected(tmp_path / "again")) == {"wrong_answer": 10}


def test_a_model_that_answers_by_rote_gets_nothing_wrong_into_the_dataset(tmp_path: Path) -> None:
    """Half of its answers are right; what is wrong is rejected with its reason, whatever the server does besides."""

    def reply(request: Request) -> Reply:
        text = str(request.messages[-1]["content"])
        return Reply("答え：12個" if len(text) % 2 else "わかりません。")

    with over_http(Scripted(reply)) as served:
        loaded = [{"number": n} for n in range(1, 61)]
        run_recipe("exact_maths", tmp_path / "run", "ja", loaded, served, options={"answers": "model"})
    assert all(row["answer"] == "12" for row in accepted(tmp_path / "run"))
    reasons = {row["reason"] for row in rejected(tmp_path / "run")}
    assert reasons == {"wrong_answer", "no_answer"}
