"""``tanemaki export-requests``: what a run needs next from a model without a line to it, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tanemaki.cli.arguments import RunFileCommand, split_words
from tanemaki.cli.output import write, write_json
from tanemaki.cli.starting import command as shell_command
from tanemaki.cli.starting import start_here, write_report
from tanemaki.core.errors import SetupError

if TYPE_CHECKING:
    from tanemaki.run.order import Order
    from tanemaki.run.report import Report

_HELP = """\
Run FILE.yaml as far as it goes without the replies of its models of `kind: batch-file`, and write the requests that are
needed next. Carry the file to where the model is, have it answered, bring the replies back, and go on:

\b
  tanemaki export-requests run.yaml --to requests.jsonl
  vllm run-batch -i requests.jsonl -o replies.jsonl --model NAME
  tanemaki import-replies runs/RUN replies.jsonl
  tanemaki export-requests run.yaml --to requests.jsonl

A recipe of several steps needs several rounds. When nothing is needed any more, the dataset is written. The files have the
form of OpenAI's batch interface. Roles whose models have different names get a file each: requests.ROLE.jsonl.

Exit codes: 0 requests written or dataset complete, 2 set-up, 3 models, 4 a limit or too few rows, 130 interrupted.
"""


@click.command(
    "export-requests", cls=RunFileCommand, help=_HELP, context_settings={"ignore_unknown_options": True}
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[FILE.yaml] [--KEY VALUE]...")
@click.option("--to", type=click.Path(path_type=Path), required=True, help="The file of requests.")
@click.option("--retry", is_flag=True, help="Ask again for the failed rows, and for nothing else.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(words: tuple[str, ...], *, to: Path, retry: bool, as_json: bool) -> int:
    """Start the run, which stops where it needs replies."""
    from tanemaki.config.load import load
    from tanemaki.run.batching import send_requests_to
    from tanemaki.run.order import order_from

    path, pairs = split_words(words, ("to", "retry", "json"))
    loaded = load(path, pairs)
    if len(loaded) > 1:
        raise SetupError(
            f"the file's grid makes {len(loaded)} runs, and requests are exported of one",
            where=str(path),
            next="give the values of one of them as flags, in a file without the grid",
        )
    order = order_from(loaded[0].run, loaded[0].base)
    send_requests_to(to, order.models, path)
    again = shell_command("export-requests", *words, "--to", to, *(["--retry"] if retry else []))
    report = start_here(order, again=again, retry=retry)
    if as_json:
        write_json(report.to_json())
    elif report.state == "waiting":
        _tell(report, order, again)
    else:
        write_report(report, order)
    return report.exit_code


def _tell(report: Report, order: Order, again: str) -> None:
    for path, n_requests in report.written.items():
        write(f"{n_requests} requests in {path}")
    figures = report.accounting
    write(f"So far: {figures.equation()}")
    first = next(iter(report.written))
    names = sorted({model.name for model in order.models.values()})
    write(f"Answer: vllm run-batch -i {first} -o replies.jsonl --model {names[0]}")
    write(f"Then:   {shell_command('import-replies', report.folder, 'replies.jsonl')}")
    write(f"        {again}")
