"""The embedded model: a real language model in this process, on loopback, or a sentence that says what is missing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from support.small_gguf import write_small_gguf
from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import ModelError, SetupError
from tanemaki.core.model import Reply, Request, Sampling
from tanemaki.models import open_model
from tanemaki.models.local import Local, embedded_is_installed
from tanemaki.models.probe import Probe, probe


@pytest.fixture(autouse=True)
def default_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TANEMAKI_MODEL_FILE", raising=False)


PARIS = Request(
    [{"role": "user", "content": "What is the capital of France?"}], sampling=Sampling(0.0, max_tokens=24)
)


def test_a_file_that_llama_cpp_cannot_serve_is_said(tmp_path: Path) -> None:
    write_small_gguf(tmp_path / "small.gguf")
    model = open_model(
        "writer", ModelSettings(kind="local", file="small.gguf", slots=1, context=256), tmp_path
    )
    with pytest.raises(SetupError, match=r"llama\.cpp cannot serve the model file") as raised:
        asyncio.run(model.open())
    assert raised.value.where == str(tmp_path / "small.gguf")
    asyncio.run(model.close())


def test_what_was_not_opened_says_so(tmp_path: Path) -> None:
    model = open_model("writer", ModelSettings(kind="local"), tmp_path)
    with pytest.raises(SetupError, match="was asked before it was opened"):
        asyncio.run(model.reply(PARIS))


def test_capabilities_of_the_run_file_hold(tmp_path: Path) -> None:
    model = open_model("writer", ModelSettings(kind="local", capabilities=["chat"]), tmp_path)
    assert model.capabilities == {"chat"}
    assert "raw" in open_model("writer", ModelSettings(kind="local"), tmp_path).capabilities


@pytest.mark.real_model
def test_the_embedded_model_knows_paris_and_can_be_opened_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Everything that needs the real weights, in one test: they take seconds to load."""
    assert embedded_is_installed()
    settings = ModelSettings(kind="local", slots=4, context=512)

    async def first() -> tuple[list[Reply], Probe, ModelError]:
        model = open_model("writer", settings, tmp_path)
        assert isinstance(model, Local)
        await model.open()
        await model.open()
        asked = [
            PARIS,
            Request(prompt="The capital of France is", sampling=Sampling(0.0, max_tokens=3)),
            PARIS,
        ]
        replies = list(await asyncio.gather(*map(model.reply, asked)))
        with pytest.raises(ModelError) as raised:
            await model.reply(Request([{"role": "user", "content": "種 " * 2000}]))
        found = await probe(model)
        await model.close()
        await model.close()
        return replies, found, raised.value

    async def second() -> Reply:
        model = open_model("writer", settings, tmp_path)
        await model.open()
        try:
            return await model.reply(PARIS)
        finally:
            await model.close()

    replies, found, overflow = asyncio.run(first())
    assert "Paris" in replies[0].text
    assert "Paris" in replies[1].text
    assert replies[0].model == "SmolLM2-135M-Instruct.F16"
    assert (replies[0].finish_reason, replies[0].usage.prompt_tokens) == ("stop", 37)
    assert overflow.fault == "context_overflow"
    assert found.error is None
    assert {"chat", "raw", "n", "seed", "logprobs", "json_schema"} <= found.capabilities
    assert (found.server, found.n_context) == ("llamacpp", 512)
    assert asyncio.run(second()).text == replies[0].text
    written = capfd.readouterr()
    assert (written.out, written.err) == ("", "")


@pytest.mark.real_model
def test_the_server_listens_on_loopback_alone(tmp_path: Path) -> None:
    async def address() -> str:
        model = Local("writer", ModelSettings(kind="local", slots=1, context=256), tmp_path)
        await model.open()
        endpoint = model._opened().endpoint
        await model.close()
        return endpoint

    assert asyncio.run(address()).startswith("http://127.0.0.1:")
