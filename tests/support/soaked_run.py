"""One start of a drawn run as a process of its own, to be disturbed: ``python soaked_run.py FOLDER URL SEED ORDER``.

``ORDER`` is JSON: requests allowed, workers, concurrency. Exit codes are those of the command line.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

TESTS = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[:0] = [str(TESTS), str(TESTS.parent / "src")]

from support.drawn import recipe_of, shape_of  # noqa: E402 - run as a script, the path is not known before
from support.runs import numbers  # noqa: E402 - the same
from tanemaki.config.schema import Limits, ModelSettings  # noqa: E402 - the same
from tanemaki.core.errors import TanemakiError  # noqa: E402 - the same
from tanemaki.core.recipe import Recipe  # noqa: E402 - the same
from tanemaki.core.seeding import Draw  # noqa: E402 - the same
from tanemaki.models import open_model  # noqa: E402 - the same
from tanemaki.run.execute import execute  # noqa: E402 - the same
from tanemaki.run.order import order_of  # noqa: E402 - the same
from tanemaki.run.report import Report  # noqa: E402 - the same
from tanemaki.sources.given import Given  # noqa: E402 - the same

RETRIES = 8


@dataclass(frozen=True)
class Soaked:
    """What a seed draws."""

    recipe: Recipe
    n_source: int
    rows: int | None

    @classmethod
    def of(cls, seed: int) -> Self:
        draw = Draw("soaked", seed)
        recipe = recipe_of(shape_of(draw), spread=draw.uniform() < 0.3)
        n_source = 15 + draw.below(50)
        return cls(recipe, n_source, 1 + draw.below(25) if draw.uniform() < 0.5 else None)


def start(folder: Path, url: str, seed: int, said: dict[str, Any]) -> Report:
    """Start the run once."""
    soaked = Soaked.of(seed)
    model = ModelSettings(
        endpoint=url, name="tane", concurrency=said["concurrency"], retries=RETRIES, timeout_s=3.0
    )
    order = order_of(
        soaked.recipe,
        Given(numbers(soaked.n_source)),
        {"writer": open_model("writer", model, Path())},
        folder,
        rows=soaked.rows,
        workers=said["workers"],
        settings={"writer": model},
        limits=Limits(requests=said["requests"], failed_share=None, accepted_share=None),
    )
    return execute(order)


if __name__ == "__main__":
    try:
        report = start(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4]))
    except TanemakiError as error:
        sys.stderr.write(str(error))
        sys.exit(error.exit_code)
    assert report.accounting.balances
    sys.exit(report.exit_code)
