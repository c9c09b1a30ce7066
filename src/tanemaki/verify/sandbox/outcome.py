"""What is allowed to executed code, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tanemaki.core.record import Json

Why = Literal["ok", "error", "time", "memory", "output", "refused", "signal"]
"""Why code ended: by itself; with an exception or an exit code; at a limit; by asking for what is cut off; by a signal."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What executed code may use.

    >>> Limits(time_s=0.5).memory_mb
    256
    """

    time_s: float = 2.0  # a solution of a small problem takes milliseconds; two seconds are a loop
    """Processor time: the same on a busy machine."""
    wait_s: float = 10.0  # five times the processor time: a machine with five times too much to do
    """Time by the clock; sleeping counts."""
    memory_mb: int = 256
    """Address space, the interpreter's own 40 MB included."""
    output_bytes: int = 65_536
    """Of standard output, of standard error and of the returned values: each."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What one call gave."""

    value: Json = None
    error: str | None = None
    """The exception, ``ValueError: …``, or that the value is no JSON; None where there is a value."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of executed code."""

    why: Why
    exit_code: int | None
    """None where a signal ended it."""
    stdout: str
    stderr: str
    returned: tuple[Returned, ...] = ()
    """Of the calls, in their order; fewer than were asked where the code ended before."""
    cpu_s: float = 0.0
    """Processor time that was used."""
