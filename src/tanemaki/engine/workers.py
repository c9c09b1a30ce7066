"""Worker processes: heavy pure steps are computed there, while this process keeps journal, limits and endpoints to itself.

A worker gets records over a socket and gives outcomes back in the same order. It is given some hundredths of a second of
work ahead and no more, so that a slow record does not make others wait. A worker that ends (killed, out of memory, a
fault in a library) takes nothing with it: what it held is done again, each record alone, so that the one that ends its
worker is found; three times, and that record has failed.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from signal import Signals

from tanemaki.core.errors import SetupError
from tanemaki.core.record import Record
from tanemaki.core.step import Outcome, Spec
from tanemaki.engine.parcel import READY, Frames, Workplace, framed, pack_record, unpack_outcome
from tanemaki.engine.stopping import Stop, Stopped
from tanemaki.engine.underway import Underway

AHEAD_S = 0.05
"""Work that a worker holds, in seconds of what its last records took."""
MOST_HELD = 64
MOST_DEATHS = 3
"""So often a record may end the worker that is at work on it alone; then it has failed."""
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from tanemaki.engine.worker_main import main; main()"


_IS_WORKER = threading.Event()


def mark_as_worker() -> None:
    """This process is a worker, and starts no run and no workers of its own."""
    _IS_WORKER.set()


def refuse_in_worker() -> None:
    """Raise ``SetupError`` in a worker: the script that started the run is loaded there, too, for the steps in it.

    >>> refuse_in_worker()
    """
    if _IS_WORKER.is_set():
        raise SetupError(
            "a worker process that loads a heavy step's file was told by that file to start a run",
            where="workers",
            next="put the lines that start the run under `if __name__ == '__main__':`",
        )


class WorkerDied(Exception):
    """A step ended the process that it ran in, again and again, on one record."""


@dataclass(slots=True, eq=False)
class _Job:
    """One record at one heavy step."""

    step: str
    record: Record
    packed: bytes
    outcome: asyncio.Future[Outcome]
    n_deaths: int = 0


class _Worker(asyncio.Protocol):
    """One process and what it holds, in the order in which it was sent."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._frames = Frames()
        self._transport: asyncio.Transport
        self._process: subprocess.Popen[bytes]
        self._record_s = AHEAD_S / 4
        self.held: deque[_Job] = deque()
        self.is_ready = False
        self.is_alone = False
        """It has one record whose worker ended before, and gets no other beside it."""
        self.ended = asyncio.get_running_loop().create_future()

    async def start(self, workplace: bytes) -> None:
        """Start the process and send it the steps. Raises ``OSError`` where the system gives none."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = _spawn(theirs)
            except OSError:
                ours.close()
                raise
        ours.setblocking(False)
        self._transport, _ = await asyncio.get_running_loop().create_unix_connection(lambda: self, sock=ours)
        self._transport.write(framed(workplace))

    @property
    def room(self) -> int:
        """How many more records it should hold."""
        if not self.is_ready or self.is_alone:
            return 0
        return max(2, min(MOST_HELD, int(AHEAD_S / self._record_s))) - len(self.held)

    def take(self, jobs: list[_Job]) -> None:
        """Send it records to work on."""
        self.held.extend(jobs)
        self._transport.write(b"".join([framed(job.packed) for job in jobs]))

    def data_received(self, data: bytes) -> None:
        """Hand its outcomes to those who wait for them."""
        for message in self._frames.feed(data):
            if self.is_ready:
                self._settle(self.held.popleft(), message)
            elif message == READY:
                self.is_ready = True
                self._workers.n_failed_starts = 0
            else:
                self._workers.cannot_start(message)
        self._workers.hand_out()

    def _settle(self, job: _Job, message: bytes) -> None:
        self.is_alone = False
        try:
            took_s, outcome = unpack_outcome(message, job.record)
        except BaseException as error:  # noqa: BLE001 - the step's own: raised where its record waits
            if not job.outcome.done():
                job.outcome.set_exception(error)
            return
        self._record_s += 0.3 * (max(took_s, 1e-6) - self._record_s)
        if not job.outcome.done():
            job.outcome.set_result(outcome)

    def connection_lost(self, exc: Exception | None) -> None:
        """The process has ended or is about to."""
        del exc
        self._process.kill()
        code = self._process.wait()
        self.ended.set_result(None)
        is_named = -code in set(Signals)
        self._workers.lost(self, Signals(-code).name if is_named else f"exit code {code}")

    async def end(self) -> None:
        """End the process: it holds nothing that anybody still wants."""
        self._process.kill()
        self._transport.abort()
        await self.ended


def _spawn(connection: socket.socket) -> subprocess.Popen[bytes]:
    """Start a fresh Python with this one's import path; it leads a session of its own and talks over its standard input.

    What a step prints goes to standard error: standard output is the run's result.
    """
    command = [sys.executable, "-c", _START, json.dumps(sys.path, default=str)]
    return subprocess.Popen(command, stdin=connection.fileno(), stdout=2, start_new_session=True)  # noqa: S603


class Workers:
    """The worker processes of a run; they start when the first heavy step is reached."""

    def __init__(self, n: int, workplace: Workplace, stop: Stop, tell: Callable[[str], None]) -> None:
        refuse_in_worker()
        self._n = n
        self._workplace = pickle.dumps(workplace)
        self._stop = stop
        self._tell = tell
        self._workers: set[_Worker] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._fresh: deque[_Job] = deque()
        self._suspects: deque[_Job] = deque()
        """Were held by a worker that ended; each is done again alone."""
        self._is_due = False
        self._failure: BaseException | None = None
        self.n_failed_starts = 0
        """Workers that ended before they were ready, one after the other."""
        self.underway = Underway()
        """Told how many records the workers have: a batch of requests is not closed while they may lead to more."""
        stop.on_request(self._release)

    async def call(self, place: int, spec: Spec, record: Record) -> Outcome:
        """Return what the step at ``place`` makes of a record.

        Raises the step's own exception, ``WorkerDied`` where it ends its process again and again, ``SetupError`` where no
        worker can load the step, ``Stopped`` when the run stops before a worker has the record.
        """
        self._stop.check()
        if self._failure is not None:
            raise self._failure
        loop = asyncio.get_running_loop()
        job = _Job(spec.name, record, pack_record(place, record), loop.create_future())
        self._fresh.append(job)
        if not self._is_due:
            self._is_due = True
            loop.call_soon(self.hand_out)  # records that arrive in the same turn of the loop go together
        self.underway.helped += 1
        try:
            return await job.outcome
        finally:
            self.underway.helped -= 1

    def hand_out(self) -> None:
        """Give records to workers that have room, to the least busy first; start workers if some are lacking."""
        self._is_due = False
        while self._suspects:
            idle = next((w for w in self._workers if w.is_ready and not w.held), None)
            if idle is None:
                break
            idle.is_alone = True
            idle.take([self._suspects.popleft()])
        while self._fresh and not self._suspects:
            worker = max(self._workers, key=lambda one: one.room, default=None)
            if worker is None or worker.room <= 0:
                break
            n = min(worker.room, -(-len(self._fresh) // self._n))
            jobs = [self._fresh.popleft() for _ in range(n)]
            worker.take([job for job in jobs if not job.outcome.done()])
        if (self._fresh or self._suspects) and self._failure is None:
            while len(self._workers) < self._n:
                self._start()

    def _start(self) -> None:
        worker = _Worker(self)
        self._workers.add(worker)
        task = asyncio.ensure_future(self._start_one(worker))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _start_one(self, worker: _Worker) -> None:
        try:
            await worker.start(self._workplace)
        except OSError as error:
            self._workers.discard(worker)
            self._fail(
                SetupError(
                    "no worker process can be started",
                    where="workers",
                    got=str(error),
                    next="set fewer workers; 0 for none",
                )
            )

    def lost(self, worker: _Worker, how: str) -> None:
        """Take back what a worker held that ended, however it did."""
        self._workers.discard(worker)
        if not worker.is_ready:
            self.n_failed_starts += 1
            if self.n_failed_starts >= MOST_DEATHS:
                self._fail(
                    SetupError(
                        "worker processes end before they can work",
                        where="workers",
                        got=how,
                        next="see what they wrote above; workers: 0 does without them",
                    )
                )
        for job in worker.held:
            job.n_deaths += worker.is_alone
            if job.outcome.done():
                continue
            if job.n_deaths < MOST_DEATHS:
                self._suspects.append(job)
            else:
                job.outcome.set_exception(
                    WorkerDied(f"step {job.step!r} ended its worker process {MOST_DEATHS} times ({how})")
                )
        if self._stop.requested:
            self._release()
        elif worker.held:
            self._tell(f"a worker process ended ({how}): what it held is done again")
        self.hand_out()

    def cannot_start(self, message: bytes) -> None:
        """A worker told why it cannot load the steps: nobody will be able to."""
        try:
            unpack_outcome(message, Record("", (0,), {}))
        except BaseException as error:  # noqa: BLE001 - raised where records wait, with the worker's traceback
            self._fail(error)

    def _fail(self, failure: BaseException) -> None:
        if self._failure is None:
            self._failure = failure
        self._release(self._failure)

    def _release(self, failure: BaseException | None = None) -> None:
        for job in (*self._fresh, *self._suspects):
            if not job.outcome.done():
                job.outcome.set_exception(failure or Stopped())
        self._fresh.clear()
        self._suspects.clear()

    async def close(self) -> None:
        """End the workers."""
        self._failure = self._failure or Stopped()
        await asyncio.gather(*self._starting)
        await asyncio.gather(*[worker.end() for worker in self._workers])
