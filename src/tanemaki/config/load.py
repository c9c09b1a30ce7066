"""Reads a run: prices from files, default, base file, run file, argument, flag, each stronger than the one before it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tanemaki.config.complaints import show_path, to_setup_error
from tanemaki.config.flags import read_flags
from tanemaki.config.grid import expand, suffix
from tanemaki.config.paths import rebase
from tanemaki.config.prices import put_prices
from tanemaki.config.schema import RunFile
from tanemaki.config.tree import Origin, Tree, lay_over
from tanemaki.config.yaml_file import read_yaml
from tanemaki.core.errors import SetupError, shorten


@dataclass(frozen=True, slots=True)
class Loaded:
    """One run as it was asked for."""

    run: RunFile
    origins: Mapping[str, str]
    """Dotted key → where it was said; a key that is not in it has its default."""
    path: Path | None
    """The run file; None for a run without one."""
    base: Path
    """The folder from which relative paths of inputs (source, replies, prompts, recipe) are read."""
    grid: Mapping[str, Any] = field(default_factory=dict)
    """The grid's values that made this run; empty without a grid."""


def load(
    path: Path | None,
    flags: Sequence[tuple[str, str]] = (),
    values: Mapping[str, Any] | None = None,
) -> list[Loaded]:
    """Return the run of a file, or the runs if it has a ``grid``.

    ``flags`` are (name, value) pairs as :func:`tanemaki.config.flags.split_arguments` gives them; ``values`` come from
    Python, in the run file's form. Paths in a base file are relative to that file, paths in flags to the working folder.
    Raises ``SetupError`` with file, line and column for whatever does not fit.

    >>> [one] = load(
    ...     None,
    ...     [("rows", "5")],
    ...     {"recipe": "r", "language": "ja", "output": "o", "source": {"kind": "personas"}},
    ... )
    >>> one.run.rows, one.origins["rows"], one.origins["language"]
    (5, '--rows', 'argument')
    """
    base = path.parent if path else Path()
    tree = _read_chain(path, base, ()) if path else Tree()
    for weak in ("extends", "resolved"):
        tree.drop((weak,))
    tree = lay_over(tree, _from_python(values or {}))
    flag_tree = read_flags(flags)
    rebase(flag_tree, Path(), base)
    tree = lay_over(tree, flag_tree)
    return [_check(run, cell, path, base) for run, cell in expand(tree, flag_tree)]


def _read_chain(path: Path, base: Path, seen: tuple[Path, ...]) -> Tree:
    tree = read_yaml(path, str(path))
    real = path.resolve()
    origin = tree.origins.get(("extends",))
    weaker = tree.values.get("extends")
    if path.parent != base:
        rebase(tree, path.parent, base)
    if weaker is None:
        return tree
    where = origin.at_value if origin else str(path)
    if not isinstance(weaker, str):
        raise SetupError("`extends` must be the path of one file", where=where, got=shorten(weaker))
    target = path.parent / weaker
    if target.resolve() in (*seen, real):
        chain = " → ".join(file.name for file in (*seen, real, target))
        raise SetupError("base files extend each other in a circle", where=where, got=chain)
    if not target.exists():
        _missing_base(target, where)
    return lay_over(_read_chain(target, base, (*seen, real)), tree)


def _missing_base(target: Path, where: str) -> None:
    try:
        read_yaml(target, str(target))
    except SetupError as error:
        raise SetupError(
            "the base file does not exist", where=where, got=str(target), next=error.next
        ) from error


def _from_python(values: Mapping[str, Any]) -> Tree:
    tree = Tree(origins={})

    def plain(value: Any, at: tuple[str | int, ...]) -> Any:
        if at:
            tree.origins[at] = Origin.named("argument")
        if isinstance(value, Mapping):
            return {str(key): plain(part, (*at, str(key))) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [plain(part, (*at, place)) for place, part in enumerate(value)]
        return os.fspath(value) if isinstance(value, os.PathLike) else value

    tree.values = plain(values, ())
    return tree


def _check(tree: Tree, cell: dict[str, Any], path: Path | None, base: Path) -> Loaded:
    if cell and isinstance(tree.values.get("output"), str):
        tree.values["output"] = tree.values["output"].rstrip("/") + suffix(cell)
    tree = put_prices(tree, base)
    try:
        run = RunFile.model_validate(tree.values)
    except ValidationError as error:
        # The chain is cut: pydantic's own text would repeat the values, and one of them may be a pasted key.
        raise to_setup_error(error, tree) from None
    origins = {show_path(at): origin.label for at, origin in tree.origins.items() if at}
    return Loaded(run, origins, path, base, cell)
