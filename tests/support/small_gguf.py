"""A GGUF file of a few kilobytes, with quantised, half and plain tensors: enough to read and to turn, not to answer."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

CHAT_TEMPLATE = "{% for m in messages %}{{ m.content }}。{% endfor %}"


def weights() -> np.ndarray:
    """Return a matrix of 4 rows of 64 numbers between −1 and 1."""
    return np.sin(np.arange(256, dtype=np.float32)).reshape(4, 64)


def write_small_gguf(path: Path) -> Path:
    """Write the file."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("小さな種")
    writer.add_chat_template(CHAT_TEMPLATE)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q4_1)
    writer.add_token_list(["種", "芽", "花"])
    writer.add_uint32("llama.context_length", 64)
    for name, kind in (("coarse", gguf.GGMLQuantizationType.Q4_1), ("fine", gguf.GGMLQuantizationType.Q8_0)):
        writer.add_tensor(f"{name}.weight", gguf.quants.quantize(weights(), kind), raw_dtype=kind)
    writer.add_tensor("half.weight", weights().astype(np.float16))
    writer.add_tensor("norm.weight", weights()[0])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
