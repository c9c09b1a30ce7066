"""What the journal keeps of batches: which were meant, which are out, and the requests that lie in them.

==========  ======================================================================================================
state       means
==========  ======================================================================================================
``intent``  about to be uploaded; whether it ever was is found out by its client key
``sent``    the service has it, under ``remote``
``done``    its replies are in the journal
``void``    it was never made, or refused as a whole: nothing of it was worked on
``file``    written into a file of requests by hand; ended request by request
==========  ======================================================================================================

A request of a batch is open until it is ``settled``.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from tanemaki.core.errors import ModelError, ModelFault
from tanemaki.core.model import Reply
from tanemaki.core.seeding import hex_id
from tanemaki.engine.call import Address
from tanemaki.engine.journal import Journal
from tanemaki.engine.limits import Spend
from tanemaki.engine.stored import dump

_NAME = "batches"
State = Literal["intent", "sent", "done", "void", "file"]


@dataclass(slots=True)
class StoredBatch:
    """A batch as the journal has it."""

    id: int
    key: str
    role: str
    path: str
    n_requests: int
    state: State
    remote: str = ""


class Asked(NamedTuple):
    """A request of a batch, without its body."""

    send: int
    address: Address
    record: str
    hash: str
    role: str
    model: str
    max_tokens: int | None
    n: int
    attempt: int


def custom_id(send: int, digest: str) -> str:
    """Return the name of a request in its file: which one it is, and the hash of what it asks.

    >>> custom_id(17, "9f02")
    '17-9f02'
    """
    return f"{send}-{digest}"


def send_of(name: object) -> tuple[int, str] | None:
    """Return what :func:`custom_id` made a name of; None for a name that it never made."""
    number, _, digest = name.partition("-") if isinstance(name, str) else ("", "", "")
    return (int(number), digest) if number.isascii() and number.isdigit() and digest else None


def client_name(journal: Journal) -> str:
    """Return the name by which a service knows this run's batches: of the run, and of this very journal.

    A run that is deleted and begun anew must not find the batches of the old one: hence the time of the first need for a
    name, which the journal keeps.
    """
    meta = journal.meta()
    if _NAME not in meta:
        meta[_NAME] = str(time.time_ns())
        journal.set_meta({_NAME: meta[_NAME]})
    facts = [f"{name}={meta.get(name, '')}" for name in ("recipe", "language", "seed", "source", _NAME)]
    return hex_id("batches", *facts)


def key_of(client: str, number: int) -> str:
    """Return the client key of a batch.

    >>> key_of("9f02", 3)
    '9f02-3'
    """
    return f"{client}-{number}"


def put_batch(journal: Journal, batch: StoredBatch) -> None:
    """Queue a batch in its present state."""
    journal.put(
        "batches",
        (
            *(batch.id, batch.key, batch.role, batch.path, batch.n_requests, batch.state, batch.remote),
            time.time(),
        ),
    )


def put_asked(journal: Journal, batch: int, asked: Asked, body: str, worst: Spend) -> None:
    """Queue a request of a batch, with the worst that it can cost."""
    address = asked.address
    journal.put("sends", (asked.send, address.root, worst.tokens, worst.usd))
    journal.put(
        "batch_calls",
        (
            *(asked.send, batch, address.root, address.path, asked.record, address.step, address.place),
            *(address.sample, asked.hash, asked.role, asked.model, asked.max_tokens, asked.n),
            *(asked.attempt, body),
        ),
    )


def put_reply(
    journal: Journal,
    asked: Asked,
    reply: Reply,
    *,
    body: str,
    latency_s: float,
    spent: tuple[int, int, float],
) -> None:
    """Queue the reply to a request of a batch as that of any other call; ``spent`` is prompt and completion tokens, USD."""
    address = asked.address
    journal.put("settled", (asked.send, *spent))
    journal.put(
        "calls",
        (
            *(asked.send, address.root, address.path, asked.record, address.step, address.place),
            *(address.sample, asked.hash, asked.role, asked.model, asked.max_tokens, asked.attempt),
            *(latency_s, time.time(), body, dump(reply.to_json())),
        ),
    )


def put_fault(journal: Journal, asked: Asked, error: ModelError, charged: Spend | None) -> None:
    """Queue what kept a request of a batch from its reply. ``charged`` settles it; None leaves it open."""
    if charged is not None:
        journal.put("settled", (asked.send, charged.tokens, 0, charged.usd))
    address = asked.address
    journal.put(
        "faults",
        (
            *(asked.send, address.root, address.path, address.step, address.place, address.sample),
            *(asked.attempt, error.fault, str(error), time.time()),
        ),
    )


def batches_out(db: sqlite3.Connection) -> list[StoredBatch]:
    """Return the batches whose replies have not all come back, the oldest first."""
    found = db.execute(
        "SELECT id, key, role, path, n_requests, state, remote FROM batches k WHERE state IN ('intent', 'sent')"
        " OR (state = 'file' AND EXISTS (SELECT 1 FROM batch_calls b LEFT JOIN settled s ON s.send = b.send"
        " WHERE b.batch = k.id AND s.send IS NULL)) ORDER BY id"
    )
    return [StoredBatch(*row) for row in found]


def told_of_left(db: sqlite3.Connection, batch: StoredBatch) -> str:
    """Return the sentence about a batch that this start cannot take up."""
    where = "in a file of requests" if batch.state == "file" else "with the service"
    n_open = sum(1 for _ in open_requests(db, batch.id))
    return (
        f"{n_open} requests of role {batch.role!r} still lie {where}, and the role is no more asked that way:"
        " what of them is needed is asked again, and charged again"
    )


def open_requests(db: sqlite3.Connection, batch: int) -> Iterator[tuple[Asked, Spend]]:
    """Yield the requests of a batch that are not settled, in the order of its file, each with its worst case."""
    for row in db.execute(
        f"SELECT {_COLUMNS}, w.worst_tokens, w.worst_usd FROM batch_calls b JOIN sends w ON w.id = b.send"
        " LEFT JOIN settled s ON s.send = b.send WHERE b.batch = ? AND s.send IS NULL ORDER BY b.send",
        (batch,),
    ):
        yield _asked(row), Spend(1, row[-2], row[-1])


_COLUMNS = (
    "b.send, b.root, b.path, b.step, b.place, b.sample, b.record, b.hash, b.role, b.model, b.max_tokens, b.n,"
    " b.attempt"
)


def _asked(row: tuple[Any, ...]) -> Asked:
    return Asked(row[0], Address(*row[1:6]), *row[6:13])


def request_of(db: sqlite3.Connection, send: int) -> tuple[Asked, str] | None:
    """Return a request of any batch, with its body."""
    row = db.execute(f"SELECT {_COLUMNS}, b.request FROM batch_calls b WHERE b.send = ?", (send,)).fetchone()
    return None if row is None else (_asked(row), row[-1])


def is_settled(db: sqlite3.Connection, send: int) -> bool:
    """Say whether a request has come to its end."""
    return db.execute("SELECT 1 FROM settled WHERE send = ?", (send,)).fetchone() is not None


def faults_by_hand(db: sqlite3.Connection) -> Iterator[tuple[Asked, ModelError]]:
    """Yield the requests of files that ended without a reply, with what the file of replies said of them."""
    for row in db.execute(
        f"SELECT {_COLUMNS}, f.fault, f.message FROM batches k JOIN batch_calls b ON b.batch = k.id"
        " JOIN settled s ON s.send = b.send JOIN faults f ON f.send = b.send WHERE k.state = 'file' ORDER BY f.id"
    ):
        yield _asked(row), _error_of(row[-2], row[-1])


def _error_of(fault: ModelFault, message: str) -> ModelError:
    """Return the error whose text this is, as far as a failed row tells of it; its class says what follows it."""
    lines = message.splitlines() or [""]
    following = (line for line in lines if line.startswith("  next    "))
    return ModelError(
        lines[0].partition(": ")[2],
        fault=fault,
        retryable=True,
        next=next((line.removeprefix("  next    ") for line in following), None),
    )
