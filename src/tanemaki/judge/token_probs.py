"""How probable each legal answer was at the token where a judge gave it."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from tanemaki.core.model import Reply
from tanemaki.core.record import Json
from tanemaki.text.normalise import nfkc
from tanemaki.text.verdicts import DRESS

LEAST_MASS = 0.5  # arXiv 2503.03064 keeps whole distributions; below half of the mass on legal options a verdict is none


@dataclass(frozen=True, slots=True)
class Spread:
    """The probabilities at one token."""

    shares: Mapping[str, float]
    """Legal option → its probability, all ways of writing it together; not normalised."""

    @property
    def legal_mass(self) -> float:
        """What the legal options have together, 0 to 1."""
        return min(1.0, math.fsum(self.shares.values()))

    def normalised(self) -> dict[str, float]:
        """Return the probabilities among the legal options alone."""
        mass = math.fsum(self.shares.values())
        return {option: share / mass for option, share in self.shares.items()}


def spread_of(reply: Reply, option_of: Callable[[str], str | None]) -> Spread | None:
    """Return the probabilities of the options at the first token that says something; None without log-probabilities.

    Tokens of white space, brackets and bold signs say nothing. ``option_of`` gets a token in NFKC form, without white space
    and such signs, and gives the option that it stands for. Tokens of thoughts are passed over. Both forms of the wire
    are read: that of chat and that of raw completion.
    """
    return next(
        (Spread(_sum(choices, option_of)) for token, choices in _after_thoughts(reply) if _bare(token)),
        None,
    )


def spread_at_verdict(reply: Reply, said: str, options: Collection[str]) -> Spread | None:
    """Return the probabilities of the options at the token that gave the verdict ``said``; None where it cannot be found.

    That is the last token which says it right after ``[[``; without brackets, the last one which says it. A judge that
    explains itself first has its verdict anywhere in the reply.
    """

    def option_of(token: str) -> str | None:
        return token if token in options else None

    before, found, found_bracketed = "", None, None
    for token, choices in _after_thoughts(reply):
        if option_of(_bare(token)) == said:
            found = choices
            if nfkc(before + token).rstrip(DRESS.replace("[", "") + said).endswith("[["):
                found_bracketed = choices
        before = (before + token)[-8:]  # as much as brackets and white space before a letter take
    chosen = found_bracketed or found
    return None if chosen is None else Spread(_sum(chosen, option_of))


def _after_thoughts(reply: Reply) -> Iterator[tuple[str, dict[tuple[str, str], float]]]:
    places = [(token, choices) for token, choices in _places(reply.logprobs) if choices]
    start = "".join(token for token, _ in places).rfind(reply.text.strip()) if reply.thinking else 0
    at = 0
    for token, choices in places:
        at += len(token)
        if at > start >= 0:
            yield token, choices


def _bare(token: str) -> str:
    return nfkc(token).strip(DRESS + "\n")


def _sum(
    choices: Mapping[tuple[str, str], float], option_of: Callable[[str], str | None]
) -> dict[str, float]:
    shares: dict[str, float] = {}
    for (token, _), logprob in choices.items():
        option = option_of(_bare(token))
        if option is not None:
            shares[option] = shares.get(option, 0.0) + math.exp(logprob)
    return shares


def _places(logprobs: Json) -> Iterator[tuple[str, dict[tuple[str, str], float]]]:
    """Yield each token with its alternatives, itself included: (token, bytes) → log-probability."""
    if not isinstance(logprobs, Mapping):
        return
    for place in logprobs.get("content") or ():
        told = [place, *(place.get("top_logprobs") or ())]
        yield (
            str(place["token"]),
            {
                (str(one["token"]), str(one.get("bytes"))): float(one["logprob"])
                for one in told
                if one.get("logprob") is not None
            },
        )
    tops = logprobs.get("top_logprobs") or ()
    for token, top in zip(logprobs.get("tokens") or (), tops, strict=False):
        yield (
            str(token),
            {(str(name), ""): float(value) for name, value in (top or {}).items() if value is not None},
        )
