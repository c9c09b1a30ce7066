"""The forms of sets made elsewhere, found by their columns, and how a row of each becomes one that a judge takes.

=================  ===============================================================  =================================
form               columns that tell it                                             who uses it
=================  ===============================================================  =================================
``preference``     chosen, rejected; prompt, or what both sides begin with          TRL, UltraFeedback binarised, HH-RLHF
``rated``          completions (texts with scores), or generations and ratings      UltraFeedback, distilabel
``two_answers``    two answers side by side; winner or label where there is one     Chatbot Arena, SHP, plain tables
``one_answer``     messages, conversations, or a question with its answer           instruction data
=================  ===============================================================  =================================

Texts and turns (``role`` and ``content``, or ShareGPT's ``from`` and ``value``) are read everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tanemaki.core.errors import DataError, SetupError, nearest, shorten
from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.judge.sets.columns import TWO, TWO_MODELS, Columns
from tanemaki.judge.sets.rated import best_and_worst, read_completions, read_parallel
from tanemaki.judge.sets.sides import side_reader
from tanemaki.judge.sets.turns import is_turns, prompt_and_sides, text_of, turns_of

Row = Mapping[str, Json]
Rows = Literal["pairs", "answers"]


@dataclass(frozen=True, slots=True)
class Form:
    """One way to read the rows of a set."""

    name: str
    rows: Rows
    """Two answers side by side, or one answer a row."""
    columns: tuple[str, ...]
    """The columns that are read."""
    read: Callable[[Row], dict[str, Any]]
    """A row → ``prompt``, ``first``, ``second``, ``label`` … or ``prompt``, ``answer`` … Raises ``DataError``."""
    has_labels: bool = False
    """The set says which side is better."""
    answers: tuple[str, str] | None = None
    """The columns of the two answers, in the set's own order; None where a row holds one, or a list of them."""


def find_form(
    rows: Sequence[Row],
    columns: Sequence[str],
    *,
    told: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
) -> Form:
    """Return the form of a set. ``rows`` are its first ones; ``told`` and ``words`` say what columns and labels mean.

    A pair's ``label`` is the side that the set calls better. Which side is ``first`` is drawn from the texts where the set
    itself has no order (chosen and rejected), so that a liking for places is not taken for truth.

    Raises ``SetupError`` that names the columns, the nearest right name, and what to say.

    >>> form = find_form([], ["question", "answer_a", "answer_b", "winner"])
    >>> form.name, form.rows, form.has_labels
    ('two_answers', 'pairs', True)
    """
    known = Columns(columns, told or {})
    for find in (_preference, _rated, _two_answers, _one_answer):
        form = find(known, rows, words or {})
        if form is not None:
            return form
    wanted = ("prompt", "chosen", "rejected", "completions", "answer", *(name for two in TWO for name in two))
    near = {column: nearest(column, wanted) for column in columns}
    guess = next((f"{word}={column}" for column, word in near.items() if word), None)
    raise SetupError(
        "the columns are those of no set that is known",
        got=f"columns: {', '.join(columns)[:200] or 'none'}",
        next=(f"is this what was meant? --columns {guess}; else " if guess else "")
        + "say what holds what: --columns prompt=…,chosen=…,rejected=… or prompt=…,first=…,second=…,label=…",
    )


def _preference(known: Columns, rows: Sequence[Row], words: Mapping[str, str]) -> Form | None:
    del rows, words
    chosen, rejected, prompt = known.of("chosen"), known.of("rejected"), known.of("prompt")
    if chosen is None or rejected is None:
        return None
    models = (known.of("chosen_model"), known.of("rejected_model"))

    def read(row: Row) -> dict[str, Any]:
        sides = row.get(chosen), row.get(rejected)
        asked, better, worse = prompt_and_sides(row.get(prompt) if prompt else None, sides)
        return _drawn(asked, (better, worse), tuple(_name(row, one) for one in models))

    named = _named(prompt, chosen, rejected, *models)
    return Form("preference", "pairs", named, read, has_labels=True, answers=(chosen, rejected))


def _rated(known: Columns, rows: Sequence[Row], words: Mapping[str, str]) -> Form | None:
    del words
    prompt, texts, ratings = known.of("prompt"), known.of("completions"), known.of("ratings")
    models = known.of("models")
    if prompt is None or texts is None:
        return None
    if ratings is None and not any(_is_objects(row.get(texts)) for row in rows):
        return None

    def read(row: Row) -> dict[str, Any]:
        if ratings is None:
            answers = read_completions(row.get(texts))
        else:
            answers = read_parallel(row.get(texts), row.get(ratings), row.get(models) if models else None)
        best, worst = best_and_worst(answers)
        asked, better, less = prompt_and_sides(row.get(prompt), (best.text, worst.text))
        found = _drawn(asked, (better, less), (best.model, worst.model), tied=best.score == worst.score)
        return {**found, "alarm": any(one.alarm for one in answers)}

    return Form("rated", "pairs", _named(prompt, texts, ratings, models), read, has_labels=True)


def _two_answers(known: Columns, rows: Sequence[Row], words: Mapping[str, str]) -> Form | None:
    answers = known.two(("first", "second"), TWO)
    if answers is None:
        return None
    prompt, label = known.of("prompt", without=answers), known.of("label")
    models = known.two(("first_model", "second_model"), TWO_MODELS)
    values = [_as_side(row, row.get(label), models) for row in rows] if label else []
    side_of = side_reader(values, answers, words)

    def read(row: Row) -> dict[str, Any]:
        sides = row.get(answers[0]), row.get(answers[1])
        asked, first, second = prompt_and_sides(row.get(prompt) if prompt else None, sides)
        found: dict[str, Any] = {"prompt": asked, **_apart(first, second)}
        if label:
            found["label"] = side_of(_as_side(row, row.get(label), models))
        names = [_name(row, one) for one in models] if models else [None, None]
        return {**found, "first_model": names[0], "second_model": names[1]}

    named = _named(prompt, *answers, label, *(models or ()))
    return Form("two_answers", "pairs", named, read, has_labels=label is not None, answers=answers)


def _one_answer(known: Columns, rows: Sequence[Row], words: Mapping[str, str]) -> Form | None:
    del words
    prompt, score, reference = known.of("prompt"), known.of("score"), known.of("reference")
    answer = known.of("answer", without=(prompt,))
    more = known.of("input", without=(prompt, answer))
    if prompt is None or (answer is None and not any(is_turns(row.get(prompt)) for row in rows)):
        return None

    def read(row: Row) -> dict[str, Any]:
        if answer is None:
            turns = turns_of(row.get(prompt))
            if len(turns) < 2 or turns[-1]["role"] != "assistant":  # noqa: PLR2004 - a question and its answer
                raise DataError("the turns do not end with an answer", got=shorten(turns))
            asked, said = text_of(turns[:-1], "user"), text_of(turns[-1:], "assistant")
        else:
            asked, said, _ = prompt_and_sides(_joined(row, prompt, more), (row.get(answer), row.get(answer)))
        found: dict[str, Any] = {"prompt": asked, "answer": said}
        if reference:
            found["reference"] = _name(row, reference)
        return {**found, "score": row.get(score)} if score else found

    return Form("one_answer", "answers", _named(prompt, more, answer, reference, score), read)


def _joined(row: Row, prompt: str, more: str | None) -> Json:
    asked, given = row.get(prompt), row.get(more) if more else None
    return (
        f"{asked}\n\n{given}"
        if isinstance(asked, str) and isinstance(given, str) and given.strip()
        else asked
    )


def _drawn(
    prompt: str, sides: tuple[str, str], models: tuple[str | None, ...], *, tied: bool = False
) -> dict[str, Any]:
    """Put the better and the worse side in an order that is drawn from the texts, whichever of them is the better one."""
    _apart(*sides)
    lower_first = Draw("judge_rows", "sides", prompt, *sorted(sides)).below(2) == 0
    better_first = (sides[0] < sides[1]) == lower_first
    first, second = (0, 1) if better_first else (1, 0)
    return {
        "prompt": prompt,
        "first": sides[first],
        "second": sides[second],
        "label": "tie" if tied else "first" if better_first else "second",
        "first_model": models[first],
        "second_model": models[second],
    }


def _apart(first: str, second: str) -> dict[str, str]:
    if first.strip() == second.strip():
        raise DataError("both answers are the same", got=shorten(first))
    return {"first": first, "second": second}


def _as_side(row: Row, value: Json, models: tuple[str, str] | None) -> Json:
    """Return a label that names the winning model as the side of that model."""
    for side, column in zip(("first", "second"), models or (), strict=False):
        if isinstance(value, str) and value and value == row.get(column):
            return side
    return value


def _is_objects(value: Json) -> bool:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], Mapping)


def _name(row: Row, column: str | None) -> str | None:
    value = row.get(column) if column else None
    return None if value is None or value == "" else str(value)


def _named(*columns: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column for column in columns if column))
