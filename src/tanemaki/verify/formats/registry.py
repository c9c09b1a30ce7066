"""All orders by name, from data and back, and which of them can be obeyed together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tanemaki.core.errors import RecipeError, nearest, shorten
from tanemaki.core.record import Json as Value
from tanemaki.verify.formats.documents import Json, JsonSchema, OneOf, Yaml
from tanemaki.verify.formats.lengths import (
    CharsAtLeast,
    CharsAtMost,
    CharsBetween,
    OneLine,
    Paragraphs,
    SentenceCharsAtMost,
    Sentences,
    SentencesAtMost,
)
from tanemaki.verify.formats.letters import (
    LowerCase,
    NoAscii,
    NoKanji,
    NoKatakana,
    NoLatin,
    OnlyHiragana,
    UpperCase,
)
from tanemaki.verify.formats.lists import (
    BulletsAtLeast,
    BulletsExactly,
    Headings,
    Highlighted,
    Numbered,
    Placeholders,
    TwoResponses,
)
from tanemaki.verify.formats.order import Failure, Order
from tanemaki.verify.formats.places import (
    EndsWith,
    EndsWithQuestion,
    Postscript,
    Rating,
    StartsWith,
    Title,
    Wrapped,
)
from tanemaki.verify.formats.style import PlainStyle, PoliteStyle, ReplyLanguage
from tanemaki.verify.formats.tables import Csv, MarkdownTable, Tsv
from tanemaki.verify.formats.words import Contains, KeywordTimes, Lacks, NoCommas, NoExclamation

_ALL: tuple[type[Order], ...] = (
    *(Json, JsonSchema, Yaml, Csv, Tsv, MarkdownTable, OneOf),
    *(BulletsExactly, BulletsAtLeast, Numbered, Headings, Highlighted, Placeholders, TwoResponses),
    *(
        CharsAtLeast,
        CharsAtMost,
        CharsBetween,
        Sentences,
        SentencesAtMost,
        SentenceCharsAtMost,
        Paragraphs,
        OneLine,
    ),
    *(StartsWith, EndsWith, EndsWithQuestion, Title, Wrapped, Postscript, Rating),
    *(Contains, Lacks, KeywordTimes, NoCommas, NoExclamation),
    *(NoLatin, NoAscii, OnlyHiragana, NoKatakana, NoKanji, UpperCase, LowerCase),
    *(PoliteStyle, PlainStyle, ReplyLanguage),
)
ORDERS: Mapping[str, type[Order]] = {one.name: one for one in _ALL}
"""Name → class."""


def order_of(constraint: Mapping[str, Value]) -> Order:
    """Return the order that a row's constraint names: ``{"name": …, "parameters": {…}}``; other keys are left alone.

    Raises ``RecipeError`` for an unknown name and for parameters that do not fit.

    >>> order_of({"name": "lacks", "parameters": {"words": ["とても"]}})
    Lacks(words=('とても',))
    """
    name, given = str(constraint.get("name")), dict(constraint.get("parameters") or {})
    if name not in ORDERS:
        near = nearest(name, ORDERS)
        raise RecipeError(
            f"there is no format order {name!r}",
            next=f"did you mean {near!r}?" if near else f"one of {', '.join(ORDERS)}",
        )
    try:
        return ORDERS[name](
            **{key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
        )
    except (TypeError, ValueError) as error:
        raise RecipeError(
            f"the format order {name!r} has other parameters", got=shorten(given), next=str(error)
        ) from error


def constraint_of(order: Order) -> dict[str, Value]:
    """Return the order as a row of a dataset holds it.

    >>> constraint_of(BulletsExactly(3))
    {'name': 'bullets_exactly', 'parameters': {'n': 3}}
    """
    return {"name": order.name, "parameters": order.parameters}


def broken(constraints: Sequence[Mapping[str, Value] | Order], text: str) -> list[Failure]:
    """Return a failure for every order that the text does not obey, in their order; none if it obeys all.

    >>> [one.order for one in broken([BulletsExactly(1), CharsAtMost(9)], "・春の海ひねもすのたり")]
    ['chars_at_most']
    """
    orders = (one if isinstance(one, Order) else order_of(one) for one in constraints)
    return [failure for failure in (order.check(text) for order in orders) if failure]


def clash(one: Order, other: Order) -> str | None:
    """Return why the two orders cannot stand in one request; None if a text can obey both. Symmetrical.

    >>> clash(StartsWith("結論から言うと、"), NoCommas())
    "no_commas forbids what starts_with demands: '結論から言うと、'"
    >>> clash(BulletsExactly(3), CharsAtMost(300)) is None
    True
    """
    return _clash(one, other) or _clash(other, one)


def _clash(one: Order, other: Order) -> str | None:
    if one.name == other.name:
        return f"{one.name} twice"
    if one.slot and one.slot == other.slot:
        return f"both are about the {one.slot}"
    if {other.name, other.slot} & one.not_with:
        return f"{one.name} does not go with {other.name}"
    if one.is_document and not other.in_documents:
        return f"{other.name} has no place in {one.name}"
    demanded = [fragment for fragment in other.demands if one.forbids(fragment)]
    if demanded:
        return f"{one.name} forbids what {other.name} demands: {demanded[0]!r}"
    high = getattr(one, "high", None)
    if high is not None and other.room > high:
        return f"{other.name} needs more room than {one.name} leaves"
    return None
