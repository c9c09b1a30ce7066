"""The run file that a wish becomes: written once, whole and checked, and never over what its user has changed."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tanemaki.core.errors import SetupError

_HEAD = "# A wish: "
_TOLD = """\
# Planned by `tanemaki wish`. Read it and change what you like: lists, rules, rows, the model.
# `tanemaki run` with this file makes the data set; what is changed is paid again, and nothing else.
"""


def write_file(file: Path, wish: str, values: Mapping[str, Any]) -> None:
    """Write the run file of a wish. Relative paths in ``values`` are told from the working folder, in the file from its own.

    Nothing is written unless the file would run. Raises ``SetupError`` or ``RecipeError`` for what does not fit together.
    """
    write_checked(file, _HEAD + json.dumps(wish, ensure_ascii=False) + "\n" + _TOLD, values)


def write_checked(file: Path, head: str, values: Mapping[str, Any]) -> None:
    """Write a run file with lines of comment before it, whole or not at all; as :func:`write_file` does for a wish."""
    from tanemaki.config.load import load
    from tanemaki.config.paths import rebase
    from tanemaki.config.tree import Tree
    from tanemaki.run.order import order_from

    tree = Tree(json.loads(json.dumps(values)))
    rebase(tree, Path(), file.parent)
    text = head + _yaml(tree.values)
    part = file.with_name(f".{file.stem}.part.yaml")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SetupError(
            "the run file cannot be written", where=str(file), got=str(error), next="choose another --output"
        ) from error
    try:
        [loaded] = load(part)
        order_from(loaded.run, loaded.base)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def check_file(file: Path, wish: str, pairs: Sequence[tuple[str, str]]) -> None:
    """Raise ``SetupError`` if the file is another wish's, or if the flags say what it does not say."""
    from tanemaki.config.load import load

    first = file.read_text(encoding="utf-8").partition("\n")[0]
    if first != _HEAD + json.dumps(wish, ensure_ascii=False):
        raise SetupError(
            "the run file of another wish is there already",
            where=str(file),
            got=first[:200],
            next="choose another --output",
        )
    here = [one.run for one in load(file)]
    if [one.run for one in load(file, pairs)] != here:
        other = [name for name, text in pairs if [one.run for one in load(file, [(name, text)])] != here]
        raise SetupError(
            "the run file is there already, and the flags say something else",
            where=str(file),
            got=", ".join(f"--{name}" for name in other or dict(pairs)),
            next="change the file, or remove it: it is written anew from the same plan, which is not paid twice",
        )


def _yaml(values: Mapping[str, Any]) -> str:
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt", pure=True)
    yaml.width = 4096
    yaml.allow_unicode = True
    yaml.default_flow_style = False
    text = io.StringIO()
    yaml.dump(dict(values), text)
    return text.getvalue()
