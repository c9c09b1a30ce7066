"""Relative paths of a run's inputs: each is relative to the file that says it, until it is told from another folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tanemaki.config.tree import Tree


def rebase(tree: Tree, old: Path, new: Path) -> None:
    """Rewrite the relative input paths in ``tree``, said from the folder ``old``, as said from ``new``.

    Inputs are the source's path, files of replies, models and prices, the folder of prompts, a recipe named by its path, and
    options of the recipe that name a file.
    ``output`` is left alone: it is relative to the working folder, wherever the file that names it lies.
    """
    if old.resolve() == new.resolve():
        return
    values = tree.values
    _rewrite(values, "prompts", old, new)
    _rewrite(values, "prices", old, new)
    _rewrite(values.get("source"), "path", old, new)
    models = values.get("models")
    for model in models.values() if isinstance(models, dict) else ():
        _rewrite(model, "file", old, new)
    if is_path(values.get("recipe")):
        _rewrite(values, "recipe", old, new)
    options = values.get("options")
    for name, value in [*options.items()] if isinstance(options, dict) else ():
        if _names_file(value, old):
            _rewrite(options, name, old, new)


def located(options: Mapping[str, Any], base: Path) -> dict[str, Any]:
    """Return a recipe's options, those that name a file seen from ``base`` with its path from here; all others as they are.

    What an option means is the recipe's business, so a text counts as a file's name if the file is there, and if it is
    written like one: with an ending or a folder.

    >>> located({"codebook": "no_such_file.tsv", "runs": 2}, Path("settings"))
    {'codebook': 'no_such_file.tsv', 'runs': 2}
    """
    return {name: str(base / value) if _names_file(value, base) else value for name, value in options.items()}


def _names_file(value: Any, base: Path) -> bool:
    if not isinstance(value, str) or not (Path(value).suffix or "/" in value or os.sep in value):
        return False
    return not Path(value).is_absolute() and os.path.isfile(base / value)  # noqa: PTH113 - Path.is_file raises for a long text


def is_path(recipe: object) -> bool:
    """Return whether a recipe is named by its folder's path rather than by its name.

    >>> is_path("persona_dialogue"), is_path("./persona_dialogue")
    (False, True)
    """
    return isinstance(recipe, str) and ("/" in recipe or os.sep in recipe)


def _rewrite(part: Any, key: str, old: Path, new: Path) -> None:
    said = part.get(key) if isinstance(part, dict) else None
    if not isinstance(said, str) or not said or said.startswith("~") or Path(said).is_absolute():
        return
    part[key] = os.path.relpath(old.resolve() / said, new.resolve())
