"""``tanemaki import-replies``: replies that were carried by hand go into the journal of their run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tanemaki.cli.columns import table
from tanemaki.cli.output import write, write_json

if TYPE_CHECKING:
    from tanemaki.run.air_gap import Imported

_HELP = """\
Read the replies in FILE into the journal of the run in the folder RUN: the file that `vllm run-batch` or a batch service
made of the requests of `tanemaki export-requests`. Every reply is checked and kept; then export the next requests.

A line that was read before is passed over, so that a file may be read again, or while it still grows.
"""
_SAID = {
    "taken": "replies taken in",
    "again": "requests failed or were not worked on: the next export holds them again",
    "failed": "requests failed for good: their rows will",
    "twice": "lines are of requests that had ended before",
    "foreign": "lines answer what another run asked",
    "unknown": "lines have no custom_id of Tanemaki's",
    "broken": "lines are no JSON objects",
}


@click.command("import-replies", help=_HELP)
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def command(run: Path, file: Path, *, as_json: bool) -> int:
    """Take the replies in, and say what became of every line."""
    from tanemaki.run.air_gap import import_replies

    done = import_replies(run, file)
    if as_json:
        write_json(done.to_json())
    else:
        _tell(done)
    return 0


def _tell(done: Imported) -> None:
    if done.lost is not None:
        write(f"Note: {done.lost}.")
    counts = [(getattr(done, name), words) for name, words in _SAID.items()]
    write(table([(n, words) for n, words in counts if n] or [(0, _SAID["taken"])]))
    if done.first_broken is not None:
        write(f"The first broken line is {done.first_broken}")
    write(f"{done.left} requests are still without a reply.")
    write("Next: tanemaki export-requests FILE.yaml --to requests.jsonl")
