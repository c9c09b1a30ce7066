"""What only the recipe for sets made elsewhere promises: every row kept, labels never shown, the same rows in any order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.judging import answers_in
from support.recipe_runs import accepted, rejected, run_recipe, serve_recipe, without_lineage
from support.runs import Captured
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.recipes import catalogue

NAME = "judge_rows"
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
QUESTIONS = {"ja": "{}番の花は何色ですか。", "en": "What colour is flower number {}?"}
GOOD = {"ja": "正しくは{}番の色です。", "en": "Truly the colour of {}."}
BAD = {"ja": "知りません{}。", "en": "No idea {}."}
# The number of a row says how its judge behaves.
WHYS = {0: "name_dependent", 1: "tie", 2: "two_verdicts", 3: "no_verdict"}


def pairs(language: str, n: int = 60) -> list[dict[str, Any]]:
    rows = []
    for k in range(n):
        sides = [GOOD[language].format(k), BAD[language].format(k)]
        first, second = sides if k % 4 < 2 else sides[::-1]
        texts = {"prompt": QUESTIONS[language].format(k), "first": first, "second": second}
        rows.append({**texts, "label": "first" if k % 4 < 2 else "second", "first_model": "秘密の名前"})
    return rows


def shown(request: Request) -> str:
    return str(request.messages[-1]["content"])


def number_of(text: str, language: str) -> int:
    return next(k for k in range(59, -1, -1) if QUESTIONS[language].format(k) in text)


def verdict(request: Request, language: str) -> str:
    text = shown(request)
    k = number_of(text, language)
    (one, first), (other, _) = answers_in(text)
    right = one if first == GOOD[language].format(k) else other
    return {0: "[[A]]", 1: "[[C]]", 2: "[[A]] [[B]]", 3: "…"}.get(k % 6, f"[[{right}]]")


def read(stored: Any) -> Any:
    return json.loads(stored) if isinstance(stored, str) else stored


@EACH_LANGUAGE
def test_of_sixty_pairs_over_http_each_verdict_lands_in_its_reason_and_no_row_is_lost(
    language: str, tmp_path: Path
) -> None:
    serve_recipe(NAME, tmp_path, language, pairs(language), lambda request: Reply(verdict(request, language)))
    rows = accepted(tmp_path)
    assert (len(rows), len(rejected(tmp_path))) == (60, 0)
    for row in rows:
        k = number_of(row["prompt"], language)
        comparison = read(row["comparison"])
        assert comparison["why"] == WHYS.get(k % 6)
        assert row["winner"] == ("tie" if k % 6 == 1 else row["label"] if k % 6 > 3 else None)
        assert len(comparison["verdicts"]) == 3


@EACH_LANGUAGE
@pytest.mark.parametrize(("judge", "reply"), [("single", "[[{}]]"), ("rubric", "{}")])
def test_single_answers_are_scored_and_what_cannot_be_read_keeps_its_reason(
    judge: str, reply: str, language: str, tmp_path: Path
) -> None:
    faults = {0: ("N/A", "not_applicable"), 1: ("8 [[3]] [[4]]", "two_verdicts"), 2: ("…", "no_verdict")}

    def said(request: Request) -> Reply:
        k = number_of(shown(request), language)
        if k % 6 in faults:
            text = faults[k % 6][0]
            return Reply(f"[[{text}]]" if text == "N/A" else text)
        return Reply(
            reply.format(
                4
                if judge == "single"
                else "減点：なし\n[[5]]"
                if language == "ja"
                else "Deduction: none\n[[5]]"
            )
        )

    source = [{"prompt": row["prompt"], "answer": row["first"]} for row in pairs(language)]
    serve_recipe(NAME, tmp_path, language, source, said, options={"judge": judge, "rows": "answers"})
    rows = accepted(tmp_path)
    assert (len(rows), len(rejected(tmp_path))) == (60, 0)
    for row in rows:
        k = number_of(row["prompt"], language)
        wanted = faults[k % 6][1] if k % 6 in faults else None
        assert read(row[f"{judge}_parts"]).get("why") == wanted
        assert row[judge] == (None if wanted else 4 if judge == "single" else 5)


def test_the_judge_sees_neither_the_label_nor_who_wrote_an_answer(tmp_path: Path) -> None:
    model = Captured(lambda request: Reply(verdict(request, "ja")))
    run_recipe(NAME, tmp_path, "ja", pairs("ja"), model)
    assert len(model.requests) == 60 * 3
    assert not [request for request in model.requests if "秘密の名前" in str(request.messages)]
    assert not [request for request in model.requests if "label" in str(request.messages)]
    assert {row["first_model"] for row in accepted(tmp_path)} == {"秘密の名前"}, "but the row keeps it"


def test_the_same_rows_at_any_concurrency_and_in_reverse(tmp_path: Path) -> None:
    told = []
    for name, source, n in (
        ("one", pairs("ja"), 1),
        ("eight", pairs("ja"), 8),
        ("back", pairs("ja")[::-1], 8),
    ):
        model = Captured(lambda request: Reply(verdict(request, "ja")))
        run_recipe(NAME, tmp_path / name, "ja", source, model, concurrency=n)
        rows = without_lineage(accepted(tmp_path / name))
        told.append(
            {
                key: {k: v for k, v in row.items() if k not in ("ordinal", "sources")}
                for key, row in rows.items()
            }
        )
    assert len(told[0]) == 60
    assert told[0] == told[1] == told[2]


def test_its_trial_asks_the_same_judge_in_the_same_way() -> None:
    (trial,) = catalogue.load(NAME, "ja", {"judge": "pairwise", "plain": True}).recipe.trials
    assert (trial.recipe, trial.options, trial.role) == (
        "judge_bench",
        {"judge": "pairwise", "plain": True},
        "judge",
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"rows": "answers"}, "compares two answers, and these rows hold one each"),
        ({"judge": "duell"}, "option 'judge'"),
        ({"judge": "single", "repeats": 3}, "has no repeats"),
        ({"repeats": 33}, "repeats goes from 1 to 32"),
        ({"judge": "aspects", "names": True}, "has no names"),
    ],
)
def test_options_that_cannot_be_are_told_before_any_call(options: dict[str, Any], told: str) -> None:
    with pytest.raises(SetupError, match=told):
        catalogue.load(NAME, "ja", options)
