"""The runs behind ``tanemaki judge``: a run file for each judge, written once, and its start."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tanemaki.cli.starting import command as shell_command
from tanemaki.cli.starting import start_here
from tanemaki.cli.wish_file import write_checked
from tanemaki.core.errors import SetupError

if TYPE_CHECKING:
    from tanemaki.run.order import Order
    from tanemaki.run.report import Report

_HEAD = """\
# A judge on a set made elsewhere; written by `tanemaki judge`.
# `tanemaki run` with this file asks what is still to be asked; what was answered is not paid twice.
"""
_FREE = ("limits", "limit", "trial", "workers", "prices")
"""Keys that may differ at a further start: they change no row."""


def orders_of(
    folder: Path, said: Mapping[str, Any], roles: Sequence[str], options: Mapping[str, Any]
) -> dict[str, Order]:
    """Return the order of each judge by its role, after writing its run file if it was not there.

    Raises ``SetupError`` where the file that is there says something else than the flags.
    """
    from tanemaki.config.load import load
    from tanemaki.run.order import order_from

    orders = {}
    for role in roles:
        file = folder / f"{role}.yaml"
        values = _values(folder, said, role, options)
        if file.exists():
            _check(file, values)
        else:
            write_checked(file, _HEAD, values)
        [loaded] = load(file)
        orders[role] = order_from(loaded.run, loaded.base)
    return orders


def orders_there(
    files: Sequence[Path], flags: Sequence[tuple[str, str]], judge: str | None
) -> dict[str, Order]:
    """Return the orders of run files that an earlier start has written, with these flags over them.

    Raises ``SetupError`` where one of them is of another kind than the ``judge`` that was asked for.
    """
    from tanemaki.config.load import load
    from tanemaki.run.order import order_from

    found = {}
    for file in files:
        [loaded] = load(file, flags)
        kind = loaded.run.options.get("judge")
        if judge not in (None, kind):
            raise SetupError(
                f"an earlier start judged with {kind!r}",
                where=str(file),
                got=f"--judge {judge}",
                next="choose another --output, and name the model again",
            )
        found[file.stem] = order_from(loaded.run, loaded.base)
    return found


def start_all(orders: Mapping[str, Order], again: str) -> tuple[dict[str, Report], int]:
    """Run the judges one after the other; return how each ended, and the exit code. One that does not end ends the rest."""
    ended: dict[str, Report] = {}
    for role, order in orders.items():
        if len(orders) > 1:
            sys.stderr.write(f"Judge {role}: {order.models['judge'].name}\n")
        ended[role] = start_here(order, again=again)
        if ended[role].exit_code or ended[role].state == "waiting":
            return ended, ended[role].exit_code
    return ended, 0


def names_of(orders: Mapping[str, Order]) -> dict[str, str]:
    """Return role → the name by which reports call the judge: its model's, or the role where two have the same model."""
    models = {role: order.models["judge"].name for role, order in orders.items()}
    often = Counter(models.values())
    return {role: name if name and often[name] == 1 else role for role, name in models.items()}


def _values(folder: Path, said: Mapping[str, Any], role: str, options: Mapping[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in said.items() if key not in ("models", "output", "options")}
    return {
        "recipe": "judge_rows",
        "trial": "report",
        **rest,
        "source": {"kind": "jsonl", "path": str(folder / "rows.jsonl")},
        "models": {"judge": said["models"][role]},
        "options": {**said.get("options", {}), **options},
        "output": str(folder / role),
    }


def _check(file: Path, values: Mapping[str, Any]) -> None:
    """Write the file anew where only limits differ. Raises ``SetupError`` where the flags say anything else."""
    from tanemaki.config.load import load

    fresh = file.with_name(f".{file.stem}.flags.yaml")
    try:
        write_checked(fresh, _HEAD, json.loads(json.dumps(values)))
        [before], [now] = load(file), load(fresh)
    finally:
        fresh.unlink(missing_ok=True)
    if before.run == now.run:
        return
    same = {name: getattr(now.run, name) for name in _FREE}
    if before.run.model_copy(update=same) != now.run:
        raise SetupError(
            "the judge's run file is there already, and the flags say something else",
            where=str(file),
            next=f"change the file and start it: {shell_command('run', file)}; or remove it, or choose another --output",
        )
    write_checked(file, _HEAD, values)
