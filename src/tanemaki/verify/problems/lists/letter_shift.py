"""Each letter is replaced by the one some places further in the alphabet: Caesar's cipher (シーザー暗号).

Levels differ in the length of the word: up to 4, up to 6, up to 9 letters.

Source: Suetonius, The Lives of the Caesars, Julius 56 (a shift of three).
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LENGTHS = {1: (3, 4), 2: (5, 6), 3: (7, 9)}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a word that can be spoken, the shift, and whether it is written or read."""
    sounds = ("AEIOU", "BCDFGHKLMNPRSTVXYZ")
    first = draw.below(2)
    n = draw.between(*_LENGTHS[level])
    word = "".join(draw.choose(sounds[(first + place) % 2]) for place in range(n))
    shift, form = draw.between(2, 12), draw.choose(("write", "read"))
    return {"form": form, "word": _shifted(word, shift) if form == "read" else word, "shift": shift}


def _shifted(word: str, shift: int) -> str:
    return "".join(_ALPHABET[(_ALPHABET.index(letter) + shift) % 26] for letter in word)


def solve(p: Parameters, method: str) -> Worked:
    """Reckon with the letters' numbers, or write the shifted alphabet below the usual one."""
    word, shift = p["word"], p["shift"]
    signed = shift if p["form"] == "write" else -shift
    found = _shifted(word, signed)
    pairs = dict(zip(word, found, strict=True))
    if method == "two_alphabets":
        told = {"alphabet": _ALPHABET, "shifted": _shifted(_ALPHABET, shift)}
        told |= {"pairs": ", ".join(f"{old}→{new}" for old, new in pairs.items())}
        steps = [Step("alphabets", slots=told), Step(f"pairs_{p['form']}", slots=told)]
    else:
        steps = [Step("numbered"), *(_letter(old, new, signed) for old, new in pairs.items())]
    return Worked((*steps, Step(f"joined_{method}", slots={"found": found})), found)


def _letter(old: str, new: str, shift: int) -> Step:
    number, to = _ALPHABET.index(old) + 1, _ALPHABET.index(new) + 1
    turn = "" if number + shift == to else " - 26" if shift > 0 else " + 26"
    sign = "+" if shift > 0 else "-"
    return Step("letter", f"{number} {sign} {abs(shift)}{turn} = {to}", {"old": old})


def slots(p: Parameters, words: Words) -> Mapping[str, object]:  # noqa: ARG001 - the contract's form
    """Tell the word and the shift."""
    return {"word": p["word"], "shift": p["shift"]}


FAMILY = Family(kind="text", draw=draw, solve=solve, methods=("numbers", "two_alphabets"), slots=slots)
