"""Finding the files of a source, and reading their bytes."""

from __future__ import annotations

import glob
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tanemaki.core.errors import SetupError, nearest

_CHUNK_BYTES = 1 << 20

READ_ERRORS = (OSError, EOFError, zlib.error)
"""What reading a file may raise: a disk, a file cut short, damaged packing."""


def find_files(path: str | None, base: Path, endings: Sequence[str]) -> tuple[Path, ...]:
    """Return the files that ``path`` names, relative to ``base``: one file, a folder's, or a glob's, in sorted order.

    Of a folder, only files with one of the endings count, at any depth; hidden ones do not. A single file may be called as
    it likes. Raises ``SetupError`` where there is nothing, with the nearest name that is there.
    """
    if not path:
        raise SetupError(
            "the source needs a path", where="source.path", next="name a file, a folder or a glob"
        )
    full = base / Path(path).expanduser()
    if full.is_file():
        return (full,)
    if full.is_dir():
        found = [
            file for file in full.rglob("*") if file.name.endswith(tuple(endings)) and _is_shown(file, full)
        ]
    else:
        # an existing name with brackets in it was taken above, before they could mean a pattern
        found = [Path(name) for name in glob.glob(str(full), recursive=True)]  # noqa: PTH207 - absolute patterns too
    files = tuple(sorted(file for file in found if file.is_file()))
    if files:
        return files
    raise SetupError(
        "the folder holds no file of this kind" if full.is_dir() else "there is no such file",
        where="source.path",
        got=repr(path),
        next=_advice(full, endings),
    )


def _is_shown(file: Path, folder: Path) -> bool:
    return not any(part.startswith(".") for part in file.relative_to(folder).parts)


def _advice(full: Path, endings: Sequence[str]) -> str:
    if full.is_dir():
        return f"a file must end in {' or '.join(endings)}"
    folder = next(parent for parent in full.parents if parent.is_dir())
    lost = full.relative_to(folder).parts[0]
    near = nearest(lost, sorted(file.name for file in folder.iterdir()))
    return f"did you mean {near!r}?" if near else "check the path; it is relative to the run file's folder"


def open_bytes(file: Path) -> gzip.GzipFile | io.BufferedReader:
    """Open a file for reading; one that ends in ``.gz`` is unpacked on the way."""
    if file.name.endswith((".zst", ".bz2", ".xz", ".zip")):
        raise SetupError("this packing is not read", where=file.name, next="unpack it, or pack it with gzip")
    return gzip.open(file, "rb") if file.name.endswith(".gz") else file.open("rb")


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass over the bytes tells."""

    digest: str
    n_lines: int
    """Lines that are not blank."""


def scan(files: Sequence[Path]) -> Scan:
    """Return the hash of the files' names and contents, and the number of their lines.

    Cost: one pass over the bytes.
    """
    hasher = hashlib.blake2b(digest_size=16)
    n_lines = 0
    for file in files:
        hasher.update(f"{len(file.name)}:{file.name}:".encode("utf-8", "surrogateescape"))
        try:
            with open_bytes(file) as stream:
                for line in stream:
                    hasher.update(line)
                    n_lines += not line.isspace()
        except READ_ERRORS as error:
            raise unreadable(file, error) from error
        hasher.update(b"\0end")
    return Scan(hasher.hexdigest(), n_lines)


def digest_of(files: Sequence[Path]) -> str:
    """Return the hash of the names and contents of files without lines. Cost: one pass over the bytes."""
    hasher = hashlib.blake2b(digest_size=16)
    for file in files:
        hasher.update(
            f"{len(file.name)}:{file.name}:{file.stat().st_size}:".encode("utf-8", "surrogateescape")
        )
        with file.open("rb") as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                hasher.update(chunk)
    return hasher.hexdigest()


def unreadable(file: Path, error: Exception) -> SetupError:
    """Return the error that tells that a file cannot be opened or unpacked."""
    return SetupError(
        "the file cannot be read",
        where=file.name,
        got=str(error).splitlines()[0] if str(error) else type(error).__name__,
        next="check that it is whole and that you may read it",
    )


_OTHER_ENCODINGS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"PK\x03\x04", "a zip or Excel file"))


def check_text(file: Path) -> None:
    """Raise ``SetupError`` if the file's first bytes say that it is not UTF-8 text."""
    try:
        with open_bytes(file) as stream:
            head = stream.read(4)
    except READ_ERRORS as error:
        raise unreadable(file, error) from error
    for magic, name in _OTHER_ENCODINGS:
        if head.startswith(magic):
            raise SetupError("the file is not UTF-8 text", where=file.name, got=name, next="save it as UTF-8")
    if head == b"PAR1":
        raise SetupError("the file is Parquet", where=file.name, next="write kind: parquet")


def lines_of(file: Path) -> Iterator[tuple[int, bytes]]:
    """Yield number (from 1) and bytes of each line that is not blank, without byte order mark and line end."""
    with open_bytes(file) as stream:
        for number, line in enumerate(stream, 1):
            shown = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            shown = shown.rstrip(b"\r\n")
            if shown and not shown.isspace():
                yield number, shown
