"""``tanemaki status``: how far a run is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tanemaki.cli.columns import table
from tanemaki.cli.figures import BETWEEN, figures, one_line, show_seconds, show_usd
from tanemaki.cli.output import write, write_json
from tanemaki.cli.starting import command as shell_command
from tanemaki.cli.starting import write_reasons, write_strata

if TYPE_CHECKING:
    from tanemaki.run.look import Status
    from tanemaki.run.pulse import Pulse

_HELP = """\
Tell how far the run in the folder RUN is: rows, acceptance, reasons, requests, tokens, cost. Works while it goes on.

What is certain comes from the run's journal. While a process works on the run, what it tells of itself is shown as well:
its pace, what is in flight, and when it will be there.
"""

_STATES = {
    "running": "another process is working on it",
    "complete": "complete",
    "short": "ended with fewer rows than wanted: the source, or its limit, is used up",
    "unfinished": "not finished; started again, it goes on",
}
WATCH_EVERY_S = 2.0


@click.command("status", help=_HELP)
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option("--watch", is_flag=True, help="Look again every two seconds until no process works on the run.")
def command(run: Path, *, as_json: bool, watch: bool) -> int:
    """Read the journal and count."""
    from tanemaki.run.look import status

    if watch:
        _watch(run, as_json=as_json)
    found = status(run)
    if as_json:
        write_json(found.to_json(), line=watch)
        return 0
    _write(found)
    return 0


def _watch(run: Path, *, as_json: bool) -> None:
    """Show the run's pulse until its process ends: on the spot in a terminal, else a line each time."""
    from rich.console import Console
    from rich.live import Live

    from tanemaki.cli.live import render

    if as_json or not sys.stdout.isatty():
        for pulse in pulses(run):
            if as_json:
                write_json(pulse.to_json(), line=True)
            else:
                write(one_line(pulse))
            sys.stdout.flush()
        return
    console = Console()
    with Live(console=console, auto_refresh=False, transient=True) as live:
        for pulse in pulses(run):
            live.update(render(pulse, [], console), refresh=True)


def pulses(run: Path, pause: Callable[[], None] = lambda: time.sleep(WATCH_EVERY_S)) -> Iterator[Pulse]:
    """Yield what a run tells of itself, again and again, until no process works on it."""
    from tanemaki.run.look import is_running
    from tanemaki.run.pulse import read_pulse

    while is_running(run):
        pulse = read_pulse(run)
        if pulse is not None:
            yield pulse
        pause()


def _write(found: Status) -> None:
    accounts = found.accounting
    ended = accounts.accepted + accounts.rejected + accounts.failed
    of = f" of {found.wanted}" if found.wanted is not None else ""
    share = f" ({accounts.accepted / ended:.0%} of those that ended)" if ended else ""
    yet = "" if found.state == "complete" else " yet"
    # without a price nothing is known of money, and $0.00 would say that it was free
    money = f", {show_usd(found.cost_usd)}" if found.cost_usd else ""
    rows: list[tuple[str, str]] = [("run", str(found.folder)), ("state", _state(found)), *found.facts.items()]
    if found.pulse is not None and found.state == "running":
        in_journal = ("not kept", "tries lost")  # told below, as it is certain
        told = [(label, pieces) for label, pieces in figures(found.pulse) if label not in in_journal]
        rows += [(label, BETWEEN.join(pieces)) for label, pieces in told]
    else:
        rows.append(("rows", f"{accounts.accepted}{of} accepted{share}"))
    rows += [
        ("accounting", accounts.equation()),
        (
            "models",
            ", ".join(f"{role}: {' then '.join(names)}" for role, names in found.models.items())
            or f"none asked{yet}",
        ),
        ("replies", ", ".join(f"{step} {n}" for step, n in found.replies.items()) or f"none{yet}"),
        ("sent", f"{found.n_requests:,} requests, {found.n_tokens:,} tokens{money}"),
    ]
    if found.n_reused:
        rows.append(("re-used", f"{found.n_reused:,} replies of other runs"))
    if found.faults:
        rows.append(("tries lost", ", ".join(f"{fault} {n}" for fault, n in found.faults.most_common())))
    write(table(rows, indent=0))
    write_strata(found.strata)
    write_reasons(accounts)
    write(f"Rows: {shell_command('view', found.folder)}")


def _state(found: Status) -> str:
    pulse = found.pulse
    if pulse is None:
        return _STATES[found.state]
    if found.state == "running":
        since = datetime.fromtimestamp(pulse.started_at).astimezone()
        for_s = show_seconds(max(0.0, time.time() - pulse.started_at))
        return f"{pulse.phase}: process {pulse.pid}, since {since:%Y-%m-%d %H:%M:%S} ({for_s})"
    ago = show_seconds(max(0.0, time.time() - pulse.at))
    return f"{_STATES[found.state]}; process {pulse.pid} was cut off {ago} ago"
