"""The schema of run files for editors: completion and a red line under a misspelt key while one types.

``python -m tanemaki.config.schema_json FILE`` writes it; a test holds the copy in ``docs/generated`` fresh.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tanemaki.config.schema import RunFile


def editor_schema() -> dict[str, Any]:
    """Return the JSON schema of a run file, ``extends`` and ``grid`` included.

    A file that extends another may leave out what that one says, so nothing is required of it.

    >>> sorted(set(editor_schema()["properties"]) - set(RunFile.model_fields))
    ['extends', 'grid']
    """
    schema = RunFile.model_json_schema()
    schema["title"] = "Tanemaki run file"
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["properties"]["extends"] = {
        "type": "string",
        "description": "base file, relative to this one; what this file says is stronger",
    }
    schema["properties"]["grid"] = {
        "type": "object",
        "description": "dotted key → list of values: every combination is a run of its own",
        "additionalProperties": {"type": "array", "minItems": 1},
    }
    required = schema.pop("required")
    schema["anyOf"] = [{"required": required}, {"required": ["extends"]}]
    return schema


def schema_text() -> str:
    """Return the schema as the generated file holds it."""
    return json.dumps(editor_schema(), ensure_ascii=False, indent=2) + "\n"


def main(arguments: list[str]) -> int:
    """Write the schema to the one file that is named. Returns the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m tanemaki.config.schema_json FILE\n")
        return 2
    Path(arguments[0]).write_text(schema_text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
