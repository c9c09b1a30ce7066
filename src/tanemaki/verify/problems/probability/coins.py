"""Points for heads and for tails: how likely is a total after some tosses? 反復試行の確率.

Level 1 asks for one total, level 2 for a total of at least or at most so many points, level 3 for the same with more tosses.

Source: 高等学校学習指導要領 数学A (repeated independent trials); the point that moves on a line by a coin is its classic.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import comb

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked
from tanemaki.verify.problems.probability._chances import lowest, quotient

_SCENES = ("points", "line", "stairs")
_PEOPLE = range(36)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the number of tosses, what heads and tails are worth, and a total that some number of heads gives."""
    tosses = draw.between(4, 5) if level < 3 else draw.between(6, 7)  # noqa: PLR2004 - the last level
    gain, loss = draw.between(1, 9), draw.between(1, 9)
    start = tosses * loss + draw.between(0, 10)
    asked = "exactly" if level == 1 else draw.choose(("at_least", "at_most"))
    few = draw.between(1, 2) if level < 3 else draw.between(2, 3)  # noqa: PLR2004 - the last level
    heads = draw.between(1, tosses - 1) if level == 1 else few if asked == "at_most" else tosses - few
    return {
        "scene": draw.choose(_SCENES),
        "asked": asked,
        "tosses": tosses,
        "gain": gain,
        "loss": loss,
        "start": start,
        "limit": start + heads * gain - (tosses - heads) * loss,
        "people": [draw.choose(_PEOPLE)],
    }


def solve(p: Parameters, method: str) -> Worked:
    """Find how many heads there must be, then count sequences by combinations or toss by toss."""
    n, gain, loss, start, limit, asked = (p[k] for k in ("tosses", "gain", "loss", "start", "limit", "asked"))
    heads = (limit - start + n * loss) // (gain + loss)
    steps = [
        Step("unknown"),
        Step(
            "equation", f"{start} + {_times(gain)}x - {_times(loss)}({n} - x) = {limit}", where={"x": heads}
        ),
        Step(
            "heads", f"x = ({limit} - {start} + {n * loss}) ÷ ({gain} + {loss}) = {heads}", where={"x": heads}
        ),
    ]
    if asked != "exactly":
        steps.append(Step(asked, slots={"heads": heads}))
    wanted = {"exactly": [heads], "at_least": range(heads, n + 1), "at_most": range(heads + 1)}[asked]
    ways = [comb(n, one) for one in wanted]
    if method == "formula":
        steps.append(Step("all", f"2^{n} = {2**n}"))
        steps += (
            Step("ways", f"C({n}, {one}) = {found}", {"k": one})
            for one, found in zip(wanted, ways, strict=True)
        )
    else:
        for tossed in range(1, n + 1):
            row = ", ".join(str(comb(tossed, one)) for one in range(tossed + 1))
            steps.append(Step("row", slots={"tossed": tossed, "row": row}))
        steps.append(Step("all", f"{' + '.join(str(comb(n, one)) for one in range(n + 1))} = {2**n}"))
    if len(ways) > 1:
        steps.append(Step("cases", f"{' + '.join(map(str, ways))} = {sum(ways)}"))
    steps.append(Step("chance", quotient(sum(ways), 2**n)))
    return Worked(tuple(steps), lowest(sum(ways), 2**n))


def _times(n: int) -> str:
    return "" if n == 1 else str(n)


def _slots(p: Parameters, words: Words) -> Mapping[str, object]:
    return {**p, "condition": words[p["asked"]].format_map({**words, **p})}


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("formula", "toss_by_toss"),
    scenes=_SCENES,
    slots=_slots,
)
