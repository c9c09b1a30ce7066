"""What only dialogues with tools promise: valid calls in the wire form, kinds by weight, results that count."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from support.context import Asked, End, in_order, walk
from support.over_http import over_http
from support.runs import Captured, dataset, table
from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.core.record import Json, Record
from tanemaki.core.seeding import Draw, hex_id
from tanemaki.generate.tool_set import tools_of
from tanemaki.recipes import catalogue
from tanemaki.run.execute import execute
from tanemaki.run.order import order_of
from tanemaki.sources.given import Given

NAME = "tool_dialogue"
KINDS = ("single", "parallel", "steps", "missing", "none")
EACH_LANGUAGE = pytest.mark.parametrize("language", ["ja", "en"])
SAID = {
    "ja": {
        "request": "頼みごと：K{k}番のことで、{what}をお願いしたいです。{how}",
        "reply": "頼みごと：K{k}番は、いちばん近い所でお願いします。",
        "ask": "どちらになさいますか。",
        "answer": "調べたところ、次のとおりでした。{found}でございます。",
        "none": "それに合う道具がないため、お手伝いできません。",
        "many": "一度に頼みます。",
        "open": "まだ決めていません。",
    },
    "en": {
        "request": "Request: About number K{k}, I would like this done for me. {what} {how}",
        "reply": "Request: For number K{k}, the nearest one, please.",
        "ask": "Which of them would you like to have?",
        "answer": "This is what I found for you. It is {found}, and that is all.",
        "none": "There is no tool here that fits, so I am not able to do it for you.",
        "many": "All of it at once.",
        "open": "I have not made up my mind.",
    },
}
FAULTS = (
    "cut",
    "wrong_language",
    "names_tool",
    "unknown_tool",
    "bad_arguments",
    "repeated_call",
    "missing_call",
    "answer_ignores_result",
    "unfounded_number",
    "empty",
)
WORDS: dict[str, Sequence[str]] = {
    "ja": "あかさたなはまやらわきしちにひみり",
    "en": (
        "the harbour",
        "a meadow",
        "the lantern",
        "some copper",
        "that willow",
        "our granite",
        "her saddle",
        "his kettle",
    ),
}


def value_of(schema: Mapping[str, Any], language: str, *names: str | int) -> Json:
    """Return a value that obeys the schema."""
    draw = Draw("value", *names)
    if "enum" in schema:
        return draw.choose(schema["enum"])
    match schema["type"]:
        case "object":
            wanted = schema.get("required", ())
            return {name: value_of(schema["properties"][name], language, *names, name) for name in wanted}
        case "array":
            return [value_of(schema["items"], language, *names, n) for n in range(2)]
        case "integer" | "number":
            return draw.between(1, 900)
    return (
        " ".join(draw.sample(WORDS[language], 3))
        if language == "en"
        else "".join(draw.sample(WORDS[language], 6))
    )


def leaves(value: Json) -> list[str]:
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in leaves(one)]
    return [leaf for one in value for leaf in leaves(one)] if isinstance(value, list) else [str(value)]


class Everybody(Captured):
    """Plays person, assistant and tools from what each is shown; the rows of ``faults`` meet one fault each."""

    def __init__(self, language: str, faults: Mapping[int, str] = {}, slow: str | None = None) -> None:
        self._said, self._language, self._faults = SAID[language], language, faults
        self._tools = tools_of(catalogue.texts_of(catalogue.find(NAME))[language].tables["tools"])
        super().__init__(self._answer_to, slow=slow)

    def _answer_to(self, request: Request) -> Reply:
        if request.response_format is not None:
            schema = request.response_format["json_schema"]["schema"]
            return Reply(
                json.dumps(
                    value_of(schema, self._language, request.messages[-1]["content"]), ensure_ascii=False
                )
            )
        if "<persona " in str(request.messages[-1]["content"]):
            return self._person(str(request.messages[-1]["content"]))
        return self._assistant(request)

    def _person(self, shown: str) -> Reply:
        k = int(re.findall(r"<persona (\d+)>", shown)[0])
        fault = self._faults.get(k)
        if self._said["ask"] in shown:
            return Reply(self._said["reply"].format(k=k))
        if fault == "wrong_language":
            return Reply(
                {
                    "ja": "Request: Please find me a shop near the station.",
                    "en": "頼みごと：駅の近くの店を探してください。",
                }[self._language]
            )
        what = [tool for tool in self._tools if f"- {tool.shown()}" in shown]
        left_out = shown.rstrip().endswith("—")
        how = "" if left_out else self._said["open"]
        if re.search(r"二つか三つ|互いに|two or three|two errands at once", shown):
            how = self._said["many"]
        text = self._said["request"].format(k=k, what=" ".join(tool.description for tool in what), how=how)
        if fault == "names_tool":
            text += (
                next(tool.name for tool in what if "_" in tool.name) if "_" in what[0].name else "get_weather"
            )
        return Reply(text[:12], finish_reason="length") if fault == "cut" else Reply(text)

    def _assistant(self, request: Request) -> Reply:
        messages = request.messages
        users = [str(m["content"]) for m in messages if m["role"] == "user"]
        k = int(re.findall(r"K(\d+)", users[0])[0])
        fault = self._faults.get(k)
        wanted = [tool for tool in self._tools if tool.description in users[0]]
        offered = {one["function"]["name"]: one["function"] for one in request.tools}
        n_rounds = sum("tool_calls" in m for m in messages)
        if not all(tool.name in offered for tool in wanted):
            return Reply(self._said["none"])
        if self._said["open"] in users[0] and len(users) == 1:
            return Reply(self._said["ask"])
        many = self._said["many"] in users[0]
        if many and not n_rounds:
            chosen = [tool.name for tool in wanted for _ in range(3 - len(wanted))]
        elif not many and n_rounds < len(wanted):
            order = sorted(wanted, key=lambda tool: not any(other.name in tool.leads_to for other in wanted))
            chosen = [order[n_rounds].name]
        else:
            return self._final(messages, fault)
        if fault == "missing_call":
            return Reply(self._said["answer"].format(found="good"))
        return self._calls(k, chosen, offered, fault)

    def _calls(self, k: int, chosen: Sequence[str], offered: Mapping[str, Any], fault: str | None) -> Reply:
        calls = []
        for n, name in enumerate(chosen):
            given = value_of(offered[name]["parameters"], self._language, k, n)
            if fault == "bad_arguments":
                given = {"no_such_argument": 1}
            called = "no_such_tool" if fault == "unknown_tool" else name
            function = {"name": called, "arguments": json.dumps(given, ensure_ascii=False)}
            calls.append(
                {"id": f"server-{hex_id(k, n, str(self.n))}", "type": "function", "function": function}
            )
        return Reply("", finish_reason="tool_calls", tool_calls=tuple(calls))

    def _final(self, messages: Sequence[Mapping[str, Any]], fault: str | None) -> Reply:
        if fault == "repeated_call":
            return Reply("", finish_reason="tool_calls", tool_calls=tuple(messages[2]["tool_calls"]))
        if fault == "empty":
            return Reply(" ")
        results = [json.loads(m["content"]) for m in messages if m["role"] == "tool"]
        found = ", ".join(leaf for result in results for leaf in leaves(result))
        if fault == "answer_ignores_result":
            found = {"ja": "よい知らせ", "en": "good news"}[self._language]
        return Reply(
            self._said["answer"].format(found=found) + (" 987654" if fault == "unfounded_number" else "")
        )

    @property
    def n(self) -> int:
        """Calls so far: ids of a server never repeat."""
        return len(self.requests)


def run_rows(
    language: str, folder: Path, rows: Sequence[int], n: int, faults: Mapping[int, str], **options: Any
) -> None:
    loaded = catalogue.load(NAME, language, options)
    settings = ModelSettings.model_validate({"kind": "scripted", "file": "x", "concurrency": n})
    with over_http(Everybody(language, faults, slow=f"{n}")) as model:
        order = order_of(
            loaded.recipe,
            Given([{"persona": f"<persona {k}>"} for k in rows]),
            dict.fromkeys(loaded.recipe.roles, model),
            folder,
            texts=loaded.texts,
            language=language,
            settings=dict.fromkeys(loaded.recipe.roles, settings),
        )
        execute(order)


@EACH_LANGUAGE
def test_rows_of_every_kind_have_the_wire_form_and_are_the_same_in_any_order(
    language: str, tmp_path: Path
) -> None:
    run_rows(language, tmp_path / "r", range(100, 170), 8, {})
    rows = dataset(tmp_path / "r")
    thrown = table(tmp_path / "r" / "rejected.parquet")
    assert [(row["reason"], row["note"]) for row in thrown] == []
    assert len(rows) == 70
    assert {row["kind"] for row in rows} == set(KINDS)
    for row in rows:
        _has_the_wire_form(row)
    for n, order in ((1, range(100, 170)), (8, range(169, 99, -1))):
        run_rows(language, tmp_path / f"r{n}", order, n, {})
        again = {row["id"]: row for row in dataset(tmp_path / f"r{n}")}
        names = [name for name in rows[0] if name not in ("sources", "lineage")]
        assert all(
            [again[row["id"]][name] for name in names] == [row[name] for name in names] for row in rows
        )


def _has_the_wire_form(row: dict[str, Any]) -> None:
    messages, tools = row["messages"], json.loads(row["tools"])
    names = {tool["function"]["name"] for tool in tools}
    assert [m["role"] for m in messages[:2]] == ["system", "user"]
    assert messages[-1]["role"] == "assistant"
    assert (set(row["targets"]) <= names) == (row["kind"] != "none")
    open_ids: list[str] = []
    called: list[str] = []
    for message in messages:
        assert message.get("extra") is None, "nothing is left over that the columns cannot say"
        for call in message["tool_calls"] or []:
            assert call["type"] == "function"
            assert re.fullmatch(r"[0-9a-f]{9}", call["id"])
            assert isinstance(json.loads(call["function"]["arguments"]), dict)
            called.append(call["function"]["name"])
            open_ids.append(call["id"])
        if message["role"] == "tool":
            assert message["tool_call_id"] == open_ids.pop(0), "every result answers the oldest open call"
            json.loads(message["content"])
    assert not open_ids
    n_turns = sum(bool(m["tool_calls"]) for m in messages)
    n_users = sum(m["role"] == "user" for m in messages)
    expected = {
        "single": (1, 1, 1),
        "parallel": (2, 1, 1),
        "steps": (2, 2, 1),
        "missing": (1, 1, 2),
        "none": (0, 0, 1),
    }
    assert (len(called), n_turns, n_users) == expected[row["kind"]]
    assert set(called) == (set(row["targets"]) if called else set())


@EACH_LANGUAGE
def test_planted_faults_land_in_their_reasons_and_nowhere_else(language: str, tmp_path: Path) -> None:
    names = [*FAULTS, *FAULTS]
    faults = dict(zip(range(101, 101 + 3 * len(names), 3), names, strict=True))
    run_rows(language, tmp_path / "r", range(100, 165), 8, faults, kinds=["single"])
    thrown = table(tmp_path / "r" / "rejected.parquet")
    assert Counter(row["reason"] for row in thrown) == Counter(names)
    kept = dataset(tmp_path / "r")
    assert len(kept) == 65 - len(names)
    for row in kept:
        assert int(re.findall(r"K(\d+)", row["messages"][1]["content"])[0]) not in faults


def test_a_dataset_loads_with_datasets_and_its_tools_are_what_a_chat_template_takes(tmp_path: Path) -> None:
    datasets: Any = import_module("datasets")
    run_rows("ja", tmp_path / "r", range(100, 130), 8, {})
    loaded = datasets.load_dataset(
        "parquet", data_dir=str(tmp_path / "r" / "data"), split="train", cache_dir=str(tmp_path / "cache")
    )
    row = next(one for one in loaded if one["kind"] == "steps")
    tools = json.loads(row["tools"])
    assert all(set(tool) == {"type", "function"} for tool in tools)
    assert all(set(tool["function"]) == {"name", "description", "parameters"} for tool in tools)
    call = next(m["tool_calls"][0] for m in row["messages"] if m["tool_calls"])
    assert set(call) == {"id", "type", "function"}
    assert set(call["function"]) == {"name", "arguments"}
    assert isinstance(call["function"]["arguments"], str)


@EACH_LANGUAGE
def test_kinds_follow_their_weights_and_every_tool_is_wanted(language: str) -> None:
    loaded = catalogue.load(NAME, language)
    kinds, targets = Counter[str](), Counter[str]()
    table_ = loaded.texts.tables
    for k in range(1200):
        captured: list[Asked] = []
        record = Record(f"w{k}", (k,), {"persona": "x"})
        asyncio.run(walk(loaded.recipe, loaded.texts, record, in_order([" "]), captured))
        shown = captured[0].text
        kinds[next(row["order"] for row in table_["kinds"] if row["order"] in shown.split("x\n")[-1])] += 1
        targets.update(tool.name for tool in tools_of(table_["tools"]) if f"- {tool.shown()}" in shown)
    weights: dict[str, float] = {}
    for row in table_["kinds"]:
        weights[row["order"]] = weights.get(row["order"], 0) + float(row["weight"])
    total = sum(weights.values())
    chi2 = sum((kinds[o] - 1200 * w / total) ** 2 / (1200 * w / total) for o, w in weights.items())
    assert chi2 < 22.5  # χ² of at most 6 degrees of freedom passes it once in a thousand
    assert len(targets) == len(table_["tools"]) >= 30


def test_neighbouring_seeds_share_no_more_tools_than_chance() -> None:
    """Fault 10: adjacent seeds made jobs repeat each other."""
    loaded = catalogue.load(NAME, "ja", {"kinds": ["single"]})

    def wanted(seed: int) -> list[str]:
        shown = []
        for k in range(400):
            captured: list[Asked] = []
            record = Record(f"s{k}", (k,), {"persona": "x"})
            asyncio.run(walk(loaded.recipe, loaded.texts, record, in_order([" "]), captured, seed))
            shown.append(re.findall(r"^- (.+)$", captured[0].text, re.MULTILINE)[-1])
        return shown

    one, other = wanted(7), wanted(8)
    shares = [n / 400 for n in Counter(one).values()]
    assert len(shares) >= 30
    chance = 400 * sum(share**2 for share in shares)
    # Four standard deviations of a count that chance makes so large: once in fifteen thousand.
    assert sum(a == b for a, b in zip(one, other, strict=True)) < chance + 4 * chance**0.5


def test_both_languages_have_the_same_tools_with_the_same_names_inside() -> None:
    tables = catalogue.texts_of(catalogue.find(NAME))
    ja, en = (tools_of(tables[language].tables["tools"]) for language in ("ja", "en"))
    assert [(t.name, list(t.parameters["properties"]), t.required, t.result, t.leads_to) for t in ja] == [
        (t.name, list(t.parameters["properties"]), t.required, t.result, t.leads_to) for t in en
    ]
    names = {tool.name for tool in ja}
    assert all(set(tool.leads_to) <= names for tool in ja)


OWN = [
    {
        "name": "add_up",
        "description": "二つの数を足す。",
        "parameters": {
            "type": "object",
            "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
            "required": ["a", "b"],
        },
    }
]


def own(tmp_path: Path, replies: Sequence[Reply | str], **options: Any) -> tuple[End, list[Asked]]:
    (tmp_path / "tools.json").write_text(json.dumps(OWN), encoding="utf-8")
    code = "def add_up(a, b):\n    if b == 0:\n        raise ValueError('nothing to add')\n    return {'sum': a + b}\n"
    (tmp_path / "mine.py").write_text(code, encoding="utf-8")
    given = {
        "tools": str(tmp_path / "tools.json"),
        "functions": str(tmp_path / "mine.py"),
        "kinds": ["single"],
    }
    loaded = catalogue.load(NAME, "ja", {**given, **options})
    captured: list[Asked] = []
    record = Record("o", (1,), {"persona": "算数の好きな人"})
    return asyncio.run(walk(loaded.recipe, loaded.texts, record, in_order(replies), captured)), captured


def adding(a: int, b: int) -> Reply:
    function = {"name": "add_up", "arguments": json.dumps({"a": a, "b": b})}
    return Reply(
        "", finish_reason="tool_calls", tool_calls=({"id": "x", "type": "function", "function": function},)
    )


def test_a_function_of_the_users_gives_the_results_and_no_model_plays_the_tool(tmp_path: Path) -> None:
    end, captured = own(
        tmp_path, ["頼みごと：38に57を足すといくつですか。", adding(38, 57), "38と57を足すと95です。"]
    )
    assert end.reject is None
    assert [m["content"] for m in end.record["messages"] if m["role"] == "tool"] == ['{"sum": 95}']
    assert [asked.role for asked in captured] == ["writer", "assistant", "assistant"]
    assert [tool["function"]["name"] for tool in end.record["tools"]] == ["add_up"]


def test_a_function_that_raises_rejects_the_row_by_name(tmp_path: Path) -> None:
    end, _ = own(tmp_path, ["頼みごと：38に0を足すといくつですか。", adding(38, 0)])
    assert end.reject is not None
    assert (end.reject.reason, end.reject.measured) == ("tool_failed", "ValueError: nothing to add")


def test_a_model_without_tools_writes_its_calls_as_json(tmp_path: Path) -> None:
    called = json.dumps({"say": "", "calls": [{"name": "add_up", "arguments": {"a": 38, "b": 57}}]})
    replies = [
        "頼みごと：38に57を足すといくつですか。",
        called,
        json.dumps({"say": "38と57を足すと95です。", "calls": []}),
    ]
    end, captured = own(tmp_path, replies, calls="json")
    assert end.reject is None
    assert end.record["messages"][2]["tool_calls"][0]["function"]["arguments"] == '{"a": 38, "b": 57}'
    assert all(not asked.request.tools for asked in captured)
    assert '"add_up"' in captured[1].text
    assert '{"sum": 95}' in captured[2].text
    loaded = catalogue.load(NAME, "ja", {"calls": "json"})
    assert loaded.recipe.roles["assistant"] == {"chat"}
    assert catalogue.load(NAME, "ja").recipe.roles["assistant"] == {"chat", "tools"}


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"kinds": ["singel"]}, "there is no kind of row 'singel'"),
        ({"functions": "/nowhere.py"}, "there is no Python file of functions"),
        ({"tools": "/nowhere.json"}, "the file of tools cannot be read"),
    ],
)
def test_wrong_options_are_told_before_anything_is_asked(options: dict[str, Any], what: str) -> None:
    with pytest.raises(SetupError) as caught:
        catalogue.load(NAME, "ja", options)
    assert caught.value.what == what


def test_a_kind_that_the_tools_cannot_make_is_a_setup_error(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no kind of row can be made of these tools"):
        own(tmp_path, [], kinds=["none"])


def test_a_function_that_is_missing_is_a_setup_error(tmp_path: Path) -> None:
    other = [{**OWN[0], "name": "take_away"}]
    (tmp_path / "more.json").write_text(json.dumps(other), encoding="utf-8")
    called = Reply(
        "",
        finish_reason="tool_calls",
        tool_calls=({"function": {"name": "take_away", "arguments": '{"a": 1, "b": 1}'}},),
    )
    with pytest.raises(SetupError, match="the file of functions has none called 'take_away'"):
        own(tmp_path, ["頼みごと：1から1を引くといくつですか。", called], tools=str(tmp_path / "more.json"))


def test_thinking_enters_neither_the_history_nor_the_row(tmp_path: Path) -> None:
    think = "ひそかな考え"
    replies = [
        Reply("頼みごと：38に57を足すといくつですか。", thinking=think),
        adding(38, 57),
        Reply("足すと95です。", thinking=think),
    ]
    end, captured = own(tmp_path, replies)
    assert end.reject is None
    assert think not in str(end.record.fields)
    assert all(think not in asked.text for asked in captured)
