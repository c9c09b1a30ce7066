"""A role's endpoints with what the run file says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tanemaki.core.model import Model, Request, Sampling
from tanemaki.core.record import Json
from tanemaki.engine.lanes import Lane, Lanes
from tanemaki.engine.limits import Prices


@dataclass(slots=True)
class Bound:
    """What the run file binds to a role."""

    role: str
    model: Model
    """The first endpoint's: its name is what calls are known by, whichever endpoint answers."""
    sampling: Sampling = field(default_factory=Sampling)
    prices: Prices | None = None
    """None where the user gave none: a money limit is then a set-up error."""
    concurrency: int = 16
    retries: int = 5
    send_seed: bool = True
    extra: Mapping[str, Json] = field(default_factory=dict)
    """Keys that the run file adds to every body: a part of what is asked."""
    lanes: Lanes = field(init=False)

    def __post_init__(self) -> None:
        self.lanes = Lanes([Lane(self.model, self.prices, self.concurrency)])

    def complete(self, request: Request, seed: int) -> Request:
        """Return the request with the run file's sampling over the step's, and its seed."""
        wanted = self.send_seed and request.seed is None and "seed" in self.model.capabilities
        return replace(
            request,
            sampling=self.sampling.over(request.sampling),
            seed=seed if wanted else request.seed,
            extra={**request.extra, **self.extra},
        )
