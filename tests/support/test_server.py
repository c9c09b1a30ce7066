"""The test server is a faithful one: the official client understands it, and its faults follow the requests alone."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import openai
import pytest

from support.replies import hash_of, tokens_of
from support.server import Server, ServerProcess

ASK: list[Any] = [{"role": "user", "content": "種の播き方は？"}]


def client_of(url: str, key: str = "none") -> openai.OpenAI:
    return openai.OpenAI(base_url=url, api_key=key, max_retries=0, timeout=10)


def test_the_official_client_chats() -> None:
    with Server(reply=lambda _: "春に播きます。") as server, client_of(server.url) as client:
        told = client.chat.completions.create(
            model="tane", messages=ASK, max_tokens=100, seed=1, temperature=0.5
        )
    assert told.choices[0].message.content == "春に播きます。"
    assert told.choices[0].finish_reason == "stop"
    assert told.usage is not None
    assert told.usage.total_tokens == told.usage.prompt_tokens + told.usage.completion_tokens
    assert server.captured[0]["seed"] == 1


def test_the_official_client_gets_several_replies_with_log_probabilities() -> None:
    with Server() as server, client_of(server.url) as client:
        told = client.chat.completions.create(model="tane", messages=ASK, n=2, logprobs=True, top_logprobs=3)
    assert [choice.index for choice in told.choices] == [0, 1]
    assert told.choices[0].message.content != told.choices[1].message.content
    for choice in told.choices:
        assert choice.logprobs is not None
        assert choice.logprobs.content is not None
        assert "".join(entry.token for entry in choice.logprobs.content) == choice.message.content
        assert all(len(entry.top_logprobs) == 3 and entry.logprob <= 0 for entry in choice.logprobs.content)


def test_the_official_client_completes_a_raw_prompt() -> None:
    with Server() as server, client_of(server.url) as client:
        told = client.completions.create(model="tane", prompt="東京は", logprobs=2, max_tokens=3)
    logprobs = told.choices[0].logprobs
    assert logprobs is not None
    assert logprobs.tokens is not None
    assert "".join(logprobs.tokens) == told.choices[0].text
    assert told.choices[0].finish_reason == "length"


def test_the_official_client_streams() -> None:
    with Server(reply=lambda _: "春に播きます。") as server, client_of(server.url) as client:
        pieces = list(
            client.chat.completions.create(
                model="tane", messages=ASK, stream=True, stream_options={"include_usage": True}
            )
        )
        raw = list(client.completions.create(model="tane", prompt="a", stream=True))
    assert "".join(p.choices[0].delta.content or "" for p in pieces if p.choices) == "春に播きます。"
    assert pieces[-1].usage is not None
    assert [p.choices[0].finish_reason for p in raw][-1] == "stop"


def test_the_official_client_calls_tools_and_obeys_schemas() -> None:
    schema = {"type": "object", "properties": {"crop": {"enum": ["稲", "麦"]}}, "required": ["crop"]}
    tool: Any = {"type": "function", "function": {"name": "sow", "parameters": schema}}
    shape: Any = {"type": "json_schema", "json_schema": {"name": "s", "schema": schema}}
    with Server() as server, client_of(server.url) as client:
        called = client.chat.completions.create(model="tane", messages=ASK, tools=[tool]).choices[0]
        shaped = client.chat.completions.create(model="tane", messages=ASK, response_format=shape).choices[0]
    assert called.finish_reason == "tool_calls"
    assert called.message.tool_calls is not None
    assert called.message.tool_calls[0].type == "function"
    assert json.loads(called.message.tool_calls[0].function.arguments)["crop"] in ("稲", "麦")
    assert json.loads(shaped.message.content or "")["crop"] in ("稲", "麦")


def test_the_official_client_lists_models() -> None:
    with Server(models=("a", "b")) as server, client_of(server.url) as client:
        assert [model.id for model in client.models.list()] == ["a", "b"]


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        ({"faults": {"429": 1.0}}, openai.RateLimitError),
        ({"faults": {"500": 1.0}}, openai.InternalServerError),
        ({"faults": {"reset": 1.0}}, openai.APIConnectionError),
        ({"faults": {"cut": 1.0}}, openai.APIConnectionError),
        ({"key": "right"}, openai.AuthenticationError),
        ({"models": ("other",)}, openai.NotFoundError),
        ({"refuses": frozenset({"messages"})}, openai.BadRequestError),
        ({"context": 3}, openai.BadRequestError),
    ],
)
def test_the_official_client_names_each_fault(behaviour: dict[str, Any], error: type[Exception]) -> None:
    with Server(**behaviour) as server, client_of(server.url) as client, pytest.raises(error):
        client.chat.completions.create(model="tane", messages=ASK)


def test_a_server_that_hangs_answers_nothing_until_the_client_gives_up() -> None:
    with (
        Server(faults={"hang": 1.0}) as server,
        client_of(server.url) as client,
        pytest.raises(openai.APITimeoutError),
    ):
        client.with_options(timeout=0.2).chat.completions.create(model="tane", messages=ASK)


def test_faults_and_replies_depend_on_the_request_and_its_try_alone() -> None:
    def outcome(contents: list[str]) -> dict[str, list[str]]:
        told: dict[str, list[str]] = {}
        with Server(faults={"429": 0.3, "500": 0.3}, seed=5) as server, client_of(server.url) as client:
            for content in contents:
                messages: list[Any] = [{"role": "user", "content": content}]
                try:
                    said = (
                        client.chat.completions.create(model="tane", messages=messages)
                        .choices[0]
                        .message.content
                    )
                except openai.APIStatusError as error:
                    said = str(error.status_code)
                told.setdefault(content, []).append(said or "")
        return told

    contents = [f"{i}番" for i in range(20)] * 3
    one = outcome(contents)
    assert one == outcome(contents[::-1])
    assert {said for tries in one.values() for said in tries} > {"429", "500"}


def test_the_slots_are_counted_and_one_more_is_refused() -> None:
    with Server(slots=0) as server, client_of(server.url) as client, pytest.raises(openai.RateLimitError):
        client.chat.completions.create(model="tane", messages=ASK)
    assert server.service.stats()["in_flight_peak"] == 1


def test_the_server_runs_as_a_process_and_tells_what_it_saw(tmp_path: Path) -> None:
    script = tmp_path / "replies.py"
    script.write_text("def reply(body):\n    return body['messages'][0]['content'][::-1]\n", encoding="utf-8")
    with ServerProcess("--model", "t", "--latency-ms", "0", "2", "--script", str(script)) as server:
        with client_of(server.url) as client:
            said = client.chat.completions.create(
                model="t", messages=[{"role": "user", "content": "たねまき"}]
            )
        stats = json.loads(_get(f"{server.root}/stats"))
        captured = json.loads(_get(f"{server.root}/captured"))
    assert said.choices[0].message.content == "きまねた"
    assert captured == [{"model": "t", "messages": [{"role": "user", "content": "たねまき"}]}]
    assert stats == {
        "requests": 1,
        "by_content": {hash_of(captured[0]): 1},
        "faults": {},
        "in_flight": 0,
        "in_flight_peak": 1,
    }


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - loopback
        read: bytes = answer.read()
        return read


def test_a_misspelt_fault_is_refused_at_the_start() -> None:
    path = Path(__file__).with_name("server.py")
    ended = subprocess.run(
        [sys.executable, str(path), "--fault", "fire", "1"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 2
    assert "unknown fault ['fire']" in ended.stderr


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/completions"])
@pytest.mark.parametrize("body", [b"{", b'{"model": "tane"}'])
def test_a_body_that_is_no_request_is_told_so(path: str, body: bytes) -> None:
    with Server() as server, pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(server.root + path, data=body, timeout=10)  # noqa: S310 - loopback
    assert raised.value.code == 400
    raised.value.close()


@pytest.mark.parametrize("text", ["", "種を 播く。", "Sow seeds, 100 of them!\n", "ｱｲｳ😀ＡＢ", " "])
def test_tokens_are_the_whole_text(text: str) -> None:
    assert "".join(tokens_of(text)) == text
