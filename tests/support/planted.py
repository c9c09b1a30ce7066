"""The golden rows of a recipe as the source of a run, each several times, and a model that has their replies.

A copy of a golden row differs from it in a column of its own, and so in its id and its draws. Where the draws lead elsewhere
than the row's replies fit, the copy is left out. What a copy's calls are known by here, messages and seed, is different for
every copy, because the seed of a call comes from the record's id.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from math import ceil

from tanemaki.core.model import Reply, Request
from tanemaki.core.record import Json, Record
from tanemaki.core.seeding import digest, hex_id
from tanemaki.engine.stored import dump
from tanemaki.models.scripted import Scripted
from tanemaki.recipes import catalogue
from tanemaki.recipes.catalogue import Loaded
from tanemaki.recipes.golden import Golden, golden
from tanemaki.run.rehearse import ends_alike, rehearse_golden

COPIES_TRIED = 600
"""A row whose reply fits one draw in three hundred is found, too; trying one takes about a millisecond."""
ACCEPTED = ("", "")
"""What stands for the step and the reason of a row that was accepted."""


@dataclass
class Planted:
    """Rows for one run, and what must become of them."""

    options: Mapping[str, Json]
    rows: list[Mapping[str, Json]] = field(default_factory=list)
    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Step and reason → rows."""
    replies: dict[str, Reply] = field(default_factory=dict)


def planted(name: str, language: str, n_rows: int) -> list[Planted]:
    """Return the golden rows of a recipe in one language, copied to about ``n_rows``, as runs of one set of options each.

    A row that comes as far as a step that looks at other rows has a run of its own: its copies are near-duplicates.
    """
    lines = [row for row in golden(catalogue.find(name).path) if row.language == language]
    loaded = [catalogue.load(name, language, line.options) for line in lines]
    alone = [_is_compared(recipe, line) for recipe, line in zip(loaded, lines, strict=True)]
    n_copies = ceil((n_rows - sum(alone)) / max(1, len(lines) - sum(alone)))
    found: dict[str, Planted] = {}
    for line, recipe, is_alone in zip(lines, loaded, alone, strict=True):
        key = json.dumps([line.options, line.name if is_alone else ""], sort_keys=True)
        run = found.setdefault(key, Planted(line.options))
        alike = [record for one in lines if one.options == line.options for record in one.records]
        columns = sorted({key for record in alike for key in record.fields})
        for copy in islice(_copies(recipe, line, columns), 1 if is_alone else n_copies):
            _add(run, recipe, copy)
    return [run for run in found.values() if run.rows]


def scripted(runs: Sequence[Planted]) -> Scripted:
    """Return the model that says to every call of these rows what the golden file says."""
    replies = {call: reply for run in runs for call, reply in run.replies.items()}
    assert len(replies) == sum(len(run.replies) for run in runs), "no two calls are taken for the same"
    return Scripted(lambda request: replies[_call(request)], name="tane")


def _is_compared(loaded: Loaded, line: Golden) -> bool:
    specs = loaded.recipe.specs
    ordered = [place for place, spec in enumerate(specs) if spec.kind in ("ordered", "set")]
    places = {spec.name: place for place, spec in enumerate(specs)}
    reached = [len(specs) if end.rejected is None else places[end.rejected["step"]] for end in line.ends]
    return bool(ordered) and max(reached) >= ordered[0]


def _copies(loaded: Loaded, line: Golden, columns: Sequence[str]) -> Iterator[Golden]:
    for n in range(COPIES_TRIED):
        records = [
            _record(place, {**dict.fromkeys(columns), **one.fields, "planted": f"{line.name} {place} {n}"})
            for place, one in enumerate(line.records, 1)
        ]
        copy = replace(line, records=tuple(records))
        if ends_alike(copy, rehearse_golden(loaded.recipe, loaded.texts, copy)):
            yield copy


def _record(place: int, fields: Mapping[str, Json]) -> Record:
    """Return the record that a run makes of a row, with the run's id."""
    name = digest("record", dump(fields), 0).hex()[:16]
    return Record(name, (place,), fields, parents=(name,))


def _add(run: Planted, loaded: Loaded, copy: Golden) -> None:
    asked = rehearse_golden(loaded.recipe, loaded.texts, copy).asked
    said = {_call(one.request): reply for one, reply in zip(asked, copy.replies, strict=True)}
    assert len(said) == len(copy.replies), "no two calls of a row are taken for the same"
    run.replies |= said
    run.rows += [one.fields for one in copy.records]
    run.ends += Counter(
        ACCEPTED if end.rejected is None else (end.rejected["step"], end.rejected["reason"])
        for end in copy.ends
    )


def _call(request: Request) -> str:
    return hex_id(json.dumps([list(request.messages), request.prompt, request.seed], sort_keys=True))
