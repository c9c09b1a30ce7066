"""``tanemaki export``: the files of a run as it stands, or in a form that a trainer wants."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from tanemaki.cli.columns import table
from tanemaki.cli.output import write, write_json
from tanemaki.core.errors import DataError, SetupError

if TYPE_CHECKING:
    from tanemaki.datasets.jsonl import JsonlFile
    from tanemaki.engine.reading import EndedRow

_HELP = """\
Write the dataset, the rejected and failed rows and the card of the run in the folder RUN, finished or not. Nothing is asked.

With --format the accepted rows are written as one JSON-lines file instead. `jsonl` keeps every column; the others are the
forms that trainers read, with nothing besides:

\b
  messages, prompt_completion   TRL's SFTTrainer, and nearly every other trainer; of a pair the chosen side
  preference                    pairs for TRL's DPOTrainer
  preference_implicit           pairs for TRL's RewardTrainer: each side holds the whole talk
  kto                           for TRL's KTOTrainer: each pair is two lines, with a label
  sharegpt, alpaca, qa, roles   older forms, conversations alone

Tools go along as JSON text where a form has a place for them. The file is RUN/FORMAT.jsonl, or --to; of a run with splits
there is one for each, RUN/FORMAT.test.jsonl and so on.
"""


@click.command("export", help=_HELP)
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--format", "form", help="jsonl, or one of the forms above: messages, preference, kto …")
@click.option(
    "--to", type=click.Path(path_type=Path, dir_okay=False), help="Where the file of --format goes."
)
@click.option("--replace", is_flag=True, help="Overwrite the file of --format.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(run: Path, *, form: str | None, to: Path | None, replace: bool, as_json: bool) -> int:
    """Write the files anew from the journal."""
    if form is None and (to is not None or replace):
        raise SetupError("--to and --replace belong to --format", next="add --format messages")
    if form is not None:
        _write_form(run, form, to or run / f"{form}.jsonl", replace=replace, as_json=as_json)
        return 0
    from tanemaki.run.look import export_folder

    done = export_folder(run)
    for note in done.notes:
        sys.stderr.write(f"note: {note}\n")
    if as_json:
        write_json({"accounting": done.accounting.to_json(), "files": [str(path) for path in done.paths]})
        return 0
    write(f"{done.accounting.accepted} accepted rows. {done.accounting.equation()}")
    write(table([(path,) for path in done.paths]))
    return 0


def _write_form(run: Path, form: str, path: Path, *, replace: bool, as_json: bool) -> None:
    from tanemaki.core.errors import nearest
    from tanemaki.datasets.formats import FORMS
    from tanemaki.datasets.jsonl import JsonlFile
    from tanemaki.run.look import columns_of, rows_by_split, status

    known = ("jsonl", *FORMS)
    if form not in known:
        near = nearest(form, known)
        raise SetupError(
            f"unknown format {form!r}",
            got=f"formats: {', '.join(known)}",
            next=f"did you mean {near!r}?" if near else None,
        )
    told = status(run).facts.get("language")
    language: Literal["ja", "en"] = "ja" if told == "ja" else "en"
    columns = ("id", *columns_of(run))
    found = rows_by_split(run)
    paths = {split: path.with_suffix(f".{split}{path.suffix}") if split else path for split in found}
    shape = None if form == "jsonl" else form
    n_lines = 0
    with ExitStack() as stack:
        files = {
            split: stack.enter_context(JsonlFile(columns, to, form=shape, language=language, replace=replace))
            for split, to in paths.items()
        }
        for split, read in found.items():
            _add_all(files[split], read(), form)
        for file in files.values():
            n_lines += file.finish()
    told_paths = [str(to) for to in paths.values()]
    if as_json:
        write_json({"rows": n_lines, "files": told_paths})
    else:
        write(f"{n_lines} rows in {', '.join(told_paths)}")


def _add_all(file: JsonlFile, found: Iterable[EndedRow], form: str) -> None:
    try:
        for row in found:
            file.add({"id": row.id, **row.fields})
    except DataError as error:
        raise SetupError(
            f"the rows do not fit the format {form!r}: {error.what}",
            where=error.where,
            got=error.got,
            next=error.next,
        ) from error
