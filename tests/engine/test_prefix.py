"""The prefix counts what is closed without a gap before it, in whatever order roots close, and stays small."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tanemaki.core.seeding import Draw
from tanemaki.engine.prefix import Prefix

ENDS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=40)


@given(ends=ENDS, seed=st.integers(0, 1000), wanted=st.none() | st.integers(1, 20))
def test_any_order_gives_what_counting_by_hand_gives(
    ends: list[tuple[int, int]], seed: int, wanted: int | None
) -> None:
    order = Draw("order", seed).sample(list(range(1, len(ends) + 1)), len(ends))
    prefix = Prefix(wanted)
    closed: set[int] = set()
    for root in order:
        accepted, failed = ends[root - 1]
        prefix.close(root, accepted, failed, accepted + failed)
        prefix.close(root, 7, 7, 7)  # a second time changes nothing
        closed.add(root)
        end = next(i for i in range(1, len(ends) + 2) if i not in closed)
        counted = ends[: end - 1]
        assert prefix.next_root == end
        assert prefix.accepted == sum(one for one, _ in counted)
        assert prefix.failed == sum(two for _, two in counted)
        assert prefix.ended == sum(map(sum, counted))
        assert prefix.is_full == (wanted is not None and prefix.accepted >= wanted)
        assert [prefix.is_closed(i) for i in range(1, len(ends) + 2)] == [
            i in closed for i in range(1, len(ends) + 2)
        ]


def test_a_root_that_hangs_for_ever_costs_no_memory_for_those_behind_it() -> None:
    prefix = Prefix(None)
    for root in range(2, 50_000):
        prefix.close(root, 1, 0, 1)
    assert len(prefix._ahead) == len(prefix._starts) == 1
    prefix.close(1, 1, 0, 1)
    assert (prefix.accepted, prefix.next_root) == (49_999, 50_000)
    assert not prefix._ahead
