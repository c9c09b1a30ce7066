"""Five numbered answers, one right, at a drawn place; in several orders at several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from support.context import ScriptedContext
from tanemaki.core.errors import SetupError
from tanemaki.core.prompt import Texts
from tanemaki.core.record import Children, Record
from tanemaki.core.verdict import Reject
from tanemaki.verify.format_tax.options import NumberedOptions
from tanemaki.verify.problems.problem import make
from tanemaki.verify.problems.wording import Language


def record_of(name: str, k: int, language: Language = "ja") -> tuple[Record, str]:
    problem = make(name, seed=11, k=k, language=language)
    fields = {
        "family": name,
        "level": problem.level,
        "parameters": dict(problem.parameters),
        "prompt": problem.prompt,
    }
    return Record(f"r{k}", (k + 1,), fields), problem.answer_text


def made(step: NumberedOptions, record: Record, language: Language = "ja") -> Any:
    context = ScriptedContext(Texts(language, {}, {}), lambda _: "", record_id=record.id)
    return step(record, context)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_right_one_stands_at_every_place_about_equally_often(language: Language) -> None:
    places: Counter[int] = Counter()
    for k in range(400):
        record, answer = record_of("cranes_and_turtles", k, language)
        found = made(NumberedOptions(), record, language)
        if isinstance(found, Reject):
            continue
        assert len(set(found["options"])) == 5
        assert found["options"][found["right_place"] - 1] == answer
        assert found["order"] == 1
        places[found["right_place"]] += 1
    assert sorted(places) == [1, 2, 3, 4, 5]
    assert min(places.values()) > 50


def test_five_orders_show_the_same_options_with_the_right_one_at_each_place() -> None:
    record, answer = record_of("cranes_and_turtles", 1)
    found = made(NumberedOptions(orders=5), record)
    assert isinstance(found, Children)
    rows: list[Mapping[str, Any]] = list(found.fields)
    assert [row["order"] for row in rows] == [1, 2, 3, 4, 5]
    assert sorted(row["right_place"] for row in rows) == [1, 2, 3, 4, 5]
    assert len({frozenset(row["options"]) for row in rows}) == 1
    assert len({tuple(row["options"]) for row in rows}) == 5
    assert all(row["options"][row["right_place"] - 1] == answer for row in rows)
    once = made(NumberedOptions(), record)
    assert dict(rows[0]) == dict(once), "the first order is that of a single one"


def test_the_item_is_the_problem_with_its_list() -> None:
    record, _ = record_of("cranes_and_turtles", 2)
    found = made(NumberedOptions(), record)
    first, second, *_ = found["options"]
    assert found["item"].startswith(f"{record['prompt']}\n\n1. {first}\n2. {second}\n3. ")


def test_no_option_could_be_taken_for_a_place() -> None:
    n_kept = 0
    for k in range(200):
        record, _ = record_of("ages", k)
        found = made(NumberedOptions(), record)
        if not isinstance(found, Reject):
            n_kept += 1
            assert not [one for one in found["options"] if one[:2] in {f"{n}年" for n in range(1, 6)}]
    assert n_kept > 20


def test_a_problem_without_five_answers_is_rejected_with_how_many_there_were() -> None:
    record, _ = record_of("fraction_arithmetic", 1)
    assert made(NumberedOptions(), record) == Reject("few_options", measured=0, limit=5)


@pytest.mark.parametrize("orders", [0, 6])
def test_more_orders_than_places_are_refused(orders: int) -> None:
    with pytest.raises(SetupError, match="5 options have 1 to 5 rotations"):
        NumberedOptions(orders)
