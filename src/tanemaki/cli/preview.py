"""``tanemaki preview``: what a run would send, before any cost."""

from __future__ import annotations

import click

from tanemaki.cli.arguments import RunFileCommand, split_words
from tanemaki.cli.output import write, write_json
from tanemaki.cli.starting import command as shell_command
from tanemaki.core.errors import SetupError

_HELP = """\
Show the first prompts that FILE.yaml would send, filled in, and a finished row of the recipe. No model is asked.

The prompts are exactly those of the run: same rows, same draws, same sampling. Steps that need a reply are named. The
finished row is from the recipe's golden file. Keys of the run file are flags, as in `tanemaki run`.

\b
Example:
  tanemaki preview run.yaml
"""


@click.command("preview", cls=RunFileCommand, help=_HELP, context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[FILE.yaml] [--KEY VALUE]...")
@click.option("--json", "as_json", is_flag=True, help="Print the preview as JSON.")
def command(words: tuple[str, ...], *, as_json: bool) -> int:
    """Render the first run of a file."""
    from tanemaki.config.load import load
    from tanemaki.recipes import catalogue
    from tanemaki.run.order import order_from
    from tanemaki.run.preview import preview

    path, pairs = split_words(words, ("json",))
    if path is None and not pairs:
        raise SetupError(
            "no run file", where="tanemaki preview", next="name a file: tanemaki preview run.yaml"
        )
    loaded = load(path, pairs)
    first = loaded[0]
    order = order_from(first.run, first.base)
    shown = preview(order, catalogue.find(first.run.recipe, first.base).path)
    if as_json:
        write_json(shown.to_json())
        return 0
    wanted = f"{order.rows} rows" if order.rows else "all rows of the source"
    write(f"{order.recipe.name}, {order.language}, {wanted} → {order.output}")
    if len(loaded) > 1:
        write(f"The grid makes {len(loaded)} runs; this is the first.")
    write()
    write(str(shown))
    write()
    by_hand = any(settings.kind == "batch-file" for settings in first.run.models.values())
    following = ("export-requests", *words, "--to", "requests.jsonl") if by_hand else ("run", *words)
    write("No model was asked. Next: " + shell_command(*following))
    return 0
