"""Values with their origins: what one layer (a file, the flags) says, and how a stronger layer lies over a weaker one.

A path is a tuple of keys and list places, e.g. ``("models", "writer", "name")``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was said."""

    label: str
    """For people: ``run.yaml:7`` or ``--rows``."""
    at_key: str
    """For an error at the key: ``run.yaml:7:1``."""
    at_value: str
    """For an error at the value: ``run.yaml:7:7``."""

    @classmethod
    def named(cls, label: str) -> Origin:
        """Return an origin without lines: a flag, an argument."""
        return cls(label, label, label)


@dataclass(slots=True)
class Tree:
    """Nested plain values, and the origin of every path in them."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[Path, Origin] = field(default_factory=dict)

    def put(self, path: Path, value: Any, origin: Origin) -> None:
        """Set the value at a path of mapping keys, making the mappings above it."""
        self.drop(path)
        inner = self.values
        for depth, key in enumerate(path[:-1], 1):
            self.origins.setdefault(path[:depth], origin)
            below = inner.get(str(key))
            if not isinstance(below, dict):
                below = inner[str(key)] = {}
            inner = below
        inner[str(path[-1])] = value
        self.origins[path] = origin

    def drop(self, path: Path) -> None:
        """Forget the value at a path and everything below it; nothing happens where there is none."""
        inner: Any = self.values
        for key in path[:-1]:
            inner = inner.get(key) if isinstance(inner, dict) else None
        if isinstance(inner, dict):
            inner.pop(path[-1], None)
        self.origins = {at: origin for at, origin in self.origins.items() if at[: len(path)] != path}

    def nearest_origin(self, path: Path) -> Origin | None:
        """Return the origin of the path, or of the nearest part above it that has one."""
        for depth in range(len(path), -1, -1):
            if path[:depth] in self.origins:
                return self.origins[path[:depth]]
        return None

    def copy(self) -> Tree:
        """Return a tree that shares no mapping with this one."""
        return Tree(_copied(self.values), dict(self.origins))


def lay_over(weaker: Tree, stronger: Tree) -> Tree:
    """Return the stronger layer's values, and the weaker one's where it says nothing.

    Mappings are joined key by key; lists and single values replace. A source or a model of another ``kind`` starts anew:
    the settings of one kind mean nothing to another.
    """
    joined = weaker.copy()
    joined.origins.update({at: origin for at, origin in stronger.origins.items() if len(at) == 0})
    _join(joined, stronger, stronger.values, ())
    return joined


def _join(joined: Tree, stronger: Tree, values: Mapping[str, Any], at: Path) -> None:
    for key, value in values.items():
        path = (*at, key)
        old = _value_at(joined.values, path)
        if isinstance(value, dict) and isinstance(old, dict) and not _is_another_kind(path, old, value):
            joined.origins[path] = stronger.origins[path]
            _join(joined, stronger, value, path)
            continue
        joined.put(path, _copied(value), stronger.origins[path])
        below = {p: origin for p, origin in stronger.origins.items() if p[: len(path)] == path}
        joined.origins.update(below)


def _is_another_kind(path: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    is_model = len(path) == 2 and path[0] == "models"  # noqa: PLR2004 - ("models", role)
    if not is_model and path != ("source",):
        return False
    default = "openai" if is_model else None
    return "kind" in new and new["kind"] != old.get("kind", default)


def _value_at(values: Any, path: Path) -> Any:
    for key in path:
        values = values.get(key) if isinstance(values, dict) else None
    return values


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(part) for key, part in value.items()}
    return [_copied(part) for part in value] if isinstance(value, list) else value
