"""Small PDF and DOCX files made by hand: Japanese fonts that are not embedded, scans, passwords, ruby."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

_CID_FONT = (
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/Ryumin-Light/CIDSystemInfo"
    b"<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>/FontDescriptor 5 0 R>>"
)
_DESCRIPTOR = (
    b"<</Type/FontDescriptor/FontName/Ryumin-Light/Flags 6/FontBBox[0 -200 1000 900]"
    b"/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 800/StemV 80>>"
)
_IMAGE = (
    b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
    b"stream\n\x7f\nendstream"
)
_LOCKED = b"/Encrypt<</Filter/Standard/V 1/R 2/O(%s)/U(%s)/P -4>>/ID[(a)(a)]" % (b"o" * 32, b"u" * 32)


def pdf_bytes(
    pages: Sequence[Sequence[str] | None],
    *,
    cmap: str = "90ms-RKSJ-H",
    encoding: str = "cp932",
    title: str = "",
    bookmarks: Sequence[tuple[str, int]] = (),
    locked: bool = False,
) -> bytes:
    """Return a PDF file: a page is its lines, or None for an image alone; a bookmark is its title and page, from 1."""
    objects = [b"", b""]

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    font = f"<</Type/Font/Subtype/Type0/BaseFont/Ryumin-Light/Encoding/{cmap}/DescendantFonts[4 0 R]>>"
    add(font.encode())
    add(_CID_FONT)
    add(_DESCRIPTOR)
    image = add(_IMAGE)
    kids = []
    for lines in pages:
        shown = b" ".join(b"<%s> Tj T*" % line.encode(encoding).hex().encode() for line in lines or ())
        body = (
            b"q 500 0 0 700 0 0 cm /I Do Q"
            if lines is None
            else b"BT /F 12 Tf 50 780 Td 16 TL " + shown + b" ET"
        )
        stream = add(b"<</Length %d>>stream\n%s\nendstream" % (len(body), body))
        kids.append(
            add(
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
                b"/Resources<</Font<</F 3 0 R>>/XObject<</I %d 0 R>>>>>>" % (stream, image)
            )
        )
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    outline = _outline(add, bookmarks, kids, len(objects))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R%s>>" % outline
    info = b"/Info %d 0 R" % add(b"<</Title%s>>" % _text(title)) if title else b""
    return _file(objects, info + (_LOCKED if locked else b""))


def _outline(
    add: Callable[[bytes], int], bookmarks: Sequence[tuple[str, int]], kids: Sequence[int], n_before: int
) -> bytes:
    if not bookmarks:
        return b""
    first, last = n_before + 1, n_before + len(bookmarks)
    root = last + 1
    for place, (title, page) in enumerate(bookmarks):
        linked = b"/Next %d 0 R" % (first + place + 1) if first + place < last else b""
        add(b"<</Title%s/Parent %d 0 R%s/Dest[%d 0 R/Fit]>>" % (_text(title), root, linked, kids[page - 1]))
    add(b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (first, last, len(bookmarks)))
    return b"/Outlines %d 0 R" % root


def _text(shown: str) -> bytes:
    return b"<%s>" % ("\ufeff" + shown).encode("utf-16-be").hex().encode()


def _file(objects: Sequence[bytes], trailer: bytes) -> bytes:
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF"
        % (size, table, size, trailer, len(out))
    )


def write_docx(path: Path, *, title: str = "") -> Path:
    """Write a DOCX file with headings, ruby, inserted and deleted words, a list and a table."""
    import docx
    from docx.oxml import parse_xml

    word = docx.Document()
    word.core_properties.title = title
    word.add_heading("第一章　総則", 1)
    word.add_paragraph("この規則は、社員の働き方を定める。")
    word.add_heading("休暇", 2)
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ruby = (
        f"<w:p {ns}><w:r><w:t>有給</w:t></w:r><w:r><w:ruby><w:rt><w:r><w:t>きゅうか</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>休暇</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        "<w:ins><w:r><w:t>は年に十日</w:t></w:r></w:ins><w:del><w:r><w:delText>は九日</w:delText></w:r></w:del>"
        "<w:r><w:t>とする。</w:t></w:r></w:p>"
    )
    word.element.body.insert_element_before(parse_xml(ruby), "w:sectPr")
    word.add_paragraph("届を出す。", style="List Number")
    table = word.add_table(2, 2)
    for at, shown in enumerate(("勤続", "日数", "一年", "十日")):
        table.cell(at // 2, at % 2).text = shown
    word.add_heading("第二章　服務", 1)
    word.add_paragraph("社員は誠実に働く。")
    word.save(str(path))
    return path
