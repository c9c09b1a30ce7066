"""What a free text says is its answer, and whether that is the key: certain, or no.

Two steps. :func:`stated_answers` finds every place where a text states an answer (``\\boxed{…}``, 答え：…, "The answer
is …"; in a text that marks none its last sentence). :func:`is_key` reads such a place by the kind of the key and compares
exactly. What is hedged (約12, "12 or 13", "at least 12"), rounded, or stated twice with different values is never right, so
that a model that is rewarded by it learns to answer.

Not covered: what needs a thought to be seen as equal (formulas in another form, names in the other language).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Literal, get_args

from tanemaki.text.answers import bare_answer, same_answer
from tanemaki.text.dates import find_dates, find_times
from tanemaki.text.final_answer import marked_answer
from tanemaki.text.normalise import fold_width, normalise
from tanemaki.text.tables import read_patterns
from tanemaki.text.written_numbers import (
    Written,
    find_written,
    has_number_word,
    is_unreadable,
    plain,
    unit_after,
    units,
)

AnswerKind = Literal["number", "numbers", "set", "name", "names", "date", "time", "text"]
"""How an answer is compared. ``numbers`` and ``names`` have an order, a ``set`` has none."""
KINDS: tuple[AnswerKind, ...] = get_args(AnswerKind)

LONGEST = 200_000  # characters of a reply, thinking left out: what is longer is no answer to a problem
MOST_STATED = 8  # a text that states its answer more often than this tries its luck
_LONGEST_ANSWER = 300  # characters; a list of 30 numbers with words around it has that many
_BOXED = r"\boxed{"
_THOUGHT = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_UNENDED = re.compile(r"<think(?:ing)?>", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[。！!?？])|(?<=[.])[ ](?=[A-Z])")
_OF_PI = re.compile(r"-?[\d./]+π")
_PI = re.compile(r"(?<=\d)[ ]?(?:π|\\pi\b|pi\b|パイ)")
_BULLET = re.compile(r"^[ \t　]*(?:[#>]+|[-*+](?=[ \t　]))[ \t　]*")
_EQUALS = re.compile(r"^(?:[^=\d]{0,40}|[\d\s+\-−*/×÷().,²³%a-z_]{1,120})=\s*(?=[^=]*$)")
_CLOSERS = re.compile(
    r"(?:です|でした|だ|である|になります|になる|となります|となる)?[。.!！]*[\s」』\"')）\]]*$"
)
_PARTICLE = re.compile(r"^[^\s、。()（）]{0,8}?(?:の|を|と(?!な)|に(?!な)|で(?!す|し|あ)|や|も)")
_OPEN = " \t:;=「『\"'(（[【¥$£€,、-"
_ASIDE = re.compile(r"[(（\[][^()（）\[\]0-9]{0,40}[)）\]]")
_SEPARATOR = re.compile(
    r"\s*(?:、|,|;|・|と|;|/|→|>|および|及び|そして|[あ余]まり|余り|\br\b|\bremainder\b|\band\b|:|\s)\s*(?:and\b\s*)?",
    re.IGNORECASE,
)
_IN_DOLLARS = re.compile(r"^(\${1,2})([^$]+)\1[.。]?$")
_OR = re.compile(r"\s*(?:または|もしくは|あるいは|\bor\b)\s*", re.IGNORECASE)
_UNKNOWN = re.compile(r"(?<![A-Za-z])([a-z])\s*=\s*(?=[-−\\\d])")
_WIDE_DIGIT = re.compile("[０-９]")
_AND_MORE = re.compile(r"(?:など|等|を除く.*|\betc\.?|\.{3}|…)[\s。.)\]}]*$", re.IGNORECASE)
_LABEL = re.compile(r"^\s*(?P<label>[a-zA-Z](?:_?\d)?)\s*=\s*")
_HONORIFIC = re.compile(r"(?:さん|くん|君|ちゃん|様|氏|先生)$")
_THEREFORE = re.compile(
    r"^\s*(?:(?:よって|したがって|従って|ゆえに|だから|つまり|すなわち|以上より|以上から|これより|このことから|∴)[、,]?"
    r"|(?:so|therefore|thus|hence)\b,?(?: (?:it|this|that) is(?= ))?)\s*(?=\S)",
    re.IGNORECASE,
)
_ESTIMATED = re.compile(
    r"およそ|推定|見積|概数|約(?=[何\d])|\babout\b|\bestimat|\bsuggest|\bapproximat|\broughly\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:約|およそ|ほぼ|だいたい|\b(?:about|approximately|roughly|around)\b) ?(?=\d)", re.IGNORECASE
)
_TOTAL = re.compile(r"^(?:合わせて|全部で|合計(?:で|は)?|計)[、 ]?")
_LEAD = re.compile(r"^[^、,。.]{1,60}[はが]、?\s*(?=\S)")
_LEAD_EN = re.compile(
    r"^(?:[A-Za-z' -]{1,80}\b(?:is|was|are|were|be)|so|therefore|thus|hence),? +", re.IGNORECASE
)
_NEGATION = re.compile(
    r"ない|なく|ません|ではな|以外|間違|誤り|違い(?:ます)?$|\b(?:wrong|incorrect|cannot|doubt)\b|\bnot\b|n't\b|\bnever\b|\bexcept\b|\bneither\b|\bor\b|\bmaybe\b|たぶん|多分|おそらく|または|\?"
)
_MONEY = frozenset(("JPY", "USD", "EUR"))
_SUB_ANSWER = re.compile(
    r"(?<!問題)(?<!問い)(?<!問)の$|\b(?:in|of) the $"
    r"|(?:間違った|まちがった|誤った|誤りの|もし)[「『]?$|\b(?:wrong|incorrect|not|doubt|deny|if)\b[^.!?\n]{0,12}$"
)  # たし算の答えは; the sign in the answer is; the wrong answer is
_DENIED = re.compile(
    r"(?:間違った|まちがった|誤った|誤りの|不正解の|もし)(?:答え|こたえ|解答|正解)"
    r"|\b(?:wrong|incorrect|not|doubt|deny|if)\b[^.!?\n]{0,12}\banswer\b",
    re.IGNORECASE,
)
_NOON = re.compile(r"正午|\b(?:12 ?)?noon\b", re.IGNORECASE)
_MIDNIGHT = re.compile(r"午前0時(?:ちょうど)?$|\bmidnight\b", re.IGNORECASE)
_BESIDE = re.compile(r"\b(?:after|before|by|since|until|till)\s*$", re.IGNORECASE)
_DATE_DRESS = re.compile(
    r"です|でした|である|[\s,、。.()（）はがで]|\b(?:on|the|it|is|was|date|of)\b|(?:[日月火水木金土](?:曜日?)?)|\b(?:sun|mon|tues?|wednes|thurs?|fri|satur)(?:day)?\b",
    re.IGNORECASE,
)
_TIME_DRESS = re.compile(
    r"です|でした|である|ちょうど|[\s,、。.()（）に]"
    r"|\b(?:at|the|it|is|was|time|o'clock|exactly|in the|afternoon|morning|evening)\b",
    re.IGNORECASE,
)


def stated_answers(text: str, question: str = "") -> list[str]:
    """Return every answer that a text states, in order; its last sentence where it marks none, nothing where it says none.

    Thinking (``<think>…</think>``) and a copy of the question do not count. Nothing is stated by a text that is too long,
    states more than eight answers, or takes its answer back behind it.

    >>> stated_answers("亀は12匹です。\\n答え：12匹"), stated_answers("It is \\\\boxed{3}. The answer is 4.")
    (['12匹'], ['3', '4'])
    >>> (
    ...     stated_answers("So there are 12."),
    ...     stated_answers("答え：12匹。いや、13匹かもしれません。\\nやはり13匹。"),
    ... )
    (['So there are 12.'], [])
    """
    text = _THOUGHT.split(text)[-1] if "</" in text else text
    if _UNENDED.search(text) or len(text) > LONGEST:
        return []
    if question.strip():
        text = text.replace(question.strip(), "\n")
    folded = fold_width(text)
    places = _places(folded)
    if len(places) > MOST_STATED:
        return []
    if places:
        rest = folded[places[-1][1] :]
        return [] if _says(rest, "rest") else [text[start:end].strip(" \t　*_`") for start, end in places]
    sentence = _last_sentence(text)
    return [sentence] if sentence and not _DENIED.search(sentence) else []


def is_key(said: str, key: str, kind: str, *, shown: str = "", question: str = "") -> bool:
    """Return whether what is said is certainly the key.

    ``shown`` is the right answer as it is said (``12匹``), ``question`` the problem: they tell the unit. 120 cm is 1.2 where
    metres were asked for, 25 % is 1/4 where no percentage was.

    >>> is_key("12匹です。", "12", "number"), is_key("12か13", "12", "number"), is_key("75%", "3/4", "number")
    (True, False, True)
    >>> is_key("120 cm", "1.2", "number", shown="1.2 m"), is_key("7, 3と9", "3, 7, 9", "set")
    (True, True)
    >>> is_key("令和6年5月3日", "2024-05-03", "date"), is_key("午後3時30分", "15:30", "time")
    (True, True)
    """
    if not said.strip() or not key.strip() or len(said) > _LONGEST_ANSWER + 2 * len(key):
        return False
    said = said if _THEREFORE.match(key) else _THEREFORE.sub("", said, count=1)
    if _ESTIMATED.search(question):
        said = _ABOUT.sub("", said, count=1)
    if kind in ("numbers", "set", "names") and _AND_MORE.search(said):
        return False
    if shown and kind != "text" and _is_shown(plain(said), plain(shown)):
        return True
    if kind in ("number", "text") and _OF_PI.fullmatch(key):
        own, others = (_PI.sub("", plain(one), count=1) for one in (said, shown))
        return bool(_PI.search(plain(said))) and _is_number(own, key[:-1], others, question)
    if kind == "number":
        return _is_number(said, key, shown, question)
    if kind == "set":
        said = _without_unknown(said)
    if kind in ("numbers", "set"):
        return _is_list(said, key, shown, ordered=kind == "numbers")
    if kind == "date":
        return _is_date(said, key, shown)
    if kind == "time":
        return _is_time(said, key)
    if kind == "names":
        return _are_names(said, key)
    return _is_text(said, key, shown, exact=kind == "text")


def _without_unknown(said: str) -> str:
    """Return the roots of x = 2 or x = 3, which are all named, or it is not the set; what has no unknown stays as it is."""
    folded = fold_width(said)
    letters = set(_UNKNOWN.findall(folded))
    return _UNKNOWN.sub("", _OR.sub(", ", folded)) if len(letters) == 1 else said


def _is_shown(said: str, shown: str) -> bool:
    """Return whether an answer is said as the right one is shown, with at most its subject before it: その年は令和6年."""
    wanted = bare_answer(shown)
    if bare_answer(said) == wanted:
        return True
    leads = (lead.sub("", said, count=1) for lead in (_LEAD, _LEAD_EN))
    return not _NEGATION.search(said) and any(bare_answer(one) == wanted for one in leads)


def value_said(said: str) -> Fraction | None:
    """Return the one number that a short answer says; None where it says none, several, or is not sure.

    >>> str(value_said("四分の三です。")), value_said("約12匹"), value_said("12、13")
    ('3/4', None, None)
    """
    found = _sure_number(plain(said))
    return None if found is None else found[0] * (found[1] or 1)


def _places(folded: str) -> list[tuple[int, int]]:
    found = list(_boxes(folded))
    for pattern in read_patterns("tanemaki.text", "answer_markers", ("ja", "en")):
        for match in pattern.finditer(folded):
            start, end = match.span("said")
            is_of_part = _SUB_ANSWER.search(folded[max(0, match.start() - 24) : match.start()])
            is_boxed = any(max(start, box[0]) < min(end, box[1]) for box in found)
            if not is_of_part and not is_boxed and folded[start:end].strip(" *_`"):
                found.append((start, end))
        if len(found) > MOST_STATED:
            break
    return sorted(found)


def _boxes(folded: str) -> Sequence[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = folded.find(_BOXED)
    while at >= 0 and len(found) <= MOST_STATED:
        start = at + len(_BOXED)
        depth, end = 1, start
        while end < len(folded) and depth and end - start <= _LONGEST_ANSWER * 4:
            depth += {"{": 1, "}": -1}.get(folded[end], 0)
            end += 1
        if depth == 0:
            found.append((start, end - 1))
        at = folded.find(_BOXED, end)
    return found


def _last_sentence(text: str) -> str:
    lines = [_BULLET.sub("", line).strip(" \t　*_`") for line in text.splitlines()]
    last = next((line for line in reversed(lines) if line), "")
    parts = [part.strip() for part in _SENTENCE_END.split(last) if part.strip()]
    sentence = _IN_DOLLARS.sub(r"\2", parts[-1]) if parts else ""
    return "" if re.search(r"[?？]$|か[。]?$|(?:なさい|ください|ましょう)[。]?$", sentence) else sentence


@lru_cache(maxsize=8)
def _hedges(place: str) -> tuple[re.Pattern[str], ...]:
    return read_patterns("tanemaki.text", "answer_hedges", ("ja", "en"), place=place)


def _says(text: str, place: str) -> bool:
    return bool(text.strip()) and any(pattern.search(text) for pattern in _hedges(place))


def _sure_number(text: str) -> tuple[Fraction, Fraction | None, tuple[str, Fraction] | None] | None:
    """Return value, scale (of % and 割) and unit of the one number that a plain text certainly says."""
    if is_unreadable(text):
        return None
    equals = _EQUALS.match(text)
    if equals and _says(equals.group(), "before"):
        return None
    text = _EQUALS.sub("", text)
    found = find_written(text)
    if not found or "=" in text:
        return None
    first, last = found[0], found[-1]
    before, after = text[: first.start], text[last.end :]
    unit = unit_after(text, last.end)
    if len(found) > 1:
        value, unit_of = _compound(text, found)
        if unit_of is None:
            return None
    else:
        value, unit_of = first.value, (unit[0], unit[1]) if unit else None
    after = text[unit[2] :] if unit else after
    return (value, first.scale, unit_of or _money(before)) if _fits_around(before, after) else None


def _compound(text: str, found: Sequence[Written]) -> tuple[Fraction, tuple[str, Fraction] | None]:
    """Return what 2時間30分 is, in its smallest unit; no unit where the numbers do not belong together."""
    parts = [(one, unit_after(text, one.end)) for one in found]
    total, factors = Fraction(0), []
    for place, (one, unit) in enumerate(parts):
        if unit is None or unit[0] != (parts[0][1] or unit)[0] or one.scale or one.value < 0:
            return total, None
        total += one.value * unit[1]
        factors.append(unit[1])
        end = parts[place + 1][0].start if place + 1 < len(parts) else unit[2]
        if text[unit[2] : end].strip(" ,") not in ("", "and", "と"):
            return total, None
    kind = (parts[0][1] or ("", Fraction(1), 0))[0]
    if len(set(factors)) < len(factors) or factors != sorted(factors, reverse=True):
        return total, None
    return total / factors[-1], (kind, factors[-1])


def _money(before: str) -> tuple[str, Fraction] | None:
    sign = before.rstrip()[-1:]
    return {"¥": ("JPY", Fraction(1)), "$": ("USD", Fraction(1)), "€": ("EUR", Fraction(1))}.get(sign)


def _fits_around(before: str, after: str) -> bool:
    before = _ASIDE.sub("", before).strip(_OPEN)
    if before and (len(before) > 120 or _says(before, "before")):  # noqa: PLR2004 - a sentence
        return False
    if before and has_number_word(before) and not re.search(r"[はが、:,]$|\b(?:is|are|was|be)$", before):
        return False
    if re.match(r"[!^²³]|[/:.]\d|\.{2}", after):
        return False
    after = _CLOSERS.sub("", _ASIDE.sub("", after)).strip(" 、,")
    if not after:
        return True
    if len(after) > 60 or _says(after, "after") or re.search(r"\d", after) or _PARTICLE.match(after):  # noqa: PLR2004
        return False
    return not has_number_word(re.sub("一番|一つ|ひとつ", "", after)) and not re.search(r"[+×÷*/^=]", after)


def _is_number(said: str, key: str, shown: str, question: str) -> bool:
    wanted = _fraction(key)
    if wanted is None:
        return _is_text(said, key, shown, exact=True)
    found = _sure_number(plain(said))
    if found is None:
        return False
    value, scale, unit = found
    told = _sure_number(plain(shown)) if shown else None
    if told is not None:
        return _in_unit(value, scale, unit, wanted, told)
    if unit is not None and question and _speaks_of_another(question, unit):
        return False
    if scale is None:
        return value == wanted
    asks_for_it = bool(re.search(r"%|％|パーセント|百分率|percent|割", question, re.IGNORECASE))
    return (value if asks_for_it else value * scale) == wanted


def _in_unit(
    value: Fraction,
    scale: Fraction | None,
    unit: tuple[str, Fraction] | None,
    wanted: Fraction,
    told: tuple[Fraction, Fraction | None, tuple[str, Fraction] | None],
) -> bool:
    """Return whether a value is the wanted one, in the unit or share in which the answer is shown."""
    _, scale_shown, unit_shown = told
    if scale is not None and scale_shown is not None:
        return value * scale == wanted * scale_shown
    if scale is not None:
        return value * scale == wanted and unit_shown is None
    if unit is None or unit_shown is None:
        return value == wanted and (unit is None or unit[0] in ("person", "month", "day", "year"))
    return unit[0] == unit_shown[0] and value * unit[1] == wanted * unit_shown[1]


def _speaks_of_another(question: str, unit: tuple[str, Fraction]) -> bool:
    """Return whether a question speaks of another unit of the same kind, and not of this one: km, not m."""
    text = plain(question)
    said = {
        known
        for form, known in units()[1].items()
        if (known[0] == unit[0] or {known[0], unit[0]} <= _MONEY)
        and form in text
        and re.search(rf"(?<![A-Za-z]){re.escape(form)}(?![A-Za-z²³])", text)
    }
    return bool(said) and unit not in said


def _fraction(key: str) -> Fraction | None:
    found = find_written(plain(key))
    if len(found) != 1 or found[0].scale is not None:
        return None
    return found[0].value if re.fullmatch(r"[-−]?[\d,./ ]+", plain(key)) else None


def _is_list(said: str, key: str, shown: str, *, ordered: bool) -> bool:
    wanted = [_fraction(part) for part in key.split(", ")]
    if any(one is None for one in wanted):
        return _are_names(said, key, ordered=ordered)
    text = _CLOSERS.sub("", plain(said)).strip(" {}[]()「」『』。.")
    values = _labelled(text, plain(shown)) if shown else None
    if values is None:
        values = _listed(text, len(wanted))
    if values is None:
        return False
    return values == wanted if ordered else sorted(values) == sorted(one for one in wanted if one is not None)


def _labelled(text: str, shown: str) -> list[Fraction] | None:
    """Return the numbers of a text that says them in the words of the shown answer, each at its own label."""
    split = re.compile(r"[、,](?!\d{3}(?!\d))|\band\b|;")
    own, told = (
        [part.strip() for part in split.split(one) if part.strip()] for one in (text, _CLOSERS.sub("", shown))
    )
    found = [_around(part) for part in own]
    known = [_around(part) for part in told]
    if len(own) != len(told) or None in found or None in known:
        return None
    by_label = {one[0]: one[1] for one in found if one}
    labels = [one[0] for one in known if one]
    if len(by_label) < len(found) or set(labels) != set(by_label) or not all(label for label, _ in by_label):
        return None
    return [by_label[label] for label in labels]


def _around(part: str) -> tuple[tuple[str, str], Fraction] | None:
    found = find_written(part)
    if len(found) != 1:
        return None
    return (part[: found[0].start].strip(" :"), part[found[0].end :].strip()), found[0].value


def _listed(text: str, n: int) -> list[Fraction] | None:
    """Return the numbers of a bare list: separators, one and the same counter, letters that name them in order."""
    text = re.sub(r"^(?:[^\d{\[(]{0,40}[はが:]|(?:the |they |numbers? |are |is |answers? )+)\s*", "", text)
    for pieces in (_pieces(text), [part for part in re.split(r"[\s,]+", text) if part]):
        if len(pieces) != n:
            continue
        letters = [match["label"] for piece in pieces if (match := _LABEL.match(piece))]
        if letters and (len(letters) != n or letters != sorted(set(letters))):
            return None
        values, ends = [], set()
        for piece in pieces:
            bare = _LABEL.sub("", piece).strip(" ()[]{}")
            found = find_written(bare)
            if len(found) != 1 or bare[: found[0].start].strip(" ¥$€"):
                return None
            after = bare[found[0].end :].strip()
            if len(after) > 12 or has_number_word(after) or _says(after, "after"):  # noqa: PLR2004 - a counter, a noun
                return None
            ends.add(after.rstrip("s"))
            values.append(found[0].value)
        return values if len(ends - {""}) <= 1 else None
    return None


def _pieces(text: str) -> list[str]:
    marked = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "\0", text)
    parts = (
        _SEPARATOR.split(marked)
        if not re.search(r"[、,;]|\band\b|と", marked)
        else re.split(r"\s*(?:、|,|;|と(?!\d+分)|\band\b)\s*", marked)
    )
    return [part.replace("\0", ",") for part in parts if part and part.strip()]


def _is_date(said: str, key: str, shown: str) -> bool:
    text = plain(said)
    found = list(find_dates(text))
    if len(found) != 1:
        return False
    value, start, end = found[0]
    before, after = text[:start], text[end:]
    if _says(before, "before") or _says(_CLOSERS.sub("", after), "after") or _NEGATION.search(before):
        return False
    if _BESIDE.search(before):
        return False
    left = _DATE_DRESS.sub("", after)
    if left or re.search(r"\d", before):
        return False
    if value == key:
        return True
    yearless = bool(shown) and not any(one.startswith(key[:4]) for one, _, _ in find_dates(plain(shown)))
    return yearless and value == f"-{key[4:]}"


def _is_time(said: str, key: str) -> bool:
    text = plain(said)
    found = list(find_times(text))
    if not found:
        noon, midnight = _NOON.search(text), _MIDNIGHT.search(text)
        match = noon or midnight
        if match is None:
            return False
        found = [("12:00" if noon else "00:00", *match.span())]
    if len(found) != 1:
        return False
    value, start, end = found[0]
    before, after = text[:start], _CLOSERS.sub("", text[end:])
    if _says(before, "before") or _says(after, "after") or re.search(r"\d", before) or has_number_word(after):
        return False
    if _BESIDE.search(before):
        return False
    hour, minute = (int(part) for part in key.split(":")[:2])
    return value == f"{hour:02}:{minute:02}" and not _TIME_DRESS.sub("", after)


def _are_names(said: str, key: str, *, ordered: bool = True) -> bool:
    wanted = [_bare_name(part) for part in key.split(", ")]
    text = _CLOSERS.sub("", plain(said)).strip(" {}[]()「」")
    if _NEGATION.search(text):
        return False
    for lead in (None, _LEAD, _LEAD_EN):
        bare = lead.sub("", text, count=1) if lead else text
        parts = re.split(r"\s*(?:、|,|;|・|→|>|\band\b|(?<=さん)と|\n)\s*", bare)
        names = [_bare_name(part) for part in parts if part.strip()]
        if len(names) == 1 and len(wanted) > 1:
            names = [_bare_name(part) for part in re.split(r"\s+|と", bare) if part.strip()]
        if names == wanted or (not ordered and sorted(names) == sorted(wanted)):
            return True
        if any(part.isdigit() or part == "元" for part in wanted) and _first_year(bare) in _spoken(wanted):
            return True
    return False


def _spoken(parts: Sequence[str]) -> set[str]:
    """Return how parts with a number are said in one: 令和6年 of 令和 and 6, 23本 of 本 and 23."""
    joined = _first_year("".join(parts))
    return {joined, f"{joined}年", _first_year("".join(reversed(parts)))}


def _first_year(text: str) -> str:
    return normalise(text).strip(" 。.").replace("元", "1")


def _bare_name(part: str) -> str:
    bare = normalise(re.sub(r"^\s*\d+\s*[.)位番]\s*", "", part)).strip(" 。.、,\"'「」")
    return _HONORIFIC.sub("", bare)


def _is_text(said: str, key: str, shown: str, *, exact: bool) -> bool:
    """Compare letter by letter, the brackets and full stops of the text around it aside; words of one meaning are one."""
    if not _WIDE_DIGIT.search(key):
        said = _WIDE_DIGIT.sub(lambda found: fold_width(found.group()), said)
    for one in (said, _TOTAL.sub("", said.strip()), shown and _unmarked(said)):
        bare = _peeled(one, key)
        if bare == key or _peeled(bare, key) == key or (shown and bare == _peeled(shown, key)):
            return True
    text = plain(said)
    if _NEGATION.search(text) and not _NEGATION.search(key):
        return _says_yes_or_no(text, key)
    if not exact:
        peeled = _CLOSERS.sub("", text).strip(" 。.")
        for lead in (None, _LEAD, _LEAD_EN):
            bare = lead.sub("", peeled, count=1) if lead else peeled
            if _bare_name(bare) == _bare_name(key) and _bare_name(key):
                return True
        subject = re.match(
            r"^([A-Z][\w' -]{0,30}?) (?:is|was|has|had|did|does|came|won)\b[^,.?]{0,60}\.?$", text
        )
        if subject and subject[1] == key:
            return True
    return same_answer(key, said) == "words" or _says_yes_or_no(text, key)


def _unmarked(said: str) -> str:
    return marked_answer(said) or said


def _peeled(said: str, key: str) -> str:
    bare = said.strip()
    wrapped = re.fullmatch(
        r"\\text\{(.*)\}|「(.*)」|『(.*)』|\"(.*)\"|`(.*)`|\*\*(.*)\*\*|“(.*)”|\$(.*)\$", bare, re.DOTALL
    )
    if wrapped:
        bare = next(part for part in wrapped.groups() if part is not None).strip()
    for end in ("。", ".", "です", "である", "だ"):
        if bare != key and bare.endswith(end) and not key.endswith(end):
            bare = bare[: -len(end)].strip()
    if bare != key and wrapped is None and bare != said.strip():
        return _peeled(bare, key)
    return bare


def _says_yes_or_no(text: str, key: str) -> bool:
    """Return whether a text opens with the yes or no of the key, and does not go on to the other."""
    for one, other in ((r"はい|yes\b", r"いいえ|\bno\b"), (r"いいえ|no\b", r"はい|\byes\b")):
        if re.fullmatch(one, normalise(key)):
            opened = re.match(rf"(?:{one})(?:[、,。.!]|$)", text, re.IGNORECASE)
            return bool(opened) and not re.search(other, text, re.IGNORECASE) and not _says(text, "rest")
    return False
