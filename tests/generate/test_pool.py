"""A pool that grows while a recipe runs."""

from dataclasses import dataclass
from typing import Any

import pytest

from support.context import ScriptedContext, in_order
from tanemaki.core.errors import RecipeError
from tanemaki.core.prompt import Texts
from tanemaki.core.record import Record
from tanemaki.core.step import Context, spec_of
from tanemaki.core.verdict import Reject
from tanemaki.generate.pool import DrawFromPool, IntoPool

SEEDS = tuple({"instruction": f"種{k}"} for k in range(3))
CONTEXT = ScriptedContext(Texts("ja", {}, {"seeds": SEEDS}), in_order([]))
RECORD = Record("a1", (5,), {"instruction": "庭の話を書いて", "note": "x"})


@dataclass(frozen=True)
class Unseen:
    """A gate of ten lines: no text twice."""

    reads: tuple[str, ...] = ("instruction",)
    reasons: tuple[str, ...] = ("seen",)

    def start(self, context: Context) -> set[str]:
        return {context.language}

    def decide(self, state: set[str], record: Record) -> Record | Reject:
        if record["instruction"] in state:
            return Reject("seen", record["instruction"])
        state.add(record["instruction"])
        return record


def test_it_draws_different_texts_from_the_seeds_and_the_entries() -> None:
    step = DrawFromPool("examples", pool="kept", take="instruction", n=4, epoch=8, seeds_table="seeds")
    entries = [{"instruction": f"芽{k}"} for k in range(40)]
    drawn = step(RECORD, entries, CONTEXT)["examples"]
    assert len(set(drawn)) == 4
    assert set(drawn) <= {f"種{k}" for k in range(3)} | {f"芽{k}" for k in range(40)}
    assert drawn == step(RECORD, entries, CONTEXT)["examples"]


def test_a_small_pool_is_shown_whole_and_an_empty_one_as_nothing() -> None:
    seeded = DrawFromPool("examples", pool="kept", take="instruction", n=8, epoch=8, seeds_table="seeds")
    assert sorted(seeded(RECORD, [], CONTEXT)["examples"]) == ["種0", "種1", "種2"]
    bare = DrawFromPool("examples", pool="kept", take="instruction", n=8, epoch=8)
    assert bare(RECORD, [], CONTEXT) == {"examples": []}
    assert dict(spec_of(bare).tables) == {}


def test_the_engine_reads_off_the_draw_its_pool_and_epoch() -> None:
    spec = spec_of(
        DrawFromPool("examples", pool="kept", take="instruction", n=1, epoch=32, seeds_table="seeds")
    )
    assert (spec.kind, spec.pool, spec.epoch) == ("draws", "kept", 32)
    assert spec.tables == {"seeds": frozenset({"instruction"})}
    assert dict(spec.writes) == {"examples": "texts"}


@pytest.mark.parametrize(("n", "epoch"), [(0, 1), (1, 0)])
def test_a_draw_of_nothing_is_refused(n: int, epoch: int) -> None:
    with pytest.raises(ValueError, match=f"at least 1, got {n}, {epoch}"):
        DrawFromPool("examples", pool="kept", take="instruction", n=n, epoch=epoch)


def test_without_a_gate_everything_enters() -> None:
    step = IntoPool("kept", fields=("instruction",))
    assert step.decide(step.start(CONTEXT), RECORD) is RECORD
    spec = spec_of(step)
    assert (spec.kind, spec.name, spec.reads, spec.reasons) == ("ordered", "kept", ("instruction",), ())
    assert step.keeps == ("instruction",)


def test_the_gate_decides_and_its_reasons_are_the_pools() -> None:
    step = IntoPool("kept", fields=("instruction", "note"), gate=Unseen())
    state = step.start(CONTEXT)
    assert step.decide(state, RECORD) is RECORD
    assert step.decide(state, RECORD) == Reject("seen", "庭の話を書いて")
    assert spec_of(step).reasons == ("seen",)
    assert spec_of(step).reads == ("instruction", "note")


def test_a_pool_without_fields_is_refused() -> None:
    with pytest.raises(RecipeError, match="pool 'kept' takes no fields"):
        IntoPool("kept", fields=())


def test_so_many_seeds_and_the_rest_from_the_pool_as_far_as_it_goes() -> None:
    texts = Texts("ja", {}, {"seeds": tuple({"instruction": f"種{n}"} for n in range(9))})
    step = DrawFromPool("shown", "kept", "instruction", n=8, epoch=4, seeds_table="seeds", n_seeds=6)
    for n_entries, n_grown in [(0, 0), (1, 1), (2, 2), (50, 2)]:
        entries = [{"instruction": f"芽{n}"} for n in range(n_entries)]
        orders = set()
        for k in range(40):
            context = ScriptedContext(texts, in_order([]), record_id=f"r{k}")
            shown = step(Record(f"r{k}", (1,), {}), entries, context)["shown"]
            assert sum(one.startswith("芽") for one in shown) == n_grown
            assert len(set(shown)) == len(shown) == 8
            orders.add(tuple(one[0] for one in shown))
        assert len(orders) > 5 * n_grown, "seeds and grown ones are mixed"


@pytest.mark.parametrize("wrong", [{"n_seeds": 9}, {"n_seeds": -1}, {"n_seeds": 2, "seeds_table": None}])
def test_more_seeds_than_places_or_none_to_draw_are_refused(wrong: dict[str, Any]) -> None:
    options = {"n": 8, "epoch": 4, "seeds_table": "seeds", **wrong}
    with pytest.raises(ValueError, match="n_seeds from 0 to 8"):
        DrawFromPool("shown", "kept", "instruction", **options)
