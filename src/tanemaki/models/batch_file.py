"""A model without a line to it: its requests are written into a file, and its replies are brought back as another.

``kind: batch-file`` in the run file. ``tanemaki export-requests`` writes what is needed, any program that reads batch files
answers it (``vllm run-batch -i requests.jsonl -o replies.jsonl --model NAME``), ``tanemaki import-replies`` takes it in.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import ModelError, SetupError
from tanemaki.core.model import Capability, Reply, Request
from tanemaki.core.record import Json
from tanemaki.models.batch import path_of, read_line, write_line
from tanemaki.models.faults import Asked
from tanemaki.models.openai_compatible import ALL


class BatchFile:
    """A model that is asked by hand. ``to`` is where its requests are written; None where nobody said it yet."""

    def __init__(self, role: str, settings: ModelSettings) -> None:
        self._role = role
        self._settings = settings
        self._to = Path()
        self._is_told = False

    @property
    def name(self) -> str:
        """The model's name, as the run file gives it and as the requests carry it."""
        return self._settings.name or ""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the run file says; everything where it says nothing."""
        return ALL if self._settings.capabilities is None else frozenset(self._settings.capabilities)

    @property
    def to(self) -> Path:
        """Where the requests are written."""
        return self._to

    def write_to(self, path: Path) -> None:
        """Say where the requests are written."""
        self._to, self._is_told = path, True

    async def open(self) -> None:
        """Raise ``SetupError`` where nobody said where the requests go: a run alone cannot ask this model."""
        if not self._is_told:
            raise SetupError(
                f"the model of role {self._role!r} is asked through files, and `run` sends nothing to files",
                where=f"models.{self._role}.kind",
                next="tanemaki export-requests FILE.yaml --to requests.jsonl",
            )

    async def reply(self, request: Request) -> Reply:  # noqa: ARG002 - the contract of a model
        """Raise ``ModelError``: nothing is answered here."""
        raise ModelError(
            f"the model of role {self._role!r} is asked through files", fault="bad_request", ends_run=True
        )

    async def close(self) -> None:
        """Do nothing."""

    def path(self, request: Request) -> str:
        """Return the path that answers such a request."""
        return path_of(request)

    def line(self, custom_id: str, request: Request) -> bytes:
        """Return a request as a line of the file."""
        return write_line(custom_id, path_of(request), {"model": self.name, **request.to_wire()})

    def read(self, line: Mapping[str, Json], n: int) -> Reply | ModelError | None:
        """Return what a line of the replies says of its request."""
        return read_line(line, Asked(self._role, self.name, "a file of replies"), n)


def from_settings(role: str, settings: ModelSettings, base: Path) -> BatchFile:  # noqa: ARG001
    """Return the model of a role of ``kind: batch-file``."""
    return BatchFile(role, settings)
