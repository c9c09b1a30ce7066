"""Where the first records come from: a sampler of personas, files, documents, data sets of the Hub.

:func:`open_source` is the one way in. What a file's rows look like is found by themselves, and the user's columns are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tanemaki.config.schema import SourceSettings
from tanemaki.core.errors import SetupError
from tanemaki.core.source import Source

Opener = Callable[[SourceSettings, Path], Source]

__all__ = ["open_source"]


def open_source(settings: SourceSettings, language: str, seed: int, base: Path) -> Source:
    """Return the source that the run file names; ``base`` is the folder that its paths are relative to.

    Raises ``SetupError`` for what is missing, with the nearest right name, before any call is made.
    """
    if settings.kind == "personas":
        return _personas(language, seed)
    return _OPENERS[settings.kind](settings, base)


def _personas(language: str, seed: int) -> Source:
    from tanemaki.sources.personas import Personas

    if language not in ("ja", "en"):
        raise SetupError(
            "there are no personas in this language", where="language", got=repr(language), next="ja or en"
        )
    return Personas(language="ja" if language == "ja" else "en", seed=seed)


def _count(settings: SourceSettings, base: Path) -> Source:  # noqa: ARG001 - an opener
    from tanemaki.sources.count import Count

    return Count()


def _jsonl(settings: SourceSettings, base: Path) -> Source:
    from tanemaki.sources.jsonl import JsonLines
    from tanemaki.sources.table import Table

    return Table("jsonl", JsonLines(settings.path, base), settings)


def _csv(settings: SourceSettings, base: Path) -> Source:
    from tanemaki.sources.csv_table import CsvTable
    from tanemaki.sources.table import Table

    return Table("csv", CsvTable(settings.path, base), settings)


def _parquet(settings: SourceSettings, base: Path) -> Source:
    from tanemaki.sources.parquet import ParquetTable
    from tanemaki.sources.table import Table

    return Table("parquet", ParquetTable(settings.path, base), settings)


def _hub(settings: SourceSettings, base: Path) -> Source:
    from tanemaki.sources.hub import HubTable
    from tanemaki.sources.table import Table

    return Table("hub", HubTable(settings, base), settings)


def _persona_file(settings: SourceSettings, base: Path) -> Source:
    from tanemaki.sources.persona_files import finepersonas, persona_hub, reader_of
    from tanemaki.sources.table import Table

    find = finepersonas if settings.kind == "finepersonas" else persona_hub
    return Table(settings.kind, reader_of(settings, base), settings, find=find)


def _documents(settings: SourceSettings, base: Path) -> Source:
    from tanemaki.sources.documents import Documents

    return Documents(
        settings.path or "",
        base,
        licence=settings.licence,
        chars_min=settings.chars_min,
        chars_max=settings.chars_max,
        together=settings.together,
    )


_OPENERS: Mapping[str, Opener] = {
    "count": _count,
    "jsonl": _jsonl,
    "csv": _csv,
    "parquet": _parquet,
    "hub": _hub,
    "finepersonas": _persona_file,
    "persona_hub": _persona_file,
    "documents": _documents,
}
