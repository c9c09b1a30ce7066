"""Exact problems answered in an ordered form: a program composes the reply, which obeys every order of the request."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.seeding import Draw
from tanemaki.core.step import Context
from tanemaki.text.normalise import n_chars
from tanemaki.verify.formats import Order, broken, clash, constraint_of
from tanemaki.verify.formats.documents import Json as JsonOrder
from tanemaki.verify.formats.documents import JsonSchema, OneOf, Yaml
from tanemaki.verify.formats.lengths import CharsAtMost, CharsBetween, OneLine
from tanemaki.verify.formats.lists import BulletsExactly, Numbered
from tanemaki.verify.formats.places import EndsWith, StartsWith, Title
from tanemaki.verify.formats.tables import Csv, MarkdownTable, Tsv
from tanemaki.verify.formats.words import NoExclamation
from tanemaki.verify.problems.catalogue import family_of
from tanemaki.verify.problems.problem import Problem, choices_of, pose, solve_lines
from tanemaki.verify.problems.solution import Line, write
from tanemaki.verify.problems.wording import Language

_N_OPTIONS = 5  # as a usual multiple-choice item has
_ROUND_CHARS = 20  # a limit in characters is a round number


@dataclass(frozen=True, slots=True)
class _Task:
    """What a shape is made of."""

    problem: Problem
    lines: Sequence[Line]
    words: Mapping[str, Sequence[str]]
    """The table ``pieces``, by name."""
    draw: Draw

    def word(self, name: str) -> str:
        """Return a piece that has one form."""
        return self.words[name][0]


@dataclass(frozen=True, slots=True)
class _Composed:
    orders: tuple[Order, ...]
    text: str


class NotObeyed(AssertionError):
    """A composed reply breaks one of its orders: a fault of this module."""


@dataclass(frozen=True, slots=True)
class Compose:
    """Ask the record's problem with format orders, and answer it so that every order is obeyed and the answer right.

    The shape is drawn from JSON with and without a schema, YAML, CSV, TSV, a Markdown table, bullets, a numbered list, one
    line, a choice of five and prose; what else can be ordered beside it is drawn, and kept only where the text obeys it.

    Writes ``shape``, ``constraints`` (as the recipe ``constrained`` has them), ``request`` and ``response``.

    Raises: ``NotObeyed`` where a composed text breaks an order; no such row can be kept.
    Cost: a few checks of a short text, under a millisecond.
    Source: the format orders of Tanuki's method B, every one with its checker; verifiable instructions (arXiv 2311.07911).
    Differs: content and form are both known to be right, as no model writes either.

    >>> Compose().reads
    ('family', 'level', 'parameters', 'method')
    """

    shapes: tuple[str, ...] = ()
    """Shapes to draw from; none: all."""
    name: ClassVar[str] = "compose"
    tables: ClassVar[Mapping[str, frozenset[str]]] = {
        "asks": frozenset({"shape", "ask"}),
        "pieces": frozenset({"piece", "text"}),
    }
    reads: ClassVar[tuple[str, ...]] = ("family", "level", "parameters", "method")
    writes: ClassVar[Mapping[str, FieldType]] = {
        "shape": "text",
        "constraints": "json",
        "request": "text",
        "response": "text",
    }

    def __call__(self, record: Record, context: Context) -> Mapping[str, Json]:
        """Draw a shape, compose, and hold the text against its orders."""
        language: Language = "ja" if context.language == "ja" else "en"
        draw = context.draw()
        family = family_of(record["family"])
        problem = pose(family, record["parameters"], language, record["level"])
        pieces: dict[str, list[str]] = {}
        for row in context.table("pieces"):
            pieces.setdefault(row["piece"], []).append(row["text"])
        task = _Task(problem, solve_lines(problem, record["method"]), pieces, draw)
        fitting = [shape for shape in self.shapes or SHAPES if shape != "one_of" or _options(task)]
        shape = draw.choose(fitting or ("json",))
        composed = _with_more(SHAPES[shape](task), draw)
        if failures := broken(composed.orders, composed.text):
            raise NotObeyed(f"{problem.family}, {shape}: {failures[0].message}: {composed.text!r}")
        told = [
            {**constraint_of(order), "wording": draw.choose(order.wordings(language))}
            for order in composed.orders
        ]
        asks = [row["ask"] for row in context.table("asks") if row["shape"] == _ASKED_AS.get(shape, shape)]
        ask = draw.choose(asks).format_map({name: texts[0] for name, texts in pieces.items()})
        between = "" if language == "ja" else " "
        wordings = between.join([ask, *(str(one["wording"]) for one in told)])
        return {
            "shape": shape,
            "constraints": told,
            "request": f"{problem.prompt}\n\n{wordings}",
            "response": composed.text,
        }


def _json_schema(task: _Task) -> _Composed:
    value = _json_answer(task.problem)
    kind = "integer" if isinstance(value, int) else "string"
    properties: dict[str, Json] = {task.word("answer"): {"type": kind}}
    content: dict[str, Json] = {task.word("answer"): value}
    if task.draw.below(2):
        properties[task.word("steps")] = {"type": "array", "items": {"type": "string"}}
        content[task.word("steps")] = _equations(task.lines)
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return _Composed((JsonSchema(schema),), json.dumps(content, ensure_ascii=False, indent=_indent(task)))


def _json(task: _Task) -> _Composed:
    content = {task.word("answer"): _json_answer(task.problem), task.word("steps"): _equations(task.lines)}
    return _Composed((JsonOrder(fence=False),), json.dumps(content, ensure_ascii=False, indent=_indent(task)))


def _indent(task: _Task) -> int | None:
    return 2 if task.draw.below(2) else None


def _yaml(task: _Task) -> _Composed:
    # A text in JSON's quotes is a text in YAML, whatever stands in it.
    equations = [f"  - {json.dumps(one, ensure_ascii=False)}" for one in _equations(task.lines)]
    answer = json.dumps(_json_answer(task.problem), ensure_ascii=False)
    lines = [f"{task.word('answer')}: {answer}", f"{task.word('steps')}:", *equations]
    return _Composed((Yaml(),), "\n".join(lines))


def _table(task: _Task) -> list[list[str]]:
    head = [task.word("number"), task.word("goal"), task.word("equation")]
    return [head, *([str(k), *_cells(line, task)] for k, line in enumerate(task.lines, 1))]


def _csv(task: _Task) -> _Composed:
    table = _table(task)
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(table)
    return _Composed((Csv(len(table[0]), len(table) - 1),), written.getvalue().rstrip("\n"))


def _tsv(task: _Task) -> _Composed:
    table = _table(task)
    return _Composed((Tsv(len(table[0]), len(table) - 1),), "\n".join("\t".join(cells) for cells in table))


def _markdown_table(task: _Task) -> _Composed:
    head, *rows = _table(task)
    lines = [head, ["---"] * len(head), *rows]
    text = "\n".join(f"| {' | '.join(cell.replace('|', '¦') for cell in cells)} |" for cells in lines)
    return _Composed((MarkdownTable(len(head), len(rows)),), text)


def _bullets(task: _Task) -> _Composed:
    mark = "・" if task.problem.language == "ja" else "- "
    points = [f"{mark}{_point(line, task.problem.language)}" for line in task.lines]
    return _Composed((BulletsExactly(len(points)),), "\n".join([*points, "", _last(task)]))


def _numbered(task: _Task) -> _Composed:
    points = [f"{k}. {_point(line, task.problem.language)}" for k, line in enumerate(task.lines, 1)]
    return _Composed((Numbered(len(points)),), "\n".join([*points, "", _last(task)]))


def _one_line(task: _Task) -> _Composed:
    return _Composed((OneLine(),), task.problem.answer_text)


def _one_of(task: _Task) -> _Composed:
    return _Composed((OneOf(tuple(_options(task))),), task.problem.answer_text)


def _prose(task: _Task) -> _Composed:
    words, draw, language = task.words, task.draw, task.problem.language
    text = write(task.lines, task.problem.answer_text, language, "plain", draw.below(6))
    body = [text]
    orders: list[Order] = []
    said = {"answer": task.problem.answer_text}
    beginning = draw.below(3)
    if beginning == 1:
        opening = draw.choose(words["opening"])
        orders.append(StartsWith(opening))
        between = "" if language == "ja" else " "
        body.insert(0, opening + between + task.word("first_answer").format_map(said))
    elif beginning == 2:  # noqa: PLR2004 - the third of three
        marks = ("『", "』") if language == "ja" else ('"', '"')
        orders.append(Title(*marks))
        body.insert(0, f"{marks[0]}{draw.choose(words['title'])}{marks[1]}\n")
    if not orders or draw.below(2):
        ending = draw.choose(words["ending"])
        orders.append(EndsWith(ending))
        body.append(ending)
    return _Composed(tuple(orders), "\n".join(body))


SHAPES: Mapping[str, Callable[[_Task], _Composed]] = {
    "json_schema": _json_schema,
    "json": _json,
    "yaml": _yaml,
    "csv": _csv,
    "tsv": _tsv,
    "markdown_table": _markdown_table,
    "bullets": _bullets,
    "numbered": _numbered,
    "one_line": _one_line,
    "one_of": _one_of,
    "prose": _prose,
}
"""Shape → what composes it."""
_ASKED_AS = {"tsv": "csv", "markdown_table": "csv"}


def _with_more(composed: _Composed, draw: Draw) -> _Composed:
    """Return it with one more order of length or marks where the text obeys one that goes with the others."""
    n = n_chars(composed.text)
    up = (n // _ROUND_CHARS + 1) * _ROUND_CHARS
    low = n // _ROUND_CHARS * _ROUND_CHARS
    further: list[Order] = [NoExclamation(), CharsAtMost(up)]
    if low >= 2 * _ROUND_CHARS:
        further.append(CharsBetween(low, up + _ROUND_CHARS))
    fitting = [
        order
        for order in further
        if not order.check(composed.text) and not any(clash(order, one) for one in composed.orders)
    ]
    if not fitting or draw.below(2):
        return composed
    return _Composed((*composed.orders, draw.choose(fitting)), composed.text)


def _options(task: _Task) -> list[str]:
    """Return five answers in a drawn order, one of which is right; none where no wrong ones can be made."""
    problem, wrong = (
        task.problem,
        [one for one in choices_of(task.problem) if one != task.problem.answer_text],
    )
    if len(wrong) < _N_OPTIONS - 1:
        return []
    draw = Draw("tanemaki.compose.options", problem.prompt)
    return draw.sample([problem.answer_text, *draw.sample(wrong, _N_OPTIONS - 1)], _N_OPTIONS)


def _json_answer(problem: Problem) -> Json:
    return problem.value if isinstance(problem.value, int) else problem.answer_text


def _equations(lines: Sequence[Line]) -> list[str]:
    return [line.equation or line.plain for line in lines]


def _cells(line: Line, task: _Task) -> list[str]:
    return [line.goal[:1].upper() + line.goal[1:] or task.word("statement"), line.equation or line.plain]


def _point(line: Line, language: Language) -> str:
    if not line.equation:
        return line.plain
    unit = f"（{line.unit}）" if language == "ja" else f" ({line.unit})"
    between = "：" if language == "ja" else ": "
    return f"{line.goal[:1].upper() + line.goal[1:]}{between}{line.equation}{unit if line.unit else ''}"


def _last(task: _Task) -> str:
    return f"{'答え：' if task.problem.language == 'ja' else 'Answer: '}{task.problem.answer_text}"
