"""From gradings to a class, model by model.

Every question is asked k times. A column holds where it held in **more than half** of the gradings (``majority``, the
default: models err at some rate), or in all of them (``all``). Half and half settles no majority, and the model then is
unclassified unless no rule needs that column: ask an odd number of times.

==============  ============================================================================================
class           the rule
==============  ============================================================================================
high            free, by enumeration and by the complement when told: all right
learnt          free right, by the complement; enumeration wrong: the technique was learnt, and carries
can_use         free wrong, by the complement when told right: it can be used if somebody names it
low             wrong in all three, even when told
unclassified    everything else: free right without the complement, but wrong when told, and the like
==============  ============================================================================================

The concept does not decide about the class; it stands in the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tanemaki.verify.maths_probe.grade import Graded
from tanemaki.verify.maths_probe.items import Form

ProbeClass = Literal["high", "learnt", "can_use", "low", "unclassified"]
CLASSES: tuple[ProbeClass, ...] = ("high", "learnt", "can_use", "low", "unclassified")
Needs = Literal["majority", "all"]


@dataclass(frozen=True, slots=True)
class Profile:
    """What a model can do; None where its gradings do not settle it."""

    concept: bool | None
    free: bool | None
    used_complement: bool | None
    """Whether its right free answers went by the complement; False where there is none."""
    enumerate: bool | None
    complement: bool | None


@dataclass(frozen=True, slots=True)
class Row:
    """One model in the table."""

    model: str
    profile: Profile
    shares: Mapping[str, str]
    """Column → how many of how many gradings, as ``4/5``."""
    class_: ProbeClass


def class_of(profile: Profile) -> ProbeClass:
    """Return the class of a profile.

    >>> class_of(Profile(True, True, True, False, True)), class_of(Profile(True, True, False, True, False))
    ('learnt', 'unclassified')
    """
    free, listed, told = profile.free, profile.enumerate, profile.complement
    if free is True and listed is True and told is True:
        return "high"
    if free is True and profile.used_complement is True and listed is False:
        return "learnt"
    if free is False and told is True:
        return "can_use"
    if free is False and listed is False and told is False:
        return "low"
    return "unclassified"


def profile_of(gradings: Iterable[Graded], needs: Needs = "majority") -> Profile:
    """Return what k repeated gradings settle. Columns without a grading are not settled."""
    kept = list(gradings)
    free = [one for one in kept if one.form == "free"]
    right = ["complement" in one.techniques for one in free if one.is_right]
    return Profile(
        concept=_settled(_of(kept, "concept"), needs),
        free=_settled([one.is_right for one in free], needs),
        used_complement=_settled(right, needs) if right else False,
        enumerate=_settled(_of(kept, "enumerate"), needs),
        complement=_settled(_of(kept, "complement"), needs),
    )


def tabulate(gradings: Mapping[str, Sequence[Graded]], needs: Needs = "majority") -> list[Row]:
    """Return a row for each model, in the order given."""
    rows = []
    for model, own in gradings.items():
        profile = profile_of(own, needs)
        columns = {form: _of(own, form) for form in ("concept", "free", "enumerate", "complement")}
        columns["used_complement"] = [
            "complement" in one.techniques for one in own if one.form == "free" and one.is_right
        ]
        shares = {name: f"{sum(values)}/{len(values)}" for name, values in columns.items()}
        rows.append(Row(model, profile, shares, class_of(profile)))
    return rows


def as_markdown(rows: Sequence[Row]) -> str:
    """Return the table as Markdown.

    >>> print(as_markdown([]))
    | model | concept | free | used complement | enumeration | complement when told | class |
    |---|---|---|---|---|---|---|
    """
    lines = [
        "| model | concept | free | used complement | enumeration | complement when told | class |",
        "|---|---|---|---|---|---|---|",
    ]
    names = ("concept", "free", "used_complement", "enumerate", "complement")
    for row in rows:
        cells = (row.model.replace("|", "\\|"), *(row.shares[name] for name in names), row.class_)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _of(gradings: Iterable[Graded], form: Form) -> list[bool]:
    return [one.is_right for one in gradings if one.form == form]


def _settled(values: Sequence[bool], needs: Needs) -> bool | None:
    if not values:
        return None
    if needs == "all":
        return all(values)
    return None if 2 * sum(values) == len(values) else 2 * sum(values) > len(values)
