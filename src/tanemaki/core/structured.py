"""A reply of a stated form: a pydantic class or a JSON schema, and how a reply is read by it.

Pydantic is not imported here: a class that has ``model_json_schema`` and ``model_validate_json`` is one of its models.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from tanemaki.core.errors import RecipeError, shorten
from tanemaki.core.json_text import NotJson, json_values
from tanemaki.core.record import FieldType, Json

_MAPS = ("properties", "patternProperties", "$defs", "definitions")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems", "items")
_SINGLE = (
    *("items", "additionalItems", "additionalProperties", "not", "if", "then", "else"),
    *("contains", "propertyNames"),
)
_UNCHECKED = frozenset(
    {"unevaluatedProperties", "unevaluatedItems", "dependentRequired", "dependentSchemas"}
    | {"minContains", "maxContains", "$dynamicRef", "$recursiveRef"}
)
"""Keywords that the validator passes over: a schema that relies on them would promise what nobody checks."""
_TYPES: dict[str, FieldType] = {
    "string": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
}
_NAME = re.compile(r"[^A-Za-z0-9_-]+")


class WrongSchema(ValueError):
    """A reply does not fit its schema; the message says why, in words that can be shown to a model."""


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """The form that a reply must have.

    >>> dish = {"type": "object", "properties": {"料理": {"type": "string"}}, "required": ["料理"]}
    >>> Schema.of(dish).read("承知しました。{“料理”：“筑前煮”}")
    {'料理': '筑前煮'}
    >>> Schema.of(dish).read('{"料理": 3}')
    Traceback (most recent call last):
    tanemaki.core.structured.WrongSchema: 料理 must be string
    """

    name: str
    """What the wire format calls it: Latin letters, digits, ``_`` and ``-``."""
    json: Mapping[str, Json]
    """The JSON schema."""
    check: Callable[[Json], Any] = field(repr=False)
    """Returns the value as the step gets it. Raises :class:`WrongSchema`."""

    @classmethod
    def of(cls, given: object) -> Schema:
        """Return the schema of a pydantic class or a mapping; one that is given already comes back as it is.

        Raises ``RecipeError`` for anything else, and for a schema that is wrong, points outside itself, or uses keywords
        that are not checked.
        Cost: made once for each class and each mapping's content, and kept.
        """
        if isinstance(given, Schema):
            return given
        if isinstance(given, type) and all(
            hasattr(given, name) for name in ("model_json_schema", "model_validate_json")
        ):
            return _of_class(given)
        if not isinstance(given, Mapping):
            raise RecipeError(
                "this is no schema", got=shorten(given), next="give a pydantic class or a JSON schema"
            )
        try:
            return _of_json(json.dumps(given, ensure_ascii=False))
        except TypeError as error:
            raise RecipeError("the schema is not JSON", got=shorten(given), next=str(error)) from error

    @property
    def response_format(self) -> dict[str, Json]:
        """What the request says of it; what one kind of server wants besides is added where the request is sent."""
        return {"type": "json_schema", "json_schema": {"name": self.name, "schema": dict(self.json)}}

    def read(self, text: str) -> Any:
        """Return the one value in a reply's text that fits: an instance of the class, or the value as JSON has it.

        Of several that fit and differ none is taken, because the first may be a draft and the last an afterthought. Raises
        :class:`WrongSchema`.
        """
        try:
            values = json_values(text)
        except NotJson as error:
            raise WrongSchema(str(error)) from error
        fitting: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for value in values:
            told = json.dumps(value, sort_keys=True)
            try:
                fitting[told] = self.check(value)
            except WrongSchema as error:
                faults[told] = str(error)
        if not fitting:
            raise WrongSchema(faults[max(faults, key=len)])
        if len(fitting) > 1:
            raise WrongSchema(f"{len(fitting)} different objects in one reply fit; one is wanted")
        return fitting.popitem()[1]

    def fields(self) -> dict[str, FieldType]:
        """Return the object's properties as fields of a record. Raises ``RecipeError`` if there are none."""
        root = self._resolved(self.json)
        properties = root.get("properties")
        if root.get("type") != "object" or not properties:
            raise RecipeError(
                f"the schema {self.name!r} names no fields",
                got=shorten(dict(self.json)),
                next="give an object with properties, or a pydantic class with fields",
            )
        return {name: self._type_of(one) for name, one in properties.items()}

    def _type_of(self, schema: Json) -> FieldType:
        schema = self._resolved(schema)
        options = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
        if len(options) == 1:
            schema = self._resolved(options[0])
        kind = schema.get("type")
        if isinstance(kind, list):
            kinds = [one for one in kind if one != "null"]
            kind = kinds[0] if len(kinds) == 1 else None
        if kind == "array" and self._resolved(schema.get("items") or {}).get("type") == "string":
            return "texts"
        choices = schema.get("enum", [schema["const"]] if "const" in schema else [])
        if kind is None and choices and all(isinstance(one, str) for one in choices):
            return "text"
        return _TYPES.get(str(kind), "json")

    def _resolved(self, schema: Json) -> Mapping[str, Json]:
        """Return what a reference points to; pydantic refers to every class inside another one."""
        for _ in range(16):
            target = schema.get("$ref") if isinstance(schema, Mapping) else None
            if not isinstance(target, str):
                break
            schema = self.json
            for part in target.removeprefix("#").strip("/").split("/"):
                schema = schema.get(part.replace("~1", "/").replace("~0", "~"), {}) if part else schema
        return schema if isinstance(schema, Mapping) else {}


@lru_cache(maxsize=256)
def _of_class(model: type) -> Schema:
    found: Any = model

    def check(value: Json) -> Any:
        try:
            return found.model_validate_json(json.dumps(value))
        except ValueError as error:
            raise WrongSchema(_told(error)) from error

    return Schema(_named(model.__name__), found.model_json_schema(), check)


def _told(error: ValueError) -> str:
    """Return what pydantic found, without the values and the links of its own message."""
    errors = getattr(error, "errors", None)
    if errors is None:
        return str(error)[:300]
    found = [
        f"{'.'.join(map(str, one['loc'])) or 'the whole'}: {one['msg']}" for one in errors(include_url=False)
    ]
    more = f" (and {len(found) - 3} more)" if len(found) > 3 else ""  # noqa: PLR2004 - three are enough to mend it by
    return ("; ".join(found[:3]) + more)[:500]


@lru_cache(maxsize=256)
def _of_json(text: str) -> Schema:
    from fastjsonschema import JsonSchemaDefinitionException, JsonSchemaValueException, compile  # noqa: A004

    schema: dict[str, Json] = json.loads(text)
    for one in subschemas(schema):
        _refuse_unchecked(one)
    try:
        validate = compile(_as_draft_7(schema), use_default=False)
    except (JsonSchemaDefinitionException, AttributeError, LookupError, TypeError, ValueError, re.error) as e:
        raise RecipeError(
            "the JSON schema is wrong", got=shorten(schema), next=f"the validator says: {e}"
        ) from e

    def check(value: Json) -> Json:
        try:
            validate(value)
        except JsonSchemaValueException as error:
            path = ".".join(map(str, error.path[1:])) or "the whole"
            says = error.message.removeprefix(str(error.name)).strip()
            raise WrongSchema(f"{path} {says}"[:500]) from error
        return value

    return Schema(_named(str(schema.get("title", ""))), schema, check)


def _named(name: str) -> str:
    return _NAME.sub("_", name).strip("_")[:64] or "reply"


def subschemas(schema: Json) -> Iterator[dict[str, Json]]:
    """Yield a schema and every schema inside it; what is no object (``true``, ``false``) is passed over."""
    if not isinstance(schema, dict):
        return
    yield schema
    for key, inner in schema.items():
        if key in _MAPS and isinstance(inner, dict):
            for one in inner.values():
                yield from subschemas(one)
        elif key in _LISTS and isinstance(inner, list):
            for one in inner:
                yield from subschemas(one)
        elif key in _SINGLE:
            yield from subschemas(inner)


def _refuse_unchecked(schema: Mapping[str, Json]) -> None:
    unchecked = sorted(_UNCHECKED & schema.keys())
    if unchecked:
        raise RecipeError(
            f"the JSON schema uses {unchecked[0]!r}, which is not checked here",
            got=shorten(dict(schema)),
            next="say it by other keywords, or give a pydantic class",
        )
    target = schema.get("$ref", "#")
    if not (isinstance(target, str) and target.startswith("#")):
        raise RecipeError(
            "the JSON schema refers to something outside itself",
            got=shorten(target),
            next="copy it into $defs: nothing is fetched from the network",
        )


def _as_draft_7(schema: Json) -> Any:
    """Return the schema in the words of the draft that the validator knows: tuples, and keywords beside a reference."""
    if not isinstance(schema, dict):
        return schema
    new = {key: _inner_as_draft_7(key, value) for key, value in schema.items() if key != "$schema"}
    if "prefixItems" in new:
        if "items" in new:
            new["additionalItems"] = new["items"]
        new["items"] = new.pop("prefixItems")
    if "$ref" in new and len(new) > 1:
        new["allOf"] = [*new.get("allOf", ()), {"$ref": new.pop("$ref")}]
    return new


def _inner_as_draft_7(key: str, value: Json) -> Any:
    if key in _MAPS and isinstance(value, dict):
        return {name: _as_draft_7(one) for name, one in value.items()}
    if key in _LISTS and isinstance(value, list):
        return [_as_draft_7(one) for one in value]
    return _as_draft_7(value) if key in _SINGLE else value


def plain(parsed: Any) -> Json:
    """Return a parsed reply as JSON: an instance of a pydantic class by its aliases, anything else as it is."""
    if hasattr(parsed, "model_dump"):
        return cast("Json", parsed.model_dump(mode="json", by_alias=True))
    return parsed
