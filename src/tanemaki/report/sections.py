"""A report made of sections, each a title, a remark and a table: the same as Markdown and as one page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from tanemaki.report.page import page, paragraph, plot
from tanemaki.report.tables import Table, html_table, markdown_table

Section = tuple[str, str, Table]
"""Title, remark (may be empty) and table."""


def markdown_of(title: str, facts: Sequence[str], sections: Iterable[Section]) -> str:
    """Return the report as Markdown: the facts as paragraphs, then the sections.

    >>> print(
    ...     markdown_of(
    ...         "審査", ["三組。"], [("判定", "", Table(("組", "勝ち"), (("1", "A"),)))]
    ...     ).splitlines()[4]
    ... )
    ## 判定
    """
    parts = [f"# {title}", *facts]
    parts += [
        f"## {heading}\n\n" + (f"{remark}\n\n" if remark else "") + markdown_table(table)
        for heading, remark, table in sections
    ]
    return "\n\n".join(parts) + "\n"


def page_of(title: str, facts: Sequence[str], sections: Iterable[Section], plots: Iterable[str]) -> str:
    """Return the report as one page of HTML; the plots, SVG, stand below the first section."""
    parts = [paragraph(fact) for fact in facts]
    for place, (heading, remark, table) in enumerate(sections):
        parts.append(f"<h2>{escape(heading)}</h2>" + (paragraph(remark, note=True) if remark else ""))
        parts.append(html_table(table))
        if place == 0:
            parts += map(plot, plots)
    return page(title, "\n".join(parts))


def of_known_truth(tables: Iterable[tuple[str, Table]]) -> Iterator[Section]:
    """Yield what the trials of judges say, named as such; the queue of doubts of a trial is nobody's to decide."""
    for title, table in tables:
        if not title.startswith("Most doubtful") and table.rows:
            yield f"On pairs of known truth: {title[0].lower()}{title[1:]}", "", table
