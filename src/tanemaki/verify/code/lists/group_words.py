"""Words that are grouped by a key.

Level 1 names the key and what is told of a group, level 2 the order of the groups and which words do not count, level 3 how
large a group must be. Source: ours; GROUP BY and HAVING of SQL.
"""

from __future__ import annotations

from typing import Any

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code
from tanemaki.verify.code.pool import WORDS

_KEYS = {
    "first": "word[0]",
    "last": "word[-1]",
    "length": "len(word)",
    "vowels": 'sum(letter in "aeiou" for letter in word)',
}
_TOLD = {"count": "len(group)", "words": "group", "longest": "max(group, key=len)", "latest": "group[-1]"}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the key and what is told, then what else the level names."""
    return {
        "key": draw.choose(tuple(_KEYS)),
        "told": draw.choose(tuple(_TOLD)),
        "order": draw.choose(("up", "down")) if level > 1 else "seen",
        "shortest": draw.between(4, 5) if level > 1 else 0,
        "smallest": draw.between(2, 4) if level == LEVELS else 0,
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = [f"key_{p['key']}", f"told_{p['told']}", f"order_{p['order']}"]
    parts += ["shortest"] if p["shortest"] else []
    parts += ["smallest"] if p["smallest"] else []
    return tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain the dictionary and the order."""
    return ("dictionary", f"way_{p['order']}", *(("way_smallest",) if p["smallest"] else ()))


def source(p: Parameters) -> str:
    """Collect in a dictionary."""
    keys = {
        "seen": "groups.items()",
        "up": "sorted(groups.items())",
        "down": "sorted(groups.items(), reverse=True)",
    }
    size = f" if len(group) >= {p['smallest']}" if p["smallest"] else ""
    return code(
        "def group_words(words: list[str]) -> list[list]:",
        '    """@doc"""',
        "    groups = {}",
        "    for word in words:",
        f"        if len(word) < {p['shortest']}:\n            continue  # @short" if p["shortest"] else None,
        f"        key = {_KEYS[p['key']]}",
        "        groups.setdefault(key, []).append(word)  # @first_time",
        f"    return [[key, {_TOLD[p['told']]}] for key, group in {keys[p['order']]}{size}]",
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try a few words, many, the same ones again, one, and none; some group is always large enough to be told."""
    told: Any = expected({**p, "told": "words", "order": "up", "smallest": 0}, list(WORDS))

    def some(n: int) -> list[str]:
        _, group = draw.choose(told)
        sure = [draw.choose(group) for _ in range(max(p["smallest"], 1))]
        return draw.sample([*sure, *draw.sample(WORDS, n - len(sure))], n)

    again = some(12)
    return [
        [some(7)],
        [some(9)],
        [some(30)],
        [again + draw.sample(again, 6)],
        [[]],
        [[draw.choose(WORDS)]],
        [some(22)],
    ]


def expected(p: Parameters, words: list[str]) -> Json:
    """Look through all words for every key."""
    counted = [word for word in words if len(word) >= p["shortest"]]
    keys: dict[str, list[Json]] = {
        "first": [word[:1] for word in counted],
        "last": [word[len(word) - 1] for word in counted],
        "length": [len([*word]) for word in counted],
        "vowels": [len(word) - len(word.translate({ord(one): None for one in "aeiou"})) for word in counted],
    }
    of = keys[p["key"]]
    found: list[Json] = []
    for key in sorted(set(of), key=of.index if p["order"] == "seen" else None, reverse=p["order"] == "down"):
        group = [word for word, its in zip(counted, of, strict=True) if its == key]
        if len(group) < p["smallest"]:
            continue
        longest = next(word for word in group if len(word) == max(map(len, group)))
        found.append(
            [key, {"count": len(group), "words": group, "longest": longest, "latest": group[-1]}[p["told"]]]
        )
    return found


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
