"""What holds for every family of code tasks: collected by its file, in both languages."""

from __future__ import annotations

import copy
import json
import re
import sys
from functools import cache
from itertools import pairwise
from statistics import mean
from typing import Any

import pytest

from support.source_tree import ROOT
from tanemaki.core.errors import SetupError
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.catalogue import TOPICS, code_families, code_family_of
from tanemaki.verify.code.check import check, is_same
from tanemaki.verify.code.family import LEVELS
from tanemaki.verify.code.task import N_SHOWN, Task, answer_text, make, pose
from tanemaki.verify.code.wording import code_wording, layouts
from tanemaki.verify.problems.wording import Language

LANGUAGES: tuple[Language, ...] = ("ja", "en")
ALL = list(code_families())
EACH = pytest.mark.parametrize("name", ALL)
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
ROWS = 300
STUBS = ("None", "0", "1", "-1", '""', "[]", "{}", "True", "False", "arguments[0]", "list(arguments[0])")


@cache
def tasks(name: str, language: Language = "ja", n: int = ROWS) -> list[Task]:
    return [make(name, seed=20, k=k, language=language) for k in range(n)]


def loaded(task: Task) -> Any:
    """Return the reference as a function of this process: it is our own."""
    names: dict[str, Any] = {}
    exec(compile(task.code, task.family, "exec"), names)  # noqa: S102 - our own code
    return names[task.function]


def passes(function: Any, task: Task) -> bool:
    for case in task.tests:
        try:
            value = function(*copy.deepcopy(case.arguments))
        except (TypeError, ValueError, IndexError, KeyError, AttributeError):
            return False
        if type(value) is not type(case.expected) or not is_same(value, case.expected):
            return False
    return True


def test_there_are_many_families_in_every_topic() -> None:
    assert len(ALL) >= 20
    assert set(code_families().values()) == set(TOPICS)


@EACH
def test_the_reference_and_the_second_implementation_agree(name: str) -> None:
    for task in tasks(name):
        assert passes(loaded(task), task), (task.parameters, task.code)


@EACH
def test_they_agree_on_further_inputs(name: str) -> None:
    family = code_family_of(name)
    for k, task in enumerate(tasks(name, n=60)):
        reference = loaded(task)
        for more in range(5):
            for arguments in family.inputs(task.parameters, Draw("further", name, k, more)):
                wanted = family.expected(task.parameters, *copy.deepcopy(arguments))
                assert is_same(reference(*copy.deepcopy(arguments)), wanted), (task.parameters, arguments)


@EACH
@EACH_LANGUAGE
def test_the_reference_passes_in_the_sandbox(name: str, language: Language) -> None:
    for task in tasks(name, language, 12):
        assert check(task.code, task.function, task.tests) is None, task.code


@EACH
def test_a_stub_does_not_pass(name: str) -> None:
    for task in tasks(name):
        for stub in STUBS:
            names: dict[str, Any] = {}
            exec(f"def stub(*arguments):\n    return {stub}", names)  # noqa: S102 - our own code
            assert not passes(names["stub"], task), (stub, task.parameters, task.tests)


@EACH
def test_the_solution_of_another_specification_hardly_ever_passes(name: str) -> None:
    passed = tried = 0
    of_level = {
        level: [task for task in tasks(name) if task.level == level] for level in range(1, LEVELS + 1)
    }
    for group in of_level.values():
        for place, task in enumerate(group):
            other = group[(7 * place + 3) % len(group)]
            if other.code != task.code:
                tried += 1
                passed += passes(loaded(other), task)
    assert tried > 100
    # Some specifications are wider than others: what reads five eras reads two of them as well.
    assert passed <= 0.12 * tried


@EACH
def test_tests_are_five_to_eight_and_the_first_two_are_shown(name: str) -> None:
    for task in tasks(name, n=60):
        assert 5 <= len(task.tests) <= 8
        shown = [
            f"{task.function}({', '.join(map(repr, case.arguments))})" in task.prompt for case in task.tests
        ]
        assert all(shown[:N_SHOWN])
        assert all(repr(case.expected) in task.prompt for case in task.tests[:N_SHOWN])
        assert json.loads(json.dumps([case.arguments for case in task.tests])) == [
            c.arguments for c in task.tests
        ]


@EACH
def test_the_tests_want_different_values_and_the_examples_show_one_that_is_there(name: str) -> None:
    for task in tasks(name):
        values = [repr(case.expected) for case in task.tests]
        assert max(map(values.count, values)) <= 0.75 * len(values), (task.parameters, task.tests)
        assert set(values[:N_SHOWN]) - {"None", "[]", "{}", "''"}, (task.parameters, task.tests)


@EACH
@EACH_LANGUAGE
def test_tasks_are_distinct(name: str, language: Language) -> None:
    assert len({task.prompt for task in tasks(name, language)}) >= 0.99 * ROWS


@EACH
def test_there_are_many_specifications(name: str) -> None:
    """What is asked differs, not the numbers of the examples alone."""
    told = {json.dumps({**task.parameters, "frame": 0, "layout": 0, "example": 0}) for task in tasks(name)}
    assert len(told) >= 80


@EACH
def test_the_number_of_rules_rises_with_the_level(name: str) -> None:
    means = [
        mean(make(name, seed=5, k=k, language="ja", level=level).n_rules for k in range(80))
        for level in range(1, LEVELS + 1)
    ]
    assert all(low < high for low, high in pairwise(means)), means


@EACH
@EACH_LANGUAGE
def test_the_wording_has_enough_frames_and_nothing_idle(name: str, language: Language) -> None:
    family = code_family_of(name)
    wording = code_wording(family.topic, name, language)
    made = [make(name, seed=21, k=k, language=language) for k in range(600)]
    forms = {task.parameters.get("form", "plain") for task in made}
    assert forms == set(wording.frames) == set(wording.doc)
    assert all(len(frames) >= 4 for frames in wording.frames.values())
    assert len({(task.parameters.get("form"), task.parameters["frame"]) for task in made}) == 4 * len(forms)
    assert {key for task in made for key in family.rules(task.parameters)} == set(wording.rules)
    assert {key for task in made for key in family.way(task.parameters)} == set(wording.way)
    marks = {mark for task in made for mark in re.findall(r"@(\w+)", family.source(task.parameters))}
    assert marks - {"doc"} == set(wording.comments)


@EACH
@EACH_LANGUAGE
def test_prompts_and_code_are_written_in_their_language(name: str, language: Language) -> None:
    for task in tasks(name, language, 100):
        for text in (task.prompt, task.explanation):
            assert not any(f"{{{key}}}" in text for key in task.parameters), text
            assert not re.search(r"@\w|  $|。。|、、", text), text
        assert "@" not in task.code
        told = re.sub(r"`[^`]*`", "", task.explanation)
        assert bool(re.search("[ぁ-ん]", told)) == (language == "ja"), told
        assert task.prompt == task.prompt.strip()
        assert task.code.endswith("\n")
        assert max(map(len, task.code.splitlines())) <= 120
        assert f"def {task.function}(" in task.prompt
        assert '"""' in task.code


@EACH
def test_both_languages_ask_the_same(name: str) -> None:
    for ja, en in zip(tasks(name, "ja", 40), tasks(name, "en", 40), strict=True):
        drop = {"frame", "layout"}
        assert {k: v for k, v in ja.parameters.items() if k not in drop} == {
            k: v for k, v in en.parameters.items() if k not in drop
        }
        assert (ja.function, ja.tests, ja.level, ja.n_rules) == (en.function, en.tests, en.level, en.n_rules)
        without = [re.sub(r'#.*|""".*?"""', "", task.code) for task in (ja, en)]
        assert without[0] == without[1]


@EACH
def test_an_item_depends_on_its_seed_and_number_alone(name: str) -> None:
    forwards = [make(name, seed=3, k=k, language="en") for k in range(20)]
    backwards = [make(name, seed=3, k=k, language="en") for k in reversed(range(20))]
    assert forwards == backwards[::-1]
    other = [make(name, seed=4, k=k, language="en").prompt for k in range(20)]
    assert len({task.prompt for task in forwards} & set(other)) <= 2


@EACH
def test_parameters_are_json_and_pose_the_same_task_again(name: str) -> None:
    for task in tasks(name, n=30):
        again = json.loads(json.dumps(task.parameters))
        inputs = [case.arguments for case in task.tests]
        assert pose(code_family_of(name), again, inputs, "ja", task.level) == task


@EACH
def test_a_family_says_where_it_comes_from(name: str) -> None:
    code_family_of(name)
    module = sys.modules[f"tanemaki.verify.code.{code_families()[name]}.{name}"]
    assert "Source:" in (module.__doc__ or "")


def test_wordings_belong_to_families_and_say_whose_they_are() -> None:
    where = ROOT / "src/tanemaki/verify/code"
    for language in LANGUAGES:
        found = sorted(where.glob(f"*/wording/{language}/*.toml"))
        assert {(path.stem, path.parents[2].name) for path in found} == set(code_families().items())
        for path in found:
            assert "# Origin: written by hand for Tanemaki. Licence: Apache-2.0." in path.read_text(
                encoding="utf-8"
            )


def test_layouts_are_twins() -> None:
    ja, en = layouts("ja"), layouts("en")
    assert [one.slots for one in ja.tasks] == [one.slots for one in en.tasks]
    assert [one.slots for one in ja.answers] == [one.slots for one in en.answers]
    assert len(ja.tasks) >= 4


def test_every_layout_of_an_answer_holds_code_and_explanation() -> None:
    for task in tasks("run_length", n=8):
        told = {answer_text(task, variant) for variant in range(4)}
        assert len(told) == 4
        assert all(task.code.strip() in one and task.explanation in one for one in told)


def test_a_misspelt_family_or_level_is_told() -> None:
    with pytest.raises(SetupError, match="did you mean 'rotate_list'"):
        make("rotate_lists", seed=1, k=1, language="ja")
    with pytest.raises(SetupError, match="no such level"):
        make("rotate_list", seed=1, k=1, language="ja", level=4)


@pytest.mark.long
@EACH
@EACH_LANGUAGE
def test_three_thousand_tasks_are_right_and_distinct(name: str, language: Language) -> None:
    prompts = set()
    for k in range(3000):
        task = make(name, seed=22, k=k, language=language)
        assert passes(loaded(task), task), (task.parameters, task.code)
        prompts.add(task.prompt)
    assert len(prompts) >= 2970
