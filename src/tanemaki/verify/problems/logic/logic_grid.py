"""Who has which job, which animal, which favourite fruit? 条件整理, a small Einstein puzzle.

Level 1 has three people and two attributes, level 2 four people and two, level 3 four people and three. Each clue settles
one more person's value at once, by saying it or by leaving no other, so that exactly one table fits; the clues are shuffled.

Source: ours, after the 対応表 puzzles of 中学受験 and the "zebra puzzle" (Life International, 1962).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_LETTERS = "abcd"
_KINDS = ("job", "pet", "fruit")
_VALUES = 8
"""Values of a kind from which those of a problem are drawn."""
_MANY = 7
"""So many clues stand in a list in every frame."""
_SIZES = ((3, 2), (4, 2), (4, 3))
"""People and kinds of each level."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the table and, kind by kind, clues that fill it."""
    n, n_kinds = _SIZES[level - 1]
    people = _LETTERS[:n]
    kinds = draw.sample(_KINDS, n_kinds)
    called: dict[str, list[str]] = {who: [who] for who in people}
    clues: list[Json] = []
    values: list[Json] = []
    drawn: list[str] = []
    for kind in kinds:
        drawn = [f"{kind}_{k}" for k in draw.sample(range(1, _VALUES + 1), n)]
        table = dict(zip(draw.sample(people, n), drawn, strict=True))
        left = list(table.items())
        while len(left) > 1:
            who, value = left.pop(0)
            name = draw.choose(called[who])
            others = [other for _, other in left]
            if len(others) <= 2 and draw.below(2):  # noqa: PLR2004 - one or two that a clue rules out
                clues.append(["not", name, *draw.sample(others, len(others))])
            else:
                clues.append(["is", name, value])
        for who, value in table.items():
            called[who].append(value)
        values.append(sorted(drawn))
    said = {
        value for sign, name, value, *_ in clues if sign == "is" and len(name) == 1
    }  # too easy to ask for
    return {
        "people": draw.sample(range(36), n),
        "values": values,
        "clues": draw.sample(clues, len(clues)),
        "asked": draw.choose([value for value in drawn if value not in said]),
    }


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Return the names, the values of each kind and the clues as sentences."""
    told = []
    for sign, name, *of in p["clues"]:
        key = f"{_kind(of[0])}_{sign}_{len(of)}"
        owner = words[name] + words["title"] if len(name) == 1 else _owner(name, words)
        told.append(_capital(words[f"clue_{key}"].format(owner, *(words[one] for one in of))))
    names = [words[letter] + words["title"] for letter in _LETTERS[: len(p["people"])]]
    kinds = [
        words[f"kind_{_kind(of[0])}"].format(_listed([words[one] for one in of], words)) for of in p["values"]
    ]
    return {
        "names": _listed(names, words),
        "kinds": words["inline"].join(kinds),
        "clues": _clues(told, words, in_text=p["frame"] % 2 == 1),
        "asked": _owner(p["asked"], words),
        "n": len(names),
    }


def _clues(told: Sequence[str], words: Words, *, in_text: bool) -> str:
    """Return the clues as a list, or one after the other with what parts them from the text around."""
    gap: str = words["inline"]
    if in_text and len(told) < _MANY:
        return gap + gap.join(told) + gap
    listed = "\n".join(f"{words['bullet']}{one}" for one in told)
    return f"\n{listed}\n" if in_text else listed


def _kind(value: str) -> str:
    return value.partition("_")[0]


def _owner(value: str, words: Words) -> str:
    found: str = words[f"owner_{_kind(value)}"].format(words[value])
    return found


def _listed(parts: Sequence[str], words: Words) -> str:
    found: str = words["comma"].join(parts[:-1]) + words["last"] + parts[-1]
    return found


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def solve(p: Parameters, method: str) -> Worked:
    """Fill the table: value after value, or with what is left for everybody."""
    people = _LETTERS[: len(p["people"])]
    holder: dict[str, str] = {}
    steps: list[Step] = []
    for values in p["values"]:
        kind = _kind(values[0])
        free, left = list(people), list(values)
        clues = [clue for clue in p["clues"] if clue[2].startswith(kind)]
        while free:
            clue, who, value = _next(clues, free, left, holder)
            if clue is not None:
                clues.remove(clue)
                if len(clue[1]) > 1:
                    _append(
                        steps,
                        Step(f"same_{_kind(clue[1])}", slots={"x": Who(who), "v": Who(clue[1])}),
                    )
            way = "last" if clue is None else "told" if clue[0] == "is" else "left"
            steps.append(Step(f"{way}_{kind}", slots={"x": Who(who), "v": Who(value)}))
            free.remove(who)
            left.remove(value)
            holder[value] = who
            if method == "table" and left:
                steps.append(
                    Step(f"free_{len(left)}", slots={f"v{k}": Who(one) for k, one in enumerate(left, 1)})
                )
    found = holder[p["asked"]]
    steps.append(Step(f"asked_{_kind(p['asked'])}", slots={"x": Who(found), "v": Who(p["asked"])}))
    return Worked(tuple(steps), found)


def _append(steps: list[Step], step: Step) -> None:
    if step not in steps:
        steps.append(step)


def _next(
    clues: Sequence[list[str]], free: Sequence[str], left: Sequence[str], holder: Mapping[str, str]
) -> tuple[list[str] | None, str, str]:
    """Return the next clue that settles a value, with the person and the value; no clue for the last of a kind."""
    if len(free) == 1:
        return None, free[0], left[0]
    for clue in clues:
        sign, name, *of = clue
        who = holder.get(name, name)
        if sign == "is":
            return clue, who, of[0]
        able = [value for value in left if value not in of]
        if len(able) == 1:
            return clue, who, able[0]
    raise ValueError(f"no clue of {clues} settles anything")


FAMILY = Family(
    kind="name", draw=draw, solve=solve, methods=("one_by_one", "table"), slots=slots, known=("n",)
)
