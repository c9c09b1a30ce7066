"""Finds recipes and reads their folders: the package's own, those of installed packages, and any folder by its path.

A recipe is a folder with a ``recipe.py``; there is nothing to register. Finding reads names only; loading runs the one
``recipe.py`` that was asked for. A package outside tells of its recipes by entry points of the group
``tanemaki.recipes``, whose value names the module or package that lies in the recipe's folder.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

from tanemaki.core.errors import RecipeError, SetupError, nearest
from tanemaki.core.prompt import Texts
from tanemaki.core.recipe import Recipe
from tanemaki.core.seeding import hex_id
from tanemaki.recipes.options import check_options
from tanemaki.recipes.texts import read_overrides, read_texts

_OWN = Path(__file__).parent
_GROUP = "tanemaki.recipes"


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a recipe lies. Its name is the folder's, unless an entry point gave another."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Loaded:
    """A recipe with everything its folder says in the run's language."""

    recipe: Recipe
    texts: Texts
    folder: Path
    purpose: str
    """First line of the recipe's docstring."""
    docstring: str
    options: Mapping[str, Any]
    """Every option with its value, defaults included; empty for a recipe without options."""


def names() -> tuple[str, ...]:
    """Return the names of all recipes that are found without a path, in alphabetical order.

    >>> "persona_dialogue" in names()
    True
    """
    return tuple(sorted({*_own(), *_from_entry_points()}))


def find(name_or_path: str, base: Path | None = None) -> Folder:
    """Return the folder of a recipe, given by its name or by its path (relative to ``base``, else to where we are).

    The package's own names go first, then entry points, then paths. Raises ``SetupError`` with the nearest name.
    """
    own = _own()
    if name_or_path in own:
        return Folder(name_or_path, own[name_or_path])
    outside = _from_entry_points()
    if name_or_path in outside:
        return Folder(name_or_path, _folder_of(name_or_path, outside[name_or_path]))
    path = (base or Path()) / Path(name_or_path).expanduser()
    path = path.parent if path.name == "recipe.py" else path
    if (path / "recipe.py").is_file():
        return Folder(path.resolve().name, path.resolve())
    known = (*own, *outside)
    near = nearest(name_or_path, known)
    if path.is_dir():
        next_step = "write a recipe.py into it: `tanemaki new recipe NAME` makes a folder that runs"
    else:
        next_step = (
            f"did you mean {near!r}?"
            if near
            else f"one of {', '.join(sorted(known))}, or a recipe folder's path"
        )
    raise SetupError(
        f"unknown recipe {name_or_path!r}",
        where="recipe",
        got="a folder without recipe.py" if path.is_dir() else repr(name_or_path),
        next=next_step,
    )


def load(
    name_or_path: str,
    language: str,
    options: Mapping[str, Any] | None = None,
    overrides: Path | None = None,
    base: Path | None = None,
) -> Loaded:
    """Return a recipe with its texts in one language.

    ``options`` are the recipe's own, ``overrides`` is a folder ``<language>/<prompt>.md`` whose prompts take the place of
    the recipe's. Raises ``SetupError`` for what the user named wrongly, ``RecipeError`` for what the recipe's author must
    mend. The recipe is not yet checked against its texts: that is ``Recipe.check``.
    """
    folder = find(name_or_path, base)
    texts = _texts_in(folder, language)
    if overrides is not None:
        texts = replace(
            texts, prompts=read_overrides(texts, overrides, tuple(texts_of(folder)) or (language,))
        )
    module = _module(folder)
    recipe, settled = _recipe(folder, module, language, options or {})
    docstring = inspect.getdoc(module) or ""
    return Loaded(
        recipe=replace(recipe, name=folder.name),
        texts=texts,
        folder=folder.path,
        purpose=docstring.partition("\n")[0],
        docstring=docstring,
        options=MappingProxyType(settled),
    )


def texts_of(folder: Folder) -> Mapping[str, Texts]:
    """Return what the folder says in each of its languages: what ``Recipe.check`` looks at.

    >>> sorted(texts_of(find("persona_dialogue")))
    ['en', 'ja']
    """
    return read_texts(folder.path)


def _texts_in(folder: Folder, language: str) -> Texts:
    spoken = texts_of(folder)
    if not spoken:
        return Texts(language, {}, {})
    if language not in spoken:
        near = nearest(language, spoken)
        raise SetupError(
            f"recipe {folder.name!r} has no prompts in language {language!r}",
            where="language",
            got=f"its languages: {', '.join(spoken)}",
            next=f"did you mean {near!r}?"
            if near
            else f"write them into prompts/{language}/ of a copy of the recipe",
        )
    return spoken[language]


def _recipe(
    folder: Folder, module: ModuleType, language: str, options: Mapping[str, Any]
) -> tuple[Recipe, Mapping[str, Any]]:
    build = getattr(module, "build", None)
    settled: Mapping[str, Any] = {}
    if callable(build):
        settled = check_options(folder.name, build, options)
        recipe = build(language, **settled)
    else:
        if options:
            name = next(iter(options))
            raise SetupError(
                f"recipe {folder.name!r} has no options",
                where="options",
                got=repr(name),
                next="leave `options` out",
            )
        recipe = getattr(module, "RECIPE", None)
    if not isinstance(recipe, Recipe):
        raise RecipeError(
            f"recipe {folder.name!r} gives no Recipe",
            where=f"{folder.name}/recipe.py",
            got=f"build(…) gave {type(recipe).__name__}"
            if callable(build)
            else "neither RECIPE nor build in it",
            next="write RECIPE = Recipe(steps=(…)), or def build(language: str) -> Recipe",
        )
    return recipe, settled


def _module(folder: Folder) -> ModuleType:
    """Run the folder's recipe.py under a module name of its own."""
    inside = folder.path.parent == _OWN
    name = f"{_GROUP}.{folder.name}.recipe" if inside else f"tanemaki_recipe_{hex_id(str(folder.path))}"
    spec = importlib.util.spec_from_file_location(name, folder.path / "recipe.py")
    assert spec is not None  # noqa: S101 - the file ends in .py, so Python knows a loader
    assert spec.loader is not None  # noqa: S101 - the same
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up while they are made
    try:
        spec.loader.exec_module(module)
    except (SyntaxError, ImportError, NameError, AttributeError, TypeError, SystemExit) as error:
        del sys.modules[name]
        raise RecipeError(
            f"recipe {folder.name!r} cannot be read: {type(error).__name__}: {error}",
            where=f"{folder.name}/recipe.py{_line(error, folder.path / 'recipe.py')}",
            next="mend that line; `tanemaki recipes` shows a recipe that works",
        ) from error
    return module


def _line(error: BaseException, file: Path) -> str:
    if isinstance(error, SyntaxError) and error.filename == str(file):
        return f":{error.lineno}"
    trace, line = error.__traceback__, ""
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(file):
            line = f":{trace.tb_lineno}"
        trace = trace.tb_next
    return line


def _own() -> dict[str, Path]:
    return {path.parent.name: path.parent for path in sorted(_OWN.glob("*/recipe.py"))}


def _from_entry_points() -> dict[str, str]:
    from importlib.metadata import (
        entry_points,
    )  # reads every installed package's metadata: only when it is asked for

    return {point.name: point.module for point in entry_points(group=_GROUP)}


def _folder_of(name: str, module: str) -> Path:
    try:
        spec = importlib.util.find_spec(module)
    except ImportError:
        spec = None
    places = [] if spec is None else list(spec.submodule_search_locations or ())
    if spec is not None and not places and spec.origin:
        places = [str(Path(spec.origin).parent)]
    for place in places:
        if (Path(place) / "recipe.py").is_file():
            return Path(place).resolve()
    raise SetupError(
        f"recipe {name!r} was promised by an installed package, but there is no recipe.py",
        where=f"entry point {name!r} of the group {_GROUP}",
        got=repr(module),
        next="install that package again, or tell its author",
    )
