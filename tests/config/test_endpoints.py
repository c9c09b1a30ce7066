"""Several endpoints of a role, and what each takes over from it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tanemaki.config.schema import ModelSettings

URLS = ("http://a.test/v1", "http://b.test/v1")


def settings(*endpoints: dict[str, Any], **role: Any) -> ModelSettings:
    return ModelSettings.model_validate({"name": "tane", "endpoints": list(endpoints), **role})


def test_what_an_endpoint_leaves_out_is_taken_from_the_role() -> None:
    role = settings(
        {"endpoint": URLS[0], "concurrency": 8, "name": "tane-fp8"},
        {"endpoint": URLS[1], "key_env": "OTHER_KEY", "price": {"input": 1.0, "output": 2.0}},
        key_env="ROLE_KEY",
        concurrency=32,
        requests_per_minute=600,
    )
    first, second = role.each()
    assert (first.endpoint, first.concurrency, first.key_env, first.sent_as) == (
        URLS[0],
        8,
        "ROLE_KEY",
        "tane-fp8",
    )
    assert (second.endpoint, second.concurrency, second.key_env, second.sent_as) == (
        URLS[1],
        32,
        "OTHER_KEY",
        "tane",
    )
    assert (first.name, second.name) == ("tane", "tane")
    assert (first.requests_per_minute, second.requests_per_minute) == (600, 600)
    assert first.each()[0].endpoint == URLS[0]


def test_a_role_with_one_endpoint_is_its_own_and_only_one() -> None:
    role = ModelSettings(endpoint=URLS[0], name="tane")
    assert role.each() == [role]
    assert role.sent_as == "tane"


def test_a_role_is_priced_when_each_of_its_endpoints_is() -> None:
    price = {"input": 1.0, "output": 2.0}
    assert settings({"endpoint": URLS[0], "price": price}, {"endpoint": URLS[1], "price": price}).is_priced
    assert not settings({"endpoint": URLS[0], "price": price}, {"endpoint": URLS[1]}).is_priced
    assert settings({"endpoint": URLS[0]}, price=price).is_priced


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"endpoint": URLS[0], "endpoints": [{"endpoint": URLS[1]}]}, "both given"),
        ({"endpoints": [{"endpoint": URLS[0]}, {"endpoint": URLS[0]}]}, "named twice"),
        ({"endpoints": [{"endpoint": URLS[0]}], "batch": True}, "batch files has one"),
        ({"endpoints": [{"endpoint": "http://me:secret@a.test"}]}, "user name or password"),
        (
            {"endpoints": [{"endpoint": URLS[0], "key_env": "sk-123"}]},
            "not the name of an environment variable",
        ),
        ({"endpoints": [{"endpoint": URLS[0], "headers": {"Authorization": "x"}}]}, "holds a secret"),
        ({"endpoints": []}, "needs `endpoint`"),
        ({"kind": "scripted", "file": "a.json", "tokens_per_minute": 5}, "does nothing for kind 'scripted'"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        ModelSettings.model_validate({"name": "tane", **given})
