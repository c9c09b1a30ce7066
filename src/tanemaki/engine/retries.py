"""What follows a try that failed: one line per class of fault.

The run file's ``retries`` is the ceiling of all further tries of a call. What a class allows below it, and how long the
call pauses, stands in :data:`POLICIES` and nowhere else. A pause belongs to its call: no other record waits for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tanemaki.core.errors import ModelError, ModelFault
from tanemaki.core.model import Reply
from tanemaki.core.seeding import Draw
from tanemaki.engine.call import Address

MANY: Final = 1000
"""Further tries of a class that only the run file's ``retries`` bounds."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What follows a fault of one class."""

    tries: int = 0
    """Further tries at most."""
    first_s: float = 0.0
    """Pause before the second try, in seconds."""
    growth: float = 2.0
    longest_s: float = 30.0
    stays_charged: bool = False
    """The server may have done the work: the try stays charged at its worst case. Others cost a request and no tokens."""

    def pause_s(self, number: int) -> float:
        """Return the pause after the ``number``-th fault of this class, in seconds, before it is spread."""
        return min(self.longest_s, self.first_s * self.growth ** (number - 1))


POLICIES: Final[Mapping[ModelFault, Policy]] = {
    # No connection, or one that broke before the reply: often a kept connection that the server had closed.
    "transport": Policy(MANY, 0.1, 3.0, 30.0, stays_charged=True),
    # Each costs as long as a request may take. Of a prompt that hangs its server three tries are enough.
    "timeout": Policy(2, 0.1, stays_charged=True),
    # 429, 503, 529: what the server asks for in Retry-After counts, where it asks.
    "overloaded": Policy(MANY, 0.5, 2.0, 60.0),
    # 5xx: five pauses come to 1.7 s, so that a prompt that always fails is known soon. Where all fail, the endpoint rests.
    "server": Policy(MANY, 0.1, 1.7, 0.6),
    "cut_body": Policy(3, 0.1, stays_charged=True),
    "malformed": Policy(3, 0.1, stays_charged=True),
    # A reply, and paid as one; asked for once more. A second empty one is handed to the step.
    "empty": Policy(1),
    # Replies: the steps judge them. A further try of the same request would most likely end where this one did.
    "cut": Policy(),
    "cut_while_thinking": Policy(),
    # The step's own second call, which shows the model its mistake, has been made by then.
    "wrong_schema": Policy(),
    # The request itself is at fault.
    "content_refused": Policy(),
    "context_overflow": Policy(),
    "bad_request": Policy(),
    # The set-up is at fault: they end the run.
    "unauthorised": Policy(),
    "unknown_model": Policy(),
}


@dataclass(slots=True)
class Tries:
    """The tries of one call that failed so far."""

    address: Address
    ceiling: int
    """Further tries at most, over all classes."""
    n_failed: int = 0
    by_fault: dict[ModelFault, int] = field(default_factory=dict)

    def pause_after(self, error: ModelError, *, elsewhere: bool = False) -> float | None:
        """Note a failed try; return the seconds until the next one, None where there is none.

        ``elsewhere``: another endpoint of the role may take the call, so that it need not wait for as long as this one
        asks. The pause is spread by a hash of the call's address, so that calls refused together do not return together.

        >>> tries = Tries(Address(7, "", "answer", 0, 0), ceiling=5)
        >>> pauses = [tries.pause_after(ModelError("boom", fault="server", retryable=True)) for _ in range(6)]
        >>> [round(pause, 2) for pause in pauses[:5]], pauses[5]
        ([0.1, 0.13, 0.29, 0.47, 0.71], None)
        """
        policy = POLICIES[error.fault]
        self.n_failed += 1
        number = self.by_fault[error.fault] = self.by_fault.get(error.fault, 0) + 1
        # What this endpoint would say again, another one need not: a page instead of a reply, say.
        may_help = error.retryable or (elsewhere and policy.tries > 0)
        if error.ends_run or not may_help or self.n_failed > self.ceiling or number > policy.tries:
            return None
        spread = Draw("retry", *self.address, self.n_failed).uniform()
        if error.retry_after_s is not None and not elsewhere:
            return error.retry_after_s * (1 + 0.1 * spread)
        return policy.pause_s(number) * (0.75 + 0.5 * spread)

    def may_ask_again(self, fault: ModelFault) -> bool:
        """Return whether one more fault of this class would be followed by another try."""
        return self.n_failed < self.ceiling and self.by_fault.get(fault, 0) < POLICIES[fault].tries


def is_empty(reply: Reply) -> bool:
    """Return whether a reply ended by itself and holds nothing: no text, no call of a tool, no thinking.

    >>> is_empty(Reply(" \\n　")), is_empty(Reply("", "length")), is_empty(Reply("", thinking="ええと"))
    (True, False, False)
    """
    if reply.text and not reply.text.isspace():
        return False
    return all(
        one.finish_reason in ("stop", "unknown")
        and not (one.thinking or one.tool_calls)
        and not one.text.strip()
        for one in (reply, *reply.others)
    )
