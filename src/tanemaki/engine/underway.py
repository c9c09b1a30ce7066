"""What of a run goes on by itself: who waits for a batch must know when nobody can add to it any more."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Underway:
    """Counters that live calls, helper processes and the feeder of the schedule keep; read by the collector of batches."""

    live_calls: int = 0
    """Calls on their way to an endpoint: waiting for room, in flight, or in the pause before another try."""
    helped: int = 0
    """Pieces of work that helper processes have."""
    feeding: bool = False
    """Roots are being set out; False while the feeder waits for room, and after its end."""
    n_begun: int = 0
    """Calls that were begun in all: whoever sees it unchanged knows that nobody asked meanwhile."""
