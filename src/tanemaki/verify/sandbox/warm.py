"""The warm processes that fork a child for every piece of code: started when needed, kept for the next one."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
from functools import cache
from importlib.resources import files
from pathlib import Path

from tanemaki.core.errors import SetupError

MODULES = (
    *("abc", "argparse", "array", "base64", "bisect", "calendar", "cmath", "collections"),
    *("colorsys", "configparser", "contextlib", "copy", "csv", "dataclasses", "datetime"),
    *("decimal", "difflib", "enum", "fnmatch", "fractions", "functools", "graphlib", "hashlib"),
    *("heapq", "hmac", "html", "io", "itertools", "json", "logging", "math", "numbers"),
    *("operator", "os", "pathlib", "pickle", "pprint", "queue", "random", "re", "secrets"),
    *("shlex", "statistics", "string", "struct", "sys", "textwrap", "time", "types", "typing"),
    *("unicodedata", "urllib.parse", "uuid", "zlib"),
)
"""Modules of the standard library that executed code can import."""
_BELOW = (
    "_strptime",
    "encodings.ascii",
    "encodings.idna",
    "encodings.latin_1",
    "encodings.utf_8",
    "resource",
)
"""What the standard library loads late by itself, and what the warm process needs."""
_START_S = 30  # a warm process is there in 0.1 s; a machine that needs 300 times that is broken
_BUBBLEWRAP = (
    *("--unshare-all", "--new-session", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"),
    *("--cap-drop", "ALL", "--"),
)


class Ended(Exception):
    """A warm process is gone: another one takes its place."""


class Warm:
    """One warm process. Not for two threads at once. Raises ``SetupError`` where none can be started.

    ``wrapped`` puts bubblewrap around it, ``apart`` namespaces where the kernel lets it; the filter of system calls is
    always there.
    """

    def __init__(self, *, wrapped: bool, apart: bool = True) -> None:
        self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        inside = files("tanemaki.verify.sandbox").joinpath("inside.py").read_text(encoding="utf-8")
        command = [sys.executable, "-S", "-s", "-P", "-B", "-X", "utf8", "-c", inside]
        command += [",".join((*MODULES, *_BELOW)), "leave" if apart else "stay"]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this very interpreter, with a program of this package
                [str(bubblewrap()), *_BUBBLEWRAP, *command] if wrapped else command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"PYTHONHASHSEED": "0"},
                start_new_session=True,
            )
        self.channel.settimeout(_START_S)
        try:
            told = self.channel.recv(4096)
        except OSError:
            told = b""
        if not told:
            self.close()
            raise SetupError(
                "the process for foreign code does not start",
                got=f"exit code {self._process.returncode} of {sys.executable}",
                next="run `tanemaki doctor`; Python must be able to start itself there",
            )
        self.told = json.loads(told)
        """``namespaces`` and ``seccomp``: whether they hold inside; ``machine``."""

    def execute(self, descriptors: list[int], wait_s: float) -> tuple[int, float, bool]:
        """Let a child do what the files say. Return its wait status, processor time, and whether it was killed."""
        try:
            socket.send_fds(self.channel, [b"run"], descriptors)
            self.channel.settimeout(wait_s)
            killed = False
            try:
                told = self.channel.recv(64)
            except TimeoutError:
                killed = True
                self.channel.send(b"end")
                self.channel.settimeout(_START_S)
                told = self.channel.recv(64)
        except OSError as error:
            raise Ended(str(error)) from error
        if not told:
            raise Ended("the channel is closed")
        status, cpu_s = struct.unpack("<id", told)
        return status, cpu_s, killed

    def close(self) -> None:
        """End it: it goes when its channel is closed."""
        self.channel.close()
        try:
            self._process.wait(_START_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


_idle: list[Warm] = []
_lock = threading.Lock()


def take() -> Warm:
    """Return a warm process that nobody uses."""
    check()
    with _lock:
        if _idle:
            return _idle.pop()
    return Warm(wrapped=bubblewrap() is not None)


def give_back(warm: Warm) -> None:
    """Keep a warm process for the next one who takes it."""
    with _lock:
        _idle.append(warm)


def close_all() -> None:
    """End the warm processes that nobody uses."""
    with _lock:
        leaving, _idle[:] = _idle[:], []
    for one in leaving:
        one.close()


def _forget() -> None:
    """Leave them to the process that has started them: two must not speak on one channel."""
    _lock.release()
    for one in _idle:
        one.channel.close()
        one._process.returncode = 0  # noqa: SLF001 - not this process's child
    _idle.clear()


atexit.register(close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_forget)


@cache
def bubblewrap() -> Path | None:
    """Return the program where it is installed and really works here; containers often forbid what it does."""
    found = shutil.which("bwrap")
    if found is None:
        return None
    tried = subprocess.run(  # noqa: S603 - found on the path
        [found, *_BUBBLEWRAP, sys.executable, "-S", "-c", ""],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return Path(found) if tried.returncode == 0 else None


@cache
def layers() -> dict[str, str | bool]:
    """Return what holds executed code here: ``seccomp``, ``namespaces``, ``bubblewrap``, or ``why`` nothing is executed.

    It is found by starting a process, not by asking for versions.
    """
    if not sys.platform.startswith("linux"):
        return {"why": f"the sandbox is built from parts of Linux, and this is {sys.platform}"}
    try:
        warm = Warm(wrapped=bubblewrap() is not None)
    except SetupError as error:
        return {"why": error.what}
    told = {name: bool(warm.told[name]) for name in ("seccomp", "namespaces")}
    give_back(warm)
    if not told["seccomp"]:
        return {
            "why": f"there is no filter of system calls for {warm.told['machine']}, or the kernel refuses it"
        }
    return {**told, "bubblewrap": bubblewrap() is not None}


def check() -> None:
    """Raise ``SetupError`` where foreign code cannot be held: nothing is executed there."""
    why = layers().get("why")
    if why:
        raise SetupError(
            "code that others wrote is executed only where it cannot reach network, files and processes",
            got=str(why),
            next="run this recipe on Linux 5.3 or newer (x86_64 or aarch64; a container or WSL 2 will do)",
        )
