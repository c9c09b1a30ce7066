"""``tanemaki new recipe``: a recipe of one's own, from one that works."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tanemaki.cli.output import write, write_json
from tanemaki.cli.starting import command as shell_command
from tanemaki.core.errors import SetupError

if TYPE_CHECKING:
    from tanemaki.recipes.golden import Golden

_COPIED = (".py", ".md", ".tsv", ".jsonl")
_TRIES = 500
"""Ids that are tried for a golden row, until one draws what the row's replies fit."""

_TEST = '''"""The golden rows of {name} end as they say. Run it with: pytest {folder}"""

from pathlib import Path

from tanemaki.recipes import catalogue
from tanemaki.run.rehearse import check_golden

FOLDER = Path(__file__).parent


def test_the_prompts_and_steps_fit_together() -> None:
    texts = catalogue.texts_of(catalogue.find(str(FOLDER)))
    assert texts
    for language in texts:
        catalogue.load(str(FOLDER), language).recipe.check(texts)


def test_every_golden_row_ends_as_it_says() -> None:
    assert check_golden(FOLDER) == []
'''

_HELP = """\
Make the folder of a recipe of your own: steps, prompts, golden rows and a test that passes, copied from a recipe that works.

Edit it file by file, and keep the test passing. A run file names it by its path.

\b
Example:
  tanemaki new recipe travel_talk --from persona_dialogue --into recipes
"""


@click.group("new", help="Make something of your own.")
def command() -> None:
    """Hold what can be made."""


@command.command("recipe", help=_HELP)
@click.argument("name")
@click.option(
    "--from", "origin", default="persona_dialogue", show_default=True, help="The recipe to start from."
)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The folder to put it in.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def recipe(name: str, *, origin: str, into: Path, as_json: bool) -> int:
    """Copy a recipe's folder under another name."""
    from tanemaki.recipes import catalogue

    if not name.isidentifier() or not name.islower():
        raise SetupError(
            "a recipe's name is made of small letters, digits and _",
            got=repr(name),
            next="for example: travel_talk",
        )
    found = catalogue.find(origin, Path())
    folder = into / name
    if folder.exists():
        raise SetupError(
            "there is something of that name already", where=str(folder), next="choose another name"
        )
    shown = str(folder) if "/" in str(folder) else f"./{folder}"
    named = name if _is_packaged(into) else shown
    with ExitStack() as undone:
        undone.callback(shutil.rmtree, folder, ignore_errors=True)
        files = _copy(found.path, folder)
        _rename(folder / "README.md", found.name, name, named)
        n_left_out = _adapt_golden(folder)
        undone.pop_all()
    if as_json:
        told = {"folder": str(folder), "files": [str(path) for path in files]}
        write_json({**told, "golden_rows_left_out": n_left_out})
        return 0
    write(f"{folder}: a copy of {found.name} that runs")
    for path in files:
        write(f"  {path.relative_to(folder)}")
    if n_left_out:
        rows = "1 golden row was" if n_left_out == 1 else f"{n_left_out} golden rows were"
        write(f"{rows} left out: under the new name other things are drawn, which the replies do not fit")
    write(f"Test it:    pytest {folder}")
    write(f"Look at it: {shell_command('recipes', shown)}")
    write(f"Run it:     recipe: {named} in a run file")
    return 0


def _is_packaged(into: Path) -> bool:
    """Whether this is the folder of the recipes that are found by their names."""
    return into.resolve().parts[-2:] == ("tanemaki", "recipes")


def _copy(origin: Path, folder: Path) -> list[Path]:
    """Copy a recipe's files; outside the package also the prompts and tables that it shares with others, to be edited."""
    from tanemaki.recipes.texts import shared_files

    found = {path: path.relative_to(origin) for path in sorted(origin.rglob("*")) if _is_copied(path)}
    if _is_packaged(folder.parent):
        found |= {path: path.relative_to(origin) for path in sorted(origin.glob("*/shared.txt"))}
    else:
        found |= shared_files(origin)
    test = folder / f"test_{folder.name}.py"
    try:
        for path, place in found.items():
            target = folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
        test.write_text(_TEST.format(name=folder.name, folder=folder), encoding="utf-8")
    except OSError as error:
        raise SetupError("the folder cannot be written", where=str(folder), got=str(error)) from error
    return [*(folder / place for place in sorted(found.values())), test]


def _is_copied(path: Path) -> bool:
    return path.suffix in _COPIED and path.is_file() and not path.name.startswith("test_")


def _rename(readme: Path, old_name: str, name: str, shown: str) -> None:
    """Give the copy's README its name, and its run file the path; a name such as ``tag`` is also a plain word in it."""
    if not readme.is_file():
        return
    text = readme.read_text(encoding="utf-8")
    text = re.sub(rf"(?m)^recipe: {old_name}$", f"recipe: {shown}", text)
    text = re.sub(rf"(?m)(^# |`|runs/){old_name}(?!\w)", rf"\g<1>{name}", text)
    readme.write_text(text, encoding="utf-8")


def _adapt_golden(folder: Path) -> int:
    """Write the golden rows anew: a recipe of another name draws otherwise.

    Each keeps its replies and its way to end; its id becomes one under which they still fit, its expected fields what then
    comes out. A row for which there is none is left out rather than left wrong; how many were is returned.
    """
    from tanemaki.recipes.golden import golden

    path = folder / "golden.jsonl"
    rows = golden(folder)
    if not rows:
        return 0
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    kept = []
    for row, line in zip(rows, lines, strict=True):
        adapted = _adapted(folder, row, json.loads(line))
        if adapted is not None:
            kept.append(json.dumps(adapted, ensure_ascii=False))
    path.write_text("".join(line + "\n" for line in kept), encoding="utf-8")
    return len(lines) - len(kept)


def _adapted(folder: Path, row: Golden, stored: dict[str, Any]) -> dict[str, Any] | None:
    from dataclasses import replace

    from tanemaki.recipes import catalogue
    from tanemaki.run.rehearse import ends_alike, rehearse_golden

    loaded = catalogue.load(str(folder), row.language, row.options)
    for number in range(_TRIES):
        names = [one.id if number == 0 else f"{one.id}-{number}" for one in row.records]
        records = tuple(
            replace(one, id=name, parents=(name,)) for one, name in zip(row.records, names, strict=True)
        )
        done = rehearse_golden(loaded.recipe, loaded.texts, replace(row, records=records))
        if not ends_alike(row, done):
            continue
        for one, name in zip(stored.get("rows", [stored]), names, strict=True):
            one["id"] = name
        for end, ended in zip(stored.get("ends", [stored]), done.rows, strict=True):
            if "expected" in end:
                end["expected"] = dict(ended.record.fields)
        return stored
    return None
