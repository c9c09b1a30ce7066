"""Whoever looks on while a run goes on: the event stream, OpenTelemetry.

A run has none unless its user asks for one, and is then not slowed down by anything but ``if observer is not None``. What
is handed over are the engine's own objects: an observer reads them, keeps none of them and changes nothing. It must never
raise for something that lies outside the run, such as a full disk: a run does not end because nobody can look on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from tanemaki.core.errors import ModelError
from tanemaki.core.model import Reply
from tanemaki.engine.call import Call
from tanemaki.engine.lanes import Lane
from tanemaki.engine.root import Root


class Try(NamedTuple):
    """One request that was sent and came to an end."""

    call: Call
    lane: Lane
    """The endpoint to which it went."""
    attempt: int
    """1 for the first try of its call."""
    latency_s: float
    usd: float = 0.0


class Observer(Protocol):
    """Is told what happens, in the order in which it happens, from the run's own thread; ``flush`` from another one."""

    def run_started(self, about: Mapping[str, Any]) -> None:
        """The run's folder is open, and nothing has been sent yet. May raise ``SetupError``."""

    def reply(self, tried: Try, reply: Reply) -> None:
        """A reply came."""

    def fault(self, tried: Try, error: ModelError) -> None:
        """A request failed; the call may be tried again."""

    def closed(self, root: Root) -> None:
        """All records of a root have ended."""

    def batch(self, role: str, key: str, state: str, n_requests: int) -> None:
        """A batch file has got another state."""

    def run_ended(self, report: Mapping[str, Any] | None, error: BaseException | None) -> None:
        """The run is over: with a report, or with what ended it."""

    def flush(self) -> None:
        """A second has passed: what was held back may go out."""


class Several:
    """Several observers as one."""

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = tuple(observers)

    def run_started(self, about: Mapping[str, Any]) -> None:
        """Tell all of them."""
        for one in self._observers:
            one.run_started(about)

    def reply(self, tried: Try, reply: Reply) -> None:
        """Tell all of them."""
        for one in self._observers:
            one.reply(tried, reply)

    def fault(self, tried: Try, error: ModelError) -> None:
        """Tell all of them."""
        for one in self._observers:
            one.fault(tried, error)

    def closed(self, root: Root) -> None:
        """Tell all of them."""
        for one in self._observers:
            one.closed(root)

    def batch(self, role: str, key: str, state: str, n_requests: int) -> None:
        """Tell all of them."""
        for one in self._observers:
            one.batch(role, key, state, n_requests)

    def run_ended(self, report: Mapping[str, Any] | None, error: BaseException | None) -> None:
        """Tell all of them."""
        for one in self._observers:
            one.run_ended(report, error)

    def flush(self) -> None:
        """Tell all of them."""
        for one in self._observers:
            one.flush()
