"""Faults of published systems that whole runs must not have; the other faults are held where their code lies.

A test says the number of its fault in its docstring; ``tests/architecture/test_faults.py`` looks for all of them.
"""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise
from pathlib import Path

import aiohttp
import pytest

from support.server import Server
from tanemaki.config.load import load
from tanemaki.config.schema import ModelSettings
from tanemaki.models.local import Local
from tanemaki.recipes import catalogue
from tanemaki.run.execute import execute
from tanemaki.run.order import order_from

STARTS = [
    "あんこ作りに打ち込む職人",
    "カメラが趣味の会社員",
    "漁師町で育った七十歳",
    "８０歳の元教師",
    "ﾊﾟﾝ屋の店主",
    "「変わり者」と呼ばれる画家",
    "🐈 猫と暮らす学生",
    "―無口な庭師",
]


def run_dialogues(folder: Path, server: Server) -> None:
    lines = [json.dumps({"persona": persona}, ensure_ascii=False) for persona in STARTS]
    (folder / "seeds.jsonl").write_text("\n".join(lines), encoding="utf-8")
    [loaded] = load(
        None,
        values={
            "recipe": "persona_dialogue",
            "language": "ja",
            "source": {"kind": "jsonl", "path": str(folder / "seeds.jsonl")},
            "models": {"writer": {"endpoint": server.url, "name": "tane"}},
            "limits": {"failed_share": None},
            "output": str(folder / "run"),
        },
    )
    execute(order_from(loaded.run, loaded.base))


def test_fault_21_a_row_that_starts_with_any_japanese_character_reaches_the_model(tmp_path: Path) -> None:
    """Fault 21: a rule on the first letter let no Japanese text through."""
    with Server(reply=lambda _: "質問：朝ご飯に何を食べればよいですか。") as server:
        run_dialogues(tmp_path, server)
        asked = [str(body["messages"]) for body in server.captured]
    for persona in STARTS:
        assert any(persona in messages for messages in asked), persona


def test_fault_7_every_prompt_goes_out_as_chat_messages_that_the_server_wraps(tmp_path: Path) -> None:
    """Fault 7: a prompt went to the model without its chat template."""
    with Server(reply=lambda _: "質問：朝ご飯に何を食べればよいですか。") as server:
        run_dialogues(tmp_path, server)
        assert server.captured
        for body in server.captured:
            assert "prompt" not in body
            roles = [message["role"] for message in body["messages"]]
            assert roles[0] == "system"
            assert roles[-1] == "user"
            assert all(one != other for one, other in pairwise(roles))


@pytest.mark.real_model
def test_fault_7_the_embedded_model_gets_the_bytes_of_its_own_template() -> None:
    """Fault 7: a prompt went to the model without its chat template."""
    messages = (
        catalogue.load("persona_dialogue", "en", {}).texts.prompts["answer"].render({"level": "a child"})
    )
    messages.append({"role": "user", "content": "Why is the sky blue?"})

    async def wrapped() -> str:
        model = Local("writer", ModelSettings(kind="local", slots=1, context=512), Path())
        await model.open()
        try:
            address = model._opened().endpoint.removesuffix("/v1")
            async with (
                aiohttp.ClientSession() as session,
                session.post(f"{address}/apply-template", json={"messages": messages}) as answer,
            ):
                return str((await answer.json())["prompt"])
        finally:
            await model.close()

    system, user = (message["content"] for message in messages)
    assert asyncio.run(wrapped()) == (
        f"<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n{user}<|im_end|>\n<|im_start|>assistant\n"
    )
