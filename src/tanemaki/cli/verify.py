"""``tanemaki verify``: solve, parse and execute a whole set again, and say what of it does not hold."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tanemaki.cli.columns import cut, table
from tanemaki.cli.output import write, write_json
from tanemaki.core.errors import SetupError

if TYPE_CHECKING:
    from tanemaki.run.verified import Verification

_HELP = """\
Verify every row of FILE again, whoever made it: nothing that a row says of itself is believed, and no model is asked.

FILE is JSONL, CSV or Parquet, or the folder of a run or a dataset. What a row claims decides how it is checked:

\b
  exact problem   columns family, parameters (of exact_maths, exact_logic, exact_format): the text is posed again
                  from the parameters, the answer found again by the family's second solver, every equation of
                  the solution worked out, its final answer read. A wording by a model (reworded) must tell the
                  same numbers, units and people; a model's solution (response) must end in the answer, and its
                  arithmetic must hold line by line. Every turn of messages must be one of these texts.
  code task       column tests (of exact_code, or with function and answer): posed and computed again where its
                  family is known; the code and a model's reply (response) are executed in the sandbox
  format orders   column constraints (of constrained, exact_format): every order is held against every reply

Rows that claim none of these cannot be checked by a program; they are counted and told, and are no fault.

\b
Examples:
  tanemaki verify runs/maths
  tanemaki verify rows.jsonl --rejected wrong.jsonl
  tanemaki verify data/train.parquet --json

Exit codes: 0 something was verified and nothing is wrong; 4 a row is wrong, unreadable, or none can be checked; 2 set-up.
"""
_TOLD_EVERY_S = 2.0
_LIMIT = 4  # the exit code for fewer good rows than there should be
_COLUMNS = 110


@click.command("verify", help=_HELP)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--rejected",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the rows that fail, with their reasons, as JSON lines; no file is overwritten.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(file: Path, *, rejected: Path | None, as_json: bool) -> int:
    """Verify, tell, and say by the exit code whether everything holds."""
    if not file.exists():
        raise SetupError(
            "there is no such file", where=str(file), next="JSONL, CSV or Parquet, or the folder of a run"
        )
    from tanemaki.run.verified import verify_set

    found = verify_set(file, rejected=rejected, tick=progress())
    if as_json:
        write_json(found.to_json())
    else:
        _tell(found, rejected)
    return 0 if found.holds else _LIMIT


def progress(now: Callable[[], float] = time.monotonic) -> Callable[[int], None]:
    """Return what tells the rows done on standard error, every two seconds."""
    began = told_at = now()

    def tick(n_rows: int) -> None:
        nonlocal told_at
        at = now()
        if at - told_at >= _TOLD_EVERY_S:
            told_at = at
            sys.stderr.write(f"{n_rows} rows, {n_rows / (at - began):.0f} a second\n")
            sys.stderr.flush()

    return tick


def _tell(found: Verification, rejected: Path | None) -> None:
    write(
        f"{_rows(found.rows)}: {found.n_verified} verified, {found.n_wrong} wrong, {found.unchecked} not to be checked"
    )
    if found.n_verified:
        write(table([(claim, n, "verified") for claim, n in found.verified.items() if n]))
    for reason, wrong in sorted(found.wrong.items(), key=lambda one: -one[1].rows):
        write(f"\n{reason}  {_rows(wrong.rows)}")
        for one in wrong.first:
            write(f"  {one['where']}")
            for label in ("measured", "limit", "note"):
                if one[label] is not None:
                    write(f"    {label:<9} {cut(str(one[label]), _COLUMNS)}")
    if found.unchecked:
        write(f"\nnothing to check in {_rows(found.unchecked)}, the first at {found.first_unchecked[0]}")
        write(f"  it has the columns {cut(', '.join(found.columns), _COLUMNS)}")
        write("  exact problems have family and parameters, code tasks tests, format orders constraints")
    if found.unreadable:
        write(f"\nunreadable: {_rows(found.unreadable)}")
        for place in found.first_unreadable:
            write(f"  {cut(place, _COLUMNS)}")
    if rejected is not None:
        write(f"\n{_rows(found.n_wrong)} in {rejected}")


def _rows(n: int) -> str:
    return "1 row" if n == 1 else f"{n} rows"
