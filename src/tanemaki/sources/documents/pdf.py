"""PDF files: the text layer page by page, put back into paragraphs.

PDFium, because fonts that are not embedded are common in Japanese files and the letters are then told by predefined tables
alone. Of files in five of them (one page each, by hand: 90ms-RKSJ-H and -V, UniJIS-UTF16-H, UniJIS-UCS2-H, EUC-H) it read
five, pypdf 7.1 and pdfminer.six four each; 100 pages of 40 lines took it 0.03 s of processor time, pypdf 0.4, pdfminer 1.3
(one trial on two shared cores, November 2026).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tanemaki.core.errors import DataError
from tanemaki.sources.documents.parts import Block, Document, deeper, join_wrapped
from tanemaki.text.similarity import squeeze

if TYPE_CHECKING:
    Pdf = Any
    Section = tuple[str, ...]

_WRONG = re.compile("[\x00\x01\x03-\x08\x0e-\x1f\ue000-\uf8ff\ufffd\uffff]")
_WRONG_SHARE = 0.2  # a guess: a few symbols of a private font are common, a page of them is no text
_RUNNING_PAGES = 3  # a line that stands at the edge of so many pages is a running title; a guess
_FULL_SHARE = (
    0.7  # a line shorter than this share of the widest ends a paragraph if a sentence ends there: a guess
)
_SENTENCE_END = re.compile(r"[。．！？.!?:：][」』）)”\"']*$")
_NEW = re.compile(
    r"[・●○■□◆◇※•▪]|[-*–]\s|\(?\d{1,3}[.)、．）]\s?\D|第[\d一二三四五六七八九十百]+[章節条項]|[①-⑳]|\u3000"
)
_NUMBER_CHARS = 6  # before a heading's title: 第十二章, 12.3.4
_HYPHEN = re.compile(
    r"(?<=[a-z])(?:[\u00ad\u0002\ufffe]\n?|-\n)(?=[a-z])"
)  # PDFium tells some of them as U+FFFE
_NO_TITLE = re.compile(
    r"\A(?:untitled|無題|microsoft \w+ -|.*\.(?:docx?|xlsx?|pptx?|indd|tex|ai)\Z)", re.IGNORECASE
)


def read_pdf(path: Path) -> Document:
    """Read the text layer of a PDF file. Sections come from its bookmarks.

    Lines are joined into paragraphs, words parted at a line's end are made whole, running titles and page numbers go.
    Raises ``DataError`` for a file with a password, without any text (a scan), with fonts that tell no letters, or damaged.
    Not covered: columns in another order than they were written, tables as tables, vertical text with furigana.
    """
    import pypdfium2 as pdfium

    raw = path.read_bytes()
    try:
        pdf = pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        raise _unopened(path.name, error) from error
    try:
        lines = [_lines(pdf[number]) for number in range(len(pdf))]
        scanned = [number for number, page in enumerate(lines, 1) if not page and _has_image(pdf[number - 1])]
        _check(path.name, lines, scanned)
        blocks = tuple(_blocks(_without_running(lines), _bookmarks(pdf)))
        title = (pdf.get_metadata_value("Title") or "").strip("\x00 \n")
    finally:
        pdf.close()
    faults = (
        (f"{_named(scanned)} without text: an image alone; recognise its text first (OCR)",)
        if scanned
        else ()
    )
    return Document(blocks, title if title and not _NO_TITLE.match(title) else None, faults=faults)


def _unopened(name: str, error: Exception) -> DataError:
    if "password" in str(error).lower():
        return DataError(
            "the PDF file has a password", where=name, next="save a copy without one, e.g. qpdf --decrypt"
        )
    return DataError(
        "the file is no whole PDF file", where=name, got=str(error), next="save it again, or leave it out"
    )


def _lines(page: Any) -> list[str]:
    text = page.get_textpage().get_text_range()
    return [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]


def _has_image(page: Any) -> bool:
    from pypdfium2 import raw

    return next(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]), None) is not None


def _check(name: str, pages: Sequence[Sequence[str]], scanned: Sequence[int]) -> None:
    text = "".join(line for page in pages for line in page)
    if not text:
        what = "holds images of pages alone: a scan without text" if scanned else "holds no text"
        raise DataError(
            f"the PDF file {what}",
            where=name,
            next="recognise its text first (OCR, e.g. ocrmypdf), or leave it out",
        )
    share = len(_WRONG.findall(text)) / len(text)
    if share > _WRONG_SHARE:
        raise DataError(
            "the PDF file's fonts do not tell which letters they draw",
            where=name,
            got=f"{share:.0%} of {len(text)} characters are none",
            next="print it to a new PDF file, or recognise its text (OCR)",
        )


def _without_running(pages: Sequence[list[str]]) -> list[list[str]]:
    """Return the pages without first and last lines that several of them share, numbers left out of account."""
    seen = Counter(form for page in pages for form in {_form(line) for line in (*page[:1], *page[-1:])})
    running = {form for form, n in seen.items() if n >= _RUNNING_PAGES}
    return [
        [line for at, line in enumerate(page) if at not in (0, len(page) - 1) or _form(line) not in running]
        for page in pages
    ]


def _form(line: str) -> str:
    return re.sub(r"\d+", "0", line.strip())


def _bookmarks(pdf: Pdf) -> dict[int, list[Section]]:
    """Return the sections that begin on each page, from 1, in order."""
    found: dict[int, list[Section]] = {}
    section: Section = ()
    levels: list[int] = []
    for mark in pdf.get_toc():
        target = mark.get_dest()
        page = target.get_index() if target else None
        section = deeper(section, levels, mark.level, mark.get_title().strip())
        if page is not None:
            found.setdefault(page + 1, []).append(section)
    return found


def _blocks(pages: Sequence[Sequence[str]], marks: dict[int, list[Section]]) -> Iterator[Block]:
    """Yield the paragraphs; a line that says a bookmark's title is its heading, else the page's top stands for it."""
    section: Section = ()
    for number, lines in enumerate(pages, 1):
        at = 0
        for place, (begun, is_said) in sorted(_headings(lines, marks.get(number, ())).items()):
            yield from (Block(paragraph, number, section) for paragraph in _paragraphs(lines[at:place]))
            section, at = begun, place + is_said
            if is_said:
                yield Block(lines[place].strip(), number, section, is_heading=True)
        yield from (Block(paragraph, number, section) for paragraph in _paragraphs(lines[at:]))


def _headings(lines: Sequence[str], sections: Sequence[Section]) -> dict[int, tuple[Section, bool]]:
    """Return the line at which each section begins, and whether the line is its heading."""
    places: dict[int, tuple[Section, bool]] = {}
    at = 0
    for section in sections:
        title = squeeze(section[-1])
        said = next((n for n in range(at, len(lines)) if title and _says(squeeze(lines[n]), title)), None)
        places[at if said is None else said] = (section, said is not None)
        at = at if said is None else said + 1
    return places


def _says(line: str, title: str) -> bool:
    return line.endswith(title) and len(line) <= len(title) + _NUMBER_CHARS


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    widest = max((len(line.rstrip()) for line in lines), default=0)
    held: list[str] = []
    for line in lines:
        if held and (_NEW.match(line) or _ends(held[-1], widest)):
            yield _joined(held)
            held = []
        held.append(line)
    if held:
        yield _joined(held)


def _ends(line: str, widest: int) -> bool:
    shown = line.rstrip()
    return len(shown) < _FULL_SHARE * widest and bool(_SENTENCE_END.search(shown))


def _joined(lines: Sequence[str]) -> str:
    return join_wrapped(_HYPHEN.sub("", "\n".join(line.strip() for line in lines)))


def _named(pages: Sequence[int]) -> str:
    shown = ", ".join(map(str, pages[:10])) + (" …" if len(pages) > 10 else "")  # noqa: PLR2004 - as many as a line holds
    return f"page {shown}" if len(pages) == 1 else f"{len(pages)} pages ({shown})"
