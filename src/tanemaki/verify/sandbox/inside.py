"""The process in which foreign code runs: a warm one waits, and forks a child for every order.

It is started by :mod:`tanemaki.verify.sandbox.warm` with this file's text as its program and needs the standard library
alone. The warm process loads the modules that code may use, goes to namespaces of its own where the kernel lets it, and
never runs foreign code itself. A child sets its limits, gives up every right for good, and only then compiles what it was
sent.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import io
import json
import math
import os
import platform
import select
import signal
import socket
import struct
import sys
import time
import traceback
import types
from typing import Any

# System calls that are allowed; names in the order of the numbers.
# read write close fstat mmap mprotect munmap brk rt_sigreturn writev sched_yield mremap madvise nanosleep getpid exit
# gettimeofday getrusage times sigaltstack gettid time futex restart_syscall clock_gettime clock_getres clock_nanosleep
# exit_group set_robust_list getrandom rseq
_X86_64 = (0, 1, 3, 5, 9, 10, 11, 12, 15, 20, 24, 25, 28, 35, 39, 60, 96, 98, 100, 131, 186, 201, 202, 219, 228, 229,
           230, 231, 273, 318, 334)  # fmt: skip
# set_robust_list restart_syscall close read write writev fstat exit exit_group futex nanosleep clock_gettime clock_getres
# clock_nanosleep sched_yield sigaltstack rt_sigreturn times getrusage gettimeofday getpid gettid brk munmap mremap mmap
# mprotect madvise getrandom rseq
_AARCH64 = (99, 128, 57, 63, 64, 66, 80, 93, 94, 98, 101, 113, 114, 115, 124, 132, 139, 153, 165, 169, 172, 178, 214,
            215, 216, 222, 226, 233, 278, 293)  # fmt: skip
_MACHINES = {"x86_64": (0xC000003E, _X86_64), "aarch64": (0xC00000B7, _AARCH64)}
"""Machine → its number in a filter, and what is allowed on it."""

_NAMESPACES = (
    0x10000000 | 0x20000 | 0x40000000 | 0x08000000 | 0x04000000
)  # user, mount, network, IPC, host name
_PRIVATE, _READ_ONLY = (
    0x4000 | 0x40000,
    0x1 | 0x2 | 0x4 | 0x8,
)  # mount flags; read-only without set-user-id, devices, programs


def seccomp_filter(machine: str) -> bytes | None:
    """Return the filter of system calls for a machine as the kernel reads it; None for one that is not known.

    Source: the kernel's ``Documentation/userspace-api/seccomp_filter.rst``.

    >>> seccomp_filter("x86_64")[:8].hex(), seccomp_filter("pdp11")
    ('2000000004000000', None)
    """
    if machine not in _MACHINES:
        return None
    number, allowed = _MACHINES[machine]
    load, equal, give = 0x20, 0x15, 0x06
    refuse, kill, allow = 0x00050001, 0x80000000, 0x7FFF0000  # the first is "no, with EPERM"
    lines = [(load, 0, 0, 4), (equal, 1, 0, number), (give, 0, 0, kill), (load, 0, 0, 0)]
    n = len(allowed)
    lines += [(equal, n - place, 0, call) for place, call in enumerate(allowed)]
    lines += [(give, 0, 0, refuse), (give, 0, 0, allow)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)


def main() -> None:
    """Load what code may use, then fork a child for every order until the channel is closed."""
    os.close(os.pidfd_open(os.getpid()))  # an older kernel ends here, not in the middle of an order
    channel = socket.socket(
        fileno=0
    )  # a low number, so that a child's `closerange` closes it whatever is open elsewhere
    for name in sys.argv[1].split(","):
        importlib.import_module(name)
    time.localtime()  # reads the time zone once, since no file can be opened later
    libc = ctypes.CDLL(None, use_errno=True)
    machine = platform.machine()
    namespaces = sys.argv[2] == "leave" and _leave(libc)
    filtered = seccomp_filter(machine) or b""
    told = {"namespaces": namespaces, "seccomp": _accepts(libc, filtered), "machine": machine}
    channel.send(json.dumps(told).encode())
    while True:
        message, files, _, _ = socket.recv_fds(channel, 64, 4)
        if not message:
            return
        if len(files) != 4:  # noqa: PLR2004 - order, output, errors, results; else the end of a child that has ended by itself
            continue
        pid = os.fork()
        if pid == 0:
            try:
                _child(files, libc, filtered)
            finally:
                os._exit(1)
        for one in files:
            os.close(one)
        if not _wait(channel, pid):
            return


def _wait(channel: socket.socket, pid: int) -> bool:
    """Tell how a child ended; kill it when the other side says so, or is gone, which is False."""
    watch = os.pidfd_open(pid)
    waiting = select.poll()
    waiting.register(watch, select.POLLIN)
    waiting.register(channel, select.POLLIN)
    if watch not in [one for one, _ in waiting.poll()]:
        os.kill(pid, signal.SIGKILL)
    _, status, used = os.wait4(pid, 0)
    os.close(watch)
    try:
        channel.send(struct.pack("<id", status, used.ru_utime + used.ru_stime))
    except OSError:
        return False
    return True


def _leave(libc: Any) -> bool:
    """Go to namespaces of our own, with an empty root folder and no network; False where the kernel does not allow it."""
    user = os.getuid()
    if libc.unshare(_NAMESPACES) != 0:
        return False
    with contextlib.suppress(OSError):  # the rights of the new namespace do not depend on it
        for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123 - pathlib need not be loaded
                file.write(text)
    hidden = libc.mount(None, b"/", None, _PRIVATE, None) == 0
    if not hidden or libc.mount(b"tmpfs", b"/tmp", b"tmpfs", _READ_ONLY, b"size=4k") != 0:
        return False
    os.chroot("/tmp")  # noqa: S108 - the empty one that was just put there
    os.chdir("/")
    return True


def _accepts(libc: Any, filtered: bytes) -> bool:
    """Whether the kernel takes the filter: tried in a child, since it can never be taken off again."""
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(0 if _filter(libc, filtered) and not _can_open() else 1)
        finally:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def _can_open() -> bool:
    try:
        os.close(os.open("/", os.O_RDONLY))
    except PermissionError:
        return False
    return True


def _child(files: list[int], libc: Any, filtered: bytes) -> None:
    """Give up every right, run the order, and end."""
    import resource

    for target, one in enumerate(files):
        os.dup2(one, target)
    os.closerange(4, 1024)
    os.setsid()
    with io.FileIO(0, closefd=False) as file:
        order = json.loads(file.readall())
    os.environ.clear()
    sys.argv[:] = [""]
    sys.modules["random"].seed(0)  # foreign code that draws does so the same each time
    libc.prctl(1, signal.SIGKILL, 0, 0, 0)  # ends with the warm process
    libc.prctl(4, 0, 0, 0, 0)  # no core dump, not even for a program of this machine that collects them
    libc.capset(
        struct.pack("Ii", 0x20080522, 0), bytes(24)
    )  # no rights of the administrator, whoever started this
    for which, most in (
        (resource.RLIMIT_AS, order["memory_mb"] << 20),
        (resource.RLIMIT_CPU, math.ceil(order["time_s"]) + 1),
        (resource.RLIMIT_FSIZE, order["output_bytes"]),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 4),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(which)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)  # noqa: PLW2901 - never above what there is
        resource.setrlimit(which, (most, most))
    signal.setitimer(signal.ITIMER_PROF, order["time_s"])
    if not _filter(libc, filtered):
        return
    code = _obey(order)
    with contextlib.suppress(OSError, ValueError):  # the output is full, or the code has closed it
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _filter(libc: Any, filtered: bytes) -> bool:
    """Install the filter; nothing can take it off again."""
    lines = ctypes.create_string_buffer(filtered, len(filtered))
    program = struct.pack("HxxxxxxP", len(filtered) // 8, ctypes.addressof(lines))
    no_new_rights, set_filter = 38, 22
    return bool(filtered) and not (
        libc.prctl(no_new_rights, 1, 0, 0, 0) or libc.prctl(set_filter, 2, program, 0, 0)
    )


def _obey(order: dict[str, Any]) -> int:
    """Run the code, as a program or as a module whose function is called; return the exit code."""
    sys.stdin = io.StringIO(order["stdin"])
    module = types.ModuleType("answer" if order["function"] else "__main__")
    sys.modules["__main__"] = sys.modules[module.__name__] = module
    try:
        exec(compile(order["code"], "answer.py", "exec"), vars(module))  # noqa: S102 - what this process is for
        for arguments in order["calls"]:
            try:
                _tell({"value": _plain(vars(module)[order["function"]](*arguments))})
            except Exception as error:  # noqa: BLE001 - it is the call's result
                said = f"{type(error).__name__}: {error}"[:500].encode("utf-8", "replace").decode()
                _tell({"error": said, "why": _why(error)})
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException as error:  # noqa: BLE001 - it is the run's result
        with contextlib.suppress(OSError):  # its output is full
            _tell({"why": _why(error)})
            own = error.__traceback__.tb_next if error.__traceback__ else None  # without this file's line
            traceback.print_exception(type(error), error, own, limit=-5)
        return 1
    return 0


def _why(error: BaseException) -> str:
    return (
        "memory"
        if isinstance(error, MemoryError)
        else "refused"
        if isinstance(error, PermissionError)
        else "error"
    )


def _tell(line: dict[str, Any]) -> None:
    """Write to the channel of results: standard output is the code's own."""
    os.write(3, json.dumps(line, allow_nan=False).encode() + b"\n")


def _plain(value: Any) -> Any:
    """Return a value that JSON holds as it is. Raises ``TypeError`` for any other, a tuple among them."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    if type(value) is list:
        return [_plain(one) for one in value]
    if type(value) is dict and all(type(key) is str for key in value):
        return {key: _plain(one) for key, one in value.items()}
    raise TypeError(f"a {type(value).__name__} is no JSON value")


if __name__ == "__main__":
    main()
