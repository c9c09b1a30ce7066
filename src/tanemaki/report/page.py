"""A report as one page of HTML that needs nothing beside it: no script, no file, nothing that is fetched.

It follows the reader's light or dark setting, and a table that is wider than the window moves by itself, not the page.
"""

from __future__ import annotations

from html import escape

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:15px/1.6 'Noto Sans JP','Noto Sans CJK JP','Hiragino Sans','Yu Gothic',system-ui,sans-serif;"
    "max-width:64rem;margin:2rem auto;padding:0 1rem;background:#fff;color:#222}"
    "h1{font-size:1.5rem;line-height:1.3}h2{font-size:1.15rem;margin:2rem 0 .5rem}"
    ".wide{overflow-x:auto;margin:.5rem 0 1rem}"
    "table{border-collapse:collapse;font-size:.93em}"
    "td,th{border:1px solid #8886;padding:.3rem .6rem;text-align:left;vertical-align:top;overflow-wrap:break-word}"
    "td{max-width:26rem}th{background:#8881;font-weight:600}"
    "th:first-child,td:first-child{min-width:8rem}"
    ".wide .tm-plot{max-width:none}"
    "@media(max-width:45rem){.wide table{width:max-content}td{max-width:15rem}}"
    ".note{color:#666}"
    "@media(prefers-color-scheme:dark){body{background:#1b1b1d;color:#eee}.note{color:#aaa}}"
)


def page(title: str, body: str) -> str:
    """Return the whole page; ``body`` is HTML, ``title`` a text.

    >>> page("審査員 <A>", "<p>…</p>").count("審査員 &lt;A&gt;")
    2
    """
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>\n{body}\n</body></html>\n"
    )


def plot(svg: str) -> str:
    """Return a plot in a box that moves sideways where the window is narrow: shrunk, nobody could read it."""
    return f'<div class="wide">{svg}</div>'


def paragraph(text: str, *, note: bool = False) -> str:
    """Return a text as a paragraph; a note is paler."""
    return f"<p{' class=note' if note else ''}>{escape(text)}</p>"
