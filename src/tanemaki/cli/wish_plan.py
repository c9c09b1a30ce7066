"""The plan of a wish: asked for once, kept in a run's folder of its own, and read from there afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tanemaki.cli.starting import command as shell_command
from tanemaki.cli.starting import start_here
from tanemaki.core.errors import ModelError, SetupError, TanemakiError, nearest
from tanemaki.core.prompt import Row

RECIPE = "wish_plan"
MOST_CHARS = 2_000  # a wish is a sentence or a few; what is longer is a document
ROWS = 100
"""Rows of a wish that names no number."""
_FROM_NOTHING = ("count", "personas")


class Stopped(Exception):
    """The plan was interrupted; what was paid for is kept."""


def check_wish(wish: str, language: str | None) -> str:
    """Return the language of a wish, or the one that was asked for. Raises ``SetupError`` for what is no wish."""
    from tanemaki.text.language import guess_language

    if not wish:
        raise SetupError(
            "the wish is empty",
            next='say in a sentence what data you want, e.g. tanemaki wish "200 mails to a bicycle shop with labels"',
        )
    if len(wish) > MOST_CHARS:
        raise SetupError(
            f"a wish has at most {MOST_CHARS:,} characters",
            got=f"{len(wish):,} characters",
            next="say what you want in a few sentences, and give texts as --source.kind documents --source.path FOLDER",
        )
    guess = guess_language(wish).language
    if guess == "other" and language is None:
        raise SetupError(
            "a wish is read in Japanese or in English",
            got=repr(wish[:200]),
            next="say it in one of the two; or give --language ja or --language en, the language of the data",
        )
    return guess if guess in ("ja", "en") else language or "en"


def choices_for(language: str, recipe: str | None, source: str | None) -> dict[str, Row]:
    """Return the recipes that a wish may become, with their rows of the table. Raises ``SetupError`` if there are none."""
    from tanemaki.recipes import catalogue

    rows = catalogue.texts_of(catalogue.find(RECIPE))[language].tables["recipes"]
    fits = (source,) if source else _FROM_NOTHING
    found = {row["recipe"]: row for row in rows if row["source"] in fits}
    if not found:
        kinds = sorted({row["source"] for row in rows})
        raise SetupError(
            f"no recipe that a wish may become reads the source {source!r}",
            where="--source.kind",
            got=f"kinds: {', '.join(kinds)}",
            next="write a run file for that source: see `tanemaki recipes`",
        )
    if recipe is not None and recipe not in found:
        near = nearest(recipe, found)
        raise SetupError(
            f"a wish does not become the recipe {recipe!r} here",
            where="--recipe",
            got=f"recipes: {', '.join(found)}",
            next=f"did you mean {near!r}?"
            if near
            else "leave it out, or write a run file: see `tanemaki recipes`",
        )
    return found if recipe is None else {recipe: found[recipe]}


def ask_plan(
    wish: str, folder: Path, said: Mapping[str, Any], spoken: str, recipes: Sequence[str], again: str
) -> dict[str, Any]:
    """Return the plan of a wish; one that was made before is taken from its folder.

    ``said`` are the flags as values, ``spoken`` is the language of the prompt. Raises ``ModelError`` where the model made no
    plan that holds, and :class:`Stopped` after Ctrl-C.
    """
    from tanemaki.run import look
    from tanemaki.run.session import Run

    languages = [said["language"]] if "language" in said else ["ja", "en"]
    before = (folder / "journal.sqlite").exists() and look.status(folder).accounting.failed > 0
    try:
        run = Run(
            recipe=RECIPE,
            language=spoken,
            source=[{"wish": wish}],
            models={"planner": planner_of(said)},
            options={"recipes": list(recipes), "languages": languages},
            limits={**said.get("limits", {}), "failed_share": None, "accepted_share": None},
            output=str(folder),
        )
        report = start_here(run.order, again=again, retry=before)
    except TanemakiError as error:
        _tell_by_flag(error, said)
        raise
    if report.state == "stopped":
        raise Stopped
    for row in run.rows():
        return {name: value for name, value in row.items() if name not in ("id", "wish")}
    raise _no_plan(run.failed(), folder)


def check_rows(wish: str, rows: int | None, said: Mapping[str, Any]) -> None:
    """Raise ``ModelError`` where a plan wants a number of rows that neither the wish nor a flag names."""
    from tanemaki.recipes.planning import names_other_rows

    if "rows" not in said and names_other_rows(wish, rows):
        raise ModelError(
            "the plan wants another number of rows than the wish, so nothing was written",
            fault="wrong_schema",
            where="rows",
            got=f"{rows}; the wish: {wish[:150]!r}",
            next="say it with --rows N, and read the plan first (--plan-only): more may have been misread",
        )


def planner_of(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the settings of the model that plans: the planner's, else the writer's without its sampling."""
    models = said.get("models", {})
    if "planner" in models:
        found: Mapping[str, Any] = models["planner"]
        return found
    return {key: value for key, value in models["writer"].items() if key != "sampling"}


def _tell_by_flag(error: TanemakiError, said: Mapping[str, Any]) -> None:
    """Let an error name the keys that were given as flags: where no planner is among them, the writer plans."""
    if error.where == "argument":
        error.where = "flags"
    if "planner" in said.get("models", {}):
        return
    error.where, error.got, error.next = (
        line and line.replace("models.planner", "models.writer")
        for line in (error.where, error.got, error.next)
    )


def _no_plan(failed: Any, folder: Path) -> TanemakiError:
    row = next(iter(failed), None)
    said = "the run of the plan ended without one" if row is None else f"{row.reason}: {row.note}"
    larger = "--models.planner.endpoint URL --models.planner.name NAME"
    better = f"; a larger model plans better: {larger}" if row is None or row.reason == "wrong_schema" else ""
    return ModelError(
        "the model made no plan that holds, so nothing was written",
        fault="wrong_schema",
        where=str(folder),
        got=said,
        next=f"the same command asks once more{better}; what it said: {shell_command('view', folder, '--id', '1')}",
    )
