"""Which option a reply chooses, read from whatever it says: certain, or none with its reason.

A reply in the ordered form says it there. Otherwise what it marks as its answer counts (答え：…, "the answer is …",
``\\boxed{…}``), else the last sentence that decides for an option by its number (3, ３, ③, 3番, "option 3") or by what it
says. What is hedged, taken back, or stated twice differently is no choice. A sentence that rules an option out or only
supposes it says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tanemaki.core.model import Reply
from tanemaki.core.replies import check_reply
from tanemaki.text.normalise import n_chars, nfkc
from tanemaki.text.verdicts import without_thoughts
from tanemaki.verify.format_tax.mentions import Mentions, mentions_of, patterns, plain, words
from tanemaki.verify.format_tax.ways import Way, in_form

WHY = ("no_choice", "several", "hedged", "cut", "empty")
"""Closed list of why a reply chooses nothing."""

Read = tuple[int | None, str | None]
"""A place, or why there is none."""

_CIRCLED = str.maketrans("❶❷❸❹❺➀➁➂➃➄➊➋➌➍➎", "12345" * 3)  # those that NFKC leaves as they are
_BOXED = re.compile(r"\\boxed\s*\{(?:\\text\s*\{)?([^{}]*)\}+")
_SENTENCE = re.compile(
    r"(?<=[。!?])|(?<!^\d\.)(?<!^\*\*\d\.)(?<=[.])\s+(?=[A-Z\"'(])|\n+",  # "3. Emma" is one
    re.MULTILINE,
)
_CLAUSE = re.compile(r"[、;]|,\s| (?:because|since|as) ")
_SUPPOSED = re.compile(r"もし|仮に|\b(?:if|suppose|assuming|whether)\b", re.IGNORECASE)
_PLACE = re.compile(r"(?<!\d)[1-5](?!\d)")
_LONGEST = 500  # characters of a sentence; ours: patterns look at every part of it
_A_LABEL = 30  # characters of a last line that is nothing but an option, with room for its text; ours
_A_LIST = 3  # one line "3. 12匹" is an answer, so many are a copy of the list


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reply chooses: exactly one of ``place`` and ``why`` is given."""

    place: int | None
    """From 1."""
    why: str | None = None
    """One of :data:`WHY`."""
    obeyed: bool = False
    """The reply has the ordered form; never true of a free one."""


def choice_of(reply: Reply, way: Way, options: Sequence[str], question: str = "") -> Choice:
    """Return what a reply chooses. What was cut chooses nothing, however good it looks.

    Raises ``ModelError`` where the reply was cut before the model said anything: it was not asked well.

    >>> choice_of(Reply("３番です。"), "strict", ["10匹", "11匹", "12匹", "13匹", "20匹"])
    Choice(place=3, why=None, obeyed=False)
    """
    unusable = check_reply(reply, way)
    if unusable is not None:
        return Choice(None, unusable.reason)
    place = in_form(reply.text, way)
    return Choice(place, obeyed=True) if place else Choice(*chosen_in(reply.text, options, question))


def chosen_in(text: str, options: Sequence[str], question: str = "") -> Read:
    """Return the place of the option that a text chooses in words of its own, or why there is none.

    ``question`` is the problem: a copy of it says nothing, and neither does a copy of the list of options.

    >>> options = ["10匹", "11匹", "12匹", "13匹", "20匹"]
    >>> chosen_in("2番は誤りです。よって、亀は12匹です。", options), chosen_in("3か4です。", options)
    ((3, None), (None, 'hedged'))
    """
    told = without_thoughts(text.translate(_CIRCLED))
    if not told.strip():
        return None, "empty"
    if question.strip():
        told = told.replace(nfkc(question.strip()), "\n")
    mentions = mentions_of(tuple(options))
    boxed = [plain(one) for one in _BOXED.findall(told)]
    sentences = [end for one in _SENTENCE.split(_BOXED.sub(r"\1", told)) for end in _ends(plain(one))]
    listed = [mentions.is_listed(one) for one in sentences]
    if sum(listed) >= _A_LIST:
        sentences = [one for one, is_copy in zip(sentences, listed, strict=True) if not is_copy]
    return _decided([one for one in sentences if one], boxed, mentions)


def _ends(sentence: str) -> tuple[str, ...]:
    """Return a sentence, or both ends of one that is far too long to be one."""
    return (sentence,) if len(sentence) <= _LONGEST else (sentence[:_LONGEST], sentence[-_LONGEST:])


def _decided(sentences: Sequence[str], boxed: Sequence[str], mentions: Mentions) -> Read:
    # A line that is an option alone is an answer at either end, and further in a heading.
    ends = {0, len(sentences) - 1}
    marked = [
        (at, said)
        for at, sentence in enumerate(sentences)
        for said in ([sentence] if at in ends and mentions.is_bare(sentence) else _marked(sentence))
    ]
    answers = [*boxed, *(said for _, said in marked)]
    if not answers:
        return _walked(sentences, mentions)
    named = [mentions.named(_without_contrast(one)) for one in answers]
    if any(words("unsure", one.marked) for one in named):
        return None, "hedged"
    places = {place for one in named for place in one.places}
    if len(places) > 1:
        return None, "several"
    last = marked[-1][0] if marked else len(sentences)
    opens = last == 0 and mentions.is_bare(sentences[0])  # what follows may come to another answer
    later, why = _walked(sentences[last + 1 :], mentions, by_number_alone=not opens)
    if why == "hedged" or (later is not None and {later} != places):
        return None, "hedged" if why else "several"
    return (places.pop(), None) if places else (None, "no_choice")


def _marked(sentence: str) -> list[str]:
    """Return what a sentence marks as the answer: its first clause, or all of it where it is hedged."""
    found = []
    for pattern in patterns("mark"):
        match = pattern.search(sentence)
        if match is None or _SUPPOSED.search(sentence[: match.start()]):
            continue
        said = _without_contrast(match["said"])
        clause = said if words("unsure", said) else _CLAUSE.split(said, maxsplit=1)[0]
        if not words("out", clause):
            found.append(clause)
    return found


def _walked(sentences: Sequence[str], mentions: Mentions, *, by_number_alone: bool = False) -> Read:
    """Return what the last sentence says that decides.

    An option's text counts only in the last sentence with a number in it: further up it may be anything that was computed.
    """
    passed = by_number_alone
    for place, sentence in enumerate(reversed(sentences)):
        said = _without_contrast(sentence)
        named = mentions.named(said)
        if not named.places:
            if words("retract", sentence) or (words("unsure", said) and _PLACE.search(said)):
                return None, "hedged"
            passed = passed or bool(re.search(r"\d", said) and not words("out", said))
            continue
        if words("unsure", named.marked):
            return None, "hedged"
        if words("out", named.marked):
            continue
        is_short = place == 0 and n_chars(said) <= _A_LABEL and not by_number_alone
        is_sure = is_short or words("sure", said)
        if (named.by_number and is_sure) or (named.by_text and not passed):
            places = named.by_number if passed else named.places
            return (min(places), None) if len(places) == 1 else (None, "several")
        passed = True
    return None, "no_choice"


def _without_contrast(sentence: str) -> str:
    for pattern in patterns("contrast"):
        sentence = pattern.sub(" ", sentence)
    return sentence.strip()
