"""Turns pydantic's complaint about a run into one message: what, where in which file, what was got, what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from tanemaki.config.schema import RunFile
from tanemaki.config.tree import Path, Tree
from tanemaki.core.errors import SetupError, nearest, shorten

_WANTED = {
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "a text",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping of `key: value` lines",
    "model_type": "a mapping of `key: value` lines",
    "finite_number": "a finite number",
    "greater_than_equal": "at least {ge:g}",
    "greater_than": "more than {gt:g}",
    "less_than_equal": "at most {le:g}",
    "literal_error": "{expected}",
    "string_too_short": "a text that is not empty",
    "too_short": "a list of at least {min_length}",
    "string_pattern_mismatch": "64 hexadecimal digits",
}
"""pydantic's error types, as a person would say what was wanted."""

_QUIET = frozenset({"key_env", "headers", "headers_env", "proxy", "endpoint", "extra_body"})
"""Keys below which a value may be a secret that was pasted there: it is never shown."""

_KEY_NAMES = frozenset({"key", "api_key", "apikey", "token", "secret", "password"})


def field_at(path: Path, root: type[BaseModel] = RunFile) -> Any:
    """Return the type that the schema gives a path: a model class, a mapping, a plain type; None if there is none.

    >>> field_at(("limits", "requests")) is not None, field_at(("limits", "request"))
    (True, None)
    """
    kind: Any = root
    for key in path:
        kind = inner_type(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            if str(key) not in kind.model_fields:
                return None
            kind = kind.model_fields[str(key)].annotation
        elif get_origin(kind) is dict:
            kind = get_args(kind)[1]
        elif get_origin(kind) is list and isinstance(key, int):
            kind = get_args(kind)[0]
        elif kind is not Any:
            return None
    return kind


def inner_type(kind: Any) -> Any:
    """Return the type without its None.

    >>> inner_type(int | None)
    <class 'int'>
    """
    if get_origin(kind) in (Union, UnionType):
        return next(part for part in get_args(kind) if part is not type(None))
    return kind


def keys_at(path: Path, root: type[BaseModel] = RunFile) -> tuple[str, ...]:
    """Return the keys that the schema knows in the mapping at a path; none where any key is right."""
    kind = inner_type(field_at(path, root))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return tuple(kind.model_fields)
    return ()


def show_path(path: Path) -> str:
    """Return a path as it is written in flags and messages.

    >>> show_path(("models", "writer", "sampling", "stop", 0))
    'models.writer.sampling.stop[0]'
    """
    shown = ""
    for key in path:
        shown += f"[{key}]" if isinstance(key, int) else f".{key}"
    return shown.removeprefix(".")


def to_setup_error(error: ValidationError, tree: Tree, root: type[BaseModel] = RunFile) -> SetupError:
    """Return the first problem as the user should read it; a wrong key comes before what it left missing.

    ``root`` is the schema of the file.
    """
    problems = error.errors(include_url=False, include_context=True)
    problems.sort(key=lambda problem: problem["type"] != "extra_forbidden")
    problem: Mapping[str, Any] = problems[0]
    path: Path = tuple(problem["loc"])
    more = f" (first of {len(problems)} problems)" if len(problems) > 1 else ""
    if problem["type"] == "extra_forbidden":
        return unknown_key(path, tree, more, root)
    if problem["type"] == "missing":
        return _missing(path, tree, more, root)
    if problem["type"] == "rule":
        return _rule(path, problem, tree, more)
    return _wrong_value(path, problem, tree, more, root)


def unknown_key(path: Path, tree: Tree, more: str = "", root: type[BaseModel] = RunFile) -> SetupError:
    """Return the error for a key that the schema does not know, with the nearest one that it knows."""
    known, name = keys_at(path[:-1], root), str(path[-1])
    near = nearest(name, known)
    origin = tree.nearest_origin(path)
    if path[0] == "models" and name.lower() in _KEY_NAMES:
        tip = "a run file never holds a key: write key_env: NAME_OF_AN_ENVIRONMENT_VARIABLE"
    elif near:
        tip = f"did you mean {near!r}?"
    else:
        tip = f"known here: {', '.join(known)}" if known else "remove it"
    return SetupError(
        f"unknown key {name!r}{more}",
        where=origin.at_key if origin else None,
        got=show_path(path),
        next=tip,
    )


def _missing(path: Path, tree: Tree, more: str, root: type[BaseModel]) -> SetupError:
    origin = tree.nearest_origin(path[:-1])
    parent = root if len(path) == 1 else inner_type(field_at(path[:-1], root))
    about = parent.model_fields[str(path[-1])].description if keys_at(path[:-1], root) else None
    return SetupError(
        f"`{show_path(path)}` is missing{more}",
        where=origin.at_key if origin else None,
        next=f"add {path[-1]}: … ({about})",
    )


def _rule(path: Path, problem: Mapping[str, Any], tree: Tree, more: str) -> SetupError:
    context = problem["ctx"]
    whole = (*path, *filter(None, str(context["key"]).split(".")))
    origin = tree.nearest_origin(whole)
    return SetupError(
        f"{problem['msg']}{more}",
        where=origin.at_key if origin else None,
        got=show_path(whole) or None,
        next=context["next"] or None,
    )


def _wrong_value(
    path: Path, problem: Mapping[str, Any], tree: Tree, more: str, root: type[BaseModel]
) -> SetupError:
    wanted = _WANTED.get(problem["type"], problem["msg"]).format(**problem.get("ctx", {}))
    value = problem["input"]
    origin = tree.nearest_origin(path)
    quiet = not _QUIET.isdisjoint(path)
    tip = None
    if path[-1] == "batch" and problem["type"] == "model_type":
        wanted = f"true, false or {wanted}"
    if value is None:
        tip = "write a value behind the colon, or leave the key out"
    elif problem["type"] == "literal_error":
        near = nearest(str(value), _options(path, root))
        tip = f"did you mean {near!r}?" if near else None
    elif problem["type"] == "model_type" and isinstance(path[-1], int):
        keys = keys_at(path, root)
        tip = f"write {{{keys[0]}: …}} with these keys: {', '.join(keys)}"
    elif problem["type"] == "string_type" and isinstance(value, bool | int | float):
        tip = "write it in quotes"
    return SetupError(
        f"`{show_path(path)}` must be {wanted}{more}",
        where=origin.at_value if origin else None,
        got="nothing" if value is None else "something that is not shown" if quiet else shorten(value),
        next=tip or _about(path, root),
    )


def _options(path: Path, root: type[BaseModel]) -> tuple[str, ...]:
    return tuple(map(str, get_args(inner_type(field_at(path, root)))))


def _about(path: Path, root: type[BaseModel]) -> str | None:
    """Describe the key, or the nearest one above it that the schema describes."""
    for depth in range(len(path), 0, -1):
        parent = inner_type(field_at(path[: depth - 1], root))
        if isinstance(parent, type) and issubclass(parent, BaseModel):
            key = str(path[depth - 1])
            return f"{key}: {parent.model_fields[key].description}"
    return None
