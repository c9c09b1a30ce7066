"""A solution's steps in words: four styles in each language, from the same steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal

from tanemaki.verify.problems.family import Step, Who
from tanemaki.verify.problems.template import Template
from tanemaki.verify.problems.wording import Language, Wording, styles

Style = Literal["plain", "textbook", "dialogue", "short"]
STYLES: tuple[Style, ...] = ("plain", "textbook", "dialogue", "short")


def write(
    steps: Sequence[Step],
    wording: Wording,
    slots: Mapping[str, object],
    answer: str,
    language: Language,
    style: Style,
    variant: int,
) -> str:
    """Return the steps in words, with the answer at the end."""
    frames = _frames(language, style)
    lines = []
    for place, step in enumerate(steps):
        own = {**slots, **_said(step.slots, slots)} if step.slots else slots
        link = _link(frames.links, place, len(steps), variant)
        if step.equation:
            goal = wording.goals[step.say].fill(own)
            unit = wording.units[step.say].fill(own) if step.say in wording.units else ""
            told = {
                "link": link,
                "goal": goal if link or language == "ja" else goal[:1].upper() + goal[1:],
                "title": goal[:1].upper() + goal[1:],
                "equation": step.equation,
                "unit": frames.unit.fill({"unit": unit}) if unit else "",
                "number": place + 1,
            }
            lines.append(frames.equation.fill(told))
        else:
            statement = wording.says[step.say]
            said = (statement.plain if frames.is_plain else statement.polite).fill(own)
            lines.append(frames.statement.fill({"link": link, "said": said, "number": place + 1}))
    lines.append(frames.end.fill({"answer": answer}))
    return frames.start + frames.between.join(lines)


class _Frames:
    """The frames of one style, compiled."""

    def __init__(self, language: Language, style: Style) -> None:
        found = styles(language)[style]
        self.start: str = found.get("start", "")
        self.between: str = found["between"]
        self.equation = Template(found["equation"])
        self.statement = Template(found["statement"])
        self.end = Template(found["end"])
        self.unit = Template(styles(language)["unit"])
        self.is_plain: bool = found["is_plain"]
        self.links: Mapping[str, list[str]] = styles(language)["links"] if found["has_links"] else {}


@cache
def _frames(language: Language, style: Style) -> _Frames:
    return _Frames(language, style)


def _link(links: Mapping[str, list[str]], place: int, n: int, variant: int) -> str:
    if not links or n == 1:
        return ""
    kind = "first" if place == 0 else "last" if place == n - 1 and n > 2 else "next"  # noqa: PLR2004 - of two, the second is next
    return links[kind][(variant + place) % len(links[kind])]


def _said(own: Mapping[str, object], slots: Mapping[str, object]) -> dict[str, object]:
    return {key: slots[value] if isinstance(value, Who) else value for key, value in own.items()}
