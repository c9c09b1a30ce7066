"""``tanemaki retry``: the failed rows again."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from tanemaki.cli.output import write, write_json
from tanemaki.cli.starting import command as shell_command
from tanemaki.cli.starting import start_here, write_report
from tanemaki.cli.watch import Watching, watch_of, watch_options

_HELP = """\
Do the failed rows of the run in the folder RUN again, and nothing else. Rejected rows stay rejected.

The run's own settings are used (its run.yaml); everything else comes from its journal and is not paid for again.
"""


@click.command("retry", help=_HELP)
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@watch_options
def command(run: Path, *, as_json: bool, **watching: Unpack[Watching]) -> int:
    """Start the run of a folder with its failed rows forgotten."""
    from tanemaki.run.look import order_in, status

    watch = watch_of(watching)
    n_failed = status(run).accounting.failed
    if not n_failed and not as_json:
        write("No row of this run failed: nothing to do again.")
        return 0
    order = order_in(run, asks=True)
    report = start_here(order, again=shell_command("retry", run), retry=True, watch=watch)
    if as_json:
        write_json(report.to_json())
    else:
        write_report(report, order)
    return report.exit_code
