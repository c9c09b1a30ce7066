"""``tanemaki view``: the rows of a run, and for one row everything that was said about it."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tanemaki.cli.columns import cut
from tanemaki.cli.output import write, write_json
from tanemaki.core.errors import SetupError
from tanemaki.core.prompt import show_call, show_turn, show_value
from tanemaki.core.record import show_ordinal

if TYPE_CHECKING:
    from tanemaki.engine.reading import EndedRow, ShownCall

_HELP = """\
Show the rows of the run in the folder RUN: what was accepted, and what was rejected or failed, and why.

With --id (an id, the beginning of one, or a row's number) one row is shown with every prompt as it was sent, every reply
and what the model thought. With --json every row is one line of JSON.

\b
Examples:
  tanemaki view runs/demo
  tanemaki view runs/demo --part rejected --reason near_copy
  tanemaki view runs/demo --id 7
"""


@click.command("view", help=_HELP)
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--part", help="Only accepted, rejected, failed or surplus rows.")
@click.option("--reason", help="Only rows that ended for this reason.")
@click.option("--id", "record", help="One row, with its prompts and replies.")
@click.option("--n", type=click.IntRange(min=1), default=10, show_default=True, help="At most so many rows.")
@click.option("--json", "as_json", is_flag=True, help="Print each row as one line of JSON.")
def command(
    run: Path, *, part: str | None, reason: str | None, record: str | None, n: int, as_json: bool
) -> int:
    """Read rows and calls from the journal."""
    from tanemaki.run.look import calls, columns_of, rows

    found = list(islice(rows(run, part, reason=reason, record=record), n + 1))
    if record is not None and not found:
        raise SetupError(
            f"no row {record!r} in this run",
            where=str(run),
            next="ids and numbers are shown by `tanemaki view`; give at least 6 characters of an id",
        )
    columns = columns_of(run)
    for row in found[:n]:
        behind = calls(run, row) if record is not None else []
        if as_json:
            write_json(_told(row, behind, with_calls=record is not None), line=True)
        else:
            _write(row, behind, None if record is not None else columns)
    if not as_json and not found:
        write("No rows.")
    if not as_json and len(found) > n:
        write(f"More rows: --n {10 * n}")
    return 0


def _told(row: EndedRow, behind: list[ShownCall], *, with_calls: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"id": row.id, "ordinal": show_ordinal(row.ordinal), "part": row.part}
    told |= {
        "step": row.step,
        "reason": row.reason,
        "measured": row.measured,
        "limit": row.limit,
        "note": row.note,
    }
    told |= {"fields": row.fields, "sources": row.sources, "lineage": row.lineage}
    if with_calls:
        told["calls"] = [
            {
                "step": call.step,
                "role": call.role,
                "model": call.model,
                "request": call.request,
                "reply": call.reply,
            }
            for call in behind
        ]
    return told


def _write(row: EndedRow, behind: list[ShownCall], columns: list[str] | None) -> None:
    """Print a row: in brief with these columns, whole with None."""
    from tanemaki.run.preview import show_fields

    write(f"#{show_ordinal(row.ordinal)}  {row.part}  id {row.id}")
    if row.reason:
        write(f"  {_why(row)}")
    for call in behind:
        _write_call(call)
    if columns is None:
        write("The row:")
    names = row.fields if columns is None else [name for name in columns if name in row.fields] or row.fields
    fields = {name: row.fields[name] if columns is None else _brief(row.fields[name]) for name in names}
    write(show_fields(fields))
    write()


def _brief(value: Any) -> Any:
    """Leave dialogues whole: they are what one wants to read. Cut other texts, and mappings as JSON, to a line."""
    if isinstance(value, list):
        return value
    return cut(json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else show_value(value), 110)


def _why(row: EndedRow) -> str:
    shown = f"step {row.step!r}: {row.reason}"
    if row.measured is not None:
        shown += f", measured {row.measured}"
    if row.limit is not None:
        shown += f", limit {row.limit}"
    return shown + (f"\n  {row.note}" if row.note else "")


def _write_call(call: ShownCall) -> None:
    from tanemaki.run.preview import indent

    write(f"Request of step {call.step!r} to {call.role!r} ({call.model}, {call.latency_s:.1f} s):")
    turns = call.request.get("messages") or [{"role": "prompt", "content": call.request.get("prompt")}]
    for turn in turns:
        write(f"  [{turn['role']}]\n" + indent(show_turn(turn), 4))
    reply = call.reply
    if reply.get("thinking"):
        write("  thought:\n" + indent(str(reply["thinking"]), 4))
    write(f"  replied ({reply.get('finish_reason')}):\n" + indent(str(reply.get("text")), 4))
    for tool_call in reply.get("tool_calls", ()):
        write(f"  called: {show_call(tool_call)}")
