"""A small real context: texts, named draws, and replies from a function of the request. Every request is kept."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tanemaki.core.model import Reply, Request
from tanemaki.core.prompt import Prompt, Row, Texts
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import Children, Message, Record
from tanemaki.core.seeding import Draw
from tanemaki.core.step import Spec, call_each
from tanemaki.core.structured import Schema
from tanemaki.core.verdict import Reject
from tanemaki.engine.structured import ask_by_schema

Script = Callable[["Asked"], "Reply | str | Awaitable[Reply | str]"]


@dataclass(frozen=True)
class Asked:
    """One call as it was made."""

    role: str
    request: Request
    record_id: str
    step: str
    place: int
    sample: int

    @property
    def text(self) -> str:
        """Everything that the model is shown."""
        return "\n".join(str(message["content"]) for message in self.request.messages)


@dataclass
class ScriptedContext:
    """The context of one record at one step."""

    texts: Texts
    script: Script
    captured: list[Asked] = field(default_factory=list)
    recipe: str = "recipe"
    step: str = "step"
    record_id: str = "a1"
    seed: int = 0
    n_calls: int = 0

    @property
    def language(self) -> str:
        return self.texts.language

    def prompt(self, name: str) -> Prompt:
        return self.texts.prompts[name]

    def table(self, name: str) -> tuple[Row, ...]:
        return self.texts.tables[name]

    def draw(self, *place: str | int) -> Draw:
        return Draw(self.seed, self.recipe, self.step, self.record_id, *place)

    async def ask(
        self,
        role: str,
        request: Request | Sequence[Message] | str,
        *,
        sample: int = 0,
        schema: Any = None,
        tools: Sequence[Mapping[str, Any]] = (),
    ) -> Reply:
        if isinstance(request, str):
            request = Request([{"role": "user", "content": request}])
        elif not isinstance(request, Request):
            request = Request(request)
        request = replace(request, tools=tools or request.tools)
        place, self.n_calls = self.n_calls, self.n_calls + 1

        async def send(sent: Request, _: Request, number: int) -> Reply:
            return await self._reply(Asked(role, sent, self.record_id, self.step, place, number))

        if schema is None:
            return await send(request, request, sample)
        form = Schema.of(schema)
        return await ask_by_schema(send, request, form, language=self.language, obeyed=True, sample=sample)

    async def _reply(self, asked: Asked) -> Reply:
        self.captured.append(asked)
        said = self.script(asked)
        said = await said if inspect.isawaitable(said) else said
        return Reply(said) if isinstance(said, str) else said


def in_order(replies: Sequence[Reply | str]) -> Script:
    """Return a script that says these replies one after the other."""
    left = list(replies)
    return lambda _: left.pop(0)


@dataclass(frozen=True)
class End:
    """What became of a record: its fields, or the rejection and the step that made it."""

    record: Record
    reject: Reject | None = None
    step: str | None = None


async def walk(
    recipe: Recipe,
    texts: Texts,
    record: Record,
    script: Script,
    captured: list[Asked] | None = None,
    seed: int = 0,
) -> End:
    """Take one record through the recipe's steps in their listed order; all must be of the kind ``each``."""
    for spec in recipe.specs:
        context = ScriptedContext(
            texts, script, captured if captured is not None else [], recipe.name, spec.name, record.id, seed
        )
        outcome = await _step(spec, record, context)
        if isinstance(outcome, Reject):
            return End(record, outcome, spec.name)
        record = outcome
    return End(record)


async def _step(spec: Spec, record: Record, context: ScriptedContext) -> Record | Reject:
    outcome = call_each(spec, record, context)
    if inspect.isawaitable(outcome):
        outcome = await outcome
    assert not isinstance(outcome, Children), f"{spec.name} makes several records of one: walk it by hand"
    if isinstance(outcome, Reject):
        assert spec.reasons is None or outcome.reason in spec.reasons, (
            f"{spec.name}: {outcome.reason} was not declared"
        )
        return outcome
    if isinstance(outcome, Record):
        return outcome
    assert set(outcome) <= set(spec.writes), f"{spec.name} wrote {set(outcome)}, declared {set(spec.writes)}"
    return record.with_fields(**outcome)
