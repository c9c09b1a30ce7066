"""The batch contract: many requests go out as one file, and their replies come back as another, minutes or a day later.

The form is that of the OpenAI-compatible batch interface: a JSON object a line, replies tied to requests by ``custom_id``::

    {"custom_id": "17-9f…", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "…", "messages": […]}}
    {"custom_id": "17-9f…", "response": {"status_code": 200, "body": {"choices": […]}}, "error": null}

A service takes such files over the network; a request file is carried by hand to a machine without one (``vllm run-batch``
reads it). To the steps of a recipe both look like a model that is slow.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from tanemaki.core.errors import ModelError
from tanemaki.core.model import Reply, Request
from tanemaki.core.record import Json

ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
"""States of a batch that nothing follows; before them come validating, in_progress, finalizing and cancelling."""


@dataclass(frozen=True, slots=True)
class BatchTerms:
    """When a batch is closed, and how it is waited for."""

    size: int = 50_000
    """Most requests in one batch."""
    n_bytes: int = 190_000_000
    """Longest file."""
    age_s: float = 600.0
    """Seconds that the first request of a batch waits for others at most."""
    margin: float = 0.1
    """Share by which more is asked for than the wanted rows need at the measured acceptance."""
    poll_s: float = 15.0
    """Seconds until a batch is looked after for the first time; the pauses grow."""


class Complaint(NamedTuple):
    """Why a service refused a batch as a whole."""

    code: str
    message: str
    line: int | None
    """Line of the file, from 1; None where the service names none."""


@dataclass(frozen=True, slots=True)
class RemoteBatch:
    """A batch as its service tells of it."""

    id: str
    status: str
    files: tuple[str, ...] = ()
    """Ids of the files with replies and errors, as far as there are any."""
    complaints: Sequence[Complaint] = field(default=())

    @property
    def is_over(self) -> bool:
        """Nothing more will come than what lies in its files."""
        return self.status in ENDED


class BatchLines(Protocol):
    """Writes requests and reads replies as lines of batch files."""

    def path(self, request: Request) -> str:
        """Return the path that answers such a request; all requests of one batch have the same."""

    def line(self, custom_id: str, request: Request) -> bytes:
        """Return the line of a request, with its line end. Raises ``ModelError`` if it cannot be written as JSON."""

    def read(self, line: Mapping[str, Json], n: int) -> Reply | ModelError | None:
        """Return what became of a request that asked for ``n`` replies; None where it was never worked on."""


class BatchService(BatchLines, Protocol):
    """An endpoint that takes batch files. Every method raises ``ModelError`` with its fault."""

    async def find(self, key: str) -> RemoteBatch | None:
        """Return the batch that was made under a client key, if it ever was."""

    async def find_file(self, key: str) -> str | None:
        """Return the id of the file that was uploaded under a client key, if it ever was."""

    async def upload(self, key: str, lines: BinaryIO) -> str:
        """Send a file of requests under a client key and return its id."""

    async def create(self, key: str, path: str, file_id: str) -> RemoteBatch:
        """Make a batch of an uploaded file, under the same client key."""

    async def retrieve(self, batch: str) -> RemoteBatch:
        """Return how far a batch is."""

    def results(self, batch: RemoteBatch) -> AsyncIterator[Mapping[str, Json]]:
        """Yield the lines of a batch's files, those of replies before those of errors."""

    async def delete_file(self, file_id: str) -> None:
        """Take an uploaded file away; one that is not there any more is no fault."""


class RequestFile(BatchLines, Protocol):
    """A file that is carried to the model by hand."""

    @property
    def to(self) -> Path:
        """Where the requests are written."""


@dataclass(frozen=True, slots=True)
class Batching:
    """How a role is asked by batch files: over a service, or by hand."""

    terms: BatchTerms
    lines: BatchLines
    service: BatchService | None = None
    """Who takes the files; None where they are carried by hand."""
    file: RequestFile | None = None
    """Where the file goes that is carried by hand; None where a service takes them."""
