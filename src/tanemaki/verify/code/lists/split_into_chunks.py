"""A list that is cut into pieces of one size.

Level 1 says what becomes of the rest, level 2 from which end the cutting begins, level 3 turns pieces around or leaves gaps.
Source: ours; the recipe ``batched`` of Python's itertools, with rules.
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw what becomes of the rest, then what else the level names."""
    rest = draw.choose(("keep", "drop", "pad"))
    return {
        "rest": rest,
        "filler": draw.choose((0, -1, 99, 100, 999)) if rest == "pad" else 0,
        "begin": draw.choose(("front", "back")) if level > 1 else "unsaid",
        "turned": draw.choose(("even", "odd", "all")) if level == LEVELS else "none",
        "gap": draw.between(1, 3) if level == LEVELS and draw.below(2) else 0,
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    back = "_back" if p["begin"] == "back" and p["rest"] == "pad" else ""
    parts = [f"rest_{p['rest']}{back}", "bad_size"]
    parts += [f"begin_{p['begin']}"] if p["begin"] != "unsaid" else []
    parts += ["gap"] if p["gap"] else []
    parts += [f"turned_{p['turned']}"] if p["turned"] != "none" else []
    return tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain the steps of the range, and the rest."""
    parts = ["stride", f"way_{p['rest']}"]
    parts += ["from_back"] if p["begin"] == "back" else []
    parts += ["way_turned"] if p["turned"] != "none" else []
    return tuple(parts)


def source(p: Parameters) -> str:
    """Cut slices at a stride; from the back, on the list turned around."""
    back = p["begin"] == "back"
    stride = f"size + {p['gap']}" if p["gap"] else "size"
    turned = {"even": "place % 2 == 1", "odd": "place % 2 == 0", "all": "True", "none": ""}[p["turned"]]
    rest = {
        "keep": None,
        "drop": "        if len(piece) < size:\n            break  # @too_short",
        "pad": f"        piece += [{p['filler']}] * (size - len(piece))  # @filled",
    }[p["rest"]]
    result = "pieces[::-1]" if back else "pieces"
    return code(
        "def split_into_chunks(items: list[int], size: int) -> list[list[int]]:",
        '    """@doc"""',
        "    if size < 1:\n        return []",
        "    items = items[::-1]  # @around" if back else None,
        "    pieces = []",
        f"    for start in range(0, len(items), {stride}):",
        "        piece = items[start : start + size]",
        rest,
        f"        pieces.append({'piece[::-1]' if back else 'piece'})",
        f"    pieces = {result}" if back and turned else None,
        "    pieces = [piece[::-1] for piece in pieces]" if p["turned"] == "all" else None,
        f"    return [piece[::-1] if {turned} else piece for place, piece in enumerate(pieces)]"
        if p["turned"] in ("even", "odd")
        else f"    return {result if not turned else 'pieces'}",
    )


def inputs(_: Parameters, draw: Draw) -> list[list[Json]]:
    """Try lists that come out even and that do not, a large size, none, and a size that is none."""
    return [
        [draw.sample(range(1, 90), 8), 3],
        [draw.sample(range(1, 90), 11), 2],
        [draw.sample(range(1, 90), 13), 4],
        [draw.sample(range(1, 90), 3), draw.between(5, 7)],
        [[], 2],
        [draw.sample(range(1, 90), 5), 0],
        [draw.sample(range(1, 90), draw.between(15, 17)), 5],
    ]


def expected(p: Parameters, items: list[int], size: int) -> Json:
    """Hand out the elements one by one."""
    if size < 1:
        return []
    pieces: list[list[int]] = []
    stride = size + p["gap"]
    for place, one in enumerate(reversed(items) if p["begin"] == "back" else items):
        if place % stride == 0:
            pieces.append([])
        if place % stride < size:
            pieces[-1].append(one)
    if pieces and len(pieces[-1]) < size and p["rest"] == "drop":
        pieces.pop()
    if p["rest"] == "pad" and pieces:
        while len(pieces[-1]) < size:
            pieces[-1].append(p["filler"])
    if p["begin"] == "back":
        pieces = [list(reversed(piece)) for piece in reversed(pieces)]
    for number, piece in enumerate(pieces, 1):
        if p["turned"] == "all" or p["turned"] == ("odd" if number % 2 else "even"):
            piece.reverse()
    return pieces


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
