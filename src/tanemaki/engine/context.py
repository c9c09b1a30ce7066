"""What a step is given while it works on one record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tanemaki.core.errors import ModelError, RecipeError, nearest
from tanemaki.core.model import Reply, Request
from tanemaki.core.prompt import Prompt, Row, Texts
from tanemaki.core.record import Json, Message, Record
from tanemaki.core.seeding import Draw, digest_of, hex_id, joined
from tanemaki.core.step import Spec
from tanemaki.core.structured import Schema
from tanemaki.engine.call import Address, call_of
from tanemaki.engine.calls import Caller
from tanemaki.engine.root import CallNote, Root, path_of
from tanemaki.engine.structured import Obedience, ask_by_schema, presumed_to_obey
from tanemaki.engine.workers import Workers


@dataclass(frozen=True, slots=True)
class Setting:
    """What all steps of a run share."""

    recipe: str
    seed: int
    texts: Texts
    caller: Caller
    workers: Workers | None = None
    """Worker processes for the heavy steps; None where these run in this process."""
    obedience: Obedience | None = None
    """Knows what the endpoints do with a schema; None where nobody is asked, and what is presumed counts."""
    _hashes: dict[str, dict[str, Json]] = field(init=False, default_factory=dict)
    _names: dict[str, bytes] = field(init=False, default_factory=dict)

    def names_of(self, step: str) -> bytes:
        """Return what the names of all draws of a step begin with."""
        found = self._names.get(step)
        if found is None:
            found = self._names[step] = joined(self.seed, self.recipe, step)
        return found

    def prompt_hashes(self, spec: Spec) -> dict[str, Json]:
        """Return name → hash of the prompts that a step renders, as lineage tells them."""
        found = self._hashes.get(spec.name)
        if found is None:
            prompts = self.texts.prompts
            found = self._hashes[spec.name] = {name: prompts[name].hash for name in sorted(spec.prompts)}
        return found


class RecordContext:
    """The :class:`~tanemaki.core.step.Context` of one record at one step."""

    def __init__(
        self, setting: Setting, spec: Spec, step_place: int, record: Record, root: Root | None
    ) -> None:
        self._setting = setting
        self._spec = spec
        self._step_place = step_place
        self._record = record
        self._root = root
        self._n_calls = 0

    @property
    def language(self) -> str:
        """Language of the run."""
        return self._setting.texts.language

    def prompt(self, name: str) -> Prompt:
        """Return the recipe's prompt. Raises ``RecipeError`` for one that the step did not name."""
        if name not in self._spec.prompts and name not in self._setting.texts.prompts:
            raise self._unknown("prompt", name, self._setting.texts.prompts)
        return self._setting.texts.prompts[name]

    def table(self, name: str) -> tuple[Row, ...]:
        """Return the recipe's table. Raises ``RecipeError`` for an unknown one."""
        if name not in self._setting.texts.tables:
            raise self._unknown("table", name, self._setting.texts.tables)
        return self._setting.texts.tables[name]

    def _unknown(self, what: str, name: str, known: object) -> RecipeError:
        names = list(known) if isinstance(known, dict) else []
        near = nearest(name, names)
        return RecipeError(
            f"step {self._spec.name!r} asks for the {what} {name!r}, which the recipe does not have",
            got=f"{what}s: {', '.join(names) or 'none'}",
            next=f"did you mean {near!r}?" if near else None,
        )

    def draw(self, *place: str | int) -> Draw:
        """Return the random numbers of this record, step and place."""
        return Draw(self._setting.seed, self._setting.recipe, self._spec.name, self._record.id, *place)

    def _seed(self, place: int, sample: int) -> int:
        """Return the seed of a call, a non-negative 31-bit integer."""
        names = self._setting.names_of(self._spec.name) + joined(self._record.id, "call", place, sample)
        return int.from_bytes(digest_of(names)[:4], "little") >> 1

    async def ask(
        self,
        role: str,
        request: Request | Sequence[Message] | str,
        *,
        sample: int = 0,
        schema: Any = None,
        tools: Sequence[Mapping[str, Any]] = (),
    ) -> Reply:
        """Ask a role's model; see :class:`tanemaki.core.step.Context`."""
        if self._root is None:
            raise RecipeError(f"step {self._spec.name!r} asks a model where it has no record of its own")
        if role not in self._spec.roles:
            raise RecipeError(
                f"step {self._spec.name!r} asks the role {role!r}, which it does not name in `roles`",
                got=f"roles: {', '.join(self._spec.roles) or 'none'}",
            )
        if isinstance(request, str):
            request = Request([{"role": "user", "content": request}])
        elif not isinstance(request, Request):
            request = Request(request)
        if tools:
            request = replace(request, tools=tools)
        place, self._n_calls = self._n_calls, self._n_calls + 1
        if schema is not None:
            return await self._ask_by_schema(role, request, place, sample, Schema.of(schema))
        return await self._call(role, request, place, sample)

    async def _ask_by_schema(
        self, role: str, request: Request, place: int, sample: int, schema: Schema
    ) -> Reply:
        bound, obedience = self._setting.caller.bound(role), self._setting.obedience
        try:
            obeyed = presumed_to_obey(bound.model) if obedience is None else await obedience.obeys(bound)
        except BaseException as error:
            self._interrupted_by(error)
            raise

        async def send(sent: Request, known_by: Request, number: int) -> Reply:
            return await self._call(role, sent, place, number, known_by)

        return await ask_by_schema(
            send, request, schema, language=self.language, obeyed=obeyed, sample=sample
        )

    def _interrupted_by(self, error: BaseException) -> None:
        """Note what kept a call from its reply, also where the step catches it: the root is not closed then."""
        if self._root is not None and (not isinstance(error, ModelError) or error.ends_run):
            self._root.interrupted = error

    async def _call(
        self, role: str, request: Request, place: int, sample: int, known_by: Request | None = None
    ) -> Reply:
        """Make one call. ``known_by`` is the request that tells which call it is, where that is not the one sent."""
        assert self._root is not None  # noqa: S101 - ask() has looked
        bound = self._setting.caller.bound(role)
        request = bound.complete(request, lambda: self._seed(place, sample))
        ordinal = self._record.ordinal
        address = Address(ordinal[0], path_of(ordinal), self._spec.name, place, sample)
        call = call_of(address, self._record.id, bound, request)
        if known_by is not None:
            call.hash = call_of(
                address, self._record.id, bound, bound.complete(known_by, lambda: request.seed or 0)
            ).hash
        try:
            reply = await self._setting.caller.ask(call, self._root.known)
        except BaseException as error:
            self._interrupted_by(error)
            raise
        told: dict[str, Json] = {
            "id": hex_id(self._record.id, self._spec.name, place, sample, call.hash),
            "step": self._spec.name,
            "role": role,
            "model": bound.model.name,
            "prompts": self._setting.prompt_hashes(self._spec),
            "seed": request.seed,
        }
        if reply.thinking is not None:
            told["thinking"] = reply.thinking
        if any(other.thinking is not None for other in reply.others):
            told["thinking_of_others"] = [other.thinking for other in reply.others]
        self._root.calls.append(CallNote(ordinal, self._step_place, place, sample, told))
        return reply
