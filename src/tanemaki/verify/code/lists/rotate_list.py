"""A list that is turned by so many places.

Level 1 names the direction, level 2 how many places a turn is and what a negative number of turns means, level 3 keeps a
part of the list where it is. Source: ours; rotation is an exercise of every course on lists.
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw direction and places, then what else the level names."""
    return {
        "direction": draw.choose(("left", "right")),
        "step": draw.between(2, 7) if level > 1 else 1,
        "negative": draw.choose(("back", "still", "empty")) if level > 1 else "never",
        "kept": draw.choose(("first", "last")) if level == LEVELS else "none",
        "n_kept": draw.between(1, 4) if level == LEVELS else 0,
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = [*(["step"] if p["step"] > 1 else []), "wrap", f"negative_{p['negative']}"]
    return (*parts, f"kept_{p['kept']}") if p["kept"] != "none" else tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain the remainder and the slice."""
    return ("modulo", p["direction"], *((f"way_{p['kept']}",) if p["kept"] != "none" else ()))


def source(p: Parameters) -> str:
    """Cut the list in two and exchange the parts."""
    n, times = p["n_kept"], f" * {p['step']}" if p["step"] > 1 else ""
    before, moved, after = {
        "none": ("", "items", ""),
        "first": (f"items[:{n}] + ", f"items[{n}:]", ""),
        "last": ("", f"items[:-{n}]", f" + items[-{n}:]"),
    }[p["kept"]]
    parts = "moved[cut:] + moved[:cut]"
    return code(
        "def rotate_list(items: list[int], turns: int) -> list[int]:",
        '    """@doc"""',
        "    if turns < 0:\n        return items" if p["negative"] == "still" else None,
        "    if turns < 0:\n        return []" if p["negative"] == "empty" else None,
        f"    moved = {moved}",
        f"    if not moved:\n        return items  # @nothing_{'kept' if before or after else 'moved'}",
        "    # @cut",
        f"    cut = {'-' if p['direction'] == 'right' else ''}turns{times} % len(moved)",
        f"    return {before}{parts}{after}",
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try short and long lists, no turn, many turns, and negative ones where they may come."""
    n = p["n_kept"] + (7 if p["step"] == 5 else 5)  # noqa: PLR2004 - one turn is no full round
    numbers = draw.sample(range(1, 60), n)
    negative = p["negative"] != "never"
    return [
        [numbers, 1],
        [draw.sample(range(10, 99), n + 1), -1 if negative else 2],
        [draw.sample(range(100), 11 + p["n_kept"]), draw.between(2, 10)],
        [[], 3],
        [[draw.between(1, 9)], 5],
        [draw.sample(range(100), 11), 0],
        [draw.sample(range(100), 9), -draw.between(2, 12) if negative else draw.between(3, 12)],
    ]


def expected(p: Parameters, items: list[int], turns: int) -> Json:
    """Move one element after the other."""
    if turns < 0 and p["negative"] in ("still", "empty"):
        return list(items) if p["negative"] == "still" else []
    n = min(p["n_kept"], len(items)) if p["kept"] != "none" else 0
    places = range(n, len(items)) if p["kept"] == "first" else range(len(items) - n)
    ring = [items[place] for place in places]
    for _ in range(abs(turns) * p["step"] if ring else 0):
        if (p["direction"] == "left") == (turns > 0):
            ring.append(ring.pop(0))
        else:
            ring.insert(0, ring.pop())
    found = list(items)
    for place, value in zip(places, ring, strict=True):
        found[place] = value
    return found


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
