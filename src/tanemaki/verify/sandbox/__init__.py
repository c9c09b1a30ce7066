"""Python that somebody else wrote, executed where it can do no harm.

=================  =================================================================================================
what is cut off    by what
=================  =================================================================================================
network            seccomp: no socket can be made; namespaces: there is no interface either
files              seccomp: none can be opened, made, changed or listed; namespaces: the root folder is empty
other processes    seccomp: none can be started, signalled, traced or waited for; no threads either
rights             those of an administrator are given up, whoever started it; no core dumps
time               processor time (a timer, and the kernel's limit), and the clock of the process that waits
memory, output     the kernel's limits; the code ends with ``MemoryError``, or its output is cut
environment        empty; so are the arguments, and the standard input is what the caller gives
chance             the hash seed and ``random`` are fixed, so that a verdict is the same each time
=================  =================================================================================================

The filter of system calls (seccomp) is a list of what is **allowed**: some thirty calls that compute, take memory, tell the
time and write to files that are open already. Everything else is refused with ``PermissionError``. It needs no rights and
works in containers. Without it nothing is executed (``SetupError``), and no switch changes that. Namespaces and
bubblewrap are put around it where the kernel allows them; ``tanemaki doctor`` says what there is.

Not covered: a hole in the kernel's few allowed calls; side channels (caches, timing: the code can read the clock); the load
of the machine within the limits. The standard library is there as far as it was loaded before (:data:`MODULES`); other
packages are not.

Nothing inside knows what the right answer is: arguments go in, returned values come out and are compared outside. Code that
writes to the channel of results by itself can say there only what it could have returned, and what cannot be read there is
an error of that call.
"""

from tanemaki.verify.sandbox.execute import call, run
from tanemaki.verify.sandbox.outcome import Limits, Outcome, Returned
from tanemaki.verify.sandbox.warm import MODULES, layers

__all__ = ["MODULES", "Limits", "Outcome", "Returned", "call", "layers", "run"]
