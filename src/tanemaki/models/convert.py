"""Turn a quantised GGUF file into F16, once.

Small models suffer most from coarse weights: SmolLM2-135M answers "the capital of France" right in F16 and wrong through
llama.cpp's Q4_1 kernels, although the weights are the same numbers. Spelling the weights out costs disk, not quality.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tanemaki.core.errors import SetupError

if TYPE_CHECKING:
    import gguf

Report = Callable[[str], None]
"""Takes one line that tells a waiting user what is going on."""


def say_nothing(line: str) -> None:
    """Report to nobody."""


def to_f16(source: Path, target: Path, report: Report = say_nothing) -> None:
    """Write ``source`` with every quantised matrix spelt out in F16 to ``target``; vectors stay as they are.

    ``target`` appears only when it is whole: it is written beside itself under another name, synced and renamed.

    Raises ``SetupError`` where the source cannot be read, or the disk cannot take the result.
    Cost: one tensor in memory at a time; 98 MB of Q4_1 become 271 MB in about 4 s on one core.
    Source: ours; the dequantisation is that of the gguf package.
    """
    report(f"Turning {source.name} into F16, once: small models answer better in it")
    unfinished = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        reader = _read(source)
        try:
            _write(reader, unfinished)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise SetupError(
            f"the model cannot be written to the cache: {error.strerror or error}",
            where=str(target),
            next="make room, or set TANEMAKI_CACHE to a folder with 300 MB free",
        ) from error


def _read(source: Path) -> gguf.GGUFReader:
    import gguf

    try:
        return gguf.GGUFReader(source)
    except (ValueError, IndexError, OverflowError, OSError, KeyError) as error:
        raise SetupError(
            "the file cannot be read as GGUF",
            where=str(source),
            got=f"{type(error).__name__}: {error}"[:200],
            next="the file may be cut: install or download it again",
        ) from error


def _write(reader: gguf.GGUFReader, path: Path) -> None:
    import gguf

    architecture = reader.fields[gguf.Keys.General.ARCHITECTURE].contents()
    writer = gguf.GGUFWriter(path, architecture, endianess=reader.endianess)
    try:
        _copy_fields(reader, writer)
        for tensor in reader.tensors:
            shape, kind = [int(size) for size in reversed(tensor.shape)], _plain_type(tensor)
            writer.add_tensor_info(tensor.name, shape, kind, math.prod(shape) * kind.itemsize)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()
        for tensor in reader.tensors:
            writer.write_tensor_data(_spelt_out(tensor), tensor_endianess=reader.endianess)
        writer.flush()
        for file in writer.fout or ():
            os.fsync(file.fileno())
    finally:
        writer.close()


def _copy_fields(reader: gguf.GGUFReader, writer: gguf.GGUFWriter) -> None:
    import gguf

    written_by_writer = (gguf.Keys.General.ARCHITECTURE, gguf.Keys.General.FILE_TYPE)
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name in written_by_writer:
            continue
        kind = field.types[0]
        inner = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, field.contents(), kind, sub_type=inner)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)


def _plain_type(tensor: Any) -> Any:
    """Return the number type that the tensor is written in: F32 stays, everything else becomes F16."""
    import gguf
    import numpy as np

    return np.dtype("f4" if tensor.tensor_type == gguf.GGMLQuantizationType.F32 else "f2")


def _spelt_out(tensor: Any) -> Any:
    from gguf import quants

    return quants.dequantize(tensor.data, tensor.tensor_type).astype(_plain_type(tensor), copy=False)
