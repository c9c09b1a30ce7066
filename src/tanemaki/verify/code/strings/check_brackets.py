"""Brackets that must match.

Level 1 names the kinds and what is returned, level 2 what other characters mean, level 3 how deep brackets may be nested.
Source: ours; the classic use of a stack.
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code

_KINDS = ("()", "[]", "{}", "<>", "「」", "『』", "（）", "【】")
_FAIL = {"bool": "False", "depth": "-1", "place": "{at}", "pairs": "0"}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the kinds and the result, then what else the level names."""
    kinds = sorted(draw.sample(_KINDS, draw.between(2, 4)), key=_KINDS.index)
    return {
        "kinds": kinds,
        "shown": " ".join(f"`{one}`" for one in kinds),
        "result": draw.choose(tuple(_FAIL)),
        "others": draw.choose(("ignored", "forbidden")) if level > 1 else "none",
        "deepest": draw.between(2, 5) if level == LEVELS else 0,
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = ["kinds", f"result_{p['result']}"]
    parts += [f"others_{p['others']}"] if p["others"] != "none" else []
    parts += ["deepest"] if p["deepest"] else []
    return tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain the stack."""
    return ("stack", "left_open", *((f"way_{p['result']}",) if p["result"] in ("place", "depth") else ()))


def source(p: Parameters) -> str:
    """Keep the closing brackets that are still to come."""
    place = p["result"] == "place"
    fail = f"return {_FAIL[p['result']].format(at='place')}"
    walk = "for place, sign in enumerate(text):" if place else "for sign in text:"
    table = ", ".join(f'"{one[0]}": "{one[1]}"' for one in p["kinds"])
    too_deep = (
        f"            if len(waiting) > {p['deepest']}:\n                {fail}" if p["deepest"] else None
    )
    note = {"depth": "            deepest = max(deepest, len(waiting))", "pairs": "            pairs += 1"}
    begin = {"depth": "    deepest = 0", "pairs": "    pairs = 0"}
    result = {
        "bool": "    return not waiting",
        "depth": "    return -1 if waiting else deepest",
        "place": "    return len(text) if waiting else -1",
        "pairs": "    return 0 if waiting else pairs",
    }[p["result"]]
    return code(
        f"def check_brackets(text: str) -> {'bool' if p['result'] == 'bool' else 'int'}:",
        '    """@doc"""',
        f"    closing = {{{table}}}",
        "    waiting = []  # @stack",
        begin.get(p["result"]),
        f"    {walk}",
        "        if sign in closing:",
        "            waiting.append(closing[sign])",
        too_deep,
        note.get(p["result"]),
        "        elif sign in closing.values():",
        "            if not waiting or waiting.pop() != sign:",
        f"                {fail}",
        f"        else:\n            {fail}  # @stranger" if p["others"] == "forbidden" else None,
        result,
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try what matches, what crosses, what is left open, what closes too early, strange signs, deep ones, and nothing."""
    kinds = p["kinds"]

    def nest(n: int) -> str:
        if n == 0:
            return ""
        a, b = draw.choose(kinds)
        inner = draw.between(0, n - 1)
        return f"{a}{nest(inner)}{b}{nest(n - 1 - inner)}"

    def words(text: str) -> str:
        return (
            text
            if p["others"] != "ignored"  # where others are forbidden, one of the texts below has them
            else "".join(sign + draw.choose(("", "x", "1", "あ")) for sign in text)
        )

    (a, b), (c, d) = draw.sample(kinds, 2)
    deep = "".join(one[0] for one in (kinds * 3)[: p["deepest"] + 1])
    opened = {one[0]: one[1] for one in kinds}
    tower = deep + "".join(opened[one] for one in reversed(deep))
    other = next(one for one in _KINDS if one not in kinds) if p["others"] != "none" else ""
    return [
        [nest(min(3, p["deepest"]) or draw.between(3, 5))],  # never too deep
        [words(nest(3)) + a + c + b + d],
        [words(nest(4)) + a + words(nest(2))],
        [words(nest(2)) + d + nest(2)],
        [""],
        [words(nest(3) + (tower if p["deepest"] else nest(6)))],
        [nest(2) + "ab" * (p["others"] != "none") + other + nest(3)],
        [tower[1:-1] if p["deepest"] else a + b + nest(7)],
    ]


def expected(p: Parameters, text: str) -> Json:
    """Take out matching neighbours until nothing changes; for places, try every beginning of the text."""
    kinds, deepest = p["kinds"], p["deepest"]
    known = "".join(kinds)

    def reduced(part: str) -> str:
        left = "".join(sign for sign in part if sign in known)
        while True:
            before = left
            for one in kinds:
                left = left.replace(one, "")
            if left == before:
                return left

    def wrong(part: str) -> bool:
        """Whether nothing that follows can mend it."""
        if p["others"] == "forbidden" and any(sign not in known for sign in part):
            return True
        left = reduced(part)
        return any(sign == one[1] for sign in left for one in kinds) or (0 < deepest < len(left))

    first = next((n for n in range(len(text)) if wrong(text[: n + 1])), None)
    matches = first is None and not reduced(text)
    if p["result"] == "bool":
        return matches
    if p["result"] == "place":
        return first if first is not None else (-1 if matches else len(text))
    if p["result"] == "depth":
        return max(len(reduced(text[:n])) for n in range(len(text) + 1)) if matches else -1
    return sum(text.count(one[0]) for one in kinds) if matches else 0


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
