"""Sticks and stones laid out by a rule: 規則性, 方陣算.

Level 1 counts the sticks of a row of figures or the stones around a rectangle, level 2 asks how many figures some sticks
make, level 3 counts a hollow rectangle of several layers.

Source: 中学校学習指導要領 数学 第1学年 A(2) 文字を用いた式 (matchsticks); 方陣算 of the Japanese entrance examinations.
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked
from tanemaki.verify.problems.wording import people

_FORMS = {1: ("row", "border"), 2: ("figures",), 3: ("hollow",)}
_SCENES = ("matches", "straws", "bamboo")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the figure and its size; of the sticks some may be left."""
    form = draw.choose(_FORMS[level])
    parameters: dict[str, Json] = {
        "form": form,
        "scene": draw.choose(_SCENES),
        "people": [draw.below(len(people("ja")))],
    }
    if form == "row":
        return parameters | {"sides": draw.between(3, 6), "n": draw.between(5, 250)}
    if form == "figures":
        sides = draw.between(3, 6)
        sticks = 1 + (sides - 1) * draw.between(5, 150) + draw.below(sides - 1)
        return parameters | {"sides": sides, "sticks": sticks}
    layers = draw.between(2, 5) if form == "hollow" else 1
    rows, columns = (draw.between(2 * layers + 2, 50) for _ in "rc")
    return parameters | {"rows": rows, "columns": columns} | ({"layers": layers} if layers > 1 else {})


def slots(p: Parameters, words: Words) -> dict[str, object]:
    """Return the numbers, and the figure by its name."""
    told = {key: p[key] for key in ("n", "sticks", "rows", "columns", "layers") if key in p}
    if "sides" in p:
        told["shape"] = words[f"shape_{p['sides']}"]
        told["shapes"] = words.get(f"shapes_{p['sides']}", "")
    return told


def solve(p: Parameters, method: str) -> Worked:
    """Count too much and take away, or cut into equal parts."""
    taking_away = method == "count_and_take_away"
    if p["form"] == "row":
        return (_row_less_shared if taking_away else _row_in_groups)(p["sides"], p["n"])
    if p["form"] == "figures":
        return (_after_the_first if taking_away else _after_one_stick)(p["sides"], p["sticks"])
    rows, columns, layers = p["rows"], p["columns"], p.get("layers", 1)
    if not taking_away:
        return _blocks(rows, columns, layers)
    return _border(rows, columns) if layers == 1 else _hollow(rows, columns, layers)


def _row_less_shared(k: int, n: int) -> Worked:
    steps = (
        Step("apart", f"{k} × {n} = {k * n}"),
        Step("shared", f"{n} - 1 = {n - 1}"),
        Step("sticks", f"{k * n} - {n - 1} = {k * n - n + 1}"),
    )
    return Worked(steps, k * n - n + 1)


def _row_in_groups(k: int, n: int) -> Worked:
    steps = (
        Step("each_more", f"{k} - 1 = {k - 1}"),
        Step("groups", f"{k - 1} × {n} = {(k - 1) * n}"),
        Step("with_the_first_stick", f"{(k - 1) * n} + 1 = {(k - 1) * n + 1}"),
    )
    return Worked(steps, (k - 1) * n + 1)


def _whole(size: int, each: int) -> str:
    left = f" + {size % each}" if size % each else ""
    return f"{size} = {each} × {size // each}{left}"


def _after_the_first(k: int, sticks: int) -> Worked:
    more = (sticks - k) // (k - 1)
    steps = (
        Step("each_more", f"{k} - 1 = {k - 1}"),
        Step("after_the_first", f"{sticks} - {k} = {sticks - k}"),
        Step("how_often", _whole(sticks - k, k - 1), {"each": k - 1}),
        Step("with_the_first", f"{more} + 1 = {more + 1}"),
    )
    return Worked(steps, more + 1)


def _after_one_stick(k: int, sticks: int) -> Worked:
    steps = (
        Step("each_more", f"{k} - 1 = {k - 1}"),
        Step("after_one_stick", f"{sticks} - 1 = {sticks - 1}"),
        Step("how_often", _whole(sticks - 1, k - 1), {"each": k - 1}),
    )
    return Worked(steps, (sticks - 1) // (k - 1))


def _border(rows: int, columns: int) -> Worked:
    both = 2 * (rows + columns)
    steps = (
        Step("four_sides", f"({rows} + {columns}) × 2 = {both}"),
        Step("without_corners", f"{both} - 4 = {both - 4}"),
    )
    return Worked(steps, both - 4)


def _hollow(rows: int, columns: int, layers: int) -> Worked:
    r, c = rows - 2 * layers, columns - 2 * layers
    steps = (
        Step("hole_rows", f"{rows} - {layers} × 2 = {r}"),
        Step("hole_columns", f"{columns} - {layers} × 2 = {c}"),
        Step("filled", f"{rows} × {columns} = {rows * columns}"),
        Step("hole", f"{r} × {c} = {r * c}"),
        Step("stones", f"{rows * columns} - {r * c} = {rows * columns - r * c}"),
    )
    return Worked(steps, rows * columns - r * c)


def _blocks(rows: int, columns: int, layers: int) -> Worked:
    r, c = rows - layers, columns - layers
    added = f"{layers} × {r} + {layers} × {c}" if layers > 1 else f"{r} + {c}"
    steps = (
        Step("block_rows", f"{rows} - {layers} = {r}"),
        Step("block_columns", f"{columns} - {layers} = {c}"),
        Step("two_blocks", f"{added} = {layers * (r + c)}"),
        Step("four_blocks", f"{layers * (r + c)} × 2 = {2 * layers * (r + c)}"),
    )
    return Worked(steps, 2 * layers * (r + c))


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("count_and_take_away", "equal_parts"),
    scenes=_SCENES,
    known=("shape",),
    slots=slots,
)
