"""A solution's steps in words: four styles in each language, from the same steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from tanemaki.verify.problems.family import Step, Who
from tanemaki.verify.problems.template import Template
from tanemaki.verify.problems.wording import Language, Wording, styles

Style = Literal["plain", "textbook", "dialogue", "short"]
STYLES: tuple[Style, ...] = ("plain", "textbook", "dialogue", "short")


@dataclass(frozen=True, slots=True)
class Line:
    """One step in words, in no style."""

    goal: str
    """What the equation finds; empty for a statement."""
    equation: str
    unit: str
    polite: str
    """The statement; empty for an equation."""
    plain: str


def lines_of(steps: Sequence[Step], wording: Wording, slots: Mapping[str, object]) -> list[Line]:
    """Return the steps in words."""
    lines = []
    for step in steps:
        own = {**slots, **_said(step.slots, slots)} if step.slots else slots
        if step.equation:
            unit = wording.units[step.say].fill(own) if step.say in wording.units else ""
            lines.append(Line(wording.goals[step.say].fill(own), step.equation, unit, "", ""))
        else:
            said = wording.says[step.say]
            lines.append(Line("", "", "", said.polite.fill(own), said.plain.fill(own)))
    return lines


def write(lines: Sequence[Line], answer: str, language: Language, style: Style, variant: int) -> str:
    """Return the lines in a style, with the answer at the end."""
    frames = _frames(language, style)
    told = []
    for place, line in enumerate(lines):
        link = _link(frames.links, place, len(lines), variant) if len(lines) > 1 else ""
        if line.equation:
            slots = {
                "link": link,
                "goal": line.goal,
                "title": line.goal[:1].upper() + line.goal[1:],
                "equation": line.equation,
                "unit": frames.unit.fill({"unit": line.unit}) if line.unit else "",
                "number": place + 1,
            }
            told.append((frames.equation if len(lines) > 1 else frames.alone).fill(slots))
        else:
            said = line.plain if frames.is_plain else line.polite
            ask = _link(frames.asks, place, len(lines), variant)
            told.append(frames.statement.fill({"said": said, "ask": ask, "number": place + 1}))
    told.append(frames.end.fill({"answer": answer}))
    return frames.start + frames.between.join(told)


class _Frames:
    """The frames of one style, compiled."""

    def __init__(self, language: Language, style: Style) -> None:
        found = styles(language)[style]
        self.start: str = found.get("start", "")
        self.between: str = found["between"]
        self.equation = Template(found["equation"])
        self.alone = Template(found.get("alone", found["equation"]))
        self.statement = Template(found["statement"])
        self.end = Template(found["end"])
        self.unit = Template(styles(language)["unit"])
        self.is_plain: bool = found["is_plain"]
        self.links: Mapping[str, list[str]] = styles(language)["links"] if found["has_links"] else {}
        self.asks: Mapping[str, list[str]] = styles(language)["asks"]


@cache
def _frames(language: Language, style: Style) -> _Frames:
    return _Frames(language, style)


def _link(links: Mapping[str, list[str]], place: int, n: int, variant: int) -> str:
    if not links:
        return ""
    kind = "first" if place == 0 else "last" if place == n - 1 and n > 2 else "next"  # noqa: PLR2004 - of two, the second is next
    return links[kind][(variant + place) % len(links[kind])]


def _said(own: Mapping[str, object], slots: Mapping[str, object]) -> dict[str, object]:
    return {key: slots[value] if isinstance(value, Who) else value for key, value in own.items()}
