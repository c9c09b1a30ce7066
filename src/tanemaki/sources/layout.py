"""Which fields an item has: the canonical ones first, then the user's own columns, each under a name of its own.

A column keeps its name unless another field needs it: a canonical one with another value, or one that every dataset has
(``id``, ``sources``, ``lineage``). It is then called ``source_<name>``, and a note says so. Names that differ only in
capital letters count as equal, because Parquet's readers take them so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tanemaki.core.errors import DataError, SetupError, nearest, shorten
from tanemaki.core.fields import misfit
from tanemaki.core.record import FieldType, Json
from tanemaki.sources.shapes import Shape

RESERVED = ("id", "sources", "lineage")
"""Columns that every dataset has."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the cells of a row become the fields of an item."""

    own: Mapping[str, FieldType]
    """The user's columns."""
    kept: Mapping[str, str]
    """Own column → its field; columns that a canonical field is, unchanged, are not kept twice."""
    mapped: Mapping[str, str]
    """Field → own column, from the run file."""
    shape: Shape | None

    @property
    def fields(self) -> dict[str, FieldType]:
        """The fields of every item, with their types."""
        canonical = dict(self.shape.fields) if self.shape else {}
        mapped = {field: self.own[column] for field, column in self.mapped.items() if field not in canonical}
        return {**canonical, **mapped, **{field: self.own[column] for column, field in self.kept.items()}}

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know: the shape that was found, and the columns that got another name."""
        if self.shape:
            read = ", ".join(dict.fromkeys(self.shape.columns.values()))
            shape = f"rows read as {self.shape.name!r} from {read}, giving {', '.join(self.shape.fields)}"
        else:
            shape = "rows have none of the usual shapes; their columns are the fields"
        renamed = [
            f"column {column!r} is kept as {field!r}"
            for column, field in self.kept.items()
            if field != column
        ]
        return (shape, *renamed)

    def view(self, values: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return a row as the shape sees it: with the fields that the run file maps."""
        if not self.mapped:
            return values
        return {**values, **{field: values.get(column) for field, column in self.mapped.items()}}

    def read(self, values: Mapping[str, Json]) -> dict[str, Json]:
        """Return the fields of a row. Raises ``DataError`` if a cell is not what its column promised."""
        if not values.keys() <= self.own.keys():
            name = min(values.keys() - self.own.keys())
            raise DataError(
                f"the column {name!r} is not among those of the first rows", got=shorten(values[name])
            )
        for name, kind in self.own.items():
            value = values.get(name)
            if type(value) is str and kind == "text":
                continue
            fault = misfit(value, kind)
            if fault and name not in self._shaped:
                raise DataError(f"column {name!r} has {fault}", got=shorten(values[name]))
        seen = self.view(values)
        fields = self.shape.read(seen) if self.shape else {}
        for field in self.mapped:
            fields.setdefault(field, seen[field])
        for column, field in self.kept.items():
            fields[field] = values.get(column)
        return fields

    @property
    def _shaped(self) -> frozenset[str]:
        return frozenset(self.own) - self.kept.keys()


def lay_out(own: Mapping[str, FieldType], mapped: Mapping[str, str], shape: Shape | None) -> Layout:
    """Return the layout of rows with these columns. Raises ``SetupError`` for a map that names no column."""
    check_map(own, mapped)
    taken = {name.lower() for name in (*RESERVED, *mapped, *(shape.fields if shape else ()))}
    kept: dict[str, str] = {}
    for column, kind in own.items():
        if _is_canonical(column, kind, mapped, shape):
            continue
        field = column
        while field.lower() in taken:
            field = f"source_{field}"
        taken.add(field.lower())
        kept[column] = field
    return Layout(own, kept, mapped, shape)


def _is_canonical(column: str, kind: FieldType, mapped: Mapping[str, str], shape: Shape | None) -> bool:
    if column in mapped:
        return mapped[column] == column
    if shape is None or not shape.as_is or shape.columns.get(column) != column:
        return False
    # a column of several types is one whose bad rows the shape will refuse
    return kind in (shape.fields[column], "json")


def check_map(own: Mapping[str, FieldType], mapped: Mapping[str, str]) -> None:
    """Raise ``SetupError`` if the run file maps a column that is not there, or onto a name that every dataset has."""
    for field, column in mapped.items():
        if field in RESERVED:
            raise SetupError(
                f"the field {field!r} is every dataset's own",
                where=f"source.map.{field}",
                next=f"map the column {column!r} to another field",
            )
        if column not in own:
            near = nearest(column, own)
            raise SetupError(
                f"the source has no column {shorten(column)}",
                where=f"source.map.{field}",
                got=f"columns: {shorten(list(own))}",
                next=f"did you mean {near!r}?" if near else "name one of the columns",
            )
