"""Probes tell what an endpoint does from what it says: obeyed, ignored, refused."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from support.replies import default_reply
from support.server import Server
from tanemaki.config.schema import ModelSettings
from tanemaki.models.openai_compatible import OpenAICompatible
from tanemaki.models.probe import Probe, probe


def obeying_min_p(body: dict[str, Any]) -> Any:
    """Reply as a server does that leaves only the likeliest token at min_p 1."""
    return default_reply({**body, "seed": 0} if body.get("min_p") == 1.0 else body)


def probed(**behaviour: Any) -> tuple[Probe, Server]:
    async def run(url: str) -> Probe:
        model = OpenAICompatible(
            "writer", ModelSettings(endpoint=url, name=behaviour.get("models", ("tane",))[0])
        )
        try:
            return await probe(model)
        finally:
            await model.close()

    with Server(**behaviour) as server:
        return asyncio.run(run(server.url)), server


def test_an_endpoint_that_obeys_is_found_to_do_everything() -> None:
    found, server = probed(context=4096, owned_by="vllm")
    assert found.error is None
    assert found.findings == {
        "chat": "yes",
        "seed": "yes",
        "raw": "yes",
        "n": "yes",
        "logprobs": "yes",
        "min_p": "ignored",
        "json_schema": "yes",
        "tools": "yes",
    }
    assert (found.listed, found.server, found.n_context) == (("tane",), "vllm", 4096)
    assert found.latency_s is not None
    assert found.latency_s >= 0
    assert not found.thinks
    assert "min_p" not in found.capabilities
    assert "json_schema" in found.capabilities
    assert len(server.captured) <= 12
    assert max(body["max_tokens"] for body in server.captured) <= 64


@pytest.mark.parametrize(
    ("capability", "key"),
    [("logprobs", "logprobs"), ("json_schema", "response_format"), ("tools", "tools"), ("n", "n")],
)
def test_what_is_accepted_and_ignored_is_found_out(capability: Any, key: str) -> None:
    found, _ = probed(ignores=frozenset({key}))
    assert found.findings[capability] == "ignored"


@pytest.mark.parametrize(
    ("capability", "key"),
    [("logprobs", "logprobs"), ("min_p", "min_p"), ("tools", "tools"), ("raw", "prompt")],
)
def test_what_is_refused_is_told_from_what_is_ignored(capability: Any, key: str) -> None:
    found, _ = probed(refuses=frozenset({key}))
    assert found.findings[capability] == "refused"


def test_a_seed_without_effect_leaves_it_unclear_and_an_ignored_one_is_told() -> None:
    same, _ = probed(reply=lambda _: "いつも同じ")
    assert (same.findings["seed"], same.findings["min_p"]) == ("unclear", "unclear")
    told = iter(range(1000))
    never, _ = probed(reply=lambda _: f"{next(told)}番")
    assert never.findings["seed"] == "ignored"


def test_min_p_is_found_to_be_obeyed_where_seeds_matter() -> None:
    found, _ = probed(reply=obeying_min_p, ignores=frozenset())
    assert found.findings["min_p"] == "yes"


def test_a_schema_counts_only_where_the_reply_cannot_be_chance() -> None:
    found, _ = probed(reply=lambda _: json.dumps({"colour": "red"}))
    assert found.findings["json_schema"] == "ignored"


def test_a_model_that_thinks_is_known_as_one() -> None:
    found, _ = probed(reply=lambda _: {"content": "", "reasoning_content": "長い考え" * 100})
    assert found.thinks
    assert found.findings["json_schema"] == "unclear"


def test_an_endpoint_that_cannot_be_used_is_told_with_its_error() -> None:
    found, _ = probed(key="right")
    assert found.error is not None
    assert found.error.what == "the endpoint wants a key"
    assert (found.findings, found.capabilities, found.latency_s) == ({}, frozenset(), None)
