"""Letters that stand together are counted, AAAB is A3B1, or written out again (ランレングス符号).

Levels have three to four, five to six, and seven to eight runs.

Source: Golomb 1966, Run-length encodings.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw runs of one to six letters; two runs of one letter never touch."""
    text, letter = "", ""
    known = draw.sample(_LETTERS, 4)
    for _ in range(draw.between(2 * level + 1, 2 * level + 2)):
        letter = draw.choose([one for one in known if one != letter])
        text += letter * draw.between(1, 6)
    form = draw.choose(("pack", "unpack"))
    return {"form": form, "text": text if form == "pack" else _packed(text)}


def _runs(text: str) -> list[tuple[str, int]]:
    return [(letter, len(list(run))) for letter, run in groupby(text)]


def _packed(text: str) -> str:
    return "".join(f"{letter}{n}" for letter, n in _runs(text))


def solve(p: Parameters, method: str) -> Worked:  # noqa: ARG001 - the contract's form
    """Go from run to run."""
    text, form = p["text"], p["form"]
    runs = _runs(text) if form == "pack" else list(zip(text[::2], map(int, text[1::2]), strict=True))
    steps = [
        Step(
            f"{form}_run",
            slots={"place": place, "letter": letter, "n": n, "run": letter * n, "code": f"{letter}{n}"},
        )
        for place, (letter, n) in enumerate(runs, 1)
    ]
    answer = "".join(f"{letter}{n}" if form == "pack" else letter * n for letter, n in runs)
    return Worked((*steps, Step("joined", slots={"found": answer})), answer)


def slots(p: Parameters, words: Words) -> Mapping[str, object]:  # noqa: ARG001 - the contract's form
    """Tell the string."""
    return {"text": p["text"]}


FAMILY = Family(kind="text", draw=draw, solve=solve, methods=("run_by_run",), slots=slots)
