"""A quantised GGUF file becomes an F16 one: same texts, same shapes, numbers within the quantisation's step."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import pytest

from support.small_gguf import CHAT_TEMPLATE, weights, write_small_gguf
from tanemaki.core.errors import SetupError
from tanemaki.models.convert import to_f16


def test_every_field_and_number_is_carried_over(tmp_path: Path) -> None:
    told: list[str] = []
    target = tmp_path / "cache" / "small.F16.gguf"
    to_f16(write_small_gguf(tmp_path / "small.gguf"), target, told.append)
    read = gguf.GGUFReader(target)
    assert told == ["Turning small.gguf into F16, once: small models answer better in it"]
    assert read.fields["general.name"].contents() == "小さな種"
    assert read.fields["tokenizer.chat_template"].contents() == CHAT_TEMPLATE
    assert read.fields["tokenizer.ggml.tokens"].contents() == ["種", "芽", "花"]
    assert read.fields["llama.context_length"].contents() == 64
    assert read.fields["general.file_type"].contents() == gguf.LlamaFileType.MOSTLY_F16
    tensors = {tensor.name: tensor for tensor in read.tensors}
    assert {name: tensor.tensor_type.name for name, tensor in tensors.items()} == {
        "coarse.weight": "F16",
        "fine.weight": "F16",
        "half.weight": "F16",
        "norm.weight": "F32",
    }
    # Q4_1 has 16 steps over a block's range of 2 at most, Q8_0 255.
    for name, step in (("coarse", 2 / 15), ("fine", 2 / 254), ("half", 1e-3)):
        assert np.abs(tensors[f"{name}.weight"].data.astype(np.float32) - weights()).max() <= step / 2 + 1e-3
    assert np.array_equal(tensors["norm.weight"].data, weights()[0])


def test_nothing_but_the_whole_file_is_left(tmp_path: Path) -> None:
    to_f16(write_small_gguf(tmp_path / "small.gguf"), tmp_path / "out" / "f16.gguf")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["f16.gguf"]


@pytest.mark.parametrize("kept", [0, 3, 40, 400])
def test_a_cut_file_is_said_and_leaves_nothing(tmp_path: Path, kept: int) -> None:
    source = write_small_gguf(tmp_path / "small.gguf")
    source.write_bytes(source.read_bytes()[:kept])
    with pytest.raises(SetupError, match="the file cannot be read as GGUF") as raised:
        to_f16(source, tmp_path / "out" / "f16.gguf")
    assert raised.value.where == str(source)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(SetupError, match="the model cannot be written to the cache") as raised:
        to_f16(write_small_gguf(tmp_path / "small.gguf"), tmp_path / "cache" / "f16.gguf")
    assert "TANEMAKI_CACHE" in str(raised.value.next)
