"""What only format orders promise: obeyed rows alone, the broken order by name, one repair, checks for anyone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.obedient import obey
from support.runs import dataset
from support.server import Server
from tanemaki import Run
from tanemaki.core.errors import SetupError
from tanemaki.recipes import catalogue
from tanemaki.verify.formats import broken

NAME = "constrained"
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
N_ROWS = 300
PLANTS = ("cut", "empty", "refusal", "boilerplate", "disobeyed", "other_language")
"""One row in two is spoilt, each way in turn."""
REFUSAL = {
    "ja": "申し訳ありませんが、そのご質問にはお答えできません。",
    "en": "I'm sorry, but I can't assist with that request.",
}
PREAMBLE = {"ja": "承知しました。以下に説明します。", "en": "Sure! Here is an answer:\n"}


def rows(n: int) -> list[dict[str, Any]]:
    return [{"instruction": f"<{k}> 暮らしの工夫を一つ教えてください。"} for k in range(n)]


def number(text: str) -> int:
    return int(re.findall(r"<(\d+)>", text)[-1])


def run_of(
    language: str, folder: Path, given: list[dict[str, Any]], reply: Callable[[int, str], Any], **more: Any
) -> Run:
    def said(body: dict[str, Any]) -> Any:
        text = str(body["messages"][-1]["content"])
        return reply(number(text), text)

    with Server(reply=said) as server:
        run = Run(
            recipe=NAME, language=language, source=given, output=str(folder), seed=5, options=more.pop("options", {}),
            models={"writer": {"endpoint": server.url, "name": "tane", "concurrency": more.pop("concurrency", 8)}},
            limits={"failed_share": None, "accepted_share": None}, **more,
        )  # fmt: skip
        run.start()
    return run


def orders_of(language: str, folder: Path, n: int) -> dict[int, list[dict[str, Any]]]:
    """What is drawn for each row: the same in every run with this seed."""
    run = run_of(language, folder, rows(n), lambda _, __: " ")
    return {number(one.fields["instruction"]): one.fields["constraints"] for one in run.rejected()}


def spoilt(plant: str, text: str, language: str, names: set[str]) -> Any:
    if plant == "cut":
        return {"content": text[:20] or "…", "finish_reason": "length"}
    if plant == "empty":
        return "\n "
    if plant == "refusal":
        return REFUSAL[language]
    if plant == "boilerplate":
        return PREAMBLE[language] + text
    if plant == "other_language":
        to = language if "reply_language" in names else {"ja": "en", "en": "ja"}[language]
        return {"ja": "うみはとてもあおいです。", "en": "the sea is blue and the sky is high above it."}[to]
    return text


@EACH_LANGUAGE
def test_of_three_hundred_rows_the_obeyed_ones_are_kept_and_each_plant_lands_in_its_reason(
    language: str, tmp_path: Path
) -> None:
    """Fault 21: a start rule on non-ASCII letters rejected all Japanese. Here whatever obeys is kept, in either language."""
    orders = orders_of(language, tmp_path / "orders", N_ROWS)
    assert len(orders) == N_ROWS
    plant_of = {k: PLANTS[k // 2 % len(PLANTS)] if k % 2 else None for k in orders}

    def reply(k: int, _: str) -> Any:
        text = obey(orders[k], language)
        names = {one["name"] for one in orders[k]}
        plant = plant_of[k]
        if plant == "disobeyed":
            return broken_text(orders[k], text)
        return text if plant is None else spoilt(plant, text, language, names)

    run = run_of(language, tmp_path / "run", rows(N_ROWS), reply)
    kept = {number(row["instruction"]): row for row in dataset(tmp_path / "run")}
    rejected = {number(one.fields["instruction"]): one for one in run.rejected()}
    assert set(kept) | set(rejected) == set(orders)
    assert len(kept) + len(rejected) == N_ROWS
    obeyed = {k for k, plant in plant_of.items() if plant is None}
    assert set(kept) == obeyed
    wanted = {"cut": "cut", "empty": "empty", "refusal": "refusal", "boilerplate": "boilerplate"}
    for k, one in rejected.items():
        plant = plant_of[k]
        assert plant is not None
        if plant in wanted:
            assert one.reason == wanted[plant]
        else:
            assert str(one.reason).startswith("wrong_")
            told = {line.partition(":")[0] for line in str(one.note).splitlines()}
            assert told & {"reply_language", *(order["name"] for order in orders[k])}
        if plant == "other_language":
            assert "reply_language: written in" in str(one.note)
    reasons = Counter(one.reason for one in rejected.values())
    assert {"wrong_form", "wrong_list", "wrong_place", "wrong_length"} & set(reasons)
    for row in kept.values():
        text = row["messages"][-1]["content"]
        assert broken(orders[number(row["instruction"])], text) == []


def broken_text(orders: list[dict[str, Any]], text: str) -> str:
    """A text that does not obey: pieces of it until one order is broken."""
    for spoil in (text[:-1], text[1:], text[: len(text) // 2], text + "！?\n" + text, "x" * 2_000):
        if broken(orders, spoil) and spoil.strip():
            return spoil
    return "x\n\n" * 400


def test_one_repair_is_tried_where_it_is_wanted_and_sees_the_fault_and_the_reply(tmp_path: Path) -> None:
    orders = orders_of("ja", tmp_path / "orders", 50)
    seen: list[str] = []

    def reply(k: int, text: str) -> Any:
        if "検査の結果（守られていない条件）" not in text:
            return broken_text(orders[k], obey(orders[k], "ja")) if k % 2 else obey(orders[k], "ja")
        seen.append(text)
        return obey(orders[k], "ja") if k % 4 == 1 else broken_text(orders[k], obey(orders[k], "ja"))

    run = run_of("ja", tmp_path / "run", rows(50), reply, options={"repair": True})
    kept = {number(row["instruction"]): row["repaired"] for row in dataset(tmp_path / "run")}
    assert kept == {k: k % 2 == 1 for k in range(50) if k % 2 == 0 or k % 4 == 1}
    for one in run.rejected():
        assert str(one.note).startswith("second try\n")
        assert str(one.reason).startswith("wrong_")
    assert len(seen) == 25
    for text in seen:
        k = number(text)
        assert broken_text(orders[k], obey(orders[k], "ja")).strip() in text
        assert (
            any(f"{order['name']}: " in text and order["wording"] in text for order in orders[k])
            or "reply_language" in text
        )


def test_the_same_rows_at_any_concurrency_and_in_reverse(tmp_path: Path) -> None:
    """Faults 9 and 10: the draws of a row are its own; they do not know its place or who ran beside it."""
    given = rows(60)
    told = []
    for name, source, n in (("one", given, 1), ("eight", given, 8), ("back", given[::-1], 8)):
        run = run_of("ja", tmp_path / name, source, lambda k, _: f"・{k}番の春の海です。", concurrency=n)
        kept = {row["instruction"]: row for row in dataset(tmp_path / name)} if any(run.rows()) else {}
        told.append(
            {name: str(row["messages"]) for name, row in kept.items()}
            | {one.fields["instruction"]: (one.reason, one.note) for one in run.rejected()}
        )
    assert len(told[0]) == 60
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize(
    "options", [{"orders_min": 0}, {"orders_min": 3, "orders_max": 2}, {"orders_max": 5}]
)
def test_an_impossible_number_of_orders_is_a_setup_error(options: dict[str, int]) -> None:
    with pytest.raises(SetupError, match="the number of orders goes from orders_min"):
        catalogue.load(NAME, "ja", options)


@EACH_LANGUAGE
def test_the_dataset_shows_orders_and_conversation_and_hides_what_stands_in_it_anyway(language: str) -> None:
    recipe = catalogue.load(NAME, language).recipe
    assert list(recipe.writes) == ["constraints", "repaired", "messages"]
    assert recipe.needs == ("instruction",)
