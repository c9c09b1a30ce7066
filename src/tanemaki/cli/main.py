"""The command ``tanemaki``: its list of commands, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from traceback import walk_tb
from types import TracebackType
from typing import Any

import click

from tanemaki import __version__
from tanemaki.cli.faults import INTERRUPTED, tell, tell_usage
from tanemaki.core.errors import RecipeError, TanemakiError

GROUPS: dict[str, dict[str, str]] = {
    "Start here": {
        "demo": "make 20 dialogues with a small real model on this machine",
        "recipes": "list the recipes, or show one",
        "preview": "show the prompts of a run file and a finished row, before any cost",
        "run": "make a dataset; on its own folder it goes on where it stopped",
        "wish": "turn one sentence into a run file, five rows to look at, and a dataset",
    },
    "Check what is there": {
        "judge": "do the labels of a set hold, how far is a judge to be believed, what is in doubt",
        "verify": "solve, parse and execute every row of a set again: what does not hold",
    },
    "Look at a run": {
        "status": "how far it is, what was rejected and why, what it cost",
        "view": "its rows; for one row the prompts as sent and the replies",
    },
    "Go on with it": {
        "retry": "do the failed rows again, and nothing else",
        "export": "write the files as the run stands, or in another form",
        "push": "upload the dataset to the Hub, private unless said otherwise",
    },
    "Ask by hand": {
        "export-requests": "write what a run needs from a model without a line to it, as a batch file",
        "import-replies": "take the replies to such a file into the run's journal",
    },
    "Set up": {
        "doctor": "what is installed, which models answer, what each can really do",
        "new": "make a recipe of your own from one that works",
        "completion": "print the script that completes commands in your shell",
    },
}
"""Every command with what it does; the module of the same name holds it."""

_PICTURE = """\
Turn seeds (personas, topics, documents) into training data for language models, in
Japanese and English.

\b
  sources ──► clean ──► generate ──► judge ──► select ──► datasets
              └──────── steps of a recipe ─────────┘        │
                run by the engine, answered by models       └─► card, lineage
\b
A recipe is a list of steps; a step takes a record and gives back a record or a reason.
Everything that happened is in the run's journal: nothing is lost, nothing is paid twice.

Start here: tanemaki demo
"""

_CODES = "Exit codes: 0 done, 1 our own bug, 2 set-up, 3 models, 4 a limit or too few rows, 130 interrupted."


class Commands(click.Group):
    """A group that imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click hands it over
        """Return all names, in the order of the help page."""
        return [name for names in GROUPS.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        was_on = gc.isenabled()
        gc.disable()  # what is imported is no garbage: looking for some takes a twentieth of the time
        try:
            command: click.Command = import_module(f"tanemaki.cli.{cmd_name.replace('-', '_')}").command
        finally:
            if was_on:
                gc.enable()
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            raise click.exceptions.NoSuchCommand(
                error.command_name, possibilities=self.list_commands(ctx), ctx=ctx
            ) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the same
        """Write the table above, without importing anything."""
        for title, names in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl(list(names.items()))


@click.group(
    cls=Commands,
    help=_PICTURE,
    epilog=_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="tanemaki", message="%(prog)s %(version)s")
def cli() -> None:
    """Hold the commands."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    sys.excepthook = _our_bug
    as_json = "--json" in arguments
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                errors="backslashreplace"
            )  # a terminal that lacks a character shows its number
    try:
        code = cli.main(args=arguments, prog_name="tanemaki", standalone_mode=False)
        sys.stdout.flush()
    except TanemakiError as error:
        return tell(error, as_json=as_json)
    except click.UsageError as error:
        return tell_usage(error, as_json=as_json)
    except (KeyboardInterrupt, click.Abort):
        click.echo("Stopped.", err=True)
        return INTERRUPTED
    except (BrokenPipeError, SystemExit) as error:
        if isinstance(error, SystemExit) and not _is_raised_by_click(error):
            return tell(_left(error), as_json=as_json)
        # The reader (`head`) has seen enough; click has made a SystemExit of it, or the last flush found out. Python would
        # complain once more when it closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code if isinstance(code, int) else 0


def _is_raised_by_click(error: SystemExit) -> bool:
    *_, (frame, _) = walk_tb(error.__traceback__)
    return str(frame.f_globals.get("__name__")).startswith("click.")


def _left(error: SystemExit) -> RecipeError:
    """Return what is told of a ``sys.exit()``: nothing of ours calls it, and its code would say that all is done."""
    return RecipeError(
        "what the recipe runs tried to end the program",
        got=repr(error),
        next="raise another exception where sys.exit() is called",
    )


def _our_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> Any:
    sys.__excepthook__(kind, error, trace)
    click.echo(
        "\nThis is a bug of Tanemaki, not of yours: please report it with the lines above.\n"
        "What was paid for is in the run's journal, and the same command goes on from there.",
        err=True,
    )


if __name__ == "__main__":
    sys.exit(main())
