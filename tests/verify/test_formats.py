"""The checkers of format orders against a table written by hand, and drawn orders against texts that obey them all."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from support.context import ScriptedContext, in_order
from support.obedient import obey
from tanemaki.core.errors import DataError, RecipeError
from tanemaki.core.prompt import Texts
from tanemaki.core.record import Record
from tanemaki.core.seeding import Draw
from tanemaki.core.verdict import Reject
from tanemaki.recipes import catalogue
from tanemaki.verify.draw_orders import DrawOrders, drawn
from tanemaki.verify.formats import ORDERS, Order, broken, clash, constraint_of, order_of
from tanemaki.verify.formats.lengths import CharsAtMost, CharsBetween
from tanemaki.verify.formats.lists import BulletsExactly
from tanemaki.verify.formats.places import EndsWith
from tanemaki.verify.formats.style import ReplyLanguage
from tanemaki.verify.obeys import Obeys

LANGUAGES = ("ja", "en")
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
LINES = Path(__file__).with_name("format_truth.tsv").read_text(encoding="utf-8").splitlines()
TRUTH = [line.split("\t") for line in LINES if line and not line.startswith("#")][1:]
CURIOUS = (
    "",
    " \n　",
    "😊",
    "ｶﾞｸｾｲ ＡＢＣ",
    "春の海。" * 5_000,
    "a" * 100_000,
    "```",
    "\x00",
    "{",
    "| |",
    "1." * 500,
)


@cache
def texts(language: str) -> Texts:
    return catalogue.texts_of(catalogue.find("constrained"))[language]


@pytest.mark.parametrize(("name", "parameters", "measured", "text"), TRUTH, ids=range(len(TRUTH)))
def test_the_truth_table_holds(name: str, parameters: str, measured: str, text: str) -> None:
    """Faults 12 and 13: an end that stands in the middle is no end, and 1/10 is 1."""
    order = order_of({"name": name, "parameters": json.loads(parameters)})
    failure = order.check(text.replace("\\n", "\n").replace("\\t", "\t"))
    told = "-" if failure is None else str(failure.measured)
    assert told.strip("'") == measured.strip("'").replace("\\n", "\\n" if "\\n" in told else "\n")
    if failure is not None:
        assert failure.order == name
        assert failure.message


def test_the_truth_table_has_both_sides_of_every_order() -> None:
    sides = {(name, measured == "-") for name, _, measured, _ in TRUTH}
    assert sides == {(name, side) for name in ORDERS for side in (True, False)}
    assert len(ORDERS) >= 25
    assert len(TRUTH) >= 30


@pytest.mark.parametrize("name", ORDERS)
def test_any_text_is_judged_without_an_error_and_twice_alike(name: str) -> None:
    parameters = next(json.loads(told) for one, told, _, _ in TRUTH if one == name)
    order = order_of({"name": name, "parameters": parameters})
    for text in CURIOUS:
        assert order.check(text) == order.check(text)
        assert order.check(f" \n{text}\n ") == order.check(text) or name == "wrapped"


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_survives_being_data(name: str) -> None:
    order = order_of(
        {"name": name, "parameters": next(json.loads(p) for one, p, _, _ in TRUTH if one == name)}
    )
    assert order_of(json.loads(json.dumps({**constraint_of(order), "wording": "…"}))) == order


@EACH_LANGUAGE
def test_every_order_of_a_language_is_said_in_it_with_its_parameters(language: str) -> None:
    drawable = {row["order"] for row in texts(language).tables["orders"]}
    assert drawable <= {name for name, one in ORDERS.items() if language in one.languages}
    assert len(drawable) >= 25
    for row in texts(language).tables["orders"]:
        order = drawn(row, Draw("wording", row["parameters"]))
        wordings = order.wordings(language)
        assert len(wordings) >= 1
        assert len(set(wordings)) == len(wordings)
        for wording in wordings:
            assert "None" not in wording
            assert "{n" not in wording
            for value in order.parameters.values():
                if isinstance(value, int) and not isinstance(value, bool):
                    assert str(value) in wording


def test_lengths_are_counted_as_a_person_counts_them() -> None:
    assert CharsAtMost(5).check("春の\n海辺。") is None
    assert CharsAtMost(4).check("春の\n海辺。") is not None


@pytest.mark.parametrize(
    ("constraint", "said"),
    [
        ({"name": "bullet_exactly"}, "there is no format order 'bullet_exactly'"),
        (
            {"name": "bullets_exactly", "parameters": {"n": 0}},
            "the format order 'bullets_exactly' has other parameters",
        ),
        (
            {"name": "bullets_exactly", "parameters": {"k": 1}},
            "the format order 'bullets_exactly' has other parameters",
        ),
        ({"name": "chars_between", "parameters": {"low": 3, "high": 2}}, "has other parameters"),
        ({"name": "reply_language", "parameters": {"language": "fr"}}, "has other parameters"),
    ],
)
def test_a_constraint_that_is_none_is_named(constraint: dict[str, object], said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        order_of(constraint)


def test_a_clash_is_symmetrical_and_says_why() -> None:
    pairs: list[tuple[Order, Order, str | None]] = [
        (
            EndsWith("以上です。"),
            order_of({"name": "no_kanji"}),
            "no_kanji forbids what ends_with demands: '以上です。'",
        ),
        (
            EndsWith("以上です。"),
            order_of({"name": "plain_style"}),
            "plain_style forbids what ends_with demands: '以上です。'",
        ),
        (BulletsExactly(7), CharsAtMost(30), "bullets_exactly needs more room than chars_at_most leaves"),
        (BulletsExactly(3), order_of({"name": "json"}), "both are about the shape"),
        (order_of({"name": "json"}), EndsWith("以上。"), "ends_with has no place in json"),
        (CharsBetween(10, 20), CharsAtMost(30), "both are about the chars"),
        (ReplyLanguage("en"), EndsWith("以上。"), "reply_language forbids what ends_with demands: '以上。'"),
        (BulletsExactly(3), EndsWith("以上です。"), None),
        (order_of({"name": "json"}), order_of({"name": "one_line"}), None),
    ]
    for one, other, why in pairs:
        assert clash(one, other) == why
        assert clash(other, one) == why


def drawn_row(language: str, k: int, seed: int = 0, *, high: int = 4) -> dict[str, object]:
    step = DrawOrders("prompt", given="instruction", high=high)
    context = ScriptedContext(texts(language), in_order([]), [], "constrained", step.name, f"row-{k}", seed)
    return dict(step(Record(f"row-{k}", (k,), {"instruction": f"<{k}> {{k}} {{orders}}"}), context))


@EACH_LANGUAGE
def test_orders_that_are_drawn_together_can_be_obeyed_together(language: str) -> None:
    seen: Counter[str] = Counter()
    for k in range(600):
        constraints = drawn_row(language, k)["constraints"]
        assert isinstance(constraints, list)
        assert 1 <= len(constraints) <= 4
        text = obey(constraints, language)
        failures = broken(constraints, text)
        assert failures == [], (constraints, text)
        record = Record("a", (1,), {"response": text, "constraints": constraints})
        assert Obeys("response", language)(record) is record
        seen.update(one["name"] for one in constraints)
    assert set(seen) == {row["order"] for row in texts(language).tables["orders"]}


@EACH_LANGUAGE
def test_a_single_order_is_drawn_with_the_weight_of_its_row(language: str) -> None:
    """Fault 9: a choice made once for a whole process. The statistic is compared with the 99.9 % point of χ²."""
    n = 2_000
    weights: dict[str, float] = {}
    for row in texts(language).tables["orders"]:
        weights[row["order"]] = weights.get(row["order"], 0) + float(row["weight"])
    found: Counter[str] = Counter()
    for k in range(n):
        constraints = drawn_row(language, k, high=1)["constraints"]
        assert isinstance(constraints, list)
        found[constraints[0]["name"]] += 1
    total = sum(weights.values())
    chi = sum((found[name] - n * w / total) ** 2 / (n * w / total) for name, w in weights.items())
    degrees = len(weights) - 1
    assert chi < degrees * (1 - 2 / (9 * degrees) + 3.09 * (2 / (9 * degrees)) ** 0.5) ** 3  # Wilson-Hilferty
    share = (weights["json"] + weights["json_schema"]) / weights["csv"]
    assert share == 2
    assert weights["yaml"] == 2 * weights["csv"]


@EACH_LANGUAGE
def test_neighbouring_seeds_share_no_more_draws_than_chance(language: str) -> None:
    """Fault 10: adjacent seeds made jobs repeat each other."""
    prompts = [[drawn_row(language, k, seed)["prompt"] for k in range(60)] for seed in range(5)]
    for one, other in pairwise(prompts):
        assert sum(a == b for a, b in zip(one, other, strict=True)) <= 4
    assert prompts[0] == [drawn_row(language, k, 0)["prompt"] for k in reversed(range(60))][::-1]


@EACH_LANGUAGE
def test_the_request_holds_the_instruction_as_it_was_and_every_wording_once(language: str) -> None:
    for k in range(200):
        row = drawn_row(language, k)
        prompt, constraints = str(row["prompt"]), row["constraints"]
        assert isinstance(constraints, list)
        assert prompt.count(f"<{k}> {{k}} {{orders}}") == 1
        assert all(one["wording"] in prompt for one in constraints)


def test_of_messages_every_reply_is_checked_and_not_only_the_first() -> None:
    """Fault 28: only the first message was scored."""
    two = {"name": "bullets_exactly", "parameters": {"n": 2}, "wording": "二つ挙げてください。"}
    messages = [
        {"role": "user", "content": "春の花は？"},
        {"role": "assistant", "content": "・桜\n・梅"},
        {"role": "user", "content": "夏は？"},
        {"role": "assistant", "content": "朝顔です。"},
    ]
    record = Record("a", (1,), {"messages": messages, "constraints": [two]})
    assert Obeys("messages", "ja")(record) == Reject(
        "wrong_list", 0, 2, "message 4, bullets_exactly: 0 bullet points, 2 wanted (二つ挙げてください。)"
    )
    whole = Record("a", (1,), {"messages": messages[:2], "constraints": [two]})
    assert Obeys("messages", "ja")(whole) is whole


def test_every_broken_order_is_told_and_the_first_one_names_the_reason() -> None:
    constraints = [constraint_of(CharsAtMost(3)), constraint_of(EndsWith("以上。"))]
    verdict = Obeys("response", "ja")(
        Record("a", (1,), {"response": "春の海です。", "constraints": constraints})
    )
    assert isinstance(verdict, Reject)
    assert (verdict.reason, verdict.measured, verdict.limit) == ("wrong_length", 6, 3)
    assert str(verdict.note).splitlines() == [
        "chars_at_most: 6 characters, at most 3 wanted",
        "ends_with: ends with '春の海です。'",
    ]


def test_a_reply_in_another_language_is_found_without_an_order_and_obeyed_with_one() -> None:
    english = {"response": "The sea is blue today.", "constraints": []}
    assert getattr(Obeys("response", "ja")(Record("a", (1,), english)), "reason", None) == "wrong_language"
    ordered = Record("a", (1,), {**english, "constraints": [constraint_of(ReplyLanguage("en"))]})
    assert Obeys("response", "ja")(ordered) is ordered


def test_a_field_that_is_no_text_is_named() -> None:
    with pytest.raises(DataError, match="neither a text nor messages"):
        Obeys("response", "ja")(Record("a", (1,), {"response": 3, "constraints": []}))


def test_a_row_of_the_table_that_is_no_order_is_named() -> None:
    with pytest.raises(RecipeError, match="the parameters of an order are not JSON"):
        drawn({"order": "json", "parameters": "{x"}, Draw("x"))
    with pytest.raises(ValueError, match="1 <= low <= high"):
        DrawOrders("prompt", given="instruction", low=2, high=1)


def test_what_follows_a_schema_begins_on_a_line_of_its_own() -> None:
    for k in range(400):
        row = drawn_row("ja", k)
        constraints = row["constraints"]
        assert isinstance(constraints, list)
        for before, after in pairwise(one["wording"] for one in constraints):
            if "\n" in before:
                assert f"{before}{after}" not in str(row["prompt"])
