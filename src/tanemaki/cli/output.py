"""Standard output: the result, as text or as JSON."""

from __future__ import annotations

import json
import sys
from typing import Any


def write_json(value: Any, *, line: bool = False) -> None:
    """Print one JSON document, or one line of several."""
    text = json.dumps(value, ensure_ascii=False, indent=None if line else 2, default=str)
    sys.stdout.write(text + "\n")


def write(text: str = "") -> None:
    """Print a text."""
    sys.stdout.write(text + "\n")
