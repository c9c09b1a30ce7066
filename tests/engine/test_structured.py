"""Replies by a schema through the whole engine: probed, told in the prompt, repaired once, known again."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from support.runs import Captured, dataset, numbers, order_for, run, table
from support.server import Server
from tanemaki.config.schema import Limits, ModelSettings
from tanemaki.core.errors import LimitReached, ModelError, RecipeError
from tanemaki.core.model import Reply, Request
from tanemaki.core.recipe import Recipe
from tanemaki.core.schema_probe import COLOURS
from tanemaki.core.step import Asker
from tanemaki.engine.bound import Bound
from tanemaki.engine.journal import Journal
from tanemaki.engine.lanes import Lane, Lanes
from tanemaki.engine.limits import Budget
from tanemaki.engine.stats import Stats
from tanemaki.engine.stopping import Stop
from tanemaki.engine.structured import Obedience
from tanemaki.models.openai_compatible import OpenAICompatible
from tanemaki.models.scripted import last_text
from tanemaki.run.execute import execute

GOOD, BAD = '{"name": "葛餅", "kcal": 120}', '{"name": "葛餅", "kcal": "多め"}'
REPAIRS = ("いまの答えは", "That answer does not")


class Dish(BaseModel):
    """A dish."""

    name: str
    kcal: int


MAPPING = {
    "title": "Dish",
    "type": "object",
    "properties": {"name": {"type": "string"}, "kcal": {"type": "integer"}},
    "required": ["name", "kcal"],
}


async def dish(question: str, *, writer: Asker) -> dict[str, Any]:
    """Ask by a class."""
    found = (await writer(question, schema=Dish)).parsed
    assert isinstance(found, Dish)
    return {"name": found.name, "kcal": found.kcal}


async def plate(question: str, *, writer: Asker) -> dict[str, Any]:
    """Ask by a mapping."""
    found = (await writer(question, schema=MAPPING)).parsed
    return dict(found)


RECIPE = Recipe(name="dishes", needs=("question",), steps=(dish,))


def model_at(server: Server, **settings: Any) -> OpenAICompatible:
    return OpenAICompatible("writer", ModelSettings(endpoint=server.url, name="tane", **settings))


def is_probe(body: dict[str, Any]) -> bool:
    return last(body) == "Name a colour."


def says(text: str) -> Any:
    """Return a reply function for a server that obeys no schema."""
    return lambda body: "青" if is_probe(body) else text


def asked(server: Server) -> list[dict[str, Any]]:
    return [body for body in server.captured if not is_probe(body)]


def last(body: dict[str, Any]) -> str:
    return str(body["messages"][-1]["content"])


def is_repair(body: dict[str, Any]) -> bool:
    return last(body).startswith(REPAIRS)


def calls_in(folder: Path) -> list[tuple[int, int, str]]:
    with sqlite3.connect(folder / "journal.sqlite") as db:
        return db.execute(
            "SELECT place, sample, hash FROM calls ORDER BY root, path, place, sample"
        ).fetchall()


@pytest.mark.parametrize("step", [dish, plate])
def test_an_endpoint_that_obeys_is_asked_once_and_then_sent_the_schema(step: Any, tmp_path: Path) -> None:
    with Server() as server:
        report = run(
            Recipe(name="dishes", needs=("question",), steps=(step,)),
            numbers(8),
            tmp_path / "r",
            model_at(server),
        )
    bodies = asked(server)
    assert (len(server.captured), len(bodies), report.stats.n_sent) == (9, 8, 9)
    assert sum(is_probe(body) for body in server.captured) == 1
    wanted = bodies[0]["response_format"]["json_schema"]
    assert (wanted["name"], wanted["strict"], sorted(wanted["schema"]["properties"])) == (
        "Dish",
        True,
        ["kcal", "name"],
    )
    assert last(bodies[0]).endswith("番目の問い"), "the prompt is not touched"
    assert json.loads(dataset(tmp_path / "r")[0][step.__name__])["name"] == "種"
    assert report.accounting.accepted == 8


@pytest.mark.parametrize("owned_by", ["vllm", "sglang", "llamacpp"])
def test_a_server_that_is_known_to_obey_is_not_probed_and_gets_the_schema_as_it_stands(
    owned_by: str, tmp_path: Path
) -> None:
    with Server(owned_by=owned_by) as server:
        run(RECIPE, numbers(2), tmp_path / "r", model_at(server))
    assert len(server.captured) == 2
    assert server.captured[0]["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "Dish", "schema": Dish.model_json_schema()},
    }


@pytest.mark.parametrize(
    ("language", "words"), [("ja", "JSON スキーマに沿った"), ("en", "follows this JSON schema")]
)
@pytest.mark.parametrize("kind", ["ignores", "refuses"])
def test_an_endpoint_that_does_not_obey_is_told_in_the_prompt(
    kind: str, language: str, words: str, tmp_path: Path
) -> None:
    behaviour: dict[str, Any] = {
        kind: frozenset({"response_format"}),
        "reply": says(f"はい。\n```json\n{GOOD}\n```"),
    }
    with Server(**behaviour) as server:
        run(RECIPE, numbers(3), tmp_path / "r", model_at(server), language=language)
    assert json.loads(dataset(tmp_path / "r")[2]["dish"]) == {"name": "葛餅", "kcal": 120}
    assert len(server.captured) == 4
    for body in asked(server):
        assert "response_format" not in body
        assert words in last(body)
        assert last(body).startswith(("1番目", "2番目", "3番目"))
        assert json.loads(last(body)[last(body).index("{") :]) == Dish.model_json_schema()


def test_the_run_file_s_word_on_the_capability_holds_without_a_probe(tmp_path: Path) -> None:
    for capabilities, sent in (["chat", "json_schema"], True), (["chat"], False):
        with Server(reply=says(GOOD)) as server:
            run(RECIPE, numbers(1), tmp_path / str(sent), model_at(server, capabilities=capabilities))
        assert [("response_format" in body) for body in server.captured] == [sent]


def test_a_reply_that_does_not_fit_is_repaired_once(tmp_path: Path) -> None:
    def reply(body: dict[str, Any]) -> str:
        return GOOD if is_repair(body) else says(BAD)(body)

    with Server(ignores=frozenset({"response_format"}), reply=reply) as server:
        report = run(RECIPE, numbers(2), tmp_path / "r", model_at(server))
    first, second = (body for body in asked(server) if "1番目" in str(body))
    assert second["messages"][:-2] == first["messages"]
    assert second["messages"][-2] == {"role": "assistant", "content": BAD}
    assert "kcal: Input should be a valid integer" in last(second)
    assert second["seed"] != first["seed"]
    assert (report.accounting.accepted, report.stats.n_sent) == (2, 5)
    assert [(place, sample) for place, sample, _ in calls_in(tmp_path / "r")] == [(0, -1), (0, 0)] * 2
    lineage = json.loads(dataset(tmp_path / "r")[0]["lineage"])["calls"]
    assert [call["seed"] for call in lineage] == [first["seed"], second["seed"]], (
        "the repair stands behind the call"
    )


def test_an_empty_reply_is_repaired_by_asking_again_with_the_finding(tmp_path: Path) -> None:
    model = Captured(lambda request: GOOD if "いまの答え" in last_text(request) else "  ")
    run(RECIPE, numbers(1), tmp_path / "r", model)
    roles = [[turn["role"] for turn in request.messages] for request in model.requests]
    assert roles == [["user"], ["user"]], "no template takes an empty turn of the assistant"
    assert model.texts[1].startswith("1番目の問い\n\nいまの答えは")
    assert "the reply is empty" in model.texts[1]


def test_a_second_reply_that_does_not_fit_fails_the_row_with_its_class(tmp_path: Path) -> None:
    model = Captured(lambda _: BAD)
    report = run(RECIPE, numbers(2), tmp_path / "r", model, limits=Limits(failed_share=None))
    assert (report.accounting.failed, len(model.requests)) == (2, 4)
    row = table(tmp_path / "r" / "failed.parquet")[0]
    assert (row["step"], row["fault"]) == ("dish", "wrong_schema")
    assert row["message"].startswith(
        "the reply does not fit the schema 'Dish', nor does the repaired one: kcal: Input"
    )


def test_a_cut_reply_is_not_repaired_because_a_second_would_be_cut_too(tmp_path: Path) -> None:
    model = Captured(lambda _: Reply('{"name": "葛', finish_reason="length"))
    run(RECIPE, numbers(1), tmp_path / "r", model)
    assert len(model.requests) == 1
    assert table(tmp_path / "r" / "failed.parquet")[0]["fault"] == "cut"


def test_a_run_that_goes_on_does_not_probe_again(tmp_path: Path) -> None:
    with Server(ignores=frozenset({"response_format"}), reply=says(GOOD)) as server:
        for limit in (2, 4):
            run(RECIPE, numbers(4), tmp_path / "r", model_at(server), limit=limit)
    assert len(asked(server)) == 4
    assert len(server.captured) == 5


def test_what_is_found_differently_later_makes_nothing_be_paid_again(tmp_path: Path) -> None:
    """Promise 4: a call is known by what the step asked, however it was sent; repairs, too."""

    def reply(body: dict[str, Any]) -> str:
        return GOOD if is_repair(body) else says(BAD)(body)

    with Server(ignores=frozenset({"response_format"}), reply=reply) as first:
        run(RECIPE, numbers(4), tmp_path / "r", model_at(first), limit=2)
    with Server() as second:
        report = run(RECIPE, numbers(4), tmp_path / "r", model_at(second), limit=4)
    assert len(asked(first)) == 4
    assert [last(body) for body in asked(second)] == ["3番目の問い", "4番目の問い"]
    assert report.accounting.accepted == 4
    again = Captured(lambda _: GOOD)
    with sqlite3.connect(tmp_path / "r" / "journal.sqlite") as db:
        db.execute("DELETE FROM closures")
    run(RECIPE, numbers(4), tmp_path / "r", Renamed(again), limit=4)
    assert again.requests == []


class Renamed:
    """A scripted model under the server's model's name: the same model, as far as a call is known by it."""

    name = "tane"

    def __init__(self, model: Captured) -> None:
        self._model = model
        self.capabilities = model.capabilities
        self.open, self.reply, self.close = model.open, model.reply, model.close


def test_the_probe_counts_in_the_limits(tmp_path: Path) -> None:
    with Server() as server, pytest.raises(LimitReached, match="the limit requests is used up"):
        run(RECIPE, numbers(9), tmp_path / "r", model_at(server), limits=Limits(requests=3))
    assert len(server.captured) == 3
    with sqlite3.connect(tmp_path / "r" / "journal.sqlite") as db:
        assert db.execute("SELECT count(*) FROM sends").fetchone() == (3,)
        assert db.execute("SELECT count(*) FROM calls").fetchone() == (2,)


def test_a_stumble_of_the_endpoint_is_not_taken_for_its_answer(tmp_path: Path) -> None:
    probes: Iterator[Any] = iter(
        [ModelError("busy", fault="overloaded", retryable=True, retry_after_s=0.01), COLOURS[0]]
    )

    class Unsure(Captured):
        presumed = frozenset({"json_schema"})

    def answer(request: Request) -> Any:
        return next(probes) if last_text(request) == "Name a colour." else GOOD

    model = Unsure(answer)
    report = run(RECIPE, numbers(2), tmp_path / "r", model)
    assert report.accounting.accepted == 2
    assert [request.response_format is not None for request in model.requests] == [True] * 4
    with sqlite3.connect(tmp_path / "r" / "journal.sqlite") as db:
        assert db.execute("SELECT value FROM meta WHERE key LIKE 'json_schema %'").fetchall() == [("yes",)]
        assert db.execute("SELECT count(*) FROM sends").fetchone() == (4,)
        assert db.execute("SELECT count(*) FROM settled").fetchone() == (3,), (
            "the stumble stays charged at its worst"
        )


def test_an_endpoint_that_cannot_be_asked_is_told_in_the_prompt_and_asked_by_the_next_start(
    tmp_path: Path,
) -> None:
    class Unsure(Captured):
        presumed = frozenset({"json_schema"})

    def answer(request: Request) -> Any:
        if last_text(request) == "Name a colour.":
            return ModelError("no", fault="content_refused")
        return GOOD

    for limit in (1, 2):
        model = Unsure(answer)
        run(RECIPE, numbers(2), tmp_path / "r", model, limit=limit)
        assert len(model.requests) == 2
        assert model.requests[1].response_format is None


def test_a_repair_moves_no_other_call(tmp_path: Path) -> None:
    async def two(question: str, *, writer: Asker) -> str:
        first, second = await asyncio.gather(
            writer(f"一 {question}", schema=Dish), writer(f"二 {question}", schema=MAPPING, sample=1)
        )
        third = await writer(f"三 {question}")
        return f"{first.parsed.name}{second.parsed['name']}{third.text}"

    def answer(request: Request) -> str:
        text = last_text(request)
        return "了" if text.startswith("三") else BAD if text.startswith("一") else GOOD

    recipe = Recipe(name="two", needs=("question",), steps=(two,))
    assert run(recipe, numbers(1), tmp_path / "r", Captured(answer)).accounting.accepted == 1
    assert [(place, sample) for place, sample, _ in calls_in(tmp_path / "r")] == [
        (0, -1),
        (0, 0),
        (1, 1),
        (2, 0),
    ]


def test_a_failed_row_is_asked_again_by_retry(tmp_path: Path) -> None:
    said = [BAD]
    order = order_for(RECIPE, numbers(1), tmp_path / "r", Captured(lambda _: said[-1]))
    assert execute(order).accounting.failed == 1
    said.append(GOOD)
    assert execute(order, retry=True).accounting.accepted == 1


async def raw(question: str, *, writer: Asker) -> str:
    """Ask for what cannot have a schema."""
    return (await writer(Request(prompt=question), schema=Dish)).text


async def several(question: str, *, writer: Asker) -> str:
    """Ask for several in one call."""
    return (await writer(Request([{"role": "user", "content": question}], n=2), schema=Dish)).text


async def both(question: str, *, writer: Asker) -> str:
    """Ask in both ways."""
    request = Request([{"role": "user", "content": question}], response_format={"type": "json_object"})
    return (await writer(request, schema=Dish)).text


@pytest.mark.parametrize(
    ("step", "what"),
    [
        (raw, "a reply by a schema is asked for with messages, one at a time"),
        (several, "a reply by a schema is asked for with messages, one at a time"),
        (both, "a request has both a schema and a response_format"),
    ],
)
def test_a_request_that_cannot_have_a_schema_is_the_author_s_mistake(
    step: Any, what: str, tmp_path: Path
) -> None:
    model = Captured(lambda _: GOOD)
    with pytest.raises(RecipeError) as raised:
        run(Recipe(name="wrong", needs=("question",), steps=(step,)), numbers(1), tmp_path / "r", model)
    assert raised.value.what == what
    assert model.requests == []


class Unknown(Captured):
    """A model of which nobody knows whether it obeys."""

    presumed = frozenset({"json_schema"})

    def __init__(self, said: str, endpoint: str) -> None:
        super().__init__(lambda _: said)
        self.endpoint = endpoint


async def found_by(folder: Path, *models: Captured) -> tuple[bool, ...]:
    """Ask three times at once, and once more with a role that has the same endpoints."""
    journal, stop = Journal(folder), Stop()
    obedience = Obedience(journal, Budget(stop=stop), Stats(), stop)
    bounds = [Bound(role, models[0]) for role in ("writer", "judge")]
    for bound in bounds:
        bound.lanes = Lanes([Lane(model) for model in models])
    try:
        at_once = await asyncio.gather(*(obedience.obeys(bounds[0]) for _ in range(3)))
        return (*at_once, await obedience.obeys(bounds[1]))
    finally:
        await journal.close()


@pytest.mark.parametrize(("second", "obeyed"), [(COLOURS[1], True), ("青", False)])
def test_a_role_obeys_if_all_of_its_endpoints_do_and_each_is_asked_once(
    second: str, tmp_path: Path, *, obeyed: bool
) -> None:
    models = Unknown(COLOURS[0], "http://one/v1"), Unknown(second, "http://two/v1")
    assert asyncio.run(found_by(tmp_path / "r", *models)) == (obeyed,) * 4
    assert [len(model.requests) for model in models] == [1, 1]
    assert asyncio.run(found_by(tmp_path / "r", *models)) == (obeyed,) * 4, (
        "another start reads it in the journal"
    )
    assert [len(model.requests) for model in models] == [1, 1]


def test_a_model_that_lacks_schemas_is_never_asked(tmp_path: Path) -> None:
    model = Unknown(COLOURS[0], "http://one/v1")
    model._capabilities = frozenset({"chat"})
    assert asyncio.run(found_by(tmp_path / "r", model)) == (False,) * 4
    assert model.requests == []
