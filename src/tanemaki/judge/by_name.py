"""The judges by the names that recipes, commands and run files have for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tanemaki.core.errors import SetupError, nearest
from tanemaki.core.judging import Judge
from tanemaki.judge.aspects import Aspects
from tanemaki.judge.both_orders import BothOrders
from tanemaki.judge.expected import Expected
from tanemaki.judge.pairwise import Pairwise
from tanemaki.judge.reward_model import RewardModel
from tanemaki.judge.rubric import Rubric, read_sheet
from tanemaki.judge.single import Single

_AT_REST: Mapping[str, Any] = {"repeats": 1, "aspects": ()}
"""Options whose value without any effect is not false."""
_MOST_REPEATS = 32  # ours: synth-persona repeats 8 times; more than 32 is a slip of the pen


def judge_of(kind: str, language: str, *, of: str = "judge", **options: Any) -> Judge:
    """Return a judge by its name, asking the role ``of``.

    ``pairwise`` compares in both orders and takes ``names`` (exchange the names, too), ``repeats`` (1 to 32), ``reference``,
    ``plain`` (markdown taken off before) and ``logprobs``; ``single`` takes ``reference``; ``aspects`` takes ``aspects``
    (the score is the mean of these, and not the overall rating). Raises ``SetupError`` for an unknown name, and for an
    option that does nothing for this judge.

    >>> judge_of("pairwise", "ja", names=True).name, judge_of("rubric", "ja").reads
    ('pairwise', ('prompt', 'answer'))
    """
    if kind not in _MAKERS:
        near = nearest(kind, _MAKERS)
        raise SetupError(
            f"unknown judge {kind!r}",
            where="options.judge",
            next=f"did you mean {near!r}?" if near else f"one of {', '.join(_MAKERS)}",
        )
    make, known = _MAKERS[kind]
    for name, value in options.items():
        if name not in known and value != _AT_REST.get(name, False):
            raise SetupError(
                f"the judge {kind!r} has no {name}",
                where=f"options.{name}",
                got=repr(value),
                next=f"leave it out, or take {' or '.join(_takers(name)) or 'another judge'}",
            )
    repeats = options.get("repeats", 1)
    if not 1 <= repeats <= _MOST_REPEATS:
        raise SetupError(
            f"repeats goes from 1 to {_MOST_REPEATS}",
            where="options.repeats",
            got=repr(repeats),
            next="e.g. repeats: 8 for error bars",
        )
    return make(language, of, {name: value for name, value in options.items() if name in known})


def _pairwise(language: str, of: str, options: Mapping[str, Any]) -> Judge:
    del language
    around = {name: options[name] for name in ("names", "repeats") if name in options}
    inside = {name: value for name, value in options.items() if name not in around}
    return BothOrders(Pairwise(of=of, **inside), **around)


def _aspects(language: str, of: str, options: Mapping[str, Any]) -> Judge:
    del language
    means = tuple(options.get("aspects", ()))
    return Aspects(of=of, aspects=means, overall=False) if means else Aspects(of=of)


_Make = Callable[[str, str, Mapping[str, Any]], Judge]
_MAKERS: Mapping[str, tuple[_Make, tuple[str, ...]]] = {
    "pairwise": (_pairwise, ("names", "repeats", "reference", "plain", "logprobs")),
    "single": (lambda _, of, options: Single(of=of, **options), ("reference",)),
    "aspects": (_aspects, ("aspects",)),
    "rubric": (lambda language, of, _: Rubric(read_sheet(language), of=of), ()),
    "expected": (lambda _, of, __: Expected(of=of), ()),
    "reward": (lambda _, of, __: RewardModel(of=of), ()),
}
KINDS = tuple(_MAKERS)
"""Names of the judges."""


def _takers(option: str) -> list[str]:
    return [kind for kind, (_, known) in _MAKERS.items() if option in known]
