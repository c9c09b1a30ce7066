"""One YAML file, read with the line and column of every key and value.

YAML 1.2: ``yes`` and ``on`` are texts, a date is a text. Tags are refused, repeated keys are an error, ``<<: *name`` joins
mappings as usual.
"""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from tanemaki.config.tree import Origin, Path, Tree
from tanemaki.core.errors import SetupError, nearest, shorten

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

MOST_VALUES = 20_000
"""A run file with more is a mistake or an attack by repeated references."""

RUN_FILE = "run file"
_TEXT_TAGS = ("str", "timestamp", "value")


def read_yaml(path: FilePath, label: str, kind: str = RUN_FILE) -> Tree:
    """Return what a YAML file says. ``label`` is its name in messages, ``kind`` what sort of file it is.

    Raises ``SetupError`` for a missing or unreadable file, for what is not UTF-8, not YAML or not a mapping, and for a
    key that comes twice; each with line and column.
    """
    text = _decode(_read(path, label, kind), label, kind)
    node = _compose(text, label, kind)
    if node is None:
        first = "begin with recipe: NAME" if kind == RUN_FILE else None
        raise SetupError(f"the {kind} is empty", where=label, next=first)
    return _Reader(label, kind).read_document(node)


def _read(path: FilePath, label: str, kind: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        folder = path.parent if path.parent.is_dir() else None
        names = sorted(p.name for p in folder.iterdir()) if folder else []
        near = nearest(path.name, names)
        tip = f"did you mean {path.with_name(near)}?" if near else "check the path"
        raise SetupError(f"the {kind} does not exist", where=label, next=tip) from error
    except OSError as error:
        raise SetupError(f"the {kind} cannot be read", where=label, got=error.strerror) from error


def _decode(raw: bytes, label: str, kind: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SetupError(
            f"the {kind} is not UTF-8",
            where=f"{label}:{line}",
            got=f"byte 0x{raw[error.start]:02x}",
            next="save it as UTF-8",
        ) from error


def _compose(text: str, label: str, kind: str) -> Node | None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        node: Node | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{label}:{mark.line + 1}:{mark.column + 1}" if mark else label
        what = str(error.problem or error.context)
        tip = "indent with spaces, not with tabs" if "'\\t'" in what else f"compare with a {kind} that works"
        raise SetupError(f"the {kind} is not YAML: {what}", where=where, next=tip) from error
    except YAMLError as error:
        got = str(error).splitlines()[0]
        line = text.count("\n", 0, int(getattr(error, "position", 0))) + 1
        raise SetupError(
            f"the {kind} is not YAML", where=f"{label}:{line}", got=got, next="remove the character"
        ) from error
    except RecursionError as error:
        raise SetupError(
            f"the {kind} is nested too deeply", where=label, next=f"a {kind} has few levels"
        ) from error
    return node


class _Reader:
    """Turns composed nodes into plain values and remembers where each was."""

    def __init__(self, label: str, kind: str) -> None:
        self.label = label
        self.kind = kind
        self.origins: dict[Path, Origin] = {}
        self.open: list[Node] = []

    def read_document(self, node: Node) -> Tree:
        from ruamel.yaml.nodes import MappingNode

        if not isinstance(node, MappingNode):
            raise SetupError(
                f"the {self.kind} is not a mapping",
                where=self._where(node),
                got=shorten(self._value(node, ())),
                next="write one `key: value` a line, e.g. recipe: persona_dialogue",
            )
        self.origins[()] = Origin.named(self.label)
        return Tree(self._mapping(node, ()), self.origins)

    def _where(self, node: Node) -> str:
        return f"{self.label}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"

    def _value(self, node: Node, path: Path) -> Any:
        from ruamel.yaml.nodes import MappingNode, ScalarNode

        if any(node is above for above in self.open):
            raise SetupError("a reference holds itself", where=self._where(node), next="write the value out")
        if len(self.origins) > MOST_VALUES:
            raise SetupError(
                f"the {self.kind} has more than {MOST_VALUES:,} values",
                where=self._where(node),
                next="shorten it",
            )
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        if not str(node.tag).endswith((":map", ":seq")):
            raise self._tagged(node, str(node.tag))
        self.open.append(node)
        value = self._mapping(node, path) if isinstance(node, MappingNode) else self._list(node, path)
        self.open.pop()
        return value

    def _list(self, node: Node, path: Path) -> list[Any]:
        values = []
        for place, item in enumerate(node.value):
            self._remember((*path, place), item, item)
            values.append(self._value(item, (*path, place)))
        return values

    def _mapping(self, node: Node, path: Path) -> dict[str, Any]:
        from ruamel.yaml.nodes import ScalarNode

        own: dict[str, Any] = {}
        joined: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                raise SetupError("a key must be a text", where=self._where(key_node), next="write key: value")
            if str(key_node.tag).endswith(":merge"):
                joined |= self._merged(value_node, path)
                continue
            key = str(key_node.value)
            if key in own:
                raise SetupError(
                    f"the key {key!r} comes twice in one mapping",
                    where=self._where(key_node),
                    got=f"the first is at {self.origins[(*path, key)].at_key}",
                    next="keep one of them",
                )
            self._remember((*path, key), key_node, value_node)
            own[key] = self._value(value_node, (*path, key))
        return {**joined, **own}

    def _merged(self, node: Node, path: Path) -> dict[str, Any]:
        from ruamel.yaml.nodes import MappingNode

        if not isinstance(node, MappingNode):
            raise SetupError(
                "`<<` joins one mapping", where=self._where(node), next="write <<: *name of a mapping"
            )
        written = dict(self.origins)
        values: dict[str, Any] = self._value(node, path)
        self.origins |= written
        return values

    def _remember(self, path: Path, key: Node, value: Node) -> None:
        label = f"{self.label}:{key.start_mark.line + 1}"
        # An empty value's mark is that of the next token, which may be lines below.
        shown = value if value.value != "" or value.start_mark.line == key.start_mark.line else key
        self.origins[path] = Origin(label, self._where(key), self._where(shown))

    def _scalar(self, node: Node) -> Any:
        name = str(node.tag).removeprefix("tag:yaml.org,2002:")
        if name in _TEXT_TAGS:
            return str(node.value)
        try:
            return _PLAIN[name](str(node.value))
        except (KeyError, ValueError) as error:
            raise self._tagged(node, f"!{name} {node.value}") from error

    def _tagged(self, node: Node, got: str) -> SetupError:
        return SetupError(
            f"a {self.kind} holds plain values, no tags",
            where=self._where(node),
            got=shorten(got),
            next="remove the tag",
        )


def _to_bool(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()]


def _to_int(text: str) -> int:
    digits = text.replace("_", "").lower()
    bases = {"0x": 16, "0o": 8, "0b": 2}
    return int(digits, bases.get(digits.lstrip("+-")[:2], 10))


def _to_float(text: str) -> float:
    return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))


def _to_none(text: str) -> None:
    if text.lower() not in ("", "~", "null"):
        raise ValueError(text)


_PLAIN = {"bool": _to_bool, "int": _to_int, "float": _to_float, "null": _to_none}
