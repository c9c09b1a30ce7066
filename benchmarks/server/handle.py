"""The endpoint as its user holds it: started, told how to behave, asked what it saw."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]


class Endpoint:
    """A server process; a context manager. Keywords of :meth:`behave` are the fields of ``draws.Behaviour``."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.server"], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        port, desk = self._process.stdout.readline().split()
        self.url = f"http://127.0.0.1:{port}/v1"
        self._socket = socket.create_connection(("127.0.0.1", int(desk)))
        self._lines = self._socket.makefile("rb")
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self._socket.close()
        self._process.terminate()
        self._process.wait(timeout=30)
        if self._process.stdout is not None:
            self._process.stdout.close()

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._process.pid

    def behave(self, **behaviour: Any) -> None:
        """Behave so from now on (what is left out is plain), and begin new books."""
        self._say({"behave": behaviour, "reset": True})

    def seen(self) -> dict[str, Any]:
        """Return what it saw since then."""
        return self._say({})

    def _say(self, told: dict[str, Any]) -> dict[str, Any]:
        self._socket.sendall(json.dumps(told).encode() + b"\n")
        figures: dict[str, Any] = json.loads(self._lines.readline())
        return figures

    def wait_for_replies(self, n: int, within_s: float, process: subprocess.Popen[str]) -> bool:
        """Wait until so many replies were given; False if the time is over, or the process has ended, before that."""
        until = time.monotonic() + within_s
        while time.monotonic() < until and process.poll() is None:
            if self.seen()["answered"] >= n:
                return True
            time.sleep(0.02)
        return False
