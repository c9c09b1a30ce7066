"""Tools as a model is told of them: from a recipe's table, from the user's own list, or from an OpenAPI file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tanemaki.core.errors import RecipeError, SetupError, shorten
from tanemaki.core.prompt import Row
from tanemaki.core.record import Json
from tanemaki.core.structured import Schema

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")  # what endpoints take as a function's name
_NO_NAME = re.compile(r"[^A-Za-z0-9]+")
_FORM = re.compile(r"[。．(（]|\. |, ")
_METHODS = ("get", "post", "put", "patch", "delete")
_DEEPEST = 12  # references within references; one that refers to itself ends there
_SCHEMA_KEYS = frozenset(
    {
        "type",
        "properties",
        "required",
        "items",
        "enum",
        "const",
        "description",
        "default",
        "format",
        "pattern",
    }
    | {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "multipleOf"}
    | {"additionalProperties", "anyOf", "oneOf", "allOf"}
)
"""What is taken over of OpenAPI's schemas; its own words (example, xml, discriminator …) say nothing to a model."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool.

    Source: ours; the form is that of OpenAI's function calling, which chat templates read, too.

    >>> Tool("get_weather", "天気を調べる。", {"type": "object", "properties": {}}).wire()["function"]["name"]
    'get_weather'
    """

    name: str
    description: str
    parameters: Mapping[str, Json]
    """JSON schema of the arguments."""
    result: Mapping[str, Json] | None = None
    """JSON schema of what it gives back; None is any object."""
    leads_to: tuple[str, ...] = ()
    """Tools that need what this one finds out."""

    def wire(self) -> dict[str, Json]:
        """Return the tool as a request and the column ``tools`` hold it."""
        function = {"name": self.name, "description": self.description, "parameters": dict(self.parameters)}
        return {"type": "function", "function": function}

    @property
    def required(self) -> tuple[str, ...]:
        """Arguments that must be given."""
        return tuple(self.parameters.get("required", ()))

    def about(self, argument: str) -> str:
        """Return what an argument is, in words; what its description says of the form (after a full stop or comma) not."""
        told = self.parameters["properties"].get(argument, {}).get("description") or argument
        return _FORM.split(str(told), maxsplit=1)[0].strip()

    def shown(self) -> str:
        """Return the tool as a person may read it, without its names: what it does, then what it must know, [what it may].

        >>> Tool("find", "店を探す。", {"properties": {"q": {"description": "駅名"}}}).shown()
        '店を探す: [駅名]'
        """
        told = [
            self.about(name) if name in self.required else f"[{self.about(name)}]"
            for name in self.parameters.get("properties", {})
        ]
        about = self.description.rstrip("。. ")
        return f"{about}: {', '.join(told)}" if told else about


@lru_cache(maxsize=8)
def _of_cells(cells: tuple[tuple[str, str, str, str, str], ...]) -> tuple[Tool, ...]:
    return tuple(
        Tool(name, about, json.loads(given), json.loads(gives), tuple(leads.replace("-", "").split()))
        for name, about, given, gives, leads in cells
    )


def tools_of(table: Sequence[Row]) -> tuple[Tool, ...]:
    """Return the tools of a table with the columns name, description, parameters, result and leads_to. Kept."""
    return _of_cells(
        tuple(
            (row["name"], row["description"], row["parameters"], row["result"], row["leads_to"])
            for row in table
        )
    )


def read_tools(path: Path) -> tuple[Tool, ...]:
    """Return the tools of a JSON or YAML file.

    Read are a list of tools in OpenAI's form, of bare functions (``name``, ``parameters`` or ``inputSchema``), an object
    with such a list under ``tools``, and an OpenAPI 3 description, whose operations become tools. A tool may say its
    ``result``, a JSON schema. Nothing is fetched. Raises ``SetupError`` for a file that is none of these.
    """
    try:
        raw = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(
            "the file of tools cannot be read",
            where=f"options.tools: {path.name}",
            got=getattr(error, "strerror", None) or str(error),
            next="check the path; it is relative to the run file's folder, and the file is UTF-8",
        ) from error
    told = _parsed(raw, path)
    if isinstance(told, Mapping) and ("openapi" in told or "swagger" in told):
        found = list(_operations(told))
    else:
        listed = told.get("tools") if isinstance(told, Mapping) else told
        if not isinstance(listed, list):
            raise _no_tools(path, told)
        found = [_tool(one, path) for one in listed]
    if not found:
        raise _no_tools(path, told)
    seen: set[str] = set()
    for tool in found:
        _check(tool, seen, path)
    return tuple(found)


def _parsed(raw: str, path: Path) -> Json:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return json.loads(raw) if path.suffix == ".json" else YAML(typ="safe", pure=True).load(raw)
    except (json.JSONDecodeError, YAMLError) as error:
        raise SetupError(
            "the file of tools is neither JSON nor YAML",
            where=f"options.tools: {path.name}",
            next=str(error)[:200],
        ) from error


def _no_tools(path: Path, told: Json) -> SetupError:
    return SetupError(
        "the file holds no tools",
        where=f"options.tools: {path.name}",
        got=shorten(told),
        next="a list of tools, an object with `tools`, or an OpenAPI description",
    )


def _tool(told: Json, path: Path) -> Tool:
    function = told.get("function", told) if isinstance(told, Mapping) else None
    if not isinstance(function, Mapping) or not isinstance(function.get("name"), str):
        raise _no_tools(path, told)
    given = function.get("parameters", function.get("inputSchema")) or {"type": "object", "properties": {}}
    gives = function.get("result", told.get("result", function.get("outputSchema")))
    return Tool(function["name"], str(function.get("description") or function["name"]), given, gives)


def _check(tool: Tool, seen: set[str], path: Path) -> None:
    where = f"options.tools: {path.name}, tool {tool.name!r}"
    if not _NAME.fullmatch(tool.name) or tool.name in seen:
        raise SetupError(
            "a tool's name is used twice"
            if tool.name in seen
            else "endpoints do not take this name of a tool",
            where=where,
            next="a name of its own: letters, digits, _ and -, at most 64",
        )
    seen.add(tool.name)
    try:
        for schema in (tool.parameters, tool.result):
            if schema is not None:
                Schema.of(schema)
    except RecipeError as error:
        raise SetupError(
            f"the schema of a tool is wrong: {error.what}", where=where, got=error.got, next=error.next
        ) from error
    if tool.parameters.get("type") != "object" or not isinstance(
        tool.parameters.get("properties", {}), Mapping
    ):
        raise SetupError(
            "a tool's parameters are an object with properties",
            where=where,
            got=shorten(dict(tool.parameters)),
        )


def _operations(told: Mapping[str, Json]) -> Iterator[Tool]:
    for route, item in (told.get("paths") or {}).items():
        shared = item.get("parameters", []) if isinstance(item, Mapping) else []
        for method in _METHODS:
            operation = item.get(method) if isinstance(item, Mapping) else None
            if isinstance(operation, Mapping):
                yield _operation(told, route, method, operation, shared)


def _operation(
    told: Mapping[str, Json], route: str, method: str, operation: Mapping[str, Json], shared: Sequence[Json]
) -> Tool:
    properties: dict[str, Json] = {}
    required: list[str] = []
    for one in (*shared, *operation.get("parameters", ())):
        given = _resolved(one, told)
        if given.get("in") in ("path", "query"):
            properties[given["name"]] = {
                "description": str(given.get("description") or given["name"])
            } | _schema(given.get("schema", {"type": "string"}), told)
            required += [given["name"]] if given.get("required") else []
    body = _resolved(operation.get("requestBody") or {}, told)
    sent = _schema(_json_of(body), told)
    if sent.get("properties"):
        properties.update(sent["properties"])
        required += sent.get("required", [])
    elif sent:
        properties["body"] = sent
        required += ["body"] if body.get("required") else []
    answers = operation.get("responses") or {}
    good: Mapping[str, Json] = next(
        (answers[code] for code in ("200", 200, "201", 201, "default") if code in answers), {}
    )
    result = _schema(_json_of(_resolved(good, told)), told)
    name = operation.get("operationId") or _NO_NAME.sub("_", f"{method} {route}").strip("_")
    about = operation.get("description") or operation.get("summary") or name
    given = {"type": "object", "properties": properties, "required": list(dict.fromkeys(required))}
    return Tool(
        _NO_NAME.sub("_", name)[:64],
        str(about).strip(),
        given | {"additionalProperties": False},
        result or None,
    )


def _json_of(content: Mapping[str, Json]) -> Json:
    kinds = content.get("content") or {}
    return next((told.get("schema") or {} for kind, told in kinds.items() if "json" in kind), {})


def _resolved(node: Json, told: Mapping[str, Json]) -> Mapping[str, Json]:
    for _ in range(_DEEPEST):
        target = node.get("$ref") if isinstance(node, Mapping) else None
        if not isinstance(target, str) or not target.startswith("#/"):
            break
        node = told
        for part in target[2:].split("/"):
            node = (
                node.get(part.replace("~1", "/").replace("~0", "~"), {}) if isinstance(node, Mapping) else {}
            )
    return node if isinstance(node, Mapping) else {}


def _schema(node: Json, told: Mapping[str, Json], depth: int = 0) -> dict[str, Json]:
    """Return a schema of OpenAPI as a plain JSON schema, references filled in."""
    node = _resolved(node, told)
    if depth > _DEEPEST:
        return {}
    plain: dict[str, Json] = {key: value for key, value in node.items() if key in _SCHEMA_KEYS}
    if isinstance(plain.get("properties"), Mapping):
        plain["properties"] = {
            name: _schema(one, told, depth + 1) for name, one in plain["properties"].items()
        }
    for key in ("items", "additionalProperties"):
        if isinstance(plain.get(key), Mapping):
            plain[key] = _schema(plain[key], told, depth + 1)
    for key in ("anyOf", "oneOf", "allOf"):
        if isinstance(plain.get(key), list):
            plain[key] = [_schema(one, told, depth + 1) for one in plain[key]]
    if node.get("nullable") and isinstance(plain.get("type"), str):
        plain["type"] = [plain["type"], "null"]
    return plain
