"""What holds for every family: collected by its file, in both languages."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise
from statistics import mean

import pytest

from support.families import LANGUAGES, both, items, solver_of
from support.source_tree import ROOT, modules
from tanemaki.text.answer_key import fits_key
from tanemaki.text.final_answer import marked_answer
from tanemaki.verify.equations import fault_of
from tanemaki.verify.problems.catalogue import TOPICS, families, family_of
from tanemaki.verify.problems.family import show
from tanemaki.verify.problems.problem import Problem, make, pose, slots_of, solve
from tanemaki.verify.problems.solution import STYLES
from tanemaki.verify.problems.wording import Language, people, wording_of

ROWS = 300
ALL = sorted(families())
LEAST_FRAMES = 4


@pytest.mark.parametrize("name", ALL)
def test_the_second_solver_finds_the_same_answer(name: str) -> None:
    solve_again = solver_of(name)
    for problem in items(name, "ja", ROWS):
        # As JSON: 25.0 is not 25.
        assert json.dumps(solve_again(problem.parameters)) == json.dumps(problem.value), problem


@pytest.mark.parametrize("name", ALL)
def test_every_method_gives_the_same_answer_by_equations_that_hold(name: str) -> None:
    family = family_of(name)
    for problem in items(name, "ja", ROWS):
        for method in family.methods:
            worked = family.solve(problem.parameters, method)
            assert worked.answer == problem.value, (method, problem)
            for step in worked.steps:
                assert not step.equation or fault_of(step.equation, step.where) is None, (method, step)


@pytest.mark.parametrize("name", ALL)
def test_a_solution_has_steps_and_mostly_equations_or_statements_that_differ(name: str) -> None:
    for problem in items(name, "ja", 50):
        for method in family_of(name).methods:
            worked = family_of(name).solve(problem.parameters, method)
            assert worked.steps, method
            assert len({(s.say, s.equation, str(s.slots)) for s in worked.steps}) == len(worked.steps), worked


@pytest.mark.parametrize(("name", "language"), both(ALL))
def test_every_style_and_method_ends_in_the_answer(name: str, language: Language) -> None:
    for k, problem in enumerate(items(name, language, 60)):
        for method in family_of(name).methods:
            for style in STYLES:
                solution = solve(problem, method=method, style=style, variant=k)
                assert marked_answer(solution.text) is not None, solution.text
                assert problem.answer_text in solution.text.splitlines()[-1]
                assert solution.text == solution.text.strip()
                assert "{" not in solution.text and "None" not in solution.text, solution.text  # noqa: PT018


@pytest.mark.parametrize(("name", "language"), both(ALL))
def test_numbers_that_a_solution_ends_in_fit_the_key(name: str, language: Language) -> None:
    if family_of(name).kind != "number":
        return
    for problem in items(name, language, 60):
        method = family_of(name).methods[0]
        for style in STYLES:
            said = marked_answer(solve(problem, method=method, style=style).text)
            assert said is not None
            assert fits_key(said, problem.answer) is not False, (said, problem.answer)


@pytest.mark.parametrize(("name", "language"), both(ALL))
def test_problems_are_distinct(name: str, language: Language) -> None:
    prompts = [problem.prompt for problem in items(name, language, ROWS)]
    assert len(set(prompts)) >= 0.99 * ROWS


@pytest.mark.parametrize(("name", "language"), both(ALL))
def test_prompts_are_whole_sentences_of_their_language(name: str, language: Language) -> None:
    for problem in items(name, language, 100):
        text = problem.prompt
        assert text == text.strip()
        assert not re.search(r"[{}]|None|True|False|  |。。|、、|、。", text.split("\n\n")[0]), text
        has_kana = bool(re.search("[ぁ-んァ-ン]", text))
        assert has_kana == (language == "ja"), text
        assert problem.answer.strip() == problem.answer != "", problem


@pytest.mark.parametrize("name", ALL)
def test_the_number_of_steps_rises_with_the_level(name: str) -> None:
    family = family_of(name)
    means = [mean(n_steps(name, level, k) for k in range(80)) for level in range(1, family.levels + 1)]
    assert family.levels >= 3, means
    assert all(low < high for low, high in pairwise(means)), means


def n_steps(name: str, level: int, k: int) -> int:
    family = family_of(name)
    problem = make(name, seed=5, k=k, language="ja", level=level)
    return len(family.solve(problem.parameters, family.methods[0]).steps)


@pytest.mark.parametrize("name", ALL)
def test_an_item_depends_on_its_seed_and_number_alone(name: str) -> None:
    forwards = [make(name, seed=3, k=k, language="en") for k in range(20)]
    backwards = [make(name, seed=3, k=k, language="en") for k in reversed(range(20))]
    assert forwards == backwards[::-1]


@pytest.mark.parametrize("name", ALL)
def test_both_languages_ask_the_same(name: str) -> None:
    for k in range(30):
        one, other = (make(name, seed=4, k=k, language=language) for language in LANGUAGES)
        neutral = [{key: p.parameters[key] for key in p.parameters if key != "frame"} for p in (one, other)]
        assert neutral[0] == neutral[1]
        assert (one.value, one.level) == (other.value, other.level)


@pytest.mark.parametrize("name", ALL)
def test_neighbouring_seeds_share_nothing_beyond_chance(name: str) -> None:
    of = [[bare(make(name, seed=seed, k=k, language="ja")) for k in range(200)] for seed in (40, 41, 90_001)]
    neighbours = len(set(of[0]) & set(of[1]))
    strangers = len(set(of[0]) & set(of[2]))
    at_same_place = sum(one == other for one, other in zip(of[0], of[1], strict=True))
    shifted = sum(one == other for one, other in zip(of[0][1:], of[1], strict=False))
    within = len(of[0]) - len(set(of[0]))
    # Where the family is small, some coincide by chance: as many as with a seed far away.
    assert neighbours <= strangers + 6 * max(1, strangers) ** 0.5 + 6
    assert max(at_same_place, shifted) <= 4 + 4 * within / len(of[0])


def bare(problem: Problem) -> str:
    return json.dumps(problem.parameters, ensure_ascii=False, sort_keys=True)


@pytest.mark.parametrize("name", ALL)
def test_parameters_are_json_and_pose_the_same_problem_again(name: str) -> None:
    for problem in items(name, "ja", 30):
        again = json.loads(json.dumps(problem.parameters, sort_keys=True))
        assert pose(family_of(name), again, "ja", problem.level) == problem


@pytest.mark.parametrize(("name", "language"), both(ALL))
def test_the_wording_has_enough_frames_and_nothing_idle(name: str, language: Language) -> None:
    family = family_of(name)
    wording = wording_of(family.topic, name, language)
    forms, said, scenes, frames = set(), set(), set(), set()
    for problem in items(name, language, ROWS):
        forms.add(problem.parameters.get("form", "plain"))
        frames.add((problem.parameters.get("form", "plain"), problem.parameters["frame"]))
        scenes.add(problem.parameters.get("scene"))
        for method in family.methods:
            said |= {(s.say, bool(s.equation)) for s in family.solve(problem.parameters, method).steps}
    assert all(len(of) >= LEAST_FRAMES and len(set(of)) == len(of) for of in wording.frames.values())
    assert forms == set(wording.frames) == set(wording.answers)
    assert scenes - {None} == set(family.scenes) == set(wording.scenes)
    assert {key for key, is_equation in said if is_equation} == set(wording.goals)
    assert {key for key, is_equation in said if not is_equation} == set(wording.says)
    assert set(wording.units) <= set(wording.goals)
    assert len(frames) == sum(map(len, wording.frames.values()))
    assert len({frozenset(scene) for scene in wording.scenes.values()}) <= 1


@pytest.mark.parametrize(("name", "language"), both(ALL))
def test_every_frame_of_a_form_tells_the_same(name: str, language: Language) -> None:
    """A frame that leaves something out asks another problem, or one that nobody can solve."""
    family = family_of(name)
    wording = wording_of(family.topic, name, language)
    for problem in items(name, language, 60):
        own = set(family.slots(problem.parameters, slots_of(problem)))
        told = own - {"form", "frame", "scene", "people", *family.known}
        frames = wording.frames[problem.parameters.get("form", "plain")]
        assert len({frozenset(frame.slots & told) for frame in frames}) == 1, problem.parameters
        letters = set("abcdefghij"[: len(problem.parameters.get("people", ()))])
        assert len({frozenset(frame.slots & letters) for frame in frames}) == 1, problem.parameters


@pytest.mark.parametrize("name", ALL)
def test_a_family_says_where_it_comes_from_and_lies_in_a_topic(name: str) -> None:
    family = family_of(name)
    module = sys.modules[f"tanemaki.verify.problems.{family.topic}.{name}"]
    assert family.topic in TOPICS
    assert "Source:" in (module.__doc__ or "")
    assert family.methods


def test_solvers_import_nothing_of_the_families() -> None:
    solvers = [module for module in modules() if module.name.startswith("tanemaki.verify.solvers")]
    assert len(solvers) > len(ALL)
    for module in solvers:
        own = [one.module for one in module.imports if one.module.split(".")[0] == "tanemaki"]
        allowed = ("tanemaki.core.", "tanemaki.verify.solvers")
        assert [name for name in own if not name.startswith(allowed)] == [], module.name


def test_every_family_has_a_solver_and_every_solver_a_family() -> None:
    where = ROOT / "src/tanemaki/verify/solvers"
    solvers = {f"{path.parent.name}/{path.stem}" for path in where.glob("*/*.py") if path.stem[0] != "_"}
    assert solvers == {f"{topic}/{name}" for name, topic in families().items()}


def test_wordings_belong_to_families() -> None:
    where = ROOT / "src/tanemaki/verify/problems"
    for language in LANGUAGES:
        found = {f"{path.parents[2].name}/{path.stem}" for path in where.glob(f"*/wording/{language}/*.toml")}
        assert found == {f"{topic}/{name}" for name, topic in families().items()}
        for path in where.glob(f"*/wording/{language}/*.toml"):
            head = path.read_text(encoding="utf-8").splitlines()[:3]
            assert any("Origin:" in line and "Licence: Apache-2.0" in line for line in head), path
            assert re.match(r"# \S.{0,90}[.?]$", head[0]), "the first line is what people call it"


def test_the_people_are_as_many_in_both_languages_and_all_different() -> None:
    of = [people(language) for language in LANGUAGES]
    assert len(of[0]) == len(of[1]) == len(set(of[0])) == len(set(of[1]))


def test_families_need_no_network_no_model_and_no_heavy_package() -> None:
    code = (
        "import sys\n"
        "from tanemaki.verify.problems.catalogue import families\n"
        "from tanemaki.verify.problems.problem import make, solve\n"
        "from tanemaki.verify.problems.catalogue import family_of\n"
        "for name in families():\n"
        "    p = make(name, seed=1, k=1, language='ja')\n"
        "    solve(p, method=family_of(name).methods[0], style='plain')\n"
        "heavy = {'numpy', 'torch', 'pydantic', 'aiohttp', 'duckdb', 'click', 'sympy', 'ortools', 'orjson', 'socket'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.long
@pytest.mark.parametrize(("name", "language"), both(ALL))
def test_ten_thousand_problems_are_right_and_distinct(name: str, language: Language) -> None:
    solve_again = solver_of(name)
    prompts = set()
    for k in range(10_000):
        problem = make(name, seed=11, k=k, language=language)
        assert json.dumps(solve_again(problem.parameters)) == json.dumps(problem.value), problem
        prompts.add(problem.prompt)
    assert len(prompts) >= 9_900


def test_fractions_are_shown_in_lowest_terms() -> None:
    assert show(Fraction(10, 4)) == "5/2"
