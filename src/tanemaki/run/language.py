"""A run whose rows are in the wrong language: the message says so, and whose model it is."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.errors import LimitReached
from tanemaki.run.order import Order

REASON = "wrong_language"
_NAMES = {"ja": "Japanese", "en": "English"}


def share_in_wrong_language(reasons: Mapping[tuple[str, str], int], n_ended: int) -> float:
    """Return which share of the rows that ended were rejected for their language, 0 to 1.

    >>> share_in_wrong_language({("messages", "wrong_language"): 60, ("messages", "cut"): 4}, 64)
    0.9375
    """
    wrong = sum(n for (_, reason), n in reasons.items() if reason == REASON)
    return wrong / n_ended if n_ended else 0.0


def about_language(order: Order, reasons: Mapping[tuple[str, str], int]) -> str:
    """Return the sentence that names the roles whose model does not write the language of the run."""
    steps = {step for step, reason in reasons if reason == REASON}
    roles = dict.fromkeys(role for spec in order.recipe.specs if spec.name in steps for role in spec.roles)
    roles = roles or dict.fromkeys(order.recipe.roles)  # a filter asks nobody: any of the roles may have written it
    names = [
        f"{role!r} ({order.models[role].name or 'the embedded one'})"
        for role in roles
        if role in order.models
    ]
    who = f"the model of {' and '.join(names)}" if names else "the model"
    return f"{who} does not write {_NAMES.get(order.language, order.language)}"


def told_in_full(error: LimitReached, order: Order, reasons: Mapping[tuple[str, str], int]) -> LimitReached:
    """Return the error, or a clearer one where most rows that were refused are in the wrong language."""
    refused = sum(reasons.values())
    if share_in_wrong_language(reasons, refused) <= 0.5:  # noqa: PLR2004 - most of them
        return error
    return LimitReached(
        f"{about_language(order, reasons)}, the language of the run",
        where=str(order.output),
        got=f"{error.what}; {error.got}" if error.got else error.what,
        next="bind that role to a model that writes it, in another output folder; `tanemaki view RUN --reason "
        "wrong_language` shows what it wrote",
    )
