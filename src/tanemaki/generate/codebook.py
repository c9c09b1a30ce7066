"""A codebook: the question that annotators answer, and the labels that they choose from, each with its definition."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tanemaki.core.errors import SetupError, nearest, shorten
from tanemaki.core.prompt import Row
from tanemaki.core.record import Json
from tanemaki.text.labels import read_label

ENDINGS = (".tsv", ".jsonl", ".json", ".yaml", ".yml")
_KEYS = ("label", "definition", "examples")
_BETWEEN = " | "
"""Stands between two examples in a cell of a table."""


@dataclass(frozen=True, slots=True)
class CodebookLabel:
    """One label: the word itself, what it means, and texts that it fits."""

    label: str
    definition: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Codebook:
    """A question with two or more labels.

    Source: ours; the annotators of "ChatGPT outperforms crowd workers for text-annotation tasks" (arXiv 2303.15056) read
    such a book, and its prompts are that book.

    >>> book = Codebook(
    ...     "どちらか。", (CodebookLabel("賛成", "よいと言う。"), CodebookLabel("反対", "よくないと言う。"))
    ... )
    >>> book.names
    ('賛成', '反対')
    """

    question: str
    labels: tuple[CodebookLabel, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The labels' words, in the order of the book."""
        return tuple(one.label for one in self.labels)

    def shown(self, example: str) -> str:
        """Return the definitions as a prompt shows them, a line each, with lines of examples behind the word ``example``."""
        lines = []
        for one in self.labels:
            lines.append(f"{one.label}: {one.definition}")
            lines += [f"  {example} {text}" for text in one.examples]
        return "\n".join(lines)

    def read(self, text: str, marker: str) -> str | None:
        """Return the label that a reply names after the marker; None where it names none, or two that differ."""
        return read_label(text, marker, {name: name for name in self.names})


def codebook_of(question: str, rows: Sequence[Row]) -> Codebook:
    """Return the codebook of a table with the columns label, definition and examples (``|`` between two, ``-`` for none)."""
    return Codebook(question, tuple(_label(dict(row), "the recipe's codebook") for row in rows))


def read_codebook(path: Path, question: str | None = None) -> Codebook:
    """Return the codebook of a file; ``question`` goes before the file's own.

    Read are a TSV table with the columns ``label``, ``definition`` and, where there are some, ``examples``; JSON lines with
    these keys; a list of such objects in JSON or YAML, or an object with ``question`` and such a list under ``labels``.

    Raises: ``SetupError`` for a file that is none of these, has no question, fewer than two labels, or two that differ in
    width and case alone.
    """
    where = f"options.codebook: {path.name}"
    told = _parsed(path, where)
    listed = told.get("labels") if isinstance(told, Mapping) else told
    if isinstance(told, Mapping):
        question = question or told.get("question")
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
        raise SetupError(
            "the codebook holds no labels",
            where=where,
            got=shorten(told),
            next="a list of objects with label and definition, or an object with `question` and such a list under `labels`",
        )
    if not isinstance(question, str) or not question.strip():
        raise SetupError(
            "the codebook asks no question",
            where=where,
            got=shorten(question),
            next="say in options.question what is to be decided about each text, or write `question` into a YAML file",
        )
    book = Codebook(question.strip(), tuple(_label(one, where) for one in listed))
    _check(book, where)
    return book


def _parsed(path: Path, where: str) -> Json:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if path.suffix not in ENDINGS:
        near = nearest(path.suffix, ENDINGS)
        raise SetupError(
            "a codebook is a table, JSON or YAML",
            where=where,
            got=repr(path.suffix),
            next=f"did you mean {near}?" if near else f"one of {', '.join(ENDINGS)}",
        )
    try:
        raw = path.read_text(encoding="utf-8-sig")
        if path.suffix == ".tsv":
            lines = [line for line in raw.splitlines() if line.strip() and not line.startswith("#")]
            return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        if path.suffix == ".jsonl":
            return [json.loads(line) for line in raw.splitlines() if line.strip()]
        return json.loads(raw) if path.suffix == ".json" else YAML(typ="safe", pure=True).load(raw)
    except OSError as error:
        raise SetupError(
            "the codebook cannot be read",
            where=where,
            got=error.strerror,
            next="check the path; it is relative to the run file's folder",
        ) from error
    except (UnicodeDecodeError, json.JSONDecodeError, YAMLError) as error:
        raise SetupError("the codebook cannot be read", where=where, next=str(error)[:200]) from error


def _label(told: Mapping[str, Any], where: str) -> CodebookLabel:
    for key in told:
        if key not in _KEYS:
            near = nearest(str(key), _KEYS)
            raise SetupError(
                f"a label of a codebook has no {key!r}",
                where=where,
                got=shorten(dict(told)),
                next=f"did you mean {near!r}?" if near else f"its keys are {', '.join(_KEYS)}",
            )
    label, definition = (_line(told.get(key)) for key in ("label", "definition"))
    if not label or not definition:
        raise SetupError("a label wants a word and a definition", where=where, got=shorten(dict(told)))
    given = told.get("examples") or []
    examples = given.split(_BETWEEN) if isinstance(given, str) else given
    if examples == ["-"]:
        examples = []
    return CodebookLabel(label, definition, tuple(text for one in examples if (text := _line(one))))


def _line(value: Any) -> str:
    """A label such as 1 or true of a YAML file is its word; a line end would break the book's lines."""
    told = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
    return " ".join(told.split())


def _check(book: Codebook, where: str) -> None:
    if len(book.labels) < 2:  # noqa: PLR2004 - with one there is nothing to choose
        raise SetupError("a codebook wants two labels or more", where=where, got=shorten(list(book.names)))
    for name in book.names:
        if book.names.count(name) > 1 or read_label(name, "", {one: one for one in book.names}) != name:
            raise SetupError(
                f"the label {name!r} cannot be told from another one",
                where=where,
                got=", ".join(book.names),
                next="labels differ in more than width, case and signs, and are no signs alone",
            )
