"""Each class of fault has its own policy, and the run file's ceiling stands above all of them."""

from __future__ import annotations

from typing import get_args

import pytest

from tanemaki.core.errors import ModelError, ModelFault
from tanemaki.core.model import Reply
from tanemaki.engine.call import Address
from tanemaki.engine.retries import POLICIES, Tries, is_empty

ADDRESS = Address(3, "1", "answer", 0, 0)


def fault(name: ModelFault, *, retryable: bool = True, retry_after_s: float | None = None) -> ModelError:
    return ModelError(name, fault=name, retryable=retryable, retry_after_s=retry_after_s)


def pauses(name: ModelFault, ceiling: int = 5, address: Address = ADDRESS) -> list[float]:
    """Return the pauses of a call that fails in the same way until it is given up."""
    tries = Tries(address, ceiling)
    found = []
    while (pause_s := tries.pause_after(fault(name))) is not None:
        found.append(pause_s)
    return found


def test_every_class_of_fault_has_a_policy() -> None:
    assert POLICIES.keys() == set(get_args(ModelFault))


@pytest.mark.parametrize(
    ("name", "n_tries", "least_s", "most_s"),
    [
        ("server", 5, 1.2, 2.1),
        ("transport", 5, 9.0, 15.2),
        ("overloaded", 5, 11.0, 19.5),
        ("timeout", 2, 0.2, 0.4),
        ("cut_body", 3, 0.5, 0.9),
        ("malformed", 3, 0.5, 0.9),
        ("empty", 1, 0.0, 0.0),
    ],
)
def test_a_call_that_fails_on_and_on_is_given_up_after_its_class(
    name: ModelFault, n_tries: int, least_s: float, most_s: float
) -> None:
    for root in range(50):
        found = pauses(name, address=ADDRESS._replace(root=root))
        assert len(found) == n_tries
        assert least_s <= sum(found) <= most_s


@pytest.mark.parametrize(
    "name",
    [
        *("cut", "cut_while_thinking", "wrong_schema", "content_refused", "context_overflow", "bad_request"),
        *("unauthorised", "unknown_model"),
    ],
)
def test_what_would_end_in_the_same_way_again_is_not_tried_again(name: ModelFault) -> None:
    assert pauses(name) == []


def test_the_run_files_ceiling_holds_over_all_classes_together() -> None:
    tries = Tries(ADDRESS, ceiling=3)
    said: list[ModelFault] = ["server", "transport", "cut_body", "server"]
    assert [tries.pause_after(fault(name)) is not None for name in said] == [True, True, True, False]
    assert pauses("server", ceiling=0) == []
    assert len(pauses("server", ceiling=9)) == 9


def test_a_class_that_comes_back_after_another_goes_on_where_it_was() -> None:
    tries = Tries(ADDRESS, ceiling=9)
    said: list[ModelFault] = ["timeout", "server", "timeout", "timeout"]
    assert [tries.pause_after(fault(name)) is not None for name in said] == [True, True, True, False]


def test_a_fault_that_says_so_is_not_tried_again_whatever_its_class() -> None:
    assert Tries(ADDRESS, 5).pause_after(fault("malformed", retryable=False)) is None
    gone = fault("transport")
    gone.ends_run = True
    assert Tries(ADDRESS, 5).pause_after(gone) is None


def test_pauses_grow_and_are_spread_by_the_calls_address_alone() -> None:
    found = pauses("overloaded")
    assert found == sorted(found)
    assert found == pauses("overloaded")
    firsts = {pauses("server", address=ADDRESS._replace(root=root))[0] for root in range(40)}
    assert len(firsts) == 40
    assert all(0.075 <= first <= 0.125 for first in firsts)


def test_what_the_server_asks_for_counts_unless_another_endpoint_may_take_the_call() -> None:
    asked = fault("overloaded", retry_after_s=20.0)
    waited = Tries(ADDRESS, 5).pause_after(asked)
    assert waited is not None
    assert 20.0 <= waited <= 22.0
    elsewhere = Tries(ADDRESS, 5).pause_after(asked, elsewhere=True)
    assert elsewhere is not None
    assert elsewhere <= 0.625
    assert Tries(ADDRESS, 5).pause_after(fault("overloaded", retry_after_s=0.0)) == 0.0


def test_an_empty_reply_is_asked_for_again_once() -> None:
    tries = Tries(ADDRESS, 5)
    assert tries.may_ask_again("empty")
    tries.pause_after(fault("empty"))
    assert not tries.may_ask_again("empty")
    worn = Tries(ADDRESS, 1)
    worn.pause_after(fault("server"))
    assert not worn.may_ask_again("empty")


@pytest.mark.parametrize(
    ("reply", "empty"),
    [
        (Reply(""), True),
        (Reply(" \n\t　"), True),
        (Reply("", "unknown"), True),
        (Reply("", others=(Reply(""), Reply(" "))), True),
        (Reply("", others=(Reply("はい。"),)), False),
        (Reply("。"), False),
        (Reply("😀"), False),
        (Reply("", thinking="ええと"), False),
        (Reply("", "tool_calls", tool_calls=({"id": "1"},)), False),
        (Reply("", "length"), False),
        (Reply("", "content_filter"), False),
    ],
)
def test_empty_is_what_ended_by_itself_and_holds_nothing(reply: Reply, *, empty: bool) -> None:
    assert is_empty(reply) is empty
