"""Prices from files: which is stronger, which entry fits, what is told of it, and one message for every mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tanemaki.config.load import Loaded, load
from tanemaki.config.prices import PACKAGED, put_prices, read_prices
from tanemaki.config.resolved import dump, explain, read_resolved
from tanemaki.config.schema import Price
from tanemaki.config.tree import Tree
from tanemaki.core.errors import SetupError

OPENAI = "https://api.openai.com/v1"
MINI = {"endpoint": OPENAI, "name": "gpt-4.1-mini"}
OWN = """\
version: 2026-12-01
prices:
  - {name: gpt-4.1-mini, host: api.openai.com, input: 0.5, output: 2.0}
  - {name: 種まき-*, input: 0.1, output: 0.2, batch: 0.25}
"""


@pytest.fixture(autouse=True)
def a_home_without_prices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def write(path: str, text: str) -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def loaded(model: dict[str, Any], **more: Any) -> Loaded:
    said = {"recipe": "r", "language": "ja", "output": "o", "source": {"kind": "personas"}}
    [one] = load(None, (), {**said, "models": {"writer": model}, **more})
    return one


def price_of(model: dict[str, Any], **more: Any) -> Price | None:
    return loaded(model, **more).run.models["writer"].price


def refused(text: str) -> SetupError:
    with pytest.raises(SetupError) as caught:
        read_prices(write("p.yaml", text), "p.yaml")
    return caught.value


def test_a_listed_model_at_its_own_service_has_a_price() -> None:
    price = price_of(MINI, limits={"cost_usd": 1})
    assert price is not None
    assert (price.input, price.output) == (0.4, 1.6)
    assert price.origin == "Tanemaki's prices, version 2026-11-21"


@pytest.mark.parametrize(
    "model",
    [
        {**MINI, "endpoint": "https://gateway.example/v1"},
        {**MINI, "endpoint": "https://eu.api.openai.com/v1"},
        {**MINI, "name": "gpt-4.1-mini-audio"},
        {**MINI, "name": "GPT-4.1-mini"},
        {"endpoint": "http://localhost:8000/v1", "name": "gpt-4.1-mini"},
        {"kind": "local"},
        {"kind": "scripted", "file": "f"},
    ],
)
def test_nothing_is_guessed_for_any_other(model: dict[str, Any]) -> None:
    assert price_of(model) is None


def test_a_money_limit_without_any_price_says_where_to_put_one() -> None:
    with pytest.raises(SetupError) as caught:
        loaded({"endpoint": "http://gpu:8000/v1", "name": "種まき-7b"}, limits={"cost_usd": 1})
    assert caught.value.what == "limits.cost_usd is set, but the model of role 'writer' has no price"
    assert "an entry for '種まき-7b' to ~/.config/tanemaki/prices.yaml" in str(caught.value.next)


def test_the_run_file_is_stronger_than_its_prices_file_the_users_own_file_and_the_packaged_one() -> None:
    def said(price: Price | None) -> tuple[float, float] | None:
        return None if price is None else (price.input, price.output)

    assert said(price_of(MINI)) == (0.4, 1.6)
    write("config/tanemaki/prices.yaml", OWN)
    assert said(price_of(MINI)) == (0.5, 2.0)
    write("team.yaml", OWN.replace("0.5, output: 2.0", "0.6, output: 3.0"))
    assert said(price_of(MINI, prices="team.yaml")) == (0.6, 3.0)
    own = {"input": 7, "output": 8}
    assert said(price_of({**MINI, "price": own}, prices="team.yaml")) == (7, 8)


def test_the_first_entry_that_fits_counts() -> None:
    write("p.yaml", OWN + "  - {name: 種まき-7b, input: 9, output: 9}\n")
    price = price_of({"endpoint": "http://gpu:8000/v1", "name": "種まき-7b"}, prices="p.yaml")
    assert price is not None
    assert (price.input, price.origin) == (0.1, "p.yaml, version 2026-12-01")


def test_batch_files_have_the_price_of_batches_where_the_entry_states_one() -> None:
    write("p.yaml", OWN)
    seed = {"endpoint": "http://gpu:8000/v1", "name": "種まき-7b", "batch": True}
    assert [price_of(one, prices="p.yaml") for one in (seed, {**MINI, "batch": {"size": 10}})] == [
        Price(input=0.025, output=0.05, origin="p.yaml, version 2026-12-01"),
        Price(input=0.5, output=2.0, origin="p.yaml, version 2026-12-01"),
    ]


def test_requests_that_are_carried_by_hand_have_a_price_only_from_an_entry_without_a_host() -> None:
    write("p.yaml", OWN)
    assert price_of({"kind": "batch-file", "name": "gpt-4.1-mini"}, prices="p.yaml") is None
    price = price_of({"kind": "batch-file", "name": "種まき-7b"}, prices="p.yaml")
    assert price == Price(input=0.025, output=0.05, origin="p.yaml, version 2026-12-01")


def test_each_of_several_endpoints_has_its_own() -> None:
    write("p.yaml", OWN)
    endpoints = [{"endpoint": "http://a/v1"}, {"endpoint": OPENAI, "name": "gpt-4.1-mini"}]
    model: dict[str, Any] = {"name": "種まき-7b", "endpoints": endpoints}
    run = loaded(model, prices="p.yaml", limits={"cost_usd": 1}).run
    assert [one.price and one.price.input for one in run.models["writer"].endpoints] == [0.1, 0.5]
    model["endpoints"] = [{"endpoint": "http://a/v1"}, {"endpoint": "http://b/v1", "name": "other"}]
    with pytest.raises(SetupError, match="has no price"):
        loaded(model, prices="p.yaml", limits={"cost_usd": 1})


def test_every_price_is_explained_with_its_line() -> None:
    write("config/tanemaki/prices.yaml", OWN)
    told = {row.key: (row.value, row.origin) for row in explain(loaded(MINI))}
    own = str(Path("config/tanemaki/prices.yaml").resolve())
    assert told["models.writer.price.input"] == (0.5, f"{own}:3")
    assert told["models.writer.price.origin"] == ("prices.yaml, version 2026-12-01", f"{own}:3")


def test_run_yaml_holds_price_and_version_and_needs_no_file_of_prices() -> None:
    write("run/run.yaml", dump(loaded(MINI).run, {}))
    run, _ = read_resolved(Path("run/run.yaml"))
    assert run.models["writer"].price == Price(
        input=0.4, output=1.6, origin="Tanemaki's prices, version 2026-11-21"
    )
    assert str(Path.cwd()) not in Path("run/run.yaml").read_text("utf-8")


def test_the_prices_file_is_told_from_the_file_that_names_it() -> None:
    write("team/p.yaml", OWN)
    write("team/base.yaml", "prices: p.yaml\n")
    path = write(
        "runs/run.yaml",
        "extends: ../team/base.yaml\nrecipe: r\nlanguage: ja\noutput: o\nsource: {kind: personas}\n"
        "models: {writer: {endpoint: 'http://a/v1', name: 種まき-7b}}\n",
    )
    [one] = load(path)
    assert one.run.models["writer"].price == Price(input=0.1, output=0.2, origin="p.yaml, version 2026-12-01")


def test_a_prices_file_that_is_not_there_is_told() -> None:
    with pytest.raises(SetupError) as caught:
        loaded(MINI, prices="prises.yaml")
    assert caught.value.what == "the prices file does not exist"
    assert caught.value.where == "prises.yaml"


def test_values_that_are_no_run_file_are_left_for_its_own_check() -> None:
    nameless = {"endpoint": "http://a/v1"}
    no_address = {"endpoint": "http://[", "name": "m"}
    odd = ({"endpoint": 3, "name": 4}, nameless, no_address, {"endpoints": [3]}, {"kind": 3}, 3)
    for models in ("m", *({"writer": one} for one in odd)):
        tree = Tree({"models": models})
        assert put_prices(tree, Path()).values == {"models": models}


MISTAKES = [
    ("", "the prices file is empty", "p.yaml", ""),
    ("- 1\n", "the prices file is not a mapping", "p.yaml:1:1", ""),
    ("version: a\nprices: [{nmae: m, input: 1, output: 1}]\n", "unknown key 'nmae'", "p.yaml:2:11", "'name'"),
    ("version: a\nprice: []\n", "unknown key 'price'", "p.yaml:2:1", "did you mean 'prices'?"),
    ("prices: []\n", "`version` is missing", "p.yaml", "the day on which"),
    (
        "version: a\nprices: [{name: m, input: 1}]\n",
        "`prices[0].output` is missing",
        "p.yaml:2:10",
        "USD per million",
    ),
    (
        "version: a\nprices: [{name: m, input: -1, output: 1}]\n",
        "must be at least 0",
        "p.yaml:2:27",
        "USD per million",
    ),
    (
        "version: a\nprices: [{name: m, input: '1', output: 1}]\n",
        "must be a number",
        "p.yaml:2:27",
        "USD per million",
    ),
    (
        "version: a\nprices: [{name: m, input: 1, output: 1, batch: 50}]\n",
        "must be at most 1",
        "p.yaml:2:48",
        "factor",
    ),
    ("version: a\nversion: b\n", "the key 'version' comes twice", "p.yaml:2:1", "keep one"),
]


@pytest.mark.parametrize(("text", "what", "where", "tip"), MISTAKES)
def test_a_mistake_in_a_file_of_prices_is_named_with_its_line(
    text: str, what: str, where: str, tip: str
) -> None:
    error = refused(text)
    assert what in error.what
    assert error.where == where
    assert tip in str(error.next or "")


def test_the_packaged_file_names_a_page_with_its_day_for_every_entry() -> None:
    lines = PACKAGED.read_text("utf-8").splitlines()
    prices = read_prices(PACKAGED, "prices.yaml")
    assert prices.file.prices
    for line in prices.lines:
        above = line - 2
        while lines[above].startswith("  - "):
            above -= 1
        block: list[str] = []
        while lines[above].startswith("  #"):
            block.insert(0, lines[above])
            above -= 1
        told = " ".join(block)
        assert "https://" in told, lines[line - 1]
        assert "2026" in told, lines[line - 1]
    assert all(entry.host != "*" for entry in prices.file.prices), "a name alone says not whose price it is"
