"""A model that gives the rows of ``support.runs.numbers(4)`` four ends: kept, too short, refused, kept at the second try."""

from __future__ import annotations

from collections import Counter

from tanemaki.core.errors import ModelError
from tanemaki.core.model import Reply, Request, Usage
from tanemaki.models.scripted import Scripted, last_text

SAID = "秘密の返事"


def four_ends() -> Scripted:
    """Return the model, which has been asked nothing yet."""
    tried: Counter[str] = Counter()

    def reply(request: Request) -> Reply:
        text = last_text(request)
        tried[text] += 1
        if text.startswith("2番目"):
            return Reply("短", usage=Usage(7, 1))
        if text.startswith("3番目"):
            raise ModelError(f"refused: {SAID}", fault="content_refused")
        if text.startswith("4番目") and tried[text] == 1:
            raise ModelError("busy", fault="overloaded", retryable=True, retry_after_s=0)
        return Reply(SAID, usage=Usage(7, 5))

    return Scripted(reply)
