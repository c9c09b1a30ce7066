"""The steps that know need no network, no model and no heavy package: loading all of them loads none."""

from __future__ import annotations

import subprocess
import sys

LOAD_ALL = """
import importlib, pkgutil, sys
import tanemaki.verify
names = [one.name for one in pkgutil.walk_packages(tanemaki.verify.__path__, "tanemaki.verify.")]
for name in names:
    if not name.endswith((".inside", ".warm")):  # these are run in the sandbox's process, not imported
        importlib.import_module(name)
print(len(names), *sorted({one.split(".")[0] for one in sys.modules}))
"""
HEAVY = frozenset(
    {
        "aiohttp",
        "asyncio",
        "click",
        "datasets",
        "duckdb",
        "gguf",
        "huggingface_hub",
        "jinja2",
        "lxml",
        "numpy",
    }
    | {
        "ortools",
        "pandas",
        "pyarrow",
        "pydantic",
        "requests",
        "rich",
        "ruamel",
        "ssl",
        "sympy",
        "torch",
        "trl",
    }
    | {"uvloop", "xllamacpp"}
)


def test_loading_everything_that_verifies_loads_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", LOAD_ALL], capture_output=True, text=True, check=True)
    n_modules, *loaded = done.stdout.split()
    assert int(n_modules) > 300
    assert sorted(HEAVY & set(loaded)) == []
    assert {name for name in loaded if name.startswith("tanemaki")} == {"tanemaki"}
