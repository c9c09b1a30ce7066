"""``tanemaki judge FILE --study``: models, crowd and experts on the same items, compared on accuracy, agreement and cost."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tanemaki.cli.output import write, write_json
from tanemaki.cli.starting import command as shell_command
from tanemaki.core.errors import DataError, SetupError

if TYPE_CHECKING:
    from tanemaki.judge.study.annotations import TokenPrice

_FOREIGN = ("against", "judge", "columns", "labels", "base", "estimate", "yes")


def compare_annotators(file: Path, flags: Sequence[tuple[str, str]], options: Mapping[str, Any]) -> int:
    """Write the study of a table of annotations into its folder and print its tables. Asks no model.

    Raises ``SetupError`` for rows that are no annotations, and for options that mean nothing here.
    """
    from tanemaki.judge.study.annotations import read_annotations
    from tanemaki.judge.study.compare import study
    from tanemaki.judge.study.doubtful import doubtful
    from tanemaki.report.annotation import annotation_markdown, annotation_page, annotation_svg

    folder = _folder(file, flags, options)
    prices = dict(_price(one) for one in options["price"])
    decided = _decided(folder, options["decisions"])
    try:
        found = read_annotations([*_rows(file), *decided.values()], prices)
    except DataError as error:
        raise SetupError(error.what, where=error.where, got=error.got, next=error.next) from error
    told, queue = study(found, "study", file.name), doubtful(found)
    folder.mkdir(parents=True, exist_ok=True)
    written = {
        **({"decisions.jsonl": _json_lines(decided.values())} if decided else {}),
        "study.md": annotation_markdown(told),
        "annotation.svg": annotation_svg(told),
        "report.html": annotation_page(told),
        "doubtful.jsonl": _json_lines(one.to_row() for one in queue),
    }
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    if options["as_json"]:
        files = {name: str(folder / name) for name in written}
        write_json({"folder": str(folder), **_figures(told), "doubtful": len(queue), "files": files})
        return 0
    write(written["study.md"])
    write(f"Report:  {folder / 'report.html'}")
    if queue:
        again = shell_command("judge", file, "--study", "--decisions", folder / "doubtful.jsonl")
        write(f"Decide:  {folder / 'doubtful.jsonl'}  ({len(queue)} items: fill in `label`; then {again})")
    return 0


def _folder(file: Path, flags: Sequence[tuple[str, str]], options: Mapping[str, Any]) -> Path:
    for name in _FOREIGN:
        if options[name]:
            shown = "from" if name == "base" else name
            raise SetupError(
                f"--{shown} means nothing with --study", next="leave it out: a study asks no model"
            )
    other = next((name for name, _ in flags if name != "output"), None)
    if other is not None:
        raise SetupError(f"--{other} means nothing with --study", next="leave it out: a study asks no model")
    stem = file.name.split(".")[0] or "set"
    return Path(dict(flags).get("output", f"runs/study-{stem}"))


def _rows(file: Path) -> Iterator[Mapping[str, Any]]:
    from tanemaki.core.source import BadItem
    from tanemaki.run.foreign_set import reader_of

    for row in reader_of(file).rows():
        if isinstance(row, BadItem):
            raise SetupError(row.message, where=row.where, next="mend the row, or leave it out")
        yield row.values


def _decided(folder: Path, given: Path | None) -> dict[str, Mapping[str, Any]]:
    """Return the decisions of earlier starts and those that are given, by item; a later one goes before an earlier one.

    Raises ``SetupError`` where a queue in the folder holds decisions that were not named: it would be written anew.
    """
    kept, queue = folder / "decisions.jsonl", folder / "doubtful.jsonl"
    if given is not None and not given.is_file():
        raise SetupError(
            "there is no such file", where=str(given), next="the queue of a study: doubtful.jsonl"
        )
    named = given is not None and given.resolve() == queue.resolve()
    if queue.exists() and not named and any(row.get("label") for row in _rows(queue)):
        raise SetupError(
            "the queue in the folder holds decisions, which a new queue would overwrite",
            where=str(queue),
            next=f"--decisions {queue} takes them in",
        )
    files = [path for path in (kept, given) if path is not None and path.exists() and path.stat().st_size]
    return {str(row.get("item_id")): row for path in files for row in _rows(path) if row.get("label")}


def _json_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def _price(said: str) -> tuple[str, TokenPrice]:
    """Read ``gpt=0.15/0.60``."""
    from decimal import InvalidOperation

    from tanemaki.judge.study.annotations import TokenPrice

    wrong = SetupError(
        "a price is none", where="--price", got=repr(said), next="--price NAME=0.15/0.60 (USD, in/out)"
    )
    name, sign, price = said.rpartition("=")
    sent, slash, received = price.partition("/")
    if not (name and sign and slash):
        raise wrong
    try:
        found = TokenPrice.of(sent, received)
    except InvalidOperation as error:
        raise wrong from error
    if not (found.input_usd >= 0 and found.output_usd >= 0):
        raise wrong
    return name, found


def _figures(told: Any) -> dict[str, Any]:
    return {
        "items": told.n_items,
        "known": told.n_true,
        "annotators": {
            one.name: {
                "labels": one.n_labels,
                "accuracy": one.accuracy.value,
                "accuracy_interval": [one.accuracy.low, one.accuracy.high],
                "agreement": one.agreement.value,
                "alpha": one.alpha.value,
                "cost_usd": None if one.cost.total_usd is None else str(one.cost.total_usd),
                "cost_per_item_usd": None if one.cost.per_item_usd is None else str(one.cost.per_item_usd),
            }
            for one in told.columns
        },
    }
