"""The help of all commands as one page: ``python -m tanemaki.cli.help_page FILE`` writes it, a test holds it fresh."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tanemaki.cli.main import cli

_COLUMNS = 100


def help_page() -> str:
    """Return the page, the same on every machine."""
    names = cli.context_settings["help_option_names"]  # click reads them only where it parses a command line
    root = click.Context(cli, info_name="tanemaki", terminal_width=_COLUMNS, help_option_names=names)
    parts = [
        "# The commands\n\nWritten by `make docs` from `--help`; do not edit.\n",
        _section("tanemaki", cli, root),
    ]
    for name in cli.list_commands(root):
        command = cli.get_command(root, name)
        if command is None:
            continue
        context = click.Context(command, info_name=name, parent=root, terminal_width=_COLUMNS)
        parts.append(_section(f"tanemaki {name}", command, context))
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                found = command.commands[inner]
                below = click.Context(found, info_name=inner, parent=context, terminal_width=_COLUMNS)
                parts.append(_section(f"tanemaki {name} {inner}", found, below))
    return "\n".join(parts)


def _section(title: str, command: click.Command, context: click.Context) -> str:
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    return f"## {title}\n\n```text\n{text}\n```\n"


def main(arguments: list[str]) -> int:
    """Write the page to the one file that is named. Returns the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m tanemaki.cli.help_page FILE\n")
        return 2
    Path(arguments[0]).write_text(help_page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
