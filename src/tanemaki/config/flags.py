"""Every key of the run file is a flag: ``--rows 5``, ``--limits.cost-usd 2``, ``--models.writer.name NAME``.

The list is derived from the schema, so that a new key is a flag by itself. A flag takes one value, always: a truth value
is said as ``true``/``false``, ``yes``/``no`` or ``on``/``off``. Lists are given as JSON, as ``[a, b]``, or by
repeating the flag.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from tanemaki.config.complaints import field_at, inner_type, keys_at
from tanemaki.config.schema import RunFile
from tanemaki.config.tree import Origin, Path, Tree
from tanemaki.core.errors import SetupError, nearest

_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag, as a help page shows it."""

    name: str
    """Dotted, without dashes in front; ROLE and KEY stand for names of the user's."""
    takes: str
    """What its value is: ``number``, ``ja|en`` …"""
    help: str
    default: Any
    """None where there is none."""


def flags() -> tuple[Flag, ...]:
    """Return every flag that a run file's schema gives, in the schema's order.

    >>> [flag.takes for flag in flags() if flag.name in ("rows", "language", "models.ROLE.send_seed")]
    ['ja|en', 'whole number', 'true|false']
    """
    return tuple(_flags_of(RunFile, ""))


def _flags_of(model: type[BaseModel], prefix: str) -> Iterator[Flag]:
    for name, field in model.model_fields.items():
        dotted, kind = prefix + name, inner_type(field.annotation)
        if get_origin(kind) is dict:
            value = get_args(kind)[1]
            if isinstance(value, type) and issubclass(value, BaseModel):
                yield from _flags_of(value, f"{dotted}.ROLE.")
            else:
                yield Flag(f"{dotted}.KEY", _takes(value), field.description or "", None)
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _flags_of(kind, f"{dotted}.")
        else:
            default = None if field.is_required() else field.get_default(call_default_factory=True)
            yield Flag(dotted, _takes(kind), field.description or "", default)


def _takes(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return "|".join(map(str, get_args(kind)))
    if get_origin(kind) is list:
        return f"{_takes(get_args(kind)[0])}, repeated"
    return {bool: "true|false", int: "whole number", float: "number", str: "text"}.get(kind, "value or JSON")


def split_arguments(arguments: Sequence[str]) -> list[tuple[str, str]]:
    """Return the (flag, value) pairs of a command line's ``--flag value`` and ``--flag=value``.

    Raises ``SetupError`` for a flag without a value and for a value without a flag.

    >>> split_arguments(["--rows", "5", "--limits.cost-usd=2", "--seed", "-1"])
    [('rows', '5'), ('limits.cost-usd', '2'), ('seed', '-1')]
    """
    pairs: list[tuple[str, str]] = []
    left = list(arguments)
    while left:
        first = left.pop(0)
        if not first.startswith("--"):
            raise SetupError("a value without a flag", got=repr(first), next="write --FLAG VALUE")
        name, has_value, value = first[2:].partition("=")
        if not has_value:
            if not left or left[0].startswith("--"):
                raise SetupError(f"the flag --{name} needs a value", next=f"write --{name} VALUE")
            value = left.pop(0)
        pairs.append((name, value))
    return pairs


def read_flags(pairs: Iterable[tuple[str, str]]) -> Tree:
    """Return the layer that the flags make. Raises ``SetupError`` for a flag that the schema does not know.

    A value that does not fit its key's type stays as it is: the schema then refuses it, in the same words as in a file.
    """
    tree, repeated = Tree(), dict[Path, list[Any]]()
    for name, text in pairs:
        path = path_of_key(name, None, "--")
        kind = inner_type(field_at(path))
        value: Any = _parse(text, field_at(path))
        if get_origin(kind) is list and not isinstance(value, list):
            value = [_parse(text, get_args(kind)[0])]
        if isinstance(value, list):
            value = [*repeated.get(path, []), *value]
            repeated[path] = value
        tree.put(path, value, Origin.named(f"--{name}"))
    return tree


def path_of_key(dotted: str, where: str | None, dashes: str = "") -> Path:
    """Return the path that a dotted key names; dashes in it may stand for underscores.

    Raises ``SetupError`` with the nearest right name; ``dashes`` stands before the names of flags.
    """
    path: Path = ()
    for part in dotted.split("."):
        if get_origin(inner_type(field_at(path))) is list:
            raise _item(path, where, dashes)
        known = keys_at(path)
        name = part.replace("-", "_") if known else part
        path = (*path, name)
        if not name or field_at(path) is None:
            near = _nearest_key(path[:-1], name)
            raise SetupError(
                f"unknown {'flag' if dashes else 'key'} {dashes}{dotted}",
                where=where,
                next=f"did you mean {dashes}{near}?"
                if near
                else f"known here: {', '.join(known) or 'nothing'}",
            )
    return path


def _item(path: Path, where: str | None, dashes: str) -> SetupError:
    whole = ".".join(map(str, path))
    return SetupError(
        f"an item of the list `{whole}` has no {'flag' if dashes else 'key'} of its own",
        where=where,
        next=f"give the whole list: {dashes}{whole} '[…]'"
        if dashes
        else f"give the whole list: {whole}: [[…], […]]",
    )


def _nearest_key(parent: Path, name: str) -> str | None:
    """Find a key beside the wrong one, else one of that name anywhere: ``--cost-usd`` means ``--limits.cost_usd``."""
    near = nearest(name, keys_at(parent))
    if near:
        return ".".join(map(str, (*parent, near)))
    anywhere = {flag.name.rsplit(".", 1)[-1]: flag.name for flag in flags()}
    near = nearest(name, anywhere)
    return anywhere[near] if near else None


def _parse(text: str, annotation: Any) -> Any:
    kind = inner_type(annotation)
    if kind is not annotation and text == "null":
        return None
    if kind is bool:
        return _TRUTH.get(text.lower(), text)
    if kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            return text
    if kind is str or get_origin(kind) is Literal:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return _list_without_quotes(text)


def _list_without_quotes(text: str) -> Any:
    """Return ``[a, b]`` as the list that it is in a run file, any other text as it is."""
    inner = text[1:-1].strip()
    if not (text.startswith("[") and text.endswith("]")) or not inner or set(inner) & set("[]{}\"'"):
        return text
    return [_parse(part.strip(), Any) for part in inner.split(",")]
