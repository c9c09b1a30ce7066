"""``grid:`` makes several runs of one file: a list of values per dotted key, every combination a run of its own."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tanemaki.config.complaints import keys_at, show_path
from tanemaki.config.flags import path_of_key
from tanemaki.config.tree import Origin, Path, Tree
from tanemaki.core.errors import SetupError, shorten
from tanemaki.core.seeding import hex_id

MOST_RUNS = 1_000
"""More runs than this from one file are a slip of the pen."""

_UNSAFE = re.compile(r"[^\w.+-]")


def expand(tree: Tree, flags: Tree) -> list[tuple[Tree, dict[str, Any]]]:
    """Return one tree per run, each with the grid's values that made it; one tree and no values without a grid.

    A flag on a key of the grid picks that value alone, so that one run of a grid can be repeated. The first key of the
    grid changes slowest. Raises ``SetupError`` for a key that the schema does not know, an empty or missing list, and
    more than ``MOST_RUNS`` runs.
    """
    axes = _axes(tree, flags)
    tree = tree.copy()
    tree.drop(("grid",))
    n_runs = 1
    for options in axes.values():
        n_runs *= len(options)
    if n_runs > MOST_RUNS:
        raise SetupError(f"the grid makes {n_runs:,} runs", next=f"at most {MOST_RUNS:,} of one file")
    runs = []
    for chosen in itertools.product(*axes.values()):
        run = tree.copy()
        for path, (value, origin) in zip(axes, chosen, strict=True):
            run.put(path, value, origin)
        runs.append((run, {show_path(path): value for path, (value, _) in zip(axes, chosen, strict=True)}))
    return runs


def suffix(values: Mapping[str, Any]) -> str:
    """Return what a grid's values add to the run's folder; the same values give the same name, whatever the other runs.

    >>> suffix({"seed": 7, "models.writer.sampling.temperature": 0.2})
    '-temperature=0.2-seed=7'
    >>> suffix({"models.writer.name": "a/b", "models.judge.name": "a_b"})
    '-models.judge.name=a_b-models.writer.name=a_b~36da7e'
    """
    lasts = [key.rsplit(".", 1)[-1] for key in values]
    parts = []
    for key in sorted(values):
        last = key.rsplit(".", 1)[-1]
        parts.append(f"-{last if lasts.count(last) == 1 else key}={_safe(values[key])}")
    return "".join(parts)


def _safe(value: Any) -> str:
    shown = str(value)
    safe = _UNSAFE.sub("_", shown)[:40]
    # What had to be changed gets a hash, so that two values never share a folder.
    return safe if safe == shown else f"{safe}~{hex_id('grid', repr(value), length=6)}"


def _axes(tree: Tree, flags: Tree) -> dict[Path, Sequence[tuple[Any, Origin]]]:
    grid = tree.values.get("grid")
    if grid is None:
        return {}
    if not isinstance(grid, dict):
        raise _bad_grid("`grid` must be a mapping of dotted keys to lists", tree, ("grid",), grid)
    axes: dict[Path, Sequence[tuple[Any, Origin]]] = {}
    for key, options in grid.items():
        at: Path = ("grid", key)
        path = path_of_key(key, tree.origins[at].at_key)
        if path in (("output",), ("recipe",)) or keys_at(path):
            raise _bad_grid(f"the grid cannot vary `{key}`", tree, at, options)
        if not isinstance(options, list) or not options:
            raise _bad_grid(f"`grid.{key}` must be a list of at least one value", tree, at, options)
        if path in flags.origins:
            axes[path] = [(tree_value(flags, path), flags.origins[path])]
            continue
        places = [tree.origins[*at, place] for place in range(len(options))]
        axes[path] = [
            (value, Origin(f"{place.label} (grid)", place.at_key, place.at_value))
            for value, place in zip(options, places, strict=True)
        ]
    return axes


def tree_value(tree: Tree, path: Path) -> Any:
    """Return the value that a tree holds at a path."""
    value: Any = tree.values
    for key in path:
        value = value[key]
    return value


def _bad_grid(what: str, tree: Tree, at: Path, got: Any) -> SetupError:
    origin = tree.nearest_origin(at)
    return SetupError(
        what,
        where=origin.at_key if origin else None,
        got=shorten(got),
        next="write e.g. grid: {seed: [1, 2, 3]}; every run gets its own folder, named after its values",
    )
