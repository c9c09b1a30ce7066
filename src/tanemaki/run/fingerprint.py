"""What a step is, as a hash: its class and settings, or the source of a plain function. Changes when its behaviour may."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from tanemaki import __version__
from tanemaki.core.seeding import hex_id

_PLAIN = (str, int, float, bool, tuple, list, dict, frozenset, set, type(None))


def hash_of_step(step: Any) -> str:
    """Return the hash of a step, equal in every process that runs the same code.

    >>> def shout(question):
    ...     return question + "！"
    >>> hash_of_step(shout) == hash_of_step(shout)
    True
    """
    return hex_id("step", __version__, _told(step))


def _told(value: Any) -> str:
    if is_dataclass(value) and not isinstance(value, type):
        inner = ", ".join(f"{f.name}={_told(getattr(value, f.name))}" for f in fields(value))
        return f"{_code(type(value))}({inner})"
    if inspect.isfunction(value):
        return f"{_code(value)}{_surroundings(value)}"
    if inspect.isclass(value):
        return _code(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_told(key)}: {_told(value[key])}" for key in value) + "}"
    if isinstance(value, set | frozenset):
        return "{" + ", ".join(sorted(_told(one) for one in value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_told(one) for one in value) + "]"
    if value is None or isinstance(value, str | int | float | bool):
        return repr(value)
    state = (
        {name: part for name, part in vars(value).items() if not name.startswith("__")}
        if hasattr(value, "__dict__")
        else {}
    )
    return f"{_code(type(value))}{_told(state)}"


def _surroundings(function: Any) -> str:
    """Return the values that a function takes from outside: defaults, closure, and plain globals that it names."""
    cells = inspect.getclosurevars(function)
    named = {**cells.nonlocals, **cells.globals}
    plain = {name: named[name] for name in sorted(named) if isinstance(named[name], _PLAIN)}
    return _told([list(function.__defaults__ or ()), dict(function.__kwdefaults__ or {}), plain])


def _code(thing: Any) -> str:
    """Return the name of one of Tanemaki's own classes (its version stands for its code), or the source of the user's."""
    name = f"{thing.__module__}.{thing.__qualname__}"
    if thing.__module__.startswith("tanemaki."):
        return name
    try:
        return f"{name}:{hex_id(inspect.getsource(thing))}"
    except (OSError, TypeError):
        code = getattr(thing, "__code__", None)
        return f"{name}:{hex_id(code.co_code.hex(), repr(code.co_names))}" if code else name
