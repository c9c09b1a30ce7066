"""Errors as the user reads them: four lines on standard error, or one JSON document on standard output."""

from __future__ import annotations

import json
import sys

import click

from tanemaki.core.errors import SetupError, TanemakiError

INTERRUPTED = 130


def tell(error: TanemakiError, *, as_json: bool) -> int:
    """Print the error and return its exit code. With ``as_json`` standard output holds the same for machines."""
    click.echo(str(error), err=True)
    if as_json:
        told = {"class": type(error).__name__, "what": error.what, "where": error.where, "got": error.got}
        document = {"error": {**told, "next": error.next, "exit_code": error.exit_code}}
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return error.exit_code


def tell_usage(error: click.UsageError, *, as_json: bool) -> int:
    """Print what is wrong with a command line, in the form of every other error."""
    command = error.ctx.command_path if error.ctx else "tanemaki"
    near = list(getattr(error, "possibilities", None) or ())
    told = SetupError(
        getattr(error, "message", "") if near else error.format_message(),
        where=command,
        next=f"did you mean {near[0]}?" if near else f"see `{command} --help`",
    )
    return tell(told, as_json=as_json)
