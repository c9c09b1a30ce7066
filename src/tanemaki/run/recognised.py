"""A set made elsewhere becomes the source of a run: its form is found, every row is read or says why it cannot be.

``tanemaki judge`` writes what comes out beside its report, so that the run file names an ordinary source and anybody can
look at what the judge was given. A row that cannot be read, and a copy of one before, is left out with its place and the
reason.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tanemaki.core.errors import DataError, SetupError
from tanemaki.judge.sets.forms import Form
from tanemaki.judge.trust.compared import pair_key
from tanemaki.run.foreign_set import FIRST_ROWS, Cells, Set
from tanemaki.run.further_labels import ReadColumn, column_reader, name_of, side_of_winner, winners_of


@dataclass(frozen=True, slots=True)
class Recognised:
    """What became of the rows of a set."""

    form: Form
    n_rows: int
    left_out: tuple[tuple[str, str], ...]
    """(place, why) of every row that is not in the file."""
    n_labelled: int
    """Pairs whose label is a side or a tie."""
    n_alarms: int
    """Rows whose own overall score contradicts their aspects."""
    prompts: tuple[str, ...]
    """The first prompts: what tells the language."""
    unread: Mapping[str, int] = field(default_factory=dict)
    """Further column → labels in it that are no side."""
    opinions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Further column or file of labels → pair (:func:`tanemaki.judge.trust.compared.pair_key`) → side."""


def write_rows(
    found: Set, to: Path, *, columns: Sequence[str] = (), others: Mapping[str, Set] | None = None
) -> Recognised:
    """Write the rows of a set as a judge takes them, each once, and tell what was left out.

    ``columns`` are further columns with labels, ``others`` further sets with labels of the same pairs, in whatever order;
    what they say is returned and not written, so that a judge's run does not change with it. Raises ``SetupError`` where not
    one row is left.
    """
    taking = _Taking(
        {column: column_reader(found, column) for column in columns},
        {name: winners_of(one) for name, one in (others or {}).items()},
    )
    part = to.with_name(f".{to.name}.part")
    with part.open("w", encoding="utf-8") as file:
        for where, cells, row in found.rows():
            line = taking.take(where, cells, row)
            if line is not None:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
    if not taking.n_rows:
        part.unlink()
        raise SetupError(
            "no row of the set can be read",
            where=str(found.path),
            got="; ".join(f"{where}: {why}" for where, why in taking.left_out[:3]),
            next=f"the form was taken for {found.form.name!r}; --columns says which column holds what",
        )
    part.replace(to)
    return Recognised(
        form=found.form,
        n_rows=taking.n_rows,
        left_out=tuple(taking.left_out),
        n_labelled=taking.n_labelled,
        n_alarms=taking.n_alarms,
        prompts=tuple(taking.prompts),
        unread=dict(taking.unread),
        opinions=taking.opinions,
    )


@dataclass(slots=True)
class _Taking:
    """Takes rows one after the other, and counts."""

    columns: Mapping[str, ReadColumn]
    others: Mapping[str, Mapping[str, str]]
    n_rows: int = 0
    n_labelled: int = 0
    n_alarms: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)
    opinions: dict[str, dict[str, str]] = field(default_factory=dict)
    _seen: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """Row by its texts → its place, and the text that it calls better."""

    def take(self, where: str, cells: Cells | None, row: dict[str, Any] | str) -> dict[str, Any] | None:
        """Return the line of a row, or None where it is left out."""
        if cells is None or isinstance(row, str):
            self.left_out.append((where, str(row)))
            return None
        name, better = name_of(row), row.get(row.get("label") or "")
        if name in self._seen:
            before, said = self._seen[name]
            other = "" if better == said else ", with another label"
            self.left_out.append((where, f"the same as {before}{other}"))
            return None
        self._seen[name] = (where, better)
        self._ask_others(name, cells, row)
        self.n_rows += 1
        self.n_labelled += row.get("label") is not None
        self.n_alarms += bool(row.get("alarm"))
        if len(self.prompts) < FIRST_ROWS:
            self.prompts.append(f"{row['prompt']}\n{row.get('first', row.get('answer'))}")
        return {**row, "origin": where}

    def _ask_others(self, name: str, cells: Cells, row: Cells) -> None:
        """Note what further columns and files say of a pair."""
        found = {other: side_of_winner(winners.get(name), row) for other, winners in self.others.items()}
        for column, read in self.columns.items():
            try:
                found[column] = read(cells, row)
            except DataError:
                self.unread[column] += 1
        for other, side in found.items():
            if side is not None:
                key = pair_key(row["prompt"], row["first"], row["second"])
                self.opinions.setdefault(other, {})[key] = side
