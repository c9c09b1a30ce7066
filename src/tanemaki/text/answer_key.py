"""Does an answer fit the key of its question? Certain, or not said: a wrong "right" would be learnt from.

The key is what a program or a person knows to be right: a number, a fraction, a choice, a word. Sentences and formulas are
not compared beyond their form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from tanemaki.text.answers import bare_answer, same_answer
from tanemaki.text.normalise import normalise
from tanemaki.text.numerals import NUMERAL, read_numeral
from tanemaki.text.quantities import Quantity, find_quantities, unsaid
from tanemaki.text.tables import read_patterns

_LONGEST = 500  # characters: what is longer is no short answer, and is compared in form alone
_CHOICE = re.compile(r"\(?([a-zア-ン])(?:$|[).:、])")
_DECIMAL = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-+]?\d+(?:\.\d+)?")
_OVER = re.compile(r"([-+]?)\\[dt]?frac\{(\d+)\}\{(\d+)\}|([-+]?)(\d+)/(\d+)")
_BUN = re.compile(rf"(?P<below>{NUMERAL})分の(?P<above>{NUMERAL})")
_LEFT = re.compile(r"^(?:[a-z]|[\d\s+\-*/×÷().,]{1,200}) ?= ?(?=[^=]+$)")  # "x = 12" and "3 + 9 = 12" say 12
_FORMULA = re.compile(
    r"[\^*+=√π]|(?<![a-z])(?!a [a-z])[a-z](?![a-z])"
)  # a lone letter is a variable, the article is none
_COUNTED = (
    r"#[^\W\d_のでをにがはもとやか]{0,3}"  # a counter has no particle in it: 12個 is 12, 12の倍数 is not
)
_FRAME = re.compile(
    rf"(?:[^#]{{0,12}}[はがで]|合計|計|全部で|答え)? ?{_COUNTED}(?:[、,とや・ ]{{1,2}}{_COUNTED})*"
    r"(?:[にと]な(?:る|りま)|だ)?"  # bare_answer took the rest of です and ます away
    r"|(?:(?:an?|the|total|answer|sum|result|number|it|there|we|you|he|she|they|this|that|is|are|was|has|have|had|needs?|"
    r"gets?|gives?|makes?|costs?|of|in|so|just|exactly|only|equals) ){0,6}"
    r"#(?: (?!is\b|are\b|was\b|times\b|or\b|and\b|but\b|squared\b|cubed\b)[a-z]+){0,2}(?: in (?:all|total))?"
)
"""What may stand around a right number without making it another one."""
_LETTERLESS = re.compile(r"[\W_]+")


def fits_key(answer: str, key: str) -> bool | None:
    """Return whether a short answer is what the key says; None where nothing shows it either way.

    Right: the same form (width, case, brackets and the words around it aside), the same numbers in the same order, units
    converted, with nothing beside them that makes them others (以上, about, not); the same fraction; the same word in
    ``data/answer_words.tsv``. Wrong: a number of the key is not said, another choice or another such word is. What states
    the key's number among others, formulas in another form, names and sentences show nothing.

    >>> fits_key("12個です。", "12"), fits_key("13個", "12"), fits_key("12個以上", "12")
    (True, False, None)
    >>> fits_key("3/4", "0.75"), fits_key("(C)", "B"), fits_key("大阪", "東京")
    (True, False, None)
    """
    said, known = (_LEFT.sub("", bare_answer(one)) for one in (answer, key))
    if not said or not known:
        return None
    if said == known:
        return True
    if len(said) > _LONGEST or len(known) > _LONGEST:
        return None
    choice = _CHOICE.fullmatch(known)
    if choice:
        other = _CHOICE.match(said)
        return None if other is None else other[1] == choice[1]
    one, two = _fraction(said), _fraction(known)
    if one is not None and two is not None:
        return _equal(one, two)
    quantities = find_quantities(known)
    return _by_numbers(said, known, quantities) if quantities else _by_words(said, known)


def says_key(text: str, key: str) -> bool:
    """Return whether a text says the key anywhere: all of its numbers, or its words.

    >>> says_key("12個より多く、13個です。", "12"), says_key("大阪です。", "東京")
    (True, False)
    """
    wanted = find_quantities(bare_answer(key))
    return not unsaid(wanted, find_quantities(text)) if wanted else normalise(key) in normalise(text)


def _by_words(said: str, known: str) -> bool | None:
    if find_quantities(said):
        return None
    return {"words": True, "form": True, "different": False}.get(same_answer(said, known))


def _by_numbers(said: str, known: str, wanted: Sequence[Quantity]) -> bool | None:
    found = find_quantities(said)
    beside, beside_known = _beside(said, found), _beside(known, wanted)
    if _FORMULA.search(beside) or _FORMULA.search(beside_known) or not any(one.firm for one in wanted):
        return None
    if unsaid(wanted, found):
        return None if _hints(said) else False
    if len(found) != len(wanted) or any(
        unsaid([one], [other]) for one, other in zip(wanted, found, strict=True)
    ):
        return None
    letters, letters_known = _LETTERLESS.sub("", beside), _LETTERLESS.sub("", beside_known)
    framed = (
        (letters in letters_known or letters_known in letters)
        and _limits(beside) == _limits(beside_known)
        and bool(_FRAME.fullmatch(beside) and all(one.firm for one in found))
    )
    return True if framed or letters == letters_known else None


def _beside(text: str, found: Sequence[Quantity]) -> str:
    """Return what stands beside the quantities, with a # for each of them."""
    for one in reversed(found):
        text = f"{text[: one.start]}#{text[one.end :]}"
    return text


def _limits(text: str) -> set[str]:
    patterns = read_patterns("tanemaki.text", "answer_limits", ("ja", "en"))
    return {match.group() for pattern in patterns for match in pattern.finditer(text)}


def _hints(text: str) -> bool:
    """Whether a text says a number in a word: twice, a dozen, 半分."""
    return any(
        pattern.search(text) for pattern in read_patterns("tanemaki.text", "number_hints", ("ja", "en"))
    )


def _fraction(text: str) -> tuple[Fraction, int | None] | None:
    """Return the value of what is nothing but a number or a fraction, and the places behind its point; None for no point."""
    compact = text.replace(" ", "")
    if _DECIMAL.fullmatch(compact):
        plain = compact.replace(",", "")
        return Fraction(Decimal(plain)), len(plain.partition(".")[2]) or None
    over = _OVER.fullmatch(compact)
    if over:
        sign, above, below = (over[1], over[2], over[3]) if over[2] else (over[4], over[5], over[6])
        return (Fraction(int(f"{sign}{above}"), int(below)), None) if int(below) else None
    part = _BUN.fullmatch(compact)
    below_said = read_numeral(part["below"]) if part else Decimal(0)
    return (
        (Fraction(read_numeral(part["above"])) / Fraction(below_said), None) if part and below_said else None
    )


def _equal(one: tuple[Fraction, int | None], other: tuple[Fraction, int | None]) -> bool | None:
    if one[0] == other[0]:
        return True
    places = one[1] if one[1] is not None else other[1]
    if places is not None and abs(one[0] - other[0]) <= Fraction(1, 2 * 10**places):
        return None  # one may be the other, rounded
    return False
