"""Whether an endpoint answers. A sick one rests, longer each time, and is asked by one real request before it gets more.

A row whose prompt breaks the server must not rest a healthy endpoint: of a call that fails again and again only the first
try counts. The last endpoint of a role that answers does not rest for errors of the server's: its rows fail one by one, and
the limit on failures ends the run.

Where another endpoint does the work, one that lives and gives nothing rests as well: it says no at once, is free again
at once, and would draw call after call to itself and use up their tries.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tanemaki.core.errors import ModelFault

SICK_AFTER = 5
"""Faults in a row, without a reply between them."""
FIRST_REST_S = 0.25
LONGEST_REST_S = 60.0
LONGEST_ALONE_S = 2.0
"""Where no other endpoint does the work meanwhile."""
GONE_AFTER = 5
"""Rests in a row, each ended by a probe that failed, after which nobody expects an answer: about 6 s."""
_LIFELESS: frozenset[ModelFault] = frozenset({"transport", "timeout", "server"})
"""Faults after which it is not clear that the endpoint lives; after any other it has answered."""
_FRUITLESS: frozenset[ModelFault] = frozenset({"overloaded", "malformed", "cut_body"})
"""Faults of an endpoint that lives and gives nothing, which count where another does the work."""


@dataclass(slots=True)
class Health:
    """One endpoint's. Times are in seconds."""

    n_faults: int = field(default=0, init=False)
    """In a row."""
    n_rests: int = field(default=0, init=False)
    """In a row."""
    resting_until: float = field(default=0.0, init=False)
    is_probing: bool = field(default=False, init=False)
    """The one request after a rest is on its way."""

    @property
    def is_resting(self) -> bool:
        """It gets no requests but the probe."""
        return self.n_rests > 0

    @property
    def is_gone(self) -> bool:
        """It has failed probe after probe."""
        return self.n_rests > GONE_AFTER

    def takes(self, now: float) -> bool:
        """Say whether it may be sent a request."""
        return not self.n_rests or (not self.is_probing and now >= self.resting_until)

    def reply(self) -> None:
        """It answered, whatever it said."""
        self.n_faults = self.n_rests = 0
        self.is_probing = False

    def begin_sick(self) -> None:
        """Nothing answered when the run began: one request asks again before it gets more."""
        self.n_rests = 1
        self.resting_until = 0.0

    def fault(
        self,
        fault: ModelFault,
        attempt: int,
        now: float,
        *,
        was_probe: bool,
        alone: bool,
        was_crowded: bool = False,
    ) -> bool:
        """Count a failed try of a call, the first being 1; return whether a rest begins.

        ``alone``: no other endpoint of the role answers. ``was_crowded``: others were in flight here with it, so that a
        refusal may be the load's doing, which the limit follows.
        """
        is_refusal = fault == "overloaded"
        if is_refusal and was_crowded and not alone and not was_probe:
            return False
        if fault not in _LIFELESS and (alone or fault not in _FRUITLESS):
            self.reply()
            return False
        if self.n_rests:
            if was_probe:
                self.is_probing = False
                self._rest(now, alone=alone)
            return was_probe
        if (attempt > 1 and not is_refusal) or (alone and fault != "transport"):
            return False
        self.n_faults += 1
        if self.n_faults < SICK_AFTER:
            return False
        self._rest(now, alone=alone)
        return True

    def _rest(self, now: float, *, alone: bool) -> None:
        longest = LONGEST_ALONE_S if alone else LONGEST_REST_S
        self.resting_until = now + min(longest, FIRST_REST_S * 2.0 ** min(self.n_rests, 16))
        self.n_rests += 1
