"""What a run would send, and what comes out of its recipe, before anything is paid: no model is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from tanemaki.core.prompt import show_turn, show_value
from tanemaki.core.record import Json, Record
from tanemaki.core.source import BadItem
from tanemaki.engine.intake import Intake
from tanemaki.engine.scratch import Scratch
from tanemaki.recipes.golden import golden
from tanemaki.run.order import Order
from tanemaki.run.rehearse import End, rehearse


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a run as far as they come without a reply, and a written-down row to its end."""

    recipe: str
    rows: tuple[End, ...]
    unreadable: tuple[str, ...]
    """What the source could not read among its first rows."""
    sample: Mapping[str, Json] | None
    """Fields of an accepted golden row of the recipe; None if it has none in this language."""
    n_requests: int | None
    """Requests that the sample took; None without a sample."""

    def to_json(self) -> dict[str, Any]:
        """Return the preview for machines."""
        return {
            "recipe": self.recipe,
            "rows": [_row_json(end) for end in self.rows],
            "unreadable": list(self.unreadable),
            "sample": self.sample,
            "sample_requests": self.n_requests,
        }

    def __str__(self) -> str:
        parts = [_show_row(number, end) for number, end in enumerate(self.rows, 1)]
        parts += [f"not readable: {one}" for one in self.unreadable]
        if self.sample is not None:
            parts.append(
                f"What comes out: a golden row of {self.recipe} ({_origin(self.n_requests)})\n"
                + show_fields(self.sample)
            )
        return "\n\n".join(parts)


def preview(order: Order, folder: Path | None = None, n_rows: int = 2) -> Preview:
    """Render the first prompts of a run. ``folder`` is the recipe's, where its golden rows lie.

    Calls no model and writes nothing. Raises what reading the source raises.
    """
    records, unreadable = first_records(order, n_rows)
    bounds = order.bounds()
    rows = tuple(
        rehearse(order.recipe, order.texts, record, seed=order.seed, bounds=bounds) for record in records
    )
    sample, n_requests = _sample(order, folder)
    return Preview(order.recipe.name, rows, tuple(unreadable), sample, n_requests)


def first_records(order: Order, n_rows: int) -> tuple[list[Record], list[str]]:
    """Return the first records of a run, and what the source could not read among them."""
    records: list[Record] = []
    unreadable: list[str] = []
    scratch = Scratch()
    try:
        for _, item in islice(Intake(order.source, scratch, order.limit), 20 * n_rows):
            if isinstance(item, BadItem):
                unreadable.append(f"{item.where}: {item.message}")
            elif item is not None:
                records.append(item)
            if len(records) == n_rows:
                break
    finally:
        scratch.close()
    return records, unreadable


def _sample(order: Order, folder: Path | None) -> tuple[Mapping[str, Json] | None, int | None]:
    """Return the accepted golden row that is most like the run's rows, and its requests.

    Golden rows have options of their own: one whose source lacks what this run's recipe needs is none of its rows.
    """
    found = golden(folder) if folder is not None else ()
    needs, writes = set(order.recipe.needs), set(order.recipe.writes)
    fitting = [
        (row, row.expected)
        for row in found
        if row.language == order.language and row.expected is not None and needs <= set(row.record.fields)
    ]
    if not fitting:
        return None, None
    row, expected = max(fitting, key=lambda one: len(writes & set(one[1])))
    shown = {name: value for name, value in expected.items() if name not in order.recipe.hidden}
    return shown, len(row.replies)


def _origin(n_requests: int | None) -> str:
    if not n_requests:
        return "no model has part in it"
    return f"written by hand, {n_requests} request{'' if n_requests == 1 else 's'}"


def _row_json(end: End) -> dict[str, Any]:
    return {
        "id": end.record.id,
        "fields": dict(end.record.fields),
        "requests": [
            {"step": asked.step, "role": asked.role, "body": asked.request.to_wire()} for asked in end.asked
        ],
        "n_children": end.n_children,
        "rejected": {"step": end.step, "reason": end.reject.reason} if end.reject else None,
        "needs_replies": list(end.left),
    }


def _show_row(number: int, end: End) -> str:
    several = f", the first of {end.n_children} that are made of it" if end.n_children > 1 else ""
    lines = [f"Row {number} (id {end.record.id}{several})", show_fields(end.record.fields)]
    if end.reject is not None:
        lines.append(f"rejected by step {end.step!r}: {end.reject.reason}, before any request")
    for asked in end.asked:
        sampling = ", ".join(f"{name} {value}" for name, value in asked.request.sampling.to_wire().items())
        lines.append(
            f"Request of step {asked.step!r} to {asked.role!r} ({sampling or 'sampling of the endpoint'}):"
        )
        if asked.request.prompt is not None:
            lines.append(indent(asked.request.prompt))
        lines.extend(f"  [{turn['role']}]\n" + indent(show_turn(turn), 4) for turn in asked.request.messages)
    if end.left:
        waits = "Waiting for replies" if end.asked else "Waiting for the rows before it"
        lines.append(f"{waits}: {', '.join(end.left)}")
    return "\n".join(lines)


def show_fields(fields: Mapping[str, Json]) -> str:
    """Return a row's fields as people read them: short ones on a line, long ones and dialogues below their names.

    >>> print(show_fields({"topic": "和菓子", "messages": [{"role": "user", "content": "葛とは？"}]}))
      topic: 和菓子
      messages:
        user: 葛とは？
    """
    lines = []
    for name, value in fields.items():
        shown = _nested(value)
        is_short = "\n" not in shown and len(shown) <= 120 and not isinstance(value, list | Mapping)  # noqa: PLR2004 - one line of a terminal
        lines.append(f"  {name}: {shown}" if is_short else f"  {name}:\n" + indent(shown, 4))
    return "\n".join(lines)


def _nested(value: Json) -> str:
    """Return a value as text, what lies in mappings and in lists of them moved to the right; dialogues as in a prompt."""
    if _is_plain(value):
        parts = {name: _nested(part) for name, part in value.items()}
        return "\n".join(
            f"{name}:\n{indent(text)}"
            if isinstance(value[name], list | Mapping) and text
            else f"{name}: {text}"
            for name, text in parts.items()
        )
    if isinstance(value, list) and any(map(_is_plain, value)):
        return "\n".join("- " + indent(_nested(one)).removeprefix("  ") for one in value)
    return show_value(value)


def _is_plain(value: Json) -> bool:
    """Whether this is a mapping and no message."""
    return isinstance(value, Mapping) and "role" not in value


def indent(text: str, by: int = 2) -> str:
    """Return the text with every line moved to the right."""
    return "\n".join(" " * by + line for line in text.splitlines())
