"""A recipe's own options: the keyword parameters of its ``build``, with the types that stand there."""

from __future__ import annotations

import inspect
import json
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tanemaki.core.errors import RecipeError, SetupError, nearest, shorten


def check_options(recipe: str, build: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return every option with its value, the defaults where nothing is given.

    Raises ``SetupError`` for an unknown option (with the nearest name) and for a value of another type;
    ``RecipeError`` where an option has no default: a recipe must run without any.

    >>> def build(language: str, *, turns_max: int = 3): ...
    >>> check_options("persona_dialogue", build, {"turns_max": 2})
    {'turns_max': 2}
    """
    types_of = typing.get_type_hints(build)
    parameters = inspect.signature(build).parameters.values()
    known = {one.name: one.default for one in parameters if one.kind is one.KEYWORD_ONLY}
    for name, default in known.items():
        if default is inspect.Parameter.empty:
            raise RecipeError(
                f"option {name!r} of recipe {recipe!r} has no default",
                where=f"{recipe}/recipe.py, build",
                next="give it one: a recipe runs without options",
            )
    for name, value in given.items():
        if name not in known:
            near = nearest(name, known)
            raise SetupError(
                f"recipe {recipe!r} has no option {name!r}",
                where=f"options.{name}",
                got=f"its options: {', '.join(known) or 'none'}",
                next=f"did you mean {near!r}?" if near else "leave it out",
            )
        wanted = types_of.get(name, Any)
        if not _fits(value, wanted):
            raise SetupError(
                f"option {name!r} of recipe {recipe!r} wants {_show(wanted)}",
                where=f"options.{name}",
                got=f"{shorten(value)} ({type(value).__name__})",
                next=_an_example(name, value, wanted) or f"the default is {shorten(known[name])}",
            )
    return {**known, **given}


def chosen(option: str, given: Sequence[str] | None, known: Sequence[str]) -> str:
    """Return the names that a user chose of those that a table has, separated by spaces as ``Pick`` reads them; None is all.

    Raises ``SetupError`` for a name that is none, with the nearest right one, and for an empty list.

    >>> chosen("styles", ["casual"], ("faithful", "casual"))
    'casual'
    """
    unknown = next((name for name in given or () if name not in known), None)
    if unknown is not None or (given is not None and not given):
        near = nearest(unknown or "", known)
        raise SetupError(
            f"{option} names none that the recipe has"
            if unknown
            else f"{option} leaves nothing to draw from",
            where=f"options.{option}",
            got=repr(unknown or []),
            next=f"did you mean {near!r}?" if near else f"some of {', '.join(known)}",
        )
    return " ".join(known if given is None else given)


def _fits(value: Any, wanted: Any) -> bool:
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if wanted is Any:
        return True
    if origin is typing.Literal:
        return any(value == one and type(value) is type(one) for one in arguments)
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, one) for one in arguments)
    if origin in (list, tuple):
        inner = [one for one in arguments if one is not Ellipsis]
        return isinstance(value, list | tuple) and all(
            _fits(one, inner[0] if inner else Any) for one in value
        )
    if origin is dict:
        return isinstance(value, dict)
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if wanted is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, types.NoneType if wanted is None else wanted)


def _an_example(name: str, value: Any, wanted: Any) -> str | None:
    """Show how a single value is written where a list is wanted, in a file and as a flag."""
    if typing.get_origin(wanted) not in (list, tuple) or not _fits([value], wanted):
        return None
    listed = json.dumps([value], ensure_ascii=False)
    return f"write {name}: {listed}, as a flag --options.{name} '{listed}'"


def _show(wanted: Any) -> str:
    if typing.get_origin(wanted) is typing.Literal:
        return "one of " + ", ".join(map(repr, typing.get_args(wanted)))
    if typing.get_origin(wanted) in (typing.Union, types.UnionType):
        return " or ".join(_show(one) for one in typing.get_args(wanted))
    if wanted is types.NoneType:
        return "null"
    if typing.get_origin(wanted) in (list, tuple):
        inner = [one for one in typing.get_args(wanted) if one is not Ellipsis]
        spoken = {str: "texts", int: "whole numbers", float: "numbers"}
        return f"a list of {spoken.get(inner[0], 'values')}" if inner else "a list"
    spoken = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
    return spoken.get(wanted, str(wanted))
