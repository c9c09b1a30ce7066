"""What foreign code can do in the sandbox, which is to compute, and what becomes of everything else."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest

from tanemaki.core.errors import SetupError
from tanemaki.verify.sandbox import MODULES, Limits, Outcome, call, layers, run
from tanemaki.verify.sandbox.execute import _once
from tanemaki.verify.sandbox.inside import seccomp_filter
from tanemaki.verify.sandbox.warm import Warm, bubblewrap, close_all, give_back, take

SHORT = Limits(time_s=0.2, wait_s=5)
KINDS = {"seccomp": (False, False), "namespaces": (False, True), "bubblewrap": (True, False)}


def kinds_here() -> list[str]:
    return [name for name in KINDS if layers().get(name)]


@pytest.fixture(params=kinds_here(), scope="module")
def held(request: pytest.FixtureRequest) -> Iterator[Warm]:
    """One layer alone beside the filter of system calls, whichever this machine has."""
    wrapped, apart = KINDS[request.param]
    warm = Warm(wrapped=wrapped, apart=apart)
    yield warm
    warm.close()


def tried(held: Warm, code: str, limits: Limits = SHORT, stdin: str = "") -> Outcome:
    order = {"code": code, "stdin": stdin, "function": "", "calls": [], **asdict(limits)}
    return _once(held, json.dumps(order).encode(), limits)


def test_a_program_reads_its_input_and_writes_its_output(held: Warm) -> None:
    told = tried(held, "print(input()[::-1])", stdin="しんぶんし\n")
    assert (told.why, told.exit_code, told.stdout, told.stderr) == ("ok", 0, "しんぶんし\n", "")


def test_an_infinite_loop_is_stopped_by_its_processor_time(held: Warm) -> None:
    told = tried(held, "while True: pass")
    assert (told.why, told.exit_code) == ("time", None)
    assert 0.19 < told.cpu_s < 2


CATCHES_ALL = """
import signal
while True:
    try:
        signal.signal(signal.SIGPROF, signal.SIG_IGN)
    except BaseException:
        pass
"""


def test_a_loop_that_catches_everything_is_stopped_too(held: Warm) -> None:
    assert tried(held, CATCHES_ALL).why == "time"


def test_code_that_sleeps_is_stopped_by_the_clock(held: Warm) -> None:
    told = tried(held, "import time\ntime.sleep(60)", Limits(time_s=1, wait_s=0.2))
    assert told.why == "time"
    assert told.cpu_s < 0.2


BOMB = """
import os
refused = 0
while refused < 100:
    try:
        os.fork()
    except OSError:
        refused += 1
print(refused)
"""


def test_a_fork_bomb_does_not_even_start(held: Warm) -> None:
    before = children_of_all()
    told = tried(held, BOMB)
    assert (told.why, told.stdout) == ("ok", "100\n")
    assert children_of_all() <= before + 1


def children_of_all() -> int:
    return sum(one.name.isdigit() for one in Path("/proc").iterdir())


FORBIDDEN = {
    "a child": "import os\nos.fork()",
    "a program": "import os\nos.execv('/bin/true', ['true'])",
    "a program through posix_spawn": "import os\nos.posix_spawn('/bin/true', ['true'], {})",
    "a file in the current folder": "open('x.txt', 'w')",
    "a file in /tmp": "open('/tmp/tanemaki-was-here', 'w')",
    "a file at home": "import os\nopen(os.path.expanduser('~/tanemaki-was-here'), 'w')",
    "a new folder": "import os\nos.mkdir('/tmp/tanemaki-was-here')",
    "a removal": "import os\nos.remove('/tmp/tanemaki-here')",
    "reading a password file": "print(open('/etc/passwd').read())",
    "reading another's environment": "import os\nprint(open(f'/proc/{os.getppid()}/environ', 'rb').read())",
    "a listing": "import os\nprint(os.listdir('/'))",
    "a status": "import os\nprint(os.stat('/etc/passwd'))",
    "a TCP socket": "import _socket\n_socket.socket()",
    "a UDP socket": "import _socket\n_socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)",
    "a Unix socket": "import _socket\n_socket.socket(_socket.AF_UNIX)",
    "a raw socket": "import _socket\n_socket.socket(_socket.AF_PACKET, _socket.SOCK_RAW)",
    "a pair of sockets": "import _socket\n_socket.socketpair()",
    "a signal to its parent": "import os\nos.kill(os.getppid(), 9)",
    "a signal to all": "import os\nos.kill(-1, 9)",
    "a handler of signals": "import signal\nsignal.signal(signal.SIGPROF, signal.SIG_IGN)",
    "shared memory": "import os\nos.memfd_create('x')",
    "a pipe": "import os\nos.pipe()",
    "another user": "import os\nos.setuid(0)",
    "a new root": "import os\nos.chroot('/')",
}  # fmt: skip


PLACES = [Path("/") / "tmp" / "tanemaki-was-here", Path("~/tanemaki-was-here").expanduser(), Path("x.txt")]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_it_is_refused(held: Warm, what: str) -> None:
    told = tried(held, FORBIDDEN[what])
    assert (told.why, told.stdout) == ("refused", ""), told
    assert "PermissionError: [Errno 1]" in told.stderr
    assert [place for place in PLACES if place.exists()] == []


IN_OTHER_WORDS = {
    "a thread": (
        "import _thread\n_thread.start_new_thread(print, ())",
        "RuntimeError: can't start new thread",
    ),
    "more time": ("import signal\nsignal.setitimer(signal.ITIMER_PROF, 0)", "signal.itimer_error: [Errno 1]"),
    "higher limits": (
        "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (9, 9))",
        "ValueError: not allowed",
    ),
}


@pytest.mark.parametrize("what", IN_OTHER_WORDS)
def test_it_is_refused_in_words_of_its_own(held: Warm, what: str) -> None:
    code, said = IN_OTHER_WORDS[what]
    told = tried(held, code)
    assert told.why == "error"
    assert said in told.stderr


BY_THE_C_LIBRARY = """
import ctypes
c = ctypes.CDLL(None, use_errno=True)
tried = [
    (c.socket, (2, 1, 0)), (c.open, (b'/etc/passwd', 0)), (c.fork, ()), (c.system, (b'true',)), (c.unlink, (b'/x',)),
    (c.kill, (1, 9)), (c.ptrace, (0, 0, 0, 0)), (c.unshare, (0x10000000,)), (c.prctl, (22, 0, 0)), (c.chmod, (b'/', 0)),
]
for call, arguments in tried:
    call(*arguments)
    print(call.__name__, ctypes.get_errno())
"""


def test_what_the_c_library_asks_for_by_itself_is_refused_too(held: Warm) -> None:
    told = tried(held, BY_THE_C_LIBRARY)
    assert told.why == "ok", told.stderr
    assert {line.split()[1] for line in told.stdout.splitlines()} == {"1"}, told.stdout
    assert len(told.stdout.splitlines()) == 10


def test_a_listening_socket_of_this_machine_is_not_reached(held: Warm) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        port = server.getsockname()[1]
        told = tried(
            held, f"import _socket\ns = _socket.socket()\ns.connect(('127.0.0.1', {port}))\nprint('there')"
        )
        assert (told.why, told.stdout) == ("refused", "")
        with pytest.raises(BlockingIOError):
            server.accept()


LOOK_UP = """
import _socket
try:
    print(_socket.getaddrinfo('example.com', 80))
except _socket.gaierror:
    print('no')
"""


def test_a_name_is_not_looked_up(held: Warm) -> None:
    assert tried(held, LOOK_UP).stdout == "no\n"


def test_the_environment_and_the_arguments_are_empty(held: Warm) -> None:
    os.environ["TANEMAKI_TEST_PLACE"] = "hidden"  # one was started before this, the other one after it
    try:
        for warm in (held, Warm(wrapped=False)):
            told = tried(
                warm, "import os, sys\nprint(dict(os.environ), sys.argv, os.getenv('TANEMAKI_TEST_PLACE'))"
            )
            assert told.stdout == "{} [''] None\n"
        warm.close()
    finally:
        del os.environ["TANEMAKI_TEST_PLACE"]


OPEN_FILES = """
import os
for n in range(64):
    try:
        os.write(n, b'')
        print(n, end=' ')
    except OSError:
        pass
"""


def test_no_file_is_open_but_its_own_four(held: Warm) -> None:
    assert tried(held, OPEN_FILES).stdout == "0 1 2 3 "


def test_huge_output_is_cut(held: Warm) -> None:
    told = tried(held, "while True: print('あ' * 1000)", Limits(output_bytes=10_000))
    assert told.why == "output"
    assert 9_000 < len(told.stdout.encode()) < 10_003
    assert (
        tried(held, "import sys\nsys.stderr.write('x' * 100000)", Limits(output_bytes=10_000)).why == "output"
    )


def test_huge_memory_is_not_given(held: Warm) -> None:
    assert tried(held, "x = bytearray(10 ** 9)").why == "memory"
    assert (
        tried(held, "x = []\nwhile True: x.append('a' * 10 ** 6 + str(len(x)))", Limits(time_s=5)).why
        == "memory"
    )
    patient = Limits(time_s=5, wait_s=30)  # to fill a tenth of a gigabyte takes long where others do so, too
    assert tried(held, "x = bytearray(10 ** 8)\nprint(len(x))", patient).stdout == "100000000\n"


def test_deep_recursion_harms_nobody(held: Warm) -> None:
    told = tried(held, "def f(n):\n    return f(n + 1)\nf(0)")
    assert (told.why, told.exit_code) == ("error", 1)
    assert "RecursionError" in told.stderr
    deeper = "import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(n):\n    return [f(n + 1)]\nf(0)"
    assert tried(held, deeper).why in ("signal", "memory", "time", "error")
    assert tried(held, "print(1)").stdout == "1\n"


@pytest.mark.parametrize(
    ("code", "why", "exit_code"),
    [
        ("import sys\nsys.exit(3)", "error", 3),
        ("import sys\nsys.exit(120)", "error", 120),
        ("import sys\nsys.exit('no')", "error", 1),
        ("raise SystemExit", "ok", 0),
        ("import os\nos._exit(4)", "error", 4),
        ("import os\nos._exit(0)", "ok", 0),
        ("1 / 0", "error", 1),
        ("def f(:", "error", 1),
        ("import os\nos.abort()", "signal", None),
        ("raise KeyboardInterrupt", "error", 1),
        ("import ctypes\nctypes.string_at(0)", "signal", None),
        ("import numpy", "error", 1),
        ("import asyncio", "error", 1),
        ("\0", "error", 1),
    ],
)
def test_how_it_ends_is_told(held: Warm, code: str, why: str, exit_code: int | None) -> None:
    told = tried(held, code)
    assert (told.why, told.exit_code) == (why, exit_code), told


def test_the_traceback_is_that_of_the_code_alone(held: Warm) -> None:
    told = tried(held, "def f():\n    return 1 / 0\nf()")
    assert told.stderr.splitlines()[:3] == [
        "Traceback (most recent call last):",
        '  File "answer.py", line 3, in <module>',
        '  File "answer.py", line 2, in f',
    ]
    assert "inside" not in told.stderr


def test_nothing_is_left_from_one_piece_of_code_to_the_next(held: Warm) -> None:
    tried(held, "import builtins, math\nbuiltins.print = None\nmath.pi = 3\n")
    assert tried(held, "import math\nprint(math.pi > 3.1)").stdout == "True\n"


def test_every_module_that_is_promised_can_be_imported(held: Warm) -> None:
    told = tried(held, "\n".join(f"import {name}" for name in MODULES) + "\nprint(len(sys.modules) > 50)")
    assert (told.stdout, told.stderr) == ("True\n", "")


def test_what_the_standard_library_loads_late_is_there(held: Warm) -> None:
    code = "import datetime as d, json, re\nfrom dataclasses import dataclass\n@dataclass\nclass A:\n    x: 'int'\n"
    code += "print(d.datetime.strptime('2024-02-29', '%Y-%m-%d').date(), A(1), 'é'.encode('latin-1'), f'{0.5:.1%}')"
    assert tried(held, code).stdout == "2024-02-29 A(x=1) b'\\xe9' 50.0%\n"


def test_chance_is_the_same_each_time(held: Warm) -> None:
    code = "import random\nprint(random.random(), list({'春', '夏', '秋', '冬'}))"
    assert len({tried(held, code).stdout for _ in range(3)}) == 1


def test_values_come_back_as_they_are_and_nothing_else_does() -> None:
    code = (
        "def f(x):\n    return {'t': (1,), 's': {1}, 'k': {1: 2}, 'n': float('nan'), 'o': object}.get(x, x)"
    )
    values = [1, 1.0, True, None, "あ\x00", [1, [2.5]], {"a": [None]}, 10**30]
    told = call(code, "f", [[one] for one in values if not isinstance(one, list | dict)])
    assert [(type(one.value), one.value) for one in told.returned] == [
        (type(one), one) for one in values if not isinstance(one, list | dict)
    ]
    told = call(code, "f", [["t"], ["s"], ["k"], ["n"], ["o"]])
    assert [one.value for one in told.returned] == [None] * 5
    assert [(one.error or "").split(":")[0] for one in told.returned] == [
        "TypeError", "TypeError", "TypeError", "ValueError", "TypeError",
    ]  # fmt: skip
    assert told.returned[0].error == "TypeError: a tuple is no JSON value"


def test_a_call_that_fails_says_how_and_the_others_go_on() -> None:
    told = call("def f(n):\n    return 10 // n", "f", [[5], [0], [2]])
    assert [one.value for one in told.returned] == [2, None, 5]
    assert told.returned[1].error == "ZeroDivisionError: integer division or modulo by zero"
    assert told.why == "ok"


def test_a_function_that_is_not_there_is_an_error_of_the_call() -> None:
    assert call("def g(): pass", "f", [[]]).returned[0].error == "KeyError: 'f'"


def test_results_before_an_endless_call_are_kept() -> None:
    told = call("def f(n):\n    while n: pass\n    return n", "f", [[0], [1], [0]], limits=SHORT)
    assert told.why == "time"
    assert [one.value for one in told.returned] == [0]


def test_what_code_prints_is_not_taken_for_a_result() -> None:
    told = call("def f(n):\n    print('{\"value\": 42}')\n    return 1", "f", [[0]])
    assert [one.value for one in told.returned] == [1]
    assert told.stdout == '{"value": 42}\n'


FORGED = {
    "no JSON": (r"os.write(3, b'{x}\n')", "Expecting property name"),
    "no UTF-8": (r"os.write(3, b'\xff\n')", "Expecting value"),
    "no value": (r"os.write(3, b'{\"value\": NaN}\n')", "NaN is no JSON value"),
    "a huge number": (r"os.write(3, b'{\"value\": 1e999}\n')", "a number is too large"),
    "many digits": ("sys.set_int_max_str_digits(0)\n@tell\ndef value(): return 10 ** 5000", "4300 digits"),
    "depth": (r"os.write(3, b'{\"value\": ' + b'[' * 20000 + b']' * 20000 + b'}\n')", "nested too deep"),
    "a little depth": (r"os.write(3, b'{\"value\": ' + b'[' * 500 + b']' * 500 + b'}\n')", "nested too deep"),
    "half a character": (r"os.write(3, b'{\"value\": \"\\ud800\"}\n')", "a string holds half a character"),
    "a reason of another kind": (r"os.write(3, b'{\"why\": [], \"error\": {}}\n')", "{}"),
}
TELL = "import os, sys, json\ndef tell(f): os.write(3, json.dumps({'value': f()}).encode() + b'\\n')\n"


@pytest.mark.parametrize("what", FORGED)
def test_what_code_writes_to_the_channel_by_itself_harms_nobody(held: Warm, what: str) -> None:
    code, said = FORGED[what]
    told = tried(held, TELL + code)
    assert len(told.returned) == 1, told
    assert said in (told.returned[0].error or ""), told
    assert tried(held, TELL + "os.write(3, b'[1]\\n{\"value\": 1}')").returned == (), (
        "no result, and one that is cut off"
    )


def test_an_exception_is_told_in_characters_that_can_be_written() -> None:
    told = call("def f(n): raise ValueError('\\ud800')", "f", [[1]])
    assert told.returned[0].error == "ValueError: ?"


def test_a_function_is_called_as_that_of_a_module_and_a_program_is_run_as_one() -> None:
    code = "def f(n):\n    return n + 1\nif __name__ == '__main__':\n    print(f(int(input())))\n"
    assert [one.value for one in call(code, "f", [[1]]).returned] == [2]
    assert run(code, stdin="4").stdout == "5\n"


def test_code_has_no_rights_of_the_administrator_who_started_it() -> None:
    warm = Warm(wrapped=False, apart=False)
    with ThreadPoolExecutor(1) as pool:
        asleep = pool.submit(tried, warm, "import time\ntime.sleep(60)", Limits(wait_s=2))
        children = Path(f"/proc/{warm._process.pid}/task/{warm._process.pid}/children")
        while not (found := children.read_text().split()):
            assert not asleep.done()
        while "Seccomp:\t2" not in (status := Path(f"/proc/{found[0]}/status").read_text()):
            assert not asleep.done()
    warm.close()
    held_rights = [
        line.split()[1] for line in status.splitlines() if line.startswith(("CapPrm", "CapEff", "CapInh"))
    ]
    assert held_rights == ["0" * 16] * 3


IN_A_PROCESS_WITH_MANY_FILES = """
import os, resource
from tanemaki.verify.sandbox import run
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4096), most))
files = [os.open('/dev/null', os.O_RDONLY) for _ in range(1100)]
code = 'import os\\nfor n in range(4, 4096):\\n    try: os.write(n, bytes(16))\\n    except OSError: pass\\nos._exit(3)'
told = [run(code).exit_code, run('print(2)').stdout]
print(told)
"""


def test_a_verdict_is_not_forged_where_a_thousand_files_are_open() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS_WITH_MANY_FILES],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
    )
    assert done.stdout == "[3, '2\\n']\n"


FORKED_AT_A_BAD_MOMENT = """
import os, threading, time
from tanemaki.verify.sandbox import run, warm
run('print(1)')
held = threading.Event()
def hold():
    with warm._lock:
        held.set()
        time.sleep(0.3)
threading.Thread(target=hold).start()
held.wait()
if os.fork() == 0:
    os._exit(7 if run('print(2)').stdout == '2\\n' else 1)
print(os.waitstatus_to_exitcode(os.wait()[1]))
"""


def test_a_forked_process_does_not_wait_for_a_lock_that_nobody_holds() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORKED_AT_A_BAD_MOMENT],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
        timeout=60,
    )
    assert done.stdout == "7\n"


def test_an_interrupted_run_leaves_no_answer_for_the_next_one() -> None:
    code = (
        "import signal, time\n"
        "from tanemaki.verify.sandbox import run, Limits\n"
        "run('print(1)')\n"
        "def stop(*_): raise KeyboardInterrupt\n"
        "signal.signal(signal.SIGALRM, stop)\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.3)\n"
        "try:\n"
        "    run('import time; time.sleep(9)', limits=Limits(wait_s=20))\n"
        "except KeyboardInterrupt:\n"
        "    print(run('print(2)').stdout)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
    )
    assert (done.stdout, done.stderr) == ("2\n\n", "")


def test_many_at_once_do_not_disturb_one_another() -> None:
    def one(n: int) -> Outcome:
        return call(f"def f(k):\n    return k * {n}", "f", [[k] for k in range(20)])

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(one, range(60)))
    assert [[r.value for r in told.returned] for told in found] == [
        [k * n for k in range(20)] for n in range(60)
    ]


def test_a_warm_process_that_was_killed_is_replaced() -> None:
    warm = Warm(wrapped=False)
    os.kill(warm._process.pid, signal.SIGKILL)
    warm._process.wait()
    give_back(warm)
    assert run("print(2)").stdout == "2\n"
    assert warm.channel.fileno() == -1, "the dead one was tried, and closed"


def test_code_does_not_outlive_the_process_that_had_it_run() -> None:
    code = (
        "import os, signal, threading\n"
        "from tanemaki.verify.sandbox import run, Limits\n"
        "from tanemaki.verify.sandbox.warm import take, give_back\n"
        "run('print(1)')\n"
        "warm = take(); give_back(warm)\n"
        "print(warm._process.pid, flush=True)\n"
        "threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()\n"
        "run('while True: pass', limits=Limits(time_s=60, wait_s=60))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    pid = int(done.stdout)
    watch = subprocess.run(["tail", f"--pid={pid}", "-f", "/dev/null"], timeout=20, check=False)
    assert watch.returncode == 0


def test_the_filter_is_known_for_two_machines_and_no_other() -> None:
    for machine in ("x86_64", "aarch64"):
        lines = seccomp_filter(machine)
        assert lines is not None
        assert len(lines) % 8 == 0
        assert lines[-8:].hex() == "060000000000ff7f"
        assert lines[-16:-8].hex() == "0600000001000500"
    assert seccomp_filter("riscv64") is None


def test_layers_are_told_and_a_machine_without_them_refuses() -> None:
    assert layers()["seccomp"] is True
    assert layers()["bubblewrap"] is (bubblewrap() is not None)
    code = (
        "import sys\n"
        "sys.platform = 'darwin'\n"
        "from tanemaki.verify.sandbox import run\n"
        "try:\n"
        "    run('print(1)')\n"
        "except ValueError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.splitlines() == [
        "SetupError: code that others wrote is executed only where it cannot reach network, files and processes",
        "  got     the sandbox is built from parts of Linux, and this is darwin",
        "  next    run this recipe on Linux 5.3 or newer (x86_64 or aarch64; a container or WSL 2 will do)",
    ]


def test_a_python_that_does_not_start_is_a_sentence() -> None:
    code = (
        "import sys\n"
        "sys.executable = '/bin/false'\n"
        "from tanemaki.verify.sandbox.warm import Warm\n"
        "try:\n"
        "    Warm(wrapped=False)\n"
        "except ValueError as error:\n"
        "    print(str(error).splitlines()[:2])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout == (
        "['SetupError: the process for foreign code does not start', '  got     exit code 1 of /bin/false']\n"
    )


def test_warm_processes_end_when_they_are_closed() -> None:
    run("print(1)")
    warm = take()
    give_back(warm)
    close_all()
    assert warm._process.returncode == 0


def test_a_set_up_error_is_what_it_is() -> None:
    assert issubclass(SetupError, ValueError)
