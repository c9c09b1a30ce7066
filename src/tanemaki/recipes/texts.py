"""Reads the prompts and tables of a recipe's folder, and a user's own prompts over them.

The prompts of the judges are shared by many recipes and lie once, in ``tanemaki/judge/prompts``. A recipe that asks with
them as they stand names them in ``prompts/shared.txt``, one a line; they then count as its own, under the same names. A line
with a slash (``evol_instruct/deepen``) names a prompt of another recipe of the package, in ``data/shared.txt`` a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import tanemaki.judge
from tanemaki.core.errors import RecipeError, SetupError, nearest, shorten
from tanemaki.core.prompt import Prompt, Row, Texts

_SHARED = Path(tanemaki.judge.__file__).parent / "prompts"
_RECIPES = Path(__file__).parent
_SHARED_LIST = "shared.txt"


def read_texts(folder: Path) -> Mapping[str, Texts]:
    """Return what the folder says, by language: ``prompts/<language>/*.md`` and ``data/<language>/*.tsv``.

    Raises ``RecipeError`` for what is not in its form, and for a shared prompt that is not there or has its double
    in the folder.
    """
    shared = _shared_names(folder, "prompts")
    tables = _shared_names(folder, "data")
    languages = {
        path.name
        for place in (folder / "prompts", folder / "data", *([_SHARED] if shared or tables else []))
        for path in place.glob("*")
        if _counts(path) and path.is_dir()
    }
    return {
        language: Texts(
            language,
            _prompts(folder, language, shared),
            _tables(folder, language, tables),
        )
        for language in sorted(languages)
    }


def shared_files(folder: Path) -> dict[Path, Path]:
    """Return the files that the folder shares with others: where each lies → where it would lie in the folder itself.

    Raises ``RecipeError`` as :func:`read_texts` does.
    """
    found: dict[Path, Path] = {}
    for part, ending in (("prompts", "md"), ("data", "tsv")):
        lines = _shared_names(folder, part)
        for language in sorted(read_texts(folder)) if lines else ():
            own = {path.stem: path for path in _files(folder / part / language, ending)}
            for line in lines:
                path, _ = _shared_file(folder, line, part, language, own)
                found[path] = Path(part, language, path.name)
    return found


def read_overrides(texts: Texts, overrides: Path, languages: tuple[str, ...]) -> Mapping[str, Prompt]:
    """Return the recipe's prompts with those of ``<overrides>/<language>/<name>.md`` in their place.

    Raises ``SetupError`` for a file that stands for no prompt of the recipe: it would change nothing.
    """
    if not overrides.is_dir():
        raise SetupError("there is no folder of prompts", where="prompts", got=repr(overrides.name))
    for path in sorted(overrides.iterdir()):
        if _counts(path) and (path.suffix == ".md" or (path.is_dir() and path.name not in languages)):
            near = nearest(path.name, languages)
            raise SetupError(
                f"{path.name} in the folder of prompts is no language of the recipe",
                where="prompts",
                got=f"languages: {', '.join(languages)}",
                next=f"did you mean {near!r}?"
                if near
                else f"put prompts into {overrides.name}/{texts.language}/",
            )
    prompts = dict(texts.prompts)
    for path in _files(overrides / texts.language, "md"):
        if path.stem not in prompts:
            near = nearest(path.stem, prompts)
            raise SetupError(
                f"{path.name} stands for no prompt of the recipe",
                where=f"prompts: {overrides.name}/{texts.language}/{path.name}",
                got=f"the recipe's prompts: {', '.join(sorted(prompts)) or 'none'}",
                next=f"did you mean {near}.md?" if near else "rename or remove it",
            )
        prompts[path.stem] = _prompt(path, texts.language, overrides)
    return prompts


def _prompts(folder: Path, language: str, shared: tuple[str, ...]) -> dict[str, Prompt]:
    own = {path.stem: path for path in _files(folder / "prompts" / language, "md")}
    found = {name: _prompt(path, language, folder) for name, path in own.items()}
    for line in shared:
        path, root = _shared_file(folder, line, "prompts", language, own)
        found[path.stem] = _prompt(path, language, root)
    return found


def _tables(folder: Path, language: str, shared: tuple[str, ...]) -> dict[str, tuple[Row, ...]]:
    own = {path.stem: path for path in _files(folder / "data" / language, "tsv")}
    found = {name: _table(path, folder) for name, path in own.items()}
    for line in shared:
        path, root = _shared_file(folder, line, "data", language, own)
        found[path.stem] = _table(path, root)
    return found


def _shared_file(
    folder: Path, line: str, part: str, language: str, own: Mapping[str, Path]
) -> tuple[Path, Path]:
    """Return the file that a line of ``shared.txt`` names, and the folder from which messages show it.

    Raises ``RecipeError`` for a file that is not there, and for one that has its double in the folder.
    """
    recipe, _, name = line.rpartition("/")
    root = _RECIPES / recipe if recipe else _SHARED.parent
    there = {path.stem: path for path in _files(root / part / language, "md" if part == "prompts" else "tsv")}
    if name in there and name not in own:
        return there[name], root
    what = "prompt" if part == "prompts" else "table"
    of = f"of {recipe}" if recipe else "of the judges"
    near = nearest(name, there)
    raise RecipeError(
        f"{name!r} is {f'a {what} of the folder already' if name in own else f'no shared {what}'}",
        where=f"{folder.name}/{part}/{_SHARED_LIST}",
        got=f"shared {what}s {of}: {', '.join(sorted(there)) or 'none'}",
        next="take the line out, or remove the folder's own"
        if name in own
        else (f"did you mean {near!r}?" if near else f"write {part}/{language}/ of your own"),
    )


def _shared_names(folder: Path, part: str) -> tuple[str, ...]:
    """Return the lines of ``shared.txt``; empty lines and lines with # say nothing."""
    path = folder / part / _SHARED_LIST
    lines = _read(path, folder).splitlines() if path.is_file() else []
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _prompt(path: Path, language: str, root: Path) -> Prompt:
    return Prompt.parse(path.stem, language, _read(path, root), _shown(path, root))


def _table(path: Path, root: Path) -> tuple[Row, ...]:
    """Rows of a TSV file: lines with # are comments, the first other line is the header."""
    header: list[str] | None = None
    rows: list[Row] = []
    for number, line in enumerate(_read(path, root).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if header is None:
            header = cells
            continue
        if len(cells) != len(header):
            raise RecipeError(
                f"a row has {len(cells)} cells where the header has {len(header)}",
                where=f"{_shown(path, root)}:{number}",
                got=shorten(line),
                next="cells are separated by one tab; the columns are " + ", ".join(header),
            )
        row = dict(zip(header, cells, strict=True))
        if "weight" in row and not _is_weight(row["weight"]):
            raise RecipeError(
                "a weight is no number of 0 or more",
                where=f"{_shown(path, root)}:{number}",
                got=repr(row["weight"]),
                next="1 is as likely as most, 2 twice as likely",
            )
        rows.append(row)
    return tuple(rows)


def _is_weight(cell: str) -> bool:
    try:
        return 0 <= float(cell) < float("inf")
    except ValueError:
        return False


def _read(path: Path, root: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecipeError(
            "the file is not UTF-8",
            where=_shown(path, root),
            got=f"byte {error.object[error.start]:#04x} at place {error.start}",
            next="save it as UTF-8",
        ) from error


def _files(folder: Path, ending: str) -> list[Path]:
    return sorted(path for path in folder.glob(f"*.{ending}") if _counts(path))


def _counts(path: Path) -> bool:
    return not path.name.startswith((".", "_"))


def _shown(path: Path, root: Path) -> str:
    """The path as messages show it: from the recipe's own folder on."""
    return f"{root.name}/{path.relative_to(root).as_posix()}"
