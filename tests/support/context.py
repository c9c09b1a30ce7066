"""A small real context: texts, named draws, and replies from a function of the request. Every request is kept."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tanemaki.core.model import Reply, Request
from tanemaki.core.prompt import Prompt, Row, Texts
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import Message, Record
from tanemaki.core.seeding import Draw
from tanemaki.core.structured import Schema
from tanemaki.core.verdict import Reject
from tanemaki.engine.bound import Bound
from tanemaki.engine.call import Call
from tanemaki.engine.calls import Caller, Known, KnownKey
from tanemaki.engine.context import Setting
from tanemaki.engine.root import Row as Ended
from tanemaki.engine.structured import ask_by_schema
from tanemaki.models.scripted import Scripted
from tanemaki.run.in_order import walk_in_order

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


class _Scripted(Caller):
    """Answers by a script, and keeps what was asked."""

    def __init__(self, recipe: Recipe, script: Script, captured: list[Asked]) -> None:
        self._roles = {role: Bound(role, Scripted([])) for role in recipe.roles}
        self._script = script
        self._captured = captured

    async def ask(self, call: Call, known: Mapping[KnownKey, Known]) -> Reply:
        del known
        _, _, step, place, sample = call.address
        asked = Asked(call.bound.role, call.request, call.record, step, place, sample)
        self._captured.append(asked)
        said = self._script(asked)
        said = await said if inspect.isawaitable(said) else said
        return Reply(said) if isinstance(said, str) else said


async def walk_all(
    recipe: Recipe,
    texts: Texts,
    records: Sequence[Record],
    script: Script,
    captured: list[Asked] | None = None,
    seed: int = 0,
) -> list[End]:
    """Take records through all steps of a recipe; return the ends of them and their children by ordinal."""
    caller = _Scripted(recipe, script, captured if captured is not None else [])
    rows = await walk_in_order(Setting(recipe.name, seed, texts, caller), recipe.specs, records)
    return [End(row.record, _reject_of(row), row.step) for row in rows]


def _reject_of(row: Ended) -> Reject | None:
    if row.status == "accepted":
        return None
    return Reject(row.reason or "", row.measured, row.limit, row.note)


async def walk(
    recipe: Recipe,
    texts: Texts,
    record: Record,
    script: Script,
    captured: list[Asked] | None = None,
    seed: int = 0,
) -> End:
    """Take one record through a recipe that makes one of it."""
    (end,) = await walk_all(recipe, texts, [record], script, captured, seed)
    return end
