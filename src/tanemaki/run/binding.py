"""What the run file says of a role, as the engine takes it: who answers, how fast, and how long is waited for."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tanemaki.config.schema import ModelSettings
from tanemaki.core.model import Model
from tanemaki.engine.bound import Bound
from tanemaki.engine.buckets import Buckets
from tanemaki.engine.lanes import USUAL, Lane
from tanemaki.engine.limits import Prices
from tanemaki.engine.pace import MOST
from tanemaki.engine.waiting import HEDGE_SHARE, Patience
from tanemaki.models import open_model
from tanemaki.models.openai_compatible import OpenAICompatible
from tanemaki.run.batching import batching_of

KEPT_FILES = 64
"""Files that a run may need open besides its connections."""


def further_models(settings: Mapping[str, ModelSettings], base: Path) -> dict[str, list[Model]]:
    """Return the models at the second and later endpoints of each role that has several, not opened yet."""
    return {
        role: [open_model(role, at, base) for at in one.each()[1:]]
        for role, one in settings.items()
        if len(one.endpoints) > 1
    }


def bind(role: str, models: Sequence[Model], settings: ModelSettings | None) -> Bound:
    """Return a role with its endpoints, in the order of ``models``. A model that is a Python object has no settings."""
    if settings is None:
        return Bound(role, models[0])
    each = settings.each()[: len(models)]
    patience = _patience(settings)
    for model in models:
        if isinstance(model, OpenAICompatible):
            model.timed = not patience.watches
    addresses = [at.endpoint or model.name for model, at in zip(models, each, strict=True)]
    lanes = [
        _lane(model, at, len(models), _told_apart(addresses, i))
        for i, (model, at) in enumerate(zip(models, each, strict=True))
    ]
    return Bound(
        role,
        models[0],
        sampling=settings.sampling.to_sampling(),
        prices=_prices(each[0]),
        endpoints=lanes,
        retries=settings.retries,
        patience=patience,
        send_seed=settings.send_seed,
        extra=settings.extra_body,
        batch=batching_of(models[0], settings),
    )


def _told_apart(addresses: Sequence[str], place: int) -> str:
    """Return the name of an endpoint: its address, with its number where the role has it for several models."""
    address = addresses[place]
    return address if addresses.count(address) == 1 else f"{address} ({place + 1})"


def _lane(model: Model, settings: ModelSettings, n_lanes: int, name: str) -> Lane:
    return Lane(
        model,
        _prices(settings),
        _limit(settings),
        buckets=Buckets.of(settings.requests_per_minute, settings.tokens_per_minute),
        name=name,
        most=max(1, _most_connections() // n_lanes),
    )


def _limit(settings: ModelSettings) -> int | None:
    """Return the requests in flight that stand; None where they are found by measuring."""
    if settings.kind == "openai":
        return settings.concurrency
    if settings.kind == "local":
        return min(settings.concurrency or settings.slots, settings.slots)
    return settings.concurrency or USUAL


def _most_connections() -> int:
    """Return how many connections the system lets this process have open, as far as it says so."""
    if sys.platform == "win32":
        return MOST
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if soft == resource.RLIM_INFINITY else max(KEPT_FILES, min(MOST, soft - KEPT_FILES))


def _prices(settings: ModelSettings) -> Prices | None:
    price = settings.price
    return Prices(price.input, price.output) if price else None


def _patience(settings: ModelSettings) -> Patience:
    """Return how replies are waited for: a model on this machine answers equal requests equally, and loses none."""
    is_remote = settings.kind == "openai"
    share = settings.hedge_share
    return Patience(
        is_remote=is_remote,
        timeout_s=settings.timeout_s if is_remote else math.inf,
        hedge_share=share if share is not None else HEDGE_SHARE if is_remote else 0.0,
    )
