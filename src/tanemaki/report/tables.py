"""Tables of a report, as Markdown and as HTML, with whatever text a cell holds."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Table:
    """A head and rows of as many cells."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def markdown_table(table: Table) -> str:
    """Return a table of Markdown; bars and line ends in a cell do not break it.

    >>> print(markdown_table(Table(("審査員", "率"), (("松|竹", "90 %"),))))
    | 審査員 | 率 |
    |---|---|
    | 松\\|竹 | 90 % |
    """
    lines = [table.head, ("---",) * len(table.head), *table.rows]
    shown = ["| " + " | ".join(map(markdown_cell, line)) + " |" for line in lines]
    shown[1] = "|" + "---|" * len(table.head)
    return "\n".join(shown)


def html_table(table: Table) -> str:
    """Return a table of HTML; nothing in a cell is markup.

    It lies in a box of the class ``wide``, which the page lets move sideways where the window is narrow.

    >>> html_table(Table(("a",), (("<b>",),)))
    '<div class="wide"><table><tr><th>a</th></tr><tr><td>&lt;b&gt;</td></tr></table></div>'
    """
    head = "".join(f"<th>{escape(cell)}</th>" for cell in table.head)
    rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in table.rows)
    return (
        f'<div class="wide"><table><tr>{head}</tr>{"".join(f"<tr>{row}</tr>" for row in rows)}</table></div>'
    )


def markdown_cell(text: str) -> str:
    """Return a text as it may stand in a cell or a heading of Markdown."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
