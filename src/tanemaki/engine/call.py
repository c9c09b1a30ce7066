"""What a call is: where it belongs, and what it asks (promise 4)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from tanemaki.core.model import Reply, Request
from tanemaki.engine.bound import Bound
from tanemaki.engine.stored import dump


class Address(NamedTuple):
    """Where a call belongs."""

    root: int
    path: str
    """Ordinal below the root: ``""`` for the root itself, ``2.1`` for a grandchild."""
    step: str
    place: int
    """Place among the calls of this step on this record, from 0."""
    sample: int


@dataclass(slots=True)
class Call:
    """One call as a step makes it."""

    address: Address
    record: str
    bound: Bound
    request: Request
    hash: str
    """Hash of what it asks of which model, without ``max_tokens``: raising that pays again only for what was cut."""
    body: str
    """The request's body as the journal stores it."""


def call_of(address: Address, record: str, bound: Bound, request: Request) -> Call:
    """Return the call that a request makes; its body is written as JSON once, for the hash and for the journal."""
    wire = request.to_wire()
    max_tokens = wire.pop("max_tokens", None)
    body = dump(wire)
    raw = f"{bound.model.name}\n{body}".encode("utf-8", "surrogatepass")
    if max_tokens is not None:
        mark = 2 if body[0] == " " else 1
        body = f'{body[:mark]}"max_tokens":{max_tokens:d},{body[mark:]}'
    return Call(address, record, bound, request, hashlib.blake2b(raw, digest_size=16).hexdigest(), body)


def still_holds(reply: Reply, paid_max_tokens: int | None, max_tokens: int | None) -> bool:
    """Say whether a stored reply is what the request would get under the present ``max_tokens``."""
    if paid_max_tokens == max_tokens:
        return True
    if any(one.was_cut for one in (reply, *reply.others)):
        return False
    used = reply.usage.completion_tokens
    return (
        max_tokens is None
        or (paid_max_tokens is not None and max_tokens > paid_max_tokens)
        or (used is not None and used <= max_tokens)
    )
