"""HTML files: what a reader of the page sees, without its menus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tanemaki.core.errors import DataError
from tanemaki.sources.documents.parts import Block, Document, deeper, join_wrapped
from tanemaki.sources.documents.plain import decode

if TYPE_CHECKING:
    Element = Any

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "head", "nav", "footer", "aside", "form", "button"}
    | {"select", "svg", "iframe", "object", "rt", "rp"}  # a reading above a word is no part of the sentence
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset"}
    | {
        "figcaption",
        "figure",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "ul",
        "header",
    }
    | _HEADINGS
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LICENCES = (
    "//*[@rel='license']/@href",
    "//meta[@name='dcterms.license' or @name='DC.rights' or @name='license']/@content",
)


def read_html(path: Path) -> Document:
    """Read an HTML file: the one ``main`` or ``article`` of the page, else its body without navigation.

    Readings of ruby are left out, a line break inside Japanese is no space, a row of a table is one line. Loss is worse
    than dirt here, so nothing is thrown away by its looks: for pages of the open web use an extractor before.
    """
    from lxml import etree, html

    raw = path.read_bytes()
    named = _CHARSET.search(raw[:4096])
    text = _DECLARATION.sub("", decode(raw, path.name, named.group(1).decode() if named else None))
    try:
        page = html.document_fromstring(text)
    except (etree.ParserError, ValueError) as error:
        raise DataError("the file holds no page", where=path.name, got=str(error)) from error
    walk = _Walk()
    walk.enter(_content(page))
    walk.end()
    title = join_wrapped(page.findtext(".//title") or "") or None
    licence = next((str(found[0]) for found in map(page.xpath, _LICENCES) if found), None)
    url = next(iter(page.xpath("//link[@rel='canonical']/@href")), None)
    return Document(tuple(walk.blocks), title, licence, str(url) if url else None)


def _content(page: Element) -> Element:
    for path in ("//main|//*[@role='main']", "//article"):
        found = page.xpath(path)
        if len(found) == 1 and found[0].text_content().strip():
            return found[0]
    body = page.find("body")
    return page if body is None else body


class _Walk:
    """Goes through a page in its order and gathers blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._said: list[str] = []
        self._section: tuple[str, ...] = ()
        self._levels: list[int] = []

    def enter(self, element: Element) -> None:
        tag = element.tag if isinstance(element.tag, str) else None
        if tag is None or tag in _UNSEEN or _is_hidden(element):
            return
        if tag == "br":
            self._said.append("\v")  # no break of the source, so it stays one
        elif tag == "pre":
            self._whole(element.text_content().strip("\n"))
        elif tag == "table" and not element.xpath(".//table"):
            self._whole("\n".join(_rows(element)))
        elif tag in _BLOCKS:
            self.end()
            if tag == "li":
                self._said.append("- ")
            self._inside(element)
            self.end(tag)
        else:
            self._inside(element)

    def _inside(self, element: Element) -> None:
        self._said.append(element.text or "")
        for child in element:
            self.enter(child)
            self._said.append(child.tail or "")

    def _whole(self, text: str) -> None:
        self.end()
        if text.strip():
            self.blocks.append(Block(text, section=self._section))

    def end(self, tag: str = "") -> None:
        text = "\n".join(map(join_wrapped, "".join(self._said).split("\v"))).strip()
        self._said = []
        if not text or text == "-":
            return
        if tag in _HEADINGS:
            self._section = deeper(self._section, self._levels, int(tag[1]), text)
        self.blocks.append(Block(text, section=self._section, is_heading=tag in _HEADINGS))


def _rows(table: Element) -> Iterator[str]:
    for row in table.iter("tr"):
        cells = [_cell(cell) for cell in row if cell.tag in ("td", "th")]
        if any(cells):
            yield " | ".join(cells)


def _cell(cell: Element) -> str:
    walk = _Walk()
    walk.enter(cell)
    walk.end()
    return " ".join(block.text.replace("\n", " ") for block in walk.blocks)


def _is_hidden(element: Element) -> bool:
    return (
        "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(element.get("style", "")))
    )
