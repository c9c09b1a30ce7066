"""Run-length encoding.

Level 1 names the order of letter and number and what a single letter becomes, level 2 what stands between the runs, level 3
how long a run may be. Source: ours; run-length encoding as fax machines use it.
"""

from __future__ import annotations

from itertools import groupby

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code

_MARKS = (",", "-", "/", "|", "_", ";", "+", " ")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the form of a run, then what else the level names."""
    return {
        "order": draw.choose(("letter_first", "number_first")),
        "single": draw.choose(("bare", "one")),
        "mark": draw.choose(_MARKS) if level > 1 else "",
        "longest": draw.between(2, 9) if level == LEVELS else 0,
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = [str(p["order"]), f"single_{p['single']}"]
    parts += ["mark"] if p["mark"] else []
    parts += ["longest"] if p["longest"] else []
    return tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain the count that begins anew."""
    return (
        "counting",
        "flush",
        *(("way_longest",) if p["longest"] else ()),
        *(("way_mark",) if p["mark"] else ()),
    )


def source(p: Parameters) -> str:
    """Count while the letter stays the same."""
    told = "{letter}{count}" if p["order"] == "letter_first" else "{count}{letter}"
    one = f'letter if count == 1 else f"{told}"' if p["single"] == "bare" else f'f"{told}"'
    full = f" and runs[-1][1] < {p['longest']}" if p["longest"] else ""
    return code(
        "def run_length(text: str) -> str:",
        '    """@doc"""',
        "    runs = []",
        "    for letter in text:",
        f"        if runs and runs[-1][0] == letter{full}:",
        "            runs[-1][1] += 1  # @same",
        "        else:",
        "            runs.append([letter, 1])",
        f'    return "{p["mark"]}".join({one} for letter, count in runs)',
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try runs of one, runs of all lengths, capitals, a very long run, and nothing."""

    def text(n: int, most: int, letters: str = "abcdwxyz") -> str:
        return "".join(draw.choose(letters) * draw.between(1, most) for _ in range(n))

    longest = p["longest"] or 9
    return [
        [text(3, 4) + "k"],
        [text(4, 5)],
        [draw.choose("abc") * (2 * longest + 1) + "z" * longest],
        ["".join(draw.sample("abcdefghij", 6))],
        [""],
        [text(6, 2, "aA")],
        [text(5, 12)],
    ]


def expected(p: Parameters, text: str) -> Json:
    """Group letters with the standard library, and cut the groups."""
    pieces = []
    for letter, run in groupby(text):
        left = len(list(run))
        while left:
            count = min(left, p["longest"] or left)
            number = "" if count == 1 and p["single"] == "bare" else str(count)
            pieces.append(letter + number if p["order"] == "letter_first" else number + letter)
            left -= count
    return str(p["mark"]).join(pieces)


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
