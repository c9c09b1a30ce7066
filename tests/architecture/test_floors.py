"""The architecture as one table: a module imports only from lower floors, and folders on one floor never each other.

Every import counts: inside functions, for type checkers alone, and by a module's name in a table.
"""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import pytest

from support.source_tree import Import, Module, modules

FLOORS = (
    ("core",),
    ("text", "config"),
    ("sources", "clean", "generate", "verify", "judge", "select", "datasets", "models", "engine"),
    ("recipes", "train", "evaluate", "report"),
    ("run",),
    ("loop",),
    ("cli", "web"),
    ("", "__main__"),
)
"""The package itself stands on top: it re-exports."""

BANS = dict.fromkeys(("recipes", "train", "evaluate", "report"), ("engine", "models"))
"""Besides the floors: what writes, trains and measures meets models and engine in ``run`` alone."""

FLOOR_OF = {name: floor for floor, names in enumerate(FLOORS) for name in names}


def own_imports(module: Module) -> list[tuple[str, Import]]:
    """What a module imports of this package: the unit, and the import."""
    own = [one for one in module.imports if one.module.split(".")[0] == "tanemaki"]
    # The version is the one thing that everybody may read off the package itself.
    return [(([*one.module.split("."), ""])[1], one) for one in own if one.module != "tanemaki"]


def faults_of(module: Module) -> list[str]:
    faults = []
    for unit, one in own_imports(module):
        same_floor = FLOOR_OF.get(unit) == FLOOR_OF[module.unit] and unit != module.unit
        upward = FLOOR_OF.get(unit, 99) > FLOOR_OF[module.unit]
        if upward or same_floor or unit in BANS.get(module.unit, ()):
            faults.append(f"{module.path.name}:{one.line} imports {one.module}")
    return faults


def test_every_folder_has_a_floor() -> None:
    assert {module.unit for module in modules()} <= set(FLOOR_OF)


@pytest.mark.parametrize("module", modules(), ids=str)
def test_a_module_imports_from_lower_floors_alone(module: Module) -> None:
    assert faults_of(module) == []


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    # The package itself is read for its version alone; and a module may hold its own name, by which its draws are named.
    known = {module.name for module in modules()} - {"tanemaki"}
    graph = {
        module.name: ({one.module for one in module.imports} & known) - {module.name} for module in modules()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' ← '.join(error.args[1])}")


@pytest.mark.parametrize(
    ("unit", "module", "fault"),
    [
        ("core", "tanemaki.text.counts", True),
        ("engine", "tanemaki.models.local", True),
        ("recipes", "tanemaki.engine.schedule", True),
        ("clean", "tanemaki.cli.main", True),
        ("engine", "tanemaki.engine.journal", False),
        ("recipes", "tanemaki.clean.filters.length", False),
        ("run", "tanemaki.models.local", False),
        ("engine", "tanemaki.nowhere", True),
    ],
)
def test_the_table_finds_what_it_is_for(unit: str, module: str, *, fault: bool) -> None:
    one = modules()[0]
    planted = Module(f"tanemaki.{unit}.planted", one.path, one.tree, (Import(module, 1, lazy=True),))
    assert bool(faults_of(planted)) is fault
