"""Recorded exchanges answer again; what was not recorded is refused with the nearest that was."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import ModelError, SetupError
from tanemaki.core.model import Reply, Request, Sampling, Usage
from tanemaki.models import open_model
from tanemaki.models.replay import Recorder, Replay
from tanemaki.models.scripted import Scripted

REPLY = Reply(
    "春に播きます。", thinking="季節", usage=Usage(9, 5), model="tane-1", others=(Reply("秋です。"),)
)


def asked(text: str, max_tokens: int | None = None, seed: int | None = None) -> Request:
    return Request([{"role": "user", "content": text}], sampling=Sampling(max_tokens=max_tokens), seed=seed)


def recorded(path: Path, *requests: Request, name: str = "tane") -> Path:
    async def run() -> None:
        model = Recorder(Scripted(lambda _: REPLY, name=name), path)
        await model.open()
        for request in requests:
            assert await model.reply(request) == REPLY
        await model.close()
        assert model.name == name
        assert "chat" in model.capabilities

    asyncio.run(run())
    return path


def test_what_was_recorded_is_answered_again_whole(tmp_path: Path) -> None:
    path = recorded(tmp_path / "r.jsonl", asked("豆はいつ播きますか？", seed=3), Request(prompt="豆は"))
    model = open_model("writer", ModelSettings(kind="replay", file="r.jsonl"), tmp_path)
    assert model.name == "tane"
    assert asyncio.run(model.reply(asked("豆はいつ播きますか？", seed=3))) == REPLY
    assert asyncio.run(model.reply(Request(prompt="豆は"))) == REPLY
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[1])["request"] == {"prompt": "豆は"}


def test_the_token_limit_does_not_count_as_another_request(tmp_path: Path) -> None:
    model = Replay(recorded(tmp_path / "r.jsonl", asked("豆", max_tokens=10)))
    assert asyncio.run(model.reply(asked("豆", max_tokens=99))).text == "春に播きます。"


def test_the_first_of_several_recordings_of_one_request_holds(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    for text in ("一", "二"):
        exchange = {"model": "m", "request": asked("豆").to_wire(), "reply": Reply(text).to_json()}
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(exchange, ensure_ascii=False) + "\n\n")
    model = Replay(path)
    assert [asyncio.run(model.reply(asked("豆"))).text for _ in range(2)] == ["一", "一"]


def test_what_was_not_recorded_names_the_nearest_prompt(tmp_path: Path) -> None:
    model = Replay(
        recorded(tmp_path / "r.jsonl", asked("豆はいつ播きますか？"), asked("犬の散歩"), asked("短歌"))
    )
    with pytest.raises(ModelError) as raised:
        asyncio.run(model.reply(asked("豆はいつまきますか？")))
    assert (raised.value.fault, raised.value.retryable) == ("bad_request", False)
    assert str(raised.value) == (
        "ModelError: this request was not recorded\n"
        "  where   r.jsonl, model tane\n"
        "  got     '豆はいつまきますか？'\n"
        "  next    nearest recorded: '豆はいつ播きますか？'"
    )


def test_another_seed_is_another_request_and_said_so(tmp_path: Path) -> None:
    model = Replay(recorded(tmp_path / "r.jsonl", asked("豆", seed=1)))
    with pytest.raises(ModelError, match="with other messages before it, another seed or other sampling"):
        asyncio.run(model.reply(asked("豆", seed=2)))


def test_of_several_recorded_models_one_must_be_named(tmp_path: Path) -> None:
    path = recorded(tmp_path / "r.jsonl", asked("豆"), name="甲")
    recorded(path, asked("犬"), name="乙")
    with pytest.raises(SetupError) as raised:
        Replay(path)
    assert raised.value.got == "name None, recorded ['乙', '甲']"
    assert asyncio.run(Replay(path, name="乙").reply(asked("犬"))) == REPLY


def test_an_empty_file_and_a_line_of_another_kind_are_said(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text("", encoding="utf-8")
    with pytest.raises(SetupError, match="the file holds no exchanges"):
        Replay(path)
    path.write_text('{"reply": "はい"}\n', encoding="utf-8")
    with pytest.raises(SetupError, match="a line is not a recorded exchange") as raised:
        Replay(path)
    assert raised.value.where == f"{path}:1"


def test_a_failed_call_is_not_recorded(tmp_path: Path) -> None:
    model = Recorder(Scripted([]), tmp_path / "r.jsonl")
    with pytest.raises(ModelError, match="the script has no reply"):
        asyncio.run(model.reply(asked("豆")))
    assert not (tmp_path / "r.jsonl").exists()
