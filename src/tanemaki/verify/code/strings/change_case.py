"""Names of variables, from one convention to another.

Level 1 names both conventions, level 2 adds a word in front or behind, level 3 limits the number of
words. Source: ours; the naming conventions of programming languages.
"""

from __future__ import annotations

import re

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code
from tanemaki.verify.code.pool import WORDS

_FROM = ("snake", "kebab", "words", "camel")
_TO = ("snake", "kebab", "camel", "pascal", "constant", "title")
_ADDED = ("get", "set", "is", "has", "new", "old", "my", "raw", "max", "min", "all", "no")
_SPLIT = {"snake": 'name.split("_")', "kebab": 'name.split("-")'}
_JOINED = {
    "snake": '"_".join(words)',
    "kebab": '"-".join(words)',
    "camel": 'words[0] + "".join(word.capitalize() for word in words[1:])',
    "pascal": '"".join(word.capitalize() for word in words)',
    "constant": '"_".join(words).upper()',
    "title": '" ".join(word.capitalize() for word in words)',
}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw two conventions, then what else the level names."""
    told = draw.choose(_FROM)
    return {
        "told": told,
        "wanted": draw.choose([one for one in _TO if one != told]),
        "added": draw.choose(_ADDED) if level > 1 else "",
        "place": draw.choose(("front", "end")) if level > 1 else "nowhere",
        "most": draw.between(2, 4) if level == LEVELS else 0,
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = [f"told_{p['told']}", f"wanted_{p['wanted']}", "empty"]
    parts += ["most"] if p["most"] else []
    parts += [f"added_{p['place']}"] if p["added"] else []
    return tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain the list of words."""
    return (
        "words",
        *(("way_camel",) if p["told"] == "camel" else ()),
        *(("way_added",) if p["added"] else ()),
    )


def source(p: Parameters) -> str:
    """Make a list of small words first."""
    if p["told"] == "camel":
        split = (
            "    words = []\n    for letter in name:\n        if letter.isupper() or not words:\n"
            '            words.append("")  # @new_word\n        words[-1] += letter.lower()'
        )
    elif p["told"] == "words":
        split = "    words = name.lower().split()"
    else:
        split = f"    words = [word.lower() for word in {_SPLIT[p['told']]} if word]"
    added = {"front": f'    words = ["{p["added"]}", *words]', "end": f'    words = [*words, "{p["added"]}"]'}
    return code(
        "def change_case(name: str) -> str:",
        '    """@doc"""',
        split,
        '    if not words:\n        return ""',
        f"    words = words[:{p['most']}]" if p["most"] else None,
        added.get(p["place"]),
        f"    return {_JOINED[p['wanted']]}",
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try names of one word and of many, with digits, with separators that are doubled, and none."""

    def name(n: int, *, untidy: bool = False) -> str:
        words = draw.sample(WORDS, n)
        if p["told"] == "camel":
            return words[0] + "".join(word.capitalize() for word in words[1:])
        mark = {"snake": "_", "kebab": "-", "words": " "}[p["told"]]
        words = [draw.choose((word, word.upper(), word.capitalize())) if untidy else word for word in words]
        return (mark * 2 if untidy else mark).join(words) + mark * untidy

    return [
        [name(2)],
        [name(3)],
        [name(1)],
        [name(6, untidy=True)],
        [""],
        [name(4) + "2"],
        [name(5, untidy=True)],
    ]


def expected(p: Parameters, name: str) -> Json:
    """Find words by a pattern."""
    pattern = "[A-Z]?[^A-Z]+|[A-Z]" if p["told"] == "camel" else "[a-zA-Z0-9]+"
    words = [word.lower() for word in re.findall(pattern, name)]
    if not words:
        return ""
    if p["most"]:
        del words[p["most"] :]
    if p["added"]:
        words.insert(0 if p["place"] == "front" else len(words), p["added"])
    title = [word[0].upper() + word[1:] for word in words]
    told = {
        "snake": ("_", words),
        "kebab": ("-", words),
        "camel": ("", [words[0], *title[1:]]),
        "pascal": ("", title),
        "constant": ("_", [word.upper() for word in words]),
        "title": (" ", title),
    }[p["wanted"]]
    return told[0].join(told[1])


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
