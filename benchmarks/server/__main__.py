"""The endpoint as a process: ``python -m benchmarks.server``. Its first line is two ports, the endpoint's and the desk's.

To the second port goes one JSON object a line: ``{"behave": {…}}`` changes the behaviour, ``{"reset": true}`` begins new
books, ``{}`` asks for the figures; each is answered by one line of figures.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import resource
import sys

import uvloop

from benchmarks.server.desk import Desk
from benchmarks.server.draws import Behaviour
from benchmarks.server.service import Service
from benchmarks.server.wire import Connection


class Endpoint:
    """The listening side, which can die while the books stay open."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._members: set[Connection] = set()
        self._service = Service(desk, self._die)
        self._server: asyncio.Server | None = None
        self._cpu_before = 0.0
        self.port = 0

    def _connect(self) -> Connection:
        books = self._desk.books
        books.connections += 1
        books.peak_connections = max(books.peak_connections, len(self._members) + 1)
        return Connection(self._service.ask, self._members)

    async def listen(self) -> None:
        """Listen, on the same port as before where there was one."""
        if self._server is None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(self._connect, "127.0.0.1", self.port, backlog=4096)
            self.port = self._server.sockets[0].getsockname()[1]

    def _die(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for member in list(self._members):
            if member.transport is not None:  # what was in flight is noted as given up
                member.transport.abort()

    async def command(self, line: bytes) -> bytes:
        """Do what a line says, and answer with the figures."""
        told = json.loads(line)
        if "behave" in told:
            self._desk.behaviour = dataclasses.replace(Behaviour(), **told["behave"])
            await self.listen()
        if told.get("reset"):
            self._desk.reset()
            self._cpu_before = _cpu_s()
        figures = {**self._desk.told(), "server_cpu_s": round(_cpu_s() - self._cpu_before, 3)}
        return json.dumps(figures).encode() + b"\n"


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _main() -> None:
    endpoint = Endpoint(Desk(asyncio.get_running_loop()))
    await endpoint.listen()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(await endpoint.command(line))
            await writer.drain()
        writer.close()

    desk = await asyncio.start_server(serve, "127.0.0.1", 0)
    sys.stdout.write(f"{endpoint.port} {desk.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    parent = os.getppid()
    while os.getppid() == parent:  # never outlive who measures
        await asyncio.sleep(1)


if __name__ == "__main__":
    uvloop.run(_main())
