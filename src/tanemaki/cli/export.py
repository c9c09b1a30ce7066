"""``tanemaki export``: the files of a run as it stands, or in a form that a trainer wants."""

from __future__ import annotations

from pathlib import Path

import click

from tanemaki.cli.columns import table
from tanemaki.cli.output import write, write_json
from tanemaki.core.errors import DataError, SetupError

_HELP = """\
Write the dataset, the rejected and failed rows and the card of the run in the folder RUN, finished or not. Nothing is asked.

With --format the accepted rows are written as one JSON-lines file instead: `jsonl` keeps every column; messages, sharegpt,
alpaca, qa, prompt_completion, roles and preference are the forms that trainers read. The file is RUN/FORMAT.jsonl, or --to.
"""


@click.command("export", help=_HELP)
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.option(
    "--format", "form", help="jsonl, messages, sharegpt, alpaca, qa, prompt_completion, roles or preference."
)
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
    if as_json:
        write_json({"accounting": done.accounting.to_json(), "files": [str(path) for path in done.paths]})
        return 0
    write(f"{done.accounting.accepted} accepted rows. {done.accounting.equation()}")
    write(table([(path,) for path in done.paths]))
    return 0


def _write_form(run: Path, form: str, path: Path, *, replace: bool, as_json: bool) -> None:
    from tanemaki.core.errors import nearest
    from tanemaki.datasets.formats import FORMS
    from tanemaki.datasets.jsonl import write_jsonl
    from tanemaki.run.look import columns_of, rows, status

    known = ("jsonl", *FORMS)
    if form not in known:
        near = nearest(form, known)
        raise SetupError(
            f"unknown format {form!r}",
            got=f"formats: {', '.join(known)}",
            next=f"did you mean {near!r}?" if near else None,
        )
    language = status(run).facts.get("language")
    found = ({"id": row.id, **row.fields} for row in rows(run, "accepted"))
    columns = ("id", *columns_of(run))
    try:
        n_rows = write_jsonl(
            found,
            columns,
            path,
            form=None if form == "jsonl" else form,
            language="ja" if language == "ja" else "en",
            replace=replace,
        )
    except DataError as error:
        raise SetupError(
            f"the rows do not fit the format {form!r}: {error.what}",
            where=error.where,
            got=error.got,
            next=error.next,
        ) from error
    write_json({"rows": n_rows, "files": [str(path)]}) if as_json else write(f"{n_rows} rows in {path}")
