"""A run whose rows are in the wrong language: the message says so, and whose model it is."""

from __future__ import annotations

import os
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
    roles = roles or dict.fromkeys(
        order.recipe.roles
    )  # a filter asks nobody: any of the roles may have written it
    names = [
        f"{role!r} ({order.models[role].name or 'the embedded one'})"
        for role in roles
        if role in order.models
    ]
    who = f"the model of {' and '.join(names)}" if names else "the model"
    return f"{who} does not write {_NAMES.get(order.language, order.language)}"


def told_in_full(error: LimitReached, order: Order, reasons: Mapping[tuple[str, str], int]) -> LimitReached:
    """Return the error, or a clearer one where most rows that were refused are in the wrong language."""
    mostly = share_in_wrong_language(reasons, sum(reasons.values())) > 0.5  # noqa: PLR2004 - most of them
    if not mostly and not writes_only_english(order):
        return error
    return LimitReached(
        f"{about_language(order, reasons)}, the language of the run",
        where=str(order.output),
        got=f"{error.what}; {error.got}" if error.got else error.what,
        next="bind that role to a model that writes it, in another output folder; `tanemaki view RUN --part "
        "rejected` shows what it wrote",
    )


def warning(order: Order) -> str | None:
    """Return what should be said before a run in a language that the demo's model does not write; None if all is well.

    >>> _english_only_name("SmolLM2-135M-Instruct.F16"), _english_only_name("TinySwallow-1.5B-Instruct")
    (True, False)
    """
    asked = _default_roles(order)
    if order.language == "en" or not asked:
        return None
    return (
        f"the demo's model (role {asked[0]!r}) writes English only: its rows will be rejected; name a GGUF file that writes "
        f"{_NAMES.get(order.language, order.language)} under models.{asked[0]} (hub and hub_file, or file)"
    )


def writes_only_english(order: Order) -> bool:
    """Say whether the demo's model is to write another language, which it cannot.

    Such a model's attempts at Japanese are cut or lack their marker more often than they are recognisably English.
    """
    if order.language == "en":
        return False
    return bool(_default_roles(order)) or any(
        _english_only_name(model.name) for model in order.models.values()
    )


def _default_roles(order: Order) -> list[str]:
    """Return the roles that are bound to the demo's model."""
    if os.environ.get("TANEMAKI_MODEL_FILE"):
        return []
    return [role for role, one in order.settings.items() if one.kind == "local" and not (one.file or one.hub)]


def _english_only_name(name: str) -> bool:
    return name.startswith("SmolLM2-")
