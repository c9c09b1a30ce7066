"""The dataset card: what a reader of the Hub should know before using the rows.

It is a pure function of the run's plain values. No clock, host, path or speed enters it: equal runs have equal cards.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tanemaki.core.prompt import show_value
from tanemaki.core.record import Json
from tanemaki.datasets.content import KEY
from tanemaki.datasets.spool import ColumnType

_SIZES = (
    "n<1K",
    "1K<n<10K",
    "10K<n<100K",
    "100K<n<1M",
    "1M<n<10M",
    "10M<n<100M",
    "100M<n<1B",
    "1B<n<10B",
    "10B<n<100B",
)
_SMALL = 1_000  # end of the Hub's first category; each further one is ten times as large
_SAMPLE_CHARS = 800  # a sample is there to be skimmed; the rows are in the files
_INTRODUCTION = (
    "Synthetic rows, written by language models with the recipe `{recipe}` of Tanemaki {version}. "
    "Nobody has checked them one by one: read a sample before you train on them."
)
_WITHOUT_MODELS = (
    "Rows made by a program with the recipe `{recipe}` of Tanemaki {version}; no language model was asked. "
    "Read a sample before you train on them."
)
_NOTES = {
    "json": "a JSON value as text",
    "origins": "list of id, licence, url, span",
    "messages": "list of messages",
}
_LICENCES = Path(__file__).parent / "tables" / "hub_licences.tsv"


@dataclass(frozen=True, slots=True)
class CardModel:
    """A role and what answered it."""

    role: str
    name: str
    sampling: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CardStrata:
    """The quotas: so many rows of each value of a field."""

    by: str
    """The field."""
    rows: Sequence[tuple[str, int, int, int, float | None]]
    """Value, rows wanted, rows of the dataset, rows tried, and the accepted share of those, 0 to 1."""


@dataclass(frozen=True, slots=True)
class CardSplits:
    """The splits of the dataset."""

    by: str | None
    """The field whose equal values stay together, too."""
    rows: Sequence[tuple[str, float, int]]
    """Name, share of the groups that it was to have, 0 to 1, and rows."""


@dataclass(frozen=True, slots=True)
class CardJudge:
    """How far the judge may be believed: what its trial before the run measured."""

    name: str
    may_rank: bool
    findings: Sequence[tuple[str, str, bool]]
    """What was demanded, what was measured, and whether it is enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything that the card tells."""

    name: str
    """The dataset's name as people read it."""
    language: Literal["ja", "en"]
    licence: str | None
    """What the user gave, or None: it is never guessed."""
    version: str
    """Tanemaki's version."""
    recipe: str
    seed: int
    source: str
    """Kind of the source: ``personas``, ``jsonl`` …"""
    source_licences: Sequence[str | None]
    """Licences of the rows' sources; None where unknown."""
    n_in: int
    n_children: int
    n_accepted: int
    n_rejected: int
    n_failed: int
    reasons: Mapping[tuple[str, str], int]
    """Rejected rows by step and reason."""
    failures: Mapping[str, int]
    """Failed rows by class."""
    models: Sequence[CardModel]
    prompts: Mapping[str, str]
    """Name of each prompt → its hash."""
    columns: Mapping[str, ColumnType]
    samples: Sequence[Mapping[str, Json]]
    """Accepted rows to show, the first three of which are."""
    n_beyond: int = 0
    """Rows before the last one of the dataset that its quotas kept out: good ones, and ones that were not tried for it."""
    strata: CardStrata | None = None
    splits: CardSplits | None = None
    """None: all rows are of the split ``train``."""
    judges: Sequence[CardJudge] = ()
    """Empty: no model judged, or none was measured."""
    unmeasured: Sequence[str] = ()
    """Roles of models that judged and were not measured before."""
    data_hash: str | None = None
    """Hash of the data, see :mod:`.content`; None leaves it unsaid."""

    def __post_init__(self) -> None:
        ended = self.n_accepted + self.n_rejected + self.n_failed + self.n_beyond
        if self.n_in + self.n_children != ended:
            raise ValueError(
                f"rows are not conserved: {self.n_in} in + {self.n_children} children, {ended} ended"
            )
        if sum(self.reasons.values()) != self.n_rejected or sum(self.failures.values()) != self.n_failed:
            raise ValueError("the reasons do not add up to the rejected and failed rows")


def render_card(card: Card) -> str:
    """Return the text of ``README.md``: the Hub's metadata block, then the card."""
    parts = [
        _metadata(card),
        f"# {_line(card.name)}",
        (_INTRODUCTION if card.models else _WITHOUT_MODELS).format(recipe=card.recipe, version=card.version),
        _licence_note(card),
        _counts(card),
        _splits(card),
        _strata(card),
        _rejections(card),
        _judges(card),
        _made_of(card),
        _columns(card),
        _samples(card),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _metadata(card: Card) -> str:
    tags = [
        "synthetic",
        "tanemaki",
        f"tanemaki-{card.version}",
        *dict.fromkeys(_tag(model.name) for model in card.models),
    ]
    lines = ["---", f"pretty_name: {_quoted(card.name)}", "language:", f"- {card.language}"]
    if card.licence:
        lines += _licence_lines(card.licence)
    lines += [
        "task_categories:",
        "- text-generation",
        "size_categories:",
        f"- {size_category(card.n_accepted)}",
    ]
    lines += ["annotations_creators:", "- machine-generated", "language_creators:", "- machine-generated"]
    lines += ["tags:", *(f"- {_quoted(tag)}" for tag in tags if tag)]
    lines += ["configs:", "- config_name: default", "  data_files:"]
    for name in ["train"] if card.splits is None else [name for name, _, _ in card.splits.rows]:
        lines += [f"  - split: {name}", f"    path: data/{name}-*.parquet"]
    if card.data_hash is not None:
        lines.append(f"{KEY}: {card.data_hash}")
    return "\n".join([*lines, "---"])


def size_category(n_rows: int) -> str:
    """Return the Hub's name for so many rows.

    >>> size_category(999), size_category(1_000)
    ('n<1K', '1K<n<10K')
    """
    at = 0
    while n_rows >= _SMALL and at < len(_SIZES) - 1:
        n_rows, at = n_rows // 10, at + 1
    return _SIZES[at]


def _licence_lines(licence: str) -> list[str]:
    known = {
        line for line in _LICENCES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    } - {"id"}
    if licence.lower() in known:
        return [f"license: {licence.lower()}"]
    return ["license: other", f"license_name: {_quoted(_tag(licence))}"]


def _licence_note(card: Card) -> str:
    if card.licence:
        return f"Licence: {_line(card.licence)}, chosen by whoever published this dataset."
    return (
        "**No licence has been chosen.** Whoever publishes this dataset must choose one (`license:` in the block above), "
        f"with regard to the licences of the sources{' and the terms of the models below' if card.models else ''}."
    )


def _counts(card: Card) -> str:
    rows = [
        ("from the source", card.n_in),
        ("children made of them", card.n_children),
        ("accepted (this dataset)", card.n_accepted),
        ("rejected", card.n_rejected),
        ("failed", card.n_failed),
    ]
    equation = "in + children = accepted + rejected + failed"
    if card.strata is not None:
        rows.append(("beyond a quota", card.n_beyond))
        equation += " + beyond a quota"
    return (
        "## Counts\n\n"
        + _table(("rows", "number"), rows)
        + f"\n\n{equation}. Good rows beyond the number asked for are kept apart."
    )


def _splits(card: Card) -> str:
    if card.splits is None:
        return ""
    together = "Rows that come from the same source content or ask the same"
    if card.splits.by is not None:
        by = _line(card.splits.by).replace("`", "'")
        together += f", or have the same `{by}`,"
    return (
        "## Splits\n\n"
        + _table(("split", "share of the groups", "rows"), [(*row,) for row in card.splits.rows])
        + f"\n\n{together} are in the same split: no prompt of one is in another."
    )


def _strata(card: Card) -> str:
    if card.strata is None:
        return ""
    rows = [
        (value, wanted, n, tried, "–" if share is None else f"{share:.0%}")
        for value, wanted, n, tried, share in card.strata.rows
    ]
    by = _line(card.strata.by).replace("`", "'")
    return (
        f"## Rows of each value of `{by}`\n\n"
        + _table((card.strata.by, "wanted", "in this dataset", "tried", "accepted of those"), rows)
        + "\n\nOf each value the dataset holds the first rows in the order of the source."
    )


def _rejections(card: Card) -> str:
    if not card.reasons and not card.failures:
        return ""
    rows = [(step, reason, n) for (step, reason), n in card.reasons.items()]
    rows += [("", f"failed: {fault}", n) for fault, n in card.failures.items()]
    rows.sort(key=lambda row: (-row[2], row[0], row[1]))
    return "## Rejected and failed, by reason\n\n" + _table(("step", "reason", "rows"), rows)


def _judges(card: Card) -> str:
    if not card.judges and not card.unmeasured:
        return ""
    parts = ["## How far the judge may be believed"]
    if card.unmeasured:
        roles = ", ".join(f"`{role}`" for role in card.unmeasured)
        parts.append(f"Not known: the role {roles} was not measured before it judged.")
    for judge in card.judges:
        rows = [(demand, measured, "yes" if passed else "no") for demand, measured, passed in judge.findings]
        name = _without_folder(judge.name)
        head = f"`{name}` was measured on pairs whose better side is known, and "
        head += "met every demand." if judge.may_rank else "**failed**: what it chose is worth little."
        parts += [head, _table(("demanded", "measured", "enough"), rows)]
    return "\n\n".join(parts)


def _made_of(card: Card) -> str:
    licences = sorted({licence or "unknown" for licence in card.source_licences}) or ["unknown"]
    models = [(model.role, _without_folder(model.name), _sampling(model.sampling)) for model in card.models]
    source = f"* Source `{card.source}`; licences of its rows: {_line(', '.join(licences))}."
    if card.source == "count":
        source = "* Source `count`: nothing but numbers."
    parts = ["## How it was made", f"* Recipe `{card.recipe}`, seed {card.seed}.\n{source}"]
    if models:
        parts.append(_table(("role", "model", "sampling"), models))
    if card.prompts:
        parts.append(_table(("prompt", "hash"), sorted(card.prompts.items())))
    return "\n\n".join(parts)


def _sampling(sampling: Mapping[str, Json]) -> str:
    return (
        ", ".join(f"{name} {json.dumps(value, ensure_ascii=False)}" for name, value in sampling.items())
        or "defaults"
    )


def _columns(card: Card) -> str:
    rows = [(name, _NOTES.get(kind, kind)) for name, kind in card.columns.items()]
    return "## Columns\n\n" + _table(("column", "type"), rows)


def _samples(card: Card) -> str:
    if not card.samples:
        return ""
    blocks = []
    for row in card.samples[:3]:
        shown = {
            name: value
            for name, value in row.items()
            if name not in ("lineage", "sources") and value is not None
        }
        text = "\n\n".join(f"{name}:\n{_shorter(_shown(value))}" for name, value in shown.items())
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
        blocks.append(f"{fence}text\n{text}\n{fence}")
    return "## Samples\n\n" + "\n\n".join(blocks)


def _shown(value: Json) -> str:
    """Return a value as text: a mapping as JSON, which keeps apart what lies in it, all else as a prompt shows it."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else show_value(value)


def _shorter(text: str) -> str:
    if len(text) <= _SAMPLE_CHARS:
        return text
    return f"{text[:_SAMPLE_CHARS]}… ({len(text)} characters)"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(_line(str(cell)).replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _tag(text: str) -> str:
    return re.sub(r"\s+", "-", _without_folder(text))


def _without_folder(name: str) -> str:
    """Return the last part of a name that is a path, so that no folder of this machine is published."""
    name = name.strip()
    return re.split(r"[\\/]", name)[-1] if name.startswith((".", "/", "~")) or "\\" in name else name


def _quoted(text: str) -> str:
    return json.dumps(_line(text), ensure_ascii=False)
