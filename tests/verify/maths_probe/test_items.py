from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from tanemaki.verify.maths_probe.events import ENUMERABLE, EVENTS, Event
from tanemaki.verify.maths_probe.items import FORMS, Language, ask, n_wordings, repeat
from tanemaki.verify.problems.catalogue import family_of

LANGUAGES: tuple[Language, ...] = ("ja", "en")


def test_a_hundred_variants_have_the_chance_that_brute_force_counts() -> None:
    assert len(set(EVENTS)) == 100
    for event in EVENTS:
        thrown = list(product(range(1, event.sides + 1), repeat=event.n_dice))
        assert event.chance == Fraction(sum(map(event.holds, thrown)), len(thrown)), event


def test_the_complement_is_never_empty_and_the_event_never_certain() -> None:
    assert all(0 < event.n_others < event.n_outcomes for event in EVENTS)
    assert len(ENUMERABLE) == 40


def test_the_item_of_the_recorded_table_is_among_them() -> None:
    event = Event(2, 6, "sum_at_least", 3)
    assert event in ENUMERABLE
    assert event.chance == Fraction(35, 36)
    told = {"form": "two", "asked": "at_least", "limit": 3, "sides_1": 6, "sides_2": 6}
    assert family_of("dice_sum").solve(told, "complement").answer == str(event.chance)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_has_four_wordings_that_tell_all(language: Language) -> None:
    event = Event(3, 8, "sum_at_most", 22)
    for form in FORMS[1:]:
        assert n_wordings(form, language) >= 4
        prompts = {
            ask(event, form, language, wording).prompt for wording in range(n_wordings(form, language))
        }
        assert len(prompts) == n_wordings(form, language)
        for prompt in prompts:
            assert "22" in prompt
            assert "8" in prompt
            assert "3" in prompt or "hree" in prompt
            assert "{" not in prompt


@pytest.mark.parametrize("language", LANGUAGES)
def test_repeats_ask_one_event_in_three_forms_and_a_concept(language: Language) -> None:
    for k in range(50):
        items = repeat(3, k, language)
        assert [item.form for item in items] == list(FORMS)
        assert len({item.key for item in items[1:]}) == 1
        options = items[0].options
        assert len(set(options)) == 5
        word = "およそ" if language == "ja" else "about"
        assert word in options[int(items[0].key) - 1]
        assert items == repeat(3, k, language)


def test_both_languages_ask_the_same() -> None:
    for k in range(50):
        one, other = repeat(3, k, "ja"), repeat(3, k, "en")
        assert [item.key for item in one] == [item.key for item in other]


def test_the_right_option_stands_everywhere() -> None:
    assert {repeat(5, k, "en")[0].key for k in range(60)} == {"1", "2", "3", "4", "5"}
