"""Templates out of a model's own files."""

from __future__ import annotations

import json
from pathlib import Path

import gguf
import pytest

from tanemaki.core.errors import SetupError
from tanemaki.generate.template_file import find_template, renderer
from tanemaki.text.chat_template import chat_template

CHATML = (
    "{{ bos_token }}{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
REFUSES = "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}" + CHATML


def write(path: Path, **said: object) -> str:
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return str(path)


def test_a_tokenizers_configuration_gives_its_template(tmp_path: Path) -> None:
    told = write(
        tmp_path / "tokenizer_config.json",
        chat_template=CHATML,
        bos_token={"content": "<s>"},
        eos_token="<|im_end|>",  # noqa: S106 - a token of a model
    )
    found, known = find_template(told), chat_template("chatml")
    assert found.bos == "<s>"
    assert found.query() == known.query()
    assert found.query(system="助けます。") == known.query(system="助けます。")
    assert found.stops == ("<|im_end|>",)
    assert found.origin == ("tokenizer_config.json",), "no folder of this machine"


def test_of_several_templates_the_default_one_counts(tmp_path: Path) -> None:
    several = [{"name": "tool_use", "template": "x"}, {"name": "default", "template": CHATML}]
    found = find_template(write(tmp_path / "tokenizer_config.json", chat_template=several))
    assert found.query() == "<|im_start|>user\n"


def test_the_jinja_file_beside_it_is_found(tmp_path: Path) -> None:
    (tmp_path / "chat_template.jinja").write_text(CHATML, encoding="utf-8")
    told = write(tmp_path / "tokenizer_config.json", bos_token="<s>", eos_token=None)  # noqa: S106 - the same
    assert find_template(told).bos == "<s>"
    assert find_template(str(tmp_path / "chat_template.jinja")).bos == ""


def test_a_gguf_file_gives_its_template_and_tokens(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_chat_template(CHATML)
    writer.add_token_list(["種", "<s>", "<|im_end|>"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    found = find_template(str(path))
    assert (found.bos, found.stops) == ("<s>", ("<|im_end|>",))
    assert found.query(with_bos=True) == "<s><|im_start|>user\n"


def test_a_template_that_takes_no_system_text_has_no_place_for_one(tmp_path: Path) -> None:
    path = tmp_path / "chat_template.jinja"
    path.write_text(REFUSES, encoding="utf-8")
    assert not find_template(str(path)).has_system


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.jinja", None, "there is no such file with a chat template"),
        ("a.json", "{", "the file is not JSON"),
        ("a.json", "[]", "the file is no tokenizer's configuration"),
        ("a.json", "{}", "the file holds no chat template"),
        ("a.jinja", "{% for", "the chat template cannot be rendered"),
        ("a.jinja", "{{ messages.x.y }}", "the chat template cannot be rendered"),
        ("a.jinja", "{{ messages[0].content }}", "does not show what it is given"),
        ("a.gguf", "GGUF", "the file cannot be read as GGUF"),
    ],
)
def test_what_cannot_be_used_is_a_setup_error(tmp_path: Path, name: str, text: str | None, told: str) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SetupError, match=told):
        find_template(str(path))


def test_a_template_reaches_nothing_outside_itself() -> None:
    escape = "{{ messages.__class__.__mro__ }}"
    with pytest.raises(SetupError, match="cannot be rendered"):
        renderer(escape)([{"role": "user", "content": "x"}], False)


def test_a_template_without_an_end_token_is_refused(tmp_path: Path) -> None:
    """Fault 26: a template without an end token passed unnoticed."""
    path = tmp_path / "chat_template.jinja"
    path.write_text(CHATML.replace("<|im_end|>", ""), encoding="utf-8")
    with pytest.raises(SetupError, match=r"the chat template 'chat_template.jinja' does not end"):
        find_template(str(path))
