"""A role's endpoints with what the run file says of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tanemaki.core.batch import Batching
from tanemaki.core.model import Model, Request, Sampling
from tanemaki.core.record import Json
from tanemaki.engine.lanes import USUAL, Lane, Lanes
from tanemaki.engine.limits import Prices
from tanemaki.engine.waiting import Patience

MOST_MERGED = 64
"""Kinds of sampling that are remembered as merged; steps use one or two."""


@dataclass(slots=True)
class Bound:
    """What the run file binds to a role."""

    role: str
    model: Model
    """The first endpoint's: its name is what calls are known by, whichever endpoint answers."""
    sampling: Sampling = field(default_factory=Sampling)
    prices: Prices | None = None
    """None where the user gave none: a money limit is then a set-up error."""
    concurrency: int = USUAL
    retries: int = 5
    patience: Patience = field(default_factory=Patience)
    send_seed: bool = True
    extra: Mapping[str, Json] = field(default_factory=dict)
    """Keys that the run file adds to every body: a part of what is asked."""
    batch: Batching | None = None
    """How the role is asked by batch files; None where its calls are sent one by one."""
    endpoints: Sequence[Lane] = ()
    """Who answers; left out: ``model`` alone, with ``concurrency`` requests in flight."""
    lanes: Lanes = field(init=False)
    _merged: dict[Sampling, Sampling] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.lanes = Lanes(self.endpoints or [Lane(self.model, self.prices, self.concurrency)])

    def complete(self, request: Request, seed: Callable[[], int]) -> Request:
        """Return the request with the run file's sampling over the step's, and its seed."""
        sampling = self._merged.get(request.sampling)
        if sampling is None:
            if len(self._merged) > MOST_MERGED:
                self._merged.clear()
            sampling = self._merged[request.sampling] = self.sampling.over(request.sampling)
        wanted = self.send_seed and request.seed is None and "seed" in self.model.capabilities
        return Request(
            request.messages,
            request.prompt,
            sampling,
            request.n,
            seed() if wanted else request.seed,
            request.tools,
            request.response_format,
            request.logprobs,
            {**request.extra, **self.extra} if self.extra else request.extra,
        )
