"""How often a letter is in a word.

Level 1 counts one letter, level 2 asks how much oftener one letter is there than another, level 3 counts three letters.

Source: ours; how many times the letter r is in strawberry is the well-known question that models fail, because they read
pieces of words.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_CONSONANTS = "bdfghklmnprstvwz"
_VOWELS = "aeiou"
_FORMS = {1: "one", 2: "more", 3: "three"}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a word of syllables that come again, and the letters."""
    consonants, vowels = draw.sample(_CONSONANTS, 4), draw.sample(_VOWELS, 3)
    syllables = [consonant + draw.choose(vowels) for consonant in consonants]
    syllables += [syllables[0][0] + syllables[1], draw.choose(vowels) + draw.choose(consonants)]
    word = syllables[0] + syllables[1]
    word += "".join(draw.choose(syllables) for _ in range(draw.between(3, 4 + level)))
    known = list(dict.fromkeys(word))
    most = sorted(known, key=word.count, reverse=True)
    letters = most[:1] + draw.sample(most[1:], 1) if level == 2 else draw.sample(known, level)  # noqa: PLR2004 - of three
    if level == 2:  # noqa: PLR2004 - of three
        word += most[0]  # so that there are more of it
    return {"form": _FORMS[level], "word": word, "letters": letters}


def solve(p: Parameters, method: str) -> Worked:
    """Number the places of each letter, or go through the word and count up."""
    word, letters = p["word"], p["letters"]
    steps = []
    counts = []
    for letter in letters:
        places = [place for place, sign in enumerate(word, 1) if sign == letter]
        n = len(places)
        if method == "places":
            told = {"letter": letter, "places": ", ".join(map(str, places))}
            steps.append(Step("places", slots=told))
            if n > 1:
                steps.append(Step("count", f"{' + '.join('1' * n)} = {n}", {"letter": letter}))
        else:
            marked = "".join(f"[{sign}]" if sign == letter else sign for sign in word)
            steps.append(Step("marked", slots={"letter": letter, "marked": marked, "n": n}))
        counts.append(n)
    if p["form"] == "one":
        return Worked(tuple(steps), counts[0])
    if p["form"] == "more":
        steps.append(Step("difference", f"{counts[0]} - {counts[1]} = {counts[0] - counts[1]}"))
        return Worked(tuple(steps), counts[0] - counts[1])
    steps.append(Step("together", f"{' + '.join(map(str, counts))} = {sum(counts)}"))
    return Worked(tuple(steps), sum(counts))


def slots(p: Parameters, words: Words) -> Mapping[str, object]:  # noqa: ARG001 - the contract's form
    """Give the letters one by one."""
    return {"word": p["word"], **dict(zip(("x", "y", "z"), p["letters"], strict=False))}


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("places", "marked"), slots=slots)
