"""The options of those commands that start a run and can let others look on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, ParamSpec, TypedDict, TypeVar

import click

from tanemaki.core.errors import SetupError

if TYPE_CHECKING:
    from tanemaki.run.watching import Watch

P = ParamSpec("P")
R = TypeVar("R")

SWITCHES = ("events", "events-level", "otel")
"""Their names, for the nearest right one of a misspelt flag."""


class Watching(TypedDict):
    """What click hands over for :func:`watch_options`."""

    events: str | None
    events_level: Literal["rows", "calls"] | None
    otel: bool


def watch_options(command: Callable[P, R]) -> Callable[P, R]:
    """Add the options to a command."""
    options = (
        click.option("--events", metavar="PATH", help="Append what happens to a file, as JSON lines."),
        click.option(
            "--events-level",
            type=click.Choice(["rows", "calls"]),
            help="rows: the run and its rows; calls (what is told unless you say so): every reply and failed try, too.",
        ),
        click.option(
            "--otel", is_flag=True, help="Send OpenTelemetry spans and metrics (OTEL_* say where to)."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def watch_of(said: Watching) -> Watch:
    """Return who is to look on. Raises ``SetupError`` for ``--events -`` and for a level that would do nothing."""
    from tanemaki.run.watching import Watch

    level = said["events_level"]
    if said["events"] is None:
        if level is not None:
            raise SetupError("--events-level belongs to --events", next="add --events PATH, or leave it out")
        return Watch(otel=said["otel"])
    return Watch(Path(said["events"]), level or "calls", said["otel"])
