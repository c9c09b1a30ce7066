"""Tools of the user's own, in the forms in which people have them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tanemaki.core.errors import SetupError
from tanemaki.generate.tool_set import Tool, read_tools, tools_of

GIVEN = {
    "type": "object",
    "properties": {"町": {"type": "string", "description": "町の名前。漢字で"}},
    "required": ["町"],
}
FUNCTION = {"name": "weather", "description": "天気を調べる。", "parameters": GIVEN}
OPENAPI = """
openapi: 3.0.3
info: {title: 図書館, version: "1"}
paths:
  /books/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
    get:
      operationId: getBook
      summary: 本を一冊調べる。
      parameters:
        - {$ref: "#/components/parameters/Lang"}
        - {name: X-Trace, in: header, schema: {type: string}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}
  /holds:
    post:
      description: 本を取り置く。
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [title]
              properties:
                title: {type: string, example: 坊っちゃん}
                days: {type: integer, nullable: true, minimum: 1}
      responses:
        "201": {description: ok}
components:
  parameters:
    Lang: {name: lang, in: query, description: 言語, schema: {type: string, enum: [ja, en]}}
  schemas:
    Book:
      type: object
      properties:
        title: {type: string}
        related: {type: array, items: {$ref: "#/components/schemas/Book"}}
"""


def write(folder: Path, name: str, told: Any) -> Path:
    path = folder / name
    path.write_text(told if isinstance(told, str) else json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "told",
    [
        [{"type": "function", "function": FUNCTION}],
        [FUNCTION],
        {"tools": [FUNCTION]},
        [{"name": "weather", "description": "天気を調べる。", "inputSchema": GIVEN}],
    ],
)
def test_the_usual_forms_of_a_list_are_read(told: Any, tmp_path: Path) -> None:
    assert read_tools(write(tmp_path, "tools.json", told)) == (Tool("weather", "天気を調べる。", GIVEN),)


def test_a_yaml_list_may_state_results_and_a_tool_without_arguments(tmp_path: Path) -> None:
    (tool,) = read_tools(write(tmp_path, "tools.yaml", "- name: now\n  result: {type: object}\n"))
    assert tool == Tool("now", "now", {"type": "object", "properties": {}}, {"type": "object"})


def test_the_operations_of_an_openapi_file_become_tools(tmp_path: Path) -> None:
    book, hold = read_tools(write(tmp_path, "library.yaml", OPENAPI))
    assert (book.name, book.description, book.required) == ("getBook", "本を一冊調べる。", ("id",))
    assert book.parameters["properties"]["lang"] == {
        "description": "言語",
        "type": "string",
        "enum": ["ja", "en"],
    }
    assert "X-Trace" not in book.parameters["properties"], "headers are the client's business"
    assert book.result is not None
    assert book.result["properties"]["related"]["items"]["properties"]["title"] == {"type": "string"}
    assert (hold.name, hold.required, hold.result) == ("post_holds", ("title",), None)
    assert hold.parameters["properties"]["title"] == {"type": "string"}
    assert hold.parameters["properties"]["days"] == {"type": ["integer", "null"], "minimum": 1}


@pytest.mark.parametrize(
    ("name", "told", "what"),
    [
        ("t.json", "{", "the file of tools is neither JSON nor YAML"),
        ("t.yaml", "a: [", "the file of tools is neither JSON nor YAML"),
        ("t.json", [], "the file holds no tools"),
        ("t.json", {"x": 1}, "the file holds no tools"),
        ("t.json", ["weather"], "the file holds no tools"),
        ("t.json", [FUNCTION, FUNCTION], "a tool's name is used twice"),
        ("t.json", [{**FUNCTION, "name": "天気"}], "endpoints do not take this name of a tool"),
        (
            "t.json",
            [{**FUNCTION, "parameters": {"type": "array"}}],
            "a tool's parameters are an object with properties",
        ),
        (
            "t.json",
            [{**FUNCTION, "parameters": {"type": "objekt"}}],
            "the schema of a tool is wrong: the JSON schema is wrong",
        ),
    ],
)
def test_what_is_no_set_of_tools_is_told(name: str, told: Any, what: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        read_tools(write(tmp_path, name, told))
    assert caught.value.what == what


def test_a_file_that_is_not_there_is_a_setup_error(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="the file of tools cannot be read"):
        read_tools(tmp_path / "none.json")


def test_people_are_shown_what_a_tool_does_and_none_of_its_names() -> None:
    tool = Tool(
        "search_x",
        "店を探す。",
        {"properties": {"a_b": {"description": "駅。HH"}, "c": {}}, "required": ["a_b"]},
    )
    assert tool.shown() == "店を探す: 駅, [c]"
    assert Tool("now", "時刻を調べる。", {}).shown() == "時刻を調べる"


def test_a_table_gives_tools_with_their_schemas_and_successors() -> None:
    row = {
        "name": "a",
        "description": "b",
        "parameters": '{"type": "object"}',
        "result": "{}",
        "leads_to": "c d",
    }
    first, second = tools_of([row, {**row, "name": "e", "leads_to": "-"}])
    assert (first.parameters, first.result, first.leads_to) == ({"type": "object"}, {}, ("c", "d"))
    assert second.leads_to == ()
