"""Plots as SVG, written by hand: shares with their intervals, and bars. No library, no script; text stays text.

A plot is a pure function of its values. It follows the reader's light or dark setting and can be put into a page as it
stands. Widths of labels are counted in half-widths, so that Japanese labels have the room that they need.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

STYLE = (
    ".tm-plot{max-width:100%;height:auto;font:13px 'Noto Sans JP','Noto Sans CJK JP','Hiragino Sans','Yu Gothic',"
    "'IPAGothic',system-ui,sans-serif}"
    ".tm-plot text{fill:#222}.tm-plot .faint{fill:#666}.tm-plot .title{font-weight:600}"
    ".tm-plot line{stroke:#ccc}.tm-plot .bar{fill:#3b6fb6}.tm-plot .span{stroke:#3b6fb6;stroke-width:2}"
    ".tm-plot .on-bar{stroke:#222;stroke-width:1.5}.tm-plot .dot{fill:#3b6fb6}.tm-plot .ground{fill:#fff}"
    "@media(prefers-color-scheme:dark){.tm-plot text{fill:#eee}.tm-plot .faint{fill:#aaa}.tm-plot line{stroke:#555}"
    ".tm-plot .bar,.tm-plot .dot{fill:#7fb0f0}.tm-plot .span{stroke:#7fb0f0}.tm-plot .on-bar{stroke:#eee}"
    ".tm-plot .ground{fill:#1b1b1d}}"
)
_ROW, _TOP, _BOTTOM, _PLOT, _NOTE = (
    24,
    34,
    26,
    320,
    190,
)  # pixels; ours: a row is as high as a line of text wants
_HALF_WIDTH = 7.2  # pixels of a half-width letter at 13 pixels; measured on the widest of the fonts above
_MOST = 44  # half-widths of a label; more is shortened, and stands whole in its tooltip
_N_TICKS = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """One row of a plot: a value with the ends of its interval. Without a value the row says so."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""
    """Stands at the right: how many, of what."""


def intervals(
    title: str, marks: Sequence[Mark], *, low: float = 0.0, high: float = 1.0, percent: bool = True
) -> str:
    """Return a plot with a row for each mark: a dot for the value, a line for its interval.

    ``low`` and ``high`` are the ends of the axis; ``percent`` shows shares as per cent.

    >>> plot = intervals("一致", [Mark("公平な審査員", 0.9, 0.85, 0.94, "n = 200")])
    >>> "公平な審査員" in plot, "90 %" in plot, "<script" in plot
    (True, True, False)
    """
    return _plot(title, marks, (low, high), percent=percent, as_bars=False)


def bars(
    title: str, marks: Sequence[Mark], *, low: float = 0.0, high: float = 1.0, percent: bool = True
) -> str:
    """Return a plot with a bar for each mark, and its interval on it as an error bar. The axis should begin at 0.

    >>> bars("費用", [Mark("LLM", 0.25)], percent=False).count("<rect")
    2
    """
    return _plot(title, marks, (low, high), percent=percent, as_bars=True)


def shown(value: float, *, percent: bool = True) -> str:
    """Return a value as plots and tables show it.

    >>> shown(0.125), shown(0.125, percent=False)
    ('12.5 %', '0.125')
    """
    return f"{100 * value:.3g} %" if percent else f"{value:.3g}"


def _plot(
    title: str, marks: Sequence[Mark], axis: tuple[float, float], *, percent: bool, as_bars: bool
) -> str:
    left = 16 + _HALF_WIDTH * max((min(_width(mark.label), _MOST) for mark in marks), default=0)
    width = max(left + _PLOT + _NOTE, 16 + _HALF_WIDTH * _width(title))
    height = _TOP + _ROW * len(marks) + _BOTTOM
    lines = [
        (
            f'<svg class="tm-plot" xmlns="http://www.w3.org/2000/svg" role="img" width="{width:.0f}" height="{height}"'
            f' viewBox="0 0 {width:.0f} {height}" aria-label="{escape(title)}"><style>{STYLE}</style>'
        ),
        f'<rect class="ground" width="{width:.0f}" height="{height}"/>',
        f'<text class="title" x="8" y="18">{escape(title)}</text>',
        *_grid(left, axis, height, percent=percent),
    ]
    for place, mark in enumerate(marks):
        lines += _row(mark, left, _TOP + _ROW * (place + 0.5), axis, percent=percent, as_bars=as_bars)
    return "\n".join([*lines, "</svg>"])


def _grid(left: float, axis: tuple[float, float], height: int, *, percent: bool) -> Iterator[str]:
    for tick in range(_N_TICKS):
        value = axis[0] + (axis[1] - axis[0]) * tick / (_N_TICKS - 1)
        x = _x(value, left, axis)
        yield f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{height - _BOTTOM}"/>'
        label = shown(value, percent=percent)
        yield f'<text class="faint" x="{x:.1f}" y="{height - 8}" text-anchor="middle">{label}</text>'


def _row(
    mark: Mark, left: float, y: float, axis: tuple[float, float], *, percent: bool, as_bars: bool
) -> Iterator[str]:
    yield (
        f'<text x="{left - 8:.1f}" y="{y + 4.5:.1f}" text-anchor="end">{escape(_short(mark.label))}'
        f"<title>{escape(mark.label)}</title></text>"
    )
    said = "no rate"
    if mark.value is not None:
        x, zero = _x(mark.value, left, axis), _x(axis[0], left, axis)
        said = shown(mark.value, percent=percent)
        if as_bars:
            yield f'<rect class="bar" x="{zero:.1f}" y="{y - 7:.1f}" width="{max(0.0, x - zero):.1f}" height="14"/>'
        if mark.low is not None and mark.high is not None:
            ends = f'x1="{_x(mark.low, left, axis):.1f}" x2="{_x(mark.high, left, axis):.1f}"'
            yield f'<line class="{"on-bar" if as_bars else "span"}" {ends} y1="{y:.1f}" y2="{y:.1f}"/>'
        if not as_bars:
            yield f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'
    note = f"{said}, {mark.note}" if mark.note else said
    yield f'<text class="faint" x="{left + _PLOT + 12:.1f}" y="{y + 4.5:.1f}">{escape(note)}</text>'


def _x(value: float, left: float, axis: tuple[float, float]) -> float:
    """Where a value lies; what is beyond the axis lies at its end."""
    span = axis[1] - axis[0] or 1.0
    return left + _PLOT * min(1.0, max(0.0, (value - axis[0]) / span))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _short(text: str) -> str:
    width = 0
    for place, letter in enumerate(text):
        width += _width(letter)
        if width > _MOST:
            return text[: max(1, place - 1)] + "…"
    return text
