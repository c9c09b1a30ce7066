"""The order that the fields give: which step waits for which.

Steps between two structural ones (several records of one, group, ordered, set, draws) form a small graph: a step waits for
the writers of what it reads, and for every pure filter listed before it, so that nothing is paid for a record that is about
to be rejected. Structural steps wait for everything listed before them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tanemaki.core.step import Spec


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run after what; places are indices into the recipe's steps."""

    specs: tuple[Spec, ...]
    waits: tuple[frozenset[int], ...]
    """For each step, all the steps that must be done with the record before."""
    groups: dict[int, int]
    """Place of each step that makes several records of one → place of the group step that gathers them, if any."""

    def is_line(self, start: int, end: int) -> bool:
        """Say whether the steps from ``start`` to before ``end`` can be done one after the other without any call later.

        That is so where each one that takes time waits for all that do and are listed before it.
        """
        slow = [i for i in range(start, end) if self.specs[i].is_async or self.specs[i].heavy]
        return all(before in self.waits[i] for n, i in enumerate(slow) for before in slow[:n])

    @property
    def gates(self) -> tuple[int, ...]:
        """Places of the ordered steps."""
        return tuple(i for i, spec in enumerate(self.specs) if spec.kind == "ordered")

    @property
    def looks_across(self) -> bool:
        """Some step's verdict depends on other records, so that a resumed run must go through all of them again."""
        return any(spec.kind in ("ordered", "set", "draws") for spec in self.specs)


def plan_of(specs: Sequence[Spec]) -> Plan:
    """Return the plan of the steps, which ``Recipe.check`` has found to fit together."""
    waits: list[frozenset[int]] = []
    groups: dict[int, int] = {}
    open_fans: list[int] = []
    barrier = 0
    for i, spec in enumerate(specs):
        if is_structural(spec):
            waits.append(frozenset(range(i)))  # all of them, so that its verdict does not depend on speed
            if spec.kind == "group":
                groups[open_fans.pop()] = i
            if spec.fans_out:
                open_fans.append(i)
            barrier = i + 1
            continue
        needed = set(range(barrier))
        for j in range(barrier, i):
            before = specs[j]
            if before.is_filter or set(before.writes) & set(spec.reads):
                needed |= {j, *waits[j]}
        waits.append(frozenset(needed))
    return Plan(tuple(specs), tuple(waits), groups)


def is_structural(spec: Spec) -> bool:
    """The step waits for other records or makes several of one."""
    return spec.kind != "each" or spec.fans_out
