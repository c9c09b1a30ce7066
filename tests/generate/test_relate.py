from __future__ import annotations

import asyncio
from typing import Any

import pytest

from support.context import ScriptedContext, in_order
from tanemaki.clean.filters.near_copy import NearCopy
from tanemaki.core.errors import RecipeError
from tanemaki.core.model import Reply
from tanemaki.core.prompt import Prompt, Texts
from tanemaki.core.record import Children, Record
from tanemaki.core.seeding import hex_id
from tanemaki.core.verdict import Reject
from tanemaki.generate.relate import Relate, SoundLink

ROWS = tuple({"relation": f"R{n}", "who": f"who {n}"} for n in range(7))
TEXTS = Texts(
    "ja",
    {
        "related": Prompt(
            "related", "ja", "[user]\n例\n[assistant]\n手本の人\n[user]\n{{ persona }} / {{ who }}"
        ),
        "inferred": Prompt("inferred", "ja", "{{ text }} / {{ who }}"),
    },
    {"relations": ROWS, "attitudes": ({"relation": "読む人", "who": "読む人"},)},
)
RECORD = Record("a", (1,), {"persona": "漁師", "text": "海" * 5000})


def chain(step: Relate, *replies: Reply | str, record: Record = RECORD) -> tuple[Children, list[str]]:
    context = ScriptedContext(TEXTS, in_order(replies), step=step.name, record_id=record.id)
    children = asyncio.run(step(record, context))
    return children, [asked.text for asked in context.captured]


def test_each_link_is_asked_with_the_one_before_and_knows_its_parent() -> None:
    children, asked = chain(Relate("p", of="writer", persona="persona", hops=3), "魚屋", " 板前 ", "客")
    relations = [link["relation"] for link in children.fields]
    assert [(link["p"], link["hop"], link["parent_persona"]) for link in children.fields] == [
        ("魚屋", 1, "漁師"),
        ("板前", 2, "魚屋"),
        ("客", 3, "板前"),
    ]
    assert [link["parent_id"] for link in children.fields] == [
        "a",
        *(hex_id("a", "relate", n) for n in (1, 2)),
    ]
    assert len(set(relations)) == 3
    who = {row["relation"]: row["who"] for row in ROWS}
    assert [text.splitlines()[-1] for text in asked] == [
        f"{before} / {who[relation]}"
        for before, relation in zip(("漁師", "魚屋", "板前"), relations, strict=True)
    ]
    assert [link["fault"] for link in children.fields] == [None] * 3


def test_a_text_gives_the_first_persona_and_only_its_beginning_is_shown() -> None:
    children, asked = chain(Relate("p", of="writer", text="text", hops=1, chars_shown=10), "海女", "孫")
    assert next((link["hop"], link["relation"], link["parent_persona"]) for link in children.fields) == (
        0,
        "読む人",
        None,
    )
    assert asked[0] == "海" * 10 + " / 読む人"
    assert children.fields[1]["parent_persona"] == "海女"


@pytest.mark.parametrize(
    ("replies", "faults"),
    [
        ([Reply("途中", "length")], [["cut", None, None, "…途中"]]),
        (["魚屋", ""], [None, ["empty", 0, 1, None]]),
        (["手本の人"], [["near_copy", 1.0, 0.5, "like text 1: '手本の人'"]]),
        (
            ["浜の魚屋の主人", "港の板前", "浜の魚屋の主人。"],
            [None, None, ["near_copy", 1.0, 0.5, "like text 2: '浜の魚屋の主人'"]],
        ),
    ],
)
def test_a_bad_link_ends_the_chain_and_is_kept_with_its_fault(
    replies: list[Reply | str], faults: list[list[object] | None]
) -> None:
    filters = (NearCopy("text", of="earlier"), NearCopy("text", of="examples"))
    step = Relate("p", of="writer", persona="persona", hops=6, filters=filters)
    children, asked = chain(step, *replies)
    assert [link["fault"] for link in children.fields] == faults
    assert len(asked) == len(replies)
    judge = SoundLink(step.faults)
    judged = [judge(Record("c", (1, n), {**link})) for n, link in enumerate(children.fields, 1)]
    last = judged[-1]
    assert isinstance(last, Reject)
    assert last.reason == (faults[-1] or [""])[0]
    assert (last.note or "").startswith(f"hop {len(replies)}")
    assert all(isinstance(one, Record) for one in judged[:-1])


@pytest.mark.parametrize(
    "wrong",
    [
        {"hops": 7, "persona": "persona"},
        {"hops": 0, "persona": "persona"},
        {"hops": 1},
        {"hops": -1, "text": "text"},
        {"hops": 1, "persona": "persona", "text": "text"},
    ],
)
def test_a_chain_without_a_beginning_or_beyond_six_hops_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(RecipeError, match="1 to 6 hops"):
        Relate("p", of="writer", **wrong)


def test_without_hops_only_the_text_is_asked_about() -> None:
    step = Relate("p", of="writer", text="text", hops=0)
    assert (set(step.prompts), set(step.tables)) == ({"inferred"}, {"attitudes"})
