"""Every key is a flag, and a flag means what it says."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tanemaki.config.flags import Flag, flags, read_flags, split_arguments
from tanemaki.config.load import load
from tanemaki.config.schema import RunFile
from tanemaki.core.errors import SetupError

RUN: dict[str, Any] = {
    "recipe": "persona_dialogue",
    "language": "ja",
    "source": {"kind": "personas"},
    "models": {"writer": {"endpoint": "http://localhost:8000/v1", "name": "m"}},
    "output": "runs/x",
}


def with_flags(*pairs: tuple[str, str]) -> RunFile:
    [loaded] = load(None, pairs, RUN)
    return loaded.run


TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
BOOLEANS = [flag for flag in flags() if flag.takes == "true|false"]


@pytest.mark.parametrize("flag", BOOLEANS, ids=lambda flag: flag.name)
@pytest.mark.parametrize(("text", "dash"), list(itertools.product([*TRUTH, "TRUE", "Off"], "_-")))
def test_fault_22_a_boolean_flag_is_what_it_says(flag: Flag, text: str, dash: str) -> None:
    name = flag.name.replace("ROLE", "writer").replace("_", dash)
    value: Any = with_flags((name, text))
    for key in flag.name.replace("ROLE", "writer").split("."):
        value = value[key] if isinstance(value, dict) else getattr(value, key)
    assert value is TRUTH[text.lower()]


def test_there_are_boolean_flags_to_try() -> None:
    assert [flag.name for flag in BOOLEANS] == ["models.ROLE.send_seed"]


@pytest.mark.parametrize("text", ["maybe", "1", "0", "", "はい", "tru"])
def test_fault_22_what_is_no_truth_value_is_refused(text: str) -> None:
    with pytest.raises(SetupError, match="must be true or false") as caught:
        with_flags(("models.writer.send_seed", text))
    assert (caught.value.where, caught.value.got) == ("--models.writer.send_seed", repr(text))


def count_leaves(part: dict[str, Any], parts: dict[str, Any]) -> int:
    """Count the schema's leaves by another path than the flags do: through its JSON form."""
    options = [part, *part.get("anyOf", [])]
    if isinstance(part.get("additionalProperties"), dict):
        options.append(part["additionalProperties"])
    names = [option["$ref"].rsplit("/", 1)[-1] for option in options if "$ref" in option]
    if not names:
        return 1
    return sum(count_leaves(inner, parts) for inner in parts[names[0]]["properties"].values())


def test_every_key_of_the_schema_is_a_flag_with_a_help_text() -> None:
    schema = RunFile.model_json_schema()
    n_leaves = sum(count_leaves(part, schema["$defs"]) for part in schema["properties"].values())
    assert len(flags()) == n_leaves > 50
    assert {flag.name for flag in flags() if not flag.help} == set()
    assert len({flag.name for flag in flags()}) == len(flags())


VALUES = [
    (("rows", "5"), lambda run: run.rows, 5),
    (("rows", "null"), lambda run: run.rows, None),
    (("seed", "-1"), lambda run: run.seed, -1),
    (("language", "en"), lambda run: run.language, "en"),
    (("licence", "CC-BY-4.0"), lambda run: run.licence, "CC-BY-4.0"),
    (("limits.minutes", "0.5"), lambda run: run.limits.minutes, 0.5),
    (("limits.failed-share", "null"), lambda run: run.limits.failed_share, None),
    (("models.writer.name", "7"), lambda run: run.models["writer"].name, "7"),
    (("models.writer.timeout-s", "9"), lambda run: run.models["writer"].timeout_s, 9.0),
    (("models.writer.sampling.temperature", "0"), lambda run: run.models["writer"].sampling.temperature, 0.0),
    (("models.writer.headers.X-Team", "種"), lambda run: run.models["writer"].headers, {"X-Team": "種"}),
    (("models.writer.sampling.stop", '["a", "b"]'), lambda run: run.models["writer"].sampling.stop, ["a", "b"]),
    (("models.writer.sampling", '{"top_k": 3}'), lambda run: run.models["writer"].sampling.top_k, 3),
    (("models.writer.batch", "true"), lambda run: run.models["writer"].batch.size, 50_000),
    (("models.writer.batch", "false"), lambda run: run.models["writer"].batch, None),
    (("models.writer.batch.age-s", "60"), lambda run: run.models["writer"].batch.age_s, 60.0),
    (("options.turns_min", "2"), lambda run: run.options, {"turns_min": 2}),
    (("options.strict", "true"), lambda run: run.options, {"strict": True}),
    (("options.a.b", "漢字"), lambda run: run.options, {"a": {"b": "漢字"}}),
    (("models.writer.extra_body.chat_template_kwargs", '{"t": false}'), lambda run: run.models["writer"].extra_body,
     {"chat_template_kwargs": {"t": False}}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("pair", "read", "value"), VALUES, ids=lambda part: "read" if callable(part) else str(part)[:40]
)
def test_a_flag_sets_its_key(pair: tuple[str, str], read: Any, value: object) -> None:
    assert read(with_flags(pair)) == value


def test_a_list_can_be_given_by_repeating_the_flag() -> None:
    assert with_flags(("formats", "jsonl"), ("formats", "parquet")).formats == ["jsonl", "parquet"]


def test_the_last_of_a_repeated_single_flag_counts() -> None:
    assert with_flags(("rows", "1"), ("rows", "2")).rows == 2


def test_another_role_is_added_by_its_flags() -> None:
    run = with_flags(("models.judge.kind", "scripted"), ("models.judge.file", "replies.jsonl"))
    assert set(run.models) == {"writer", "judge"}


def test_a_flag_of_another_kind_starts_the_model_anew() -> None:
    model = with_flags(("models.writer.concurrency", "2"), ("models.writer.kind", "local")).models["writer"]
    assert (model.kind, model.endpoint, model.concurrency) == ("local", None, 2)


UNKNOWN = [
    ("rosw", "did you mean --rows?"),
    ("limits.cost", "did you mean --limits.cost_usd?"),
    ("cost-usd", "did you mean --limits.cost_usd?"),
    ("temperature", "did you mean --models.ROLE.sampling.temperature?"),
    ("models.writer.endpiont", "did you mean --models.writer.endpoint?"),
    ("rows.more", "known here: nothing"),
    ("", "known here: recipe"),
    ("models.", "known here: nothing"),
]


@pytest.mark.parametrize(("name", "tip"), UNKNOWN)
def test_an_unknown_flag_gets_the_nearest_one(name: str, tip: str) -> None:
    with pytest.raises(SetupError) as caught:
        read_flags([(name, "x")])
    assert caught.value.what == f"unknown flag --{name}"
    assert str(caught.value.next).startswith(tip)


@pytest.mark.parametrize(
    ("pair", "what"),
    [
        (("rows", "five"), "`rows` must be a whole number"),
        (("rows", "1.5"), "`rows` must be a whole number"),
        (("limits.minutes", "nan"), "`limits.minutes` must be a finite number"),
        (("language", "jp"), "`language` must be 'ja' or 'en'"),
        (("limits", "5"), "`limits` must be a mapping of `key: value` lines"),
        (("models.writer.sampling", "{"), "`models.writer.sampling` must be a mapping"),
        (("formats", "csv"), "`formats[0]` must be 'parquet' or 'jsonl'"),
    ],
)
def test_a_flags_wrong_value_is_refused_in_the_words_of_the_file(pair: tuple[str, str], what: str) -> None:
    with pytest.raises(SetupError) as caught:
        with_flags(pair)
    assert caught.value.what.startswith(what)
    assert caught.value.where == f"--{pair[0]}"


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--rows"], "the flag --rows needs a value"),
        (["--rows", "--seed", "1"], "the flag --rows needs a value"),
        (["5"], "a value without a flag"),
        (["-r", "5"], "a value without a flag"),
    ],
)
def test_arguments_that_are_no_pairs_are_refused(arguments: list[str], what: str) -> None:
    with pytest.raises(SetupError) as caught:
        split_arguments(arguments)
    assert caught.value.what == what


def test_a_value_may_hold_an_equals_sign_or_be_empty() -> None:
    assert split_arguments(["--a=b=c", "--d="]) == [("a", "b=c"), ("d", "")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[a, b]", ["a", "b"]),
        ("[1, 0.5, true, null]", [1, 0.5, True, None]),
        ("[鶴亀算]", ["鶴亀算"]),
        ('["a, b"]', ["a, b"]),
        ("[]", []),
        ("[a, [b]]", "[a, [b]]"),
        ("[a", "[a"),
    ],
)
def test_a_list_may_be_given_without_quotes(text: str, value: object) -> None:
    assert read_flags([("options.families", text)]).values == {"options": {"families": value}}


def test_lists_of_a_repeated_flag_are_joined() -> None:
    pairs = [("options.families", "[ages]"), ("options.families", "[cards, urn]"), ("formats", "[jsonl]")]
    assert read_flags([*pairs, ("formats", "parquet")]).values == {
        "options": {"families": ["ages", "cards", "urn"]},
        "formats": ["jsonl", "parquet"],
    }
