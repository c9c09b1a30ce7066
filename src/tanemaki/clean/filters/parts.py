"""The texts that a field holds, whatever its form: what every filter looks at.

A field is a text, a list of texts, or ``messages``. Of messages every text counts, not only the first: the content,
or each text part of it. Tool results, and turns that only call tools, hold no prose and are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tanemaki.core.errors import DataError, RecipeError, nearest, shorten
from tanemaki.core.record import Json, Record

LANGUAGES = ("ja", "en")


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a field and where it stands."""

    text: str
    place: str = ""
    """For the reader of a rejected row: ``message 3 (assistant)``; empty where the field is one text."""
    role: str | None = None
    """Who speaks; None outside messages."""

    def note(self, told: str = "") -> str | None:
        """Return place and what is told, as a verdict's note; None if there is neither."""
        return ": ".join(filter(None, (self.place, told))) or None


def parts_of(record: Record, field: str) -> list[Part]:
    """Return every text of the field, in order; a field that is None is one empty text.

    Raises ``DataError`` for a record without the field and for a value that is neither text, texts nor messages.

    >>> [part.text for part in parts_of(Record("a", (1,), {"turns": ["はい", "いいえ"]}), "turns")]
    ['はい', 'いいえ']
    """
    if field not in record.fields:
        near = nearest(field, record.fields)
        raise DataError(
            f"the record lacks the field {field!r}",
            where=f"record {record.id}",
            got=f"fields: {', '.join(record.fields) or 'none'}",
            next=f"did you mean {near!r}?" if near else "map a column to it in the run file",
        )
    value = record.fields[field]
    if value is None or isinstance(value, str):
        return [Part(value or "")]
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        parts: list[Part] = []
        for n, item in enumerate(value, 1):
            if isinstance(item, str):
                parts.append(Part(item, f"text {n}"))
            elif isinstance(item, Mapping) and "role" in item:
                parts += _parts_of_message(item, n)
            else:
                raise _unreadable(record, field, item)
        return parts
    raise _unreadable(record, field, value)


def text_of(record: Record, field: str) -> str:
    """Return the field's one text. Raises ``DataError`` where it holds several: a cleaner writes exactly one."""
    parts = parts_of(record, field)
    if len(parts) != 1 or parts[0].place:
        raise _unreadable(
            record, field, record.fields[field], wanted="one text, because its text is rewritten"
        )
    return parts[0].text


def check_language(language: str, of: object) -> None:
    """Raise ``RecipeError`` for a language that the filter does not know."""
    if language not in LANGUAGES:
        near = nearest(language, LANGUAGES) or ("ja" if language.casefold().startswith(("j", "日")) else None)
        raise RecipeError(
            f"{type(of).__name__} does not know the language {language!r}",
            next=f"did you mean {near!r}?" if near else f"one of {', '.join(LANGUAGES)}",
        )


def with_english(language: str) -> tuple[str, ...]:
    """Return the languages whose pattern tables are read: models that write Japanese fall back to English phrases."""
    return (language,) if language == "en" else (language, "en")


def _parts_of_message(message: Mapping[str, Json], n: int) -> list[Part]:
    role, content = str(message["role"]), message.get("content")
    place = f"message {n} ({role})"
    if role == "tool" or (content is None and message.get("tool_calls")):
        return []
    if isinstance(content, Sequence) and not isinstance(content, str):
        texts = [
            part["text"]
            for part in content
            if isinstance(part, Mapping) and isinstance(part.get("text"), str)
        ]
        return [Part(text, place, role) for text in texts]
    return [Part(content if isinstance(content, str) else "", place, role)]


def _unreadable(
    record: Record, field: str, value: Json, wanted: str = "a text, a list of texts, or messages"
) -> DataError:
    return DataError(
        f"the field {field!r} cannot be read as text",
        where=f"record {record.id}",
        got=shorten(value),
        next=f"the field must hold {wanted}",
    )
