"""Draws from tables, and of numbers."""

from collections import Counter

import pytest

from support.context import ScriptedContext, in_order
from tanemaki.core.errors import RecipeError
from tanemaki.core.prompt import Texts
from tanemaki.core.record import Record
from tanemaki.core.step import spec_of
from tanemaki.generate.pick import Pick, PickNumber

TOPICS = (
    {"topic": "梅雨", "kind": "自然", "weight": "3"},
    {"topic": "味噌汁", "kind": "食 行事", "weight": "1"},
    {"topic": "敬語", "kind": "ことば", "weight": "0"},
)
TEXTS = Texts("ja", {}, {"topics": TOPICS, "plain": ({"level": "子ども"}, {"level": "大人"})})


def context(k: int, step: str = "topic") -> ScriptedContext:
    return ScriptedContext(TEXTS, in_order([]), step=step, record_id=f"r{k}")


def record(k: int, **fields: str) -> Record:
    return Record(f"r{k}", (k,), fields)


def test_rows_come_up_in_proportion_to_their_weight_and_never_with_weight_zero() -> None:
    step = Pick("topic", table="topics")
    seen = Counter(step(record(k), context(k))["topic"] for k in range(2000))
    assert set(seen) == {"梅雨", "味噌汁"}
    assert 1400 < seen["梅雨"] < 1600  # 1500 expected, standard deviation 19


def test_without_weights_all_rows_are_equally_likely() -> None:
    seen = Counter(Pick("level", table="plain")(record(k), context(k, "level"))["level"] for k in range(2000))
    assert 900 < seen["子ども"] < 1100


def test_each_record_has_a_draw_of_its_own_whatever_the_order() -> None:
    """Fault 9: a choice made once per process instead of once per row."""
    step = Pick("topic", table="topics")
    forward = [step(record(k), context(k))["topic"] for k in range(50)]
    backward = [step(record(k), context(k))["topic"] for k in reversed(range(50))]
    assert forward == backward[::-1]
    assert len(set(forward)) == 2


def test_runs_with_neighbouring_seeds_agree_no_more_than_chance() -> None:
    """Fault 10: constant or adjacent seeds make jobs repeat each other."""
    step = PickNumber("n", low=0, high=999)

    def draws(seed: int) -> list[int]:
        contexts = (
            ScriptedContext(TEXTS, in_order([]), step="n", record_id=f"r{k}", seed=seed) for k in range(1000)
        )
        return [step(record(0), one)["n"] for one in contexts]

    first, second = draws(7), draws(8)
    assert sum(a == b for a, b in zip(first, second, strict=True)) < 10  # 1 expected
    assert sum(a == b for a, b in zip(first[1:], second, strict=False)) < 10


def test_only_rows_that_share_a_word_with_the_record_are_drawn() -> None:
    step = Pick("topic", table="topics", where={"kind": "kinds"})
    drawn = {step(record(k, kinds="行事 ことば"), context(k))["topic"] for k in range(50)}
    assert drawn == {"味噌汁"}
    assert {step(record(k, kinds="*"), context(k))["topic"] for k in range(50)} == {"梅雨", "味噌汁"}


def test_a_record_that_no_row_fits_is_the_recipes_fault_and_says_what_to_write() -> None:
    step = Pick("topic", table="topics", where={"kind": "kinds"})
    with pytest.raises(RecipeError) as caught:
        step(record(1, kinds="ことば"), context(1))
    assert caught.value.what == "step 'topic' finds no row in table 'topics' (ja) that fits"
    assert caught.value.got == "{'kind': 'ことば'}"
    assert caught.value.next == "write such a row with a weight above 0 into data/ja/topics.tsv"


def test_further_columns_of_the_same_row_are_written_beside_it() -> None:
    step = Pick("what", table="topics", column="topic", also={"kind": "kinds"})
    for k in range(20):
        drawn = step(record(k), context(k, "what"))
        assert (drawn["what"], drawn["kinds"]) in {("梅雨", "自然"), ("味噌汁", "食 行事")}
    spec = spec_of(step)
    assert dict(spec.writes) == {"what": "text", "kinds": "text"}
    assert spec.tables == {"topics": frozenset({"topic", "kind"})}


def test_numbers_cover_both_ends_evenly() -> None:
    step = PickNumber("turns", low=1, high=3)
    seen = Counter(step(record(k), context(k, "turns"))["turns"] for k in range(3000))
    assert set(seen) == {1, 2, 3}
    assert all(900 < n < 1100 for n in seen.values())
    assert PickNumber("turns", low=2, high=2)(record(1), context(1)) == {"turns": 2}


def test_a_range_without_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="low 3 is above high 2"):
        PickNumber("turns", low=3, high=2)
