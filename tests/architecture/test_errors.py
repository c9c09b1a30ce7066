"""The five classes: what they print, what they stand for, and that they survive the way to another process."""

from __future__ import annotations

import pickle

import pytest

from tanemaki.core.errors import (
    DataError,
    LimitReached,
    ModelError,
    RecipeError,
    SetupError,
    TanemakiError,
    shorten,
)

PARTS = {"where": "run.yaml:3:11", "got": "'jp'", "next": "did you mean 'ja'?"}
LINES = "  where   run.yaml:3:11\n  got     'jp'\n  next    did you mean 'ja'?"
CASES: list[tuple[TanemakiError, str, type[Exception], int]] = [
    (SetupError("unknown language", **PARTS), f"SetupError: unknown language\n{LINES}", ValueError, 2),
    (RecipeError("no steps", **PARTS), f"RecipeError: no steps\n{LINES}", ValueError, 2),
    (
        ModelError(
            "no answer",
            fault="timeout",
            retryable=True,
            retry_after_s=2.5,
            where=PARTS["where"],
            got=PARTS["got"],
            next=PARTS["next"],
        ),
        f"ModelError: no answer\n{LINES}",
        RuntimeError,
        3,
    ),
    (DataError("壊れた行", **PARTS), f"DataError: 壊れた行\n{LINES}", ValueError, 1),
    (LimitReached("cost", **PARTS), f"LimitReached: cost\n{LINES}", RuntimeError, 4),
]


@pytest.mark.parametrize(
    ("error", "text", "stands_for", "exit_code"), CASES, ids=lambda part: type(part).__name__
)
def test_an_error_prints_what_where_got_and_next(
    error: TanemakiError, text: str, stands_for: type[Exception], exit_code: int
) -> None:
    assert str(error) == text
    assert isinstance(error, stands_for)
    assert error.exit_code == exit_code


@pytest.mark.parametrize("error", [case[0] for case in CASES], ids=lambda error: type(error).__name__)
def test_an_error_is_the_same_after_pickling(error: TanemakiError) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - bytes of our own
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert copy.__dict__ == error.__dict__
    assert copy.args == error.args


def test_lines_that_have_nothing_to_say_are_left_out() -> None:
    assert str(SetupError("no recipe")) == "SetupError: no recipe"
    assert str(SetupError("no recipe", got="")) == "SetupError: no recipe"


@pytest.mark.parametrize("value", ["問" * 500, "🌱" * 500, list(range(500)), "a" * 199, ""])
def test_a_long_value_is_shortened_and_tells_its_length(value: object) -> None:
    shown = shorten(value)
    whole = repr(value)
    if len(whole) <= 200:
        assert shown == whole
    else:
        assert shown.endswith(f"… ({len(whole)} characters)")
        assert whole.startswith(shown.split("…")[0])
        assert len(shown) < 230
