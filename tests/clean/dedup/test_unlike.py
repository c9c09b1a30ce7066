from __future__ import annotations

import pytest

from support.context import ScriptedContext, in_order
from tanemaki.clean.dedup.unlike import Index, Unlike
from tanemaki.core.errors import RecipeError
from tanemaki.core.prompt import Texts
from tanemaki.core.record import Record
from tanemaki.core.seeding import Draw
from tanemaki.core.verdict import Reject
from tanemaki.text.rouge import rouge_l
from tanemaki.text.tokens import tokens

SEED = "次の文章を三行で要約してください。"
CONTEXT = ScriptedContext(Texts("ja", {}, {"seeds": ({"instruction": SEED},)}), in_order([]))


def record(text: str, n: int = 1) -> Record:
    return Record(f"r{n}", (n,), {"instruction": text})


def random_texts(n: int, alphabet: str, space: str) -> list[str]:
    return [
        space.join(draw.choose(alphabet.split()) for _ in range(draw.between(3, 25)))
        for draw in (Draw("text", alphabet, k) for k in range(n))
    ]


@pytest.mark.parametrize(
    ("alphabet", "space"),
    [("の を に は 書 読 文 料 理 町 犬", ""), ("write a the poem list of about your town dog", " ")],
)
@pytest.mark.parametrize("limit", [0.3, 0.5, 0.7, 0.9])
def test_the_index_finds_exactly_what_comparing_with_each_finds(
    alphabet: str, space: str, limit: float
) -> None:
    index, kept = Index(), list[str]()
    for text in random_texts(250, alphabet, space):
        best = max((rouge_l(tokens(text), tokens(other)) for other in kept), default=0.0)
        found = index.nearest(text, limit)
        if best > limit:
            assert found is not None
            assert found[0] == pytest.approx(best)
            assert found[1] == next(one for one in kept if rouge_l(tokens(text), tokens(one)) == found[0])
        else:
            assert found is None
        index.add(text)
        kept.append(text)


def test_few_of_many_texts_are_compared() -> None:
    """Not quadratic: of 2,000 texts, a new one is compared with a handful."""
    letters = [chr(0x4E00 + 7 * n) for n in range(1500)]
    index, n = Index(), 2_000
    for k in range(n):
        draw = Draw("many", k)
        body = "".join(draw.choose(letters) for _ in range(20))
        index.nearest(text := f"{body}について、理由を添えて説明してください。", 0.7)
        index.add(text)
    assert index.n_compared < 5 * n


def test_seeds_and_kept_texts_refuse_and_refused_ones_do_not() -> None:
    gate = Unlike("instruction", seeds_table="seeds")
    state = gate.start(CONTEXT)
    like_seed = gate.decide(state, record("次の文章を五行で要約してください。"))
    assert isinstance(like_seed, Reject)
    assert (like_seed.reason, like_seed.limit) == ("too_similar", 0.7)
    assert like_seed.measured == 0.938
    assert like_seed.note == f"like '{SEED}'"
    new = record("駅までの道順を書いてください。", 2)
    assert gate.decide(state, new) is new
    assert isinstance(gate.decide(state, record("駅までの道順を、書いてください", 3)), Reject)
    assert len(state.texts) == 2


@pytest.mark.parametrize("text", ["", "…", "😀", "ａ", "Write a poem about 猫.", "詩" * 5000])
def test_odd_texts_pass_once(text: str) -> None:
    gate = Unlike("instruction")
    state = gate.start(CONTEXT)
    one = record(text)
    assert gate.decide(state, one) is one
    assert isinstance(gate.decide(state, one), Reject) == bool(tokens(text))


@pytest.mark.parametrize("limit", [0.0, 1.2])
def test_a_limit_that_is_no_share_is_refused(limit: float) -> None:
    with pytest.raises(RecipeError, match="is a share"):
        Unlike("instruction", limit)
