"""The scripted model: lists, mappings, functions and files, each reply used as written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import ModelError, SetupError
from tanemaki.core.model import Reply, Request, Usage
from tanemaki.models import open_model
from tanemaki.models.scripted import Scripted, last_text


def asked(text: str, n: int = 1) -> Request:
    return Request([{"role": "system", "content": "先生"}, {"role": "user", "content": text}], n=n)


def reply(model: Scripted, text: str, n: int = 1) -> Reply:
    return asyncio.run(model.reply(asked(text, n)))


def test_a_list_is_used_in_order_and_then_says_that_it_is_used_up() -> None:
    model = Scripted(["一", Reply("二", "length"), {"text": "三", "thinking": "考え"}])
    assert [reply(model, "?") for _ in range(3)] == [
        Reply("一", model="scripted"),
        Reply("二", "length", model="scripted"),
        Reply("三", thinking="考え", model="scripted"),
    ]
    with pytest.raises(ModelError) as raised:
        reply(model, "四番目")
    assert raised.value.fault == "bad_request"
    assert raised.value.got == "'四番目'; every reply was used"


def test_an_iterator_may_be_endless() -> None:
    def numbers() -> Iterator[str]:
        number = 0
        while True:
            number += 1
            yield f"{number}番"

    model = Scripted(numbers())
    assert [reply(model, "?").text for _ in range(3)] == ["1番", "2番", "3番"]


def test_a_mapping_prefers_the_whole_text_and_then_the_longest_piece() -> None:
    model = Scripted({"日本": "短い", "日本の首都": "東京", "日本の首都は？": "ちょうど"})
    assert reply(model, "日本の首都は？").text == "ちょうど"
    assert reply(model, "いまの日本の首都を教えて").text == "東京"
    assert reply(model, "日本について").text == "短い"
    with pytest.raises(ModelError, match="no key is a piece of it"):
        reply(model, "フランスは？")


def test_a_list_in_a_mapping_is_used_in_order() -> None:
    model = Scripted({"種": ["甲", "乙"]})
    assert [reply(model, "種まき").text for _ in range(2)] == ["甲", "乙"]
    with pytest.raises(ModelError, match="every reply under '種' was used"):
        reply(model, "種まき")


def test_a_function_sees_the_request_and_may_be_async() -> None:
    async def later(request: Request) -> str:
        await asyncio.sleep(0)
        return last_text(request)[::-1]

    assert reply(Scripted(lambda request: f"「{last_text(request)}」"), "はい").text == "「はい」"
    assert reply(Scripted(later), "たねまき").text == "きまねた"


def test_several_replies_are_taken_from_any_script() -> None:
    for script in (["一", "二"], {"?": ["一", "二"]}, lambda _: ["一", "二"]):
        found = reply(Scripted(script), "?", n=2)
        assert (found.text, [other.text for other in found.others]) == ("一", ["二"])
    assert [other.text for other in reply(Scripted({"?": "同"}), "?", n=3).others] == ["同", "同"]
    with pytest.raises(ModelError, match="2 replies wanted, 1 given"):
        reply(Scripted(lambda _: ["一"]), "?", n=2)


def test_a_planted_failure_is_raised() -> None:
    model = Scripted([ModelError("満員です", fault="overloaded", retryable=True)])
    with pytest.raises(ModelError, match="満員です") as raised:
        reply(model, "?")
    assert raised.value.retryable


def test_tokens_are_counted_only_where_the_script_states_them() -> None:
    model = Scripted(["数えない", {"text": "数える", "usage": [12, 3]}])
    assert reply(model, "?").usage == Usage()
    assert reply(model, "?").usage == Usage(12, 3)


def test_a_misspelt_key_of_a_reply_is_named_with_the_nearest() -> None:
    with pytest.raises(SetupError, match="unknown key 'finish_raeson'") as raised:
        reply(Scripted([{"text": "はい", "finish_raeson": "stop"}]), "?")
    assert raised.value.next == "did you mean 'finish_reason'?"


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (Request(prompt="東京は"), "東京は"),
        (
            Request([{"role": "user", "content": [{"type": "text", "text": "絵"}, {"type": "image_url"}]}]),
            "絵",
        ),
        (Request([{"role": "user", "content": "一"}, {"role": "assistant", "content": "二"}]), "一"),
        (Request([{"role": "system", "content": "先生"}]), ""),
    ],
)
def test_a_script_looks_at_the_last_thing_that_the_user_said(request_: Request, text: str) -> None:
    assert last_text(request_) == text


def from_file(folder: Path, *lines: str) -> Scripted:
    (folder / "script.jsonl").write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    model = open_model("writer", ModelSettings(kind="scripted", file="script.jsonl"), folder)
    assert isinstance(model, Scripted)
    return model


def test_a_file_answers_by_what_fits_each_line_once_unless_it_repeats(tmp_path: Path) -> None:
    model = from_file(
        tmp_path,
        '{"match": "地震", "reply": {"text": "机の下へ。", "thinking": "安全第一"}}',
        '{"match": "天気", "reply": "晴れです。", "repeat": true}',
        '{"match": null, "reply": "一度だけ。"}',
    )
    assert reply(model, "天気は？").text == "晴れです。"
    assert reply(model, "地震のときは？").thinking == "安全第一"
    assert reply(model, "地震のときは？").text == "一度だけ。"
    assert reply(model, "明日の天気は？").text == "晴れです。"
    with pytest.raises(ModelError, match="none of the 1 lines left fits"):
        reply(model, "地震のときは？")


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "the line is not JSON"),
        ("[1]", "the line is not a JSON object"),
        ('{"match": "a"}', "a line of the script is not one reply"),
        ('{"reply": "a", "mach": "b"}', "a line of the script is not one reply"),
        ('{"reply": {"txt": "a"}}', "a scripted reply has the unknown key 'txt'"),
    ],
)
def test_a_bad_line_is_named_before_any_call(tmp_path: Path, line: str, what: str) -> None:
    with pytest.raises(SetupError) as raised:
        from_file(tmp_path, '{"reply": "はい"}', line)
    assert raised.value.what == what
    assert raised.value.where is None or raised.value.where.endswith("script.jsonl:2")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="the file cannot be read: No such file or directory") as raised:
        open_model("writer", ModelSettings(kind="scripted", file="nowhere.jsonl"), tmp_path)
    assert raised.value.where == str(tmp_path / "nowhere.jsonl")
