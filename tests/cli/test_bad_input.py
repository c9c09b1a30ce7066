"""Every bad input of the first issue: one short message (what, where, got, next), the exit code, nothing lost."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.cli import Done, Work, run_file
from support.server import Server


def check(done: Done, code: int, *pieces: str) -> None:
    """The message has its form, holds these pieces, and no traceback."""
    assert done.code == code, done.err
    first = re.search(r"^(SetupError|RecipeError|ModelError|LimitReached): ", done.err, re.MULTILINE)
    assert first, done.err
    message = done.err[first.start() :]
    assert len([line for line in message.splitlines() if line.startswith("  ")]) <= 3
    assert "Traceback" not in done.err
    for piece in pieces:
        assert piece in done.err, done.err


def replaced(work: Work, old: str, new: str) -> None:
    path = work.folder / "run.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("language:", "langauge:", ("unknown key 'langauge'", "run.yaml:2:1", "did you mean 'language'?")),
        ("./one", "persona_dialog", ("unknown recipe 'persona_dialog'", "did you mean 'persona_dialogue'?")),
        ("./one", "./onee", ("unknown recipe", "a recipe folder's path")),
        (
            "writer:",
            "writter:",
            ("asks the role 'writer'", "models: writter", "rename models.writter to writer"),
        ),
        ("language: ja", "language: jp", ("must be 'ja' or 'en'", "run.yaml:2:11", "got     'jp'")),
        ("language: ja", "language: jaa", ("must be 'ja' or 'en'", "did you mean 'ja'?")),
        ("q.jsonl", "qq.jsonl", ("source.path", "did you mean 'q.jsonl'?")),
        ("r.jsonl", "rr.jsonl", ("rr.jsonl",)),
        ("kind: jsonl", "kind: jsonlines", ("did you mean 'jsonl'?",)),
        ("{kind: scripted", "{kind: scriptd", ("did you mean 'scripted'?",)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_word_in_the_run_file(work: Work, old: str, new: str, pieces: tuple[str, ...]) -> None:
    replaced(work, old, new)
    check(work("run", "run.yaml"), 2, *pieces)
    assert not (work.folder / "runs").exists()


def test_a_run_file_that_is_not_there(work: Work) -> None:
    check(work("run", "rum.yaml"), 2, "the run file does not exist", "did you mean run.yaml?")


@pytest.mark.parametrize(
    ("words", "pieces"),
    [
        (("--rowz", "5"), ("unknown flag --rowz", "did you mean --rows?")),
        (("--cost-usd", "5"), ("did you mean --limits.cost_usd?",)),
        (("--rows", "many"), ("`rows` must be a whole number", "got     'many'", "--rows")),
        (("--rows",), ("the flag --rows needs a value",)),
        (("--explian",), ("unknown flag --explian", "did you mean --explain?")),
        (("other.yaml",), ("a run has one run file", "other.yaml")),
    ],
    ids=str,
)
def test_a_wrong_flag(work: Work, words: tuple[str, ...], pieces: tuple[str, ...]) -> None:
    check(work("run", "run.yaml", *words), 2, *pieces)


def test_nothing_at_all(work: Work) -> None:
    check(work("run"), 2, "no run file and no flags", "tanemaki demo")
    check(work("preview"), 2, "no run file")


def test_a_field_that_the_source_does_not_give(work: Work) -> None:
    work.write("q.jsonl", '{"qestion": "空はなぜ青いのですか。"}\n')
    check(
        work("run", "run.yaml"),
        2,
        "needs the field 'question'",
        "qestion",
        "set source.map.question: qestion",
    )


def test_a_prompt_slot_without_a_field(work: Work) -> None:
    work.write("one/prompts/ja/answer.md", "<!-- t -->\n\n{{ qestion }}に答えてください。\n")
    done = work("run", "run.yaml")
    check(
        done, 2, "RecipeError", "slots without a field: qestion", "did you mean {{ question }}?", "answer.md"
    )
    assert not (work.folder / "runs").exists()


def test_a_slot_in_a_prompt_that_has_none_is_told_without_a_list_that_is_empty(work: Work) -> None:
    mine = work.folder / "mine/ja"
    mine.mkdir(parents=True)
    (mine / "answer.md").write_text("<!-- mine -->\n\nおまけ：{{ extra }}\n", encoding="utf-8")
    (work.folder / "old.jsonl").write_text('{"instruction": "霧はなぜ出るのですか。"}\n', encoding="utf-8")
    words = ["--recipe", "reanswer", "--source.path", "old.jsonl", "--prompts", "mine", "--output", "runs/x"]
    done = work("preview", "run.yaml", *words)
    check(done, 2, "RecipeError", "slots without a field: extra", "the slots are exactly: none", "answer.md")


def test_a_key_variable_that_is_not_set(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TANE_TEST_KEY", raising=False)
    work.write(
        "run.yaml", run_file("{endpoint: 'http://127.0.0.1:9/v1', name: tane, key_env: TANE_TEST_KEY}")
    )
    check(work("run", "run.yaml"), 2, "TANE_TEST_KEY")


def test_a_key_pasted_into_the_run_file_is_not_repeated(work: Work) -> None:
    work.write(
        "run.yaml", run_file("{endpoint: 'http://127.0.0.1:9/v1', name: tane, api_key: sk-very-secret}")
    )
    done = work("run", "run.yaml", "--json")
    check(done, 2, "unknown key 'api_key'", "key_env")
    assert "sk-very-secret" not in done.err + done.out


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def test_a_server_that_is_down(work: Work) -> None:
    address = f"http://127.0.0.1:{free_port()}/v1"
    work.write("run.yaml", run_file(f"{{endpoint: '{address}', name: tane}}"))
    check(work("run", "run.yaml"), 3, "ModelError", address)


@pytest.fixture
def serve(work: Work) -> Iterator[Callable[..., Server]]:
    opened: list[Server] = []

    def start(name: str = "tane", **behaviour: object) -> Server:
        server = Server(**behaviour)
        server.__enter__()
        opened.append(server)
        work.write("run.yaml", run_file(f"{{endpoint: '{server.url}', name: {name}, retries: 0}}"))
        return server

    yield start
    for server in opened:
        server.__exit__()


def test_a_server_that_lacks_the_model(work: Work, serve: Callable[..., Server]) -> None:
    serve("tanne", models=("tane", "other"))
    check(work("run", "run.yaml"), 3, "tanne", "did you mean 'tane'?")


def test_a_server_that_refuses_the_key(
    work: Work, serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANE_TEST_KEY", "sk-wrong-and-secret")
    server = serve(key="sk-right")
    work.write("run.yaml", run_file(f"{{endpoint: '{server.url}', name: tane, key_env: TANE_TEST_KEY}}"))
    done = work("run", "run.yaml", "--json")
    check(done, 3, "TANE_TEST_KEY")
    assert "sk-wrong-and-secret" not in done.err + done.out


def test_an_address_that_speaks_html(work: Work, serve: Callable[..., Server]) -> None:
    serve(faults={"html": 1.0})
    done = work("run", "run.yaml")
    assert done.code in (0, 3, 4)
    assert "Traceback" not in done.err
    told = done.err + work("view", "runs/a", "--part", "failed").out
    assert "HTML" in told


def test_the_folder_of_another_run_is_refused_and_kept(work: Work) -> None:
    work("run", "run.yaml")
    before = {path: path.read_bytes() for path in (work.folder / "runs/a").rglob("*.parquet")}
    check(
        work("run", "run.yaml", "--seed", "9"),
        2,
        "holds another run: its seed differs",
        "runs/a",
        "another output",
    )
    work.write("q.jsonl", '{"question": "別の問いです。"}\n')
    check(work("run", "run.yaml"), 2, "its source differs")
    assert {path: path.read_bytes() for path in before} == before


def test_a_folder_with_the_users_own_files_is_refused_and_kept(work: Work) -> None:
    mine = work.write("runs/a/thesis.txt", "年単位の仕事")
    check(work("run", "run.yaml"), 2, "is not empty and holds no run", "thesis.txt", "choose another output")
    assert mine.read_text(encoding="utf-8") == "年単位の仕事"
    assert [path.name for path in mine.parent.iterdir()] == ["thesis.txt"]


def test_an_output_that_is_a_file(work: Work) -> None:
    work.write("runs/a", "not a folder")
    check(work("run", "run.yaml"), 2, "the output is a file, not a folder")


@pytest.mark.parametrize("command", ["status", "view", "retry", "export"])
def test_a_folder_without_a_run(work: Work, command: str) -> None:
    work("run", "run.yaml")
    check(work(command, "runs/b"), 2, "no run lies here", "no such folder", "runs beside it: a")


def test_money_without_a_price(work: Work) -> None:
    work.write("run.yaml", run_file("{endpoint: 'http://127.0.0.1:9/v1', name: tane}"))
    check(work("run", "run.yaml", "--limits.cost-usd", "1"), 2, "has no price", "models.writer.price")


def test_a_personas_run_without_an_end(work: Work) -> None:
    words = ("--source.kind", "personas", "--recipe", "persona_dialogue")
    check(work("run", "run.yaml", *words), 2, "never ends", "set rows")


@pytest.mark.parametrize(
    "file", [b"", b"\xff\xfe\x00", b"- a\n- b\n", b"recipe: [\n", b"\tx: 1\n", b"rows: 1\nrows: 2\n"]
)
def test_a_run_file_that_is_none(work: Work, file: bytes) -> None:
    Path("bad.yaml").write_bytes(file)
    check(work("run", "bad.yaml"), 2, "bad.yaml")
