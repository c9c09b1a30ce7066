"""The OpenAI-compatible model against a faithful server: requests as sent, replies as read, faults by name."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest
from aiohttp import web

from support.server import Server
from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import ModelError, SetupError
from tanemaki.core.model import Reply, Request, Sampling
from tanemaki.models.openai_compatible import OpenAICompatible

ASK = Request([{"role": "user", "content": "種の播き方を教えてください。"}])
T = TypeVar("T")
KEY = "sk-test-0123456789abcdefWXYZ"


def model_of(endpoint: str, **settings: Any) -> OpenAICompatible:
    return OpenAICompatible("writer", ModelSettings(endpoint=endpoint, **{"name": "tane", **settings}))


def using(model: OpenAICompatible, use: Callable[[OpenAICompatible], Awaitable[T]]) -> T:
    async def run() -> T:
        try:
            await model.open()
            return await use(model)
        finally:
            await model.close()
            await model.close()

    return asyncio.run(run())


def asking(model: OpenAICompatible, request: Request = ASK) -> Reply:
    return using(model, lambda opened: opened.reply(request))


def failing(model: OpenAICompatible, request: Request = ASK) -> ModelError:
    with pytest.raises(ModelError) as raised:
        asking(model, request)
    return raised.value


def test_a_chat_request_is_sent_whole_and_its_reply_read() -> None:
    request = Request(
        [{"role": "user", "content": "はい？"}],
        sampling=Sampling(temperature=0.0, top_k=40, max_tokens=64, stop=("終",)),
        seed=2**40,
        logprobs=2,
        extra={"chat_template_kwargs": {"enable_thinking": False}},
    )
    with Server(reply=lambda _: {"content": "はい。終わり", "reasoning_content": "考え"}) as server:
        reply = asking(model_of(server.url, extra_body={"priority": 1}), request)
    assert server.captured == [
        {
            "model": "tane",
            "messages": [{"role": "user", "content": "はい？"}],
            "temperature": 0.0,
            "top_k": 40,
            "max_tokens": 64,
            "stop": ["終"],
            "seed": 2**40,
            "logprobs": True,
            "top_logprobs": 2,
            "chat_template_kwargs": {"enable_thinking": False},
            "priority": 1,
        }
    ]
    assert (reply.text, reply.thinking, reply.finish_reason) == ("はい。", "考え", "stop")
    assert [entry["token"] for entry in reply.logprobs["content"]] == ["はい", "。"]
    assert (reply.usage.prompt_tokens, reply.usage.completion_tokens) == (6, 3)


def test_a_raw_completion_goes_to_its_own_path_without_a_template() -> None:
    with Server() as server:
        reply = asking(model_of(server.url), Request(prompt="東京は", logprobs=1))
    assert server.captured == [{"model": "tane", "prompt": "東京は", "logprobs": 1}]
    assert "".join(reply.logprobs["tokens"]) == reply.text


def test_n_replies_come_back_in_one_call() -> None:
    with Server() as server:
        reply = asking(model_of(server.url), Request(ASK.messages, n=3, seed=1))
    assert len({reply.text, *(other.text for other in reply.others)}) == 3
    assert server.service.by_content.total() == 1


def test_tools_and_schemas_are_sent_and_calls_are_read() -> None:
    tool = {
        "type": "function",
        "function": {"name": "sow", "parameters": {"properties": {"n": {"type": "integer"}}}},
    }
    shape = {"type": "json_schema", "json_schema": {"name": "s", "schema": {"enum": ["種"]}}}
    with Server() as server:
        called = asking(model_of(server.url), Request(ASK.messages, tools=[tool]))
        shaped = asking(model_of(server.url), Request(ASK.messages, response_format=shape))
    assert (called.text, called.finish_reason) == ("", "tool_calls")
    assert called.tool_calls[0]["function"]["name"] == "sow"
    assert shaped.text == '"種"'


def test_equal_requests_get_equal_replies_and_other_seeds_others() -> None:
    with Server() as server:
        texts = [asking(model_of(server.url), Request(ASK.messages, seed=seed)).text for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize("ending", ["", "/", "/v1", "/v1/", "/v1/chat/completions"])
def test_the_endpoint_may_be_written_with_or_without_v1(ending: str) -> None:
    with Server() as server:
        model = model_of(server.root + ending)
        assert asking(model).text
    assert model.endpoint == server.url


def test_a_server_without_v1_is_found_as_well() -> None:
    with Server(under="/api/openai") as server:
        assert asking(model_of(server.url)).text


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("tane-7", "tane-7b"), ("qwen3-32b", "Qwen/Qwen3-32B"), ("Qwen/Qwen3-32", "Qwen/Qwen3-32B")],
)
def test_a_model_that_is_not_served_ends_the_run_with_the_nearest_name(wrong: str, right: str) -> None:
    with Server(models=("tane-7b", "Qwen/Qwen3-32B")) as server:
        found = failing(model_of(server.url, name=wrong))
    assert (found.fault, found.ends_run) == ("unknown_model", True)
    assert found.what == f"the endpoint has no model {wrong!r}"
    assert found.next == f"did you mean {right!r}?"


def test_a_model_that_goes_away_later_is_named_with_what_is_there() -> None:
    async def swap(model: OpenAICompatible) -> Reply:
        server.service.behaviour.models = ("tane-v2",)
        return await model.reply(ASK)

    with Server(models=("tane",)) as server, pytest.raises(ModelError) as raised:
        using(model_of(server.url), swap)
    assert (raised.value.fault, raised.value.next) == ("unknown_model", "did you mean 'tane-v2'?")


def test_ollama_names_without_a_tag_are_known() -> None:
    with Server(models=("gemma3:latest",), owned_by="library") as server:
        model = model_of(server.url, name="gemma3")
        using(model, lambda opened: opened.models())
    assert "n" not in model.capabilities
    assert "seed" in model.capabilities


def test_llama_cpp_is_sent_its_own_word_for_the_repetition_penalty() -> None:
    request = Request(ASK.messages, sampling=Sampling(repetition_penalty=1.1))
    with Server(owned_by="llamacpp") as server:
        asking(model_of(server.url), request)
    assert server.captured[0]["repeat_penalty"] == 1.1
    assert "repetition_penalty" not in server.captured[0]


def test_openai_is_sent_its_new_word_for_the_token_limit() -> None:
    model = model_of("https://api.openai.com/v1", name="gpt-5")
    model._kind = "openai"
    body = model.wire_body(Request(ASK.messages, sampling=Sampling(max_tokens=9)))
    assert body["max_completion_tokens"] == 9
    assert "max_tokens" not in body


def test_a_seed_is_kept_back_where_the_run_file_says_so() -> None:
    with Server(refuses=frozenset({"seed"})) as server:
        assert asking(model_of(server.url, send_seed=False), Request(ASK.messages, seed=3)).text
        refused = failing(model_of(server.url), Request(ASK.messages, seed=3))
    assert refused.what == "the endpoint does not take 'seed'"
    assert (refused.fault, refused.ends_run) == ("bad_request", False)


def test_a_key_is_read_from_its_variable_and_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRITER_KEY", KEY)
    monkeypatch.setenv("TEAM", "team-secret-42")
    settings = {"key_env": "WRITER_KEY", "headers": {"X-Run": "t"}, "headers_env": {"X-Team": "TEAM"}}
    with Server(key=KEY) as server:
        model = model_of(server.url, **settings)
        assert asking(model).text
    sent = server.service.headers[-1]
    assert (sent["Authorization"], sent["X-Team"], sent["X-Run"]) == (f"Bearer {KEY}", "team-secret-42", "t")
    assert KEY not in repr(model) + repr(vars(model)["_http"]) + repr(model.asked("/x"))


def test_a_wrong_key_ends_the_run_and_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRITER_KEY", KEY)
    with Server(key="another") as server:
        found = failing(model_of(server.url, key_env="WRITER_KEY"))
        late = model_of(server.url, key_env="WRITER_KEY")
        with pytest.raises(ModelError) as raised:
            asyncio.run(_reply_and_close(late))
    assert (found.fault, found.ends_run, found.what) == ("unauthorised", True, "the key was refused")
    assert raised.value.fault == "unauthorised"
    assert not any(piece in str(found) + str(raised.value) for piece in ("sk-test", "WXYZ"))


async def _reply_and_close(model: OpenAICompatible) -> Reply:
    try:
        return await model.reply(ASK)
    finally:
        await model.close()


def test_a_key_that_is_wanted_and_not_named_is_said() -> None:
    with Server(key=KEY) as server:
        found = failing(model_of(server.url))
    assert found.what == "the endpoint wants a key"
    assert found.next == "name the environment variable that holds the key under models.writer.key_env"


def test_a_variable_that_is_not_set_is_named_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WRITER_KEY", raising=False)
    monkeypatch.setenv("WRITERS_KEY", KEY)
    with pytest.raises(SetupError) as raised:
        model_of("http://localhost:1/v1", key_env="WRITER_KEY")
    assert str(raised.value) == (
        "SetupError: the environment variable WRITER_KEY is not set\n"
        "  where   models.writer.key_env\n"
        "  next    export WRITER_KEY=…, or did you mean WRITERS_KEY?"
    )


def test_a_key_that_no_header_can_hold_is_said_without_showing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRITER_KEY", "鍵\nX-Evil: 1")
    with pytest.raises(SetupError, match="holds what no header can hold") as raised:
        model_of("http://localhost:1/v1", key_env="WRITER_KEY")
    assert "鍵" not in str(raised.value)


def test_capabilities_of_the_run_file_hold_whatever_the_server_is() -> None:
    with Server(owned_by="library") as server:
        model = model_of(server.url, capabilities=["chat", "n"])
        asking(model)
    assert model.capabilities == {"chat", "n"}


@pytest.mark.parametrize(
    ("fault", "name", "retryable"),
    [
        ("429", "overloaded", True),
        ("500", "server", True),
        ("reset", "transport", True),
        ("cut", "cut_body", True),
        ("html", "malformed", False),
    ],
)
def test_each_fault_of_a_server_has_its_class(fault: str, name: str, *, retryable: bool) -> None:
    with Server(faults={fault: 1.0}, retry_after="7") as server:
        found = failing(model_of(server.url))
    assert (found.fault, found.retryable, found.ends_run) == (name, retryable, False)
    assert found.retry_after_s == (7.0 if fault == "429" else None)
    assert server.service.met == {fault: 1}


def test_a_server_that_hangs_runs_into_the_time_limit() -> None:
    with Server(faults={"hang": 1.0}) as server:
        found = failing(model_of(server.url, timeout_s=0.2))
    assert (found.fault, found.retryable, found.what) == ("timeout", True, "no reply came in time")
    assert found.got == "nothing for 0.2 s"


def test_a_server_that_is_down_ends_the_run_when_opened_and_is_retryable_later() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    found = failing(model_of(address))
    with pytest.raises(ModelError) as raised:
        asyncio.run(_reply_and_close(model_of(address)))
    assert (found.fault, found.retryable, found.ends_run) == ("transport", False, True)
    assert (raised.value.fault, raised.value.retryable, raised.value.ends_run) == ("transport", True, False)
    assert str(found) == (
        "ModelError: the server cannot be reached\n"
        f"  where   {address}/models\n"
        "  got     Connection refused\n"
        "  next    is it running, and is the endpoint's address right?"
    )


def test_an_address_without_the_paths_of_the_form_asks_for_the_v1() -> None:
    with Server() as server:
        found = failing(model_of(f"{server.root}/page"))
    assert found.what == "the address does not answer chat requests"
    assert (found.next, found.ends_run) == ("does models.writer.endpoint end in /v1?", True)


def test_an_address_that_speaks_html_is_said_when_opened() -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<html>welcome</html>", content_type="text/html")

    async def run() -> ModelError:
        application = web.Application()
        application.router.add_get("/{any:.*}", page)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        model = model_of(f"http://127.0.0.1:{runner.addresses[0][1]}")
        with pytest.raises(ModelError) as raised:
            await model.open()
        await model.close()
        await runner.cleanup()
        return raised.value

    found = asyncio.run(run())
    assert found.what == "the address speaks HTML, is the /v1 missing?"
    assert (found.fault, found.ends_run) == ("malformed", True)


def test_an_endpoint_that_lists_no_models_is_taken_as_it_is() -> None:
    with Server(models=()) as server:
        using(model_of(server.url), lambda model: model.models())
        found = failing(model_of(server.url))
    assert (found.fault, found.ends_run) == ("unknown_model", True)


def test_a_prompt_longer_than_the_context_fails_its_row_alone() -> None:
    with Server(context=50) as server:
        found = failing(model_of(server.url), Request([{"role": "user", "content": "長い" * 60}]))
    assert (found.fault, found.retryable, found.ends_run) == ("context_overflow", False, False)
    assert "raising max_tokens will not help" in str(found.next)


@pytest.mark.parametrize("text", ["", "全角ＡＢＣ ｱｲｳ 😀 mixed", "\x00\x01", "あ" * 100_000])
def test_any_text_goes_there_and_comes_back(text: str) -> None:
    with Server(reply=lambda body: body["messages"][0]["content"] or "空", context=10**6) as server:
        reply = asking(model_of(server.url), Request([{"role": "user", "content": text}]))
    assert reply.text == (text or "空")


def test_a_text_that_json_cannot_hold_fails_its_row() -> None:
    with Server() as server:
        found = failing(model_of(server.url), Request([{"role": "user", "content": "\ud800"}]))
    assert (found.fault, found.retryable) == ("bad_request", False)
    assert found.what == "the request cannot be written as JSON"


def test_many_requests_share_the_connections_and_stay_apart() -> None:
    async def all_at_once(model: OpenAICompatible) -> list[Reply]:
        asked = [Request([{"role": "user", "content": f"{i}番"}]) for i in range(200)]
        return list(await asyncio.gather(*map(model.reply, asked)))

    with Server(reply=lambda body: body["messages"][0]["content"], latency_s=(0.001, 0.01)) as server:
        replies = using(model_of(server.url, concurrency=8), all_at_once)
    assert [reply.text for reply in replies] == [f"{i}番" for i in range(200)]
    assert server.service.in_flight_peak > 1


def test_requests_that_hang_keep_neither_a_second_try_nor_the_question_for_life_from_a_connection() -> None:
    async def run() -> None:
        arrived, over = asyncio.Semaphore(0), asyncio.Event()
        asked = 0

        async def hang(_: web.Request) -> web.Response:
            nonlocal asked
            asked += 1
            arrived.release()
            await over.wait()
            return web.Response()

        async def models(_: web.Request) -> web.Response:
            return web.json_response({"data": [{"id": "tane"}]})

        application = web.Application()
        application.router.add_post("/v1/chat/completions", hang)
        application.router.add_get("/v1/models", models)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        model = model_of(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", concurrency=1)
        hung = [asyncio.ensure_future(model.reply(ASK)) for _ in range(3)]
        async with asyncio.timeout(5):
            for _ in hung:
                await arrived.acquire()
            await model.open()
        assert asked == len(hung), "the question for life came through while all of them hung"
        over.set()
        await asyncio.gather(*hung, return_exceptions=True)
        await model.close()
        await runner.cleanup()

    asyncio.run(run())


def test_an_endpoint_that_is_looked_for_again_stays_where_it_was_meanwhile() -> None:
    """It lists no models, so that its address is guessed anew while requests go on."""
    asked: list[str] = []
    opened: list[OpenAICompatible] = []

    async def nothing(request: web.Request) -> web.Response:
        asked.append(request.path)
        if len(asked) > 2:  # opened before
            asked.append((await opened[0].reply(ASK)).text)
        return web.json_response({"error": "no such path"}, status=404)

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"choices": [{"message": {"content": "はい。"}, "finish_reason": "stop"}]})

    async def run() -> None:
        application = web.Application()
        application.router.add_post("/api/chat/completions", answer)
        application.router.add_get("/{any:.*}", nothing)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        model = model_of(f"http://127.0.0.1:{runner.addresses[0][1]}/api")
        opened.append(model)
        await model.open()
        await model.open()
        await model.close()
        await runner.cleanup()

    asyncio.run(run())
    guesses = ["/api/models", "/api/v1/models"]
    assert asked == [*guesses, guesses[0], "はい。", guesses[1], "はい。"]


def test_a_proxy_of_the_run_file_is_used() -> None:
    with Server(reply=lambda _: "代理から") as proxy:
        reply = asking(model_of("http://tane.invalid/v1", proxy=f"http://127.0.0.1:{proxy.port}"))
    assert reply.text == "代理から"
    assert proxy.service.headers[-1]["Host"] == "tane.invalid"


def test_a_proxy_of_the_environment_is_used_for_other_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(reply=lambda _: "環境の代理から") as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", "")
        assert asking(model_of("http://tane.invalid/v1")).text == "環境の代理から"


def test_loopback_is_never_sent_through_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with Server() as server:
        assert asking(model_of(server.url)).text
