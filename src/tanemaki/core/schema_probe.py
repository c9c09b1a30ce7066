"""Does an endpoint obey a JSON schema, or only accept it? Asked by a question whose obeyed reply cannot be mistaken."""

from __future__ import annotations

from typing import Literal

from tanemaki.core.model import Reply, Request, Sampling
from tanemaki.core.record import Json

Finding = Literal["yes", "ignored", "refused", "unclear"]
"""``unclear``: the reply fits an endpoint that obeys as well as one that does not."""

COLOURS = ("zuqvib", "krolmet")
"""No colours: nobody says one of them who is not made to."""
COLOUR_SCHEMA: dict[str, Json] = {
    "type": "object",
    "properties": {"colour": {"type": "string", "enum": list(COLOURS)}},
    "required": ["colour"],
    "additionalProperties": False,
}


def schema_question(max_tokens: int) -> Request:
    """Return the request that finds it out.

    >>> schema_question(64).response_format["type"]
    'json_schema'
    """
    wanted = {
        "type": "json_schema",
        "json_schema": {"name": "colour", "strict": True, "schema": COLOUR_SCHEMA},
    }
    return Request(
        [{"role": "user", "content": "Name a colour."}],
        sampling=Sampling(temperature=0.0, max_tokens=max_tokens),
        response_format=wanted,
    )


def schema_finding(reply: Reply) -> Finding:
    """Return what the reply to :func:`schema_question` tells.

    >>> schema_finding(Reply('{"colour": "zuqvib"}')), schema_finding(Reply('{"colour": "藍色"}'))
    ('yes', 'ignored')
    """
    if any(word in reply.text for word in COLOURS):
        return "yes"
    return "unclear" if reply.cut_while_thinking or reply.was_cut else "ignored"
