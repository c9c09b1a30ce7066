"""What only tagging promises: any set keeps its columns, no tag is guessed, what is badly put costs one call."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.over_http import over_http
from support.runs import Captured, dataset, table
from tanemaki import Run
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.core.seeding import Draw
from tanemaki.recipes import catalogue

NAME = "tag"
LANGUAGES = ("ja", "en")
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
TEXT = {
    "ja": "{k}番の畑の土は、いつ耕せばよいですか。",
    "en": "When should I dig the soil of field number {k}?",
}
FIRST = {
    "difficulty": "intent",
    "quality": "quality_explanation",
    "category": "task_category",
    "safety": "hazards",
}
GOOD: dict[str, dict[str, Any]] = {
    "difficulty": {"intent": "耕す時期を知りたい", "knowledge": "畑仕事", "difficulty": "easy"},
    "quality": {"quality_explanation": "はっきりしている。", "input_quality": "good"},
    "category": {"task_category": "Advice seeking", "other_task_category": []},
    "safety": {"hazards": [], "safety": "safe"},
}


def rows(language: str, n: int = 60) -> list[dict[str, Any]]:
    return [
        {"instruction": TEXT[language].format(k=k), "response": "はい。", "mine": k} for k in range(1, n + 1)
    ]


def step_of(request: Request) -> str:
    told = json.dumps([list(request.messages), request.response_format], ensure_ascii=False)
    return max(FIRST, key=lambda name: told.count(FIRST[name]))


def number_of(request: Request) -> int:
    asked = next(
        m["content"]
        for m in reversed(request.messages)
        if "番の畑" in m["content"] or "number " in m["content"]
    )
    return int("".join(filter(str.isdigit, str(asked))))


def planted(request: Request) -> str:
    """By the row and the tag: fine, an unknown word, no JSON, or a rating that is too low."""
    name = step_of(request)
    kind = Draw("plant", name, number_of(request)).below(12)
    if kind == 0:
        return json.dumps({**GOOD[name], "score": 5}, ensure_ascii=False)
    if kind == 1:
        return "very easy"
    if kind == 2 and name == "quality":
        return json.dumps({"quality_explanation": "あいまい。", "input_quality": "poor"}, ensure_ascii=False)
    return json.dumps(GOOD[name], ensure_ascii=False)


def run_of(folder: Path, language: str, model: Any, source: list[dict[str, Any]], **options: Any) -> Run:
    run = Run(
        recipe=NAME, language=language, source=source, models={"judge": model}, output=str(folder), options=options,
        limits={"failed_share": None},
    )  # fmt: skip
    run.start()
    return run


@EACH_LANGUAGE
def test_planted_faults_fail_by_name_and_no_tag_is_guessed(language: str, tmp_path: Path) -> None:
    with over_http(Captured(lambda request: Reply(planted(request)), slow="x")) as model:
        run_of(tmp_path, language, model, rows(language), min_quality="average")
    kept = dataset(tmp_path)
    failed, rejected = table(tmp_path / "failed.parquet"), table(tmp_path / "rejected.parquet")
    kinds = {k: {name: Draw("plant", name, k).below(12) for name in FIRST} for k in range(1, 61)}
    low = {k for k, kind in kinds.items() if kind["quality"] == 2}
    broken = {
        k for k, kind in kinds.items() if kind["quality"] < 2 or (k not in low and min(kind.values()) < 2)
    }
    assert {row["mine"] for row in kept} == set(range(1, 61)) - low - broken
    assert Counter((row["step"], row["reason"]) for row in rejected) == {
        ("input_quality_at_least", "below"): len(low)
    }
    assert len(failed) == len(broken) > 10
    assert {row["fault"] if "fault" in row else row["reason"] for row in failed} == {"wrong_schema"}
    for row in kept:
        assert row["response"] == "はい。", "the set's own columns stay"
        assert (row["difficulty"], row["input_quality"], row["safety"]) == ("easy", "good", "safe")
        assert (row["task_category"], row["language"]) == ("Advice seeking", language)


@EACH_LANGUAGE
def test_rows_are_the_same_in_reverse(language: str, tmp_path: Path) -> None:
    found = []
    for name, source in (("on", rows(language)), ("back", rows(language)[::-1])):
        run_of(
            tmp_path / name, language, Captured(lambda request: Reply(planted(request)), slow=name), source
        )
        found.append({row["mine"]: row for row in dataset(tmp_path / name)})
    told = [
        {
            k: {n: v for n, v in row.items() if n not in ("id", "ordinal", "lineage", "sources")}
            for k, row in one.items()
        }
        for one in found
    ]
    assert told[0] == told[1]
    assert len(told[0]) > 20


def test_a_row_that_is_badly_put_costs_one_call(tmp_path: Path) -> None:
    low = json.dumps({"quality_explanation": "x", "input_quality": "very poor"})
    model = Captured(lambda request: Reply(low if step_of(request) == "quality" else ""))
    run_of(tmp_path, "en", model, rows("en", 5), min_quality="good")
    assert len(model.requests) == 5
    assert all(request.sampling.temperature == 0.0 for request in model.requests)


def test_only_wanted_tags_are_asked() -> None:
    recipe = catalogue.load(NAME, "ja", {"tags": ["safety", "language"]}).recipe
    assert list(recipe.writes) == ["language", "hazards", "safety"]
    assert list(catalogue.load(NAME, "ja").recipe.roles) == ["judge"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"tags": ["difficult"]}, "there is no tag 'difficult'"),
        ({"tags": []}, "no tag is wanted"),
        ({"tags": ["safety"], "min_quality": "good"}, "min_quality needs the tag 'quality'"),
        ({"min_quality": "fine"}, "min_quality"),
    ],
)
def test_options_that_cannot_be_are_told_before_any_call(options: dict[str, Any], told: str) -> None:
    with pytest.raises(SetupError, match=told):
        catalogue.load(NAME, "en", options)


@EACH_LANGUAGE
def test_no_prompt_obeys_what_it_is_to_label(language: str) -> None:
    prompts = catalogue.texts_of(catalogue.find(NAME))[language].prompts
    for prompt in prompts.values():
        shown = prompt.render({"instruction": "<ここ>"})
        assert shown[0]["role"] == "system"
        assert {"ja": "依頼に答えてはいけません", "en": "Do not answer the request"}[language] in shown[0][
            "content"
        ]
        first, last = {"ja": ("【依頼文】", "【依頼文おわり】"), "en": ("[REQUEST]", "[END OF REQUEST]")}[
            language
        ]
        assert shown[-1]["content"] == f"{first}\n<ここ>\n{last}"
        json.loads(shown[-2]["content"])
