"""Drift by words: rewritings stay, other subjects go, and what cannot be told is left to a judge."""

from __future__ import annotations

import pytest

from support.texts import turn
from tanemaki.clean.filters.changed import Changed
from tanemaki.clean.filters.drift import Drift
from tanemaki.core.step import spec_of
from tanemaki.core.verdict import Reject

DRIFT = Drift("text", of=("instruction", "response"))
LAUNDRY = (
    "雨の日に洗濯物を早く乾かす方法を教えて。",
    "部屋の中に干して、風通しをよくすると乾きやすくなります。",
)
EGGS = (
    "Why are some boiled eggs hard to peel?",
    "Because they are too fresh and the shell sticks to the white.",
)
FARM = ("里芋の植え方と肥料の量を教えて。", "里芋は四月に植え、肥料は畝に混ぜます。水も忘れずにやります。")
RECIPE = (
    "Write a recipe for lentil soup.",
    "Boil lentils with carrots and onions, then season with cumin and salt.",
)
KEPT = [
    (*LAUNDRY, "洗濯物の間を空けて部屋の中央に干し、扇風機の風を当てます。除湿機を使えば数時間で乾きます。"),
    (
        *EGGS,
        "Fresh eggs hold more carbon dioxide, so the white clings to the membrane under the shell while boiling.",
    ),
    (
        *FARM,
        "四月の半ばに、芽を上にした種芋を三十センチ間隔で植え、化成肥料を一平方メートルに百グラム施します。",
    ),
    (
        *RECIPE,
        "Fry onions and carrots in oil, add red lentils and stock, simmer for twenty minutes, season with cumin.",
    ),
]
DRIFTED = [
    (*LAUNDRY, "京都の古寺では、早朝の石庭を縁側から眺めるのがおすすめです。拝観料は受付で支払います。"),
    (
        *EGGS,
        "Old temples in Kyoto open early. Sit on the veranda and watch shadows wander over raked gravel gardens.",
    ),
    (*FARM, "新幹線の指定席は一か月前から発売され、駅の窓口や券売機で購入できます。学生割引もあります。"),
    (
        *RECIPE,
        "The library opens at nine and closes on Sundays. Members borrow twelve books for three weeks.",
    ),
]


def made(instruction: str, response: str, text: str) -> dict[str, str]:
    return {"instruction": instruction, "response": response, "text": text}


@pytest.mark.parametrize("texts", KEPT)
def test_a_rewriting_is_kept_unchanged(texts: tuple[str, str, str]) -> None:
    record = turn(**made(*texts))
    assert DRIFT(record) is record
    assert spec_of(DRIFT).is_filter


@pytest.mark.parametrize("texts", DRIFTED)
def test_another_subject_is_drift(texts: tuple[str, str, str]) -> None:
    verdict = DRIFT(turn(**made(*texts)))
    assert isinstance(verdict, Reject)
    assert (verdict.reason, verdict.limit) == ("drifted", 0.1)


def test_the_threshold_stands_between_the_two_with_room_on_both_sides() -> None:
    def share(texts: tuple[str, str, str]) -> float:
        verdict = Drift("text", of=("instruction", "response"), min_share=1.1)(turn(**made(*texts)))
        assert isinstance(verdict, Reject)
        assert isinstance(verdict.measured, float)
        return verdict.measured

    assert min(map(share, KEPT)) >= 0.25
    assert max(map(share, DRIFTED)) == 0


@pytest.mark.parametrize("text", ["", "はい。", "42", "😊", "Yes.", "それです。"])
def test_what_is_too_short_to_tell_is_kept(text: str) -> None:
    record = turn(**made(*LAUNDRY, text))
    assert DRIFT(record) is record


def test_neither_a_long_nor_a_short_rewriting_is_blamed_for_its_length() -> None:
    instruction, response, text = KEPT[0]
    many = "".join(f"第{n}に、靴下や肌着の裾を伸ばし、衣類の袖口を開いて吊るします。" for n in range(40))
    for one in (made(instruction, response, text + many), made(instruction, response + many, text)):
        record = turn(**one)
        assert DRIFT(record) is record


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("桜です。", "桜です！", False),
        ("Ａ級のﾊﾟﾝです。", "A級のパンです", False),
        ("Use a fan.", "USE A FAN", False),
        ("風を当て、除湿機も回します。", "風を当てます。", True),
        ("", "桜", True),
    ],
)
def test_changed_looks_at_letters_alone(before: str, after: str, *, changed: bool) -> None:
    record = turn(after, parent=before)
    verdict = Changed("text", of="parent")(record)
    assert (verdict is record) == changed
    assert changed or verdict == Reject("unchanged", after)
