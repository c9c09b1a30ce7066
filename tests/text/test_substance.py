"""Look-alike texts that say something else."""

from __future__ import annotations

import pytest

from tanemaki.text.substance import differs_in_substance


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("雨が降る。", "雨が降る。", None),
        ("雨が降る。", "雨が降る！", None),
        ("3個ある", "４個ある", "numbers"),
        ("1,000円です", "１０００円です", None),
        ("三つ買う", "四つ買う", "numbers"),
        ("二十五を足す", "三十五を足す", "numbers"),
        ("一緒に行く", "共に行く", "words"),
        ("two dogs", "four dogs", "numbers"),
        ("the eleventh of May", "the twelfth of May", "numbers"),
        ("one by one, slowly", "slowly, one", None),
        ("half of it", "all of it", "numbers"),
        ("飲んでもよい", "飲まないほうがよい", "negation"),
        ("来ます", "来ません", "negation"),
        ("教えてください", "教えてくれませんか", None),
        ("正しいですか", "正しいのではないでしょうか", None),
        ("有料です", "無料です", "negation"),
        ("It is safe.", "It isn't safe.", "negation"),
        ("with sugar", "without sugar", "negation"),
        ("首都はブラジルですか", "首都はペルーですか", "names"),
        ("田中さんが来た", "鈴木さんが来た", "names"),
        ("I met Anna today", "I met Berta today", "names"),
        ("心臓のはたらき", "肝臓のはたらき", "words"),
        ("grow tomatoes", "grow carrots", "words"),
        ("planting trees", "plants tree", None),
        ("", "", None),
    ],
)
def test_numbers_negation_names_and_swapped_words_set_texts_apart(
    one: str, other: str, expected: str | None
) -> None:
    assert differs_in_substance(one, other) == expected
    assert differs_in_substance(other, one) == expected


def test_one_swapped_word_does_not_make_another_text_of_a_long_one() -> None:
    long = "The heart pumps blood through the body, bringing oxygen to every cell and carrying waste away from the {}."
    assert differs_in_substance(long.format("tissues"), long.format("organs")) is None
