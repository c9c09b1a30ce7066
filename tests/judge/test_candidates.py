"""What keeps equal answers from becoming the sides of a pair, whatever dress they come in."""

from __future__ import annotations

from time import perf_counter

import pytest

from tanemaki.judge.candidates import MAX_SIMILARITY, Candidate, Pairing, similarity

SAME = [
    ("葛の根です。", "葛の根です。 "),
    ("葛の根です。", "葛の根です"),
    ("ｸｽﾞﾉﾈ", "クズノネ"),
    ("Kudzu ROOT", "ｋｕｄｚｕ root"),
    ("葛の\u200b根です", "葛の根\ufeffです"),
    ("葛の根\u2066です\u2069", "葛の根です"),
    ("→", "→\u200b"),
    ("!!", "！！"),
    ("👍", "👍\ufe0f"),
    ("**葛**は`根`から取れます。", "葛は根から取れます。"),
    ("[葛](https://example.com/kuzu-no-ne-wo-tabemasu)は根です。", "葛は根です。"),
    ("1. 根を洗う。\n2. 砕く。\n3. さらす。", "- 根を洗う。\n- 砕く。\n- さらす。"),
    ("① 根を洗う。\n② 砕く。", "（１）根を洗う。\n（２）砕く。"),
    ("```python\nprint(1)\n```", "print(1)"),
    ("| 根 | 粉 |\n|---|---|\n| 白い | 細かい |", "根 粉\n白い 細かい"),
]
APART = [
    ("→", "←"),
    ("葛の根です。", "寒天は海藻から作ります。"),
    ("答えは3です。", "答えは4です。"),
    ("3.5", "4.5"),
    ("1", "2"),
    ("```\n1\n```", "```\n2\n```"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_answers_that_differ_in_their_dress_alone_are_no_pair(one: str, other: str) -> None:
    assert similarity(one, other) == similarity(other, one) == 1.0
    assert not Pairing([Candidate(one, 1), Candidate(other, 0)]).separate(0, 1)


@pytest.mark.parametrize(("one", "other"), APART)
def test_answers_that_say_different_things_may_be_a_pair(one: str, other: str) -> None:
    assert similarity(one, other) <= MAX_SIMILARITY
    assert Pairing([Candidate(one, 1), Candidate(other, 0)]).separate(0, 1)


def test_only_an_exact_verifier_sets_near_copies_apart() -> None:
    shared = "この棚には、右から順に葛粉、寒天、道明寺粉、白玉粉、上新粉、餅粉の袋が並んでいます。全部で"
    near = (f"{shared}{shared[::-1]}12個です。", f"{shared}{shared[::-1]}13個です。")
    assert not Pairing([Candidate(one, n) for n, one in enumerate(near)]).separate(0, 1)
    assert Pairing([Candidate(one, n, exact=True) for n, one in enumerate(near)]).separate(0, 1)


def test_very_long_answers_are_compared_at_once() -> None:
    began = perf_counter()
    assert similarity("1. 葛の根を洗う。\n" * 6_000, "- 葛の根を洗う。\n" * 6_000) == 1.0
    assert perf_counter() - began < 2
