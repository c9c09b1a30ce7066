"""Asking for a reply of a stated form: by ``response_format`` where the endpoints obey it, else by the prompt; one repair.

What a call is known by (promise 4) is what the step asked: its messages and its schema. How that was sent is not part of it:
a journal written through an endpoint that obeys schemas answers a run whose endpoint has to be told in the prompt, and a
probe that finds something else on resuming makes nothing be paid again. So that it does not change what is sent halfway
either, the finding is kept in the journal, and later starts of the run go by it.

The repair of a reply is a call of its own. Its sample is below zero (:func:`repair_of`), so that no other call's place moves
when a reply has to be repaired; its hash is that of the question and the unusable reply, without the validator's words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from tanemaki.core.errors import ModelError, RecipeError, shorten
from tanemaki.core.model import Reply, Request
from tanemaki.core.prompt import Prompt
from tanemaki.core.record import Json, Message
from tanemaki.core.schema_probe import Finding, schema_finding, schema_question
from tanemaki.core.structured import Schema, WrongSchema
from tanemaki.engine.bound import Bound
from tanemaki.engine.journal import Journal
from tanemaki.engine.lanes import Lane
from tanemaki.engine.limits import FREE, Budget, Spend, actual, worst_case
from tanemaki.engine.stats import Stats
from tanemaki.engine.stopping import Stop

Send = Callable[[Request, Request, int], Awaitable[Reply]]
"""Makes a call: the request as it is sent, the one that the call is known by, and the sample."""

PROBE_TOKENS = 512
"""Room for the reply to the probe where the run file sets no ``max_tokens``: a model may think before it names a colour."""
PROBE_TRIES = 3
PROBE_S = 60.0
"""Time that an endpoint has for its answer to the probe."""
_PAUSE_S = 1.0


class Obedience:
    """Says whether a role's endpoints obey a JSON schema: what is not known is asked once per endpoint and model.

    A role obeys if all of its endpoints do, so that what is sent does not depend on which of them has room. The question is
    paid: it is reserved, charged and counted like every request, but belongs to no record.
    """

    def __init__(self, journal: Journal, budget: Budget, stats: Stats, stop: Stop) -> None:
        self._journal = journal
        self._budget = budget
        self._stats = stats
        self._stop = stop
        self._findings: dict[str, str] = dict(journal.meta())
        self._by_role: dict[str, bool] = {}
        self._lock = asyncio.Lock()

    async def obeys(self, bound: Bound) -> bool:
        """Return whether a schema may be sent as ``response_format``.

        Raises ``LimitReached``, ``SetupError`` for a limit that the probe's reply could pass, and ``Stopped``.
        """
        if bound.role not in self._by_role:
            async with self._lock:
                if bound.role not in self._by_role:
                    found = [await self._lane_obeys(bound, lane) for lane in bound.lanes.all]
                    self._by_role[bound.role] = all(found)
        return self._by_role[bound.role]

    async def _lane_obeys(self, bound: Bound, lane: Lane) -> bool:
        if not presumed_to_obey(lane.model):
            return False
        if "json_schema" not in getattr(lane.model, "presumed", ()):
            return True
        key = f"json_schema {lane.model.name} {getattr(lane.model, 'endpoint', bound.role)}"
        if key not in self._findings:
            finding = await self._probe(bound, lane)
            self._findings[key] = finding or "unclear"
            if finding is not None:
                self._journal.put("meta", (key, finding))
        return self._findings[key] == "yes"

    async def _probe(self, bound: Bound, lane: Lane) -> Finding | None:
        """Return what the endpoint does; None where it could not be asked: the next start asks again."""
        request = bound.complete(schema_question(PROBE_TOKENS), lambda: 0)
        self._budget.check_length(request, bound.role, "the probe of the schema")
        fault: ModelError | None = None
        for number in range(PROBE_TRIES):
            if fault is not None:
                await self._stop.sleep(fault.retry_after_s or _PAUSE_S * number)
            try:
                return schema_finding(await self._send(lane, request))
            except ModelError as error:
                fault = error
                if not error.retryable:
                    break
        return "refused" if fault is not None and fault.fault in ("bad_request", "server") else None

    async def _send(self, lane: Lane, request: Request) -> Reply:
        self._stop.check()
        worst = worst_case(request, lane.prices or FREE)
        await self._budget.reserve(worst)
        spent = worst
        try:
            send = self._journal.next_send()
            self._journal.put("sends", (send, 0, worst.tokens, worst.usd))
            if self._budget.limited:
                await self._journal.durable()
            self._stats.n_sent += 1
            try:
                async with asyncio.timeout(PROBE_S):
                    reply = await lane.model.reply(request)
            except TimeoutError:
                raise ModelError(
                    "no reply came in time",
                    fault="timeout",
                    retryable=True,
                    where=lane.name,
                    got=f"nothing for {PROBE_S:g} s",
                ) from None
            prompt_tokens, completion_tokens, usd = actual(reply.usage, worst, lane.prices or FREE)
            spent = Spend(1, prompt_tokens + completion_tokens, usd)
            self._stats.add_reply(prompt_tokens, completion_tokens, usd)
            self._journal.put("settled", (send, prompt_tokens, completion_tokens, usd))
            return reply
        finally:
            self._budget.settle(worst, spent)


def presumed_to_obey(model: Any) -> bool:
    """Return whether a model is said to obey schemas, as far as that is known without asking it."""
    return "json_schema" in model.capabilities


def repair_of(sample: int) -> int:
    """Return the sample number of the call that repairs a reply.

    >>> repair_of(0), repair_of(1)
    (-1, -2)
    """
    return -1 - sample


async def ask_by_schema(
    send: Send, request: Request, schema: Schema, *, language: str, obeyed: bool, sample: int
) -> Reply:
    """Return a reply whose ``parsed`` fits the schema; one that calls tools instead comes back as it is.

    A reply that does not fit is shown to the model once, with what is wrong. Raises ``ModelError``: ``wrong_schema`` where
    the second one does not fit either, ``cut`` where ``max_tokens`` ended a reply (a second try would end as early), and
    ``RecipeError`` for requests that cannot have a schema.
    """
    _check(request)
    asked = replace(request, response_format=schema.response_format)
    reply = await send(_sent(asked, schema, language, obeyed=obeyed), asked, sample)
    if reply.tool_calls and request.tools:
        return reply
    try:
        return _parsed(reply, schema)
    except WrongSchema as wrong:
        finding = str(wrong)
    said: list[Message] = [{"role": "assistant", "content": reply.text}] if reply.text.strip() else []
    known_by = replace(asked, messages=[*asked.messages, *said, {"role": "user", "content": "repair"}])
    repair = _text("schema_repair", language, {"finding": finding})
    sent = _sent(asked, schema, language, obeyed=obeyed)
    messages = (
        [*sent.messages, *said, {"role": "user", "content": repair}] if said else _with(sent.messages, repair)
    )
    second = await send(replace(sent, messages=messages), known_by, repair_of(sample))
    try:
        return _parsed(second, schema)
    except WrongSchema as wrong:
        raise ModelError(
            f"the reply does not fit the schema {schema.name!r}, nor does the repaired one: {wrong}",
            fault="wrong_schema",
            got=shorten(second.text),
        ) from wrong


def _check(request: Request) -> None:
    if request.prompt is not None or request.n != 1:
        raise RecipeError(
            "a reply by a schema is asked for with messages, one at a time",
            got="a raw prompt" if request.prompt is not None else f"n = {request.n}",
            next="give messages, and several samples by sample=0, sample=1 …",
        )
    if request.response_format is not None:
        raise RecipeError(
            "a request has both a schema and a response_format",
            got=shorten(dict(request.response_format)),
            next="leave response_format out: the schema makes it",
        )


def _parsed(reply: Reply, schema: Schema) -> Reply:
    if reply.was_cut:
        raise ModelError(
            "the reply was cut before its JSON was whole",
            fault="cut",
            got=shorten(reply.text[-120:]),
            next="raise max_tokens of the role",
        )
    return replace(reply, parsed=schema.read(reply.text))


def _sent(asked: Request, schema: Schema, language: str, *, obeyed: bool) -> Request:
    """Return the request as this role's endpoints understand it."""
    if obeyed:
        return asked
    shown = _text("schema", language, {"schema": _shown(schema.json)})
    return replace(asked, response_format=None, messages=_with(asked.messages, shown))


def _shown(schema: Mapping[str, Json]) -> str:
    import orjson

    return orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode()


def _with(messages: Any, text: str) -> list[Message]:
    """Return the messages with a text added to what the user says last."""
    *before, last = messages
    content = last.get("content")
    if last.get("role") != "user":
        return [*before, last, {"role": "user", "content": text}]
    if isinstance(content, list):
        return [*before, {**last, "content": [*content, {"type": "text", "text": text}]}]
    return [*before, {**last, "content": f"{content}\n\n{text}"}]


def _text(name: str, language: str, values: Mapping[str, Json]) -> str:
    return str(_prompt(name, language).render(values)[0]["content"])


@cache
def _prompt(name: str, language: str) -> Prompt:
    path = files("tanemaki.engine").joinpath("data", language, f"{name}.md")
    return Prompt.parse(name, language, path.read_text(encoding="utf-8"))
