"""``tanemaki run``: make a dataset, or go on with one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import click

from tanemaki.cli.arguments import RunFileCommand, split_words
from tanemaki.cli.columns import table
from tanemaki.cli.output import write, write_json
from tanemaki.cli.starting import command as shell_command
from tanemaki.cli.starting import start_here, write_report
from tanemaki.cli.watch import SWITCHES, Watching, watch_of, watch_options
from tanemaki.core.errors import SetupError

if TYPE_CHECKING:
    from tanemaki.run.order import Order

_HELP = """\
Make the dataset that FILE.yaml describes, or go on with it.

Every key of the file is also a flag, and a flag is stronger than the file: `--rows 5`, `--limits.cost-usd 2`,
`--models.writer.name NAME`. Without a file the flags alone are enough. `--limit 5` tries five rows of the source.

Started again on its own folder, a run continues: replies that were paid for are taken from its journal. A `grid:` in the
file makes several runs, one after the other.

`--estimate` runs the first rows of the source (24, or as many as you say) and forecasts the whole run from them: calls,
tokens, money and time, with 90 % intervals. The sample is paid, and the run goes on with it.

\b
Examples:
  tanemaki run run.yaml
  tanemaki run run.yaml --estimate
  tanemaki run run.yaml --limit 5 --output runs/trial
  tanemaki run run.yaml --explain

Exit codes: 0 done, 2 set-up, 3 models, 4 a limit or too few rows, 130 interrupted.
"""


@click.command("run", cls=RunFileCommand, help=_HELP, context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[FILE.yaml] [--KEY VALUE]...")
@click.option("--explain", is_flag=True, help="Print every value with its origin, and stop.")
@click.option(
    "--estimate",
    "said",
    is_flag=False,
    flag_value="",
    metavar="[N]",
    help="Forecast the run from its first N rows (24), and stop.",
)
@click.option(
    "--yes", is_flag=True, help="Take the sample of --estimate without asking, also where it costs money."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@watch_options
def command(
    words: tuple[str, ...],
    *,
    explain: bool,
    said: str | None,
    yes: bool,
    as_json: bool,
    **watching: Unpack[Watching],
) -> int:
    """Run the orders of a file, one after the other."""
    from tanemaki.config.load import load
    from tanemaki.config.resolved import explain as explain_one
    from tanemaki.run.order import order_from

    sample: int | None = None
    if said is not None:
        from tanemaki.cli.estimate import split_estimate

        sample, words = split_estimate(said, words)
    _check_switches(sample, sure=yes, watching=watching)
    path, pairs = split_words(words, ("explain", "estimate", "yes", "json", *SWITCHES))
    if path is None and not pairs:
        raise SetupError(
            "no run file and no flags",
            where="tanemaki run",
            next="name a file: tanemaki run run.yaml; or start with tanemaki demo",
        )
    watch = watch_of(watching)
    loaded = load(path, pairs)
    if explain:
        rows = [(row.key, row.value, row.origin) for one in loaded for row in explain_one(one)]
        write_json(
            [dict(zip(("key", "value", "origin"), row, strict=True)) for row in rows]
        ) if as_json else write(
            table(
                [("key", "value", "from"), *((key, _shown(value), origin) for key, value, origin in rows)],
                indent=0,
            )
        )
        return 0
    orders = [order_from(one.run, one.base) for one in loaded]  # all are checked before the first is paid for
    if sample is not None:
        return _estimate(orders, sample, shell_command("run", *words), sure=yes, as_json=as_json)
    told: list[dict[str, Any]] = []
    code = 0
    for order, one in zip(orders, loaded, strict=True):
        if one.grid and not as_json:
            write(f"{order.output}: " + ", ".join(f"{key} {value}" for key, value in one.grid.items()))
        report = start_here(order, again=_again(path, words), watch=watch)
        code = code or report.exit_code
        told.append(report.to_json())
        if not as_json:
            write_report(report, order)
        if report.state == "stopped":
            break
    if as_json:
        write_json(told[0] if len(loaded) == 1 else {"runs": told})
    return code


def _check_switches(sample: int | None, *, sure: bool, watching: Watching) -> None:
    """Raise ``SetupError`` for a switch that would do nothing."""
    if sure and sample is None:
        raise SetupError("--yes belongs to --estimate", next="leave it out: a run asks nothing")
    if sample is not None and (watching["events"] is not None or watching["otel"]):
        raise SetupError(
            "--estimate tells no events",
            next="leave out --events and --otel, and give them to the run itself",
        )


def _estimate(orders: Sequence[Order], n_rows: int, again: str, *, sure: bool, as_json: bool) -> int:
    """Forecast the runs of a file, one after the other."""
    from tanemaki.cli.estimate import estimate_here, write_estimate

    told, code = [], 0
    for order in orders:
        if len(orders) > 1 and not as_json:
            write(f"{order.output}:")
        one = estimate_here(order, n_rows, sure=sure)
        told.append(one.to_json())
        code = code or one.exit_code
        if not as_json:
            write_estimate(one, again)
    if as_json:
        write_json(told[0] if len(orders) == 1 else {"runs": told})
    return code


def _again(path: Path | None, words: tuple[str, ...]) -> str:
    return shell_command("run", *words) if words else shell_command("run", str(path))


def _shown(value: Any) -> str:
    return "–" if value is None else str(value)
