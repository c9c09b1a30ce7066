"""Fresh prompts for every round of a loop: which round a prompt belongs to is a hash of the prompt, and nothing else.

No earlier round has to be at hand, and no list of what was used has to be kept: the same source, split into as many rounds,
gives every round prompts of its own, in whatever order, on whatever machine. That it did is proved by :mod:`.disjoint`.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import ClassVar, Literal

from tanemaki.core.errors import SetupError, shorten
from tanemaki.core.record import Json, Record
from tanemaki.core.seeding import digest
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.datasets.splits import prompt_of
from tanemaki.text.normalise import normalise

_HASH_BYTES = 16  # two of a billion prompts are equal with a probability of 10**-21


def prompt_hash(prompt: Json) -> bytes:
    """Return 16 bytes that name a prompt, a text or messages: what the user says, width, case and white space aside.

    >>> prompt_hash("葛とは？") == prompt_hash([{"role": "user", "content": " 葛とは? "}])
    True
    """
    asked = prompt_of({"prompt": prompt}) or normalise(json.dumps(prompt, ensure_ascii=False, sort_keys=True))
    return digest("prompt", asked)[:_HASH_BYTES]


def round_of(prompt: Json, rounds: int) -> int:
    """Return the round, from 1, that a prompt belongs to. It depends on the prompt and on the number of rounds alone.

    >>> sorted({round_of(f"問い{n}", 3) for n in range(20)})
    [1, 2, 3]
    """
    return int.from_bytes(digest("round", prompt_hash(prompt).hex())[:8], "little") % rounds + 1


@dataclass(frozen=True, slots=True)
class InRound:
    """Keep the prompts of one round of several.

    Every prompt belongs to one round; other seeds do not move it. Another number of rounds does: keep it over a loop.

    Reasons: ``other_round`` (measured: the prompt's round; limit: this one).
    Cost: a hash; no call. Of R rounds each keeps about 1 / R of the source.
    Source: "RLHF Workflow" (arXiv 2405.07863) takes other prompts in each of its three rounds, from a list cut by hand.
    Raises: ``SetupError`` for a round that there is not.

    >>> steps = [InRound("prompt", n, 2) for n in (1, 2)]
    >>> record = Record("a", (1,), {"prompt": "葛とは？"})
    >>> sum(step(record) is record for step in steps)
    1
    """

    field: str
    """The field with the prompt: a text or messages."""
    round: int
    """Which round this is, from 1."""
    rounds: int
    """How many there are."""
    name: str = dataclasses.field(default="in_round", init=False)
    reasons: ClassVar[tuple[str, ...]] = ("other_round",)

    def __post_init__(self) -> None:
        """Refuse a round outside of the rounds."""
        if not 1 <= self.round <= self.rounds:
            raise SetupError(
                "there is no such round",
                where="options.round",
                got=f"round {self.round} of {self.rounds}",
                next=f"a round from 1 to {self.rounds}" if self.rounds > 0 else "rounds: 1 or more",
            )

    @property
    def reads(self) -> tuple[str, ...]:
        """The prompt."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        own = round_of(record[self.field], self.rounds)
        return record if own == self.round else Reject("other_round", own, self.round)


@dataclass(frozen=True, slots=True)
class FirstAsked:
    """Keep the first of the records that ask the same.

    The same is what :func:`prompt_hash` calls so; prompts that are merely alike stay, one digit makes another prompt.

    Reasons: ``asked_before`` (measured: the id of the earlier record; note: what was asked).
    Cost: a hash; memory of some 150 bytes for each prompt that was kept.
    Source: ours: a prompt that comes twice would be learnt from twice, with other pairs.

    >>> step, first = FirstAsked("prompt"), Record("a", (1,), {"prompt": "葛とは？"})
    >>> seen = step.start(None)
    >>> step.decide(seen, first) is first
    True
    >>> step.decide(seen, Record("b", (2,), {"prompt": "葛とは?"}))
    Reject(reason='asked_before', measured='a', limit=None, note='葛とは?')
    """

    field: str
    """The field with the prompt: a text or messages."""
    name: str = dataclasses.field(default="first_asked", init=False)
    kind: Literal["ordered"] = dataclasses.field(default="ordered", init=False)
    reasons: ClassVar[tuple[str, ...]] = ("asked_before",)

    @property
    def reads(self) -> tuple[str, ...]:
        """The prompt."""
        return (self.field,)

    def start(self, context: Context | None) -> dict[bytes, str]:  # noqa: ARG002 - nothing is known before the first
        """Return that nothing was asked."""
        return {}

    def decide(self, state: dict[bytes, str], record: Record) -> Record | Reject:
        """Give the record back, or the rejection that names who asked before."""
        prompt = record[self.field]
        earlier = state.setdefault(prompt_hash(prompt), record.id)
        if earlier == record.id:
            return record
        said = prompt_of({"prompt": prompt})
        return Reject("asked_before", earlier, None, shorten(said, 80).strip("'\""))
