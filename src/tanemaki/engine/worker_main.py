"""The life of a worker process: it computes what it is sent, and ends with the run that started it.

It holds nothing between two records, asks no model and writes no file. It leads a session of its own, so that Ctrl-C in
a terminal reaches the run alone; a thread of it listens to the run, so that it ends in the middle of a step, too, when the
run is killed.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import socket
import threading
import time
import traceback
from typing import TYPE_CHECKING, cast

from tanemaki.core.errors import TanemakiError
from tanemaki.core.record import Record
from tanemaki.core.step import Spec, call_each
from tanemaki.engine.context import RecordContext, Setting
from tanemaki.engine.outcomes import refuse_coroutines
from tanemaki.engine.parcel import (
    READY,
    Frames,
    Workplace,
    framed,
    pack_outcome,
    pack_raised,
    unpack_record,
    unpack_step,
)
from tanemaki.engine.workers import mark_as_worker

if TYPE_CHECKING:
    from tanemaki.engine.calls import Caller

TOLD_EVERY_S = 0.002
"""Outcomes that come faster go together: a message each would cost more than a light step."""


def main() -> None:
    """Work until the run closes the connection, which is the standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    mark_as_worker()
    connection = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)  # a step that reads the standard input finds it empty, not the run's messages
    os.close(nothing)
    arrived: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(connection, arrived), daemon=True).start()
    try:
        bench = _Bench(pickle.loads(arrived.get()))  # noqa: S301 - it comes from the process that started this one
    except BaseException as error:  # noqa: BLE001 - told to the run, which ends with it
        _tell(connection, framed(pack_raised(error, _trace())))
        return
    _tell(connection, framed(READY))
    done: list[bytes] = []
    told_at = time.monotonic()
    while True:
        done.append(framed(bench.work(arrived.get())))
        now = time.monotonic()
        if arrived.empty() or now - told_at > TOLD_EVERY_S:
            _tell(connection, b"".join(done))
            done.clear()
            told_at = now


def _tell(connection: socket.socket, message: bytes) -> None:
    try:
        connection.sendall(message)
    except OSError:
        os._exit(0)  # the run is gone, and the terminal is not this process's to write a traceback into


def _listen(connection: socket.socket, arrived: queue.SimpleQueue[bytes]) -> None:
    frames = Frames()
    while True:
        try:
            chunk = connection.recv(1 << 18)
        except OSError:
            chunk = b""
        if not chunk:
            os._exit(0)  # the run is gone: nobody wants what is being computed
        for message in frames.feed(chunk):
            arrived.put(message)


class _Bench:
    """The heavy steps of a run."""

    def __init__(self, workplace: Workplace) -> None:
        self._specs: dict[int, Spec] = {
            place: unpack_step(packed) for place, packed in workplace.steps.items()
        }
        nobody = cast("Caller", None)  # a context without a root asks nobody: RecordContext.ask refuses
        self._setting = Setting(workplace.recipe, workplace.seed, workplace.texts, nobody)

    def work(self, packed: bytes) -> bytes:
        """Return the outcome of one record at one step, or the exception that the step raised."""
        started = time.perf_counter()
        try:
            place, record = unpack_record(packed)
            outcome = self._call(self._specs[place], place, record)
            return pack_outcome(self._specs[place], record, outcome, time.perf_counter() - started)
        except BaseException as error:  # noqa: BLE001 - told to the run, which raises it there
            return pack_raised(error, "" if isinstance(error, TanemakiError) else _trace())

    def _call(self, spec: Spec, place: int, record: Record) -> object:
        context = RecordContext(self._setting, spec, place, record, None)
        outcome = call_each(spec, record, context)
        refuse_coroutines(spec, outcome)
        return outcome


def _trace() -> str:
    return f"in worker process {os.getpid()}:\n{traceback.format_exc()}"
