"""Written sums, differences and products with digits that are missing: 虫食い算.

Level n has n + 1 missing digits in numbers of n + 2 digits, never two in one column, so that the columns give them one
after the other from the right.

Source: the Japanese puzzle 虫食い算 (worm-eaten arithmetic), known since the 和算 of the Edo period.
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_SIGNS = ("+", "+", "-", "×")
_LETTERS = "ABCD"
_UNMISTAKABLE = (3, 7, 9)
"""Multipliers whose ten products with a digit end in ten different digits."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw both numbers, then one place of each chosen column; at least one digit of the largest row is missing."""
    sign, size = draw.choose(_SIGNS), level + 2
    top = draw.between(10 ** (size - 1), 10**size - 1)
    bottom = draw.choose(_UNMISTAKABLE) if sign == "×" else draw.between(10 ** (size - 1), 10**size - 1)
    rows = [top, bottom, top * bottom if sign == "×" else top + bottom]
    grid = [list(str(row)) for row in rows]
    for place, column in enumerate(draw.sample(range(size), level + 1)):
        row = 2 if place == 0 else draw.choose((0, 2) if sign == "×" else (0, 1, 2))
        grid[row][-1 - column] = "?"
    if sign == "-":
        grid = [grid[2], grid[1], grid[0]]
    letters = iter(_LETTERS)
    rows_told = [
        "".join(next(letters) if sign_told == "?" else sign_told for sign_told in row) for row in grid
    ]
    return {"sign": sign, "rows": rows_told}


def slots(p: Parameters, words: Words) -> dict[str, object]:
    """Return the puzzle with the letters that the language has for boxes."""
    one, two, three = p["rows"]
    puzzle = f"{one} {p['sign']} {two} = {three}"
    boxes = [letter for letter in _LETTERS if letter in puzzle]
    for letter in boxes:
        puzzle = puzzle.replace(letter, words[f"box_{letter}"])
    return {"puzzle": puzzle, "boxes": words["comma"].join(words[f"box_{letter}"] for letter in boxes)}


def solve(p: Parameters, method: str) -> Worked:  # noqa: ARG001 - columns are the only way that is taught
    """Go from the last column to the first and carry."""
    one, two, three = p["rows"]
    steps: list[Step] = []
    if p["sign"] == "-":
        one, three = three, one
        steps.append(Step("turned"))
    found: dict[str, int] = {}
    wanted = sum(map(str.isalpha, one + two + three))
    carry, column = 0, 0
    while len(found) < wanted:
        low = two if p["sign"] == "×" else two[-1 - column]
        carry = _column(steps, (one[-1 - column], low, three[-1 - column]), carry, column, found, p["sign"])
        column += 1
    return Worked(tuple(steps), [found[letter] for letter in sorted(found)])


def _column(
    steps: list[Step], signs: tuple[str, str, str], carry: int, column: int, found: dict[str, int], sign: str
) -> int:
    """Find what is missing in one column and return what is carried to the next one."""
    high, low, end = signs
    told = {"place": Who(f"place_{column}"), "carry": carry}
    more = f" + {carry}" if carry else ""
    with_carry = "_carry" if carry else ""
    if high.isalpha() or low.isalpha():
        box, known = (high, low) if high.isalpha() else (low, high)
        told |= {"box": Who(f"box_{box}"), "known": known, "end": end}
        if sign == "×":
            digit = _by_table(steps, int(known), int(end), carry, told)
            total = int(known) * digit + carry
            steps.append(Step(f"product{with_carry}", f"{known} × {digit}{more} = {total}", told))
        else:
            digit = (int(end) - int(known) - carry) % 10
            total = int(known) + digit + carry
            steps.append(Step(f"must_be{with_carry}", slots={**told, "total": total}))
            steps.append(Step("box", f"{total} - {known}{more.replace('+', '-')} = {digit}", told))
        found[box] = digit
        return total // 10
    if sign == "×":
        total = int(high) * int(low) + carry
        steps.append(Step(f"product{with_carry}", f"{low} × {high}{more} = {total}", told))
    else:
        total = int(high) + int(low) + carry
        steps.append(Step(f"sum{with_carry}", f"{high} + {low}{more} = {total}", told))
    if end.isalpha():
        found[end] = total % 10
        steps.append(Step("read", slots={**told, "box": Who(f"box_{end}"), "digit": total % 10}))
    return total // 10


def _by_table(steps: list[Step], known: int, end: int, carry: int, told: dict[str, object]) -> int:
    need = (end - carry) % 10
    if carry:
        ten = "10 + " if end < carry else ""
        steps.append(Step("without_carry", f"{ten}{end} - {carry} = {need}", told))
    digit = next(one for one in range(10) if known * one % 10 == need)
    steps.append(Step("table", slots={**told, "need": need, "digit": digit}))
    return digit


FAMILY = Family(kind="numbers", draw=draw, solve=solve, methods=("column_by_column",), slots=slots)
