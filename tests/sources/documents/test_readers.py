"""Each format: its text as a reader sees it, its headings, pages, title and licence; and what cannot be read, said."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.small_documents import pdf_bytes, write_docx
from tanemaki.core.errors import DataError
from tanemaki.sources.documents.docx import read_docx
from tanemaki.sources.documents.html import read_html
from tanemaki.sources.documents.markdown import read_markdown
from tanemaki.sources.documents.parts import Document
from tanemaki.sources.documents.pdf import read_pdf
from tanemaki.sources.documents.plain import decode, read_plain

PAGES = (
    [
        "社内報　第3号",
        "葛湯は、葛の根から取った澱粉を湯で溶いた飲み物で",
        "ある。冬に飲むと体が温まる。",
        "1",
    ],
    ["社内報　第3号", "寒天は海藻から作る。", "2"],
    ["社内報　第3号", "It is made from sea-", "weed, boiled and dried.", "3"],
)


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def written(path: Path, raw: bytes) -> Path:
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    ("cmap", "encoding"),
    [
        ("90ms-RKSJ-H", "cp932"),
        ("UniJIS-UTF16-H", "utf-16-be"),
        ("UniJIS-UCS2-H", "utf-16-be"),
        ("EUC-H", "euc_jp"),
    ],
)
def test_a_japanese_pdf_without_embedded_fonts_is_read_into_paragraphs(
    tmp_path: Path, cmap: str, encoding: str
) -> None:
    raw = pdf_bytes([*PAGES[:2], ["社内報　第3号", "三頁目。", "3"]], cmap=cmap, encoding=encoding)
    document = read_pdf(written(tmp_path / "a.pdf", raw))
    assert texts(document) == [
        "葛湯は、葛の根から取った澱粉を湯で溶いた飲み物である。冬に飲むと体が温まる。",
        "寒天は海藻から作る。",
        "三頁目。",
    ]
    assert [block.page for block in document.blocks] == [1, 2, 3]


def test_a_pdfs_bookmarks_are_its_sections_and_its_title_is_told(tmp_path: Path) -> None:
    raw = pdf_bytes(PAGES, title="社内報", bookmarks=[("葛湯", 1), ("寒天", 2)])
    document = read_pdf(written(tmp_path / "a.pdf", raw))
    assert document.title == "社内報"
    assert [(block.page, block.section) for block in document.blocks] == [
        (1, ("葛湯",)),
        (2, ("寒天",)),
        (3, ("寒天",)),
    ]
    assert texts(document)[2] == "It is made from seaweed, boiled and dried."


@pytest.mark.parametrize("title", ["Microsoft Word - 文書1", "無題", "kisoku.docx"])
def test_a_title_that_only_names_a_program_or_a_file_is_none(tmp_path: Path, title: str) -> None:
    assert read_pdf(written(tmp_path / "a.pdf", pdf_bytes(PAGES, title=title))).title is None


@pytest.mark.parametrize(
    ("raw", "what", "advice"),
    [
        (pdf_bytes(PAGES, locked=True), "the PDF file has a password", "qpdf --decrypt"),
        (pdf_bytes([None, None]), "the PDF file holds images of pages alone: a scan without text", "OCR"),
        (pdf_bytes([[]]), "the PDF file holds no text", "OCR"),
        (b"%PDF-1.5\nnothing", "the file is no whole PDF file", "save it again"),
        (b"", "the file is no whole PDF file", "save it again"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_what_where_and_what_next(
    tmp_path: Path, raw: bytes, what: str, advice: str
) -> None:
    with pytest.raises(DataError) as caught:
        read_pdf(written(tmp_path / "規則.pdf", raw))
    assert (caught.value.what, caught.value.where) == (what, "規則.pdf")
    assert advice in str(caught.value.next)


def test_scanned_pages_among_others_are_named_and_the_others_are_read(tmp_path: Path) -> None:
    document = read_pdf(written(tmp_path / "a.pdf", pdf_bytes([PAGES[0], None, [], PAGES[1], None])))
    assert sorted({block.page for block in document.blocks if block.page}) == [1, 4]
    assert document.faults == ("2 pages (2, 5) without text: an image alone; recognise its text first (OCR)",)


def test_letters_without_meaning_are_not_taken_for_text(tmp_path: Path) -> None:
    raw = pdf_bytes([["\x01\x03\x04 あ"]])
    with pytest.raises(DataError, match="fonts do not tell which letters they draw") as caught:
        read_pdf(written(tmp_path / "a.pdf", raw))
    assert caught.value.got == "60% of 5 characters are none"


def test_a_docx_file_keeps_the_words_under_ruby_and_what_was_inserted(tmp_path: Path) -> None:
    document = read_docx(write_docx(tmp_path / "a.docx", title="就業規則"))
    assert document.title == "就業規則"
    assert [(block.text, block.section) for block in document.blocks] == [
        ("第一章　総則", ("第一章　総則",)),
        ("この規則は、社員の働き方を定める。", ("第一章　総則",)),
        ("休暇", ("第一章　総則", "休暇")),
        ("有給休暇は年に十日とする。", ("第一章　総則", "休暇")),
        ("届を出す。", ("第一章　総則", "休暇")),
        ("勤続 | 日数\n一年 | 十日", ("第一章　総則", "休暇")),
        ("第二章　服務", ("第二章　服務",)),
        ("社員は誠実に働く。", ("第二章　服務",)),
    ]


def test_a_docx_file_without_a_title_has_its_first_heading(tmp_path: Path) -> None:
    assert read_docx(write_docx(tmp_path / "a.docx")).title == "第一章　総則"


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "the file has a password, or is an old .doc under a new name"),
        (b"PK\x03\x04 broken", "the file is no whole DOCX file"),
        (b"", "the file is no whole DOCX file"),
        ("ただの文".encode(), "the file is no whole DOCX file"),
    ],
)
def test_a_docx_file_that_cannot_be_read_says_so(tmp_path: Path, raw: bytes, what: str) -> None:
    with pytest.raises(DataError) as caught:
        read_docx(written(tmp_path / "規則.docx", raw))
    assert (caught.value.what, caught.value.where) == (what, "規則.docx")


def test_markdown_stays_as_it_is_and_a_comment_in_code_is_no_heading(tmp_path: Path) -> None:
    shown = (
        "---\ntitle: '手引き'\nlicense: CC-BY-4.0\n---\n<!-- 覚え書き -->\n# はじめに\n\n葛の**話**。\n\n"
        "```sh\n# ここは見出しではない\n```\n\n作り方\n------\n\n1. 溶く\n2. 煮る\n"
    )
    document = read_markdown(written(tmp_path / "a.md", shown.encode()))
    assert (document.title, document.licence) == ("手引き", "CC-BY-4.0")
    assert [(block.text, block.section) for block in document.blocks] == [
        ("# はじめに", ("はじめに",)),
        ("葛の**話**。", ("はじめに",)),
        ("```sh\n# ここは見出しではない\n```", ("はじめに",)),
        ("作り方\n------", ("はじめに", "作り方")),
        ("1. 溶く\n2. 煮る", ("はじめに", "作り方")),
    ]


HTML = """<?xml version="1.0" encoding="{charset}"?>
<html><head><meta charset="{charset}"><title>葛湯 の話</title><link rel="canonical" href="https://example.jp/kuzu">
<link rel="license" href="https://creativecommons.org/licenses/by/4.0/"><style>p {{}}</style></head>
<body><nav>目次</nav><header>社名</header><main><h1>葛<ruby>湯<rp>(</rp><rt>ゆ</rt></ruby></h1>
<p>根の
<b>澱</b>粉<!-- 注 -->です。<br>次の行。</p><p hidden>見えない</p><div style="display:none">これも</div>
<h2>材料</h2><ul><li>葛粉</li><li>湯</li></ul><table><tr><th>量</th><td>10<br>g</td></tr></table>
<pre>  a
  b</pre><script>var x</script></main><footer>奥付</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "Shift_JIS", "EUC-JP", "ISO-2022-JP"])
def test_a_page_is_read_as_a_reader_sees_it_in_every_encoding(tmp_path: Path, charset: str) -> None:
    document = read_html(written(tmp_path / "a.html", HTML.format(charset=charset).encode(charset)))
    assert [(block.text, block.section) for block in document.blocks] == [
        ("葛湯", ("葛湯",)),
        ("根の澱粉です。\n次の行。", ("葛湯",)),
        ("材料", ("葛湯", "材料")),
        ("- 葛粉", ("葛湯", "材料")),
        ("- 湯", ("葛湯", "材料")),
        ("量 | 10 g", ("葛湯", "材料")),
        ("  a\n  b", ("葛湯", "材料")),
    ]
    assert document.title == "葛湯 の話"
    assert document.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert document.url == "https://example.jp/kuzu"


@pytest.mark.parametrize("charset", ["cp932", "euc_jp", "iso2022_jp"])
def test_a_page_that_does_not_name_its_encoding_is_read_all_the_same(tmp_path: Path, charset: str) -> None:
    shown = "<html><body><p>葛湯は冬の飲み物です。</p></body></html>"
    assert texts(read_html(written(tmp_path / "a.html", shown.encode(charset)))) == ["葛湯は冬の飲み物です。"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp", "iso2022_jp"])
@pytest.mark.parametrize(
    "shown", ["吾輩は猫である。\r\n名前はまだ無い。", "カタカナ、ひらがな、漢字。ABC", "第１章　総則"]
)
def test_text_files_are_read_in_the_encodings_that_japanese_files_have(encoding: str, shown: str) -> None:
    assert decode(shown.encode(encoding), "a.txt") == shown.replace("\r\n", "\n")


@pytest.mark.parametrize("raw", [b"\x00\x01\x02\x03", bytes(range(128, 256)), b"caf\xe9 au lait"])
def test_what_is_no_text_is_refused_rather_than_read_wrongly(raw: bytes) -> None:
    with pytest.raises(DataError) as caught:
        decode(raw, "a.txt")
    assert caught.value.what == "the file is neither UTF-8 nor Shift_JIS nor EUC-JP nor ISO-2022-JP"
    assert (caught.value.where, caught.value.next) == ("a.txt", "save it as UTF-8")


def test_paragraphs_of_a_text_file_are_parted_by_blank_lines(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "一行目\n二行目\n　\n\n三行目 😀\n".encode())
    assert texts(read_plain(path)) == ["一行目\n二行目", "三行目 😀"]


def test_a_line_that_says_a_bookmarks_title_is_the_heading_of_what_follows(tmp_path: Path) -> None:
    pages = [
        ["第一章 総則", "この規則は働き方を定める。", "第二章　休暇", "有給は年に十日とする。"],
        [],
        ["附則を置く。"],
    ]
    raw = pdf_bytes(pages, bookmarks=[("総則", 1), ("休暇", 1), ("附則", 2)])
    document = read_pdf(written(tmp_path / "a.pdf", raw))
    assert [(block.text, block.section, block.is_heading) for block in document.blocks] == [
        ("第一章 総則", ("総則",), True),
        ("この規則は働き方を定める。", ("総則",), False),
        ("第二章　休暇", ("休暇",), True),
        ("有給は年に十日とする。", ("休暇",), False),
        ("附則を置く。", ("附則",), False),
    ]
