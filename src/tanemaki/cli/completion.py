"""``tanemaki completion``: the script that completes commands in a shell."""

from __future__ import annotations

import click

from tanemaki.cli.output import write

_HELP = """\
Print the script that completes commands and flags in your shell.

\b
  bash   eval "$(tanemaki completion bash)"                         in ~/.bashrc
  zsh    eval "$(tanemaki completion zsh)"                          in ~/.zshrc
  fish   tanemaki completion fish > ~/.config/fish/completions/tanemaki.fish
"""


@click.command("completion", help=_HELP)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print click's script for the shell."""
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    from tanemaki.cli.main import cli

    kinds = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
    script = kinds[shell](cli, {}, "tanemaki", "_TANEMAKI_COMPLETE")
    write(script.source_template % script.source_vars())
    return 0
