"""A schema says what a reply must hold, and reads it; what it does not check it refuses beforehand."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator

from tanemaki.core.errors import RecipeError
from tanemaki.core.structured import Schema, WrongSchema, plain


class Ingredient(BaseModel):
    """材料。"""

    name: str = Field(alias="名")
    g: float | None = None


class Dish(BaseModel):
    """A dish with everything that a schema can say."""

    name: str = Field(alias="料理名", min_length=1)
    level: Literal["易", "難"]
    parts: list[Ingredient]
    tags: list[str] = Field(default_factory=list)
    main: Ingredient = Field(description="主な材料")
    n: int | None = None
    share: float = 0.5
    is_hot: bool = False
    pair: tuple[int, str] = (1, "一")

    @field_validator("name")
    @classmethod
    def _is_no_question(cls, value: str) -> str:
        if value.endswith("？"):
            raise ValueError("a dish is no question")
        return value


GOOD = '{"料理名": "葛餅", "level": "易", "parts": [{"名": "葛粉", "g": 50}], "main": {"名": "葛粉"}}'
ANSWER: dict[str, Any] = {"type": "object", "properties": {"答え": {"type": "integer"}}, "required": ["答え"]}


def refusal(given: object) -> RecipeError:
    with pytest.raises(RecipeError) as raised:
        Schema.of(given)
    return raised.value


def misfit(given: object, text: str) -> str:
    with pytest.raises(WrongSchema) as raised:
        Schema.of(given).read(text)
    return str(raised.value)


def test_a_pydantic_class_gives_its_instance_and_the_instance_its_fields() -> None:
    schema = Schema.of(Dish)
    dish = schema.read(f"こちらです。\n{GOOD}")
    assert isinstance(dish, Dish)
    assert (schema.name, dish.name, dish.parts[0].g) == ("Dish", "葛餅", 50.0)
    assert plain(dish)["料理名"] == "葛餅"
    assert plain(dish)["pair"] == [1, "一"]


def test_a_mapping_gives_the_value_as_it_stands_and_no_default() -> None:
    schema = {**ANSWER, "title": "答え Answer!", "properties": {**ANSWER["properties"], "b": {"default": 7}}}
    found = Schema.of(schema)
    assert found.read('{"答え": 123456789012345678901234567890}') == {"答え": 123456789012345678901234567890}
    assert found.name == "Answer"
    assert plain([1]) == [1]


def test_the_same_schema_is_made_once_and_one_that_is_made_comes_back() -> None:
    assert Schema.of(Dish) is Schema.of(Dish)
    assert Schema.of(ANSWER) is Schema.of(dict(ANSWER))
    assert Schema.of(Schema.of(Dish)) is Schema.of(Dish)


MISFITS: list[tuple[Any, str, str]] = [
    (Dish, '{"料理名": "a"}', "level: Field required; parts: Field required; main: Field required"),
    (Dish, "{}", "料理名: Field required; level: Field required; parts: Field required (and 1 more)"),
    (
        Dish,
        GOOD.replace("50", '"多め"'),
        "parts.0.g: Input should be a valid number, unable to parse string as a number",
    ),
    (Dish, GOOD.replace("葛餅", "葛？"), "料理名: Value error, a dish is no question"),
    (Dish, "[]", "the whole: Input should be an object"),
    (ANSWER, '{"答え": "三"}', "答え must be integer"),
    (ANSWER, '{"答え": true}', "答え must be integer"),
    (ANSWER, "{}", "the whole must contain ['答え'] properties"),
    (ANSWER, "三です。", "the reply holds no JSON object"),
    (ANSWER, '{"答え": 3}\n{"答え": 5}', "2 different objects in one reply fit; one is wanted"),
]


@pytest.mark.parametrize(("given", "text", "why"), MISFITS)
def test_what_does_not_fit_is_said_in_words(given: Any, text: str, why: str) -> None:
    assert misfit(given, text) == why


def test_the_one_object_that_fits_is_found_among_others() -> None:
    schema = Schema.of(ANSWER)
    assert schema.read('[1] によると {"問い": "三？"} なので {"答え": 3} です。') == {"答え": 3}
    assert schema.read('{"答え": 3} つまり {"答え": 3}') == {"答え": 3}
    assert Schema.of({"type": "array", "items": {"type": "integer"}}).read("答えは [1, 2] です") == [1, 2]
    assert Schema.of({"enum": ["はい", "いいえ"]}).read('"はい"') == "はい"


def test_a_schema_made_by_pydantic_is_checked_as_a_mapping_too() -> None:
    made = dict(Schema.of(Dish).json)
    assert Schema.of(made).read(GOOD)["parts"] == [{"名": "葛粉", "g": 50}]
    assert misfit(made, GOOD.replace('"葛粉"}}', "3}}")) == "main.名 must be string"
    assert misfit(made, GOOD.replace('"main"', '"pair": ["一", 1], "main"')) == "pair.0 must be integer"


def test_a_schema_that_contains_itself_is_followed() -> None:
    tree = {
        "$defs": {
            "node": {
                "type": "object",
                "properties": {"子": {"type": "array", "items": {"$ref": "#/$defs/node"}}},
            }
        },
        "$ref": "#/$defs/node",
    }
    assert Schema.of(tree).read('{"子": [{"子": []}]}') == {"子": [{"子": []}]}
    assert Schema.of(tree).fields() == {"子": "json"}
    assert misfit(tree, '{"子": [{"子": 3}]}') == "子.0.子 must be array"


def test_keywords_beside_a_reference_are_checked() -> None:
    schema = {
        "$defs": {"t": {"type": "string"}},
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/t", "minLength": 2}},
    }
    assert misfit(schema, '{"a": "葛"}') == "a must be longer than or equal to 2 characters"
    assert misfit(schema, '{"a": 33}') == "a must be string"


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (3, "this is no schema"),
        (int, "this is no schema"),
        ({"a": object()}, "the schema is not JSON"),
        ({"type": "strin"}, "the JSON schema is wrong"),
        ({"properties": 3}, "the JSON schema is wrong"),
        ({"type": "string", "pattern": "("}, "the JSON schema is wrong"),
        ({"$ref": "#/$defs/nowhere"}, "the JSON schema is wrong"),
        ({"items": {"$ref": "https://example.com/x"}}, "the JSON schema refers to something outside itself"),
        (
            {"properties": {"a": {"unevaluatedProperties": False}}},
            "the JSON schema uses 'unevaluatedProperties', which is not checked here",
        ),
    ],
)
def test_a_schema_that_could_not_be_held_to_is_refused(given: object, what: str) -> None:
    error = refusal(given)
    assert error.what == what
    assert error.got
    assert error.next


def test_a_property_may_be_called_like_a_keyword() -> None:
    schema = {
        "type": "object",
        "properties": {"unevaluatedItems": {"type": "string"}, "$ref": {"type": "integer"}},
    }
    assert Schema.of(schema).read('{"$ref": 3}') == {"$ref": 3}


def test_the_properties_become_fields_of_their_types() -> None:
    assert Schema.of(Dish).fields() == {
        "料理名": "text",
        "level": "text",
        "parts": "json",
        "tags": "texts",
        "main": "json",
        "n": "integer",
        "share": "number",
        "is_hot": "boolean",
        "pair": "json",
    }
    more = {
        "a": {"type": ["integer", "null"]},
        "b": {"type": ["integer", "string"]},
        "c": {"enum": ["春", "秋"]},
        "d": {"const": "夏"},
        "e": {"enum": [1, "二"]},
        "f": {},
    }
    kinds = ["integer", "json", "text", "text", "json", "json"]
    assert list(Schema.of({"type": "object", "properties": more}).fields().values()) == kinds


@pytest.mark.parametrize("given", [{"type": "array"}, {"type": "object"}, RootModel[list[int]]])
def test_what_is_no_object_has_no_fields(given: object) -> None:
    with pytest.raises(RecipeError, match="names no fields"):
        Schema.of(given).fields()


def test_a_strict_class_takes_what_json_can_say() -> None:
    class Event(BaseModel):
        model_config = ConfigDict(strict=True)
        on: date
        n: int

    event = Schema.of(Event).read('{"on": "2026-04-29", "n": 2}')
    assert event == Event(on=date(2026, 4, 29), n=2)
    assert plain(event) == {"on": "2026-04-29", "n": 2}
    assert misfit(Event, '{"on": "2026-04-29", "n": "2"}') == "n: Input should be a valid integer"


def test_the_wire_form_names_the_schema_in_latin_letters() -> None:
    assert Schema.of(ANSWER).response_format == {
        "type": "json_schema",
        "json_schema": {"name": "reply", "schema": ANSWER},
    }
