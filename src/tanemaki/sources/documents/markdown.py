"""Markdown files: the text as it stands, its sections found by a real parser."""

from __future__ import annotations

import re
from pathlib import Path

from tanemaki.sources.documents.parts import Block, Document, deeper
from tanemaki.sources.documents.plain import decode

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_COMMENT = re.compile(r"\A\s*<!--.*?-->\s*\Z", re.DOTALL)


def read_markdown(path: Path) -> Document:
    """Read a Markdown file. Blocks are its own lines, unchanged; front matter gives title and licence and is no text.

    A ``#`` inside a code block is no heading: markdown-it says what is one.
    """
    from markdown_it import MarkdownIt

    text = decode(path.read_bytes(), path.name)
    front = _FRONT.match(text)
    stated = _stated(front.group(1)) if front else {}
    lines = (text[front.end() :] if front else text).split("\n")
    tokens = MarkdownIt("commonmark").enable("table").parse("\n".join(lines))
    blocks: list[Block] = []
    section: tuple[str, ...] = ()
    levels: list[int] = []
    for place, token in enumerate(tokens):
        if token.level or token.map is None or token.nesting < 0:
            continue
        shown = "\n".join(lines[token.map[0] : token.map[1]]).strip("\n")
        if token.type == "heading_open":
            section = deeper(section, levels, int(token.tag[1:]), tokens[place + 1].content)
        if shown.strip() and not _COMMENT.match(shown):
            blocks.append(Block(shown, section=section, is_heading=token.type == "heading_open"))
    first = next((block.section[0] for block in blocks if block.is_heading), None)
    licence = stated.get("licence") or stated.get("license")
    return Document(tuple(blocks), stated.get("title") or first, licence)


def _stated(front: str) -> dict[str, str]:
    """Return the plain ``key: value`` lines of front matter."""
    found = re.findall(r"^([A-Za-z_]+):[ \t]+(\S.*?)[ \t]*$", front, re.MULTILINE)
    return {key.lower(): value.strip("'\"") for key, value in found}
