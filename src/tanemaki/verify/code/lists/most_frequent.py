"""The most frequent entries of a list.

Level 1 says which of equally frequent ones comes first and what is returned, level 2 how letters are compared, level 3 how
often an entry must be there. Source: ours; ``Counter.most_common`` of Python, with rules for ties.
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code
from tanemaki.verify.code.pool import WORDS

_RESULTS = {"words": "word", "pairs": "[word, counts[word]]", "joined": 'f"{word}:{counts[word]}"'}
_TIES = {
    "alphabet": "(-counts[word], word)",
    "length": "(-counts[word], len(word), word)",
    "seen": "-counts[word]",
}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw ties and the result, then what else the level names."""
    return {
        "ties": draw.choose(tuple(_TIES)),
        "result": draw.choose(tuple(_RESULTS)),
        "letters": draw.choose(("folded", "apart", "trimmed")) if level > 1 else "lower",
        "least": draw.between(2, 4) if level == LEVELS else 0,
        "ignored": draw.choose(WORDS) if level == LEVELS else "",
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = [f"result_{p['result']}", f"ties_{p['ties']}"]
    parts += [f"letters_{p['letters']}"] if p["letters"] != "lower" else []
    parts += ["least", "ignored"] if p["least"] else []
    return tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain counting and the key of the sort."""
    parts = ["counting", f"way_{p['ties']}"]
    parts += [f"way_{p['letters']}"] if p["letters"] in ("folded", "trimmed") else []
    return tuple(parts)


def source(p: Parameters) -> str:
    """Count in a dictionary and sort its keys."""
    change = {"folded": "word = word.lower()", "trimmed": "word = word.strip()"}.get(p["letters"])
    ignored = f'        if word == "{p["ignored"]}":\n            continue' if p["ignored"] else None
    kept = f" if counts[word] >= {p['least']}" if p["least"] else ""
    return code(
        "def most_frequent(words: list[str], n: int) -> list:",
        '    """@doc"""',
        "    counts = {}",
        "    for word in words:",
        f"        {change}  # @same" if change else None,
        ignored,
        "        counts[word] = counts.get(word, 0) + 1",
        "    # @many_first",
        f"    ranked = sorted(counts, key=lambda word: {_TIES[p['ties']]})",
        f"    return [{_RESULTS[p['result']]} for word in ranked{kept}][:n]",
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try ties, few different words, n of 0 and n larger than the list, and none."""

    def words(n_kinds: int, n: int) -> list[str]:
        kinds = draw.sample(WORDS, n_kinds)
        kinds = [*kinds, p["ignored"]] if p["ignored"] else kinds
        told = [draw.choose(kinds) for _ in range(n)]
        if p["letters"] in ("folded", "apart"):
            told = [draw.choose((word, word.capitalize(), word.upper())) for word in told]
        if p["letters"] == "trimmed":
            told = [draw.choose((word, f" {word}", f"{word}  ")) for word in told]
        sure = kinds[:1] * p["least"]  # so that there is something to return
        sure += (
            kinds[-1:] * p["least"] if n > 4 * p["least"] else []
        )  # and what is ignored would be returned, too
        return draw.sample([*sure, *told[len(sure) :]], n)

    return [
        [words(3, 8), 2],
        [words(4, 9), 3],
        [words(6, 24), 5],
        [draw.sample(WORDS, 6) * max(2, p["least"]), 4],
        [[], 3],
        [words(3, 10), 0],
        [words(4, 30), 20],
    ]


def expected(p: Parameters, words: list[str], n: int) -> Json:
    """Take the best one out, again and again."""
    told = [{"folded": word.casefold(), "trimmed": word.strip(" ")}.get(p["letters"], word) for word in words]
    left = [word for word in dict.fromkeys(told) if word != p["ignored"]]
    found: list[Json] = []
    while left and len(found) < n:
        most = max(map(told.count, left))
        if most < p["least"]:
            break
        equal = [word for word in left if told.count(word) == most]
        if p["ties"] == "length":
            equal = [word for word in equal if len(word) == min(map(len, equal))]
        best = equal[0] if p["ties"] == "seen" else min(equal)
        left.remove(best)
        found.append({"words": best, "pairs": [best, most], "joined": f"{best}:{most}"}[p["result"]])
    return found


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
