"""The same choice asked in one of the three ways, and graded on the spot."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tanemaki.core.model import Capability, Reply, Request, Sampling
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context
from tanemaki.verify.format_tax.choice import choice_of
from tanemaki.verify.format_tax.ways import FIXED, Way

ANSWERING = Sampling(
    temperature=0.0, max_tokens=1024
)  # as the judges of this package are asked; 1,024 hold a solution
_ALTERNATIVES = 20  # what the wire format allows for top_logprobs
Shares = Callable[[Reply], Mapping[int, float] | None]
"""Gives the probability of each option at the place where a reply names one; None where none are told."""


@dataclass(frozen=True, slots=True)
class AskWay:
    """Ask the record's item in one way, and write what was chosen and whether it is right. Nothing is rejected.

    Writes, with the way's name before each: ``_reply``; ``_choice`` (place from 1, or null); ``_why`` (why there is none:
    ``no_choice``, ``several``, ``hedged``, ``cut``, ``empty``); ``_right`` (no choice is wrong); and, where a form is
    ordered, ``_obeyed``. With ``shares``: ``option_shares`` (place → probability), ``probable_choice`` (null where none or
    two are the most probable), ``probable_right``.

    Raises: ``ModelError`` where the reply was cut before the model said anything: ``max_tokens`` was too low for thoughts.
    Cost: one call.
    Source: "Let Me Speak Freely?" (arXiv 2408.02442): the same items with and without an ordered form. Differs: graded by
    rules, with no second model; what cannot be read is told apart from what is wrong.

    >>> AskWay("strict", of="writer").name, sorted(AskWay("free", of="writer").writes)
    ('strict_reply', ['free_choice', 'free_reply', 'free_right', 'free_why'])
    """

    way: Way
    of: str
    """The role that is asked."""
    shares: Shares | None = None
    """Reads log-probabilities, which are asked for then."""
    sampling: Sampling = dataclasses.field(default=ANSWERING)

    @property
    def name(self) -> str:
        """The step's name, which is that of the prompt and of the reply's field, too."""
        return f"{self.way}_reply"

    @property
    def reads(self) -> tuple[str, ...]:
        """The item as it is shown, and what is needed to grade."""
        return ("item", "prompt", "options", "right_place")

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The reply and its grading."""
        written: dict[str, FieldType] = {
            self.name: "text",
            f"{self.way}_choice": "integer",
            f"{self.way}_why": "text",
            f"{self.way}_right": "boolean",
        }
        if self.way in FIXED:
            written[f"{self.way}_obeyed"] = "boolean"
        if self.shares is not None:
            written |= {"option_shares": "json", "probable_choice": "integer", "probable_right": "boolean"}
        return written

    @property
    def prompts(self) -> Mapping[str, frozenset[str]]:
        """The prompt that it renders, with its slot."""
        return {self.name: frozenset({"item"})}

    @property
    def roles(self) -> Mapping[str, frozenset[Capability]]:
        """The role that it asks."""
        return {self.of: frozenset({"chat"} if self.shares is None else {"chat", "logprobs"})}

    async def __call__(self, record: Record, context: Context) -> Mapping[str, Json]:
        """Ask once; give the grading."""
        messages = context.prompt(self.name).render({"item": record["item"]})
        logprobs = None if self.shares is None else _ALTERNATIVES
        reply = await context.ask(self.of, Request(messages, sampling=self.sampling, logprobs=logprobs))
        choice = choice_of(reply, self.way, record["options"], record["prompt"])
        graded: dict[str, Json] = {
            self.name: reply.text.strip(),
            f"{self.way}_choice": choice.place,
            f"{self.way}_why": choice.why,
            f"{self.way}_right": choice.place == record["right_place"],
        }
        if self.way in FIXED:
            graded[f"{self.way}_obeyed"] = choice.obeyed
        if self.shares is not None:
            graded |= _by_shares(self.shares(reply), record["right_place"])
        return graded


def _by_shares(shares: Mapping[int, float] | None, right: int) -> Mapping[str, Json]:
    told = dict(sorted((shares or {}).items()))
    most = [place for place, share in told.items() if share == max(told.values())]
    chosen = most[0] if len(most) == 1 else None
    return {
        "option_shares": {str(place): share for place, share in told.items()} if shares is not None else None,
        "probable_choice": chosen,
        "probable_right": chosen == right,
    }
