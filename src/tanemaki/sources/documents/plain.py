"""Text files, and the decoding of files whose encoding is not told."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from tanemaki.core.errors import DataError, shorten
from tanemaki.sources.documents.parts import Block, Document

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPED = b"\x1b$"  # how ISO-2022-JP goes over to kanji
_USUAL = re.compile("[ぁ-んァ-ヶー一-鿿、。！？\u3000「」・\n]")
_UNUSUAL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\u0080-\u0084\u0086-\u009f]")
_LOOKED_AT = 100_000  # characters: what is no text shows it at once
_HALF_KANA = re.compile("[\uff61-\uff9f]{2}")
_BLANK_LINES = re.compile(r"\n[ \t\u3000]*\n\s*")


def read_plain(path: Path) -> Document:
    """Read a text file: paragraphs are parted by blank lines. Raises ``DataError`` as :func:`decode` does."""
    text = decode(path.read_bytes(), path.name)
    parts = (part.strip("\n \t") for part in _BLANK_LINES.split(text))
    return Document(tuple(Block(part) for part in parts if part.strip()))


def decode(raw: bytes, where: str, told: str | None = None) -> str:
    """Return the text of a file, line ends as ``\\n``, in whichever encoding it is written.

    That is the one that it names, UTF-8 or UTF-16, or one of the three that Japanese files had before.
    Shift_JIS and EUC-JP are told apart by which of them reads as Japanese. Raises ``DataError`` where none does: a text full
    of wrong letters would be worse than none.

    >>> decode("葛湯の作り方".encode("cp932"), "葛湯.txt")
    '葛湯の作り方'
    """
    mark = next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), None)
    escaped = "iso2022_jp" if _ESCAPED in raw else None  # before UTF-8, because all of its bytes are ASCII
    for encoding in (mark, escaped, told, "utf-8"):
        text = _decoded(raw, encoding) if encoding else None
        if text is not None and not _UNUSUAL.search(text[:_LOOKED_AT]):
            return _lines(text)
    read = [text for text in (_decoded(raw, "cp932"), _decoded(raw, "euc_jp")) if text is not None]
    best = max(read, key=_plausible, default="")
    if _plausible(best) <= 0:
        raise DataError(
            "the file is neither UTF-8 nor Shift_JIS nor EUC-JP nor ISO-2022-JP",
            where=where,
            got=shorten(raw[:40]),
            next="save it as UTF-8",
        )
    return _lines(best)


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _plausible(text: str) -> int:
    """Say how much a text reads as Japanese; half-width kana in rows are what EUC-JP looks like in Shift_JIS."""
    if _UNUSUAL.search(text):
        return -1
    return len(_USUAL.findall(text)) - 4 * len(_HALF_KANA.findall(text))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
