"""Lineage: names and hashes alone, always in one form."""

from __future__ import annotations

import json
from dataclasses import fields

from tanemaki.datasets.lineage import Call, lineage

CALL = Call(id="c0ffee", step="answer", role="writer", model="qwen3-8b", prompt_hash="ab12", seed=7)


def test_a_call_is_told_with_role_model_prompt_and_seed() -> None:
    told = lineage(parents=["p1"], recipe="persona_dialogue", seed=7, steps=["topic", "answer"], calls=[CALL])
    assert json.loads(json.dumps(told)) == {
        "parents": ["p1"],
        "recipe": "persona_dialogue",
        "seed": 7,
        "steps": ["topic", "answer"],
        "calls": [
            {
                "id": "c0ffee",
                "step": "answer",
                "role": "writer",
                "model": "qwen3-8b",
                "prompt_hash": "ab12",
                "seed": 7,
            }
        ],
    }


def test_what_was_not_there_is_null_and_a_thought_is_kept_apart() -> None:
    call = Call(id="c", step="s", role="r", model="m", prompt_hash=None, seed=None, thinking="1+2=3")
    (told,) = lineage(parents=(), recipe="r", seed=0, steps=(), calls=[call])["calls"]
    assert told == {
        "id": "c",
        "step": "s",
        "role": "r",
        "model": "m",
        "prompt_hash": None,
        "seed": None,
        "thinking": "1+2=3",
    }


def test_no_clock_attempt_host_or_path_can_enter_a_call() -> None:
    assert {field.name for field in fields(Call)} == {
        "id",
        "step",
        "role",
        "model",
        "prompt_hash",
        "seed",
        "thinking",
    }


def test_fault_29_a_call_without_a_seed_is_told_and_does_not_fail() -> None:
    call = Call(id="c", step="s", role="r", model="m", prompt_hash=None, seed=None)
    assert lineage(parents=(), recipe="r", seed=0, steps=(), calls=[call])["calls"][0]["seed"] is None
