"""Strict mode is asked for where a schema means the same in it, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from tanemaki.core.strict_schema import strict_form, strict_format
from tanemaki.core.structured import Schema


class Part(BaseModel):
    """A part."""

    name: str = Field(alias="名")
    g: float | None = None


class Dish(BaseModel):
    """A dish."""

    name: str
    main: Part = Field(description="主な材料")
    parts: list[Part]
    note: str | None = None


class Closed(BaseModel):
    """Forbids what it does not name."""

    model_config = ConfigDict(extra="forbid")
    a: int


class Loose(BaseModel):
    """Takes what it does not name."""

    model_config = ConfigDict(extra="allow")
    a: int


class WithDefault(BaseModel):
    """Leaving a key out says something that null does not."""

    a: int = 3


class Table(BaseModel):
    """Keys that nobody can list."""

    a: dict[str, int]


class NotEmpty(BaseModel):
    """A length, which strict mode does not know."""

    a: str = Field(min_length=1)


def test_keys_become_required_where_null_says_the_same_and_references_stand_alone() -> None:
    form = strict_form(Schema.of(Dish).json)
    assert form is not None
    assert form["required"] == ["name", "main", "parts", "note"]
    assert form["additionalProperties"] is False
    assert form["properties"]["main"] == {"$ref": "#/$defs/Part"}
    assert "default" not in form["properties"]["note"]
    assert form["$defs"]["Part"]["required"] == ["名", "g"]
    assert form["$defs"]["Part"]["additionalProperties"] is False
    assert Schema.of(Dish).json["required"] == ["name", "main", "parts"], (
        "the schema itself is left as it was"
    )


def test_whatever_fits_the_strict_form_fits_the_schema() -> None:
    form = strict_form(Schema.of(Dish).json)
    assert form is not None
    text = '{"name": "葛餅", "main": {"名": "葛", "g": null}, "parts": [], "note": null}'
    assert Schema.of(form).read(text)["name"] == Schema.of(Dish).read(text).name == "葛餅"


def test_a_closed_class_is_strict() -> None:
    assert strict_form(Schema.of(Closed).json) is not None


@pytest.mark.parametrize(
    "schema",
    [
        *(dict(Schema.of(model).json) for model in (Loose, WithDefault, Table, NotEmpty)),
        {"type": "array", "items": {"type": "string"}},
        {"type": "object"},
        {"anyOf": [{"type": "object"}]},
        {"type": "object", "properties": {"a": {"$ref": "#", "minItems": 2}}, "required": ["a"]},
        {"type": "object", "properties": {"a": {"not": {"type": "null"}}}, "required": ["a"]},
        {"type": "object", "properties": {"a": {"type": ["null", "string"]}}},
    ],
)
def test_what_would_mean_something_else_is_left_and_told(schema: dict[str, Any]) -> None:
    assert strict_form(schema) is None
    wanted = {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}
    assert strict_format(wanted) == {
        "type": "json_schema",
        "json_schema": {"name": "a", "schema": schema, "strict": False},
    }


def test_a_key_that_may_be_null_by_its_type_may_become_required() -> None:
    schema = {"type": "object", "properties": {"a": {"type": ["null", "string"], "default": None}}}
    form = strict_form(schema)
    assert form is not None
    assert form["required"] == ["a"]


@pytest.mark.parametrize(
    "wanted",
    [
        {"type": "json_object"},
        {"type": "json_schema", "json_schema": {"name": "a", "strict": True, "schema": {"type": "array"}}},
    ],
)
def test_what_a_step_says_itself_is_sent_as_it_stands(wanted: dict[str, Any]) -> None:
    assert strict_format(wanted) == wanted
