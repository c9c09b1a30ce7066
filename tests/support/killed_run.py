"""A run as a process of its own, to be killed: ``python killed_run.py FOLDER URL ROWS WORKERS``.

The recipe has steps of three kinds, so that a kill may fall between children, at a group or in an ordered step.
"""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[:0] = [str(TESTS), str(TESTS.parent / "src")]

from support.runs import numbers  # noqa: E402 - run as a script, the path is not known before
from support.steps import Best, Draft, Keep, Unlike  # noqa: E402 - the same
from tanemaki.config.schema import ModelSettings  # noqa: E402 - the same
from tanemaki.core.recipe import Recipe  # noqa: E402 - the same
from tanemaki.core.step import Asker, heavy  # noqa: E402 - the same
from tanemaki.models import open_model  # noqa: E402 - the same
from tanemaki.run.execute import execute  # noqa: E402 - the same
from tanemaki.run.order import order_of  # noqa: E402 - the same
from tanemaki.run.report import Report  # noqa: E402 - the same
from tanemaki.sources.given import Given  # noqa: E402 - the same

N_SOURCE = 70
CONCURRENCY = 8
RECIPE = Recipe(
    needs=("question",),
    steps=(
        Draft(3),
        heavy(Keep("draft", 0.7)),
        Best(),
        Unlike("best", 64, 2),
        heavy(Keep("best", 0.8, name="last")),
    ),
    name="killed",
)


async def closing(best: str, *, writer: Asker) -> str:
    """Ask once more after the group."""
    return str((await writer(f"結び {best}")).text)


def work(folder: Path, url: str, rows: int | None, workers: int = 0) -> Report:
    """Run the recipe against a server over the whole source, or until so many rows are accepted."""
    settings = ModelSettings(endpoint=url, name="tane", concurrency=CONCURRENCY)
    recipe = Recipe(needs=RECIPE.needs, steps=(*RECIPE.steps, closing), name=RECIPE.name)
    order = order_of(
        recipe,
        Given(numbers(N_SOURCE)),
        {"writer": open_model("writer", settings, Path())},
        folder,
        rows=rows,
        workers=workers,
        settings={"writer": settings},
    )
    return execute(order)


if __name__ == "__main__":
    print(work(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) or None, int(sys.argv[4])).state)  # noqa: T201 - a script says how it ended
