"""From the journal to files: the dataset, what was rejected, failed and left over, and the card."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tanemaki import __version__
from tanemaki.core.record import FieldType, Json, show_ordinal
from tanemaki.datasets import Card, CardModel, render_card, write_jsonl, write_parquet, write_shards
from tanemaki.datasets.spool import ColumnType
from tanemaki.engine.reading import Accounting, EndedRow, Part, ended_rows
from tanemaki.run.order import Order

N_SAMPLES = 3

_VERDICT: dict[str, ColumnType] = {
    "id": "text",
    "ordinal": "text",
    "step": "text",
    "reason": "text",
    "measured": "json",
    "limit": "json",
    "note": "text",
    "fields": "json",
    "sources": "origins",
    "lineage": "json",
}
_FAILURE: dict[str, ColumnType] = {
    "id": "text",
    "ordinal": "text",
    "step": "text",
    "fault": "text",
    "message": "text",
    "fields": "json",
    "sources": "origins",
    "lineage": "json",
}


@dataclass(slots=True)
class Exported:
    """What an export wrote."""

    accounting: Accounting = field(default_factory=Accounting)
    prefix: Accounting = field(default_factory=Accounting)
    """The same without the surplus, which depends on who finished first and so stays out of the card."""
    licences: dict[str | None, None] = field(default_factory=dict)
    """Licences of the accepted rows' sources; None where unknown."""
    samples: list[Mapping[str, Json]] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)


def export(order: Order, db: sqlite3.Connection, plan: int) -> Exported:
    """Write the run's files anew from its journal; equal journals give equal bytes. Raises ``SetupError`` for a full disk.

    Cost: a few passes over the rows, in flat memory.
    """
    folder = order.output
    done = tally(order, db, plan)
    columns = dataset_columns(order)

    def part(name: Part) -> Iterator[EndedRow]:
        return (row for row in ended_rows(db, plan, order.rows, order.limit) if row.part == name)

    if "parquet" in order.formats:
        written = write_shards(
            (_dataset_row(row, order) for row in part("accepted")), columns, folder / "data", replace=True
        )
        done.paths.extend(written.paths)
    if "jsonl" in order.formats:
        path = folder / "data.jsonl"
        write_jsonl((_dataset_row(row, order) for row in part("accepted")), columns, path, replace=True)
        done.paths.append(path)
    surplus = (_dataset_row(row, order) for row in part("surplus"))
    write_parquet(surplus, columns, folder / "surplus.parquet", replace=True)
    write_parquet(map(_verdict_row, part("rejected")), _VERDICT, folder / "rejected.parquet", replace=True)
    write_parquet(map(_failure_row, part("failed")), _FAILURE, folder / "failed.parquet", replace=True)
    card = folder / "README.md"
    _write_whole(card, render_card(_card(order, done)))
    done.paths.append(card)
    return done


def is_exported(order: Order) -> bool:
    """Say whether the files of a finished run are where they belong."""
    folder = order.output
    data = {
        "parquet": any((folder / "data").glob("train-*.parquet")),
        "jsonl": (folder / "data.jsonl").exists(),
    }
    return (folder / "README.md").exists() and all(data[form] for form in order.formats)


def tally(order: Order, db: sqlite3.Connection, plan: int) -> Exported:
    """Count a run's rows and take its first samples, without writing anything."""
    done = Exported()
    for row in ended_rows(db, plan, order.rows, order.limit):
        done.accounting.count(row)
        if row.part != "surplus":
            done.prefix.count(row)
        if row.part == "accepted":
            done.licences.update((origin["licence"], None) for origin in row.sources)
            if len(done.samples) < N_SAMPLES:
                done.samples.append(_dataset_row(row, order))
    return done


def dataset_columns(order: Order) -> dict[str, ColumnType]:
    """Return the columns of the dataset with their types, in order: id, the rows' fields, sources, lineage."""
    fields: Mapping[str, FieldType] = order.columns
    return {"id": "text", **fields, "sources": "origins", "lineage": "json"}


def _dataset_row(row: EndedRow, order: Order) -> dict[str, Json]:
    fields = {name: row.fields.get(name) for name in order.columns}
    return {"id": row.id, **fields, "sources": row.sources, "lineage": _lineage(row, order)}


def _lineage(row: EndedRow, order: Order) -> dict[str, Json]:
    return {"recipe": order.recipe.name, "seed": order.seed, **row.lineage}


def _verdict_row(row: EndedRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "ordinal": show_ordinal(row.ordinal),
        "step": row.step,
        "reason": row.reason,
        "measured": row.measured,
        "limit": row.limit,
        "note": row.note,
        "fields": row.fields,
        "sources": row.sources,
        "lineage": row.lineage,
    }


def _failure_row(row: EndedRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "ordinal": show_ordinal(row.ordinal),
        "step": row.step,
        "fault": row.reason,
        "message": row.note,
        "fields": row.fields,
        "sources": row.sources,
        "lineage": row.lineage,
    }


def _card(order: Order, done: Exported) -> Card:
    figures = done.prefix
    failures: dict[str, int] = {}
    for (_, fault), n in figures.faults.items():
        failures[fault] = failures.get(fault, 0) + n
    return Card(
        name=f"{order.recipe.name}-{order.language}",
        language="ja" if order.language == "ja" else "en",
        licence=order.licence,
        version=__version__,
        recipe=order.recipe.name,
        seed=order.seed,
        source=order.source.kind,
        source_licences=list(done.licences),
        n_in=figures.roots,
        n_children=figures.children,
        n_accepted=figures.accepted,
        n_rejected=figures.rejected,
        n_failed=figures.failed,
        reasons=dict(sorted(figures.reasons.items())),
        failures=dict(sorted(failures.items())),
        models=[
            CardModel(bound.role, bound.model.name, bound.sampling.to_wire()) for bound in order.bounds()
        ],
        prompts={
            name: order.texts.prompts[name].hash for spec in order.recipe.specs for name in spec.prompts
        },
        columns=dataset_columns(order),
        samples=done.samples,
    )


def _write_whole(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), encoding="utf-8")
    part.replace(path)
