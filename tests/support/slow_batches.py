"""A batch service in this process that takes hours, for runs in simulated time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, BinaryIO

from support.runs import echo
from tanemaki.core.batch import Batching, BatchTerms, RemoteBatch
from tanemaki.core.errors import ModelError
from tanemaki.core.model import Model, Reply, Request
from tanemaki.core.recipe import Recipe
from tanemaki.core.seeding import Draw
from tanemaki.core.source import Source
from tanemaki.engine.bound import Bound
from tanemaki.models.batch import write_line
from tanemaki.run.order import Order, order_of


@dataclass
class SlowBatches:
    """Answers by a function of the request; a batch takes a drawn time."""

    takes_s: tuple[float, float] = (3600.0, 86_400.0)
    seed: int = 0
    answer: Callable[[Request], Reply] = echo
    sizes: list[int] = field(default_factory=list)
    made_at: list[float] = field(default_factory=list)
    looked_at: list[list[float]] = field(default_factory=list)
    """When each batch was looked after, in seconds."""
    uploaded: list[list[dict[str, Any]]] = field(default_factory=list)
    """The lines of each batch."""
    _keys: list[str] = field(default_factory=list)
    _files: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def path(self, request: Request) -> str:
        return "/v1/chat/completions" if request.prompt is None else "/v1/completions"

    def line(self, custom_id: str, request: Request) -> bytes:
        return write_line(custom_id, self.path(request), request.to_wire())

    def read(self, line: Mapping[str, Any], n: int) -> Reply | ModelError | None:
        body = line["body"]
        return self.answer(Request(body["messages"], seed=body["seed"]))

    async def find(self, key: str) -> RemoteBatch | None:
        return RemoteBatch(str(self._keys.index(key)), "validating") if key in self._keys else None

    async def find_file(self, key: str) -> str | None:
        return key if key in self._files else None

    async def upload(self, key: str, lines: BinaryIO) -> str:
        self._files[key] = [json.loads(line) for line in lines]
        return key

    async def create(self, key: str, path: str, file_id: str) -> RemoteBatch:
        self._keys.append(key)
        self.uploaded.append(self._files[file_id])
        self.sizes.append(len(self.uploaded[-1]))
        self.made_at.append(asyncio.get_running_loop().time())
        self.looked_at.append([])
        return RemoteBatch(str(len(self._keys) - 1), "validating")

    async def retrieve(self, batch: str) -> RemoteBatch:
        number, now = int(batch), asyncio.get_running_loop().time()
        self.looked_at[number].append(now)
        low, high = self.takes_s
        ready_at = self.made_at[number] + low + (high - low) * Draw("takes", self.seed, number).uniform()
        return RemoteBatch(batch, "completed" if now >= ready_at else "in_progress", (batch,))

    async def results(self, batch: RemoteBatch) -> AsyncIterator[Mapping[str, Any]]:
        lines = self.uploaded[int(batch.id)]
        for line in Draw("order", self.seed, batch.id).sample(lines, len(lines)):
            yield line

    async def delete_file(self, file_id: str) -> None:
        self._files.pop(file_id, None)


@dataclass(frozen=True)
class BatchedOrder(Order):
    """An order some of whose roles are asked by a service of ours."""

    services: Mapping[str, SlowBatches] = field(default_factory=dict)
    terms: BatchTerms = field(default_factory=BatchTerms)

    def bounds(self) -> list[Bound]:
        bounds = super().bounds()
        for bound in bounds:
            service = self.services.get(bound.role)
            if service is not None:
                bound.batch = Batching(self.terms, service, service=service)
        return bounds


def batched_order(
    recipe: Recipe,
    source: Source,
    models: Mapping[str, Model],
    folder: Path,
    *,
    services: Mapping[str, SlowBatches],
    terms: BatchTerms | None = None,
    **more: Any,
) -> BatchedOrder:
    """Return the order of a recipe with these roles by batch."""
    order = order_of(recipe, source, models, folder, **more)
    told = {one.name: getattr(order, one.name) for one in fields(order)}
    return BatchedOrder(**told, services=services, terms=terms or BatchTerms())
