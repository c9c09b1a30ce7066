"""Runs whose writer is asked by batch files, and one as a process of its own that kills itself at a given point.

``python batched.py FOLDER URL POINT``: before (even) or after (odd) the POINT // 2-th exchange with the batch interface.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

TESTS = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[:0] = [str(TESTS), str(TESTS.parent / "src")]

from support.runs import numbers  # noqa: E402 - run as a script, the path is not known before
from support.steps import Keep, answer  # noqa: E402 - the same
from tanemaki.config.schema import BatchSettings, ModelSettings  # noqa: E402 - the same
from tanemaki.core.recipe import Recipe  # noqa: E402 - the same
from tanemaki.core.step import Asker  # noqa: E402 - the same
from tanemaki.models.http import Answer, Http  # noqa: E402 - the same
from tanemaki.models.openai_compatible import OpenAICompatible  # noqa: E402 - the same
from tanemaki.run.execute import execute  # noqa: E402 - the same
from tanemaki.run.order import Order, order_of  # noqa: E402 - the same
from tanemaki.sources.given import Given  # noqa: E402 - the same

T = TypeVar("T")
N_SOURCE = 12


async def closing(answer: str, *, judge: Asker) -> str:
    """Ask another role once more."""
    return str((await judge(f"結び {answer}")).text)


TWO_STEPS = Recipe(needs=("question",), steps=(answer, Keep("answer", 0.7), closing), name="batched")


def order_for(
    folder: Path,
    url: str,
    *,
    n: int = 40,
    batches: Mapping[str, Mapping[str, Any]] | None = None,
    recipe: Recipe = TWO_STEPS,
    role_settings: Mapping[str, Any] | None = None,
    **more: Any,
) -> Order:
    """Return an order; ``batches`` says for each role how it is asked by batch files, the writer's default is at once."""
    said: Mapping[str, Mapping[str, Any]] = {"writer": {}} if batches is None else batches
    settings = {}
    for role in recipe.roles:
        terms = said.get(role)
        batch = None if terms is None else BatchSettings(**{"poll_s": 0.01, **terms})
        settings[role] = ModelSettings(endpoint=url, name="tane", batch=batch, **(role_settings or {}))
    models = {role: OpenAICompatible(role, one) for role, one in settings.items()}
    return order_of(recipe, Given(numbers(n)), models, folder, settings=settings, **more)


class Deadly(Http):
    """Connections whose owner dies at a given point of what it says to the batch interface."""

    point = -1
    n_exchanges = 0

    async def _call(self, method: str, url: str, raw: bytes | None, *, timed: bool = True) -> Answer:
        if "/models" in url or "/completions" in url:
            return await super()._call(method, url, raw, timed=timed)
        return await self._die_around(lambda: super(Deadly, self)._call(method, url, raw))

    async def upload(self, url: str, fields: Mapping[str, str], name: str, file: BinaryIO) -> Answer:
        return await self._die_around(lambda: super(Deadly, self).upload(url, fields, name, file))

    async def download(self, url: str, file: BinaryIO) -> Answer:
        return await self._die_around(lambda: super(Deadly, self).download(url, file))

    async def _die_around(self, exchange: Callable[[], Awaitable[T]]) -> T:
        number, self.n_exchanges = self.n_exchanges, self.n_exchanges + 1
        if 2 * number == self.point:
            os.kill(os.getpid(), signal.SIGKILL)
        told = await exchange()
        if 2 * number + 1 == self.point:
            os.kill(os.getpid(), signal.SIGKILL)
        return told


def dying_order(folder: Path, url: str, point: int) -> Order:
    """Return an order of two batches whose process dies at a point; never for a negative one."""
    order = order_for(folder, url, n=N_SOURCE, batches={"writer": {}, "judge": {}})
    http = Deadly(timeout_s=30)
    http.point = point
    for model in order.models.values():
        assert isinstance(model, OpenAICompatible)
        model._http = http
    return order


if __name__ == "__main__":
    print(execute(dying_order(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))).state)  # noqa: T201 - says how it ended
