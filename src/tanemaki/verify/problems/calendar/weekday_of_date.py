"""The day of the week of a date from nothing but the date: by Zeller's congruence or by Conway's anchor days.

Level 1 has dates from March to December of the years from 1600, 2000 or 2400 on, whose century term falls away; level 2
has January and February of these years, or other centuries; level 3 has both.

Source: Christian Zeller, "Kalender-Formeln", Acta Mathematica 9 (1886); John H. Conway's doomsday rule (1973).
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.calendar._months import FEBRUARY, WEEKDAYS, is_leap, length
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_CENTURIES = (17, 18, 19, 21, 22, 23)
_FREE_CENTURIES = (16, 20, 20, 24)
"""Those whose term, 5 × 20 + 5, is a multiple of 7."""
_ANCHOR_OF_CENTURY = (2, 0, 5, 3)
"""Days after Sunday, by the remainder of the century by 4."""
_ANCHOR_OF_MONTH = (3, 28, 7, 4, 9, 6, 11, 8, 5, 10, 7, 12)
"""4/4, 6/6, 8/8, 10/10, 12/12, 5/9 and 9/5, 7/11 and 11/7, 7 March; January and February a day later in leap years."""
_FROM_SUNDAY = (WEEKDAYS[6], *WEEKDAYS[:6])
_WEEK = 7


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a date; level 2 is hard in one of two ways, level 3 in both."""
    is_early = level > 2 or (level > 1 and draw.below(3) == 0)  # noqa: PLR2004 - of three levels
    is_far = level > 2 or (level > 1 and not is_early)  # noqa: PLR2004 - of three levels
    year = 100 * (draw.choose(_CENTURIES if is_far else _FREE_CENTURIES)) + draw.between(1, 99)
    month = draw.between(1, 2) if is_early else draw.between(3, 12)
    return {"date": [year, month, draw.between(1, length(year, month))]}


def slots(p: Parameters, words: Words) -> dict[str, object]:
    """Return the date in words."""
    year, month, day = p["date"]
    return {"date": words["full_date"].format(year=year, month=words[f"month_{month}"], day=day)}


def solve(p: Parameters, method: str) -> Worked:
    """Use Zeller's congruence, or the anchor days of century, year and month."""
    year, month, day = p["date"]
    steps, answer = _by_zeller(year, month, day) if method == "zeller" else _by_anchors(year, month, day)
    return Worked(tuple(steps), answer)


def _by_zeller(year: int, month: int, day: int) -> tuple[list[Step], str]:
    steps = [Step("zeller_rule")]
    if month <= FEBRUARY:
        year, month = year - 1, month + 12
        steps.append(Step("as_thirteen", slots={"past_year": year, "past_month": month}))
    century, rest = divmod(year, 100)
    product = 13 * (month + 1)
    steps.append(Step("split", f"{year} = 100 × {century} + {rest}"))
    steps.append(Step("month_term", f"13 × ({month} + 1) = {product} = 5 × {product // 5} + {product % 5}"))
    steps.append(Step("year_quarter", f"{rest} = 4 × {rest // 4} + {rest % 4}"))
    told = f"{day} + {product // 5} + {rest} + {rest // 4}"
    total = day + product // 5 + rest + rest // 4
    term = 5 * century + century // 4
    if term % _WEEK == 0:
        steps.append(Step("free_century", slots={"century": century, "quarter": century // 4, "term": term}))
    else:
        steps.append(Step("century_quarter", f"{century} = 4 × {century // 4} + {century % 4}"))
        steps.append(Step("century_term", f"5 × {century} + {century // 4} = {term}"))
        told += f" + {term}"
        total += term
    steps.append(Step("total", f"{told} = {total}"))
    steps.append(Step("weeks", f"{total} = 7 × {total // _WEEK} + {total % _WEEK}"))
    answer = _FROM_SUNDAY[total % _WEEK - 1]
    steps.append(Step("from_saturday", slots={"rest": total % _WEEK, "to": Who(answer)}))
    return steps, answer


def _by_anchors(year: int, month: int, day: int) -> tuple[list[Step], str]:
    century, rest = divmod(year, 100)
    anchor = _ANCHOR_OF_CENTURY[century % 4]
    twelves, over = divmod(rest, 12)
    total = anchor + twelves + over + over // 4
    at = _ANCHOR_OF_MONTH[month - 1] + (month <= FEBRUARY and is_leap(year))
    known, weeks = total % _WEEK, 0
    while known + day - at + 7 * weeks < 0:
        weeks += 1
    moved = known + day - at + 7 * weeks
    steps = [
        Step("split", f"{year} = 100 × {century} + {rest}"),
        Step(
            "century_anchor",
            slots={"century_year": 100 * century, "to": Who(_FROM_SUNDAY[anchor]), "rest": anchor},
        ),
        Step("twelves", f"{rest} = 12 × {twelves} + {over}"),
        Step("fours", f"{over} = 4 × {over // 4} + {over % 4}"),
        Step("year_total", f"{anchor} + {twelves} + {over} + {over // 4} = {total}"),
        Step("year_anchor", f"{total} = 7 × {total // _WEEK} + {known}"),
        Step("month_anchor", slots={"month": Who(f"month_{month}"), "at": at, "year": year}),
        Step("moved_on", f"{known} + {day} - {at} + {7 * weeks} = {moved}")
        if weeks
        else Step("moved", f"{known} + {day} - {at} = {moved}"),
        Step("moved_weeks", f"{moved} = 7 × {moved // _WEEK} + {moved % _WEEK}"),
    ]
    answer = _FROM_SUNDAY[moved % _WEEK]
    steps.append(Step("from_sunday", slots={"rest": moved % _WEEK, "to": Who(answer)}))
    return steps, answer


FAMILY = Family(kind="name", draw=draw, solve=solve, methods=("zeller", "anchor_days"), slots=slots)
