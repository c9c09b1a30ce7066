"""How a start of a run ended.

One start ends in one of these ways:

==================  ====  ==========================================================================
state               exit  meaning
==================  ====  ==========================================================================
``complete``        0     the wanted rows are there, or the source is used up and none were named
``nothing_to_do``   0     it was complete before: nothing was sent
``short``           4     the source is used up and holds fewer rows than were wanted
``waiting``         0     requests were written into files: goes on when their replies are there
``stopped``         130   asked to stop (Ctrl-C, SIGTERM); goes on when started again
==================  ====  ==========================================================================

Anything else is raised: :class:`~tanemaki.core.errors.LimitReached`, ``ModelError``, ``SetupError``, ``RecipeError``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tanemaki.engine.accounting import Accounting
from tanemaki.engine.quotas import Stratum
from tanemaki.engine.stats import Stats
from tanemaki.run.export import Exported
from tanemaki.run.foretold import Compared

State = Literal["complete", "nothing_to_do", "short", "waiting", "stopped"]
EXIT_CODES: Mapping[State, int] = {
    "complete": 0,
    "nothing_to_do": 0,
    "short": 4,
    "waiting": 0,
    "stopped": 130,
}


@dataclass(slots=True)
class Report:
    """How a start of a run ended."""

    state: State
    folder: Path
    accounting: Accounting
    stats: Stats
    wanted: int | None
    exported: Exported | None = None
    written: Mapping[Path, int] = field(default_factory=dict)
    """Files of requests that were written, with how many there are in each."""
    strata: Mapping[str, Stratum] = field(default_factory=dict)
    """What there is of each stratum; empty for a run without quotas."""
    foretold: tuple[Compared, ...] = ()
    """How well the forecast did that was made before the run; empty where none was."""

    @property
    def exit_code(self) -> int:
        """0, 4 or 130."""
        return EXIT_CODES[self.state]

    def to_json(self) -> dict[str, Any]:
        """Return the report for machines."""
        return {
            "state": self.state,
            "folder": str(self.folder),
            "wanted": self.wanted,
            "accounting": self.accounting.to_json(),
            "balances": self.accounting.balances,
            "this_start": self.stats.to_json(),
            "files": [str(path) for path in self.exported.paths] if self.exported else [],
            "requests": {str(path): n for path, n in self.written.items()},
            "forecast": {one.name: one.to_json() for one in self.foretold} or None,
            "strata": {name: one.to_json() for name, one in self.strata.items()},
        }
