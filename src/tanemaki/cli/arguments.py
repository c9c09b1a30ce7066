"""Command lines that take a run file and any of its keys as flags."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from tanemaki.core.errors import SetupError, nearest


class RunFileCommand(click.Command):
    """A command whose further flags are the keys of the run file; its help page lists them."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the keys behind everything else."""
        from tanemaki.config.flags import flags

        super().format_epilog(ctx, formatter)
        with formatter.section("Keys of the run file, as flags (ROLE and KEY are names of yours)"):
            formatter.write_dl([(f"--{flag.name} {_takes(flag.takes)}", flag.help) for flag in flags()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the command's own options, the run file's keys, and files."""
        from tanemaki.config.flags import flags

        found = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            names = (
                f"--{flag.name}" for flag in flags() if "ROLE" not in flag.name and "KEY" not in flag.name
            )
            found += [CompletionItem(name) for name in names if name.startswith(incomplete)]
        else:
            found.append(CompletionItem(incomplete, type="file"))
        return found


def _takes(takes: str) -> str:
    return f"<{takes}>"


def split_words(words: Sequence[str], switches: Sequence[str]) -> tuple[Path | None, list[tuple[str, str]]]:
    """Return the run file, if one is named, and the flags. ``switches`` are the command's own options.

    Raises ``SetupError`` for a second file, a flag without a value, and a misspelt switch.

    >>> split_words(["--rows", "5", "run.yaml", "--seed=-1"], ["json"])
    (PosixPath('run.yaml'), [('rows', '5'), ('seed', '-1')])
    """
    from tanemaki.config.flags import split_arguments

    files: list[str] = []
    flagged: list[str] = []
    left = list(words)
    while left:
        word = left.pop(0)
        if not word.startswith("--"):
            files.append(word)
            continue
        flagged.append(word)
        if "=" in word:
            continue
        if left and not left[0].startswith("--"):
            flagged.append(left.pop(0))
        else:
            _check_switch(word, switches)
    if len(files) > 1:
        raise SetupError(
            "a run has one run file",
            got=", ".join(map(repr, files)),
            next="write one file; values stand behind a --flag",
        )
    return (Path(files[0]) if files else None), split_arguments(flagged)


def _check_switch(word: str, switches: Sequence[str]) -> None:
    near = nearest(word, [f"--{name}" for name in switches])
    if near:
        raise SetupError(f"unknown flag {word}", next=f"did you mean {near}?")
