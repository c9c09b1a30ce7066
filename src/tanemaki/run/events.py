"""The event stream: what happens in a run, one JSON object a line, for other programs to follow.

Every line has ``v`` (the version of this list), ``at`` (Unix time in seconds) and ``event``. Keys may be added within a
version; none is taken away or changes its meaning.

===============  =============================================================================================
event            keys
===============  =============================================================================================
run_started      tanemaki, folder, recipe, language, seed, wanted, resumes
reply            record, ordinal, step, place, sample, role, model, endpoint, attempt, latency_s, prompt_tokens,
                 completion_tokens, usd, finish_reason
fault            record, ordinal, step, place, sample, role, model, endpoint, attempt, latency_s, fault
row_ended        record, ordinal, status (accepted, rejected, failed, parent, merged), step, reason
batch            role, batch, state, requests
limit_reached    what, got
run_ended        state (as in the report, or ``failed``), accounting, this_start; error (class, what, exit_code)
===============  =============================================================================================

A judge's trial before the run has a ``run_started`` of its own, with its own recipe and folder; ``run_ended`` comes once.

It holds no prompt, no text of a reply, no key and no address with a password. ``rows`` leaves out replies and faults. Lines
are held back for up to a second and written whole, several at once: in a file nobody sees half a line unless the disk is
full. The reader of a pipe that falls behind holds nobody up: what it has not taken waits in memory, up to 16 MB, and is lost
beyond. A row is told when it ends in this process; that it is in the journal by then is not promised.
"""

from __future__ import annotations

import errno
import os
import select
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import orjson

from tanemaki.core.errors import LimitReached, ModelError, SetupError, TanemakiError
from tanemaki.core.model import Reply
from tanemaki.core.record import show_ordinal
from tanemaki.engine.observer import Try
from tanemaki.engine.root import Root, ordinal_of
from tanemaki.engine.stats import address_of
from tanemaki.engine.stored import dump

VERSION = 1
HELD_BACK = 256
"""Lines that wait for the second to pass, at most."""
MOST_BYTES = 16_000_000
"""What waits for the reader of a pipe, at most."""
PATIENCE_S = 2.0
"""So long is waited for that reader when the run is over."""

Level = Literal["rows", "calls"]
"""``rows``: the run and its rows; ``calls``: every reply and every failed try, too."""


class EventLog:
    """An :class:`~tanemaki.engine.observer.Observer` that writes events behind what a file holds already.

    Raises ``SetupError`` at the run's start if the file cannot be opened. What cannot be written later is counted in
    ``n_lost`` and ends nothing.
    """

    def __init__(
        self,
        path: Path,
        level: Level = "calls",
        *,
        most_bytes: int = MOST_BYTES,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._path = path
        self._calls = level == "calls"
        self._most_bytes = most_bytes
        self._patience_s = patience_s
        self._file: int | None = None
        self._lines: list[bytes] = []
        self._unsent = bytearray()
        """What a pipe has not taken yet; it begins in the middle of a line where the pipe took a part of it."""
        self._lock = threading.Lock()
        self.n_lost = 0
        """Events that could not be written."""

    def run_started(self, about: Mapping[str, Any]) -> None:
        """Open the file and tell which run this is; after a trial it is open, and who reads a pipe reads on."""
        if self._file is not None:
            self._tell("run_started", about)
            self.flush()
            return
        try:
            how = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)
            self._file = os.open(self._path, how, 0o644)
        except OSError as error:
            is_pipe = error.errno == errno.ENXIO
            raise SetupError(
                "the event stream cannot be written",
                where=str(self._path),
                got="nobody reads from it" if is_pipe else error.strerror or str(error),
                next="start the reader of the named pipe first"
                if is_pipe
                else "name a file in a folder that is there",
            ) from error
        self._mend_last_line()
        self._tell("run_started", about)
        self.flush()

    def _mend_last_line(self) -> None:
        """End the line in which an earlier run was killed, so that it spoils only itself."""
        if self._path.is_file() and self._path.stat().st_size:
            with self._path.open("rb") as file:
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    self._lines.append(b"\n")

    def reply(self, tried: Try, reply: Reply) -> None:
        """Tell of a reply."""
        if not self._calls:
            return
        event = _about(tried)
        event["prompt_tokens"] = reply.usage.prompt_tokens
        event["completion_tokens"] = reply.usage.completion_tokens
        event["usd"] = tried.usd
        event["finish_reason"] = reply.finish_reason
        self._tell("reply", event)

    def fault(self, tried: Try, error: ModelError) -> None:
        """Tell of a failed try; its message is not told, because servers repeat prompts in theirs."""
        if self._calls:
            self._tell("fault", {**_about(tried), "fault": error.fault})

    def closed(self, root: Root) -> None:
        """Tell of every record of a root."""
        for row in root.rows:
            self._tell(
                "row_ended",
                {
                    "record": row.record.id,
                    "ordinal": show_ordinal(row.record.ordinal),
                    "status": row.status,
                    "step": row.step,
                    "reason": row.reason,
                },
            )

    def batch(self, role: str, key: str, state: str, n_requests: int) -> None:
        """Tell of a batch file."""
        self._tell("batch", {"role": role, "batch": key, "state": state, "requests": n_requests})

    def run_ended(self, report: Mapping[str, Any] | None, error: BaseException | None) -> None:
        """Tell how the run ended, and close the file."""
        if self._file is None:
            return
        if isinstance(error, LimitReached):
            self._tell("limit_reached", {"what": error.what, "got": error.got})
        told: dict[str, Any] = {"state": "failed"} if report is None else dict(report)
        if error is not None:
            told["error"] = {
                "class": type(error).__name__,
                "what": error.what if isinstance(error, TanemakiError) else None,
                "exit_code": error.exit_code if isinstance(error, TanemakiError) else 1,
            }
        self._tell("run_ended", told)
        self._flush_all()
        os.close(self._file)
        self._file = None

    def flush(self) -> None:
        """Write what was held back, as far as it is taken at once."""
        with self._lock:
            if self._file is None:
                return
            for line in self._lines:
                if len(self._unsent) < self._most_bytes:
                    self._unsent += line
                else:
                    self.n_lost += 1
            self._lines.clear()
            try:
                while self._unsent:  # a pipe may take less than it is given
                    del self._unsent[: os.write(self._file, self._unsent)]
            except BlockingIOError:
                pass  # a pipe that is full: its reader has time until the next flush
            except OSError:
                self._give_up()

    def _flush_all(self) -> None:
        """Write everything; a reader that takes nothing is not waited for for ever."""
        self.flush()
        while self._unsent and self._file is not None:
            _, ready, _ = select.select([], [self._file], [], self._patience_s)
            if not ready:
                self._give_up()
            self.flush()

    def _give_up(self) -> None:
        self.n_lost += self._unsent.count(b"\n")
        self._unsent.clear()

    def _tell(self, event: str, keys: Mapping[str, Any]) -> None:
        line = _line({"v": VERSION, "at": round(time.time(), 3), "event": event, **keys})
        with self._lock:
            self._lines.append(line)
            is_much = len(self._lines) >= HELD_BACK
        if is_much:
            self.flush()


def _line(event: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError:  # half a surrogate pair in a name, which a model may have written
        return (dump(event).strip() + "\n").encode()


def _about(tried: Try) -> dict[str, Any]:
    call = tried.call
    address = call.address
    return {
        "record": call.record,
        "ordinal": show_ordinal(ordinal_of(address.root, address.path)),
        "step": address.step,
        "place": address.place,
        "sample": address.sample,
        "role": call.bound.role,
        "model": call.bound.model.name,
        "endpoint": address_of(tried.lane),
        "attempt": tried.attempt,
        "latency_s": round(tried.latency_s, 6),
    }
