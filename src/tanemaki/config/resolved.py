"""A run as it was resolved: every value with its origin, and the text of the run folder's ``run.yaml``."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from tanemaki.config.complaints import to_setup_error
from tanemaki.config.load import Loaded
from tanemaki.config.paths import rebase
from tanemaki.config.schema import RunFile, Strict
from tanemaki.config.tree import Tree
from tanemaki.config.yaml_file import read_yaml
from tanemaki.core.errors import SetupError, shorten


@dataclass(frozen=True, slots=True)
class Explained:
    """One value of a run and where it came from."""

    key: str
    """Dotted, as a flag names it."""
    value: Any
    origin: str
    """``default``, ``base.yaml:3``, ``run.yaml:7``, ``argument`` or ``--rows``."""


def explain(loaded: Loaded) -> list[Explained]:
    """Return every value of a run with its origin, in the schema's order.

    >>> from tanemaki.config.load import load
    >>> [one] = load(
    ...     None,
    ...     [("seed", "7")],
    ...     {"recipe": "r", "language": "ja", "output": "o", "source": {"kind": "personas"}},
    ... )
    >>> [(row.key, row.value, row.origin) for row in explain(one)][2:5]
    [('rows', None, 'default'), ('limit', None, 'default'), ('seed', 7, '--seed')]
    """
    return [Explained(key, value, _origin_of(key, loaded.origins)) for key, value in _leaves(loaded.run, "")]


def _leaves(part: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    pairs = _own(part) if isinstance(part, BaseModel) else part
    for name, value in pairs.items():
        key = f"{prefix}{name}"
        if isinstance(value, BaseModel) or (isinstance(value, Mapping) and value):
            yield from _leaves(value, f"{key}.")
        elif isinstance(value, list) and value and all(isinstance(one, BaseModel) for one in value):
            for place, one in enumerate(value):
                yield from _leaves(one, f"{key}[{place}].")
        else:
            yield key, value


def _origin_of(key: str, origins: Mapping[str, str]) -> str:
    return origins.get(key, "default")


def dump(run: RunFile, extra: Mapping[str, Any]) -> str:
    """Return the text of ``run.yaml``: the same run and extra give the same bytes.

    ``extra`` (hashes of prompts, versions) stands under ``resolved``. The text is a run file again: ``load`` passes over
    that key. It holds no secret, because a run file only ever names the variables that hold one.
    Raises ``SetupError`` if ``extra`` holds anything but plain values.

    >>> run = RunFile.model_validate(
    ...     {"recipe": "r", "language": "ja", "output": "o", "source": {"kind": "personas"}}
    ... )
    >>> dump(run, {"tanemaki": "0.1.0"}).splitlines()[1:3]
    ['recipe: r', 'language: ja']
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.representer import RepresenterError

    yaml = YAML(typ="rt", pure=True)
    yaml.width = 4096
    yaml.allow_unicode = True
    yaml.default_flow_style = False
    text = io.StringIO()
    try:
        yaml.dump({**_set_values(run), "resolved": _plain(extra)}, text)
    except RepresenterError as error:
        raise SetupError("run.yaml holds plain values only", got=shorten(extra)) from error
    return "# Written by Tanemaki: this run with every value resolved.\n" + text.getvalue()


def rebased(run: RunFile, old: Path, new: Path) -> RunFile:
    """Return the run with the relative paths of its inputs told from the folder ``new`` instead of ``old``.

    So a ``run.yaml`` in the run's folder finds them again.

    >>> run = RunFile.model_validate(
    ...     {
    ...         "recipe": "r",
    ...         "language": "ja",
    ...         "output": "o",
    ...         "source": {"kind": "jsonl", "path": "seeds.jsonl"},
    ...     }
    ... )
    >>> rebased(run, Path(), Path("runs/x")).source.path
    '../../seeds.jsonl'
    """
    tree = Tree(run.model_dump())
    rebase(tree, old, new)
    return RunFile.model_validate(tree.values)


def read_resolved(path: Path) -> tuple[RunFile, dict[str, Any]]:
    """Return the run and the ``extra`` that :func:`dump` wrote into a file. Raises ``SetupError`` as ``load`` does."""
    tree = read_yaml(path, str(path))
    extra = tree.values.pop("resolved", {})
    try:
        return RunFile.model_validate(tree.values), extra
    except ValidationError as error:
        raise to_setup_error(error, tree) from None


def _set_values(part: BaseModel) -> dict[str, Any]:
    """Every value except what is None by default: a None over another default (no limit) is kept."""
    shown: dict[str, Any] = {}
    for name, value in _own(part).items():
        info = type(part).model_fields[name]
        is_unset = (
            value is None and not info.is_required() and info.get_default(call_default_factory=True) is None
        )
        if not is_unset:
            shown[name] = _plain(value)
    return shown


def _own(part: BaseModel) -> dict[str, Any]:
    """The values of a part without the keys that mean nothing for its kind."""
    foreign = part.foreign_keys() if isinstance(part, Strict) else frozenset[str]()
    return {name: value for name, value in part if name not in foreign}


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _set_values(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value
