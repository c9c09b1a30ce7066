"""The batch interface: our side of it against the test server, and the test server against the official client."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Mapping
from typing import Any, BinaryIO

import openai
import pytest

from support.batch_service import BatchBehaviour
from support.server import Server
from tanemaki.config.schema import ModelSettings
from tanemaki.core.batch import RemoteBatch
from tanemaki.core.errors import ModelError
from tanemaki.core.model import Reply, Request, Sampling
from tanemaki.models.batch import BatchFiles, file_name, read_line
from tanemaki.models.faults import Asked
from tanemaki.models.http import Answer, Http
from tanemaki.models.openai_compatible import OpenAICompatible

ASKED = Asked("writer", "tane", "http://127.0.0.1/v1/batches")


def line_of(custom_id: str, content: str) -> bytes:
    body = {"model": "tane", "messages": [{"role": "user", "content": content}]}
    line = {"custom_id": custom_id, "method": "POST", "url": "/v1/chat/completions", "body": body}
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"


def test_the_official_client_drives_the_test_server() -> None:
    lines = b"".join(line_of(f"r{i}", f"種{i}の播き方は？") for i in range(4))
    with (
        Server(reply=lambda _: "春に播きます。") as server,
        openai.OpenAI(base_url=server.url, api_key="none", max_retries=0, timeout=10) as client,
    ):
        file = client.files.create(file=("種.jsonl", io.BytesIO(lines)), purpose="batch")
        batch = client.batches.create(
            input_file_id=file.id,
            endpoint="/v1/chat/completions",
            completion_window="24h",
            metadata={"tanemaki": "k1"},
        )
        seen = [batch.status]
        while batch.status not in ("completed", "failed"):
            batch = client.batches.retrieve(batch.id)
            seen.append(batch.status)
        assert batch.output_file_id is not None
        told = [json.loads(line) for line in client.files.content(batch.output_file_id).text.splitlines()]
        listed = [one.metadata for one in client.batches.list()]
        names = [one.filename for one in client.files.list(purpose="batch")]
    assert seen == ["validating", "in_progress", "finalizing", "completed"]
    assert sorted(one["custom_id"] for one in told) == ["r0", "r1", "r2", "r3"]
    assert told[0]["response"]["body"]["choices"][0]["message"]["content"] == "春に播きます。"
    assert listed == [{"tanemaki": "k1"}]
    assert names == ["種.jsonl"]
    assert batch.request_counts is not None
    assert batch.request_counts.completed == 4


def test_the_official_client_cancels_and_gets_what_was_done() -> None:
    lines = b"".join(line_of(f"r{i}", f"{i}") for i in range(4))
    with (
        Server() as server,
        openai.OpenAI(base_url=server.url, api_key="none", max_retries=0, timeout=10) as client,
    ):
        file = client.files.create(file=("a.jsonl", lines), purpose="batch")
        batch = client.batches.create(
            input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
        )
        assert client.batches.cancel(batch.id).status == "cancelling"
        batch = client.batches.retrieve(batch.id)
        assert batch.status == "cancelled"
        assert batch.output_file_id is not None
        assert batch.error_file_id is not None
        done = client.files.content(batch.output_file_id).text.splitlines()
        lost = client.files.content(batch.error_file_id).text.splitlines()
        with pytest.raises(openai.NotFoundError):
            client.batches.retrieve("batch_none")
    assert len(done) == len(lost) == 2
    assert json.loads(lost[0])["error"]["code"] == "batch_cancelled"


async def whole_way(server: Server, key: str, request: Request) -> list[tuple[str, Any]]:
    """Send one request through a batch of ours, and return what came of every line."""
    model = OpenAICompatible("writer", ModelSettings(endpoint=server.url, name="tane"))
    service = BatchFiles(model)
    try:
        await model.open()
        file_id = await service.upload(key, io.BytesIO(service.line("1-ab", request)))
        assert await service.find_file(key) == file_id
        assert await service.find(key) is None
        batch = await service.create(key, service.path(request), file_id)
        found = await service.find(key)
        assert found is not None
        assert found.id == batch.id
        while not batch.is_over:
            batch = await service.retrieve(batch.id)
        read = [
            (str(line["custom_id"]), service.read(line, request.n)) async for line in service.results(batch)
        ]
        await service.delete_file(file_id)
        await service.delete_file(file_id)
        assert await service.find_file(key) is None
        return read
    finally:
        await model.close()


@pytest.mark.parametrize(
    "request_",
    [
        Request([{"role": "user", "content": "種の播き方は？😀ﾀﾈ"}], sampling=Sampling(max_tokens=50)),
        Request(prompt="東京は", n=2),
    ],
)
def test_a_request_goes_the_whole_way_and_its_reply_is_read(request_: Request) -> None:
    with Server() as server:
        read = asyncio.run(whole_way(server, "k7", request_))
        uploaded = server.service.batches.requests
        names = [file["about"]["filename"] for file in server.service.batches.files.values()]
    assert [name for name, _ in read] == ["1-ab"]
    assert isinstance(read[0][1], Reply)
    assert len(read[0][1].others) == request_.n - 1
    assert uploaded[0]["body"] == {"model": "tane", **request_.to_wire()}
    assert file_name("k7") not in names


def test_a_batch_is_found_however_many_pages_lie_before_it() -> None:
    async def find(server: Server) -> list[str | None]:
        model = OpenAICompatible("writer", ModelSettings(endpoint=server.url, name="tane"))
        service = BatchFiles(model)
        try:
            await model.open()
            for i in range(7):
                file_id = await service.upload(f"k{i}", io.BytesIO(line_of("1-a", "種")))
                await service.create(f"k{i}", "/v1/chat/completions", file_id)
            found = [await service.find(key) for key in ("k0", "k3", "k6", "k9")]
            return [None if one is None else one.id for one in found]
        finally:
            await model.close()

    with Server(batches=BatchBehaviour(page=2)) as server:
        assert asyncio.run(find(server)) == ["batch_000001", "batch_000004", "batch_000007", None]
        assert server.service.batches.calls["GET /batches"] > 8


def test_an_endpoint_without_batches_says_what_to_do() -> None:
    async def find(server: Server) -> None:
        model = OpenAICompatible("writer", ModelSettings(endpoint=server.root + "/elsewhere", name="tane"))
        try:
            await BatchFiles(model).find("k")
        finally:
            await model.close()

    with Server() as server, pytest.raises(ModelError) as raised:
        asyncio.run(find(server))
    assert raised.value.what == "the endpoint has no batch interface"
    assert raised.value.next == "leave out models.writer.batch: the requests are then sent one by one"


@pytest.mark.parametrize(
    ("line", "fault", "retryable"),
    [
        ({"response": {"status_code": 429, "body": {"error": {"message": "slow down"}}}}, "overloaded", True),
        ({"response": {"status_code": 500, "body": None}, "error": None}, "server", True),
        (
            {"response": {"status_code": 400, "body": None}, "error": {"message": "Unsupported value: 'n'"}},
            "bad_request",
            False,
        ),
        ({"response": None, "error": {"message": "boom", "code": 503}}, "overloaded", True),
        ({"response": None, "error": "out of memory"}, "server", True),
        ({"response": {"status_code": 200, "body": {"choices": []}}}, "malformed", True),
        ({}, "malformed", True),
    ],
)
def test_what_went_wrong_with_one_request_is_classed_as_if_it_were_live(
    line: dict[str, Any], fault: str, *, retryable: bool
) -> None:
    outcome = read_line({"custom_id": "1-a", **line}, ASKED, 1)
    assert isinstance(outcome, ModelError)
    assert (outcome.fault, outcome.retryable) == (fault, retryable)


@pytest.mark.parametrize("code", ["batch_expired", "batch_cancelled"])
def test_a_request_that_was_never_worked_on_is_no_fault(code: str) -> None:
    assert read_line({"custom_id": "1-a", "response": None, "error": {"code": code}}, ASKED, 1) is None


def test_vllms_form_of_a_reply_is_read() -> None:
    body = {
        "id": "cmpl-1",
        "model": "tane",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": "春です。"}, "finish_reason": "stop"}
        ],
        "usage": {"prompt_tokens": 9, "completion_tokens": 4},
    }
    line = {
        "id": "vllm-1",
        "custom_id": "1-a",
        "response": {"status_code": 200, "request_id": "vllm-batch-1", "body": body},
        "error": None,
    }
    outcome = read_line(line, ASKED, 1)
    assert isinstance(outcome, Reply)
    assert (outcome.text, outcome.usage.completion_tokens) == ("春です。", 4)


class Answering(Http):
    """Answers with what was said beforehand."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__()
        self.said = Answer(status, body, {})

    async def get(self, url: str) -> Answer:
        return self.said

    async def post(self, url: str, body: Mapping[str, Any], **_: Any) -> Answer:
        return self.said

    async def upload(self, url: str, fields: Mapping[str, str], name: str, file: BinaryIO) -> Answer:
        return self.said

    async def download(self, url: str, file: BinaryIO) -> Answer:
        file.write(self.said.body)
        return Answer(self.said.status, b"", {})


def service_that_says(body: bytes) -> BatchFiles:
    model = OpenAICompatible("writer", ModelSettings(endpoint="http://127.0.0.1:1/v1", name="tane"))
    model._http = Answering(200, body)
    return BatchFiles(model)


async def every_line(service: BatchFiles) -> list[Mapping[str, Any]]:
    return [line async for line in service.results(RemoteBatch("b1", "completed", ("f1",)))]


def test_a_line_that_is_no_object_does_not_keep_back_the_others() -> None:
    told = b'{"custom_id": "1-a"}\n\n5\n{"custom_id": "2-\n<html>\n{"custom_id": "3-c"}\n'
    lines = asyncio.run(every_line(service_that_says(told)))
    assert [line["custom_id"] for line in lines] == ["1-a", "3-c"]


def test_a_last_line_that_breaks_off_is_fetched_again() -> None:
    with pytest.raises(ModelError) as raised:
        asyncio.run(every_line(service_that_says(b'{"custom_id": "1-a"}\n{"custom_id": "2')))
    assert (raised.value.fault, raised.value.retryable) == ("cut_body", True)


@pytest.mark.parametrize("body", [b"{}", b'{"id": ""}', b'{"id": null, "status": "in_progress"}'])
def test_a_service_that_gives_a_batch_no_name_is_no_service(body: bytes) -> None:
    service = service_that_says(body)
    for asked in (
        service.upload("k", io.BytesIO()),
        service.create("k", "/v1/x", "f"),
        service.retrieve("b"),
    ):
        with pytest.raises(ModelError, match="what came has no id"):
            asyncio.run(asked)


def test_other_words_for_the_state_and_the_place_of_a_mistake_are_understood() -> None:
    told = {
        "id": "b1",
        "status": "canceled",
        "errors": {"data": [{"code": "x", "message": "y", "line": "3"}, {"line": "end"}]},
    }
    found = asyncio.run(service_that_says(json.dumps(told).encode()).retrieve("b1"))
    assert found.is_over
    assert [one.line for one in found.complaints] == [3, None]


@pytest.mark.parametrize("body", [{"error": {"code": 2**80}}, {"error": {"message": "\ud800"}}])
def test_numbers_and_letters_that_only_the_standard_library_reads_are_no_bug(body: dict[str, Any]) -> None:
    outcome = read_line({"custom_id": "1-a", "response": {"status_code": 500, "body": body}}, ASKED, 1)
    assert isinstance(outcome, ModelError)
    assert outcome.fault == "server"


def test_a_lone_surrogate_is_told_as_a_bad_request() -> None:
    service = BatchFiles(
        OpenAICompatible("writer", ModelSettings(endpoint="http://127.0.0.1:1/v1", name="tane"))
    )
    with pytest.raises(ModelError) as raised:
        service.line("1-a", Request([{"role": "user", "content": "\ud800"}]))
    assert raised.value.fault == "bad_request"
