"""Tools and their calls, the thinking of several replies, and what a run file adds to a request: all of it arrives."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel

from support.runs import Captured, dataset, numbers, order_for, run
from support.server import Server
from tanemaki.cli.main import main
from tanemaki.config.schema import ModelSettings
from tanemaki.core.model import Reply, Request
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Asker, Context
from tanemaki.models.openai_compatible import OpenAICompatible
from tanemaki.run.execute import execute

TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "都市の天気を調べる。",
        "parameters": {
            "type": "object",
            "properties": {"都市": {"type": "string"}},
            "required": ["都市"],
            "additionalProperties": False,
        },
    },
}


class Forecast(BaseModel):
    """What is wanted in the end."""

    sky: str


@dataclass(frozen=True)
class Talk:
    """Ask with a tool, answer its call, and ask again: a dialogue as it is trained on."""

    ending: str = ""
    name: str = "talk"
    reads: ClassVar[tuple[str, ...]] = ("question",)
    writes: ClassVar[Mapping[str, FieldType]] = {"messages": "messages", "sky": "text"}
    roles: ClassVar[tuple[str, ...]] = ("writer",)

    async def __call__(self, record: Record, context: Context) -> Mapping[str, Json]:
        turns: list[dict[str, Any]] = [{"role": "user", "content": record["question"]}]
        called = await context.ask("writer", turns, schema=Forecast, tools=[TOOL])
        assert called.parsed is None
        turns.append(
            {"role": "assistant", "content": called.text or None, "tool_calls": list(called.tool_calls)}
        )
        turns.append({"role": "tool", "tool_call_id": called.tool_calls[0]["id"], "content": "晴れ、24度"})
        answer = await context.ask("writer", turns, schema=Forecast)
        turns.append({"role": "assistant", "content": answer.text + self.ending})
        return {"messages": turns, "sky": answer.parsed.sky}


TALK = Recipe(name="talk", needs=("question",), steps=(Talk(),))


def model_at(server: Server, **settings: Any) -> OpenAICompatible:
    return OpenAICompatible("writer", ModelSettings(endpoint=server.url, name="tane", **settings))


def weather(body: dict[str, Any]) -> Any:
    """Call the tool where there is one, else say how the sky is."""
    if not body.get("tools"):
        return '{"sky": "晴れ"}'
    function = {"name": "weather", "arguments": '{"都市": "京都"}'}
    return {"content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": function}]}


def test_tool_calls_come_back_go_out_again_and_are_known_to_a_later_start(tmp_path: Path) -> None:
    with Server(owned_by="vllm", reply=weather) as server:
        run(TALK, numbers(2), tmp_path / "r", model_at(server, concurrency=1))
        first, second = server.captured[0], next(body for body in server.captured if "tools" not in body)
        n_sent = len(server.captured)
        edited = Recipe(name="talk", needs=("question",), steps=(Talk("了"),))
        report = run(edited, numbers(2), tmp_path / "r", model_at(server))
        assert (len(server.captured), report.stats.n_reused) == (n_sent, 4), "nothing is paid twice"
    assert first["tools"] == [TOOL]
    call = weather({"tools": True})["tool_calls"][0]
    assert second["messages"][1] == {"role": "assistant", "content": None, "tool_calls": [call]}
    assert second["messages"][2] == {"role": "tool", "tool_call_id": "call_1", "content": "晴れ、24度"}
    with sqlite3.connect(tmp_path / "r" / "journal.sqlite") as db:
        (stored,) = db.execute("SELECT reply FROM calls WHERE root = 1 AND place = 0").fetchone()
    assert json.loads(stored)["tool_calls"] == [call]
    assert [row["sky"] for row in dataset(tmp_path / "r")] == ["晴れ"] * 2


def test_a_dataset_of_dialogues_with_tool_calls_loads_with_datasets(tmp_path: Path) -> None:
    datasets: Any = import_module("datasets")  # a folder of the tests has its name, too
    with Server(owned_by="vllm", reply=weather) as server:
        run(TALK, numbers(2), tmp_path / "r", model_at(server))
    loaded = datasets.load_dataset(
        "parquet", data_dir=str(tmp_path / "r" / "data"), split="train", cache_dir=str(tmp_path / "cache")
    )
    turns = loaded[0]["messages"]
    assert [turn["role"] for turn in turns] == ["user", "assistant", "tool", "assistant"]
    assert turns[1]["tool_calls"][0]["function"] == {"name": "weather", "arguments": '{"都市": "京都"}'}
    assert turns[2]["tool_call_id"] == "call_1"


async def answer(question: str, *, writer: Asker) -> str:
    """Ask for three in one call."""
    reply = await writer(Request([{"role": "user", "content": question}], n=3))
    return "".join(one.text for one in (reply, *reply.others))


def test_the_thinking_of_every_reply_is_in_the_lineage(tmp_path: Path) -> None:
    replies = [Reply("一", thinking="甲"), Reply("二"), Reply("三", thinking="丙")]
    recipe = Recipe(name="three", needs=("question",), steps=(answer,))
    run(recipe, numbers(1), tmp_path / "r", Captured(lambda _: replies))
    (row,) = dataset(tmp_path / "r")
    (call,) = json.loads(row["lineage"])["calls"]
    assert row["answer"] == "一二三"
    assert (call["thinking"], call["thinking_of_others"]) == ("甲", [None, "丙"])


def test_others_that_did_not_think_leave_no_trace(tmp_path: Path) -> None:
    recipe = Recipe(name="three", needs=("question",), steps=(answer,))
    run(recipe, numbers(1), tmp_path / "r", Captured(lambda _: [Reply("一", thinking="甲"), "二", "三"]))
    (call,) = json.loads(dataset(tmp_path / "r")[0]["lineage"])["calls"]
    assert call["thinking"] == "甲"
    assert "thinking_of_others" not in call


def test_what_the_run_file_adds_arrives_with_every_request_and_is_part_of_what_is_asked(
    tmp_path: Path,
) -> None:
    quiet = {"chat_template_kwargs": {"enable_thinking": False}, "priority": 1}

    async def plain(question: str, *, writer: Asker) -> str:
        request = Request([{"role": "user", "content": question}], extra={"top_a": 0.5, "priority": 9})
        return (await writer(request)).text

    recipe = Recipe(name="plain", needs=("question",), steps=(plain,))
    with Server() as server:
        for extra_body, n_sent in ((quiet, 1), (quiet, 1), ({**quiet, "priority": 2}, 2)):
            settings = ModelSettings(
                endpoint=server.url, name="tane", headers={"X-Team": "farm"}, extra_body=extra_body
            )
            model = OpenAICompatible("writer", settings)
            execute(order_for(recipe, numbers(1), tmp_path / "r", model, settings={"writer": settings}))
            assert len(server.captured) == n_sent
    body = server.captured[0]
    assert (body["chat_template_kwargs"], body["priority"], body["top_a"]) == (
        {"enable_thinking": False},
        1,
        0.5,
    )
    assert server.service.headers[-1]["X-Team"] == "farm"


def test_view_shows_the_calls_of_a_turn_and_of_a_reply(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def told(question: str, *, writer: Asker) -> dict[str, Json]:
        first = await writer(question, tools=[TOOL])
        turns = [
            {"role": "user", "content": question},
            {"role": "assistant", "tool_calls": [*first.tool_calls]},
        ]
        second = await writer(
            [*turns, {"role": "tool", "tool_call_id": "c1", "content": "晴れ"}], tools=[TOOL]
        )
        return {"said": second.text}

    call = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"都市": "東京"}'}}
    replies = [Reply("", finish_reason="tool_calls", tool_calls=(call,)), Reply("晴れです。")]
    model = Captured(lambda request: replies[len(request.messages) > 1])
    run(Recipe(needs=("question",), steps=(told,), name="tools"), numbers(1), tmp_path / "r", model)
    assert main(["view", str(tmp_path / "r"), "--id", "1"]) == 0
    shown = capsys.readouterr().out
    assert '  called: weather({"都市": "東京"})' in shown
    assert '  [assistant]\n    weather({"都市": "東京"})' in shown
