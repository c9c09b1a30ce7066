"""The source of passages over a folder of documents."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

from tanemaki.core.errors import DataError, SetupError
from tanemaki.core.record import FieldType, Json, Origin
from tanemaki.core.seeding import Draw, hex_id
from tanemaki.core.source import BadItem, Item
from tanemaki.sources.documents.docx import read_docx
from tanemaki.sources.documents.html import read_html
from tanemaki.sources.documents.markdown import read_markdown
from tanemaki.sources.documents.parts import BETWEEN, Document, Passage, cut
from tanemaki.sources.documents.pdf import read_pdf
from tanemaki.sources.documents.plain import read_plain
from tanemaki.sources.files import digest_of, find_files, unreadable

Read = Callable[[Path], Document]

_READERS: Mapping[str, tuple[Read, str | None]] = {
    ".pdf": (read_pdf, "pypdfium2"),
    ".docx": (read_docx, "docx"),
    ".md": (read_markdown, "markdown_it"),
    ".markdown": (read_markdown, "markdown_it"),
    ".html": (read_html, "lxml"),
    ".htm": (read_html, "lxml"),
    ".xhtml": (read_html, "lxml"),
    ".txt": (read_plain, None),
    ".text": (read_plain, None),
}
"""Ending → its reader, and the library that only the extra brings."""

ENDINGS = tuple(_READERS)


class Documents:
    """Passages of documents: PDF, DOCX, Markdown, HTML and text files, in the order of their names.

    Fields: ``text`` (a passage that ends where a paragraph or a sentence does), ``title``, ``section`` (headings, the widest
    first), ``page`` and ``page_last`` (from 1; null where the format has none), ``span`` (``chars 120-480`` of the
    document's text) and ``file``. With ``together`` above 1 an item holds so many passages of one document, drawn from all
    over it without repetition, and ``passages`` lists each with its place. ``sources`` names file, page, span and the
    licence that the document states.

    A file that cannot be read is one bad row. Raises ``SetupError`` for a path without documents and for a missing extra.
    Cost: a file is read whole, one at a time; fingerprint and readers each take one pass.
    Source: ours; what each reader was measured against is told in its own file.
    """

    kind = "documents"
    unlimited = False
    distinct = False
    size = None
    """Not known without reading every file."""

    def __init__(
        self,
        paths: str | Sequence[str],
        base: Path = Path(),
        *,
        licence: str | None = None,
        chars_min: int = 300,  # two or three sentences: less hardly answers a question of its own
        chars_max: int = 1_600,  # some 1,000 tokens of Japanese, 400 of English: a page, and within any model's reach
        together: int = 1,
    ) -> None:
        if not 1 <= chars_min <= chars_max or together < 1:
            raise SetupError(
                "passages have chars_min characters, 1 or more, up to chars_max; 1 or more stand together",
                where="source",
                got=f"chars_min {chars_min}, chars_max {chars_max}, together {together}",
                next="e.g. chars_min: 300, chars_max: 1600",
            )
        found: dict[Path, str] = {}
        for path in [paths] if isinstance(paths, str) else paths:
            for file in find_files(path, base, (*ENDINGS, *map(str.upper, ENDINGS))):
                folder = base / Path(path).expanduser()
                found.setdefault(file, file.relative_to(folder).as_posix() if folder.is_dir() else file.name)
        self._files = dict(sorted(found.items(), key=lambda one: (one[1], one[0])))
        self._licence, self._together = licence, together
        self._chars = (chars_min, chars_max)
        _check_kinds(self._files)

    @cached_property
    def fingerprint(self) -> str:
        """Hash of names, contents and settings. Cost: one pass over the files."""
        told = json.dumps([list(self._files.values()), self._chars, self._together, self._licence])
        try:
            return hex_id("documents", digest_of(list(self._files)), told, length=32)
        except OSError as error:
            raise unreadable(Path(error.filename or "?"), error) from error

    @property
    def columns(self) -> Mapping[str, FieldType]:
        """The fields of an item."""
        fields: dict[str, FieldType] = dict.fromkeys(("text", "title", "section", "span", "file"), "text")
        fields |= dict.fromkeys(("page", "page_last"), "integer")
        return {**fields, "passages": "json"} if self._together > 1 else fields

    @property
    def notes(self) -> tuple[str, ...]:
        """How many files of each kind are read."""
        kinds = Counter(path.suffix.lower() for path in self._files)
        return (", ".join(f"{n} {ending}" for ending, n in sorted(kinds.items())) + " files are read",)

    def items(self, start: int = 0) -> Iterator[Item | BadItem]:
        """Yield the items from place ``start`` on; the files before it are read again."""
        return islice(self._items(), start, None)

    def _items(self) -> Iterator[Item | BadItem]:
        for path, shown in self._files.items():
            try:
                document = _READERS[path.suffix.lower()][0](path)
            except DataError as error:
                yield BadItem("; ".join(filter(None, (error.what, error.got, error.next))), shown)
                continue
            except OSError as error:
                yield BadItem(f"the file cannot be read: {error.strerror or error}", shown)
                continue
            passages = list(cut(document, chars_min=self._chars[0], chars_max=self._chars[1]))
            if not passages:
                yield BadItem("the file holds no text; leave it out", shown)
            for fault in document.faults:
                yield BadItem(fault, shown)
            title = document.title or path.stem
            for group in self._groups(passages, shown):
                yield self._item(group, title, shown, document)

    def _groups(self, passages: Sequence[Passage], shown: str) -> Iterator[list[Passage]]:
        """Yield the passages one by one, or drawn together so that each is used once; one left over joins the last."""
        if self._together == 1:
            yield from ([one] for one in passages)
            return
        drawn = Draw("documents", "together", shown).sample(range(len(passages)), len(passages))
        groups = [drawn[at : at + self._together] for at in range(0, len(drawn), self._together)]
        if len(groups) > 1 and len(groups[-1]) == 1:
            groups[-2] += groups.pop()
        yield from ([passages[place] for place in sorted(group)] for group in groups)

    def _item(self, group: Sequence[Passage], title: str, shown: str, document: Document) -> Item:
        first, pages = group[0], [one for one in group if one.page is not None]
        fields: dict[str, Json] = {
            "text": BETWEEN.join(one.text for one in group),
            "title": title,
            "section": _section(first),
            "page": min((one.page for one in pages if one.page), default=None),
            "page_last": max((one.page_last for one in pages if one.page_last), default=None),
            "span": ", ".join(one.span for one in group),
            "file": shown,
        }
        if self._together > 1:
            fields["passages"] = [
                {
                    "text": one.text,
                    "section": _section(one),
                    "page": one.page,
                    "page_last": one.page_last,
                    "start": one.start,
                    "end": one.end,
                }
                for one in group
            ]
        licence = self._licence or document.licence
        return Item(fields, tuple(Origin(shown, licence, document.url, _place(one)) for one in group))


def _section(passage: Passage) -> str | None:
    return " > ".join(passage.section) or None


def _place(passage: Passage) -> str:
    if passage.page is None:
        return passage.span
    pages = f"page {passage.page}"
    if passage.page_last != passage.page:
        pages = f"pages {passage.page}-{passage.page_last}"
    return f"{pages}, {passage.span}"


def _check_kinds(files: Mapping[Path, str]) -> None:
    for path, shown in files.items():
        ending = path.suffix.lower()
        if ending not in _READERS:
            raise SetupError(
                f"files of the kind {ending or 'without an ending'} are not read as documents",
                where=shown,
                got=f"read are {', '.join(ENDINGS)}",
                next="convert it, or leave it out",
            )
        library = _READERS[ending][1]
        if library and importlib.util.find_spec(library) is None:
            raise SetupError(
                f"reading {ending} files needs a library that is not installed",
                where="source.path",
                got=f"no module named {library!r}",
                next="pip install 'tanemaki[documents]'",
            )
