"""The step contract: one thing done to one record.

A step is usually a frozen dataclass. It says what it reads and writes, and the engine derives the order from that. Whatever
it does not say has the default of :class:`Spec`. What the engine calls depends on the ``kind``:

==========  ==========================================================================  =================================
kind        called as                                                                   waits for
==========  ==========================================================================  =================================
``each``    ``step(record)`` or ``[await] step(record, context)``                        the fields that it reads
``group``   ``[await] step(parent, children, context)``                                 the children of that parent
``ordered`` ``state = step.start(context)``, then ``step.decide(state, record)``         records of lower ordinal
``set``     ``step.decide(records, context)``, giving a ``Reject`` or fields per id      all records
``draws``   ``[await] step(record, entries, context)``                                  the pool of the epochs before
==========  ==========================================================================  =================================

An ``each`` step gives back a record, a mapping of added fields, :class:`~tanemaki.core.record.Children` or a
:class:`~tanemaki.core.verdict.Reject`. A plain function is a legal step, too: its positional parameters are the fields
that it reads, its name is the field that it writes, its keyword-only parameters are roles or the tools ``draw``,
``record``, ``language`` and ``context``::

    async def answer(question, *, writer):
        return (await writer(f"次の問いに一文で答えてください。{question}")).text

A pure ``each`` step that takes a millisecond or more of processor time says that it is heavy: :func:`heavy`. With
``workers: k`` in the run file it then runs in k other processes.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol, get_args

from tanemaki.core.errors import RecipeError, SetupError
from tanemaki.core.model import Capability, Reply, Request
from tanemaki.core.prompt import Prompt, Row
from tanemaki.core.record import Children, FieldType, Json, Message, Record
from tanemaki.core.seeding import Draw
from tanemaki.core.verdict import Reject

Kind = Literal["each", "group", "ordered", "set", "draws"]
Asker = Callable[..., Awaitable[Reply]]
"""What a plain function gets for a role: called as :meth:`Context.ask` is, without the role; gives the reply."""
Outcome = Record | Reject | Children | Mapping[str, Json]


class Context(Protocol):
    """What a step may use while it works on one record."""

    @property
    def language(self) -> str:
        """Language of the run: ``ja`` or ``en``."""

    def prompt(self, name: str) -> Prompt:
        """Return the recipe's prompt of this name in the run's language."""

    def table(self, name: str) -> tuple[Row, ...]:
        """Return the rows of the recipe's table of this name in the run's language."""

    def draw(self, *place: str | int) -> Draw:
        """Return the random numbers of this record, step and place; the same whatever else happens."""

    async def ask(
        self,
        role: str,
        request: Request | Sequence[Message] | str,
        *,
        sample: int = 0,
        schema: Any = None,
        tools: Sequence[Mapping[str, Any]] = (),
    ) -> Reply:
        """Ask the model that the run file binds to ``role``; a text is one user message.

        The reply is in the journal before this returns. Calls are known by their place in the step (first, second …), so
        a step must make them in an order that depends on its inputs alone. ``sample`` tells apart several answers to one
        request. Raises ``ModelError`` when the call failed for good: let it pass, the engine makes a failed row of it.

        With ``schema`` (a pydantic class, or a JSON schema as a mapping) the reply's ``parsed`` is an instance of the class,
        or the value; a reply that does not fit is repaired once, and is a ``ModelError`` then. ``tools`` are those of the
        request; the reply's ``tool_calls`` are what the model calls, and ``parsed`` is None there.
        """


@dataclass(frozen=True, slots=True)
class Spec:
    """What the engine knows of one step, read off it once by :func:`spec_of`."""

    step: Any
    name: str
    kind: Kind = "each"
    reads: tuple[str, ...] = ()
    writes: Mapping[str, FieldType] = field(default_factory=dict)
    reasons: tuple[str, ...] | None = ()
    """Closed list of its rejections; None for a plain function, whose reasons are not known before."""
    roles: Mapping[str, frozenset[Capability]] = field(default_factory=dict)
    """Roles that it asks, with the capabilities that it needs of them."""
    prompts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Prompts that it renders, with the slots that it fills."""
    tables: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Tables that it reads, with the columns that it needs."""
    fans_out: bool = False
    """It gives :class:`Children`."""
    pool: str | None = None
    """``draws`` only: name of the ordered step whose kept records it draws from."""
    epoch: int = 0
    """``draws`` only: candidates per epoch."""
    is_async: bool = False
    takes_context: bool = False
    plain: bool = False
    """A plain function: called with field values, gives the value of one field."""
    asks: tuple[str, ...] = ()
    """A plain function's keyword-only parameters: roles and tools."""
    heavy: bool = False
    """A pure ``each`` step that worker processes may do."""

    @property
    def is_filter(self) -> bool:
        """A pure verdict that writes nothing: everything listed after it waits for it, so that nothing is paid in vain."""
        return self.kind == "each" and not self.is_async and not self.writes and not self.fans_out


_TOOLS = ("draw", "record", "language", "context")
_TYPES: dict[str, FieldType] = {
    "str": "text",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "list[str]": "texts",
}


def spec_of(step: Any) -> Spec:
    """Return what the engine needs to know of a step. Raises ``RecipeError`` if it is not one."""
    if isinstance(step, Spec):
        return step
    return _checked(_spec_of_function(step) if inspect.isfunction(step) else _spec_of_object(step))


def _checked(spec: Spec) -> Spec:
    if spec.heavy and (spec.kind != "each" or spec.is_async or spec.roles):
        raise RecipeError(
            f"step {spec.name!r} is heavy, but worker processes do only what is pure and done record by record",
            got="it asks a model" if spec.is_async or spec.roles else f"kind {spec.kind!r}",
            next="let a heavy step before it compute what is heavy, into a field that the recipe hides",
        )
    return spec


def _spec_of_object(step: Any) -> Spec:
    if inspect.isclass(step):
        raise RecipeError(
            f"{step.__name__} is a class, not a step", next=f"write {step.__name__}(…) with its settings"
        )
    kind: Kind = getattr(step, "kind", "each")
    if kind not in get_args(Kind):
        raise RecipeError(
            f"step {step!r} has the unknown kind {kind!r}", next=f"one of {', '.join(get_args(Kind))}"
        )
    call = getattr(step, "decide" if kind in ("ordered", "set") else "__call__", None)
    if call is None or (kind == "ordered" and not hasattr(step, "start")):
        raise RecipeError(
            f"{type(step).__name__} is not a step of kind {kind!r}",
            got=repr(step)[:200],
            next="give it the methods that tanemaki.core.step lists, or use a plain function",
        )
    n_arguments = len(inspect.signature(call).parameters)
    name = getattr(step, "name", None) or _snake(type(step).__name__)
    optional = {
        key: getattr(step, key)
        for key in ("reads", "writes", "reasons", "prompts", "tables", "fans_out", "pool", "epoch", "heavy")
        if hasattr(step, key)
    }
    roles = getattr(step, "roles", {})
    if not isinstance(roles, Mapping):
        roles = {role: frozenset({"chat"}) for role in roles}
    return Spec(
        step=step,
        name=name,
        kind=kind,
        roles=roles,
        is_async=inspect.iscoroutinefunction(call),
        takes_context=kind != "each" or n_arguments > 1,
        **optional,
    )


def _spec_of_function(function: Callable[..., Any]) -> Spec:
    parameters = inspect.signature(function).parameters.values()
    asks = tuple(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)
    return Spec(
        step=function,
        name=function.__name__,
        reads=tuple(p.name for p in parameters if p.kind is not p.KEYWORD_ONLY),
        writes={function.__name__: _returned_type(function.__annotations__.get("return"))},
        reasons=None,
        roles={name: frozenset({"chat"}) for name in asks if name not in _TOOLS},
        is_async=inspect.iscoroutinefunction(function),
        takes_context=True,
        plain=True,
        asks=asks,
        heavy=getattr(function, "heavy", False),
    )


def heavy(step: Any) -> Any:
    """Mark a step as heavy, so that worker processes do it where the run file has ``workers``.

    A decorator of a plain function or of a step's class (which may as well say ``heavy: ClassVar[bool] = True``); a step
    that is there already, such as one of Tanemaki's filters, comes back as a :class:`Spec`, which is a legal step, too.
    The step must be pure: no model, and the same outcome for the same record in any process.

    >>> @heavy
    ... def reversed_text(text):
    ...     return text[::-1]
    >>> reversed_text("しんぶんし"), spec_of(reversed_text).heavy
    ('しんぶんし', True)
    """
    if inspect.isfunction(step) or inspect.isclass(step):
        marked: Any = step
        marked.heavy = True
        return step
    return _checked(replace(spec_of(step), heavy=True))


def _returned_type(annotation: object) -> FieldType:
    """Return the field's type that a return annotation stands for; text without one, json for anything unusual."""
    if annotation is None:
        return "text"
    told = annotation.__name__ if inspect.isclass(annotation) else str(annotation)
    parts = {part.strip() for part in told.split("|")} - {"Reject", "Children", "None"}
    return _TYPES.get(parts.pop(), "json") if len(parts) == 1 else "json"


def call_each(spec: Spec, record: Record, context: Context) -> Outcome | Awaitable[Outcome]:
    """Call an ``each`` step with what it takes; the result is awaitable where ``spec.is_async``."""
    if spec.plain:
        return _call_function(spec, record, context)
    result: Outcome | Awaitable[Outcome] = (
        spec.step(record, context) if spec.takes_context else spec.step(record)
    )
    return result


def _call_function(spec: Spec, record: Record, context: Context) -> Outcome | Awaitable[Outcome]:
    tools: dict[str, Any] = {}
    for name in spec.asks:
        if name in spec.roles:
            tools[name] = _asker(context, name)
        elif name == "draw":
            tools[name] = context.draw()
        else:
            tools[name] = {"record": record, "language": context.language, "context": context}[name]
    result = spec.step(*(record[name] for name in spec.reads), **tools)
    if not spec.is_async:
        return _as_outcome(spec, result)

    async def wait() -> Outcome:
        return _as_outcome(spec, await result)

    return wait()


def _asker(context: Context, role: str) -> Asker:
    async def ask(
        request: Request | Sequence[Message] | str,
        *,
        sample: int = 0,
        schema: Any = None,
        tools: Sequence[Mapping[str, Any]] = (),
    ) -> Reply:
        return await context.ask(role, request, sample=sample, schema=schema, tools=tools)

    return ask


def _as_outcome(spec: Spec, result: Any) -> Outcome:
    if isinstance(result, Record | Reject | Children):
        return result
    return {spec.name: result}


def _snake(name: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name).lstrip("_")


def check_capabilities(spec: Spec, role: str, offered: frozenset[Capability], model: str) -> None:
    """Raise ``SetupError`` if a step needs what the model bound to the role lacks: a sentence, not a bill."""
    lacking = sorted(spec.roles.get(role, frozenset()) - offered)
    if lacking:
        raise SetupError(
            f"step {spec.name!r} needs {', '.join(lacking)}, which the model of role {role!r} does not offer",
            got=f"{model} offers {', '.join(sorted(offered))}",
            next=f"bind {role!r} to an endpoint that offers it, or choose another recipe",
        )
