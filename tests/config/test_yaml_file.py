"""YAML as run files use it: what it means, and where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanemaki.config.yaml_file import MOST_VALUES, read_yaml
from tanemaki.core.errors import SetupError


def read(tmp_path: Path, text: str | bytes) -> dict[str, object]:
    path = tmp_path / "run.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_yaml(path, "run.yaml").values


PLAIN = [
    ("1_000", 1000),
    ("012", 12),
    ("0x1f", 31),
    ("0o17", 15),
    ("-3", -3),
    ("2.5", 2.5),
    ("1e-3", 0.001),
    ("-.inf", float("-inf")),
    ("true", True),
    ("False", False),
    ("yes", "yes"),
    ("no", "no"),
    ("on", "on"),
    ("~", None),
    ("null", None),
    ("", None),
    ("2024-01-01", "2024-01-01"),
    ("'7'", "7"),
    ("種まき 🌱", "種まき 🌱"),
    ("ﾀﾈﾏｷ", "ﾀﾈﾏｷ"),
    ("{a: [1, {b: c}]}", {"a": [1, {"b": "c"}]}),
    ("'" + "長" * 20_000 + "'", "長" * 20_000),
]


@pytest.mark.parametrize(("text", "value"), PLAIN)
def test_a_value_is_read_as_yaml_1_2_means_it(tmp_path: Path, text: str, value: object) -> None:
    got = read(tmp_path, f"key: {text}\n")["key"]
    assert (got, type(got)) == (value, type(value))


BROKEN = [
    (b"", "the run file is empty", "run.yaml\n"),
    (b"# a comment\n\n", "the run file is empty", "run.yaml\n"),
    (b"- a\n- b\n", "the run file is not a mapping", "run.yaml:1:1\n"),
    ("種まき\n".encode(), "the run file is not a mapping", "run.yaml:1:1\n"),
    (b"a: 1\nb: 2\na: 3\n", "the key 'a' comes twice in one mapping", "run.yaml:3:1\n"),
    (b"a: {b: 1, b: 2}\n", "the key 'b' comes twice in one mapping", "run.yaml:1:11\n"),
    (b"a:\n\tb: 1\n", "the run file is not YAML", "run.yaml:2:1\n"),
    (b"a: b: c\n", "the run file is not YAML", "run.yaml:1:5\n"),
    (b"a: [1\n", "the run file is not YAML", "run.yaml:2:1\n"),
    (b"a: 1\n---\nb: 2\n", "the run file is not YAML", "run.yaml:2:1\n"),
    (b"a: *nobody\n", "the run file is not YAML", "run.yaml:1:4\n"),
    (b"a: 1\nb: \x00\n", "the run file is not YAML", "run.yaml:2\n"),
    (b"a: 1\nb: \x82\xa0\n", "the run file is not UTF-8", "run.yaml:2\n"),
    (b"a: !!python/name:os.system x\n", "a run file holds plain values, no tags", "run.yaml:1:4\n"),
    (b"a: !mine [1]\n", "a run file holds plain values, no tags", "run.yaml:1:4\n"),
    (b"a: !!int x\n", "a run file holds plain values, no tags", "run.yaml:1:4\n"),
    (b"a: &a [*a]\n", "a reference holds itself", "run.yaml:1:4\n"),
    (b"? [a]\n: 1\n", "a key must be a text", "run.yaml:1:3\n"),
    (b"a: &x [1]\n<<: *x\n", "`<<` joins one mapping", "run.yaml:1:4\n"),
    (b"a: " + b"[" * 1_200, "the run file is nested too deeply", "run.yaml\n"),
]


@pytest.mark.parametrize(("raw", "what", "where"), BROKEN)
def test_a_broken_file_is_told_with_its_line(tmp_path: Path, raw: bytes, what: str, where: str) -> None:
    with pytest.raises(SetupError) as caught:
        read(tmp_path, raw)
    message = str(caught.value)
    assert what in message
    assert f"where   {where}" in message
    assert "next    " in message


def test_tabs_are_told_to_be_spaces(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        read(tmp_path, "a:\n\tb: 1\n")
    assert caught.value.next == "indent with spaces, not with tabs"


def test_a_repeated_key_names_the_first_place(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        read(tmp_path, "種: 1\n種: 2\n")
    assert caught.value.got == "the first is at run.yaml:1:1"


def test_a_byte_order_mark_and_windows_line_ends_are_passed_over(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfa: 1\r\nb: 2\r\n") == {"a": 1, "b": 2}


def test_a_named_mapping_can_be_joined_and_the_own_keys_are_stronger(tmp_path: Path) -> None:
    text = "first: &one {endpoint: http://localhost, name: a}\nsecond: {name: b, <<: *one}\n"
    assert read(tmp_path, text)["second"] == {"endpoint": "http://localhost", "name": "b"}


def test_references_that_multiply_are_stopped(tmp_path: Path) -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    with pytest.raises(SetupError, match=f"more than {MOST_VALUES:,} values"):
        read(tmp_path, "\n".join(lines))


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot be read") as caught:
        read_yaml(tmp_path, "folder")
    assert caught.value.got == "Is a directory"


def test_a_missing_file_in_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="does not exist") as caught:
        read_yaml(tmp_path / "no" / "run.yaml", "no/run.yaml")
    assert (caught.value.where, caught.value.next) == ("no/run.yaml", "check the path")
