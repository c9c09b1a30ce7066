"""Numbers in other bases than ten: n進法.

Level 1 reads a number of another base, level 2 writes one, level 3 adds two of them.

Source: 高等学校学習指導要領 数学A (数学と人間の活動: 二進法などの仕組み).
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_FORMS = {1: "read", 2: "write", 3: "add"}
_BASES = (2, 3, 4, 5, 6, 7, 8, 9)
_WEIGHTS = {
    "read": (1, 3, 5, 7, 7, 7, 7, 7),
    "write": (1, 3, 5, 6, 6, 6, 6, 6),
    "add": (2, 4, 5, 6, 6, 6, 6, 6),
}
_HIGH = {
    "read": (511, 2186, 4095, *(7999,) * 5),
    "write": (1023, *(9999,) * 7),
    "add": (255, *(999,) * 7),
}
"""Largest value by base: what can be written without too many digits."""


def digits_of(n: int, base: int) -> str:
    """Return a number's digits in a base up to nine.

    >>> digits_of(45, 2)
    '101101'
    """
    found = ""
    while n:
        n, digit = divmod(n, base)
        found = f"{digit}{found}"
    return found


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a base and values of at least three digits."""
    form = _FORMS[level]
    base = draw.weighted(_BASES, _WEIGHTS[form])
    low, high = base * base, _HIGH[form][base - 2]
    one = draw.between(max(low, high // 8) if form == "write" else low, high)
    if form == "write":
        return {"form": form, "base": base, "number": one}
    if form == "read":
        return {"form": form, "base": base, "written": int(digits_of(one, base))}
    other = draw.between(low, high)
    return {
        "form": form,
        "base": base,
        "first": int(digits_of(one, base)),
        "second": int(digits_of(other, base)),
    }


def solve(p: Parameters, method: str) -> Worked:
    """Multiply or divide by the base again and again, or go by the place values."""
    base, form = p["base"], p["form"]
    by_places = method == "place_values"
    if form == "add":
        return (_add_in_columns if by_places else _add_in_ten)(str(p["first"]), str(p["second"]), base)
    if form == "read":
        steps, answer = (_read_by_places if by_places else _read_by_steps)(str(p["written"]), base)
    else:
        steps = (_write_by_places if by_places else _write_by_steps)(p["number"], base)
        answer = int(digits_of(p["number"], base))
    return Worked(tuple(steps), answer)


def _read_by_steps(written: str, base: int) -> tuple[list[Step], int]:
    steps, value = [], int(written[0])
    for place, digit in enumerate(written[1:], 2):
        now = value * base + int(digit)
        steps.append(Step("so_far", f"{value} × {base} + {digit} = {now}", {"prefix": written[:place]}))
        value = now
    return steps, value


def _read_by_places(written: str, base: int) -> tuple[list[Step], int]:
    steps, parts = [], []
    for power, digit in zip(range(len(written) - 1, -1, -1), written, strict=True):
        if digit == "0":
            continue
        parts.append(int(digit) * base**power)
        equation = f"{digit} × {base}^{power} = {digit} × {base**power} = {parts[-1]}"
        steps.append(Step("place", equation, {"k": power + 1, "n": written}))
    equation = f"{' + '.join(map(str, parts))} = {sum(parts)}"
    if len(parts) > 1:
        steps.append(Step("places_together", equation, {"n": written}))
    return steps, sum(parts)


def _write_by_steps(number: int, base: int) -> list[Step]:
    steps = []
    n = number
    while n:
        steps.append(Step("division", f"{n} = {base} × {n // base} + {n % base}", {"n": n}))
        n //= base
    return [*steps, Step("rests_upwards", slots={"digits": digits_of(number, base), "n": number})]


def _write_by_places(number: int, base: int) -> list[Step]:
    digits = digits_of(number, base)
    steps = []
    n = number
    for power, digit in zip(range(len(digits) - 1, 0, -1), digits, strict=False):
        unit = base**power
        left = n - int(digit) * unit
        steps.append(Step("place_fits", f"{n} = {unit} × {digit} + {left}", {"m": unit, "k": power}))
        n = left
    return [*steps, Step("counts_downwards", slots={"digits": digits, "n": number, "last": digits[-1]})]


def _add_in_ten(first: str, second: str, base: int) -> Worked:
    steps, one = _read_by_steps(first, base)
    more, other = _read_by_steps(second, base)
    steps += [step for step in more if step not in steps]
    total = one + other
    steps.append(Step("sum", f"{one} + {other} = {total}"))
    return Worked((*steps, *_write_by_steps(total, base)), int(digits_of(total, base)))


def _add_in_columns(first: str, second: str, base: int) -> Worked:
    total = digits_of(int(first, base) + int(second, base), base)
    width = len(total)  # a carry out of the last column has a column of its own
    steps, carry = [], 0
    for k, (one, other) in enumerate(
        zip(first.zfill(width)[::-1], second.zfill(width)[::-1], strict=True), 1
    ):
        value = int(one) + int(other) + carry
        added = f"{one} + {other} + {carry} = {value}" if carry else f"{one} + {other} = {value}"
        if value >= base:
            added += f" = {base} × 1 + {value - base}"
        carry = value // base
        steps.append(Step("column_carries" if carry else "column", added, {"k": k}))
    return Worked((*steps, Step("columns_together", slots={"digits": total})), int(total))


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("repeated_steps", "place_values"))
