"""One call, several fields, by a schema."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from pydantic import BaseModel, Field

from support.context import ScriptedContext, in_order
from support.runs import Captured, dataset, run, table
from tanemaki.core.errors import ModelError, RecipeError
from tanemaki.core.model import Reply, Request, Sampling
from tanemaki.core.prompt import Prompt, Texts
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import Record
from tanemaki.core.step import spec_of
from tanemaki.generate.ask_fields import AskFields
from tanemaki.models.scripted import last_text
from tanemaki.run.fingerprint import hash_of_step
from tanemaki.run.rehearse import check_golden

TEXTS = Texts("ja", {"dish": Prompt("dish", "ja", "次の文から料理を取り出してください。\n\n{{ text }}")}, {})
RECORD = Record("a1", (1,), {"text": "祖母の筑前煮は四人分。", "secret": "見せない"})
SCHEMA = {
    "type": "object",
    "properties": {
        "料理名": {"type": "string"},
        "人数": {"type": "integer"},
        "材料": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["料理名"],
}
STEP = AskFields("dish", of="writer", given=("text",), schema=SCHEMA, sampling=Sampling(temperature=0))


class Dish(BaseModel):
    """What is taken out."""

    name: str = Field(alias="料理名")
    people: int = Field(alias="人数")
    parts: list[str] = Field(alias="材料", default_factory=list)


def test_the_engine_reads_off_it_what_it_needs() -> None:
    spec = spec_of(STEP)
    assert (spec.name, spec.reads) == ("dish", ("text",))
    assert dict(spec.writes) == {"料理名": "text", "人数": "integer", "材料": "texts"}
    assert spec.prompts == {"dish": frozenset({"text"})}
    assert spec.roles == {"writer": frozenset({"chat"})}, "an endpoint without schemas will do"
    assert spec.is_async
    by_class = spec_of(AskFields("dish", of="writer", schema=Dish))
    assert dict(by_class.writes) == dict(spec.writes)


def test_it_sends_its_prompt_with_the_schema_and_writes_the_properties() -> None:
    context = ScriptedContext(TEXTS, in_order(['{"料理名": "筑前煮", "人数": 4}']))
    assert asyncio.run(STEP(RECORD, context)) == {"料理名": "筑前煮", "人数": 4, "材料": None}
    (asked,) = context.captured
    assert asked.text == "次の文から料理を取り出してください。\n\n祖母の筑前煮は四人分。"
    assert asked.request.sampling.temperature == 0
    assert asked.request.response_format is not None
    assert asked.request.response_format["json_schema"]["schema"] == SCHEMA


def test_a_class_fills_in_what_it_says_itself() -> None:
    step = AskFields("dish", of="writer", given=("text",), schema=Dish)
    context = ScriptedContext(TEXTS, in_order(['{"料理名": "筑前煮", "人数": 4}']))
    assert asyncio.run(step(RECORD, context)) == {"料理名": "筑前煮", "人数": 4, "材料": []}


def test_a_reply_that_does_not_fit_is_asked_for_once_more() -> None:
    context = ScriptedContext(TEXTS, in_order(["筑前煮です。", '{"料理名": "筑前煮"}']))
    assert asyncio.run(STEP(RECORD, context))["料理名"] == "筑前煮"
    assert [asked.sample for asked in context.captured] == [0, -1]


@pytest.mark.parametrize(
    ("reply", "fault"),
    [(Reply("筑前煮です。"), "wrong_schema"), (Reply('{"料理名": "筑', finish_reason="length"), "cut")],
)
def test_what_cannot_be_used_fails_the_row(reply: Reply, fault: str) -> None:
    with pytest.raises(ModelError) as raised:
        asyncio.run(STEP(RECORD, ScriptedContext(TEXTS, in_order([reply, reply]))))
    assert raised.value.fault == fault


def test_a_schema_without_fields_is_said_when_the_recipe_is_written() -> None:
    with pytest.raises(RecipeError, match="names no fields"):
        AskFields("dish", of="writer", schema={"type": "array"})


def test_an_edited_schema_is_another_step() -> None:
    edited = AskFields("dish", of="writer", given=("text",), schema={**SCHEMA, "required": []})
    same = AskFields(
        "dish", of="writer", given=("text",), schema=dict(SCHEMA), sampling=Sampling(temperature=0)
    )
    assert hash_of_step(STEP) == hash_of_step(same) != hash_of_step(edited)


def test_it_runs_to_a_dataset_of_typed_columns(tmp_path: Path) -> None:
    def answer(request: Request) -> str:
        text = last_text(request)
        return (
            "{“料理名”： “葛餅”， “人数”： 2， “材料”： [“葛粉”， “黒蜜”，]}"
            if "葛" in text
            else "分かりません。"
        )

    recipe = Recipe(name="dishes", needs=("text",), steps=(STEP,))
    rows = [{"text": "葛餅の話"}, {"text": "天気の話"}]
    run(recipe, rows, tmp_path / "r", Captured(answer), texts=TEXTS)
    (row,) = dataset(tmp_path / "r")
    assert (row["料理名"], row["人数"], row["材料"]) == ("葛餅", 2, ["葛粉", "黒蜜"])
    (failed,) = table(tmp_path / "r" / "failed.parquet")
    assert failed["fault"] == "wrong_schema"


RECIPE = '''"""Dishes."""
from tanemaki.core.recipe import Recipe
from tanemaki.generate.ask_fields import AskFields

SCHEMA = {"type": "object", "properties": {"料理名": {"type": "string"}}, "required": ["料理名"]}
RECIPE = Recipe(needs=("text",), steps=(AskFields("dish", of="writer", given=("text",), schema=SCHEMA),))
'''


def test_golden_rows_rehearse_it_with_the_repair(tmp_path: Path) -> None:
    for language, text in (("ja", "料理を一つ。{{ text }}"), ("en", "One dish. {{ text }}")):
        folder = tmp_path / "prompts" / language
        folder.mkdir(parents=True)
        (folder / "dish.md").write_text(f"<!-- test -->\n\n{text}\n", encoding="utf-8")
    (tmp_path / "recipe.py").write_text(RECIPE, encoding="utf-8")
    row = {
        "name": "直し",
        "language": "ja",
        "id": "a1",
        "fields": {"text": "葛"},
        "replies": ["葛餅", '{"料理名": "葛餅"}'],
        "expected": {"text": "葛", "料理名": "葛餅"},
    }
    (tmp_path / "golden.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    assert check_golden(tmp_path) == []
