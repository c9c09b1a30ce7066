"""``tanemaki status``: how far a run is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tanemaki.cli.columns import table
from tanemaki.cli.output import write, write_json
from tanemaki.cli.starting import command as shell_command
from tanemaki.cli.starting import write_reasons

if TYPE_CHECKING:
    from tanemaki.run.look import Status

_HELP = """\
Tell how far the run in the folder RUN is: rows, acceptance, reasons, requests, tokens, cost. Works while it goes on.
"""

_STATES = {
    "running": "another process is working on it",
    "complete": "complete",
    "short": "ended with fewer rows than wanted: the source is used up",
    "unfinished": "not finished; started again, it goes on",
}


@click.command("status", help=_HELP)
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(run: Path, *, as_json: bool) -> int:
    """Read the journal and count."""
    from tanemaki.run.look import status

    found = status(run)
    if as_json:
        write_json(found.to_json())
        return 0
    _write(found)
    return 0


def _write(found: Status) -> None:
    figures = found.accounting
    ended = figures.accepted + figures.rejected + figures.failed
    of = f" of {found.wanted}" if found.wanted is not None else ""
    share = f" ({figures.accepted / ended:.0%} of those that ended)" if ended else ""
    rows: list[tuple[str, str]] = [
        ("run", str(found.folder)),
        ("state", _STATES[found.state]),
        *found.facts.items(),
        ("rows", f"{figures.accepted}{of} accepted{share}"),
        ("accounting", figures.equation()),
        (
            "models",
            ", ".join(f"{role}: {' then '.join(names)}" for role, names in found.models.items())
            or "none asked yet",
        ),
        ("replies", ", ".join(f"{step} {n}" for step, n in found.replies.items()) or "none yet"),
        ("sent", f"{found.n_requests:,} requests, {found.n_tokens:,} tokens, ${found.cost_usd:,.4f}"),
    ]
    if found.faults:
        rows.append(("tries lost", ", ".join(f"{fault} {n}" for fault, n in found.faults.most_common())))
    write(table(rows, indent=0))
    write_reasons(figures)
    write(f"Rows: {shell_command('view', found.folder)}")
