"""Word lists and pattern banks that lie beside the code as TSV files.

The first lines start with ``#`` and tell origin and licence; then comes a header line, then one row a line. Cells are taken
as they stand, without quoting.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files


@cache
def read_table(package: str, name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``data/<name>.tsv`` in the package, each by column name. Read once.

    >>> read_table("tanemaki.text", "negation")[0]["language"]
    'ja'
    """
    raw = files(package).joinpath("data", f"{name}.tsv").read_text(encoding="utf-8")
    lines = [line for line in raw.splitlines() if line.strip() and not line.startswith("#")]
    columns = lines[0].split("\t")
    return tuple(dict(zip(columns, line.split("\t"), strict=True)) for line in lines[1:])


@cache
def read_patterns(
    package: str, name: str, languages: tuple[str, ...], **equal: str
) -> tuple[re.Pattern[str], ...]:
    """Return the column ``pattern`` of the rows in these languages, compiled without regard to case.

    ``equal`` keeps only rows whose columns have these values.
    """
    return tuple(
        re.compile(row["pattern"], re.IGNORECASE)
        for row in read_table(package, name)
        if row["language"] in languages and all(row[column] == value for column, value in equal.items())
    )
