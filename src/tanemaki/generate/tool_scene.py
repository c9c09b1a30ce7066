"""What a dialogue with tools is about: drawn before anything is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tanemaki.core.errors import SetupError
from tanemaki.core.prompt import Row
from tanemaki.core.step import Context
from tanemaki.generate.tool_set import Tool

_FIRST_DAY, _N_DAYS = date(2025, 1, 1), 3 * 365  # the days on which dialogues take place
_DAYS = {
    "ja": ("月", "火", "水", "木", "金", "土", "日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What a row is about: drawn before anything is asked."""

    kind: str
    order: str
    targets: tuple[Tool, ...]
    offered: tuple[Tool, ...]
    left_out: str
    """The argument that the request does not state, in words; empty for none."""
    today: str


def draw_scene(tools: Sequence[Tool], kinds: Sequence[str], context: Context) -> Scene:
    """Return what the record's dialogue is to be: a row of the table ``kinds`` by its weight, and tools for it.

    ``kinds`` leaves only these kinds; empty is all. Raises ``SetupError`` where these tools can make none of them.
    """
    rows = [row for row in context.table("kinds") if _fits(row, tools, kinds)]
    if not rows:
        raise SetupError(
            "no kind of row can be made of these tools",
            where="options.kinds",
            got=f"{len(tools)} tools, kinds {', '.join(kinds) or 'all'}",
            next="`none` and `steps` need two tools, `missing` one with a required argument",
        )
    row = context.draw("kind").weighted(rows, [float(row["weight"]) for row in rows])
    targets = _targets(row, tools, context)
    others = [tool for tool in tools if tool not in targets]
    beside = context.draw("beside").sample(others, context.draw("n beside").between(2, 5))
    offered = beside if row["kind"] == "none" else [*targets, *beside]
    left_out = ""
    if row["kind"] == "missing":
        left_out = targets[0].about(context.draw("left out").choose(targets[0].required))
    today = _FIRST_DAY + timedelta(days=context.draw("today").below(_N_DAYS))
    shuffled = context.draw("order").sample(offered, len(offered))
    return Scene(
        row["kind"], row["order"], targets, tuple(shuffled), left_out, _shown(today, context.language)
    )


def _fits(row: Row, tools: Sequence[Tool], kinds: Sequence[str]) -> bool:
    kind = row["kind"]
    n_needed = int(row["n_tools"]) + (kind == "none")
    has = kind != "missing" or any(tool.required for tool in tools)
    return (not kinds or kind in kinds) and len(tools) >= n_needed and has


def _targets(row: Row, tools: Sequence[Tool], context: Context) -> tuple[Tool, ...]:
    draw, kind = context.draw("target"), row["kind"]
    if kind == "steps":
        names = {tool.name: tool for tool in tools}
        pairs = [(tool, names[name]) for tool in tools for name in tool.leads_to if name in names]
        return draw.choose(pairs) if pairs else tuple(draw.sample(tools, 2))
    fitting = [tool for tool in tools if tool.required] if kind == "missing" else list(tools)
    return tuple(draw.sample(fitting, int(row["n_tools"])))


def _shown(day: date, language: str) -> str:
    name = _DAYS[language][day.weekday()]
    if language == "ja":
        return f"{day.year}年{day.month}月{day.day}日（{name}曜日）"
    return f"{name}, {day.isoformat()}"
