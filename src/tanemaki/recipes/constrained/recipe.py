"""Instructions with one to four format orders that a program can check; only obeyed replies are kept.

For: instruction following; replies in JSON, tables, lists, given lengths, given beginnings and ends, and reward signals
that need no judge (each row names its orders, so that anyone can check again).
Source: the format orders of Tanuki's method B and phase-1 sets and their checks; the idea of verifiable
instructions from "Instruction-Following Evaluation for Large Language Models" (arXiv 2311.07911).
Differs: orders stand in the first request and not only in a second turn; they are drawn per row with replacement, with
their parameters and wording, and never together where no text could obey both; every order has a checker, and the one for
ends looks at the end; Japanese is checked as Japanese (characters, sentences, です・ます); the parser's own message is kept.
"""

from __future__ import annotations

from tanemaki.clean.filters.boilerplate import Boilerplate
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe
from tanemaki.generate.as_messages import AsMessages
from tanemaki.generate.ask_repair import AskRepair
from tanemaki.verify.draw_orders import DrawOrders
from tanemaki.verify.obeys import Obeys

_MOST = 4  # Tanuki's method B: one to four orders; more are hardly ever obeyed together


def build(language: str, *, orders_min: int = 1, orders_max: int = 4, repair: bool = False) -> Recipe:
    """Return the recipe; the number of orders is drawn per row, ``repair`` sends a reply back once."""
    if not 1 <= orders_min <= orders_max <= _MOST:
        raise SetupError(
            f"the number of orders goes from orders_min, 1 or more, up to orders_max, {_MOST} or fewer",
            where="options",
            got=f"orders_min {orders_min}, orders_max {orders_max}",
            next="e.g. orders_min: 1, orders_max: 3",
        )
    return Recipe(
        needs=("instruction",),
        steps=(
            DrawOrders("prompt", given="instruction", low=orders_min, high=orders_max),
            AskRepair(
                "response",
                of="writer",
                given=("prompt",),
                filters=(Refusal("response", language), Boilerplate("response", language, asked="prompt")),
                check=Obeys("response", language),
                repair=repair,
                sampling=Sampling(temperature=0.3, max_tokens=2048),
            ),
            AsMessages("messages", user="prompt", assistant="response"),
        ),
        hidden=("prompt", "response"),
    )
