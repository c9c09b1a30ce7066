from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.runs import numbers, order_for
from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import LimitReached
from tanemaki.core.recipe import Recipe
from tanemaki.models.scripted import Scripted
from tanemaki.run.language import told_in_full, warning
from tanemaki.run.order import Order

STOP = LimitReached("only 0 of 64 rows were accepted: the run stops here", got="cut 40, no_marker 24")


async def answer(question: str, *, writer: Any) -> str:
    return str((await writer(question)).text)


def order(folder: Path, name: str = "big", language: str = "ja", **more: Any) -> Order:
    recipe = Recipe(steps=(answer,), needs=("question",))
    return order_for(recipe, numbers(1), folder, Scripted([], name=name), language=language, **more)


def test_a_limit_that_has_another_cause_stays_as_it_is(tmp_path: Path) -> None:
    reasons = {("answer", "cut"): 40, ("answer", "wrong_language"): 24}
    assert told_in_full(STOP, order(tmp_path), reasons) is STOP


def test_most_rows_in_another_language_are_named_with_role_and_model(tmp_path: Path) -> None:
    told = told_in_full(STOP, order(tmp_path), {("answer", "wrong_language"): 40, ("answer", "cut"): 24})
    assert told.what == "the model of 'writer' (big) does not write Japanese, the language of the run"
    assert told.got == f"{STOP.what}; {STOP.got}"
    assert told.exit_code == 4


def test_the_demos_model_is_named_whatever_became_of_its_japanese(tmp_path: Path) -> None:
    reasons = {("answer", "cut"): 40, ("answer", "no_marker"): 24}
    told = told_in_full(STOP, order(tmp_path, "SmolLM2-135M-Instruct.F16"), reasons)
    assert told.what.startswith("the model of 'writer' (SmolLM2-135M-Instruct.F16) does not write Japanese")
    assert told_in_full(STOP, order(tmp_path, "SmolLM2-135M-Instruct.F16", "en"), reasons) is STOP


def test_it_is_said_before_a_run_on_the_demos_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TANEMAKI_MODEL_FILE", raising=False)
    local = {"writer": ModelSettings(kind="local")}
    told = warning(order(tmp_path, settings=local))
    assert told is not None
    assert "writes English only" in told
    assert "models.writer (hub and hub_file, or file)" in told
    assert warning(order(tmp_path, language="en", settings=local)) is None
    named = {"writer": ModelSettings(kind="local", hub="a/b", hub_file="c.gguf")}
    assert warning(order(tmp_path, settings=named)) is None
    monkeypatch.setenv("TANEMAKI_MODEL_FILE", "mine.gguf")
    assert warning(order(tmp_path, settings=local)) is None
