"""What a user gets for a source that cannot be opened: one message with the nearest right name."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from support.sources import opened, write_lines
from tanemaki.config.schema import SourceSettings
from tanemaki.core.errors import SetupError
from tanemaki.core.seeding import hex_id
from tanemaki.sources import open_source
from tanemaki.sources.files import find_files


@pytest.mark.parametrize(
    ("path", "told", "advice"),
    [
        ("dialoges.jsonl", "there is no such file", "did you mean 'dialogues.jsonl'?"),
        ("dta/rows.jsonl", "there is no such file", "did you mean 'data'?"),
        ("zzz", "there is no such file", "check the path; it is relative to the run file's folder"),
        ("*.ndjson", "there is no such file", "check the path; it is relative to the run file's folder"),
        ("data", "the folder holds no file of this kind", "a file must end in .jsonl or "),
        ("dialogues.jsonl.zst", "this packing is not read", "unpack it, or pack it with gzip"),
    ],
)
def test_a_path_that_leads_nowhere_is_said_with_the_nearest_name(
    tmp_path: Path, path: str, told: str, advice: str
) -> None:
    (tmp_path / "data").mkdir()
    write_lines(tmp_path / "dialogues.jsonl", [{"text": "a"}])
    (tmp_path / "dialogues.jsonl.zst").write_bytes(b"x")
    with pytest.raises(SetupError) as caught:
        opened(tmp_path, "jsonl", path=path)
    assert caught.value.what == told
    assert str(caught.value.next).startswith(advice)


def test_a_damaged_packed_file_is_a_matter_of_set_up(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl.gz").write_bytes(b"\x1f\x8b\x08\x00 not really gzip")
    with pytest.raises(SetupError) as caught:
        opened(tmp_path, "jsonl", path="rows.jsonl.gz")
    assert (caught.value.what, caught.value.where) == ("the file cannot be read", "rows.jsonl.gz")


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_a_packed_file_that_was_cut_short_is_said_when_its_end_is_reached(tmp_path: Path, kind: str) -> None:
    whole = gzip.compress("".join(f"文{hex_id(n)}\n" for n in range(20_000)).encode())
    (tmp_path / f"rows.{kind}.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SetupError) as caught:
        list(opened(tmp_path, kind, path=f"rows.{kind}.gz").items())
    assert (caught.value.what, caught.value.where) == ("the file cannot be read", f"rows.{kind}.gz")
    assert caught.value.got == "Compressed file ended before the end-of-stream marker was reached"


def test_a_source_without_a_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="the source needs a path"):
        find_files(None, tmp_path, (".jsonl",))


def test_an_absolute_path_is_taken_as_it_is(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "rows.jsonl", [{"text": "a"}])
    assert opened(tmp_path / "elsewhere", "jsonl", path=str(path)).size == 1


def test_personas_are_opened_by_language_and_seed(tmp_path: Path) -> None:
    settings = SourceSettings(kind="personas")
    source = open_source(settings, "ja", 7, tmp_path)
    assert (source.kind, source.unlimited, source.distinct) == ("personas", True, True)
    assert open_source(settings, "ja", 8, tmp_path).fingerprint != source.fingerprint
    assert open_source(settings, "en", 7, tmp_path).fingerprint != source.fingerprint


def test_personas_in_another_language_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="there are no personas in this language"):
        open_source(SourceSettings(kind="personas"), "fr", 7, tmp_path)


def test_opening_a_jsonl_source_loads_neither_duckdb_nor_datasets(tmp_path: Path) -> None:
    write_lines(tmp_path / "rows.jsonl", [{"text": "a"}])
    program = (
        "import sys; from pathlib import Path; from tanemaki.sources import open_source\n"
        "from tanemaki.config.schema import SourceSettings\n"
        f"open_source(SourceSettings(kind='jsonl', path='rows.jsonl'), 'ja', 0, Path({str(tmp_path)!r}))\n"
        "print(sorted({'duckdb', 'datasets', 'pyarrow', 'huggingface_hub'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_missing_extra_is_named_with_the_line_that_installs_it(tmp_path: Path) -> None:
    # None in sys.modules is how Python itself marks a module that cannot be imported
    program = (
        "import sys; sys.modules['datasets'] = None\n"
        "from pathlib import Path; from tanemaki.sources import open_source\n"
        "from tanemaki.config.schema import SourceSettings\n"
        "from tanemaki.core.errors import SetupError\n"
        "try: open_source(SourceSettings(kind='hub', name='x/y'), 'ja', 0, Path('.'))\n"
        "except SetupError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout == (
        "SetupError: a source of kind hub needs the library datasets\n"
        "  where   source.kind\n"
        "  got     it is not installed\n"
        '  next    pip install "tanemaki[hub]", or use kind: parquet or jsonl with files\n'
    )
