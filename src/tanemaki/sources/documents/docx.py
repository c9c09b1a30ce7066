"""Word files: paragraphs, lists and tables in their order, sections by the headings' styles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from tanemaki.core.errors import DataError
from tanemaki.sources.documents.parts import Block, Document, deeper

if TYPE_CHECKING:
    Element = Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OLE = b"\xd0\xcf\x11\xe0"  # a compound file: Word before 2007, and every .docx with a password
_UNSEEN = frozenset({f"{_W}rt", f"{_W}del", f"{_W}moveFrom", _FALLBACK})
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_WHOLE = 9  # the outline level of ordinary text


def read_docx(path: Path) -> Document:
    """Read a DOCX file.

    The words under ruby, inserted and moved text, hyperlinks and content controls are kept; readings, deleted text,
    comments, notes, headers and footers are not. The format stores no pages, so none are told.
    """
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import XMLSyntaxError

    with path.open("rb") as stream:
        if stream.read(4) == _OLE:
            raise DataError(
                "the file has a password, or is an old .doc under a new name",
                where=path.name,
                next="open it in Word or LibreOffice and save it as .docx without a password",
            )
    try:
        word = docx.Document(str(path))
    except (OpcError, BadZipFile, KeyError, ValueError, XMLSyntaxError, EOFError) as error:
        raise DataError(
            "the file is no whole DOCX file",
            where=path.name,
            got=str(error),
            next="save it again, or leave it out",
        ) from error
    levels_of = {style.style_id: _level(style) for style in word.styles if style.style_id}
    blocks = tuple(_blocks(word.element.body, levels_of))
    named = next((block.text for block in blocks if block.is_heading), None)
    return Document(blocks, (word.core_properties.title or "").strip() or named)


def _level(style: Any) -> int | None:
    """Return the heading's level that a style stands for: by its name, which is English in every edition, or its outline."""
    found = _HEADING.fullmatch(style.name or "")
    if found:
        return int(found.group(1))
    if (style.name or "").lower() == "title":
        return 1
    outline = style.element.find(f"{_W}pPr/{_W}outlineLvl")
    return None if outline is None else _outline(outline)


def _outline(element: Element) -> int | None:
    level = int(element.get(f"{_W}val", _WHOLE))
    return level + 1 if level < _WHOLE else None


def _blocks(body: Element, levels_of: dict[str, int | None]) -> Iterator[Block]:
    section: tuple[str, ...] = ()
    levels: list[int] = []
    for element in _parts(body):
        if element.tag == f"{_W}tbl":
            rows = (" | ".join(map(_cell, row.iter(f"{_W}tc"))) for row in element.iter(f"{_W}tr"))
            text, level = "\n".join(row for row in rows if row.strip(" |")), None
        else:
            text, level = _text(element).strip(), _heading_level(element, levels_of)
            if text and level is None and element.find(f"{_W}pPr/{_W}numPr") is not None:
                text = f"- {text}"
        if text and level is not None:
            section = deeper(section, levels, level, text)
        if text:
            yield Block(text, section=section, is_heading=level is not None)


def _parts(element: Element) -> Iterator[Element]:
    """Yield the paragraphs and tables, those inside content controls too."""
    for child in element:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _parts(child)


def _heading_level(paragraph: Element, levels_of: dict[str, int | None]) -> int | None:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    outline = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
    if outline is not None:
        return _outline(outline)
    return None if style is None else levels_of.get(style.get(f"{_W}val"))


def _cell(cell: Element) -> str:
    return " ".join(text for text in (_text(one).strip() for one in cell.iter(f"{_W}p")) if text)


def _text(element: Element) -> str:
    if element.tag in _UNSEEN:
        return ""
    if element.tag == f"{_W}t":
        return element.text or ""
    if element.tag in _BREAKS and element.getparent().tag == f"{_W}r":
        return _BREAKS[element.tag]
    return "".join(map(_text, element))
