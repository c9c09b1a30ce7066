"""No option is for show: another value of it changes what is asked, what comes out, or what the source must give.

Every option of every recipe is tried on the recipe's own golden lines, with the values that other golden lines give it and
those that its type tells (the other booleans, the other literals, one more, half as much): a new recipe is collected by
itself. ``MORE`` holds values for options that only show with something else beside them.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from support.context import Asked, walk_all
from tanemaki.core.errors import SetupError, TanemakiError
from tanemaki.core.model import Reply
from tanemaki.recipes import catalogue
from tanemaki.recipes.golden import Golden, golden

GOLDEN = {name: golden(catalogue.find(name).path) for name in catalogue.names()}
OPTIONS = [
    (name, option) for name, rows in GOLDEN.items() if rows for option in catalogue.load(name, "ja").options
]
TOPICS = {"avoid_topics": ["places", "culture", "dates"]}
CODEBOOK = {"question": "市の計画に賛成か。", "labels": [{"label": "賛成", "definition": "賛成だ。"},
            {"label": "反対", "definition": "反対だ。"}]}  # fmt: skip
TOOL = {
    "name": "add",
    "description": "二つの数を足す。",
    "parameters": {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}},
}
CALL = {"id": "x", "type": "function", "function": {"name": "add", "arguments": '{"a": 38, "b": 57}'}}
SUM = (
    "頼みごと：38に57を足すといくつですか。",
    Reply("", finish_reason="tool_calls", tool_calls=(CALL,)),
    "38と57を足すと95です。",
)
FORM = (
    "指示1：京都府の名所を挙げて。\n応答1：嵐山の竹林を歩くのがよいです。\n"
    "指示2：近くの駅は？\n応答2：嵐電の嵐山駅がいちばん近いです。"
)


@dataclass(frozen=True)
class Other:
    """Options, one of which is tried; fields that the records have then, and replies in the place of the last ones."""

    options: Mapping[str, Any]
    fields: Mapping[str, Any] = field(default_factory=dict)
    replies: Sequence[Reply | str] = ()


MORE: Mapping[tuple[str, str], tuple[Other, ...]] = {
    ("annotate", "annotators"): (Other({"annotators": ["one", "two"]}),),
    ("annotate", "codebook"): (Other({"codebook": "{files}/codebook.json"}),),
    ("annotate", "question"): (Other({"question": "何についてか。", "codebook": "{files}/codebook.json"}),),
    ("critique_rewrite", "max_growth"): (Other({"max_growth": 1.0}), Other({"max_growth": 20.0})),
    ("exact_format", "levels"): (Other({"levels": [3]}),),
    ("exact_format", "topics"): (Other({"topics": ["sets"]}),),
    ("exact_logic", "levels"): (Other({"levels": [3]}),),
    ("exact_logic", "styles"): (Other({"styles": ["short"]}),),
    ("mixed_verified", "families"): (Other({"families": ["dice_sum", "ordering", "run_length"]}),),
    ("mixed_verified", "levels"): (Other({"levels": [3]}),),
    ("format_tax", "topics"): (Other({"topics": ["sets"]}),),
    ("exact_maths", "topics"): (Other({"topics": ["sets"]}),),
    ("evol_quality", "max_growth"): (Other({"max_growth": 1.0}), Other({"max_growth": 20.0})),
    ("follow_up", "follow_ups_min"): (Other({"follow_ups_min": 2, "follow_ups_max": 2}),),
    ("follow_up", "history_turns"): (Other({"history_turns": 1, "follow_ups_min": 2, "follow_ups_max": 2}),),
    ("grounded_qa", "turns_min"): (Other({"turns_min": 2, "turns_max": 2}),),
    ("judge_rows", "plain"): (Other({"plain": True}, {"first": "**一つ目**の答えです。"}),),
    ("keyword_question", "avoid_topics"): (
        Other(TOPICS, replies=("問題：京都府にある次の神社を、五十音順に並べてください。", "一つ、二つ、三つです。")),
    ),
    ("magpie", "follow_up_opening"): (Other({"follow_up_opening": "ところで、", "turns": 2}),),
    ("reanswer", "avoid_topics"): (Other(TOPICS, {"instruction": "京都府の県庁はどこにありますか。"}),),
    ("rewrite", "every_window"): (Other({"every_window": True, "min_chars": 50, "max_chars": 100}),),
    ("self_instruct", "instances"): (
        Other(
            {"instances": 2, "per_request": 1},
            replies=("9. 好きな果物の思い出を短く書いてください。", "判定：いいえ",
                     "入力：桃\n出力：川で冷やした。\n\n入力：柿\n出力：祖母とむいた。\n\n入力：梨\n出力：庭で実った。"),
        ),
    ),
    ("self_instruct", "seeds"): (Other({"seeds": 0}), Other({"seeds": 8})),
    ("similar_question", "avoid_topics"): (
        Other(TOPICS, replies=("質問：京都府でいちばん高い山は何ですか。", "皆子山で、高さはおよそ972メートルです。")),
    ),
    ("tag", "tags"): (Other({"tags": ["language"]}),),
    ("template_fill", "avoid_topics"): (Other(TOPICS, replies=(FORM,)),),
    ("text_qa", "avoid_topics"): (
        Other(TOPICS, replies=("質問：京都府の北にある海は何ですか。", "日本海です。若狭湾があります。")),
    ),
    ("tool_dialogue", "functions"): (
        Other({"functions": "{files}/mine.py", "tools": "{files}/tools.json", "kinds": ["single"]}, replies=SUM),
    ),
    ("tool_dialogue", "tools"): (Other({"tools": "{files}/tools.json"}),),
    ("topic_dialogue", "families"): (Other({"families": ["coding"]}),),
    ("translate_protected", "styles"): (Other({"styles": ["casual"]}),),
    ("wish", "temperatures"): (Other({"form": "pairs", "temperatures": [0.1, 0.2]}),),
    ("wish_plan", "languages"): (Other({"languages": ["ja"]}),),
    ("wish_plan", "recipes"): (Other({"recipes": ["wish"]}),),
}  # fmt: skip


def of_its_type(option: str, default: Any, wanted: Any) -> Iterator[Other]:
    """Yield what the type of an option tells by itself."""
    for kind in (wanted, *typing.get_args(wanted)):
        if typing.get_origin(kind) is typing.Literal:
            yield from (Other({option: value}) for value in typing.get_args(kind))
        if kind is bool:
            yield from (Other({option: value}) for value in (True, False))
        if kind is int and not isinstance(default, bool | tuple | list):
            start = 10 if default is None else default
            yield from (Other({option: value}) for value in (start + 1, 2 * start, start // 2, start - 1))
        if kind is float:
            yield from (Other({option: value}) for value in ((default or 1.0) / 2, 0.0, 1.0))
    if isinstance(default, tuple | list) and default:
        yield Other({option: default[:1]})


def others(name: str, option: str, build: Any) -> Iterator[Other]:
    """Yield what is tried of an option."""
    default = inspect.signature(build).parameters[option].default
    yield from MORE.get((name, option), ())
    shown = {repr(row.options[option]): row.options[option] for row in GOLDEN[name] if option in row.options}
    yield from (Other({option: value}) for value in shown.values())
    yield from of_its_type(option, default, typing.get_type_hints(build)[option])


def walk(name: str, row: Golden, options: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Return what a line's records do under these options; None where the options do not go together."""
    try:
        loaded = catalogue.load(name, row.language, options)
    except SetupError:
        return None
    if not set(loaded.recipe.needs) <= set(row.record.fields):
        return ("needs", loaded.recipe.needs)
    left, captured = list(row.replies), list[Asked]()

    def script(_: Asked) -> Reply:
        return left.pop(0) if left else Reply("")

    try:
        ended = asyncio.run(walk_all(loaded.recipe, loaded.texts, row.records, script, captured))
        ends: Any = [(end.record.fields, end.reject, end.step) for end in ended]
    except TanemakiError as error:
        ends = str(error)
    return [(one.role, one.request.to_wire()) for one in captured], ends


def in_its_place(other: Other, row: Golden) -> Golden:
    """Return the line with the fields and replies that the option wants."""
    records = tuple(replace(one, fields={**one.fields, **other.fields}) for one in row.records)
    replies = tuple(Reply(one) if isinstance(one, str) else one for one in other.replies) or row.replies
    return replace(row, records=records, replies=replies)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's own files, which options name."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "codebook.json").write_text(json.dumps(CODEBOOK), encoding="utf-8")
    (folder / "tools.json").write_text(json.dumps([TOOL]), encoding="utf-8")
    (folder / "mine.py").write_text("def add(a, b):\n    return {'sum': a + b}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_another_value_changes_what_is_asked_or_what_comes_out(name: str, option: str, files: Path) -> None:
    loaded = catalogue.load(name, "ja")
    build = sys.modules[f"tanemaki.recipes.{name}.recipe"].build
    base: dict[str, tuple[Any, ...] | None] = {}  # lines that one trial after the other compares with
    for other in others(name, option, build):
        options = {
            key: value.replace("{files}", str(files)) if isinstance(value, str) else value
            for key, value in other.options.items()
        }
        value = options.pop(option)
        if value == loaded.options[option]:
            continue
        for row in (in_its_place(other, row) for row in GOLDEN[name]):
            given = {n: one for n, one in {**row.options, **options}.items() if n != option}
            with_it, key = walk(name, row, {**given, option: value}), repr((row, given))
            without = base[key] if key in base else base.setdefault(key, walk(name, row, given))
            if with_it is not None and without is not None and with_it != without:
                return
    pytest.fail(f"recipe {name}: no value of {option!r} that was tried changes anything")
