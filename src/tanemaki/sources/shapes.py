"""What the rows of a data set look like: the eight usual shapes, found from the rows themselves.

A shape gives canonical fields beside the user's own columns. It is chosen by the names of the columns and by what most of
the first rows hold under them; a row that then differs is a bad row and is reported.

==================  ============================================================  ====================================
shape               columns that tell it                                          fields that it gives
==================  ============================================================  ====================================
``preference``      chosen, rejected (texts or messages), prompt                  prompt, chosen, rejected
``messages``        messages or conversations with role and content               messages
``sharegpt``        conversations with from and value                             messages
``alpaca``          instruction, input, output (also context, response)           instruction, input, output
``prompt_completion``  prompt, completion (texts or messages; also response)      prompt, completion
``qa``              question, answer (also q and a, query and response, 質問 …)   question, answer
``roles``           one text with ``user: …  assistant: …``                       messages
``text``            text (also content, 本文 …)                                    text
==================  ============================================================  ====================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tanemaki.core.errors import DataError, SetupError, shorten
from tanemaki.core.formats import from_roles, from_sharegpt, has_roles, read_messages
from tanemaki.core.record import FieldType, Json, Message

Values = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Shape:
    """One way to read a row."""

    name: str
    columns: Mapping[str, str]
    """What it reads: its own word → the column."""
    fields: Mapping[str, FieldType]
    """Canonical fields that it gives."""
    read: Callable[[Values], dict[str, Json]]
    """Gives the fields of a row. Raises ``DataError`` for a row of another form."""
    as_is: bool = True
    """Each field is its column unchanged."""


_TURNS = ("messages", "conversations", "conversation", "dialogue", "dialog", "会話", "対話")
_TEXT = ("text", "content", "passage", "document", "本文", "テキスト")
_PAIRS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "alpaca": {
        "instruction": ("instruction", "指示"),
        "input": ("input", "context", "入力"),
        "output": ("output", "response", "出力"),
    },
    "prompt_completion": {"prompt": ("prompt",), "completion": ("completion", "response")},
    "qa": {
        "question": ("question", "query", "q", "質問", "問題", "問"),
        "answer": ("answer", "response", "a", "回答", "解答", "答え"),
    },
}
_NEEDS = {
    "preference": "chosen and rejected",
    "messages": "a column messages, a list of role and content",
    "sharegpt": "a column conversations, a list of from and value",
    "alpaca": "instruction and output",
    "prompt_completion": "prompt and completion",
    "qa": "question and answer",
    "roles": "a text with speakers at line starts",
    "text": "a column text",
}


def find_shape(rows: Sequence[Values], columns: Sequence[str], wanted: str | None = None) -> Shape | None:
    """Return the shape of the rows, or None if they have none of the eight.

    With ``wanted``, that one or a ``SetupError`` that lists the columns.
    """
    for name in [wanted] if wanted else _NEEDS:
        shape = _FINDERS[name](rows, columns)
        if shape:
            return shape
    if wanted is None:
        return None
    raise SetupError(
        f"the rows have not the shape {wanted!r}",
        where="source.shape",
        got=f"columns: {shorten(list(columns))}",
        next=f"it needs {_NEEDS[wanted]}; say with source.map which columns hold them",
    )


def _column(columns: Sequence[str], names: Sequence[str]) -> str | None:
    folded = {column.strip().lower(): column for column in reversed(columns)}
    return next((folded[name] for name in names if name in folded), None)


def _mostly(rows: Sequence[Values], fits: Callable[[Values], bool]) -> bool:
    """At least half of the rows fit; without rows the names alone decide."""
    verdicts = [fits(row) for row in rows]
    return 2 * sum(verdicts) >= len(verdicts)


def _reads(read: Callable[[Values], object]) -> Callable[[Values], bool]:
    def fits(values: Values) -> bool:
        try:
            read(values)
        except DataError:
            return False
        return True

    return fits


def _turns(
    name: str, convert: Callable[[Json], list[Message]]
) -> Callable[[Sequence[Values], Sequence[str]], Shape | None]:
    def find(rows: Sequence[Values], columns: Sequence[str]) -> Shape | None:
        column = _column(columns, _TURNS)
        if column is None:
            return None

        def read(values: Values) -> dict[str, Json]:
            return {"messages": convert(values.get(column))}

        if (not rows and name != "messages") or not _mostly(rows, _reads(read)):
            return None
        return Shape(name, {"messages": column}, {"messages": "messages"}, read, as_is=name == "messages")

    return find


def _text_of(values: Values, column: str) -> str:
    value = values.get(column)
    if not isinstance(value, str):
        raise DataError(f"the column {column!r} must hold a text", got=shorten(value))
    return value


def _side(values: Values, column: str, kind: FieldType) -> Json:
    return _text_of(values, column) if kind == "text" else read_messages(values.get(column))


def _pair(name: str) -> Callable[[Sequence[Values], Sequence[str]], Shape | None]:
    wanted = _PAIRS[name]

    def find(rows: Sequence[Values], columns: Sequence[str]) -> Shape | None:
        found = {
            field: column
            for field, names in wanted.items()
            if (column := _column(columns, names)) is not None
        }
        if wanted.keys() - {"input"} - found.keys() or len(set(found.values())) < len(found):
            return None
        for kind in ("text", "messages") if name == "prompt_completion" else ("text",):
            shape = Shape(name, found, dict.fromkeys(wanted, kind), _pair_reader(found, kind))
            if _mostly(rows, _reads(shape.read)):
                return shape
        return None

    def _pair_reader(found: Mapping[str, str], kind: FieldType) -> Callable[[Values], dict[str, Json]]:
        def read(values: Values) -> dict[str, Json]:
            fields = {
                field: _side(values, column, kind) for field, column in found.items() if field != "input"
            }
            if "input" in wanted:
                column = found.get("input")
                fields["input"] = (
                    "" if column is None or values.get(column) is None else _text_of(values, column)
                )
            return {field: fields[field] for field in wanted}

        return read

    return find


def _find_preference(rows: Sequence[Values], columns: Sequence[str]) -> Shape | None:
    chosen, rejected, prompt = (_column(columns, (name,)) for name in ("chosen", "rejected", "prompt"))
    if chosen is None or rejected is None:
        return None
    found = {"chosen": chosen, "rejected": rejected, **({"prompt": prompt} if prompt else {})}
    fields: dict[str, FieldType] = {"prompt": "text"} if prompt else {}
    fields_of_pair = ("prompt", "chosen", "rejected")
    texts = Shape(
        "preference",
        found,
        {**fields, "chosen": "text", "rejected": "text"},
        lambda values: {field: _text_of(values, found[field]) for field in fields_of_pair if field in found},
    )
    if _mostly(rows, _reads(texts.read)):
        return texts
    kinds: dict[str, FieldType] = dict.fromkeys(fields_of_pair, "messages")
    lists = Shape("preference", found, kinds, lambda values: _preferred_messages(values, found), as_is=False)
    return lists if _mostly(rows, _reads(lists.read)) else None


def _preferred_messages(values: Values, found: Mapping[str, str]) -> dict[str, Json]:
    """Return prompt and both answers as messages; what both sides begin with belongs to the prompt."""
    sides = [read_messages(values.get(found[side])) for side in ("chosen", "rejected")]
    shared = 0
    while shared < min(map(len, sides)) - 1 and sides[0][shared] == sides[1][shared]:
        shared += 1
    prompt: list[Message] = sides[0][:shared]
    told = values.get(found["prompt"]) if "prompt" in found else None
    if not prompt and told is not None:
        is_list = not isinstance(told, str) or told.lstrip().startswith("[{")
        prompt = read_messages(told) if is_list else [{"role": "user", "content": told}]
    if not prompt:
        raise DataError("a pair of answers without a prompt", got=shorten(values.get(found["chosen"])))
    return {"prompt": prompt, "chosen": sides[0][shared:], "rejected": sides[1][shared:]}


def _find_roles(rows: Sequence[Values], columns: Sequence[str]) -> Shape | None:
    column = _column(columns, _TEXT)
    if column is None or not rows:
        return None
    texts = [row.get(column) for row in rows]
    if 2 * sum(isinstance(text, str) and has_roles(text) for text in texts) < len(texts):
        return None

    def read(values: Values) -> dict[str, Json]:
        return {"messages": from_roles(_text_of(values, column))}

    return Shape("roles", {"messages": column}, {"messages": "messages"}, read, as_is=False)


def _find_text(rows: Sequence[Values], columns: Sequence[str]) -> Shape | None:
    column = _column(columns, _TEXT)
    if column is None:
        return None

    def read(values: Values) -> dict[str, Json]:
        return {"text": _text_of(values, column)}

    return Shape("text", {"text": column}, {"text": "text"}, read) if _mostly(rows, _reads(read)) else None


_FINDERS: Mapping[str, Callable[[Sequence[Values], Sequence[str]], Shape | None]] = {
    "preference": _find_preference,
    "messages": _turns("messages", read_messages),
    "sharegpt": _turns("sharegpt", from_sharegpt),
    "alpaca": _pair("alpaca"),
    "prompt_completion": _pair("prompt_completion"),
    "qa": _pair("qa"),
    "roles": _find_roles,
    "text": _find_text,
}
