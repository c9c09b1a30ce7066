"""What only the bench of judges promises: drawn sides, every verdict kept, and a report that tells judges apart."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.benched import planted, right, saying, shown
from support.context import Asked, walk
from support.recipe_runs import accepted, rejected, run_recipe, serve_recipe, without_lineage
from support.runs import Captured
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.core.record import Record
from tanemaki.core.seeding import Draw
from tanemaki.judge.trust.compared import read_rows
from tanemaki.recipes import catalogue
from tanemaki.report.judge_trust import report

NAME = "judge_bench"
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
KINDS = {
    "wrong_fact", "wrong_number", "wrong_unit", "off_topic", "wrong_language", "cut_off", "ignores_form", "rude",
    "made_up", "unsafe",
}  # fmt: skip


def counted(n: int) -> list[dict[str, Any]]:
    return [{"number": k} for k in range(1, n + 1)]


@EACH_LANGUAGE
def test_sixty_pairs_of_ten_kinds_of_which_half_have_the_longer_answer_better(language: str) -> None:
    rows = planted(language)
    kinds = Counter((row["kind"], len(row["better"]) > len(row["worse"])) for row in rows)
    assert len(rows) >= 60
    assert {kind for kind, _ in kinds} == KINDS
    assert set(kinds.values()) == {3}, (
        "as many of each kind where the longer answer is better as where it is not"
    )
    assert len({row["prompt"] for row in rows}) == len(rows)
    assert not [row for row in rows if row["better"] == row["worse"]]


@EACH_LANGUAGE
def test_of_sixty_rows_over_http_each_planted_verdict_lands_in_its_reason_and_no_row_is_lost(
    language: str, tmp_path: Path
) -> None:
    def kind_of(request: Request) -> int:
        row = max(
            (row for row in planted(language) if row["prompt"] in shown(request)),
            key=lambda one: len(one["prompt"]),
        )
        return planted(language).index(row) % 6

    def reply(request: Request) -> Reply:
        kind = kind_of(request)
        letter = right(request, language)
        said = {0: "[[A]]", 1: "[[C]]", 2: "[[A]] [[B]]", 3: "…"}.get(kind, f"[[{letter}]]")
        return Reply(f"理由を述べます。\n{said}")

    serve_recipe(NAME, tmp_path, language, counted(60), reply)
    rows = accepted(tmp_path)
    assert (len(rows), len(rejected(tmp_path))) == (60, 0)
    by_prompt = {row["prompt"]: index % 6 for index, row in enumerate(planted(language))}
    whys = {0: "name_dependent", 1: "tie", 2: "two_verdicts", 3: "no_verdict"}
    for row in rows:
        kind, comparison = by_prompt[row["prompt"]], read(row["comparison"])
        assert comparison["why"] == whys.get(kind)
        assert len(comparison["verdicts"]) == 3
        assert row["winner"] == {1: "tie"}.get(kind, row["label"] if kind > 3 else None)
        better = next(one["better"] for one in planted(language) if one["prompt"] == row["prompt"])
        assert row[row["label"]] == better
    told = report([{**row, "comparison": read(row["comparison"])} for row in rows])
    assert told.judges[0].labels.right.value == 1.0
    assert told.judges[0].labels.settled.hits == 20


def read(stored: Any) -> Any:
    return json.loads(stored) if isinstance(stored, str) else stored


def test_three_judges_on_the_bench_are_told_apart_by_the_report(tmp_path: Path) -> None:
    def of_place(request: Request) -> str:
        text = shown(request)
        return "A" if text.index("アシスタントAの") < text.index("アシスタントBの") else "B"

    voices: dict[str, Callable[[Request], str]] = {
        "place": of_place,
        "name": lambda _: "A",
        "fair": lambda request: right(request, "ja"),
    }
    rows = []
    for name, voice in voices.items():
        run_recipe(NAME, tmp_path / name, "ja", counted(60), Captured(saying(voice)))
        rows += [
            {**row, "judge": name, "comparison": read(row["comparison"])} for row in accepted(tmp_path / name)
        ]
    found = report(rows)
    assert [(one.judge, one.may_rank) for one in found.verdicts] == [
        ("fair", True),
        ("name", False),
        ("place", False),
    ]
    measured = {one.judge: one.order for one in found.judges}
    assert [measured[name].place_consistency.value for name in ("fair", "name", "place")] == [1.0, 0.0, 0.0]
    assert [measured[name].name_consistency.value for name in ("fair", "name", "place")] == [1.0, 0.0, 1.0]
    assert [measured[name].toward_a.value for name in ("fair", "name", "place")] == [0.0, 1.0, 0.0]


def test_the_same_rows_at_any_concurrency_and_in_reverse(tmp_path: Path) -> None:
    told = []
    for name, source, n in (
        ("one", counted(60), 1),
        ("eight", counted(60), 8),
        ("back", counted(60)[::-1], 8),
    ):
        model = Captured(lambda request: Reply(f"[[{right(request, 'ja')}]]"))
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


async def sides(n: int, seed: int) -> list[str]:
    loaded = catalogue.load(NAME, "ja", {"pairs": "own"})
    found = []
    for k in range(n):
        record = Record(
            f"r{k}", (k + 1,), {"prompt": "問い", "better": "良", "worse": "悪"}, parents=(f"r{k}",)
        )
        ends = await walk(loaded.recipe, loaded.texts, record, answer, seed=seed)
        found.append(str(ends.record.fields["label"]))
    return found


def answer(asked: Asked) -> str:
    return "[[A]]"


def test_each_side_is_the_better_ones_half_of_the_time_and_seeds_share_no_draws() -> None:
    n = 200
    seven, eight = asyncio.run(sides(n, 7)), asyncio.run(sides(n, 8))
    expected = n / 2
    chi_square = sum((count - expected) ** 2 / expected for count in Counter(seven).values())
    assert chi_square < 10.83, "one degree of freedom, one in a thousand"
    alike = sum(one == other for one, other in zip(seven, eight, strict=True))
    assert abs(alike - n / 2) < 4 * (n / 4) ** 0.5, "neighbouring seeds agree as often as two coins"


def test_pairs_of_ones_own_keep_their_columns_and_need_no_table(tmp_path: Path) -> None:
    own = {"kind": "自作"}
    source = [
        {**own, "prompt": f"問い{k}", "better": f"良い答え{k}", "worse": f"悪い答え{k}", "mine": k}
        for k in range(50)
    ]
    model = Captured(lambda request: Reply("[[A]]" if Draw("luck", shown(request)).below(2) else "[[B]]"))
    run_recipe(NAME, tmp_path, "ja", source, model, options={"pairs": "own", "names": False, "repeats": 3})
    rows = accepted(tmp_path)
    assert {row["mine"] for row in rows} == set(range(50))
    assert {row["kind"] for row in rows} == {"自作"}
    assert len(model.requests) == 50 * 2 * 3
    compared = read_rows([{**row, "comparison": read(row["comparison"])} for row in rows])
    assert {len(one.verdicts) for one in compared} == {6}
    assert {one.condition for row in compared for one in row.verdicts} == {"asked", "swapped"}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"repeats": 0}, "repeats goes from 1 to 32"),
        ({"repeats": 33}, "repeats goes from 1 to 32"),
        ({"pairs": "mine"}, "option 'pairs'"),
        ({"name": True}, "has no option 'name'"),
    ],
)
def test_options_that_cannot_be_are_told_before_any_call(options: dict[str, Any], told: str) -> None:
    with pytest.raises(SetupError, match=told):
        catalogue.load(NAME, "ja", options)
