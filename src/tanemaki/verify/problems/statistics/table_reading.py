"""Sums and differences are read out of a table.

Level 1 asks for the total of a column, level 2 for the difference between the totals of two rows, level 3 for the
difference between the largest and the smallest total.

Source: 小学校学習指導要領 算数 第3・4学年「データの活用」 (表の読み方, 二次元の表).
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_SCENES = ("bakery", "library", "bus", "farm", "museum", "recycling")
_FORMS = {1: "column_total", 2: "row_difference", 3: "widest"}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the numbers of the table, and which part of it is asked for; no two rows have one total."""
    n_rows = draw.between(3, 4) if level < 3 else 4  # noqa: PLR2004 - of three
    rows = [[draw.between(12, 98) for _ in range(3)] for _ in range(n_rows)]
    totals: set[int] = set()
    for row in rows:
        while sum(row) in totals:  # ends: each turn makes the total one larger
            row[-1] += 1
        totals.add(sum(row))
    parameters: dict[str, Json] = {"scene": draw.choose(_SCENES), "form": _FORMS[level], "rows": rows}
    if level == 1:
        return {**parameters, "column": draw.below(3)}
    if level == 2:  # noqa: PLR2004 - of three
        one, other = draw.sample(range(n_rows), 2)
        larger = sum(rows[one]) > sum(rows[other])
        return {**parameters, "pair": [one, other] if larger else [other, one]}
    return parameters


def solve(p: Parameters, method: str) -> Worked:
    """Work with the totals of the rows, or compare the rows column by column."""
    rows, form = p["rows"], p["form"]
    if form == "column_total":
        column = [row[p["column"]] for row in rows]
        told = {"name": Who(f"column_{p['column'] + 1}")}
        return Worked((Step("total", f"{_plus(column)} = {sum(column)}", told),), sum(column))
    if form == "row_difference":
        one, other = p["pair"]
        difference = sum(rows[one]) - sum(rows[other])
        if method == "totals":
            steps = [_total(rows, one), _total(rows, other)]
            equation = f"{sum(rows[one])} - {sum(rows[other])} = {difference}"
            return Worked((*steps, Step("difference", equation)), difference)
        steps = [
            Step("in_column", f"{here} - {there} = {here - there}", {"column": Who(f"column_{place}")})
            for place, (here, there) in enumerate(zip(rows[one], rows[other], strict=True), 1)
        ]
        parts = [here - there for here, there in zip(rows[one], rows[other], strict=True)]
        return Worked((*steps, Step("difference", f"{_signed(parts)} = {difference}")), difference)
    totals = [sum(row) for row in rows]
    widest = max(totals) - min(totals)
    if method == "totals":
        steps = [_total(rows, place) for place in range(len(rows))]
        return Worked((*steps, Step("widest", f"{max(totals)} - {min(totals)} = {widest}")), widest)
    base, *others = rows
    steps = [
        Step(
            "above_first",
            " + ".join(f"({here} - {there})" for here, there in zip(row, base, strict=True))
            + f" = {sum(row) - sum(base)}",
            {"name": Who(f"row_{place}"), "first": Who("row_1")},
        )
        for place, row in enumerate(others, 2)
    ]
    above = [0, *(sum(row) - sum(base) for row in others)]
    steps.append(Step("widest", f"{max(above)} - {_bracketed(min(above))} = {widest}"))
    return Worked(tuple(steps), widest)


def _total(rows: list[list[int]], place: int) -> Step:
    row = rows[place]
    return Step("total", f"{_plus(row)} = {sum(row)}", {"name": Who(f"row_{place + 1}")})


def _plus(values: list[int]) -> str:
    return " + ".join(map(str, values))


def _signed(values: list[int]) -> str:
    first, *others = values
    return str(first) + "".join(f" + {value}" if value >= 0 else f" - {-value}" for value in others)


def _bracketed(value: int) -> str:
    return f"({value})" if value < 0 else str(value)


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Draw the table in Markdown, and name what is asked for."""
    lines = ["| " + " | ".join([words["corner"], *(words[f"column_{place}"] for place in (1, 2, 3))]) + " |"]
    lines.append("|---|---:|---:|---:|")
    for place, row in enumerate(p["rows"], 1):
        lines.append("| " + " | ".join([words[f"row_{place}"], *map(str, row)]) + " |")
    told: dict[str, object] = {"table": "\n".join(lines)}
    if "column" in p:
        told["x"] = words[f"column_{p['column'] + 1}"]
    if "pair" in p:
        told |= {"x": words[f"row_{p['pair'][0] + 1}"], "y": words[f"row_{p['pair'][1] + 1}"]}
    return told


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("totals", "column_by_column"),
    scenes=_SCENES,
    slots=slots,
)
