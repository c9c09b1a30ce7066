"""What can go wrong, by the boundary that was crossed.

Five classes, flat and picklable. Each also inherits the standard-library class it stands for, so that a caller who knows
nothing of Tanemaki can still catch it.

* :class:`SetupError`: flags, run file, a missing extra or key. The user acts, now. Exit code 2.
* :class:`RecipeError`: recipe, prompt and step do not fit together. Its author acts, before any call is made. Exit code 2.
* :class:`ModelError`: a call failed. The engine retries, then the row fails; a dead endpoint ends the run. Exit code 3.
* :class:`DataError`: a record is not what its source promised. Recorded; the run goes on.
* :class:`LimitReached`: money, tokens, time or the share of failures is used up. Resumable. Exit code 4.

Anything else is our own bug and keeps its traceback (exit code 1). A message answers four questions, one line each:
what, where, got, next.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Literal

ModelFault = Literal[
    "transport",
    "timeout",
    "unauthorised",
    "unknown_model",
    "bad_request",
    "overloaded",
    "server",
    "cut_body",
    "malformed",
    "empty",
    "cut",
    "cut_while_thinking",
    "context_overflow",
    "wrong_schema",
    "content_refused",
]
"""Classes of a failed call; ``tanemaki.engine.retries`` says what follows each.

``transport``: no connection, or one that broke before the reply. ``overloaded``: 429, 503, 529. ``server``: other 5xx.
``cut_body``: the reply's body ended early. ``malformed``: a whole body that is no reply. ``empty``: a reply that holds
nothing. ``cut``: by ``max_tokens``; ``context_overflow``: the prompt fills the context, and raising ``max_tokens`` will not
help. ``content_refused``: by the provider's own filter.
"""


def shorten(value: object, most: int = 200) -> str:
    """Return ``repr(value)`` in at most ``most`` characters, telling how many were left out.

    >>> shorten("質問" * 200, most=20)
    "'質問質問質問質問質… (402 characters)"
    """
    shown = repr(value)
    if len(shown) <= most:
        return shown
    tail = f"… ({len(shown)} characters)"
    return shown[: max(1, most - 10)] + tail


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like ``name``, or None if none is near.

    >>> nearest("langauge", ["language", "rows"])
    'language'
    """
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


class TanemakiError(Exception):
    """Base of the five classes: a message of up to four labelled lines.

    >>> print(SetupError("unknown language", where="run.yaml:3", got="'jp'", next="did you mean 'ja'?"))
    SetupError: unknown language
      where   run.yaml:3
      got     'jp'
      next    did you mean 'ja'?
    """

    exit_code = 1

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        got: str | None = None,
        next: str | None = None,  # noqa: A002 - the label of the message's fourth line
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.got = got
        self.next = next

    def __str__(self) -> str:
        lines = [f"{type(self).__name__}: {self.what}"]
        for label, value in (("where", self.where), ("got", self.got), ("next", self.next)):
            if value:
                lines.append(f"  {label:<8}{value}")
        return "\n".join(lines)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.__dict__.copy()))


def _rebuild(kind: type[TanemakiError], state: dict[str, object]) -> TanemakiError:
    error = kind.__new__(kind)
    Exception.__init__(error, state.get("what"))
    error.__dict__.update(state)
    return error


class SetupError(TanemakiError, ValueError):
    """The user's set-up is wrong: nothing was spent, and the message says what to change."""

    exit_code = 2


class RecipeError(TanemakiError, ValueError):
    """Recipe, prompts and steps do not fit together; found by ``check`` before any call."""

    exit_code = 2


class ModelError(TanemakiError, RuntimeError):
    """A model's endpoint failed, refused, or answered what cannot be used."""

    exit_code = 3

    def __init__(
        self,
        what: str,
        *,
        fault: ModelFault,
        retryable: bool = False,
        retry_after_s: float | None = None,
        ends_run: bool = False,
        where: str | None = None,
        got: str | None = None,
        next: str | None = None,  # noqa: A002 - the label of the message's fourth line
    ) -> None:
        super().__init__(what, where=where, got=got, next=next)
        self.fault: ModelFault = fault
        self.retryable = retryable
        """The same request may succeed later."""
        self.retry_after_s = retry_after_s
        """What the server asked for, in seconds; None if it asked for nothing."""
        self.ends_run = ends_run
        """No other row can succeed either: a wrong key, an unknown model, a server that is gone."""
        self.is_paid = False
        """The endpoint did the work, and left no reply: the try is charged at its worst case, whatever its class."""


class DataError(TanemakiError, ValueError):
    """A record is not what its source promised. The row is recorded and the run goes on."""


class LimitReached(TanemakiError, RuntimeError):
    """A limit of the run file is used up. The run ends cleanly and can be resumed."""

    exit_code = 4
    used_up: str | None = None
    """The key under ``limits`` that is used up; None where too many rows failed or were rejected."""
