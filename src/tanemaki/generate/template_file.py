"""A model's own chat template, read from where the model keeps it.

``tokenizer_config.json`` (or the ``chat_template.jinja`` beside it) and GGUF files hold a Jinja text. It is rendered in
Jinja2's sandbox, as transformers does it, and taken apart by :func:`tanemaki.text.chat_template.learn`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

from tanemaki.core.errors import SetupError, shorten
from tanemaki.core.record import Json, Message
from tanemaki.text.chat_template import ChatTemplate, Render, chat_template, learn

_ENDINGS = (".json", ".jinja", ".gguf")


def find_template(name_or_file: str) -> ChatTemplate:
    """Return a known template by its name, or the one of a ``tokenizer_config.json``, ``*.jinja`` or ``*.gguf`` file.

    Paths are relative to where the command runs. Raises ``SetupError`` for what is missing or cannot be used.

    >>> find_template("gemma").query()
    '<start_of_turn>user\\n'
    """
    if not name_or_file.endswith(_ENDINGS):
        return chat_template(name_or_file)
    path = Path(name_or_file).expanduser()
    if not path.is_file():
        raise SetupError("there is no such file with a chat template", where="template", got=str(path))
    read = {".json": _of_tokenizer, ".jinja": _of_jinja, ".gguf": _of_gguf}[path.suffix]
    source, bos, eos = read(path)
    if not source.strip():
        raise SetupError(
            "the file holds no chat template",
            where=str(path),
            next="name one of the known templates instead, or the chat_template.jinja beside it",
        )
    return learn(path.name, renderer(source, bos, eos), bos=bos, eos=eos, origin=path.name)


def renderer(source: str, bos: str = "", eos: str = "") -> Render:
    """Return what renders messages by a Jinja text, with the settings and helpers that chat templates count on.

    Raises ``SetupError`` without Jinja2, and for a text that is no template.
    """
    if find_spec("jinja2") is None:
        raise SetupError(
            "a model's own chat template is rendered by Jinja2, which is not installed",
            next='pip install "tanemaki[templates]", or name one of the known templates',
        )
    from jinja2 import TemplateError
    from jinja2.ext import loopcontrols
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols]
    )
    environment.filters["tojson"] = lambda value, **_: json.dumps(value, ensure_ascii=False)
    environment.globals["raise_exception"] = _refuse
    try:
        template = environment.from_string(source)
    except TemplateError as error:
        raise _unreadable(source, error) from error

    def render(messages: Sequence[Message], answers: bool) -> str | None:  # noqa: FBT001 - a Render
        try:
            return template.render(
                messages=[dict(message) for message in messages],
                add_generation_prompt=answers,
                bos_token=bos,
                eos_token=eos,
            )
        except _Refused:
            return None
        except (TemplateError, TypeError, ValueError) as error:
            raise _unreadable(source, error) from error

    return render


class _Refused(Exception):
    """A template's own ``raise_exception``: it does not take these messages."""


def _refuse(message: str) -> NoReturn:
    raise _Refused(message)


def _unreadable(source: str, error: Exception) -> SetupError:
    return SetupError(
        "the chat template cannot be rendered",
        got=f"{type(error).__name__}: {error}; {shorten(source, 120)}",
        next="name one of the known templates instead",
    )


def _of_tokenizer(path: Path) -> tuple[str, str, str]:
    try:
        said = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise SetupError("the file is not JSON", where=str(path), got=str(error)[:200]) from error
    if not isinstance(said, Mapping):
        raise SetupError("the file is no tokenizer's configuration", where=str(path), got=shorten(said))
    beside = path.with_name("chat_template.jinja")
    source = _default(said.get("chat_template")) or (_of_jinja(beside)[0] if beside.is_file() else "")
    return source, _token(said.get("bos_token")), _token(said.get("eos_token"))


def _default(told: Json) -> str:
    """Return the template of plain dialogues; some tokenizers list several by name."""
    if isinstance(told, list):
        return next((str(one.get("template", "")) for one in told if one.get("name") == "default"), "")
    return told if isinstance(told, str) else ""


def _token(told: Json) -> str:
    return str(told.get("content", "")) if isinstance(told, Mapping) else str(told or "")


def _of_jinja(path: Path) -> tuple[str, str, str]:
    return path.read_text(encoding="utf-8-sig"), "", ""


def _of_gguf(path: Path) -> tuple[str, str, str]:
    if find_spec("gguf") is None:
        raise SetupError(
            "a GGUF file is read by the package gguf, which is not installed",
            where=str(path),
            next='pip install "tanemaki[local]", or name the model\'s tokenizer_config.json',
        )
    from gguf import GGUFReader

    try:
        fields = GGUFReader(path).fields
    except (ValueError, IndexError, OverflowError, KeyError) as error:
        raise SetupError("the file cannot be read as GGUF", where=str(path), got=str(error)[:200]) from error
    told: dict[str, Any] = {
        key: fields[name].contents()
        for key in ("chat_template", "bos_token_id", "eos_token_id")
        if (name := f"tokenizer.{'' if key == 'chat_template' else 'ggml.'}{key}") in fields
    }
    tokens = fields.get("tokenizer.ggml.tokens")

    def token(key: str) -> str:
        return str(tokens.contents(int(told[key]))) if tokens is not None and key in told else ""

    return str(told.get("chat_template", "")), token("bos_token_id"), token("eos_token_id")
