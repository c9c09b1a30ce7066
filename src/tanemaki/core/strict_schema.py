"""OpenAI's strict mode wants schemas of a narrower language: every key required, no others allowed.

A schema is brought into that form where it then still means the same to whoever reads the reply; otherwise it is sent with
``strict: false``, and the reply is checked here as always. vLLM, SGLang and llama.cpp take schemas as they are.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from tanemaki.core.record import Json
from tanemaki.core.structured import subschemas

_KNOWN = frozenset(
    {
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "const",
        "anyOf",
        "$ref",
        "$defs",
    }
    | {"definitions", "description", "title", "pattern", "format", "multipleOf", "minimum", "maximum"}
    | {"exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems"}
)
"""Keywords of strict mode. Source: OpenAI's guide to structured outputs, "Supported schemas" (2026)."""
_ANNOTATIONS = frozenset({"default", "title", "description", "examples", "$schema", "$comment", "deprecated"})


def strict_form(schema: Mapping[str, Json]) -> dict[str, Json] | None:
    """Return an equal schema in the form of strict mode; None where there is none.

    A key that may be left out becomes required only where leaving it out means null and null is allowed. Keys that nobody
    named are forbidden only where the schema does not ask for them.

    >>> strict_form({"type": "object", "properties": {"旬": {"type": "string"}}, "required": ["旬"]})
    ... # doctest: +NORMALIZE_WHITESPACE
    {'type': 'object', 'properties': {'旬': {'type': 'string'}}, 'required': ['旬'],
     'additionalProperties': False}
    >>> strict_form({"type": "object", "properties": {"旬": {"type": "string"}}}) is None
    True
    """
    new: dict[str, Json] = copy.deepcopy(dict(schema))
    if new.get("type") != "object" or "anyOf" in new:
        return None
    return new if all(_narrow(one) for one in subschemas(new)) else None


def strict_format(wanted: Mapping[str, Any]) -> dict[str, Json]:
    """Return a ``response_format`` as endpoints want it that may know strict mode; one that says ``strict`` stays."""
    told = wanted.get("json_schema")
    if wanted.get("type") != "json_schema" or not isinstance(told, Mapping) or "strict" in told:
        return dict(wanted)
    form = strict_form(told["schema"])
    if form is None:
        return {**wanted, "json_schema": {**told, "strict": False}}
    return {**wanted, "json_schema": {**told, "strict": True, "schema": form}}


def _narrow(schema: dict[str, Json]) -> bool:
    """Bring one schema into strict form in its place; tell whether that was possible."""
    optional = _optional_keys(schema)
    if "$ref" in schema:  # strict mode allows nothing beside a reference
        if schema.keys() - _ANNOTATIONS - {"$ref"}:
            return False
        for key in _ANNOTATIONS & schema.keys():
            del schema[key]
        return True
    if schema.get("type") == "object" or "properties" in schema:
        if schema.get("additionalProperties", False) is not False or not schema.get("properties"):
            return False
        if optional is None:
            return False
        schema["required"] = list(schema["properties"])
        schema["additionalProperties"] = False
    for key in (_ANNOTATIONS - _KNOWN) & schema.keys():
        del schema[key]
    return not schema.keys() - _KNOWN


def _optional_keys(schema: Mapping[str, Json]) -> list[str] | None:
    """Return the keys that may be left out, if null says the same for each of them; None if not."""
    properties = schema.get("properties") or {}
    optional = [name for name in properties if name not in schema.get("required", ())]
    return optional if all(_null_says_the_same(properties[name]) for name in optional) else None


def _null_says_the_same(schema: Json) -> bool:
    if not isinstance(schema, Mapping) or schema.get("default", 0) is not None:
        return False
    kind = schema.get("type")
    return {"type": "null"} in schema.get("anyOf", ()) or (isinstance(kind, list) and "null" in kind)
