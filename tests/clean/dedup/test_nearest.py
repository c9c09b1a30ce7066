"""The nearest earlier neighbour."""

from __future__ import annotations

from typing import Any

import pytest

from tanemaki.clean.dedup.nearest import NearestNeighbour
from tanemaki.core.errors import RecipeError
from tanemaki.core.record import Record
from tanemaki.core.seeding import Draw
from tanemaki.core.step import spec_of
from tanemaki.core.verdict import Reject
from tanemaki.text.similarity import jaccard, shingles

LONG = "祖母の家の庭にある古い柿の木を、実をならせたまま少しずつ低く仕立て直す方法を教えてください。"


def decide(texts: list[str], step: NearestNeighbour | None = None) -> list[Any]:
    step = step or NearestNeighbour("instruction")
    context: Any = None
    state = step.start(context)
    return [
        step.decide(state, Record(f"r{n}", (n,), {"instruction": text})) for n, text in enumerate(texts, 1)
    ]


def distances(ends: list[Any]) -> list[Any]:
    return [end.measured if isinstance(end, Reject) else end["min_neighbor_distance"] for end in ends]


def test_the_engine_reads_off_it_what_it_needs() -> None:
    spec = spec_of(NearestNeighbour("instruction"))
    assert (spec.kind, spec.reads, spec.reasons) == ("ordered", ("instruction",), ("near_duplicate",))
    assert list(spec.writes) == ["min_neighbor_distance", "repeat_count", "min_similar_id"]


def test_a_repetition_is_rejected_and_the_first_one_stays() -> None:
    first, other, again = decide([LONG, "日本でいちばん長い川はどこですか。", LONG.replace("。", "！")])
    assert first["min_neighbor_distance"] == 1.0
    assert (first["repeat_count"], first["min_similar_id"]) == (0, None)
    assert isinstance(other, Record)
    assert (again.reason, again.measured, again.limit) == ("near_duplicate", 0.0, 0.05)
    assert again.note == f"repeats r1: {LONG!r}"


@pytest.mark.parametrize(
    "text",
    ["ｶｷの木の手入れは？", "WHY IS THE SKY BLUE TODAY?", "🍵はどう読む？", "東京 tower の高さは？"],
)
def test_width_case_and_punctuation_do_not_count(text: str) -> None:
    ends = decide([text, text.lower().replace("？", "?") + " "])
    assert isinstance(ends[1], Reject)
    assert ends[1].measured == 0.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LONG + "木の高さは5メートルです。", LONG + "木の高さは7メートルです。"),
        ("How do I store 3 kg of apples over the winter?", "How do I store 9 kg of apples over the winter?"),
        (LONG + "道具は使ってよいです。", LONG + "道具は使えないです。"),
    ],
)
def test_what_differs_in_numbers_or_negation_is_kept(one: str, other: str) -> None:
    ends = decide([one, other], NearestNeighbour("instruction", max_distance=0.4))
    assert isinstance(ends[1], Record)
    assert ends[1]["min_neighbor_distance"] < 0.4
    assert ends[1]["repeat_count"] == 0


def test_marking_keeps_all_and_counts_what_is_repeated() -> None:
    ends = decide([LONG, LONG + "！", LONG + "…"], NearestNeighbour("instruction", action="mark"))
    assert [end["repeat_count"] for end in ends] == [0, 1, 2]
    assert [end["min_similar_id"] for end in ends] == [None, "r1", "r1"]


def test_zero_distance_rejects_only_the_same_letters() -> None:
    ends = decide([LONG, LONG + "ね", LONG], NearestNeighbour("instruction", max_distance=0))
    assert [isinstance(end, Reject) for end in ends] == [False, False, True]


def test_the_distance_is_that_of_a_search_through_all_rows() -> None:
    words = [f"{a}{b}" for a in "春夏秋冬朝夕昼夜" for b in "山川海空花鳥風月"]
    forms = ["{}と{}の違いを説明してください", "{}を詠んだ{}の句を三つ", "{}に似た{}の絵を言葉で描いて"]
    draw = Draw("test_nearest", 1)
    texts = [draw.choose(forms).format(draw.choose(words), draw.choose(words)) for _ in range(300)]
    ends = decide(texts, NearestNeighbour("instruction", max_distance=0))
    kept: list[str] = []
    exact = []
    for text, end in zip(texts, ends, strict=True):
        exact.append(min((1 - jaccard(shingles(text), shingles(one)) for one in kept), default=1.0))
        if isinstance(end, Record):
            kept.append(text)
    found = distances(ends)
    assert all(one >= true - 1e-4 for one, true in zip(found, exact, strict=True))
    same = sum(abs(one - true) < 1e-4 for one, true in zip(found, exact, strict=True))
    assert same >= 0.95 * len(texts), "short texts share few runs, of which one in four is looked up"


def test_a_row_depends_on_no_later_one() -> None:
    texts = [LONG, "日本でいちばん長い川は？", LONG + "。", "世界でいちばん長い川は？"]
    assert decide(texts)[:2] == decide(texts[:2])


@pytest.mark.parametrize("distance", [-0.1, 1.1])
def test_a_limit_that_is_no_distance_is_refused(distance: float) -> None:
    with pytest.raises(RecipeError, match="max_distance is a distance"):
        NearestNeighbour("instruction", max_distance=distance)


def test_a_very_long_text_is_looked_at_like_any_other() -> None:
    text = "".join(f"第{n}章では{n * 7}番目の季節を描く。" for n in range(3_000))
    ends = decide([text, text])
    assert isinstance(ends[1], Reject)
