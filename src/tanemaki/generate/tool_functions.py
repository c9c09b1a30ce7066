"""Results of tools by the user's own Python functions."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from tanemaki.core.errors import SetupError
from tanemaki.core.record import Json
from tanemaki.core.seeding import hex_id
from tanemaki.core.verdict import Reject

_FAULTS = (ArithmeticError, LookupError, TypeError, ValueError, AttributeError, OSError, RuntimeError)
"""What a function may raise for a call that it cannot serve; anything else is a bug in it and ends the run."""


def run_function(path: str, name: str, arguments: Mapping[str, Json]) -> Json | Reject:
    """Return what the function of this name in the file gives, as JSON has it; ``tool_failed`` where it raises.

    Raises ``SetupError`` for a file or a function that is not there. The file is read once.
    """
    function = _function(path, name)
    try:
        return json.loads(json.dumps(function(**arguments), ensure_ascii=False))
    except _FAULTS as error:
        told = json.dumps(arguments, ensure_ascii=False)
        return Reject("tool_failed", f"{type(error).__name__}: {error}"[:200], None, f"{name}({told})"[:200])


@lru_cache(maxsize=64)
def _function(path: str, name: str) -> Callable[..., Json]:
    module = _module(path)
    function = getattr(module, name, None)
    if not callable(function):
        raise SetupError(
            f"the file of functions has none called {name!r}",
            where=f"options.functions: {Path(path).name}",
            next=f"def {name}(…): …",
        )
    found: Callable[..., Json] = function
    return found


@lru_cache(maxsize=8)
def _module(path: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"tanemaki_tools_{hex_id(path)}", path)
    if spec is None or spec.loader is None or not Path(path).is_file():
        raise SetupError(
            "there is no Python file of functions", where="options.functions", got=repr(Path(path).name)
        )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
