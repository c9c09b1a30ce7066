"""What a step is given while it works on one record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tanemaki.core.errors import ModelError, RecipeError, nearest
from tanemaki.core.model import Reply, Request
from tanemaki.core.prompt import Prompt, Row, Texts
from tanemaki.core.record import Json, Message, Record
from tanemaki.core.seeding import Draw, hex_id
from tanemaki.core.step import Spec
from tanemaki.engine.call import Address, Call
from tanemaki.engine.calls import Caller
from tanemaki.engine.root import CallNote, Root, path_of


@dataclass(frozen=True, slots=True)
class Setting:
    """What all steps of a run share."""

    recipe: str
    seed: int
    texts: Texts
    caller: Caller


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

    async def ask(self, role: str, request: Request | Sequence[Message] | str, *, sample: int = 0) -> Reply:
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
        place, self._n_calls = self._n_calls, self._n_calls + 1
        bound = self._setting.caller.bound(role)
        seed = self.draw("call", place, sample).bits() >> 33
        request = bound.complete(request, seed)
        ordinal = self._record.ordinal
        address = Address(ordinal[0], path_of(ordinal), self._spec.name, place, sample)
        call = Call(address, self._record.id, bound, request, request.content_hash(bound.model.name))
        try:
            reply = await self._setting.caller.ask(call, self._root.known)
        except BaseException as error:
            if not isinstance(error, ModelError) or error.ends_run:
                self._root.interrupted = error  # also where the step catches it
            raise
        told: dict[str, Json] = {
            "id": hex_id(self._record.id, self._spec.name, place, sample, call.hash),
            "step": self._spec.name,
            "role": role,
            "model": bound.model.name,
            "prompts": {name: self._setting.texts.prompts[name].hash for name in sorted(self._spec.prompts)},
            "seed": request.seed,
        }
        if reply.thinking is not None:
            told["thinking"] = reply.thinking
        self._root.calls.append(CallNote(ordinal, self._step_place, place, sample, told))
        return reply
