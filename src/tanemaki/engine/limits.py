"""Limits: the worst case of a request is reserved before it is sent, so that the sum never passes the limit (promise 6)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Self

from tanemaki.core.errors import LimitReached, SetupError
from tanemaki.core.model import Request, Usage
from tanemaki.engine.stopping import Stop
from tanemaki.engine.stored import dump

TEMPLATE_TOKENS = 32
"""What a chat template may add to a request, in tokens; and to each message a quarter of it."""


_LENGTHS = frozenset(
    {"max_tokens", "max_completion_tokens", "max_new_tokens", "n", "best_of", "n_predict", "num_predict"}
)
"""Keys of a body that say how much may be written."""


@dataclass(slots=True)
class Spend:
    """Requests, tokens (prompt and completion) and US dollars."""

    requests: int = 0
    tokens: int = 0
    usd: float = 0.0

    def __add__(self, other: Spend) -> Spend:
        return Spend(self.requests + other.requests, self.tokens + other.tokens, self.usd + other.usd)

    def __iadd__(self, other: Spend) -> Self:
        self.requests += other.requests
        self.tokens += other.tokens
        self.usd += other.usd
        return self

    def __isub__(self, other: Spend) -> Self:
        self.requests -= other.requests
        self.tokens -= other.tokens
        self.usd -= other.usd
        return self


@dataclass(frozen=True, slots=True)
class Prices:
    """USD per million tokens."""

    input: float = 0.0
    output: float = 0.0

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        """Return the price in USD."""
        return (prompt_tokens * self.input + completion_tokens * self.output) / 1_000_000


FREE = Prices()


def worst_case(request: Request, prices: Prices, body: str | None = None) -> Spend:
    """Return the most that a request can use: the UTF-8 bytes of its body as tokens, and every token it may write.

    ``body`` is the request's body as JSON, where it is at hand.

    >>> from tanemaki.core.model import Sampling
    >>> worst_case(
    ...     Request([{"role": "user", "content": "種"}], sampling=Sampling(max_tokens=100)), Prices(1.0, 2.0)
    ... ).tokens
    207
    """
    if body is None:
        body = dump(request.to_wire())
    n_bytes = len(body) if body.isascii() else len(body.encode("utf-8", "replace"))
    prompt_tokens = n_bytes + TEMPLATE_TOKENS + len(request.messages) * (TEMPLATE_TOKENS // 4) + 4
    completion_tokens = request.n * (request.sampling.max_tokens or 0)
    usd = 0.0 if prices is FREE else prices.cost(prompt_tokens, completion_tokens)
    return Spend(1, prompt_tokens + completion_tokens, usd)


def actual(usage: Usage, worst: Spend, prices: Prices) -> tuple[int, int, float]:
    """Return prompt tokens, completion tokens and USD of a reply; the worst case where the server did not count."""
    if usage.prompt_tokens is None or usage.completion_tokens is None:
        return worst.tokens, 0, worst.usd
    cost = prices.cost(usage.prompt_tokens, usage.completion_tokens)
    return usage.prompt_tokens, usage.completion_tokens, cost


class Budget:
    """What may still be spent. ``reserve`` waits while replies in flight may give something back."""

    def __init__(
        self,
        *,
        requests: int | None = None,
        tokens: int | None = None,
        usd: float | None = None,
        spent: Spend | None = None,
        stop: Stop,
    ) -> None:
        self._most = {"requests": requests, "tokens": tokens, "usd": usd}
        self.limited = any(most is not None for most in self._most.values())
        """Some limit is set, so that an intent must be durable before its request is sent."""
        self.limits_length = tokens is not None or usd is not None
        """A limit is set that a reply of unknown length could pass."""
        self.spent = spent or Spend()
        self.reserved = Spend()
        self.n_waiting = 0
        """Calls that wait for something to be given back."""
        self._given_back = asyncio.Event()
        self._stop = stop
        stop.on_request(self._given_back.set)

    def check_length(self, request: Request, role: str, step: str) -> None:
        """Raise ``SetupError`` if a limit is set that the reply to this request could pass, however long it gets."""
        if not self.limits_length:
            return
        if request.sampling.max_tokens is None:
            raise SetupError(
                f"a token or money limit needs max_tokens for role {role!r}",
                got=f"step {step!r} sets none, and neither does the run file",
                next=f"set models.{role}.sampling.max_tokens",
            )
        if free := request.extra.keys() & _LENGTHS:
            raise SetupError(
                f"a token or money limit cannot hold while extra_body sets {min(free)!r} for role {role!r}",
                next=f"set models.{role}.sampling.max_tokens instead",
            )

    def _lacking(self, worst: Spend) -> str | None:
        if not self.limited:
            return None
        total = self.spent + self.reserved + worst
        for name, most in self._most.items():
            if most is not None and getattr(total, name) > most + (1e-12 if name == "usd" else 0):
                return name
        return None

    async def reserve(self, worst: Spend) -> None:
        """Set the worst case aside. Raises ``LimitReached`` when it cannot fit any more, ``Stopped`` when the run stops."""
        while (lacking := self._lacking(worst)) is not None:
            if self.reserved.requests == 0:
                raise self._reached(lacking, worst)
            self._given_back.clear()
            self.n_waiting += 1
            try:
                await self._given_back.wait()
            finally:
                self.n_waiting -= 1
            self._stop.check()
        self.reserved += worst

    def try_reserve(self, worst: Spend) -> bool:
        """Set the worst case aside if it fits now; a hedge never waits for room."""
        if self._lacking(worst) is not None:
            return False
        self.reserved += worst
        return True

    def set_aside_again(self, worst: Spend) -> None:
        """Count as reserved, not as spent, what an earlier start sent and what is still out."""
        self.spent -= worst
        self.reserved += worst

    def settle(self, worst: Spend, spent: Spend) -> None:
        """Give the reservation back and charge what was really spent."""
        self.reserved -= worst
        self.spent += spent
        self._given_back.set()

    def _reached(self, name: str, worst: Spend) -> LimitReached:
        figures = (getattr(self.spent, name), self._most[name], getattr(worst, name))
        key = {"usd": "cost_usd"}.get(name, name)
        used, most, need = (f"${value:,.4f}" if name == "usd" else f"{value:,}" for value in figures)
        error = LimitReached(
            f"the limit {key} is used up",
            got=f"{used} of {most} spent; the next request may need {need}",
            next=f"raise limits.{key} and start the same run again: nothing is paid twice",
        )
        error.used_up = key
        return error
