"""One call a row: what a request costs.

For: the benchmark of the engine. Source: ours.
"""

from tanemaki.core.recipe import Recipe
from tanemaki.generate.ask import Ask

RECIPE = Recipe(needs=("prompt",), steps=(Ask("answer", of="writer", given=("prompt",)),))
