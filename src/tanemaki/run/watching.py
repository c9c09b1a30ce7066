"""Who looks on at a run, as the user asked for it: an event stream, OpenTelemetry, both or nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from tanemaki.core.errors import SetupError, nearest
from tanemaki.engine.observer import Observer, Several
from tanemaki.run.events import EventLog, Level
from tanemaki.run.pulse import Progress


@dataclass(frozen=True, slots=True)
class Watch:
    """What is told of a run while it goes on, and to whom; nothing unless it is asked for.

    These are no keys of the run file: a run file is handed on, and must not make another user's runs tell anything.
    Raises ``SetupError`` for an unknown level, and for ``-``: both standard streams have their use.
    """

    events: Path | None = None
    """File to which events are appended as JSON lines; see :mod:`tanemaki.run.events`."""
    level: Level = "calls"
    otel: bool = False
    """Send OpenTelemetry spans and metrics; see :mod:`tanemaki.run.telemetry`."""

    def __post_init__(self) -> None:
        if self.level not in get_args(Level):
            near = nearest(self.level, get_args(Level))
            raise SetupError(
                f"the event stream has no level {self.level!r}",
                got=f"levels: {', '.join(get_args(Level))}",
                next=f"did you mean {near!r}?" if near else None,
            )
        if self.events is not None and str(self.events) == "-":
            raise SetupError(
                "events cannot go to a standard stream",
                got="standard output is the result, standard error the progress",
                next="name a file, a named pipe, or another stream of the shell: --events /dev/fd/3 3>events.jsonl",
            )


@contextmanager
def watched(watch: Watch, progress: Progress) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Let the observers look on for as long as the block lasts; yield what takes the run's report at its end.

    Raises ``SetupError`` if ``otel`` is asked for and not installed.
    """
    with ExitStack() as stack:
        events = EventLog(watch.events, watch.level) if watch.events is not None else None
        observers: list[Observer] = [] if events is None else [events]
        if watch.otel:
            from tanemaki.run.telemetry import telemetry

            observers.append(stack.enter_context(telemetry(progress)))
        if not observers:
            yield lambda _: None
            return
        observer = observers[0] if len(observers) == 1 else Several(observers)
        progress.stats.observer = observer
        try:
            yield lambda report: observer.run_ended(report, None)
        except BaseException as error:
            observer.run_ended(None, error)
            raise
        finally:
            progress.stats.observer = None
            if events is not None and events.n_lost:
                progress.notes.append(f"{events.n_lost} events could not be written to {watch.events}")
