"""The contract of a family of code tasks: parameters that vary the specification, a reference, and a second way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw

Parameters = Mapping[str, Json]
"""What makes one specification, in JSON and in no language. ``form`` chooses a group of frames (``plain`` where there is
none); ``frame`` and ``layout`` are drawn by the trunk."""
LEVELS = 3
"""Every family has three levels."""


@dataclass(frozen=True)
class CodeFamily:
    """Tasks that vary one function's specification.

    The specification in words is a frame of the wording, and one sentence for each rule. The reference is Python source with
    marks where the wording's own sentences go: ``@doc`` in the docstring, ``@key`` in a comment.
    """

    draw: Callable[[Draw, int], dict[str, Json]]
    """Parameters of a level from 1 to 3. The number of rules rises with the level."""
    rules: Callable[[Parameters], tuple[str, ...]]
    """Keys of the wording's ``[rules]``: everything that the specification says beyond its first sentence."""
    way: Callable[[Parameters], tuple[str, ...]]
    """Keys of the wording's ``[way]``: how the reference does it, and why."""
    source: Callable[[Parameters], str]
    """The reference. Its last ``def`` line is the signature: what stands before it, helps it."""
    inputs: Callable[[Parameters, Draw], list[list[Json]]]
    """Arguments of five to eight calls; the first two are shown as examples, the others are the edges."""
    expected: Callable[..., Json]
    """``expected(parameters, *arguments)``: the right value, found in another way than the reference finds it."""
    name: str = field(default="", kw_only=True)
    topic: str = field(default="", kw_only=True)


def code(*lines: str | None) -> str:
    """Return lines of source as one text; None is left out, a text of several lines stays together.

    >>> code("def one() -> int:", None, "    return 1")
    'def one() -> int:\\n    return 1\\n'
    """
    return "\n".join(line for line in lines if line is not None) + "\n"
